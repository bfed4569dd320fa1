"""Where nexcage keeps things: directories with space, storages of Proxmox VE, pools of ZFS."""

import os

from nexcage.checks import Result
from nexcage.checks.thresholds import GIB, KIB, MIB, scarce, size
from nexcage.errors import DriverUnavailable, NexcageError
from nexcage.host import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.checks import Host

GROUP = "storage"
_HEALTH = {"ONLINE": "pass", "DEGRADED": "warn"}  # zpoolprops(7); all else cannot be used
_FULL = 90  # percent of a pool, above which ZFS gets slow


def check(host: "Host") -> "Iterator[Result]":
    """Directories first, then what only some hosts have."""
    places = {store.root: "records" for store in host.stores}
    places.setdefault(host.call.cache(), "layers")
    for path, what in places.items():
        yield _directory(path, what)
    yield from _storages(host)
    yield from _pools()


def _directory(path: str, what: str) -> Result:
    """That it can be written to, or made, and that there is room."""
    there = path
    while not os.path.lexists(there) and there != "/":
        there = os.path.dirname(there)
    said = f"the directory of {what} {path}"
    data: dict[str, object] = {"path": path, "exists": there == path}
    if not os.path.isdir(there):
        return Result(GROUP, what, "fail", f"{said}: {there} is no directory", f"move {there} away", data)
    room = os.statvfs(there)
    if room.f_flag & os.ST_RDONLY:
        hint = f"mount the file system of {there} for writing"
        return Result(
            GROUP, what, "fail", f"{said} is on a file system that cannot be written to", hint, data
        )
    if not os.access(there, os.W_OK | os.X_OK):
        hint = "run it as root, or choose a --root that is yours"
        return Result(GROUP, what, "fail", f"{said} cannot be written to by this user", hint, data)
    free, total = room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize
    data |= {"free": free, "total": total, "free_inodes": room.f_favail, "inodes": room.f_files}
    space = scarce(free, total, floor=4 * MIB, plenty=10 * GIB) if total else "pass"
    inodes = scarce(room.f_favail, room.f_files, floor=64, plenty=100_000) if room.f_files else "pass"
    hint = f"free some space on the file system of {there}"
    for status in ("fail", "warn"):
        if space == status:
            return Result(GROUP, what, status, f"{said} has {size(free)} of {size(total)} left", hint, data)
        if inodes == status:
            hint = f"remove files from the file system of {there}"
            return Result(
                GROUP, what, status, f"{said} has room for {room.f_favail} more files only", hint, data
            )
    made = "" if there == path else ", and is made when it is needed"
    return Result(GROUP, what, "pass", f"{said} has {size(free)} left{made}", data=data)


def _storages(host: "Host") -> "Iterator[Result]":
    """The node's storages that can hold containers, by one call of pvesm for all.

    What the configuration names has to be among them; others may be out of order.
    """
    if host.driver("pct").fingerprint() is not None:
        return
    configured = host.config().flat().get("proxmox.storage", "")
    try:
        rows = _rows(host, "--content", "rootdir")
        for name, (state, total, free) in rows.items():
            yield _storage(name, state, total * KIB, free * KIB, configured=name == configured)
        if configured and configured not in rows:
            yield _unfit(host, configured)
    except NexcageError as error:
        hint = error.hint or "see what pvesm status says"
        yield Result(GROUP, "storages", "fail", error.message, hint, {"code": error.code})
        return
    if not configured and all(state != "active" for state, _, _ in rows.values()):
        message = "no storage of this node can hold containers now"
        hint = "let one hold them: pvesm set STORAGE --content rootdir,images"
        yield Result(GROUP, "storages", "warn", message, hint)


def _rows(host: "Host", *options: str) -> dict[str, tuple[str, int, int]]:
    """Name → (state, KiB in all, KiB left) in what pvesm status prints after its heading (pvesm(1))."""
    from nexcage.drivers.pct.tools import Tools

    found = {}
    for line in Tools("", host.config).ask("pvesm", "status", *options).splitlines()[1:]:
        words = line.split()
        if len(words) >= 6 and words[3].isdigit() and words[5].isdigit():
            found[words[0]] = (words[2], int(words[3]), int(words[5]))
    return found


def _storage(name: str, state: str, total: int, free: int, *, configured: bool) -> Result:
    said = f'the storage "{name}"' + (" of proxmox.storage" if configured else "")
    data: dict[str, object] = {"storage": name, "state": state, "free": free, "total": total}
    if state != "active":
        status = "fail" if configured else "warn"
        return Result(GROUP, "storages", status, f"{said} is {state}", "see why: pvesm status", data)
    room = scarce(free, total, floor=16 * MIB, plenty=10 * GIB)
    if room != "pass":
        status = room if configured else "warn"
        message = f"{said} has {size(free)} of {size(total)} left"
        return Result(GROUP, "storages", status, message, f"free some space in {name}", data)
    return Result(GROUP, "storages", "pass", f"{said} is active and has {size(free)} left", data=data)


def _unfit(host: "Host", name: str) -> Result:
    """Why the configured storage is not among those that can hold containers, by one more call."""
    said = f'the storage "{name}" of proxmox.storage'
    state = _rows(host, "--storage", name).get(name, ("", 0, 0))[0]
    if state == "disabled":
        message = f"{said} is disabled on this node"
        hint = f"let it be used: pvesm set {name} --disable 0"
    else:
        message = f"{said} may not hold containers"
        hint = f"let it: pvesm set {name} --content rootdir,images"
    return Result(GROUP, "storages", "fail", message, hint, {"storage": name, "state": state})


def _pools() -> "Iterator[Result]":
    """Pools of ZFS by what they say of themselves; where the kernel has no ZFS, it is not loaded for this."""
    try:
        from nexcage.drivers.jail.tools import path

        program = path("zpool")
    except DriverUnavailable:
        return
    if os.uname().sysname == "FreeBSD" and not os.path.exists("/dev/zfs"):
        return  # there zpool(8) would load the module
    env = {**process.probe_environment(), "ZFS_MODULE_LOADING": "NO"}
    done = process.run([program, "list", "-H", "-o", "name,health,capacity"], env=env)
    if done.status != 0:
        if "not loaded" not in done.stderr and "No such file" not in done.stderr:
            said = done.stderr.strip().split("\n", 1)[0] or process.ending(done.status)
            yield Result(GROUP, "zfs", "warn", f"zpool list failed: {said}", "see what zpool status says")
        return
    for line in done.stdout.splitlines():
        name, health, capacity = ([*line.split("\t"), "", ""])[:3]
        yield _pool(name, health, capacity)


def _pool(name: str, health: str, capacity: str) -> Result:
    said = f'the ZFS pool "{name}"'
    data: dict[str, object] = {"pool": name, "health": health, "capacity": capacity}
    status = _HEALTH.get(health, "fail")
    if status != "pass":
        return Result(GROUP, "zfs", status, f"{said} is {health.lower()}", f"zpool status {name}", data)
    full = capacity.rstrip("%")
    if full.isdigit() and int(full) >= _FULL:
        return Result(GROUP, "zfs", "warn", f"{said} is {full} % full", f"free some space in {name}", data)
    return Result(GROUP, "zfs", "pass", f"{said} is online", data=data)
