"""What commands that were killed have left behind, taken away."""

import os

from nexcage.errors import NexcageError, from_os
from nexcage.host import files, process
from nexcage.repair import Mend


def removal(path: str) -> Mend:
    """The removal of a file or directory of ours, whatever is in it."""
    return Mend(f"remove {path}", lambda: _remove(path))


def _remove(path: str) -> None:
    try:
        files.remove_tree(path)
    except OSError as error:
        raise from_os(error, f"cannot remove {path}") from None


def unmounting(point: str) -> Mend:
    """The end of one mount."""
    return Mend(f"unmount {point}", lambda: _unmount(point))


def _unmount(point: str) -> None:
    program = process.which("umount") or "/sbin/umount"
    done = process.run([program, point])
    if done.status and os.path.ismount(point):
        raise NexcageError(f"cannot unmount {point}: {done.stderr.strip()}", code="unmount-failed")


def running(argv: list[str]) -> Mend:
    """One call of a program of the host that takes a thing away."""
    return Mend(process.paste([os.path.basename(argv[0]), *argv[1:]]), lambda: _run(argv))


def _run(argv: list[str]) -> None:
    process.run(argv).check()
