"""What containers need of the host: memory, processes, files, loop devices, limits of our own cgroup."""

import os

from nexcage.checks import Result
from nexcage.checks.thresholds import GIB, MIB, scarce, size
from nexcage.errors import NexcageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.checks import Host
    from nexcage.host.cgroup import Cgroups

GROUP = "resources"
_WHAT = {"memory": "memory", "pids": "processes"}
_NUMBERS = (  # sysctl(8) of FreeBSD, in the order in which they are printed
    "hw.pagesize", "vm.stats.vm.v_free_count", "vm.stats.vm.v_inactive_count", "hw.physmem",
    "kern.openfiles", "kern.maxfiles",
)  # fmt: skip


def check(host: "Host") -> "Iterator[Result]":
    """The host's own numbers, then the limits that this process has."""
    from nexcage.drivers.jail import tools

    if tools.is_here():
        yield from _freebsd(host)
    else:
        yield from _linux()
    yield _descriptors()
    if not tools.is_here():
        yield from _cgroups()


def _text(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""  # this kernel has no such thing


def _number(path: str) -> int:
    text = _text(path).strip()
    return int(text) if text.isdigit() else -1


def _memory(free: int, total: int) -> Result:
    status = scarce(free, total, floor=8 * MIB, plenty=GIB)
    message = f"{size(free)} of {size(total)} of memory are available"
    hint = "" if status == "pass" else "stop what is not needed, or add memory"
    return Result(GROUP, "memory", status, message, hint, {"free": free, "total": total})


def _count(name: str, what: str, used: int, most: int, floor: int, plenty: int, hint: str) -> Result:
    status = scarce(most - used, most, floor=floor, plenty=plenty)
    data: dict[str, object] = {"used": used, "limit": most}
    return Result(GROUP, name, status, f"{used} of {most} {what}", "" if status == "pass" else hint, data)


def _linux() -> "Iterator[Result]":
    """proc(5)."""
    rows = (line.split() for line in _text("/proc/meminfo").splitlines())
    known = {row[0]: int(row[1]) << 10 for row in rows if len(row) >= 2 and row[1].isdigit()}
    if "MemAvailable:" in known:
        yield _memory(known["MemAvailable:"], known["MemTotal:"])
    tasks = _text("/proc/loadavg").split()[3:4]
    limits = [n for n in map(_number, ("/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max")) if n > 0]
    if tasks and limits:
        used = int(tasks[0].partition("/")[2])
        hint = "raise kernel.pid_max and kernel.threads-max with sysctl"
        yield _count("pids", "processes and threads of the host are there", used, min(limits), 32, 5000, hint)
    files = _text("/proc/sys/fs/file-nr").split()
    if len(files) == 3:
        hint = "raise fs.file-max with sysctl"
        used, most = int(files[0]), int(files[2])
        yield _count("files", "files of the host are open", used, min(most, 1 << 53), 256, 50_000, hint)
    yield from _loops()


def _loops() -> "Iterator[Result]":
    """Loop devices, with which images of directory storages are mounted; max_loop 0 means any number."""
    if not os.path.isdir("/sys/module/loop"):
        return
    names = [name for name in os.listdir("/sys/block") if name.startswith("loop")]
    used = sum(os.path.exists(f"/sys/block/{name}/loop/backing_file") for name in names)
    most = _number("/sys/module/loop/parameters/max_loop")
    if most > len(names) or (most > 0 and not os.path.exists("/dev/loop-control")):
        hint = "load the module loop with a larger max_loop"
        yield _count("loops", "loop devices are in use", used, most, 1, 8, hint)
    else:
        message = f"{used} loop devices are in use, and more are made when they are needed"
        yield Result(GROUP, "loops", "pass", message, data={"used": used})


def _freebsd(host: "Host") -> "Iterator[Result]":
    """One call of sysctl(8) for all."""
    from nexcage.drivers.jail import tools

    done = host.ask(tools.path("sysctl"), "-i", *_NUMBERS)
    rows = (line.partition(": ") for line in done.stdout.splitlines())
    known = {name: int(value) for name, _, value in rows if value.strip().isdigit()}
    if all(name in known for name in _NUMBERS[:4]):
        free = known["hw.pagesize"] * (known[_NUMBERS[1]] + known[_NUMBERS[2]])
        yield _memory(free, known["hw.physmem"])
    if all(name in known for name in _NUMBERS[4:]):
        used, most = known["kern.openfiles"], known["kern.maxfiles"]
        hint = "raise kern.maxfiles with sysctl"
        yield _count("files", "files of the host are open", used, most, 256, 10_000, hint)


def _descriptors() -> Result:
    """How many files this process may open, and so what it starts."""
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY or soft >= 1024:
        shown = "any number of files" if soft == resource.RLIM_INFINITY else f"{soft} files"
        return Result(
            GROUP, "descriptors", "pass", f"a process from here may open {shown}", data={"limit": soft}
        )
    status = "fail" if soft < 64 else "warn"
    message = f"a process from here may open {soft} files only"
    return Result(GROUP, "descriptors", status, message, "raise it: ulimit -n 1024", {"limit": soft})


def _cgroups() -> "Iterator[Result]":
    """The tightest limits from our own cgroup up to the root, for memory and processes."""
    from nexcage.host.cgroup import Cgroups

    try:
        own = Cgroups(os.getpid())
    except (NexcageError, ValueError):
        return  # no cgroups here
    yield from _limit(own, "memory")
    yield from _limit(own, "pids")


def _limit(own: "Cgroups", controller: str) -> "Iterator[Result]":
    if controller == "pids":
        most_file, used_file = "pids.max", "pids.current"
    elif own.is_v1("memory"):
        most_file, used_file = "memory.limit_in_bytes", "memory.usage_in_bytes"
    else:
        most_file, used_file = "memory.max", "memory.current"
    tightest: tuple[int, int, int, str] | None = None
    at = own.directory(controller)
    while at.startswith("/sys/fs/cgroup"):
        most, used = _number(f"{at}/{most_file}"), _number(f"{at}/{used_file}")
        if 0 <= most < 1 << 60 and used >= 0 and (tightest is None or most - used < tightest[0]):
            tightest = most - used, most, used, at
        at = os.path.dirname(at)
    if tightest is None:
        yield Result(GROUP, f"cgroup-{controller}", "pass", f"no cgroup limits our {_WHAT[controller]}")
        return
    free, most, used, at = tightest
    data: dict[str, object] = {"cgroup": at, "used": used, "limit": most}
    free = max(free, 0)
    if controller == "memory":
        status = scarce(free, most, floor=8 * MIB, plenty=GIB)
        message = f"the cgroup {at} leaves {size(free)} of {size(most)} of memory"
    else:
        status = scarce(free, most, floor=16, plenty=5000)
        message = f"the cgroup {at} leaves room for {free} of {most} processes"
    hint = "" if status == "pass" else f"raise {at}/{most_file}"
    yield Result(GROUP, f"cgroup-{controller}", status, message, hint, data)
