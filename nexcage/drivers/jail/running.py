"""A jail with its process: what state it is in, and what becomes of it by start, pause, exec and run."""

import os

from nexcage.drivers import Exec
from nexcage.drivers.jail import holding, looking, removing
from nexcage.drivers.jail import made as kept
from nexcage.drivers.jail.made import START, Made
from nexcage.drivers.jail.tools import Tools
from nexcage.drivers.jail.translate import Request, process
from nexcage.drivers.jail.translate.translated import Translated
from nexcage.errors import Locked, NexcageError, UsageError
from nexcage.host import files, hooks, signals
from nexcage.host.process import followed, started
from nexcage.jsontext import dumps
from nexcage.oci.rules import Object
from nexcage.plan import Act, Run, Step, Write

_ROUNDS = 10


def status(tools: Tools, made: Made) -> tuple[str, int]:
    """(created, running, paused or stopped; the pid of its process or 0)."""
    return judge(made, alive(tools, made))


def alive(tools: Tools, made: Made) -> list[tuple[int, str]]:
    """(pid, state) of what lives in the jail."""
    if not made.jid:
        return []
    rows = looking.processes(tools, made.jid)
    return [(pid, state) for pid, state, jail in rows if jail in ("", made.name) and state[:1] != "Z"]


def judge(made: Made, living: list[tuple[int, str]]) -> tuple[str, int]:
    """`status` from what is known to live in the jail."""
    if made.pid not in dict(living):
        return "stopped", 0
    if os.path.lexists(f"{made.home}/{START}"):
        return "created", made.pid
    if all(state[:1] == "T" for _, state in living):
        return "paused", made.pid
    return "running", made.pid


def freeze(tools: Tools, made: Made) -> None:
    """Stop all processes, until no new one turns up: a jail cannot be frozen at once."""
    going: list[int] = []
    for _ in range(_ROUNDS):
        going = [pid for pid, state in alive(tools, made) if state[:1] != "T"]
        if not going:
            return
        for pid in going:
            signals.send(pid, signals.number("STOP"))
    raise NexcageError(
        f"container: new processes turn up faster than they can be stopped, {len(going)} still run",
        code="pause-failed",
        hint="limit their number first: nexcage update --pids-limit",
    )


def thaw(tools: Tools, made: Made) -> None:
    """Let all go on."""
    for pid, _ in alive(tools, made):
        signals.send(pid, signals.number("CONT"))


def start(tools: Tools, made: Made, state: Object) -> None:
    """Let the held process go, then its poststart hooks, which end the container when one fails."""
    holding.start(made, str(state["id"]))
    for hook in made.hooks.get("poststart", ()):
        failure = hooks.run(hook, {**state, "status": "running", "pid": made.pid})
        if failure:
            removing.end(tools, made)
            raise NexcageError(f"poststart hook {failure}: the container is stopped", code="hook-failed")


def ended(made: Made, state: Object) -> None:
    """The poststop hooks."""
    hooks.poststop(made.hooks.get("poststop", ()), {**state, "status": "stopped", "pid": 0})


def see(tools: Tools, made: Made, state: Object, terminal: int, *, keep: bool) -> int:
    """Start it, wait for its process, our child, and take everything back; its status."""
    try:
        start(tools, made, state)
        return followed(made.pid, terminal)
    finally:
        if not keep:
            _over(tools, made, state)


def _over(tools: Tools, made: Made, state: Object) -> None:
    """The end of a run: everything is taken back, unless somebody deletes the container or has done so."""
    lock = files.Lock(f"{made.home}/lock")
    try:
        lock.acquire(f'jail "{made.name}"')
    except (FileNotFoundError, Locked):
        return
    try:
        found = kept.read(made.home)
        if lock.is_current() and found is not None and (found.jid, found.pid) == (made.jid, made.pid):
            removing.everything(tools, made)
            made.forget()
            ended(made, state)
    finally:
        lock.release()


def base(made: Made) -> Object:
    """The container's own process, as the specification writes it."""
    values = holding.kept(made)
    user = {"uid": values["uid"], "gid": values["gid"], "umask": values["umask"]}
    limits = [{"type": n, "soft": s, "hard": h} for n, s, h in values["limits"] if None not in (s, h)]
    return {
        "args": values["args"],
        "env": values["env"],
        "cwd": values["cwd"],
        "user": {**user, "additionalGids": values["groups"]},
        "rlimits": limits,
        "noNewPrivileges": values["no_new_privileges"],
    }


def execute(made: Made, call: Exec) -> list[Step]:
    """The steps of exec: a document, and the process that becomes the program."""
    for option in ("cap", "process-label", "apparmor", "cgroup"):
        if option in call.given:
            raise NexcageError(
                f"jail has no exec --{option}", code="unsupported-option", hint=f"leave out --{option}"
            )
    options = holding.options(call.options)
    console = options.get("console-socket", "")
    wanted = call.process or {}
    request = Request({"process": wanted}, id="", rootfs="/", os="freebsd")
    out = Translated(request)
    for step in (process.args, process.env, process.cwd, process.user, process.rlimits, process.terminal):
        step(request, out)
    process.no_new_privileges(request, out)
    document = holding.document(
        out.held,
        made.jid,
        session=call.detached,
        console=console,
        detached=call.detached,
        log=call.log,
        pid_file=options.get("pid-file", ""),
        keep=int(options.get("preserve-fds") or 0),
    )
    file = f"{call.log}.json"
    write = Write(file, dumps(document).encode())
    command = holding.command("exec", file)
    if not out.held.terminal or console:
        return [write, Run(command, foreground=not call.detached, any_status=True)]
    if call.detached:
        raise UsageError(
            "--tty with --detach needs a socket for the terminal", hint="give it by --console-socket"
        )
    return [write, Act(command, lambda: _on_terminal(command, out.held.size))]


def _on_terminal(command: list[str], size: "tuple[int, int] | None") -> int:
    """Run it on a terminal of its own, which is shown on ours."""
    from nexcage.host import pty

    ours, other = pty.opened(size)
    try:
        pid = started(command, terminal=other)
    finally:
        os.close(other)
    return followed(pid, ours)
