# SPDX-License-Identifier: Apache-2.0
"""The Proxmox VE node of a scenario: this machine when it is one, else a stand-in in its directory."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from step_defs import cgroup_tree, mounting
from step_defs.proxmox_machine import ETC, KINDS, Listener, Machine, is_real
from step_defs.stand_ins.pve import faults
from step_defs.stand_ins.pve.cluster import Cluster
from step_defs.stand_ins.pve.conf import Conf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.proxmox_machine import Node

LOCKS = Path("/run/lock/lxc")
HOME = "pve"  # the stand-in, in the scenario's directory
GROUPS = ("lxc", "lxc.monitor")
ROOM = 250  # VMIDs of one scenario
FIRST, SLOTS = 100_000, 3500


@cache
def lxc_version() -> str:
    """The version of the machine's LXC."""
    answer = subprocess.run(["lxc-info", "--version"], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


class StandIn(Listener):
    """A cluster of the stand-in whose files are at /etc/pve, in this mount namespace only."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        if not mounting.is_private():
            pytest.fail(
                f"{ETC} of this host would be covered: run ./test.sh, which has mounts of its own",
                pytrace=False,
            )
        self.cluster = Cluster.make(home, version="now", lock_patience=1.0, grace=1)
        self.first = free_numbers()
        (self.cluster.etc / "datacenter.cfg").write_text(
            f"next-id: lower={self.first},upper={self.first + ROOM}\n"
        )
        self.moved: set[int] = set()
        self._heard = slice(0, 0)  # which calls of its tools are those of the last command
        self._others: set[int] = set()  # calls that nexcage has not made
        self._path = os.environ["PATH"]
        self._holding = contextlib.ExitStack()
        os.environ["PATH"] = f"{home / 'bin'}:{self._path}"
        LOCKS.mkdir(parents=True, exist_ok=True)
        ETC.mkdir(exist_ok=True)
        mounting.bind(home / "run/lock/lxc", LOCKS)
        mounting.bind(self.cluster.etc, ETC)
        self._given: set[str] = self._things()

    @property
    def host(self) -> str:
        """A stand-in, with what runs its containers."""
        state = self.cluster.state
        runs = (
            f"containers of LXC {lxc_version()}" if state["containers"] == "lxc" else "containers are a model"
        )
        return f"stand-in for Proxmox VE {state['version']}, {runs}"

    @property
    def environment(self) -> dict[str, str]:
        """Its tools come first."""
        return {"PATH": os.environ["PATH"]}

    @property
    def places(self) -> dict[str, object]:
        """{vmid} is the number that the first container gets."""
        return {"{vmid}": self.first, "{node}": self.cluster.state.node, "{pve}": self.cluster.home}

    def count(self) -> int:
        """Of the calls of Proxmox VE's tools so far."""
        return len(self.cluster.calls())

    def ended(self, began: int) -> None:
        """Those since then are the command's."""
        self._heard = slice(began, self.count())

    # -- what steps do to it

    @contextlib.contextmanager
    def given(self) -> Iterator[Cluster]:
        """Guests and volumes that appear meanwhile may stay when the scenario ends; nothing may run."""
        before = self._things()
        yield self.cluster
        self._given |= {thing for thing in self._things() - before if not thing.startswith(("run/", "lxc/"))}

    def without_quorum(self) -> None:
        """Its files cannot be written, by nobody; a real node says EACCES where this one says EROFS."""
        self.cluster.set(quorum=False)
        mounting.remount(ETC, "ro")

    def without_files(self) -> None:
        """The cluster file system is not mounted."""
        self.cluster.set(pmxcfs=False)
        mounting.unmount(ETC)

    def hold(self, vmid: int) -> None:
        """Somebody works on a container's configuration until the scenario ends."""
        self._holding.enter_context(self.cluster.busy(vmid))

    def move(self, vmid: int, node: str) -> None:
        """Somebody migrates a container."""
        target = self.cluster.etc / f"nodes/{node}/lxc"
        target.mkdir(parents=True, exist_ok=True)
        os.rename(self.cluster.state.path(vmid), target / f"{vmid}.conf")
        self.cluster.set(nodes={**self.cluster.state["nodes"], node: {}})
        self.moved.add(vmid)

    # -- the end

    def heal(self) -> None:
        """Faults, locks and outages end, and what was moved comes back."""
        self._holding.close()
        faults.clear(str(self.cluster.home))
        self.end_tools()
        if not self.cluster.state["pmxcfs"]:
            mounting.bind(self.cluster.etc, ETC)
        elif not self.cluster.state["quorum"]:
            mounting.remount(ETC, "rw")
        self.cluster.set(pmxcfs=True, quorum=True, delay=0.0)
        state = self.cluster.state
        for vmid in self.moved:
            for path in self.cluster.etc.glob(f"nodes/*/lxc/{vmid}.conf"):
                os.rename(path, state.path(vmid))
        for vmid in state.containers():
            if f"etc/pve/nodes/{state.node}/lxc/{vmid}.conf" not in self._given:
                self.cluster.change(vmid, lock="", protection="")

    def _things(self) -> set[str]:
        """Guests, volumes, templates, what LXC keeps, what runs: paths in the cluster's directory."""
        home = self.cluster.home
        patterns = (
            *(f"etc/pve/{kind}" for kind in KINDS),
            "storage/**/*",
            "lxc/*",
            "run/*.json",
            "run/*.mounted",
        )
        return {str(path.relative_to(home)) for pattern in patterns for path in home.glob(pattern)}

    def _numbers(self) -> set[int]:
        """All VMIDs that anybody here can have used."""
        tried = {call["argv"][2] for call in self.cluster.calls() if call["argv"][:2] == ["pct", "create"]}
        return {*range(self.first, self.first + ROOM), *(int(one) for one in tried if one.isdigit())}

    def left(self) -> list[str]:
        """Files of the node, and cgroups of its containers with what is in them."""
        found = [f"on the node: {thing}" for thing in sorted(self._things() - self._given)]
        for vmid, place in cgroups(self._numbers()):
            found.append(f"cgroup {place}")
            found += [
                f"process {pid} of container {vmid}" for pid in sorted(cgroup_tree.processes(f"lxc/{vmid}"))
            ]
        return found

    def end(self) -> None:
        """Kill what runs, unmount, and forget the tools."""
        self._holding.close()
        self.end_tools()
        try:
            self.cluster.end()
        finally:
            os.environ["PATH"] = self._path
            for place in (ETC, LOCKS):
                mounting.unmount(place)

    # -- questions

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Somebody calls a tool: nexcage has not."""
        before = self.count()
        done = self.cluster.run(*argv)
        self._others.update(range(before, self.count()))
        return done

    def calls(self) -> list[list[str]]:
        """The command lines of all calls of Proxmox VE's tools, by nexcage."""
        return self._calls(slice(None))

    def calls_of_last(self) -> list[list[str]]:
        """Those of the last command."""
        return self._calls(self._heard)

    def _calls(self, which: slice) -> list[list[str]]:
        noted = list(enumerate(self.cluster.calls()))[which]
        return [[str(word) for word in call["argv"]] for at, call in noted if at not in self._others]

    def tools(self) -> dict[int, str]:
        """Its tools that are at work, by pid."""
        found = {}
        for call in self.cluster.calls():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{call['pid']}/cmdline").read_bytes().split(b"\0")
                if any(word.startswith(bytes(self.cluster.home)) for word in words):
                    found[int(call["pid"])] = b" ".join(words).decode("utf-8", "replace")
        return found

    def end_tools(self) -> None:
        """A tool that hangs does not hang any more; one that works is stopped in the middle."""
        for pid in self.tools():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def conf(self, vmid: int) -> Conf:
        """A container's configuration, on whatever node it is."""
        found = next(iter(self.cluster.etc.glob(f"nodes/*/lxc/{vmid}.conf")), None)
        if found is None:
            pytest.fail(f"the node has no container {vmid}: {sorted(self.cluster.guests())}", pytrace=False)
        return Conf.parse(found.read_text("utf-8"), vmid, self.cluster.state.version)


def cgroups(numbers: set[int]) -> list[tuple[int, Path]]:
    """VMID and directory of each cgroup that LXC has made for one of these."""
    return [
        (int(place.name), place)
        for group in GROUPS
        for parent in cgroup_tree.directories(group)
        for place in parent.iterdir()
        if place.name.isdigit() and int(place.name) in numbers
    ]


def free_numbers() -> int:
    """The first of some VMIDs that no other session uses: their cgroups are the machine's."""
    while True:
        first = FIRST + ROOM * secrets.randbelow(SLOTS)
        if not cgroups(set(range(first, first + ROOM))):
            return first


def made_for(item: pytest.Item, directory: Path) -> Node | None:
    """The node of a scenario that is tagged @pct; None for any other."""
    if item.get_closest_marker("pct") is None:
        return None
    return Machine() if is_real() else StandIn(directory / HOME)


def sweep(directory: Path) -> None:
    """End the node of a scenario that was killed."""
    if (directory / HOME / "cluster.json").exists():
        Cluster(directory / HOME).end()
