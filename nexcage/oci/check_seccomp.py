"""The rest of the rules for ``linux.seccomp`` (config-linux.md, "Seccomp"; seccomp(2))."""

from nexcage.oci.check_words import UINT64, one_of, prefixed, some_of, warn
from nexcage.oci.rules import Object, fault, integer, obj, rows, sound, string, strings

AT = "$.linux.seccomp"
_ACTIONS = prefixed("SCMP_ACT_", "ALLOW ERRNO KILL KILL_PROCESS KILL_THREAD LOG NOTIFY TRACE TRAP")
_ARCHES = prefixed(
    "SCMP_ARCH_",  # to libseccomp 2.6
    "X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE S390 "
    "S390X PARISC PARISC64 RISCV64 LOONGARCH64 M68K SH SHEB",
)
_OPERATORS = prefixed("SCMP_CMP_", "NE LT LE EQ GE GT MASKED_EQ")
_FLAGS = prefixed("SECCOMP_FILTER_FLAG_", "TSYNC LOG SPEC_ALLOW WAIT_KILLABLE_RECV")
_WITH_NUMBER = ("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE")
_NOTIFY = "SCMP_ACT_NOTIFY"


def seccomp(config: Object) -> None:
    """Check what a container's making does not rely on."""
    linux = obj(config, "linux", "$")
    if linux.get("seccomp") is None:
        return
    values = obj(linux, "seccomp", "$.linux")
    actions = [one_of(values, "defaultAction", AT, _ACTIONS, required=True)]
    _number(values, "defaultErrnoRet", AT, "defaultAction")
    some_of(values, "architectures", AT, _ARCHES)
    some_of(values, "flags", AT, _FLAGS)
    for here, rule in rows(values, "syscalls", AT):
        actions.append(one_of(rule, "action", here, _ACTIONS, required=True))
        _number(rule, "errnoRet", here, "action")
        for i, name in enumerate(strings(rule, "names", here)):
            if not name:
                fault(f"{here}.names[{i}]", "must not be empty")
        for at, row in rows(rule, "args", here):
            integer(row, "index", at, 0, 5, required=True)
            integer(row, "value", at, *UINT64, required=True)
            integer(row, "valueTwo", at, *UINT64)
            one_of(row, "op", at, _OPERATORS, required=True)
    _listener(values, actions)


def _number(values: Object, name: str, at: str, action: str) -> None:
    integer(values, name, at, 0, 65535)
    given = values.get(action)
    if values.get(name) and given in _ACTIONS and given not in _WITH_NUMBER:
        fault(f"{at}.{name}", f"is not for {given}, which gives no number back")


def _listener(values: Object, actions: list[str]) -> None:
    path = string(values, "listenerPath", AT)
    if path and not path.startswith("/"):
        fault(AT + ".listenerPath", f'must be an absolute path, not "{path}"')
    if string(values, "listenerMetadata", AT) and not path and sound(AT + ".listenerPath"):
        fault(AT + ".listenerMetadata", "must not be set without listenerPath")
    if _NOTIFY in actions and not path:
        fault(AT + ".listenerPath", f"is required for {_NOTIFY}: who would judge the calls?")
    if path and _NOTIFY not in actions and all(actions):
        warn(AT + ".listenerPath", f"has no effect without {_NOTIFY}")
