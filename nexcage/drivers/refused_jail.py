"""What the driver jail refuses or ignores: FreeBSD has jails, not namespaces, cgroups, LSMs or seccomp.

What is not here is honoured: the ``freebsd`` section (config-freebsd.md); process with user, umask and
rlimits by jail_attach(2), setrlimit(2) and procctl(2) (noNewPrivileges); hostname and domainname; hooks;
bind mounts as nullfs, a read-only root as a read-only nullfs of it. Of ``linux``, by rctl(8) and cpuset(1):
memory.limit, memory.swap, pids.limit, cpu.quota with its period, cpu.cpus, the throttles of blockIO; a
network namespace is a vnet, and none the host's network (`nexcage.drivers.jail.translate`). Facts: FreeBSD
15.1, jail(8), rctl(8), mount_nullfs(8), tmpfs(4).
"""

import os
from collections.abc import Iterator

from nexcage.drivers.jail.words import LIMITS, OWN, file_system, option_fault
from nexcage.oci.rules import Object

FACTS = "FreeBSD 15.1"
_FOREIGN = "it is for another platform than FreeBSD"
_IDS = "a jail maps no ids"
_POLICY = "FreeBSD has no such policy"
_CACHE = "its share of cache and memory bandwidth would not be limited"
_CGROUP = "FreeBSD has no cgroups"
_DEVICE = "holds for all I/O of the jail together, the smallest rate counts: rctl knows no devices"
_MEMORY = "FreeBSD has no such setting"
_LIMIT = "FreeBSD has no such limit"
_NONE = "a jail has none"

