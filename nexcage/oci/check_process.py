"""The rest of the rules for ``process`` (config.md, "Process" to "Linux Process")."""

from nexcage.host.facts import CAPABILITIES
from nexcage.oci.check import CAPABILITY_SETS
from nexcage.oci.check_words import INT32, UINT32, UINT64, number_list, one_of, prefixed, some_of, warn
from nexcage.oci.rules import Object, boolean, fault, integer, members, obj, rows, sound, string, strings

AT = "$.process"
# setrlimit(2) of Linux, then what FreeBSD and POSIX have besides
LIMITS = prefixed(
    "RLIMIT_",
    "AS CORE CPU DATA FSIZE LOCKS MEMLOCK MSGQUEUE NICE NOFILE NPROC RSS RTPRIO RTTIME SIGPENDING STACK",
)
FREEBSD_LIMITS = prefixed("RLIMIT_", "KQUEUES NPTS PIPEBUF SBSIZE SWAP UMTXP VMEM")
POLICIES = prefixed("SCHED_", "OTHER FIFO RR BATCH ISO IDLE DEADLINE")
FLAGS = prefixed(
    "SCHED_FLAG_",
    "RESET_ON_FORK RECLAIM DL_OVERRUN KEEP_POLICY KEEP_PARAMS UTIL_CLAMP_MIN UTIL_CLAMP_MAX",
)


def process(config: Object) -> None:
    """Check what a container's making does not rely on."""
    values = obj(config, "process", "$")
    if "consoleSize" in values:
        size = obj(values, "consoleSize", AT)
        for name in ("height", "width"):
            integer(size, name, AT + ".consoleSize", *UINT64, required=True)
        if not boolean(values, "terminal", AT):
            warn(AT + ".consoleSize", "has no effect without a terminal")
    if "user" in values:
        user = obj(values, "user", AT)
        for name in ("uid", "gid"):
            integer(user, name, AT + ".user", *UINT32, required=True)
        string(user, "username", AT + ".user")
    for name in ("commandLine", "apparmorProfile", "selinuxLabel"):
        string(values, name, AT)
    _environment(strings(values, "env", AT))
    _capabilities(obj(values, "capabilities", AT))
    names = LIMITS + (FREEBSD_LIMITS if "freebsd" in config else [])
    for here, row in rows(values, "rlimits", AT):
        one_of(row, "type", here, names)
    if values.get("scheduler") is not None:
        _scheduler(obj(values, "scheduler", AT), AT + ".scheduler")
    if values.get("ioPriority") is not None:
        priority = obj(values, "ioPriority", AT)
        classes = ("IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE")
        one_of(priority, "class", AT + ".ioPriority", classes, required=True)
        integer(priority, "priority", AT + ".ioPriority", 0, 7, required=True)
    affinity = obj(values, "execCPUAffinity", AT)
    for name in ("initial", "final"):
        number_list(affinity, name, AT + ".execCPUAffinity")


def _environment(env: list[str]) -> None:
    seen: dict[str, int] = {}
    for i, entry in enumerate(env):
        name = entry.partition("=")[0]
        if name in seen:
            warn(f"{AT}.env[{i}]", f'"{name}" is already set by {AT}.env[{seen[name]}]')
        seen[name] = i


def _capabilities(sets: Object) -> None:
    at = AT + ".capabilities"
    names = ["CAP_" + name for name in CAPABILITIES]
    held = {name: set(some_of(sets, name, at, names)) for name in CAPABILITY_SETS}
    # capset(2), capabilities(7): the kernel refuses, or the capability is without effect
    _within(held, "effective", "permitted")
    _within(held, "ambient", "permitted")
    if sets.get("inheritable") is not None:  # runc's default config has ambient ones and no such set
        _within(held, "ambient", "inheritable")


def _within(held: dict[str, set[str]], inner: str, outer: str) -> None:
    places = [f"{AT}.capabilities{name}" for name in ("", "." + inner, "." + outer)]
    more = sorted(held[inner] - held[outer])
    if more and sound(*places):
        warn(places[1], f"{', '.join(more)} is not in {outer}, as it has to be to count")


def _scheduler(values: Object, at: str) -> None:
    """sched_setattr(2); the specification wants an error for what does not fit the policy."""
    policy = one_of(values, "policy", at, POLICIES, required=True)
    nice = integer(values, "nice", at, -20, 19)
    priority = integer(values, "priority", at, *INT32)
    some_of(values, "flags", at, FLAGS)
    times = [integer(values, name, at, *UINT64) for name in ("runtime", "deadline", "period")]
    if policy not in POLICIES or not sound(at + ".policy"):
        return
    if nice and policy not in ("SCHED_OTHER", "SCHED_BATCH"):
        fault(at + ".nice", f"{policy} has no nice value")
    if policy in ("SCHED_FIFO", "SCHED_RR"):
        if not 1 <= priority <= 99:
            fault(at + ".priority", f"{priority} is out of range (1 to 99 for {policy})")
    elif priority:
        fault(at + ".priority", f"must be 0 for {policy}, not {priority}")
    if policy != "SCHED_DEADLINE":
        for name, value in zip(("runtime", "deadline", "period"), times, strict=True):
            if value:
                fault(f"{at}.{name}", f"is for SCHED_DEADLINE, not for {policy}")
    elif sound(at + ".runtime", at + ".deadline", at + ".period"):
        runtime, deadline, period = times
        if not 1024 <= runtime <= deadline <= (period or deadline):
            fault(at + ".runtime", "must be at least 1024, at most the deadline, and that at most the period")


def all_ids(values: Object) -> list[tuple[str, int, bool]]:
    """The ids of ``process.user`` that are whole numbers: JSON path, id, whether it is a group."""
    user = obj(values, "user", AT)
    at = AT + ".user"
    found = [(f"{at}.uid", user.get("uid", 0), False), (f"{at}.gid", user.get("gid", 0), True)]
    found += [
        (f"{at}.additionalGids[{i}]", gid, True) for i, gid in enumerate(members(user, "additionalGids", at))
    ]
    return [row for row in found if isinstance(row[1], int) and sound(row[0])]
