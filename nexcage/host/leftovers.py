"""Clean-up after a driver that was cut short: its processes, their cgroups, its files.

A crun that dies in the middle of ``create`` leaves its child frozen in the
freezer, and a driver whose nexcage was killed goes on by itself. Neither's own
``delete --force`` ends them. Only needed after something went wrong.
"""

import errno
import os
import time

from nexcage import log
from nexcage.paths import FREEBSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 5.0
_CGROUPS = "/sys/fs/cgroup"


def end_workers(name: str, root: str, handle: str) -> None:
    """End what still makes container ``handle`` of driver ``name``: the program, its hooks, its child."""
    own = _cgroups(os.getpid())
    workers = _workers(name, root, handle)
    family = workers | descendants(workers)
    places = {place for pid in family if _is_driver(pid, name) for place in _cgroups(pid)} - own
    for pid in family:
        log.debug(f"ending process {pid}, left of {name}")
        _kill(pid)
    for place in places:
        thaw(place)
    _await_end(family)
    for place in places:
        _remove(place)


def remove_cgroup(name: str, path: str, since: float) -> None:
    """Remove the cgroup that driver ``name`` has made for a container, with the child that it left there.

    ``path`` is as in ``linux.cgroupsPath``: below the top of each hierarchy, otherwise below the cgroup of
    whoever made it, which may be any. What was there before ``since`` (seconds since the epoch) stays.
    """
    places = [place for place in _named(path) if _is_younger(place, since)]
    children = {pid for place in places for pid in inside(place) if _is_driver(pid, name)}
    for pid in children:
        _kill(pid)
    for place in places:
        thaw(place)
    _await_end(children)
    for top in places:
        for place, _, _ in os.walk(top, topdown=False):
            _remove(place)


def end_inside(path: str) -> None:
    """Kill what lives in a cgroup, frozen or not, and remove it; ``path`` as in ``linux.cgroupsPath``."""
    places = _named(path)
    deadline = time.monotonic() + PATIENCE
    while (pids := {pid for place in places for pid in inside(place)}) and time.monotonic() < deadline:
        for pid in pids:
            _kill(pid)
        for place in places:
            thaw(place)
        time.sleep(0.01)
    for top in places:
        for place, _, _ in os.walk(top, topdown=False):
            _remove(place)


def _named(path: str) -> list[str]:
    """The directories of a cgroup on all hierarchies."""
    if not os.path.isdir(_CGROUPS):
        return []
    from_the_top = _from_the_top(path)
    if from_the_top:
        tops = [_CGROUPS, *(f"{_CGROUPS}/{name}" for name in os.listdir(_CGROUPS))]
        found = [top + from_the_top for top in tops if not os.path.islink(top)]
        return [place for place in found if os.path.exists(f"{place}/cgroup.procs")]
    name = os.path.basename(path.replace(":", "/"))
    return [f"{place}/{name}" for place, names, _ in os.walk(_CGROUPS) if name and name in names]


def _is_younger(place: str, since: float) -> bool:
    try:
        return os.stat(place).st_ctime >= since - 1
    except OSError:
        return False


def _from_the_top(path: str) -> str:
    """A cgroup's path made plain; "" for the top itself, which is nobody's, and for what is relative.

    What is relative depends on who made it, or is in systemd's words. "//" stays two in `os.path.normpath`.
    """
    plain = os.path.normpath("/" + path.lstrip("/"))
    return plain if path.startswith("/") and plain != "/" else ""


def inside(cgroup: str) -> list[int]:
    """The live processes in a cgroup and below it: a directory, or a path as in ``linux.cgroupsPath``."""
    told = _from_the_top(cgroup)
    if not told or not os.path.isdir(_CGROUPS):
        return []
    tops = [_CGROUPS, *(f"{_CGROUPS}/{name}" for name in os.listdir(_CGROUPS))]
    places = [told] if told.startswith(_CGROUPS + "/") else [top + told for top in tops]
    found: set[int] = set()
    for place in places:
        for at, _, names in os.walk(place):
            if "cgroup.procs" in names:
                try:
                    with open(f"{at}/cgroup.procs", encoding="ascii") as file:
                        found.update(map(int, file.read().split()))
                except OSError:
                    continue  # removed while we look, or threaded
    return sorted(pid for pid in found if _arguments(pid))  # one without has ended, and waits for its parent


def descendants(parents: set[int]) -> set[int]:
    """All processes below ``parents``."""
    below: dict[int, list[int]] = {}
    for pid, parent in _of_ps() if FREEBSD else _of_proc():
        below.setdefault(parent, []).append(pid)
    found: set[int] = set()
    queue = list(parents)
    while queue:
        children = below.get(queue.pop(), [])
        found.update(children)
        queue += children
    return found


def thaw(cgroup: str) -> None:
    """Let the processes of a frozen cgroup go on (to their end)."""
    for file, text in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
        try:
            with open(f"{cgroup}/{file}", "r+", encoding="ascii") as handle:
                handle.write(text)
        except OSError:
            continue


def _of_proc() -> "Iterator[tuple[int, int]]":
    """(pid, pid of the parent) of every process."""
    for pid in _pids():
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                yield pid, int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue


def _of_ps() -> "Iterator[tuple[int, int]]":
    """The same where there is no such /proc."""
    from nexcage.host import process

    program = process.which("ps") or "/bin/ps"
    for line in process.run([program, "-ax", "-o", "pid=,ppid="]).check().stdout.splitlines():
        pid, parent = line.split()
        yield int(pid), int(parent)


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []  # FreeBSD


def _arguments(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return os.fsdecode(file.read()).split("\0")[:-1]
    except OSError:
        return []


def _is_driver(pid: int, name: str) -> bool:
    return os.path.basename("".join(_arguments(pid)[:1])) == name


def _workers(name: str, root: str, handle: str) -> set[int]:
    """Processes that were started as ``name --root ROOT ... HANDLE``."""
    found = set()
    for pid in _pids():
        words = _arguments(pid)
        if words[1:3] == ["--root", root] and handle in words[3:] and os.path.basename(words[0]) == name:
            found.add(pid)
    return found


def _cgroups(pid: int) -> set[str]:
    """The cgroup directories of a process, on every hierarchy, the tops left out."""
    try:
        with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
            rows = [line.rstrip("\n").split(":", 2) for line in file]
    except OSError:
        return set()
    places = set()
    for number, controllers, path in rows:
        names = [controllers.removeprefix("name=")] if number != "0" else ["unified", ""]
        for name in names:
            place = os.path.normpath(f"{_CGROUPS}/{name}/{path}")
            if path != "/" and os.path.exists(place + "/cgroup.procs"):
                places.add(place)
    return places


def _remove(cgroup: str) -> None:
    deadline = time.monotonic() + PATIENCE / 10
    while True:
        try:
            os.rmdir(cgroup)
            return
        except FileNotFoundError:
            return
        except OSError as error:  # busy until the last of its processes is quite gone
            if error.errno != errno.EBUSY or time.monotonic() > deadline:
                log.debug(f"{cgroup} stays: {error.strerror}")
                return
            time.sleep(0.01)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


def _await_end(pids: set[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    # a process without arguments has ended; its parent may not have asked for its status yet
    while any(_arguments(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