# property (as `refusals.places` reads it), values besides 0, false, empty that ask for nothing, outcome, why
PROPERTIES: tuple[tuple[str, tuple[object, ...], str, str], ...] = (
    ("windows", (), "ignored", _FOREIGN),
    ("solaris", (), "ignored", _FOREIGN),
    ("vm", (), "ignored", _FOREIGN),
    ("zos", (), "ignored", _FOREIGN),
    ("process.commandLine", (), "ignored", _FOREIGN),
    ("process.apparmorProfile", ("unconfined",), "refused", "FreeBSD has no AppArmor"),
    ("process.selinuxLabel", (), "refused", "FreeBSD has no SELinux"),
    ("process.capabilities", (), "ignored", "root in a jail may do what freebsd.jail.allow says"),
    ("process.oomScoreAdj", (), "ignored", "FreeBSD has no such score"),
    ("process.scheduler", (), "ignored", _POLICY),
    ("process.ioPriority", (), "ignored", _POLICY),
    ("process.execCPUAffinity", (), "ignored", "exec would use any CPU of the jail"),
    ("process.user.username", (), "ignored", _FOREIGN),
    ("linux.namespaces[].path", (), "refused", "jails are joined by freebsd.jail.parent"),
    ("linux.uidMappings", (), "refused", _IDS),
    ("linux.gidMappings", (), "refused", _IDS),
    ("linux.timeOffsets", (), "refused", "it would see the clocks of the host"),
    ("linux.netDevices", (), "ignored", "name interfaces of FreeBSD in freebsd.jail.vnetInterfaces"),
    ("linux.cgroupsPath", (), "ignored", _CGROUP),
    ("linux.sysctl", (), "ignored", "the kernel settings of Linux do not exist"),
    ("linux.seccomp", (), "refused", "FreeBSD has no filters of system calls"),
    ("linux.mountLabel", (), "refused", "FreeBSD has no SELinux"),
    ("linux.rootfsPropagation", ("private", "rprivate"), "ignored", "mounts of FreeBSD do not propagate"),
    ("linux.personality.domain", ("LINUX",), "ignored", "the program's own format decides"),
    ("linux.memoryPolicy", (), "ignored", "memory would come from any domain"),
    ("linux.intelRdt.closID", (), "refused", _CACHE),
    ("linux.intelRdt.l3CacheSchema", (), "refused", _CACHE),
    ("linux.intelRdt.memBwSchema", (), "refused", _CACHE),
    ("linux.intelRdt.schemata", (), "refused", _CACHE),
    ("linux.intelRdt.enableMonitoring", (), "ignored", "nothing is measured"),
    ("linux.intelRdt.enableCMT", (), "ignored", "nothing is measured"),
    ("linux.intelRdt.enableMBM", (), "ignored", "nothing is measured"),
    ("linux.resources.memory.reservation", (-1,), "ignored", _MEMORY),
    ("linux.resources.memory.kernel", (-1,), "ignored", _MEMORY),
    ("linux.resources.memory.kernelTCP", (-1,), "ignored", _MEMORY),
    ("linux.resources.memory.swappiness", (), "ignored", _MEMORY),
    ("linux.resources.memory.disableOOMKiller", (), "ignored", _MEMORY),
    ("linux.resources.memory.useHierarchy", (), "ignored", _MEMORY),
    ("linux.resources.memory.checkBeforeUpdate", (), "ignored", "no check"),
    ("linux.resources.cpu.shares", (1024,), "ignored", "jails have no weights"),
    ("linux.resources.cpu.idle", (), "refused", "it would take CPU like any other"),
    ("linux.resources.cpu.burst", (), "ignored", "quota would not accumulate"),
    ("linux.resources.cpu.mems", (), "ignored", "memory would come from any domain"),
    ("linux.resources.cpu.realtimePeriod", (), "ignored", "a jail may not run in real time"),
    ("linux.resources.cpu.realtimeRuntime", (), "ignored", "a jail may not run in real time"),
    ("linux.resources.blockIO.weight", (), "ignored", "jails have no weights"),
    ("linux.resources.blockIO.leafWeight", (), "ignored", "jails have no weights"),
    ("linux.resources.blockIO.weightDevice", (), "ignored", "jails have no weights"),
    ("linux.resources.blockIO.throttleReadBpsDevice", (), "note", _DEVICE),
    ("linux.resources.blockIO.throttleWriteBpsDevice", (), "note", _DEVICE),
    ("linux.resources.blockIO.throttleReadIOPSDevice", (), "note", _DEVICE),
    ("linux.resources.blockIO.throttleWriteIOPSDevice", (), "note", _DEVICE),
    ("linux.resources.hugepageLimits", (), "ignored", "there are no huge pages to ask for"),
    ("linux.resources.network", (), "ignored", _CGROUP),
    ("linux.resources.rdma", (), "refused", "RDMA resources would not be limited"),
    ("linux.resources.unified", (), "refused", _CGROUP),
)

# None: honoured (of Linux's, proc is linprocfs and sysfs linsysfs; a tmpfs on /dev is a devfs)
MOUNTS: dict[str, tuple[str, str] | None] = {
    **dict.fromkeys(("bind", "nullfs", "tmpfs", "devfs", "fdescfs", "procfs", "linprocfs", "linsysfs")),
    **dict.fromkeys(("proc", "sysfs", "zfs", "unionfs", "")),
    "devpts": ("ignored", "devfs has the terminals"),
    "mqueue": ("ignored", _NONE),
    "cgroup": ("ignored", _NONE),
    "cgroup2": ("ignored", _NONE),
}
OTHER_MOUNTS: tuple[str, str] | None = ("refused", 'FreeBSD has no file system "TYPE"')
NO_OWNERS = "FreeBSD mounts with the owners that the files have"
# names (before a "="), outcome, why; dropped in silence is what asks for nothing: nodev, private, relatime
OPTIONS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset(("rbind",)), "ignored", "nullfs does not show what is mounted below the source"),
    (frozenset(("shared", "rshared", "slave", "rslave")), "ignored", "mounts of FreeBSD do not propagate"),
    (frozenset(("unbindable", "runbindable")), "ignored", "mounts of FreeBSD do not propagate"),
    (frozenset(("idmap", "ridmap")), "refused", NO_OWNERS),
    (frozenset(("src-nofollow", "copy-symlink")), "refused", "links would be followed"),
    (frozenset(("remount",)), "refused", "nothing is mounted there before"),
    (frozenset(("huge", "mpol")), "ignored", "tmpfs of FreeBSD does not choose pages"),
)
_NO_RIGHTS = ("RLIMIT_NICE", "RLIMIT_RTPRIO")
_NODES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "console")
_OF_LINUX = ("/proc", "/sys")
_HONOURED = (
    "is absent: of linux, a jail takes the limits of memory, pids, CPU time and CPUs, a network namespace "
    "as a vnet without interfaces, NET_RAW and NET_BIND_SERVICE as allow; all else is as "
    "config-freebsd.md has it by default"
)


