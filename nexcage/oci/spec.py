"""The config.json that ``nexcage spec`` writes: runc's default, so that the same bundle behaves the same.

Its pieces are also what the profiles of ``nexcage bundle create`` are made of.
"""

from nexcage.oci.rules import Object

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CAPABILITIES = ("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE")
_MASKED = (
    "/proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats "
    "/proc/sched_debug /sys/firmware /proc/scsi"
)
_READONLY = "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger"


def mount(destination: str, kind: str, source: str, options: str = "") -> Object:
    """One row of ``mounts``; ``options`` with commas between them."""
    row: Object = {"destination": destination, "type": kind, "source": source}
    return {**row, "options": options.split(",")} if options else row


def mounts(rootless: bool) -> list[Object]:
    """What every Linux program expects; a caller without root cannot mount a sysfs and has no group 5."""
    return [
        mount("/proc", "proc", "proc"),
        mount("/dev", "tmpfs", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"),
        mount(
            "/dev/pts", "devpts", "devpts",
            "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620" + ("" if rootless else ",gid=5"),
        ),
        mount("/dev/shm", "tmpfs", "shm", "nosuid,noexec,nodev,mode=1777,size=65536k"),  # noqa: S108
        mount("/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev"),
        mount("/sys", "none", "/sys", "rbind,nosuid,noexec,nodev,ro")
        if rootless
        else mount("/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro"),
        mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid,noexec,nodev,relatime,ro"),
    ]  # fmt: skip


def mappings(uid: int, gid: int) -> Object:
    """The members of ``linux`` that make a caller without root the root of a user namespace."""
    return {
        "uidMappings": [{"containerID": 0, "hostID": uid, "size": 1}],
        "gidMappings": [{"containerID": 0, "hostID": gid, "size": 1}],
    }


def default(*, rootless: bool = False, uid: int = 0, gid: int = 0) -> Object:
    """A bundle's config that runs ``sh``; ``rootless`` maps root to user ``uid`` and group ``gid``."""
    kinds = ["pid", "ipc", "uts", "mount", "user"] if rootless else ["pid", "network", "ipc", "uts", "mount"]
    linux: Object = {
        "namespaces": [{"type": kind} for kind in kinds],
        "maskedPaths": _MASKED.split(),
        "readonlyPaths": _READONLY.split(),
    }
    if rootless:
        linux.update(mappings(uid, gid))
    else:
        linux["resources"] = {"devices": [{"allow": False, "access": "rwm"}]}
    sets = ("bounding", "effective", "permitted", "ambient")
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": True,
            "user": {"uid": 0, "gid": 0},
            "args": ["sh"],
            "env": [PATH, "TERM=xterm"],
            "cwd": "/",
            "capabilities": {name: list(_CAPABILITIES) for name in sets},
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
            "noNewPrivileges": True,
        },
        "root": {"path": "rootfs", "readonly": True},
        "hostname": "nexcage",
        "mounts": mounts(rootless),
        "linux": linux,
    }
