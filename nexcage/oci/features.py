"""The features document (runtime-spec, features.md): what a caller may put into a bundle here."""

from nexcage import SPEC_VERSION, __version__
from nexcage.host.facts import CAPABILITIES
from nexcage.oci.check import HOOKS
from nexcage.oci.rules import Object

_TOGGLES = "atime dev diratime exec relatime suid symfollow strictatime"
_PLAIN = (
    "async bind defaults dirsync iversion lazytime loud mand private rbind remount ro rprivate rshared "
    "rslave runbindable rw shared silent slave sync tmpcopyup unbindable"
)
_NO = (
    "noatime nodev nodiratime noexec norelatime nosuid nosymfollow nostrictatime noiversion nolazytime nomand"
)
_ACTIONS = "ALLOW ERRNO KILL KILL_PROCESS KILL_THREAD LOG NOTIFY TRACE TRAP"
_OPERATORS = "EQ GE GT LE LT MASKED_EQ NE"
_ARCHES = (
    "AARCH64 ARM MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE RISCV64 S390 S390X "
    "X32 X86 X86_64"
)


def generic(flags: set[str]) -> Object:
    """The document for a driver without a ``features`` verb, from the ``+FLAG`` words of its version text."""
    return {
        "hooks": list(HOOKS),
        "mountOptions": sorted(set(f"{_TOGGLES} {_PLAIN} {_NO}".split())),
        "linux": {
            "namespaces": ["cgroup", "ipc", "mount", "network", "pid", "user", "uts"],
            "capabilities": ["CAP_" + name for name in CAPABILITIES],
            "cgroup": {
                "v1": True,
                "v2": True,
                "systemd": "+SYSTEMD" in flags,
                "systemdUser": "+SYSTEMD" in flags,
                "rdma": True,
            },
            "seccomp": {
                "enabled": "+SECCOMP" in flags,
                "actions": ["SCMP_ACT_" + name for name in _ACTIONS.split()],
                "operators": ["SCMP_CMP_" + name for name in _OPERATORS.split()],
                "archs": ["SCMP_ARCH_" + name for name in _ARCHES.split()],
            },
            "apparmor": {"enabled": "+APPARMOR" in flags},
            "selinux": {"enabled": "+SELINUX" in flags},
        },
    }


def document(base: Object, drivers: dict[str, str]) -> Object:
    """``base`` of the chosen driver, with the versions that nexcage reads and a word on each driver.

    ``drivers`` maps a name to its version, or to the reason why it cannot run.
    """
    annotations = {
        "io.nexcage.version": __version__,
        **{f"io.nexcage.driver.{name}": text for name, text in drivers.items()},
    }
    return {
        **base,
        "ociVersionMin": "1.0.0",
        "ociVersionMax": SPEC_VERSION,
        "annotations": {**(base.get("annotations") or {}), **annotations},
    }
