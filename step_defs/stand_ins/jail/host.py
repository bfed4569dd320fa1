# SPDX-License-Identifier: Apache-2.0
"""What a scenario says to a stand-in host: make it, put jails and faults in, ask what was called."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from step_defs.stand_ins import tools
from step_defs.stand_ins.jail import mounts, program, removing, running
from step_defs.stand_ins.jail.refusals import Refused
from step_defs.stand_ins.jail.state import PLACE, State

ATTACH = Path(__file__).resolve().with_name("attach.c")


@cache
def library() -> bytes:
    """attach.c, compiled once per session."""
    with tempfile.TemporaryDirectory() as directory:
        target = os.path.join(directory, "attach.so")
        command = ["cc", "-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o", target, str(ATTACH)]
        subprocess.run(command, check=True)
        return Path(target).read_bytes()


class Host:
    """A FreeBSD host in a directory."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.home = Path(directory)

    @classmethod
    def make(cls, directory: str | os.PathLike[str], release: str = "15.1", **settings: Any) -> Host:
        """A new one. ``containers`` is "real" (root) or "model"; without it real where that works."""
        host = cls(directory)
        host.home.mkdir(parents=True, exist_ok=True)
        settings.setdefault("containers", "real" if os.geteuid() == 0 else "model")
        host.state.save(release=release, **settings)
        names = [*program.TOOLS, *program.SEARCHES]
        tools.write(host.home / "bin", names, "jail.program", host.home)
        if settings["containers"] == "model":
            inside = [*names, *program.INSIDE_ONLY]
            tools.write(host.home / "inside", inside, "jail.program", host.home)
        else:
            (host.home / "attach.so").write_bytes(library())
        return host

    @property
    def state(self) -> State:
        """As it is now."""
        return State(str(self.home))

    def environment(self) -> dict[str, str]:
        """The variables by which tools are found, and find the host; jail_attach(2) where it is real."""
        found = {"PATH": f"{self.home / 'bin'}:{os.environ.get('PATH', os.defpath)}", PLACE: str(self.home)}
        real = self.state.real
        return found | ({running.PRELOAD: str(self.home / "attach.so")} if real else {})

    def run(self, *argv: str, input: str = "", timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Call a tool."""
        return subprocess.run(
            [str(self.home / "bin" / argv[0]), *argv[1:]],
            env={**os.environ, **self.environment()},
            input=input,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    def set(self, **settings: Any) -> None:
        """Change it: racct, stop_wait and dying (seconds), busy (mounts), vanishing (interfaces), ..."""
        state = self.state
        with state.changing():
            state.facts.update(settings)

    def fault(
        self,
        tool: str,
        *words: str,
        text: str = "",
        stdout: str = "",
        exit: int = 1,
        hang: float = 0,
        kill: bool = False,
        after: bool = False,
        times: int | None = 1,
    ) -> None:
        """The next call of a tool with these words fails (``times=None``: each), ``after``: its work done."""
        fault = {"tool": tool, "words": list(words), "text": text, "stdout": stdout, "exit": exit}
        fault |= {"hang": hang, "kill": kill, "after": after, "times": times}
        self.set(faults=[*self.state["faults"], fault])

    def calls(self) -> list[dict[str, Any]]:
        """Each call: argv, time, pid."""
        path = self.home / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def jails(self) -> dict[str, dict[str, Any]]:
        """Name → what is known of a jail, dying ones too."""
        return {jail["name"]: jail for jail in self.state.jails(dying=True)}

    def mounts(self) -> list[dict[str, Any]]:
        """What is mounted, in the order of mounting."""
        return [dict(one) for one in self.state["mounts"]]

    def processes(self, jail: str) -> list[int]:
        """The host's PIDs of what runs in a jail."""
        found = self.state.find(jail)
        return running.members(self.state, found) if found else []

    def settle(self) -> None:
        """Nothing stays of tools that were killed."""
        running.unpin_dead(self.state)

    def end(self) -> None:
        """Stop all that runs and unmount everything, whatever was done to the host."""
        state = self.state
        for jail in reversed(state.jails()):
            running.send(running.members(state, jail), signal.SIGKILL)
            removing.forget(state, jail)
        for entry in reversed(self.mounts()):
            # in other mount namespaces there is nothing to unmount
            with contextlib.suppress(Refused), state.changing():
                mounts.unmount(state, entry["node"], force=True)
