"""What the driver pct refuses or ignores: a container of Proxmox VE is one of LXC.

What is not here is honoured: by options of pct(1) where they have the same meaning, else by ``lxc.*`` lines
of the container's configuration: ``lxc.init.*``, ``cap.keep``, ``prlimit.*``, ``cgroup2.*`` (all of
linux.resources that cgroup v2 has), ``mount.entry``, ``idmap``, ``apparmor.profile``, ``seccomp.profile``,
``net.*``. Keys that Proxmox VE does not let through in its own file (``no_new_privs``,
``proc.oom_score_adj``, ``sysctl.net.*``, ``init.uid`` before 6.1) go into a file that ``lxc.include`` names:
`nexcage.drivers.pct.translate`. Hooks after the start are run by nexcage. Facts: pve-container 6.1
(Proxmox VE 9.1), PVE/LXC/Config.pm; lxc.container.conf(5) of LXC 6.
"""

from collections.abc import Iterator

from nexcage.drivers.pct.quoting import Inexpressible, command, control, dns_fault
from nexcage.oci.rules import Object

FACTS = "Proxmox VE 9.1"
_FOREIGN = "it is for another platform than Linux"
_PLACE = "Proxmox VE has a place of its own for it: /lxc/VMID"
_V1 = "cgroup v2 has no such setting"
_NO_PID = "before its start a container of Proxmox VE has no process, so they would get no pid"
_POLICY = "LXC does not set it"
_CACHE = "its share of cache and memory bandwidth would not be limited"
_AGENT = "Proxmox VE has its own agent there"
_SELINUX = "the kernel of Proxmox VE has no SELinux"

# property (as `refusals.places` reads it), values besides 0, false, empty that ask for nothing, outcome, why
PROPERTIES: tuple[tuple[str, tuple[object, ...], str, str], ...] = (
    ("domainname", (), "ignored", "LXC sets only the host name"),
    ("windows", (), "ignored", _FOREIGN),
    ("solaris", (), "ignored", _FOREIGN),
    ("vm", (), "ignored", _FOREIGN),
    ("zos", (), "ignored", _FOREIGN),
    ("freebsd", (), "ignored", _FOREIGN),
    ("hooks.prestart", (), "refused", _NO_PID),
    ("hooks.createRuntime", (), "refused", _NO_PID),
    ("hooks.createContainer", (), "refused", _NO_PID),
    (
        "hooks.startContainer",
        (),
        "refused",
        "pct starts the program at once, and LXC's own hooks get no state",
    ),
    (
        "process.terminal",
        (),
        "note",
        "its terminal is the one of pct console, and is not handed over a socket",
    ),
    ("process.consoleSize", (), "ignored", "pct console takes the size of the caller's terminal"),
    ("process.commandLine", (), "ignored", _FOREIGN),
    ("process.selinuxLabel", (), "refused", _SELINUX),
    ("process.scheduler", (), "ignored", _POLICY),
    ("process.ioPriority", (), "ignored", _POLICY),
    ("process.execCPUAffinity", (), "ignored", "exec would use any CPU of the container"),
    ("process.user.umask", (0o022,), "refused", "it would be 0022"),
    ("process.user.username", (), "ignored", _FOREIGN),
    ("linux.namespaces[].path", (), "refused", "a container of Proxmox VE joins no namespaces"),
    ("linux.timeOffsets", (), "refused", "it would see the clocks of the host"),
    ("linux.cgroupsPath", (), "ignored", _PLACE),
    ("linux.mountLabel", (), "refused", _SELINUX),
    ("linux.memoryPolicy", (), "ignored", "memory would come from any node"),
    ("linux.intelRdt.closID", (), "refused", _CACHE),
    ("linux.intelRdt.l3CacheSchema", (), "refused", _CACHE),
    ("linux.intelRdt.memBwSchema", (), "refused", _CACHE),
    ("linux.intelRdt.schemata", (), "refused", _CACHE),
    ("linux.intelRdt.enableMonitoring", (), "ignored", "nothing is measured"),
    ("linux.intelRdt.enableCMT", (), "ignored", "nothing is measured"),
    ("linux.intelRdt.enableMBM", (), "ignored", "nothing is measured"),
    ("linux.seccomp.flags[]", (), "refused", "LXC sets no flags of filters"),
    ("linux.seccomp.listenerPath", (), "refused", _AGENT),
    ("linux.seccomp.listenerMetadata", (), "refused", _AGENT),
    ("linux.resources.network", (), "ignored", _V1),
    ("linux.resources.blockIO.leafWeight", (), "ignored", _V1),
    ("linux.resources.blockIO.weightDevice[].leafWeight", (), "ignored", _V1),
    ("linux.resources.cpu.realtimePeriod", (), "ignored", _V1),
    ("linux.resources.cpu.realtimeRuntime", (), "ignored", _V1),
    ("linux.resources.memory.disableOOMKiller", (), "ignored", _V1),
    ("linux.resources.memory.swappiness", (), "ignored", _V1),
    ("linux.resources.memory.useHierarchy", (), "ignored", "cgroup v2 always does"),
    ("linux.resources.memory.kernel", (-1,), "ignored", "only memory.limit counts it"),
    ("linux.resources.memory.kernelTCP", (-1,), "ignored", "only memory.limit counts it"),
    ("linux.resources.memory.checkBeforeUpdate", (), "ignored", "no check"),
)

