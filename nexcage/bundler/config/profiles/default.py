"""Profile ``default``: what podman 4.3 gives a container that is asked for without options.

Only what a bundle cannot carry is left out: the network that podman sets up, /etc/hosts, limits above those
of the host. Sources: containers.conf(5), containers/common pkg/config; ``podman inspect`` and its bundle.
"""

from nexcage.bundler.config.profiles import Profile
from nexcage.oci.rules import Object
from nexcage.oci.spec import mount, mounts

CAPABILITIES = (
    "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"
)
# what tells of the whole machine, or changes it
MASKED = (
    "/proc/acpi /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats "
    "/proc/sched_debug /proc/scsi /sys/firmware /sys/fs/selinux /sys/dev/block"
)
READONLY = "/proc/asound /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger"
PIDS = 2048


def base(rootless: bool) -> Object:
    """Without root: a user namespace, the caller's network, no limits, as runc's ``spec --rootless``."""
    kinds = ["pid", "ipc", "uts", "mount", *(("user",) if rootless else ("network", "cgroup"))]
    linux: Object = {
        "namespaces": [{"type": kind} for kind in kinds],
        "maskedPaths": MASKED.split(),
        "readonlyPaths": READONLY.split(),
    }
    if not rootless:
        linux["resources"] = {"devices": [{"allow": False, "access": "rwm"}], "pids": {"limit": PIDS}}
        # so that ping needs no capability
        linux["sysctl"] = {"net.ipv4.ping_group_range": "0 0"}
    return {
        "ociVersion": "1.0.2",
        "process": {"terminal": False, "noNewPrivileges": False},
        "root": {"path": "rootfs", "readonly": False},
        "mounts": [mount("/proc", "proc", "proc", "nosuid,noexec,nodev"), *mounts(rootless)[1:]],
        "linux": linux,
    }


PROFILE = Profile(base, capabilities=CAPABILITIES, seccomp="default")
