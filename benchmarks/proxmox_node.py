# SPDX-License-Identifier: Apache-2.0
"""A node of Proxmox VE to measure on: the stand-in's, whose ``lxc-info`` is LXC's own without a detour."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from benchmarks.timing import call, untimed
from step_defs.proxmox_node import HOME, StandIn
from step_defs.stand_ins.pve.cluster import lxc_missing

if TYPE_CHECKING:
    import resource
    from collections.abc import Iterator
    from pathlib import Path

# dash adds 1 ms; the stand-in's own starts a Python
LXC = '#!/bin/sh\nexec {tool} -P {home}/lxc "$@"\n'
ANSWER = "#!/bin/sh\necho called >>{calls}\nexec cat {file}\n"
GIB = 1 << 30


@contextlib.contextmanager
def node(directory: Path) -> Iterator[StandIn]:
    """A node in ``directory``, seen by this process and its children until the context ends."""
    lack = lxc_missing()
    if lack:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(lack)
    made = StandIn(directory / HOME)
    try:
        tool = shutil.which("lxc-info", path=os.defpath)
        program(made, "lxc-info", LXC.format(tool=tool, home=made.cluster.home))
        yield made
    finally:
        made.end()


def program(node: StandIn, name: str, text: str) -> None:
    """Put a program of ours in a tool's place."""
    path = node.cluster.home / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@contextlib.contextmanager
def answering(node: StandIn, name: str, text: str) -> Iterator[Path]:
    """While this lasts, a tool says ``text`` at once; the file that has a line for each of its calls."""
    path = node.cluster.home / "bin" / name
    before = path.read_text("utf-8")
    answer, calls = node.cluster.home / f"{name}.answer", node.cluster.home / f"{name}.calls"
    answer.write_text(text, "utf-8")
    calls.write_text("")
    program(node, name, ANSWER.format(calls=calls, file=answer))
    try:
        yield calls
    finally:
        program(node, name, before)


@dataclasses.dataclass(frozen=True)
class OnNode:
    """nexcage on a node, with records of its own."""

    launcher: str
    root: Path
    node: StandIn

    def call(self, verb: str, *arguments: str, out: str = os.devnull) -> resource.struct_rusage:
        """Run a verb to its end."""
        choose = ("--runtime", "pct") if verb in {"create", "run"} else ()
        argv = [self.launcher, "--root", str(self.root), *choose, verb, *arguments]
        return call(argv, out, os.environ["PATH"])

    def said(self, verb: str, *arguments: str) -> str:
        """What a verb prints."""
        scratch = self.root.with_name("@answer")
        self.call(verb, *arguments, out=str(scratch))
        return scratch.read_text("utf-8")

    def tools(self, verb: str, *arguments: str) -> int:
        """Run a verb to its end; how many of Proxmox VE's tools it has called."""
        before = self.node.count()
        self.call(verb, *arguments)
        return self.node.count() - before

    def make(self, bundle: Path) -> None:
        """Create a container; its removal is not on the clock."""
        self.call("create", "--bundle", str(bundle), "made")
        with untimed():
            self.call("delete", "--force", "made")


def grow(rootfs: Path, files: int, holes: int) -> int:
    """Put files of 8 kB and sparse ones of a GiB each into a tree; its apparent size in bytes."""
    for number in range(files):
        place = rootfs / "data" / f"{number // 500:03d}"
        place.mkdir(exist_ok=True)
        (place / f"file-{number:05d}").write_bytes(b"some text\n" * 800)
    for number in range(holes):
        with (rootfs / "data" / f"hole-{number}").open("wb") as file:
            file.truncate(GIB)
    return sum(path.lstat().st_size for path in rootfs.rglob("*"))


def unread(directory: Path) -> None:
    """Mark all directories below this one as not read for long: reading one marks it anew (relatime)."""
    for path in directory.iterdir():
        os.utime(path, (0, 0))


def was_read(directory: Path) -> list[str]:
    """The directories below this one that somebody has read since."""
    return sorted(path.name for path in directory.iterdir() if path.is_dir() and path.stat().st_atime_ns)
