"""What operations have left behind: locks, journals, mounts, processes, files."""

import os
import time

from nexcage.checks import Host, Result, locks
from nexcage.checks.told import Teller, is_held, records, status
from nexcage.host import files, leftovers, mountpoints
from nexcage.jsontext import Malformed, loads
from nexcage.repair import Mend
from nexcage.repair import left as repairs
from nexcage.state.store import SETTLING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_RANDOM = 16  # hexadecimal digits that names of temporary files end in
_HEX = frozenset("0123456789abcdef")


def check(host: Host) -> "Iterator[Result]":
    """One aspect after the other."""
    aspects: list[tuple[str, Callable[[Host, Teller], Iterator[Result]], str]] = [
        ("locks", locks.look, "no lock and no journal is left"),
        ("mounts", _mounts, "no mount is left"),
        ("processes", _processes, "no process is left of a container that has stopped"),
        ("files", _files, "no temporary file is left"),
    ]
    if host.driver("jail").fingerprint() is None:
        from nexcage.checks.state_jail import rules

        aspects.append(("rules", rules, "no rule set and no limit is left"))
    for name, look, good in aspects:
        tell = Teller("state", name)
        yield from tell.all(look(host, tell), lambda good=good: good)  # type: ignore[misc]


# -- mounts


def _mounts(host: Host, tell: Teller) -> "Iterator[Result]":
    """Below the stores without a container that runs, and in the roots of those that have stopped."""
    points = _points(host)
    if not points:
        return
    why: dict[str, str] = {}  # for each directory, why nothing should be mounted below it; "" if it may
    for store in host.stores:
        why[os.path.realpath(store.root)] = "it belongs to no container"
    live = []
    for entry, record in records(host):
        directories = [os.path.realpath(entry.store.home(entry.id)), os.path.realpath(record.rootfs)]
        # what is mounted for a jail goes when it is deleted
        if record.driver != "jail" and status(host, entry, record) == "stopped":
            why |= dict.fromkeys(directories, f'container "{entry.id}" has stopped')
        else:
            live += directories
    why |= dict.fromkeys(live, "")
    why.pop("/", None)
    for point in sorted(points):
        above = os.path.dirname(point)
        while above not in why and above != "/":
            above = os.path.dirname(above)
        if why.get(above) and not _is_new(host, point):
            message = f"{point} is still mounted: {why[above]}"
            result = tell.warn(message, f'unmount it: umount "{point}"', path=point)
            # what is mounted in a rootfs may be its owner's
            inside = any(point.startswith(os.path.realpath(store.root) + "/") for store in host.stores)
            yield result.mended(repairs.unmounting(point) if inside else None)


def _is_new(host: Host, point: str) -> bool:
    """Whether it is below the directory of a container that was made after the records were read."""
    for store in host.stores:
        root = os.path.realpath(store.root) + "/"
        if point.startswith(root):
            home = root + point.removeprefix(root).partition("/")[0]
            known = any(home == os.path.realpath(entry.store.home(entry.id)) for entry in host.entries())
            born = os.path.exists(f"{home}/record.json") or files.Lock(f"{home}/lock").is_held()
            return born and not known
    return False


def _points(host: Host) -> set[str]:
    if host.driver("jail").fingerprint() is None:
        from nexcage.checks.state_jail import points

        return set(points(host))
    return set(map(os.fsdecode, mountpoints.listed()))


# -- processes


def _processes(host: Host, tell: Teller) -> "Iterator[Result]":
    """In the cgroups of containers that have stopped, and of creates that were cut short."""
    suspects = [found for found in _cgroups(host) if leftovers.inside(found[2])]
    if suspects:
        time.sleep(SETTLING)  # they may be on their way
    for container_id, what, place in suspects:
        alive = leftovers.inside(place)
        if alive:
            message = f"{what}, and {len(alive)} of its processes live on"
            hint = f"end them: nexcage delete --force {container_id}"
            yield tell.warn(message, hint, id=container_id, cgroup=place, pids=alive)


