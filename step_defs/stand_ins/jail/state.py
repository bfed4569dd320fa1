# SPDX-License-Identifier: Apache-2.0
"""What a host is, in a directory: ``host.json`` has its jails, mounts, rules, interfaces and settings.

``root`` is put before all paths of the host (a model keeps its files there); ``calls.jsonl`` has the calls.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.jail import devices
from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = "NEXCAGE_FREEBSD"
INSIDE = "NEXCAGE_FREEBSD_JAIL"  # "HOME:JID:" in the environment of a model's jailed processes
Facts = dict[str, Any]
DEFAULTS: Facts = {
    "release": "15.1",
    "patch": "-p1",
    "osreldate": 1501000,
    "containers": "model",
    "root": "",
    "hostname": "fbsd151",
    "racct": True,
    "cpus": 1,
    "next_jid": 1,
    "next_cpuset": 3,
    "stop_wait": 10.0,
    "dying": 0.0,
    "vanishing": [],
    "busy": [],
    "stubborn": False,
    "users": {"root": 0, "user1": 1001},
    "modules": ["kernel", "linux_common"],
    "jails": [],
    "mounts": [],
    "rulesets": devices.DEFAULT_RULES,
    "rules": [],
    "interfaces": {"lo0": {"jid": 0, "inet": [], "up": True}},
    "faults": [],
}


class State:
    """One host as one call sees it."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.inside = 0  # the JID that the caller is in
        self.uid = 0
        self.facts: Facts = {}
        self.load()

    def load(self) -> None:
        """Read it anew; jails that were dying long enough are gone."""
        try:
            with open(os.path.join(self.home, "host.json"), encoding="utf-8") as file:
                found = json.load(file)
        except FileNotFoundError:
            found = {}
        self.facts = {**json.loads(json.dumps(DEFAULTS)), **found}
        self.facts["jails"] = [jail for jail in self["jails"] if not (jail["dying"] and self._over(jail))]

    @staticmethod
    def _over(jail: Facts) -> bool:
        return time.time() >= jail.get("until", 0) and not any(is_zombie(pid) for pid in jail["zombies"])

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    def save(self, **changed: Any) -> None:
        """Write it."""
        self.facts.update(changed)
        temporary = os.path.join(self.home, f"host.json.{os.getpid()}")
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(self.facts, file, indent=1)
        os.replace(temporary, os.path.join(self.home, "host.json"))

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Read, change and write with nobody else in between; nothing is written when it is refused."""
        with open(os.path.join(self.home, "lock"), "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.load()
            yield
            self.save()

    def is_before(self, *release: int) -> bool:
        """Whether this is an older FreeBSD; 15.1 was recorded, others are known from their manuals."""
        return tuple(int(part) for part in str(self["release"]).split(".")) < release

    @property
    def real(self) -> bool:
        """Whether processes and mounts are real."""
        return bool(self["containers"] == "real")

    def host(self, path: str) -> str:
        """Where a path of the host lies on this machine."""
        root = self["root"]
        return (
            path if not root or path == root or path.startswith(f"{root}/") else root + os.path.abspath(path)
        )

    def shown(self, path: str) -> str:
        """The host's own name of a path."""
        root = self["root"]
        return (path[len(root) :] or "/") if root and (path + "/").startswith(f"{root}/") else path

    # jails

    def jails(self, dying: bool = False) -> list[Facts]:
        """By JID."""
        return sorted(
            (jail for jail in self["jails"] if dying or not jail["dying"]), key=lambda jail: int(jail["jid"])
        )

    def find(self, word: str, dying: bool = False) -> Facts | None:
        """A jail by name or JID; one that is not dying comes first."""
        for jail in sorted(self.jails(dying=True), key=lambda jail: bool(jail["dying"])):
            if word in (jail["name"], str(jail["jid"])) and (dying or not jail["dying"]):
                return jail
        return None

    def children(self, jail: Facts) -> list[Facts]:
        """Jails below one, of all depths."""
        return [one for one in self.jails() if one["name"].startswith(f"{jail['name']}.")]

    def one(self, word: str) -> Facts:
        """A jail that is there and alive, as jls and jexec ask for it."""
        name = word if word.isdigit() else f'"{word}"'
        found = self.find(word)
        if found is None:
            dying = self.find(word, dying=True)
            raise Refused(f"jail {name} is dying" if dying else f"jail {name} not found")
        return found


def is_zombie(pid: int) -> bool:
    """Whether a process ended and its parent has not asked for its status. PID 1 always does, if late."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            letter, parent = file.read().rpartition(")")[2].split()[:2]
            return letter == "Z" and parent != "1"
    except OSError:
        return False
