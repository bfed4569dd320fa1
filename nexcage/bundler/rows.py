"""Rows of bytes put in order: some are held in memory, the others lie in files without a name."""

import heapq
import os

from nexcage.errors import NexcageError, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

HELD = 20_000
BYTES = 8 << 20  # or as many as this, since one row can be a hundred KiB of extended attributes
RUNS = 64  # files open at once


class Rows:
    """Rows that end with their only line feed, sorted when they are read.

    The files lie in ``directory``, else where TMPDIR says; having no name, they
    go with the process, whatever ends it. `NexcageError` if they cannot be written.
    """

    def __init__(self, directory: str | None = None) -> None:
        self._directory = directory
        self._rows: list[bytes] = []
        self._bytes = 0
        self._runs: list[BinaryIO] = []

    def add(self, row: bytes) -> None:
        """Take one more."""
        self._rows.append(row)
        self._bytes += len(row)
        if len(self._rows) >= HELD or self._bytes >= BYTES:
            self._spill()

    def __bool__(self) -> bool:
        return bool(self._rows or self._runs)

    def __iter__(self) -> "Iterator[bytes]":
        """All rows, the least first; one such reader at a time."""
        self._rows.sort()
        for run in self._runs:
            run.seek(0)
        try:
            yield from heapq.merge(self._rows, *self._runs) if self._runs else self._rows
        except OSError as error:
            raise _unread(error) from None

    def close(self) -> None:
        """Forget all rows."""
        self._rows.clear()
        self._bytes = 0
        for run in self._runs:
            run.close()
        self._runs.clear()

    def _spill(self) -> None:
        run = unnamed(self._directory)
        put(run, 0, self if len(self._runs) >= RUNS else sorted(self._rows), self._directory)
        if len(self._runs) >= RUNS:  # it has what they had
            self.close()
        self._rows.clear()
        self._bytes = 0
        self._runs.append(run)


def unnamed(directory: str | None = None) -> "BinaryIO":
    """A new file that is in no directory, on the file system of ``directory`` or of TMPDIR."""
    from tempfile import TemporaryFile

    try:
        return TemporaryFile(dir=directory)
    except OSError as error:
        raise _unwritten(error, directory) from None


def put(file: "BinaryIO", at: int, rows: "Iterable[bytes]", directory: str | None = None) -> int:
    """Write ``rows`` from ``at`` on, which is where the file ends; returns where it ends then."""
    try:
        file.seek(at)
        file.writelines(rows)
        file.flush()
        return file.tell()
    except OSError as error:
        file.close()
        raise _unwritten(error, directory) from None


def get(file: "BinaryIO", at: int, count: int) -> bytes:
    """``count`` bytes from ``at`` on, which are there."""
    try:
        return os.pread(file.fileno(), count, at)
    except OSError as error:
        raise _unread(error) from None


def _unread(error: OSError) -> NexcageError:
    return from_os(error, "cannot read a temporary file")


def _unwritten(error: OSError, directory: str | None) -> NexcageError:
    import tempfile

    place = directory or tempfile.tempdir or "the directory TMPDIR"  # None: it has found none
    return from_os(error, f"cannot write a temporary file in {place}")
