"""The lines of `state.operations` added up, so that they need not be kept.

Three files in the root of the records. ``@operations`` is appended to. When it
is full it becomes ``@operations.old`` and its lines are added to the numbers in
``@operations.json``, which also says how many bytes of the old file are in them.
The old file stays until the next time: a command that had opened it before it
was renamed writes to it, and its line is found there. So no line is counted
twice or forgotten, whenever this is cut short.
"""

import fcntl
import os

from nexcage.errors import Locked
from nexcage.host import files
from nexcage.jsontext import dumps, loads
from nexcage.state.operations import NAME, VERBS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

FORMAT = 1
# upper bounds in milliseconds: from a short cut of the launcher to the copy of a large image
BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000)
OK = "ok"
_LARGEST = 16 << 20
_BLOCK = 1 << 18
_SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_LONGEST = 64
_LOOKS = 20  # at files that others change meanwhile
_OF_NOBODY = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Duration:
    """How long a verb took: operations by bucket of `BUCKETS` and one above, and their sum in ms."""

    __slots__ = ("buckets", "total")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BUCKETS) + 1)
        self.total = 0

    def add(self, milliseconds: int, times: int) -> None:
        """Count ``times`` operations that took so long."""
        at = next((i for i, bound in enumerate(BUCKETS) if milliseconds <= bound), len(BUCKETS))
        self.buckets[at] += times
        self.total += milliseconds * times


class Totals:
    """Operations by (verb, driver, result), and durations by verb; ``damaged`` names files that are none."""

    def __init__(self) -> None:
        self.operations: dict[tuple[str, str, str], int] = {}
        self.durations: dict[str, Duration] = {}
        self.taken = 0  # bytes of the old file that are in it
        self.damaged: list[str] = []

    def count(self, verb: str, driver: str, result: str, times: int) -> None:
        """Count operations."""
        key = (verb, driver, result)
        self.operations[key] = self.operations.get(key, 0) + times

    def merge(self, other: "Totals") -> None:
        """Add what was counted elsewhere."""
        self.damaged += other.damaged
        for key, times in other.operations.items():
            self.count(*key, times)
        for verb, theirs in other.durations.items():
            ours = self.durations.setdefault(verb, Duration())
            ours.total += theirs.total
            ours.buckets = [a + b for a, b in zip(ours.buckets, theirs.buckets, strict=True)]

    def add_file(self, path: str, offset: int = 0) -> int:
        """Count the whole lines of a file from ``offset`` on; where they end. Absent: nothing."""
        try:
            handle = os.open(path, _OF_NOBODY)
        except FileNotFoundError:
            return 0
        try:
            return self.add_lines(handle, offset)
        finally:
            os.close(handle)

    def add_lines(self, handle: int, offset: int) -> int:
        """The same with a file that is open."""
        seen: dict[bytes, int] = {}
        os.lseek(handle, offset, os.SEEK_SET)
        rest = b""
        while block := os.read(handle, _BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            offset += sum(map(len, lines)) + len(lines)
            for line in lines:
                seen[line] = seen.get(line, 0) + 1
        for line, times in seen.items():  # most say the same
            self._add(line, times)
        return offset

    def _add(self, line: bytes, times: int) -> None:
        """What is no line of ours, as after a full disk, counts nothing."""
        fields = line.decode(errors="replace").split("\t")
        if len(fields) != 4:
            return
        verb, driver, result, took = fields
        if verb not in VERBS or not _is_slug(driver) or not _is_slug(result):
            return
        if took and not (took.isascii() and took.isdigit() and len(took) < 12):
            return
        self.count(verb, driver, result, times)
        if took:
            self.durations.setdefault(verb, Duration()).add(int(took), times)

    def document(self) -> dict[str, object]:
        """It as JSON."""
        return {
            "format": FORMAT,
            "taken": self.taken,
            "buckets": list(BUCKETS),
            "operations": [[*key, times] for key, times in sorted(self.operations.items())],
            "durations": {verb: [d.total, d.buckets] for verb, d in sorted(self.durations.items())},
        }


def read(root: str) -> Totals:
    """All that was counted in ``root``, while others go on; nothing there is changed.

    `OSError` as it comes; `Locked` when it never holds still.
    """
    from time import sleep

    for _ in range(_LOOKS):
        before = _marks(root)
        found = _load(root)
        found.add_file(f"{root}/{NAME}.old", found.taken)
        found.add_file(f"{root}/{NAME}")
        if _marks(root) == before:
            return found
        sleep(0.01)
    raise Locked(f"{root}/{NAME} changes all the time", hint="try again", code="operations-busy")


def fold(root: str) -> None:
    """Take the lines into the numbers; nothing is done while another command does that.

    Cut short at any point it leaves files that say the same. `OSError` and errors of ours as they come.
    """
    path, old = f"{root}/{NAME}", f"{root}/{NAME}.old"
    lock = files.Lock(f"{path}.lock")
    try:
        lock.acquire(path, 0.0)
    except Locked:
        return
    try:
        totals = _load(root)
        if not _dropped(old, root, totals):
            return
        if totals.taken:
            totals.taken = 0
            _save(root, totals)
        try:
            os.rename(path, old)
        except FileNotFoundError:
            return  # nothing was done since
        totals.taken = totals.add_file(old)
        _save(root, totals)
    finally:
        lock.release()


def _dropped(old: str, root: str, totals: Totals) -> bool:
    """Count what has come to the old file since, and remove it; False while a command still writes to it."""
    try:
        handle = os.open(old, _OF_NOBODY)
    except FileNotFoundError:
        return True
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        totals.taken = totals.add_lines(handle, totals.taken)
        _save(root, totals)
        os.unlink(old)
    finally:
        os.close(handle)
    return True


def _save(root: str, totals: Totals) -> None:
    files.replace(f"{root}/{NAME}.json", (dumps(totals.document()) + "\n").encode())


def _load(root: str) -> Totals:
    """The numbers; none, and said to be damaged, where the file is none of ours."""
    path = f"{root}/{NAME}.json"
    try:
        return _from(loads(files.read(path, _LARGEST)))
    except FileNotFoundError:
        return Totals()
    except (AttributeError, KeyError, TypeError, ValueError):
        found = Totals()
        found.damaged.append(path)
        return found


def _from(document: "Any") -> Totals:  # noqa: ANN401  # JSON, whatever it holds
    """`Totals.document` back; any of some errors for what is none."""
    found = Totals()
    if document["format"] != FORMAT:
        raise ValueError
    for verb, driver, result, times in document["operations"]:
        if verb not in VERBS or not _is_slug(driver) or not _is_slug(result):
            raise ValueError
        found.count(verb, driver, result, _number(times))
    found.taken = _number(document["taken"])
    if document["buckets"] == list(BUCKETS):  # of a nexcage that has others, only the counts are of use
        for verb, (total, buckets) in document["durations"].items():
            duration = found.durations[verb] = Duration()
            duration.total = _number(total)
            duration.buckets = [_number(n) for n, _ in zip(buckets, duration.buckets, strict=True)]
    return found


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _is_slug(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and _SLUG.issuperset(text)


def _marks(root: str) -> "list[tuple[int, ...]]":
    """What changes whenever `fold` takes a step; lines that are appended change nothing of it."""
    return list(_mark(root))


def _mark(root: str) -> "Iterator[tuple[int, ...]]":
    for name in (".json", ".old", ""):
        try:
            facts = os.stat(f"{root}/{NAME}{name}", follow_symlinks=False)
        except FileNotFoundError:
            yield ()
        else:
            yield (facts.st_ino, facts.st_mtime_ns) if name == ".json" else (facts.st_ino,)
