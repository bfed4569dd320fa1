"""``linux.resources`` (config-linux.md, "Control groups"): pct's options first, the rest as cgroup files."""

from nexcage.drivers.pct.translate import checks
from nexcage.drivers.pct.translate.request import Request
from nexcage.drivers.pct.translate.translated import Translated, refuse
from nexcage.oci.rules import Object

MIB = 1 << 20
LEAST_MEMORY = 16  # MiB (PVE/LXC/Config.pm, memory)
MOST_CORES = 8192
_AT = "$.linux.resources"
_MEMORY = 512
_SWAP = 512
_CORES = 1
_PERIOD = 100_000
_LEAST_RATIO = 0.01  # Proxmox VE writes a quota per 100 ms, and the kernel takes no quota below 1 ms


def _part(request: Request, name: str) -> Object:
    return request.part("linux", "resources", name)


def memory(request: Request, out: Translated) -> None:
    """--memory in MiB, rounded down; 512 where nothing is asked for, as pct has it."""
    limit = _part(request, "memory").get("limit") or 0
    wanted = request.option("memory")
    at = f"{_AT}.memory.limit"
    if wanted is None and limit > 0:
        if limit < LEAST_MEMORY * MIB:
            reason = f"{limit} bytes are less than the {LEAST_MEMORY} MiB that Proxmox VE gives at least"
            raise refuse(at, reason, code="memory-invalid")
        if limit % MIB:
            out.warnings.append(f"config.json: {at}: {limit} bytes are rounded down to {limit // MIB} MiB")
        out.create["memory"] = str(limit // MIB)
        return
    if wanted is None and limit < 0:
        out.cgroup("memory.max", "max", at, v1="memory.limit_in_bytes", v1_text="-1")
    wanted = wanted or request.configured("memory")
    out.create["memory"] = str(checks.mib(wanted, LEAST_MEMORY, "memory-invalid") if wanted else _MEMORY)


def swap(request: Request, out: Translated) -> None:
    """--swap, beside the memory; memory.swap counts both, so it is the difference."""
    values = _part(request, "memory")
    both = values.get("swap") or 0
    limit = values.get("limit") or 0
    wanted = request.option("swap")
    if wanted is None and both > 0:
        out.create["swap"] = str(max(both - max(limit, 0), 0) // MIB)
        return
    if wanted is None and both < 0:
        at = f"{_AT}.memory.swap"
        out.cgroup("memory.swap.max", "max", at, v1="memory.memsw.limit_in_bytes", v1_text="-1")
    wanted = wanted or request.wanted("swap")
    out.create["swap"] = str(checks.mib(wanted, 0, "memory-invalid") if wanted else _SWAP)


def reservation(request: Request, out: Translated) -> None:
    """``memory.low``, as crun and runc write it."""
    number = _part(request, "memory").get("reservation") or 0
    if number:
        text = str(number) if number > 0 else "max"
        at = f"{_AT}.memory.reservation"
        out.cgroup(
            "memory.low",
            text,
            at,
            v1="memory.soft_limit_in_bytes",
            v1_text=str(number) if number > 0 else "-1",
        )


def _ratio(values: Object) -> float:
    quota = values.get("quota") or 0
    return quota / (values.get("period") or _PERIOD) if quota > 0 else 0.0


def cores(request: Request, out: Translated) -> None:
    """--cores: the option, else as many as cpus names, else what the quota needs, else 1."""
    values = _part(request, "cpu")
    wanted = request.option("cores") or request.annotation("cores")
    ratio = _ratio(values)
    if wanted is None and values.get("cpus"):
        count = len(_numbers(values["cpus"]))
    elif wanted is None and ratio:
        count = -int(-ratio // 1)
    else:
        wanted = wanted or request.configured("cores")
        count = checks.whole(wanted, 1, MOST_CORES, "cores-invalid") if wanted else _CORES
    if not 1 <= count <= MOST_CORES:
        at = f"{_AT}.cpu.{'cpus' if values.get('cpus') else 'quota'}"
        raise refuse(at, f"{count} is no number of cores from 1 to {MOST_CORES}", code="cores-invalid")
    out.create["cores"] = str(count)


def _numbers(text: str) -> set[int]:
    """The CPUs of a list such as 0-3,7 (cpuset(7)); a stride counts as all of its range."""
    found: set[int] = set()
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if low:
            first = int(low)
            last = int(high.partition(":")[0]) if dash else first
            found.update(range(first, min(last, first + MOST_CORES) + 1))
    return found


def cpulimit(request: Request, out: Translated) -> None:
    """--cpulimit: quota / period, rounded down to five decimals; Proxmox VE makes it a quota per 100 ms."""
    values = _part(request, "cpu")
    at = f"{_AT}.cpu.quota"
    wanted = request.option("cpulimit")
    ratio = _ratio(values)
    if wanted is None and ratio:
        quota, period = values["quota"], values.get("period") or _PERIOD
        if ratio > MOST_CORES:
            raise refuse(at, f"is more than {MOST_CORES} times its period", code="cpu-invalid")
        if ratio < _LEAST_RATIO:
            out.cgroup("cpu.max", f"{quota} {period}", at, v1="cpu.cfs_period_us", v1_text=str(period))
            if not request.cgroup2:
                out.raw("lxc.cgroup.cpu.cfs_quota_us", str(quota), at)
            return
        steps = quota * _PERIOD // period
        out.create["cpulimit"] = f"{steps // _PERIOD}.{steps % _PERIOD:05d}".rstrip("0").rstrip(".")
        return
    wanted = wanted or request.configured("cpulimit")
    if wanted:
        out.create["cpulimit"] = checks.number(wanted, 0, MOST_CORES, "cpu-invalid")


def cpuunits(request: Request, out: Translated) -> None:
    """--cpuunits: a weight of 1 to 10000 with cgroup v2 (1024 shares are 39, as for crun), shares with v1."""
    wanted = request.option("cpuunits") or request.configured("cpuunits")
    shares = _part(request, "cpu").get("shares") or 0
    if request.option("cpuunits") is None and shares:
        shares = min(max(shares, 2), 262144)
        out.create["cpuunits"] = str(1 + (shares - 2) * 9999 // 262142 if request.cgroup2 else shares)
    elif wanted:
        low, high = (1, 10000) if request.cgroup2 else (2, 500000)
        out.create["cpuunits"] = str(checks.whole(wanted, low, high, "cpu-invalid"))


def cpu_rest(request: Request, out: Translated) -> None:
    """``cpuset.cpus`` and ``.mems``, ``cpu.max.burst``, ``cpu.idle``."""
    values = _part(request, "cpu")
    for name, v2, v1 in (
        ("cpus", "cpuset.cpus", "cpuset.cpus"),
        ("mems", "cpuset.mems", "cpuset.mems"),
        ("burst", "cpu.max.burst", "cpu.cfs_burst_us"),
        ("idle", "cpu.idle", "cpu.idle"),
    ):
        if values.get(name):
            out.cgroup(v2, str(values[name]), f"{_AT}.cpu.{name}", v1=v1)


def pids(request: Request, out: Translated) -> None:
    """``pids.max``."""
    limit = _part(request, "pids").get("limit") or 0
    if limit:
        out.cgroup("pids.max", str(limit) if limit > 0 else "max", f"{_AT}.pids.limit", v1="pids.max")


_RATES = (
    ("throttleReadBpsDevice", "rbps", "read_bps"),
    ("throttleWriteBpsDevice", "wbps", "write_bps"),
    ("throttleReadIOPSDevice", "riops", "read_iops"),
    ("throttleWriteIOPSDevice", "wiops", "write_iops"),
)


def block_io(request: Request, out: Translated) -> None:
    """``io.weight`` (10 to 1000 become 1 to 10000, as for runc) and ``io.max``."""
    values = _part(request, "blockIO")
    at = f"{_AT}.blockIO"
    weight = values.get("weight") or 0
    if weight:
        out.cgroup(
            "io.weight", f"default {_weight(weight)}", f"{at}.weight", v1="blkio.weight", v1_text=str(weight)
        )
    for i, row in enumerate(values.get("weightDevice") or ()):
        if row.get("weight"):
            device = f"{row['major']}:{row['minor']}"
            out.cgroup(
                "io.weight",
                f"{device} {_weight(row['weight'])}",
                f"{at}.weightDevice[{i}].weight",
                v1="blkio.weight_device",
                v1_text=f"{device} {row['weight']}",
            )
    for name, v2, v1 in _RATES:
        for i, row in enumerate(values.get(name) or ()):
            device, rate = f"{row['major']}:{row['minor']}", row["rate"]
            out.cgroup(
                "io.max",
                f"{device} {v2}={rate or 'max'}",
                f"{at}.{name}[{i}]",
                v1=f"blkio.throttle.{v1}_device",
                v1_text=f"{device} {rate}",
            )


def _weight(weight: int) -> int:
    return 1 + (min(max(weight, 10), 1000) - 10) * 9999 // 990


def huge_pages(request: Request, out: Translated) -> None:
    """``hugetlb.SIZE.max``."""
    for i, row in enumerate(request.part("linux", "resources").get("hugepageLimits") or ()):
        size, limit = row["pageSize"], row["limit"]
        text = str(limit) if limit < 1 << 63 else "max"
        v1_text = str(min(limit, (1 << 63) - 1))
        at = f"{_AT}.hugepageLimits[{i}]"
        out.cgroup(f"hugetlb.{size}.max", text, at, v1=f"hugetlb.{size}.limit_in_bytes", v1_text=v1_text)


def rdma(request: Request, out: Translated) -> None:
    """``rdma.max``."""
    for name, row in _part(request, "rdma").items():
        words = [name]
        for key, word in (("hcaHandles", "hca_handle"), ("hcaObjects", "hca_object")):
            if row.get(key) is not None:
                words.append(f"{word}={row[key]}")
        out.cgroup("rdma.max", " ".join(words), f'{_AT}.rdma["{name}"]', v1="rdma.max")


def unified(request: Request, out: Translated) -> None:
    """The file of that name."""
    for name, text in _part(request, "unified").items():
        out.cgroup(name, text, f'{_AT}.unified["{name}"]')


def devices(request: Request, out: Translated) -> None:
    """``devices.allow`` and ``.deny``.

    A rule against everything is left out with all before it: LXC begins with it, and then
    allows what every container has, as the specification's runtimes do.
    """
    rules: list[tuple[int, Object]] = []
    for i, row in enumerate(request.part("linux", "resources").get("devices") or ()):
        everything = (row.get("type") or "a") == "a" and _any(row, "major") and _any(row, "minor")
        if everything and not row["allow"] and set(row.get("access") or "rwm") == set("rwm"):
            rules = []
            out.notes.append(f"linux.resources.devices[{i}]: LXC denies all devices before it allows any")
        else:
            rules.append((i, row))
    for i, row in rules:
        text = "a"
        if (row.get("type") or "a") != "a" or not (_any(row, "major") and _any(row, "minor")):
            major, minor = ("*" if _any(row, name) else str(row[name]) for name in ("major", "minor"))
            text = f"{row.get('type') or 'a'} {major}:{minor} {row.get('access') or 'rwm'}"
        way = "allow" if row["allow"] else "deny"
        out.cgroup(f"devices.{way}", text, f"{_AT}.devices[{i}]", v1=f"devices.{way}")


def _any(row: Object, name: str) -> bool:
    number = row.get(name)
    return number is None or number < 0