def _cgroups(host: Host) -> "Iterator[tuple[str, str, str]]":
    """(id, what is wrong, cgroup) of containers that should have no process."""
    for entry in host.entries():
        record = entry.record
        if record is None:
            if entry.error is not None and entry.error.code == "container-half-made":
                place = entry.store.intended(entry.id, "cgroup")
                yield entry.id, f'container "{entry.id}" is half made', place
        elif record.driver in _CGROUPS and status(host, entry, record) == "stopped":
            place = _CGROUPS[record.driver](f"{entry.store.driver_root(record.driver)}/{record.handle}")
            yield entry.id, f'container "{entry.id}" has stopped', place


def _of_crun(state: str) -> str:
    return str(_document(f"{state}/status").get("cgroup-path") or "")


def _of_runc(state: str) -> str:
    """The same path on each hierarchy, which the file names with where it is mounted."""
    paths = _document(f"{state}/state.json").get("cgroup_paths")
    found = next(iter(paths.values()), "") if isinstance(paths, dict) else ""
    return str(found)


_CGROUPS: "dict[str, Callable[[str], str]]" = {"crun": _of_crun, "runc": _of_runc}


def _document(path: str) -> dict[str, object]:
    try:
        values = loads(files.read(path, 4 << 20))
    except (OSError, Malformed):
        return {}  # the driver has forgotten the container, which is told of
    return values if isinstance(values, dict) else {}


# -- files


def _files(host: Host, tell: Teller) -> "Iterator[Result]":
    """What lives for a moment only, and is there a moment later."""
    found = dict(_temporary(host))
    if found:
        time.sleep(SETTLING)
    for path, what in found.items():
        if os.path.lexists(path):
            result = tell.warn(f"{path} is {what}", f'remove it: rm -r "{path}"', path=path)
            yield result.mended(repairs.removal(path))
    from nexcage.bundler import cache, transient

    directory = host.call.cache()
    for name in transient.names(directory, cache.WORK):
        stale: list[str] = []
        transient.unless_held(directory, name, stale.append)
        for path in stale:
            message = f"{path} is left of a command that made a bundle"
            result = tell.warn(message, "remove it: nexcage bundle prune", path=path)
            yield result.mended(Mend(f"remove {path}", lambda: cache.Cache(directory).sweep()))


def _temporary(host: Host) -> "Iterator[tuple[str, str]]":
    homes = {entry.store.home(entry.id) for entry in host.entries()}
    for store in host.stores:
        for name in _names(store.root):
            path = f"{store.root}/{name}"
            if name.startswith("@gone-"):
                yield path, "left of a container that was being removed"
            elif name[0] == "@" and _is_temporary(name):
                yield path, "left of a command that was cut short"
        root = store.driver_root("pct")
        for name in _names(root):
            if name.startswith("bundle-") and f"{store.root}/{name[7:]}" not in homes:
                yield f"{root}/{name}", "the bundle of a container that does not exist"
    if host.driver("pct").fingerprint() is None:
        from nexcage.checks.state_pct import configurations

        directory = configurations()
        for name in _names(directory):
            if _is_temporary(name) and ".conf." in name:
                yield f"{directory}/{name}", "left of a command that was cut short"
    for entry, record in records(host):
        home = entry.store.home(entry.id)
        if record.driver == "runc":  # it writes its state beside it, then renames
            own = f"{entry.store.driver_root(record.driver)}/{record.handle}"
            for name in _names(own):
                if name.startswith("state-") and name[6:].isdigit():
                    yield f"{own}/{name}", "left of a runc that was cut short"
        for name in _names(home):
            if (
                _is_temporary(name)
                or _is_of_nobody(name)
                or (name.startswith("update-") and not is_held(entry))
            ):
                yield f"{home}/{name}", "left of a command that was cut short"


def _is_of_nobody(name: str) -> bool:
    """A file of an exec, whose name has its pid, that does not go on."""
    kind, _, rest = name.partition("-")
    pid = rest.partition("-")[0]
    return kind == "exec" and not (pid.isdecimal() and _is_alive(int(pid)))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _is_temporary(name: str) -> bool:
    """As `files.replace` names what it writes."""
    before, dot, end = name.rpartition(".")
    return bool(before and dot) and len(end) == _RANDOM and _HEX.issuperset(end)


def _names(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []  # absent, or told of elsewhere
