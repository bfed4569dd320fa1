"""The seccomp filter of a Linux profile: an allow list, computed for a set of capabilities.

A system call that the kernel may have but nobody here has judged fails with ENOSYS, so that a C library
falls back to an older one; a call that was judged too powerful fails with EPERM, as it would for a user
without privileges. What needs a capability is allowed to those who have it: there the kernel decides.

Names unknown to the libseccomp of a driver are ignored by crun and runc. The calls are in `syscalls`.
Sources: clone(2), personality(2), socket(2), runtime-spec 1.1 (for errnoRet) config-linux.md "Seccomp".
"""

from nexcage.bundler.config.syscalls import ALLOWED, ARCHITECTURES, BY_CAPABILITY, DENIED, TRACING
from nexcage.oci.rules import Object

_EPERM, _EINVAL, _ENOSYS = 1, 22, 38
VERSION = "1.1.0"  # of the specification, for the properties used here

# personality(2): Linux, its 32 bits, both also as version 2.6 (UNAME26); 0xffffffff asks
_PERSONALITIES = (0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF)
# clone(2): CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET. In a user namespace of its own a program has every
# capability, and much of the kernel that was never meant for it.
_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
_AF_NETLINK, _NETLINK_AUDIT = 16, 9


def _rule(names: list[str], errno: int = 0, *args: tuple[int, int, str, int]) -> Object:
    """Calls that are allowed or fail with ``errno``; ``args`` are (index, value, operator, second value)."""
    rule: Object = {"names": names, "action": "SCMP_ACT_ERRNO" if errno else "SCMP_ACT_ALLOW"}
    if errno:
        rule["errnoRet"] = errno
    if args:
        rule["args"] = [
            {"index": index, "value": value, "valueTwo": two, "op": "SCMP_CMP_" + operator}
            for index, value, operator, two in args
        ]
    return rule


def _clone(architecture: str) -> list[Object]:
    """Processes and threads are allowed, new namespaces are not; s390 has the flags second (clone(2))."""
    at = 1 if architecture == "s390x" else 0
    every = sum(_NAMESPACES)
    return [
        _rule(["clone"], 0, (at, every, "MASKED_EQ", 0)),
        *(_rule(["clone"], _EPERM, (at, flag, "MASKED_EQ", flag)) for flag in _NAMESPACES),
    ]


def _socket() -> list[Object]:
    """Anything but the audit system, which programs take for absent when it is EINVAL (socket(2))."""
    return [
        _rule(["socket"], _EINVAL, (0, _AF_NETLINK, "EQ", 0), (2, _NETLINK_AUDIT, "EQ", 0)),
        _rule(["socket"], 0, (0, _AF_NETLINK, "NE", 0)),
        _rule(["socket"], 0, (2, _NETLINK_AUDIT, "NE", 0)),
    ]


def profile(capabilities: list[str], architecture: str, *, strict: bool = False) -> Object:
    """The ``linux.seccomp`` of a program with ``capabilities`` (without CAP_) on GOARCH ``architecture``."""
    granted = {name for held in capabilities for name in BY_CAPABILITY.get(held, "").split()}
    gated = {name for names in BY_CAPABILITY.values() for name in names.split()}
    allowed = {*ALLOWED, *granted, *(() if strict else TRACING.split())}
    refused = {*DENIED, *gated, *TRACING.split()} - allowed - {"clone", "clone3", "socket"}
    rules = [
        _rule(sorted(allowed)),
        _rule(sorted(refused), _EPERM),
        *(
            _rule(["personality"], 0, (0, value, "EQ", 0))
            for value in _PERSONALITIES[: 1 if strict else None]
        ),
    ]
    if "clone" not in granted:
        rules += _clone(architecture)
    if "socket" not in granted:
        rules += _socket()
    filter: Object = {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": _ENOSYS}
    if architecture in ARCHITECTURES:
        filter["architectures"] = ["SCMP_ARCH_" + name for name in ARCHITECTURES[architecture].split()]
    return {**filter, "syscalls": rules}
