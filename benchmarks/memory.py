# SPDX-License-Identifier: Apache-2.0
"""The peak memory of a command, without that of whoever measures it.

``ru_maxrss`` of a process includes what it was before its last exec: one that is forked, vforked or spawned
by a pytest of 60 MB reports 60 MB, whatever it runs. So a small shell starts the command in the background
and ends; the orphan comes back to this process, for that moment a subreaper, and is waited for here. The
number is the largest of the command itself (launcher, then interpreter: one process) and of each program that
it waited for.
"""

from __future__ import annotations

import ctypes
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.timing import CommandFailedError, call, wait

if TYPE_CHECKING:
    from collections.abc import Iterator

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 30.0
LIBC = ctypes.CDLL(None, use_errno=True)


@contextmanager
def subreaper() -> Iterator[None]:
    """Orphans below this process become its children."""
    if LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    try:
        yield
    finally:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def peak_mb(argv: list[str], scratch: Path) -> float:
    """Run a command and return its peak memory in MB (10^6 bytes)."""
    with subreaper():
        # a container that the command leaves belongs to us, too: `reap` waits for it when it has been killed
        call(["/bin/sh", "-c", '"$@" >/dev/null </dev/null & echo $!', "sh", *argv], str(scratch))
        pid = int(scratch.read_text("utf-8"))
        try:
            usage = wait(pid, argv)
        except ChildProcessError:
            raise CommandFailedError(f"lost sight of process {pid}: {' '.join(argv)}") from None
    return usage.ru_maxrss * 1024 / 1e6


def reap(pid: int) -> None:
    """Await the end of a killed container's init, whether it is our child or that of another reaper."""
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}").exists():
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline:
            raise TimeoutError(f"process {pid} did not end")
        time.sleep(0.002)
