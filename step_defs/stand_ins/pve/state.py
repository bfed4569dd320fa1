# SPDX-License-Identifier: Apache-2.0
"""What a cluster is, in a directory: settings, the files of /etc/pve, and what runs.

``cluster.json`` has what no file of Proxmox holds: version, node, nodes, quorum, pmxcfs, delay, containers
("lxc" or "model"), root (a prefix of all paths of the node), bridges, archives. ``etc/pve`` is the cluster
file system. ``run/ID.json`` says what runs, ``calls.jsonl`` what was called.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.refusals import Died, config_missing
from step_defs.stand_ins.pve.tables.versions import RELEASES, Release, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = "NEXCAGE_PVE"
Facts = dict[str, Any]
DEFAULTS: Facts = {
    "version": "9.1",
    "node": "pve",
    "nodes": {},
    "quorum": True,
    "pmxcfs": True,
    "delay": 0.0,
    "containers": "model",
    "root": "",
    "bridges": {"vmbr0": 1500},
    "archives": {},
    "lock_patience": 10.0,
    "cpus": 2,
    "zones": {},
    "apparmor": True,
    "programs": [],
    "clustered": False,
}


_own = ""


class State:
    """One cluster as one call sees it."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.settings: Facts = {**DEFAULTS, **self._json("cluster.json")}
        self.node: str = self.settings["node"]
        self.etc = os.path.join(home, "etc/pve")

    def __getitem__(self, name: str) -> Any:
        return self.settings[name]

    @property
    def release(self) -> Release:
        """The packages of this version."""
        return RELEASES[self.settings["version"]]

    @property
    def version(self) -> Version:
        """The version of pve-container."""
        return self.release.of("pve-container")

    def host(self, path: str) -> str:
        """Where a path of the node lies on this machine."""
        root = self.settings["root"]
        return root + path if root and not path.startswith(root) else path

    def _json(self, name: str) -> Facts:
        try:
            with open(os.path.join(self.home, name), encoding="utf-8") as file:
                found: Facts = json.load(file)
                return found
        except FileNotFoundError:
            return {}

    def save(self, **changed: Any) -> None:
        """Change cluster.json."""
        self.settings.update(changed)
        write(os.path.join(self.home, "cluster.json"), json.dumps(self.settings, indent=2))

    # guests

    def path(self, vmid: int | str, node: str = "") -> str:
        """The configuration file of a container."""
        return os.path.join(self.etc, "nodes", node or self.node, "lxc", f"{vmid}.conf")

    def guests(self) -> dict[int, tuple[str, str]]:
        """VMID → (lxc or qemu, node), of the whole cluster."""
        found = {}
        nodes = os.path.join(self.etc, "nodes")
        for node in sorted(os.listdir(nodes)) if os.path.isdir(nodes) else []:
            for directory, kind in (("lxc", "lxc"), ("qemu-server", "qemu")):
                with contextlib.suppress(FileNotFoundError):
                    for name in os.listdir(os.path.join(nodes, node, directory)):
                        stem, dot, ending = name.partition(".")
                        if dot and ending == "conf" and stem.isdigit():
                            found[int(stem)] = (kind, node)
        return dict(sorted(found.items()))

    def containers(self) -> list[int]:
        """VMIDs of this node's containers."""
        return [vmid for vmid, where in self.guests().items() if where == ("lxc", self.node)]

    def conf(self, vmid: int | str) -> Conf:
        """A container's configuration. Raise `Died` when this node does not have it."""
        try:
            with open(self.path(vmid), encoding="utf-8") as file:
                return Conf.parse(file.read(), vmid, self.version)
        except FileNotFoundError:
            raise config_missing(self.node, vmid) from None

    def store(self, vmid: int | str, conf: Conf) -> None:
        """Write a configuration. Without a quorum the cluster file system is read-only."""
        if not self["quorum"]:
            name = f"/etc/pve/nodes/{self.node}/lxc/{vmid}.conf.tmp.{os.getpid()}"
            raise Died(f"unable to open file '{name}' - Permission denied", 2)
        write(self.path(vmid), conf.text())

    def remove(self, vmid: int | str) -> None:
        """Forget a container."""
        for path in (self.path(vmid), os.path.join(self.home, "run", f"{vmid}.json")):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def run(self, vmid: int | str) -> Facts:
        """What is known of a running container: pid, since; {} when it is stopped."""
        return self._json(f"run/{vmid}.json")

    def set_run(self, vmid: int | str, facts: Facts) -> None:
        """Say what runs; {} for nothing."""
        path = os.path.join(self.home, "run", f"{vmid}.json")
        if facts:
            write(path, json.dumps(facts))
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    @contextlib.contextmanager
    def locked(self, vmid: int | str, say: Any) -> Iterator[None]:
        """Hold the lock file of a configuration, with flock(2); ``say`` gets the line about waiting."""
        shown = f"/run/lock/lxc/pve-config-{vmid}.lock"
        path = os.path.join(self.home, shown[1:])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a", encoding="utf-8") as file:
            until = time.monotonic() + self["lock_patience"]
            told = False
            while True:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                if not told:
                    say("trying to acquire lock...\n")
                    told = True
                if time.monotonic() >= until:
                    raise Died(f"can't lock file '{shown}' - got timeout", 4)
                time.sleep(0.05)
            yield


def place() -> str:
    """The cluster's directory: NEXCAGE_PVE, or that with the bin/ from which the tool was called."""
    home = os.environ.get(PLACE) or _own or os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0])))
    return home if os.path.exists(os.path.join(home, "cluster.json")) else ""


def belong(home: str) -> None:
    """Say which cluster this program was made for."""
    global _own
    _own = home


def write(path: str, text: str) -> None:
    """Replace a file at once."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.tmp.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
