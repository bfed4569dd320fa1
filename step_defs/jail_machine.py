# SPDX-License-Identifier: Apache-2.0
"""A FreeBSD host as steps see it, by its own tools, and this machine as one."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PARAMETERS = (
    *("jid", "name", "path", "parent", "dying", "persist", "vnet", "devfs_ruleset", "enforce_statfs"),
    *("securelevel", "host", "host.hostname", "host.domainname", "ip4", "ip6", "ip4.addr", "ip6.addr"),
    *("children.max", "children.cur", "osrelease", "osreldate", "sysvmsg", "sysvsem", "sysvshm"),
    *("allow.set_hostname", "allow.raw_sockets", "allow.chflags", "allow.mount", "allow.quotas"),
    *("allow.socket_af", "allow.mlock", "allow.reserved_ports", "allow.suser"),
)
OWN_SETS = range(20000, 30000)  # nexcage's own devfs rule sets
Jail = dict[str, str]


class FreeBSD:
    """What can be asked of any FreeBSD host. Nothing that is asked counts as a call of nexcage's."""

    def __init__(self) -> None:
        self.vmids: dict[str, int] = {}  # of Proxmox VE
        self.jids: dict[str, int] = {}  # of all jails that there were, by name

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Somebody calls a tool."""
        return subprocess.run(argv, capture_output=True, text=True, check=False)

    def answer(self, *argv: str) -> str:
        """What a tool says; the step fails when it fails."""
        done = self.run(*argv)
        if done.returncode:
            pytest.fail(f"{argv}: status {done.returncode}\n{done.stdout}{done.stderr}", pytrace=False)
        return done.stdout

    def jails(self) -> dict[str, Jail]:
        """Name → parameters of all that are not dying; "true" and "false", lists with commas."""
        known = json.loads(self.answer("jls", "-n", "--libxo", "json", *PARAMETERS))
        found = {
            str(row["name"]): {name: _text(value) for name, value in row.items()}
            for row in known["jail-information"]["jail"]
        }
        self.jids |= {name: int(one["jid"]) for name, one in found.items()}
        return found

    def jail(self, id_: str) -> Jail:
        """That of a container: its name is the id, with @ for a dot, perhaps below a parent's."""
        wanted = id_.replace(".", "@")
        for name, found in self.jails().items():
            if name.rpartition(".")[2] in (wanted, f"%{wanted}"):
                return found
        pytest.fail(f'no jail for container "{id_}": {sorted(self.jails())}', pytrace=False)

    def mounts(self) -> list[dict[str, Any]]:
        """Rows with special, node, fstype and opts, in the order of mounting."""
        rows: list[dict[str, Any]] = json.loads(self.answer("mount", "--libxo", "json"))["mount"]["mounted"]
        return rows

    def rules(self) -> list[str]:
        """Of rctl; none where it is switched off."""
        done = self.run("rctl")
        return done.stdout.splitlines() if done.returncode == 0 else []

    def rule_sets(self) -> dict[int, list[str]]:
        """Number → rules, of devfs."""
        numbers = [int(word) for word in self.answer("devfs", "rule", "showsets").split()]
        return {
            one: self.answer("devfs", "rule", "-s", str(one), "show").splitlines() for one in sorted(numbers)
        }

    def interfaces(self) -> list[str]:
        """Those of the host; what a jail has been given is not among them."""
        return self.answer("ifconfig", "-l").split()

    def interfaces_of(self, jid: int) -> list[str]:
        """Those of a jail with a network of its own; its root needs no program for it."""
        return self.answer("ifconfig", "-j", str(jid), "-l").split()

    def processes(self, jid: int) -> list[int]:
        """PIDs of what runs in a jail; none for a jail that is not there."""
        done = self.run("ps", "--libxo", "json", "-o", "pid", "-J", str(jid))
        found = json.loads(done.stdout or "{}").get("process-information", {}).get("process", [])
        return sorted(int(row["pid"]) for row in found)

    @property
    def places(self) -> dict[str, object]:
        """{jid of web}: the number of the jail with this name, also when it has gone."""
        return {f"{{jid of {name}}}": jid for name, jid in self.jids.items()}

    def hear(self, root: Path) -> None:
        """Records say nothing that the host does not."""

    def left(self) -> list[str]:
        """What no Given step put there."""
        raise NotImplementedError

    def things(self) -> set[str]:
        """All that a container can leave on a host, a line each."""
        found = {f"jail {name} ({jail['jid']})" for name, jail in self.jails().items()}
        found |= {f"mount of {row['fstype']} at {row['node']}" for row in self.mounts()}
        found |= {f"rule {rule}" for rule in self.rules()}
        found |= {f"rule set {number}" for number in self.rule_sets() if number in OWN_SETS}
        return found | {f"interface {name}" for name in self.interfaces()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)


class Machine(FreeBSD):
    """This machine, which is somebody's: only what appears during the scenario is ours."""

    environment: dict[str, str] = {}  # noqa: RUF012  # nobody changes it

    def __init__(self) -> None:
        super().__init__()
        self._before = self.things()

    @property
    def host(self) -> str:
        """The release that it tells."""
        return f"real FreeBSD host: {platform.release()}"

    def count(self) -> int:
        """Nobody notes the calls of a real host's tools."""
        return 0

    def ended(self, began: int) -> None:  # noqa: ARG002  # the protocol's
        """Nothing was noted but numbers of jails."""
        self.jails()

    def heal(self) -> None:
        """No step changes it."""

    def left(self) -> list[str]:
        """What was not there, and interfaces that are there no more."""
        now = self.things()
        gone = [one for one in self._before - now if one.startswith("interface ")]
        return sorted(now - self._before) + [f"missing: {one}" for one in sorted(gone)]

    def end(self) -> None:
        """What a broken container left: its jail would hold the scenario's directory."""
        for line in self.left():
            word, _, rest = line.partition(" ")
            if word == "jail":
                self.run("jail", "-R", rest.rpartition("(")[2].rstrip(")"))
            elif word == "mount":
                self.run("umount", "-f", rest.partition(" at ")[2])


def mounted() -> list[str]:
    """The mount points of this FreeBSD host, in the order of mounting."""
    done = subprocess.run(["mount", "--libxo", "json"], capture_output=True, text=True, check=True)
    return [str(row["node"]) for row in json.loads(done.stdout)["mount"]["mounted"]]


def is_real() -> bool:
    """Whether this machine is a FreeBSD host."""
    return sys.platform.startswith("freebsd")
