# SPDX-License-Identifier: Apache-2.0
"""What a scenario says to a stand-in host: make it, put jails and faults in, ask what was called."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from step_defs.stand_ins.jail import mounts, program, removing, running
from step_defs.stand_ins.jail.state import PLACE, State

REPOSITORY = str(Path(__file__).resolve().parents[3])
PYTHON = os.path.realpath(sys.executable)
OWN = """#!{python} -IS
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, {repository!r})
from step_defs.stand_ins.jail.program import main

sys.exit(main({home!r}))
"""


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
        tools = [*program.TOOLS, *program.SEARCHES]
        host._tools("bin", tools)
        if settings["containers"] == "model":
            host._tools("bin", program.MODEL)
            host._tools("inside", [*tools, "hostname", *program.INSIDE_ONLY])
        return host

    def _tools(self, folder: str, names: list[str] | tuple[str, ...]) -> None:
        (self.home / folder).mkdir(exist_ok=True)
        for name in names:
            own = self.home / folder / name
            own.write_text(OWN.format(python=PYTHON, repository=REPOSITORY, home=str(self.home)))
            own.chmod(0o755)

    @property
    def state(self) -> State:
        """As it is now."""
        return State(str(self.home))

    def environment(self) -> dict[str, str]:
        """The variables with which the tools are found, and find the host."""
        return {"PATH": f"{self.home / 'bin'}:{os.environ.get('PATH', os.defpath)}", PLACE: str(self.home)}

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
        times: int | None = 1,
    ) -> None:
        """The next call of a tool with these words fails (``times=None``: each)."""
        fault = {"tool": tool, "words": list(words), "text": text, "stdout": stdout, "exit": exit}
        self.set(faults=[*self.state["faults"], {**fault, "hang": hang, "kill": kill, "times": times}])

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

    def end(self) -> None:
        """Stop all that runs and unmount everything, whatever was done to the host."""
        state = self.state
        for jail in reversed(state.jails()):
            running.send(running.members(state, jail), signal.SIGKILL)
            removing.forget(state, jail)
        for entry in reversed(self.mounts()):
            with state.changing():
                mounts.unmount(state, entry["node"], force=True)
