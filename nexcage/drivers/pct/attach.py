"""exec: lxc-attach(1), which pct exec is a wrapper of, with what that one cannot say.

pct exec takes one variable at most and neither a user nor a directory, and costs half a second.
"""

import os
import stat
import sys

from nexcage import log
from nexcage.drivers import Exec
from nexcage.drivers.pct import lxc
from nexcage.errors import CommandFailed, NexcageError, Unsupported, UsageError
from nexcage.host import files
from nexcage.oci.rules import Object
from nexcage.plan import Run, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STATUS = {"executable-missing": 127, "executable-denied": 126}
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # of lxc-attach where nobody sets one
_IDS = {"lxc.init.uid": "uid", "lxc.init.gid": "gid"}
_SHELL = 'cd -- "$1" || exit 126; shift; exec "$@"'
# of a process document: what lxc-attach takes from the container, and no exec can have otherwise
_FIXED = (
    "capabilities",
    "rlimits",
    "oomScoreAdj",
    "selinuxLabel",
    "apparmorProfile",
    "scheduler",
    "ioPriority",
    "noNewPrivileges",
)


def base(conf: str) -> Object:
    """User and directory of the container's own process, from its configuration and what that includes."""
    found: Object = {"cwd": "/", "user": {"uid": 0, "gid": 0}, "env": [], "args": []}
    for key, value in _lines(conf):
        if key in _IDS and value.isdecimal() and len(value) < 20:
            found["user"][_IDS[key]] = int(value)
        elif key == "lxc.init.groups":
            found["user"]["additionalGids"] = [
                int(gid) for gid in value.split(",") if gid.isdecimal() and len(gid) < 20
            ]
        elif key == "lxc.init.cwd":
            found["cwd"] = value
    return found


def _lines(conf: str) -> list[tuple[str, str]]:
    rows = []
    for line in f"\n{conf}".split("\n[", 1)[0].splitlines():
        key, colon, value = line.partition(":")
        if not (colon and key.startswith("lxc.")):
            continue
        rows.append((key, value.strip().strip('"')))
        if key == "lxc.include":
            try:
                text = files.read(rows[-1][1], 1 << 20).decode(errors="replace")
            except (OSError, ValueError):
                continue  # start would say so; whoever runs has read it
            rows += [(k.strip(), v.strip()) for k, _, v in (row.partition("=") for row in text.splitlines())]
    return rows


def plan(call: Exec, init: int) -> list[Step]:
    """The step that runs the program; ``init`` is the host pid of the container's first process."""
    for option in (
        "additional-gids",
        "cap",
        "no-new-privs",
        "process-label",
        "apparmor",
        "preserve-fds",
        "cgroup",
        "console-socket",
        "pid-file",
    ):
        if option in call.given:
            raise NexcageError(
                f"pct has no exec --{option}: a program gets what the container has",
                code="unsupported-option",
                hint=f"leave out --{option}",
            )
    process = call.process or {}
    _refuse_fixed(process)
    if process.get("terminal") and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--tty needs a terminal at standard input and output", hint="leave out --tty")
    argv = [
        lxc.program("lxc-attach"),
        "-n",
        call.handle,
        "--quiet",
        "--logfile",
        call.log,
        "--logpriority",
        "ERROR",
    ]
    argv += ["--clear-env"]
    for entry in process.get("env") or ():
        argv += ["--set-var", entry]
    user = process.get("user") or {}
    argv += ["--uid", str(user.get("uid", 0)), "--gid", str(user.get("gid", 0))]
    if user.get("additionalGids"):
        _without_groups(call)
    words = list(process["args"])
    cwd = process.get("cwd") or "/"
    _require_program(words[0], cwd, process.get("env") or (), init)
    if cwd != "/":
        if not os.path.lexists(files.inside(f"/proc/{init}/root", "/bin/sh")):
            if "cwd" in call.given:
                raise NexcageError(
                    "exec --cwd needs /bin/sh in the container, and there is none", code="shell-missing"
                )
        else:
            words = ["/bin/sh", "-c", _SHELL, "sh", cwd, *words]
    return [
        Run(
            [*argv, "--", *words],
            foreground=not call.detached,
            any_status=True,
            detached=call.detached,
            at="/",
        )
    ]


def _refuse_fixed(process: Object) -> None:
    for name in _FIXED:
        if process.get(name):
            raise Unsupported(
                f"process: $.{name}: not supported by pct: a program gets what the container has"
            )


def _without_groups(call: Exec) -> None:
    """lxc-attach gives one group: refused where more are asked for, said where the container has them."""
    if "process" in call.given:
        raise Unsupported("process: $.user.additionalGids: not supported by pct: a program gets one group")
    log.warning("exec: without the container's additional groups: pct gives one", code="clipped")


def _require_program(program: str, cwd: str, env: "Sequence[str]", init: int) -> None:
    """Refuse what cannot be run, as far as it can be seen: lxc-attach says it on the program's own stderr."""
    root = f"/proc/{init}/root"
    if program.startswith("/proc/") or not os.path.exists(root + "/"):
        return  # links that lead elsewhere in the container; a container that has just ended
    if "/" in program:
        places = [cwd]
    else:
        given = [entry[5:] for entry in env if entry.startswith("PATH=")]
        places = ":".join(given[-1:] or [_path_of(init), _PATH]).split(":")
    found = False
    for place in places:
        try:
            mode = os.stat(files.inside(root, os.path.join("/", cwd, place, program))).st_mode
        except (OSError, ValueError):
            continue
        if stat.S_ISREG(mode) and mode & 0o111:
            return
        found = True
    raise _cannot_run(program, denied=found)


def _path_of(init: int) -> str:
    try:
        entries = files.read(f"/proc/{init}/environ", 1 << 20).split(b"\0")
    except OSError:
        return ""
    return next((os.fsdecode(entry[5:]) for entry in entries if entry.startswith(b"PATH=")), "")


def _cannot_run(program: str, *, denied: bool) -> NexcageError:
    """The error, with the status that a shell has for it."""
    error = (
        CommandFailed(f'executable file "{program}": permission denied', code="executable-denied")
        if denied
        else CommandFailed(f'executable file "{program}" not found in $PATH', code="executable-missing")
    )
    error.exit_code = STATUS[error.code]
    return error


def said(path: str) -> str:
    """The errors in lxc-attach's log, in the form in which it prints them without one."""
    try:
        text = files.read(path, 1 << 20).decode(errors="replace")
    except OSError:
        return ""
    lines = []
    for line in text.splitlines():
        head, found, rest = line.partition(" - ")
        if found and " ERROR " in f"{head} ":
            place, found, message = rest.partition(" - ")
            lines.append(
                f"lxc-attach: {head.split()[1]}: {place.replace(':', ': ', 1).replace(':', ': ')} {message}"
            )
    return "\n".join(lines)


def failed(text: str, status: int, verb: str, container_id: str) -> NexcageError:
    """What lxc-attach's words mean."""
    from nexcage.drivers.pct import errors

    error = errors.classify("pct", ["pct", verb], status, "", text, id=container_id, vmid=None)
    if error is None:
        return CommandFailed(f"lxc-attach: {text.splitlines()[-1] if text else f'exit status {status}'}")
    error.exit_code = STATUS.get(error.code, error.exit_code)
    return error
