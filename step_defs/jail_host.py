# SPDX-License-Identifier: Apache-2.0
"""The FreeBSD host of a scenario: this machine when it is one, else a stand-in in its directory."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from step_defs import mounting
from step_defs.jail_machine import FreeBSD, Jail, Machine, is_real
from step_defs.stand_ins.jail import mounts
from step_defs.stand_ins.jail.host import Host
from step_defs.stand_ins.jail.state import PLACE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

HOME = "freebsd"  # the stand-in, in the scenario's directory
STOP_WAIT = 1.0  # seconds that jail -R waits for a process that ignores SIGTERM; 10 on a real host


class StandIn(FreeBSD):
    """A stand-in host; its jails and mounts are real, in this mount namespace only."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        if not mounting.is_private():
            pytest.fail(
                "this host's mount table would be changed: run ./test.sh, which has one of its own",
                pytrace=False,
            )
        cpus = os.cpu_count() or 1
        self.freebsd = Host.make(home, containers="real", stop_wait=STOP_WAIT, cpus=cpus)
        self._heard = slice(0, 0)  # which calls of its tools are those of the last command
        self._others: set[int] = set()  # calls that nexcage has not made
        self._given = self.things()

    @property
    def host(self) -> str:
        """A stand-in, of some release."""
        return f"stand-in for FreeBSD {self.freebsd.state['release']}"

    @property
    def environment(self) -> dict[str, str]:
        """Its tools come first."""
        return self.freebsd.environment()

    @property
    def places(self) -> dict[str, object]:
        """{freebsd} is its directory."""
        return {**super().places, "{freebsd}": self.freebsd.home}

    def count(self) -> int:
        """Of the calls of its tools so far."""
        return len(self.freebsd.calls())

    def ended(self, began: int) -> None:
        """Those since then are the command's."""
        self._heard = slice(began, self.count())
        self.jails()

    # -- what steps do to it

    @contextlib.contextmanager
    def given(self) -> Iterator[Host]:
        """Things that appear or vanish meanwhile may do so; jails and mounts go when the scenario ends."""
        before = self.things()
        yield self.freebsd
        now = self.things()
        self._given = (self._given | (now - before)) - (before - now)

    def undo(self) -> None:
        """Jails and mounts that Given steps made end before it is looked what is left."""
        self.freebsd.end()

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Somebody calls a tool: nexcage has not."""
        before = self.count()
        done = self.freebsd.run(*argv)
        self._others.update(range(before, self.count()))
        return done

    # -- the end

    def heal(self) -> None:
        """Faults and bad habits end; a tool that hangs does not hang any more."""
        gone = set(self.freebsd.state["vanishing"]) - set(self.interfaces())
        self._given -= {f"interface {name}" for name in gone}
        self.freebsd.set(faults=[], busy=[], vanishing=[], stubborn=False, dying=0.0)
        self.end_tools()
        self.freebsd.settle()

    def left(self) -> list[str]:
        """What no Given step put there, and interfaces that have not come back."""
        now = self.things()
        gone = [one for one in self._given - now if one.startswith("interface ")]
        found = [f"on the host: {one}" for one in sorted(now - self._given)]
        found += [f"missing on the host: {one}" for one in sorted(gone)]
        return found + [f"process {pid} of the host: {words}" for pid, words in self.programs().items()]

    def end(self) -> None:
        """Kill what runs, and unmount."""
        self.end_tools()
        self.freebsd.end()

    # -- questions

    def jails(self) -> dict[str, Jail]:
        """As jls tells them, without a call of it."""
        found = {}
        for jail in self.freebsd.state.jails():
            facts = {"jid": str(jail["jid"]), "parent": str(jail["parent"]), "path": str(jail["path"])}
            found[str(jail["name"])] = {**jail["params"], **facts}
        self.jids |= {name: int(one["jid"]) for name, one in found.items()}
        return found

    def mounts(self) -> list[dict[str, Any]]:
        """In the order of mounting."""
        return [*mounts.ALWAYS, *self.freebsd.mounts()]

    def rules(self) -> list[str]:
        """Of rctl."""
        return list(self.freebsd.state["rules"])

    def rule_sets(self) -> dict[int, list[str]]:
        """Of devfs."""
        known: dict[str, list[list[str]]] = self.freebsd.state["rulesets"]
        return {int(number): [" ".join(rule) for rule in rules] for number, rules in known.items()}

    def interfaces(self) -> list[str]:
        """Of the host itself."""
        return self.interfaces_of(0)

    def interfaces_of(self, jid: int) -> list[str]:
        """Of a jail with a network of its own."""
        known = self.freebsd.state["interfaces"]
        return [name.partition("@")[0] for name, one in known.items() if one["jid"] == jid]

    def processes(self, jid: int) -> list[int]:
        """The stand-in finds them by their namespaces."""
        return self.freebsd.processes(str(jid))

    def calls(self) -> list[list[str]]:
        """The command lines of all calls of FreeBSD's tools, by nexcage."""
        return self._calls(slice(None))

    def calls_of_last(self) -> list[list[str]]:
        """Those of the last command."""
        return self._calls(self._heard)

    def _calls(self, which: slice) -> list[list[str]]:
        noted = list(enumerate(self.freebsd.calls()))[which]
        return [[str(word) for word in call["argv"]] for at, call in noted if at not in self._others]

    def programs(self) -> dict[int, str]:
        """What runs outside jails with the host's environment, by pid: its tools, nexcage, what both left."""
        mark = f"{PLACE}={self.freebsd.home}".encode()
        jailed = {pid for jail in self.jails() for pid in self.freebsd.processes(jail)}
        found = {}
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if (
                    process.name.isdigit()
                    and int(process.name) not in jailed
                    and mark in (process / "environ").read_bytes().split(b"\0")
                ):
                    words = (process / "cmdline").read_bytes().split(b"\0")
                    found[int(process.name)] = b" ".join(words).decode("utf-8", "replace").strip()
        return found

    def end_tools(self) -> None:
        """Kill tools that are at work; a container's own process is none."""
        own = {call["pid"] for call in self.freebsd.calls()}
        for pid in own & set(self.programs()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def made_for(item: pytest.Item, directory: Path) -> StandIn | Machine | None:
    """The host of a scenario that is tagged @jail; None for any other."""
    if item.get_closest_marker("jail") is None:
        return None
    return Machine() if is_real() else StandIn(directory / HOME)


def sweep(directory: Path) -> None:
    """End the host of a scenario that was killed, and what ran in its bundles: its namespaces are gone."""
    if not (directory / HOME / "host.json").exists():
        return
    Host(directory / HOME).end()
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and (process / "root").readlink().is_relative_to(directory):
                os.kill(int(process.name), signal.SIGKILL)
