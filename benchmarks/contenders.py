# SPDX-License-Identifier: Apache-2.0
"""What is compared: plain crun and runc, and nexcage on each, all called alike."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.timing import answer, call, settle, untimed
from step_defs.facts import DRIVERS

if TYPE_CHECKING:
    from step_defs.bundle_store import Bundle

PACKAGE = Path(__file__).resolve().parent.parent / "nexcage"
PATIENCE = 10.0


def install(directory: Path) -> Path:
    """Copy the package below ``directory`` as it is now, and return its launcher.

    Whoever edits the tree while a benchmark runs does not change what it measures.
    """
    package = directory / "nexcage"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    libraries = PACKAGE.parent / ".venv"
    if libraries.is_dir():  # as a checkout has them: isal, for one
        (directory / ".venv").symlink_to(libraries)
    launcher = package / "launcher.sh"
    for _ in range(2):  # compiled files first, then the snapshot of the hot modules
        call([str(launcher), "version"])
    return launcher


@dataclasses.dataclass(frozen=True)
class Contender:
    """A runtime with a root of its own, on a memory file system as /run is."""

    name: str
    program: str
    root: Path
    choose: tuple[str, ...] = ()  # options of the verbs that make a container

    def argv(self, verb: str, *arguments: str) -> list[str]:
        """Complete a command."""
        choose = self.choose if verb in {"create", "run"} else ()
        return [self.program, "--root", str(self.root), *choose, verb, *arguments]

    def call(self, verb: str, *arguments: str) -> None:
        """Run a command to its end."""
        call(self.argv(verb, *arguments))

    def run(self, bundle: Bundle) -> None:
        """Run a container in the foreground."""
        self.call("run", "--bundle", str(bundle.dir), self._id)

    def create(self, bundle: Bundle) -> None:
        """Make a container that waits."""
        self.call("create", "--bundle", str(bundle.dir), self._id)

    def lifecycle(self, bundle: Bundle) -> None:
        """Create, start, state and delete; the kill between is not on the clock."""
        self.create(bundle)
        for verb in ("start", "state"):
            settle()
            self.call(verb, self._id)
        with untimed():
            self.end()
        settle()
        self.call("delete", self._id)

    def end(self) -> None:
        """Kill the container and await that it is stopped."""
        pid = int(self.state()["pid"])
        self.call("kill", self._id, "KILL")
        await_end(pid)

    def remove(self) -> None:
        """Kill and delete the container."""
        self.end()
        self.call("delete", self._id)

    def state(self) -> dict[str, Any]:
        """The state document."""
        document: dict[str, Any] = json.loads(answer(self.argv("state", self._id), self.root / "@answer"))
        return document

    def ask_state(self) -> None:
        """Ask for the state and throw the answer away."""
        self.call("state", self._id)

    @property
    def _id(self) -> str:
        return f"bench-{self.name}"


def await_end(pid: int) -> None:
    """Await that a process is reaped: a zombie counts as running for some drivers."""
    deadline = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{pid}"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"process {pid} is still there {PATIENCE:g} s after SIGKILL")
        time.sleep(0.002)


def make_contenders(roots: Path, launcher: str) -> dict[str, Contender]:
    """The two drivers, and nexcage on each."""
    found = {}
    for driver in DRIVERS:
        program = shutil.which(driver)
        assert program, f"{driver} is not installed"
        found[driver] = Contender(driver, program, roots / driver)
        name = f"nexcage-{driver}"
        found[name] = Contender(name, launcher, roots / name, ("--runtime", driver))
    for contender in found.values():
        contender.root.mkdir()
    return found
