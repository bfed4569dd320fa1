"""What this host is and may do, read once and only when asked for."""

import os

from nexcage.errors import NexcageError
from nexcage.paths import FREEBSD

# capabilities by number, linux/capability.h
CAPABILITIES = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
]
_SYS_RESOURCE = 24


def _slurp(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _sysctl(name: str, size: int) -> bytes:
    """The ``size`` bytes of a value of sysctl(3); b"" where the system has no such value."""
    import ctypes

    value, length = ctypes.create_string_buffer(size), ctypes.c_size_t(size)
    failed = ctypes.CDLL(None).sysctlbyname(
        name.encode(), value, ctypes.byref(length), None, ctypes.c_size_t(0)
    )
    return b"" if failed else value.raw[: length.value]


class Facts:
    """Facts of one host; each is read when first used and then kept."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}

    def boot_id(self) -> str:
        """A value that is new with every boot, or "unknown"."""
        if "boot_id" not in self._kept:
            if FREEBSD:
                found = _sysctl("kern.boot_id", 16).hex()
            else:
                found = _slurp("/proc/sys/kernel/random/boot_id").strip()
            self._kept["boot_id"] = found or "unknown"
        return str(self._kept["boot_id"])

    def cgroup_mode(self) -> str:
        """``unified`` (cgroup2 only), ``hybrid``, ``legacy`` (v1 only) or ``none``."""
        if "cgroup_mode" not in self._kept:
            self._kept["cgroup_mode"] = self._cgroup_mode()
        return str(self._kept["cgroup_mode"])

    def _cgroup_mode(self) -> str:
        # by device number: a path may have several mounts on top of each other
        rows = [line.split(" - ") for line in _slurp("/proc/self/mountinfo").splitlines()]
        types = {row[0].split(" ", 3)[2]: row[1].split(" ", 1)[0] for row in rows if len(row) == 2}

        def type_at(path: str) -> str:
            try:
                device = os.stat(path).st_dev
            except OSError:
                return ""
            return types.get(f"{os.major(device)}:{os.minor(device)}", "")

        if type_at("/sys/fs/cgroup") == "cgroup2":
            return "unified"
        if type_at("/sys/fs/cgroup/unified") == "cgroup2":
            return "hybrid"
        return "legacy" if "cgroup" in types.values() else "none"

    def _capability_set(self, name: str) -> int:
        if "status" not in self._kept:
            self._kept["status"] = _slurp("/proc/self/status")
        for line in str(self._kept["status"]).splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1], 16)
        raise NexcageError(f"/proc/self/status has no {name}: is /proc mounted?", code="no-proc")

    def grantable(self) -> set[str]:
        """Capabilities (``CAP_CHOWN``...) that this process can pass on; all where the system has none."""
        if FREEBSD:
            return {"CAP_" + name for name in CAPABILITIES}
        bits = self._capability_set("CapBnd") & self._capability_set("CapPrm")
        return {"CAP_" + name for i, name in enumerate(CAPABILITIES) if bits >> i & 1}

    def may_raise_limits(self) -> bool:
        """Whether hard limits can be raised: CAP_SYS_RESOURCE in the first user namespace, or root."""
        if FREEBSD:
            return os.geteuid() == 0
        if not self._capability_set("CapEff") >> _SYS_RESOURCE & 1:
            return False
        return _slurp("/proc/self/uid_map").split() in ([], ["0", "0", "4294967295"])

    def hard_limit(self, name: str) -> int:
        """The hard limit of resource ``RLIMIT_x``; -1 is unlimited; -2 when unknown here."""
        import resource

        which = getattr(resource, name, None)
        if which is None:
            return -2
        return int(resource.getrlimit(which)[1])

    def oom_score_adj(self) -> int:
        """Our own OOM score adjustment, -1000 to 1000."""
        return int(_slurp("/proc/self/oom_score_adj") or 0)