# all other types go to the kernel by lxc.mount.entry
MOUNTS: dict[str, tuple[str, str] | None] = {}
OTHER_MOUNTS: tuple[str, str] | None = None
NO_OWNERS = "LXC maps the owners of a mount only as those of the container"
_UNKNOWN = "LXC does not know this option, and the file system would refuse it"
# names (before a "="), outcome, why; what is not here is a file system's, or LXC applies it
OPTIONS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset(("rro", "rnosuid", "rnodev", "rnoexec", "rnosymfollow", "nosymfollow")), "refused", _UNKNOWN),
    (frozenset(("src-nofollow", "copy-symlink")), "refused", "links would be followed"),
    (frozenset(("idmap", "ridmap")), "refused", NO_OWNERS),
    (frozenset(("tmpcopyup", "dest-nofollow")), "ignored", "LXC has no such option"),
)
LIMITS = tuple(
    f"RLIMIT_{name}"
    for name in (
        "AS", "CORE", "CPU", "DATA", "FSIZE", "LOCKS", "MEMLOCK", "MSGQUEUE", "NICE", "NOFILE", "NPROC",
        "RSS", "RTPRIO", "RTTIME", "SIGPENDING", "STACK",
    )
)  # fmt: skip
_LEAST_MEMORY = 16 << 20
_TEXTS = (
    "process.args[]",
    "process.env[]",
    "process.cwd",
    "process.apparmorProfile",
    "mounts[].destination",
    "mounts[].source",
    "mounts[].type",
    "mounts[].options[]",
    "linux.devices[].path",
    "linux.maskedPaths[]",
    "linux.readonlyPaths[]",
    "linux.sysctl{}",
    "linux.resources.unified{}",
)
_KINDS = ("pid", "network", "mount", "ipc", "uts")
# seccomp profiles of LXC, version 2: kill, trap, errno, allow, notify
_ACTIONS = ("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP")


def further(config: Object) -> Iterator[tuple[str, str, str]]:
    """What depends on more than one value: JSON path, reason, outcome."""
    name = config.get("hostname") or ""
    fault = dns_fault(name) if name else ""
    if fault:
        yield "$.hostname", f'pct takes only DNS names, and "{name}" is none: {fault}', "refused"
    process = config.get("process") or {}
    yield from _lines(config)
    yield from _words(process.get("args") or [])
    yield from _capabilities(process)
    for i, row in enumerate(process.get("rlimits") or ()):
        if row.get("type", LIMITS[0]) not in LIMITS:
            yield f"$.process.rlimits[{i}]", "Linux has no such limit", "refused"
    linux = config.get("linux")
    if linux is None:
        return
    limit = ((linux.get("resources") or {}).get("memory") or {}).get("limit") or 0
    if 0 < limit < _LEAST_MEMORY:
        yield "$.linux.resources.memory.limit", "Proxmox VE gives 16 MiB at least", "refused"
    for key in linux.get("sysctl") or ():
        if not key.startswith(("net.", "net/")):
            reason = "LXC cannot set it: it mounts /proc/sys read-only before, all but net"
            yield f'$.linux.sysctl["{key}"]', reason, "refused"
        elif "/" in key and "." in key:
            yield f'$.linux.sysctl["{key}"]', "LXC takes a dot in a name for a slash", "refused"
    given = [row.get("type") for row in linux.get("namespaces") or ()]
    missing = [kind for kind in _KINDS if kind not in given]
    if missing:
        yield (
            "$.linux.namespaces",
            f"a container of Proxmox VE always has its own: {', '.join(missing)}",
            "ignored",
        )
    if "time" in given:
        yield f"$.linux.namespaces[{given.index('time')}]", "Proxmox VE makes no time namespaces", "refused"
    if (linux.get("rootfsPropagation") or "").removeprefix("r") in ("shared", "unbindable"):
        yield "$.linux.rootfsPropagation", "Proxmox VE does not let LXC set it", "ignored"
    for i, device in enumerate(linux.get("devices") or ()):
        if device.get("type") == "p":
            yield f"$.linux.devices[{i}]", "Proxmox VE makes no pipes", "ignored"
    seccomp = linux.get("seccomp") or {}
    rules = [("$.linux.seccomp.defaultAction", seccomp.get("defaultAction"))]
    rules += [
        (f"$.linux.seccomp.syscalls[{i}].action", r.get("action"))
        for i, r in enumerate(seccomp.get("syscalls") or ())
    ]
    for at, action in rules:
        if action and action not in _ACTIONS:
            yield at, f"filters of LXC have no {action}", "refused"


def _lines(config: Object) -> Iterator[tuple[str, str, str]]:
    """The container's configuration is made of lines."""
    from nexcage.drivers.refusals import places

    for pattern in _TEXTS:
        for path, text in places(config, pattern):
            if isinstance(text, str) and control(text):
                reason = "has a control character, which the container's configuration cannot hold"
                yield path, reason, "refused"


def _words(args: list[str]) -> Iterator[tuple[str, str, str]]:
    try:
        command(args)
    except Inexpressible as error:
        reason = "has both kinds of quotes and a blank, which lxc.init.cmd cannot hold"
        yield f"$.process.args[{error.index}]", reason, "refused"


def _capabilities(process: Object) -> Iterator[tuple[str, str, str]]:
    """LXC has one set: what a program may ever have. Root has all of it, other users nothing."""
    sets = process.get("capabilities") or {}
    root = not (process.get("user") or {}).get("uid")
    bounding = set(sets.get("bounding") or ())
    for name in ("effective", "permitted"):
        if root and bounding - set(sets.get(name) or ()):
            yield f"$.process.capabilities.{name}", "root has all that the bounding set has", "refused"
    for name in ("inheritable", "ambient"):
        if sets.get(name) and not root:
            yield f"$.process.capabilities.{name}", "LXC gives capabilities to root only", "ignored"