def further(config: Object) -> Iterator[tuple[str, str, str]]:
    """What depends on more than one value: JSON path, reason, outcome."""
    for i, row in enumerate((config.get("process") or {}).get("rlimits") or ()):
        if row.get("type", "RLIMIT_CPU") not in LIMITS:
            yield f"$.process.rlimits[{i}]", _LIMIT, "ignored" if row["type"] in _NO_RIGHTS else "refused"
    yield from _options(config)
    linux = config.get("linux")
    if linux is None:
        return
    if config.get("freebsd") is None:
        yield "$.freebsd", _HONOURED, "note"
    yield from _namespaces(linux.get("namespaces") or ())
    for i, device in enumerate(linux.get("devices") or ()):
        if str(device.get("path")).removeprefix("/dev/") not in _NODES:
            yield f"$.linux.devices[{i}]", "name devices of FreeBSD in freebsd.devices", "ignored"
    for i, rule in enumerate((linux.get("resources") or {}).get("devices") or ()):
        if rule.get("allow"):
            reason = "a jail sees the usual devices and those of freebsd.devices"
            yield f"$.linux.resources.devices[{i}]", reason, "ignored"
    for name, what in (("maskedPaths", "would be readable"), ("readonlyPaths", "could be written")):
        paths = linux.get(name) or ()
        if any(path.startswith(_OF_LINUX) for path in paths):
            yield f"$.linux.{name}", "what it names of /proc and /sys does not exist in a jail", "ignored"
        for i, path in enumerate(paths):
            if not path.startswith(_OF_LINUX):
                yield f"$.linux.{name}[{i}]", f'"{path}" {what}', "refused"


def _namespaces(rows: "list[Object] | tuple[()]") -> Iterator[tuple[str, str, str]]:
    given = [row.get("type") for row in rows]
    for kind, outcome, reason in (
        ("user", "refused", _IDS),
        ("time", "refused", "it would see the clocks of the host"),
        ("pid", "ignored", "a jail sees its own processes only, but by the host's numbers"),
        ("cgroup", "ignored", _CGROUP),
    ):
        if kind in given:
            yield f"$.linux.namespaces[{given.index(kind)}]", reason, outcome
    missing = [kind for kind in ("pid", "mount", "ipc") if kind not in given and given]
    if missing:
        yield "$.linux.namespaces", f"a jail never shares the host's: {', '.join(missing)}", "ignored"


def _options(config: Object) -> Iterator[tuple[str, str, str]]:
    """What mount(8) would only refuse when half of the mounts are there."""
    said = frozenset(name for names, _, _ in OPTIONS for name in names)
    for i, mount in enumerate(config.get("mounts") or ()):
        place = os.path.normpath("/" + str(mount.get("destination") or "").lstrip("/"))
        kind = file_system(mount, place)
        if kind not in OWN or (place == "/dev" and mount.get("type") == "tmpfs"):
            continue  # another file system than the options were for
        for j, option in enumerate(mount.get("options") or ()):
            if option.partition("=")[0] not in said:
                reason = option_fault(kind, option)
                if reason:
                    yield f"$.mounts[{i}].options[{j}]", reason, "refused"
