"""What the kernel counts for a container: its cgroups' files, v1 or v2, as runc's events show them."""

import os

from nexcage.errors import NexcageError

Numbers = dict[str, object]
_MAX = (1 << 64) - 1


def _text(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""  # a controller or a counter that this kernel does not have


def _number(path: str) -> int:
    text = _text(path)
    return _MAX if text == "max" else int(text) if text.lstrip("-").isdigit() else 0


def _table(path: str) -> dict[str, int]:
    rows = (line.split() for line in _text(path).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}


class Cgroups:
    """The cgroup directories of process ``pid``, by controller; key "" is the unified one."""

    def __init__(self, pid: int) -> None:
        text = _text(f"/proc/{pid}/cgroup")
        if not text:
            raise NexcageError(f"process {pid} has ended: container not running", code="not-running")
        self._directories: dict[str, str] = {}
        for line in text.splitlines():
            number, controllers, path = line.split(":", 2)
            if number == "0":
                for base in ("/sys/fs/cgroup/unified", "/sys/fs/cgroup"):
                    if os.path.exists(base + path + "/cgroup.procs"):
                        self._directories.setdefault("", base + path)
                continue
            for controller in controllers.split(","):
                name = controller.removeprefix("name=")
                base = f"/sys/fs/cgroup/{controllers.removeprefix('name=')}"
                self._directories[name] = (base if os.path.isdir(base) else f"/sys/fs/cgroup/{name}") + path

    def directory(self, controller: str) -> str:
        """Where ``controller``'s files are."""
        return self._directories.get(controller) or self._directories.get("", "")

    def is_v1(self, controller: str) -> bool:
        """Whether ``controller`` is on a hierarchy of its own."""
        return controller in self._directories

    def oom_kills(self) -> int:
        """How often the kernel has killed in this container for want of memory."""
        directory = self.directory("memory")
        file = "memory.oom_control" if self.is_v1("memory") else "memory.events"
        return _table(f"{directory}/{file}").get("oom_kill", 0)

    def stats(self) -> Numbers:
        """The ``data`` of a stats event, with runc's names; times in ns, sizes in bytes."""
        return {
            "cpu": self._cpu(),
            "memory": self._memory_v1() if self.is_v1("memory") else self._memory_v2(),
            "pids": self._pids(),
            "blkio": self._blkio(),
            "hugetlb": {},
            "intel_rdt": {},
            "network_interfaces": None,
        }

    def _cpu(self) -> Numbers:
        if self.is_v1("cpuacct"):
            at = self.directory("cpuacct")
            ticks = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
            split = _table(at + "/cpuacct.stat")
            usage: Numbers = {
                "total": _number(at + "/cpuacct.usage"),
                "percpu": [int(n) for n in _text(at + "/cpuacct.usage_percpu").split()],
                "kernel": split.get("system", 0) * ticks,
                "user": split.get("user", 0) * ticks,
            }
            throttled = _table(self.directory("cpu") + "/cpu.stat")
            time = throttled.get("throttled_time", 0)
        else:
            throttled = _table(self.directory("cpu") + "/cpu.stat")
            usage = {
                name: throttled.get(key, 0) * 1000
                for name, key in (("total", "usage_usec"), ("kernel", "system_usec"), ("user", "user_usec"))
            }
            time = throttled.get("throttled_usec", 0) * 1000
        throttling = {
            "periods": throttled.get("nr_periods", 0),
            "throttledPeriods": throttled.get("nr_throttled", 0),
            "throttledTime": time,
        }
        return {"usage": usage, "throttling": throttling}

    def _memory_v1(self) -> Numbers:
        at = self.directory("memory") + "/memory."
        raw = _table(at + "stat")

        def entry(kind: str) -> Numbers:
            return {
                "limit": _number(f"{at}{kind}limit_in_bytes"),
                "usage": _number(f"{at}{kind}usage_in_bytes"),
                "max": _number(f"{at}{kind}max_usage_in_bytes"),
                "failcnt": _number(f"{at}{kind}failcnt"),
            }

        return {
            "cache": raw.get("cache", 0),
            "usage": entry(""),
            "swap": entry("memsw."),
            "kernel": entry("kmem."),
            "kernelTCP": entry("kmem.tcp."),
            "raw": raw,
        }

    def _memory_v2(self) -> Numbers:
        at = self.directory("memory") + "/memory."
        raw = _table(at + "stat")
        usage = {
            "limit": _number(at + "max"),
            "usage": _number(at + "current"),
            "max": _number(at + "peak"),
            "failcnt": 0,
        }
        swap = {
            "limit": _number(at + "swap.max"),
            "usage": _number(at + "swap.current"),
            "max": 0,
            "failcnt": 0,
        }
        return {"cache": raw.get("file", 0), "usage": usage, "swap": swap, "raw": raw}

    def _pids(self) -> Numbers:
        at = self.directory("pids")
        limit = _number(at + "/pids.max")
        return {"current": _number(at + "/pids.current"), "limit": 0 if limit == _MAX else limit}

    def _blkio(self) -> Numbers:
        if not self.is_v1("blkio"):
            return {"ioServiceBytesRecursive": self._io_v2()}
        rows: list[Numbers] = []
        at = self.directory("blkio")
        for line in _text(at + "/blkio.throttle.io_service_bytes_recursive").splitlines():
            words = line.replace(":", " ").split()
            if len(words) == 4:
                rows.append(
                    {"major": int(words[0]), "minor": int(words[1]), "op": words[2], "value": int(words[3])}
                )
        return {"ioServiceBytesRecursive": rows}

    def _io_v2(self) -> list[Numbers]:
        rows: list[Numbers] = []
        for line in _text(self.directory("io") + "/io.stat").splitlines():
            device, *pairs = line.split()
            major, _, minor = device.partition(":")
            for pair in pairs:
                name, _, value = pair.partition("=")
                if name in ("rbytes", "wbytes"):
                    op = "Read" if name == "rbytes" else "Write"
                    rows.append({"major": int(major), "minor": int(minor), "op": op, "value": int(value)})
        return rows
