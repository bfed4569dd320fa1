"""Run another program in a container that runs.

The program's exit status becomes nexcage's (128+n when signal n killed it).
Everything after the container id belongs to the program.
"""

import os

from nexcage import log
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.target import Target, find
from nexcage.drivers import Exec
from nexcage.errors import UsageError
from nexcage.host.execute import execute
from nexcage.oci import check
from nexcage.oci.bundle import read_config
from nexcage.oci.clip import clip
from nexcage.oci.process import for_exec
from nexcage.oci.rules import Object
from nexcage.plan import Plan, Write

OPTIONS = (
    Option("process", "read the process from this file (config.json's process object)", "FILE", "p"),
    Option("detach", "do not wait for the program", short="d"),
    Option("tty", "give it a terminal", short="t"),
    Option("user", "run as this user", "UID[:GID]", "u"),
    Option("additional-gids", "further group", "GID", "g", many=True),
    Option("env", "set an environment variable", "NAME=VALUE", "e", many=True),
    Option("cwd", "its working directory", "DIR"),
    Option("cap", "add a capability", "CAP", "c", many=True),
    Option("no-new-privs", "forbid gaining privileges"),
    Option("pid-file", "write its pid here", "FILE"),
    Option("console-socket", "unix socket that receives the terminal", "SOCKET"),
    Option("preserve-fds", "pass on N descriptors after standard error", "N"),
    Option("process-label", "SELinux label", "LABEL"),
    Option("apparmor", "AppArmor profile", "PROFILE"),
    Option("cgroup", "cgroup below the container's", "PATH"),
    Option("ignore-paused", "wait in a paused container instead of failing"),
)
OPERANDS = "ID [--] PROGRAM [ARGUMENT...]"
STOP_EARLY = True
EXAMPLES = (
    ("a shell in container web", "nexcage exec --tty web sh"),
    ("as another user", "nexcage exec --user 1000:1000 --env TERM=xterm web id"),
)
CALL = ("detach", "console-socket", "preserve-fds", "cgroup", "ignore-paused")
# what a process document says as well
PROCESS = ("tty", "user", "additional-gids", "env", "cwd", "cap", "no-new-privs", "process-label", "apparmor")


def run(call: Call) -> int:
    """runc's verb; the process file is the specification's ``process`` object."""
    target = find(call, call.operand("the container id"))
    program = call.operands[1:] if call.operands[:1] == ["--"] else call.operands
    if bool(program) == bool(call.text("process")):
        raise UsageError(
            "say what to run: a program after the id, or --process FILE" if not program else
            "a program and --process FILE are given: leave one out"
        )  # fmt: skip
    allowed = ("created", "running", "paused") if call.flag("ignore-paused") else ("created", "running")
    pid = target.require("exec", *allowed)
    home = target.store.home(target.record.id)
    words = f"{home}/exec-{os.getpid()}-{os.urandom(8).hex()}.log"
    options = call.passed(*CALL)
    if call.text("pid-file"):
        options += ["--pid-file", os.path.abspath(call.text("pid-file"))]
    process, file = _process(call, target, pid, program)
    order = Exec(
        target.record.handle, home, words, program=program, words=call.passed(*PROCESS), options=options,
        given=frozenset(name for name in call.values if call.values[name]), process=process, file=file,
    )  # fmt: skip
    plan = Plan("exec", target.record.id, target.record.driver, target.driver.plan_exec(order))
    if call.shows_only(plan):
        return 0
    return _carry_out(target, plan, words)


def _carry_out(target: Target, plan: Plan, words: str) -> int:
    try:
        status = execute(plan)
        said = target.driver.said(words) if status else ""
    finally:
        for path in [words, *(step.path for step in plan.steps if isinstance(step, Write))]:
            if os.path.lexists(path):
                os.unlink(path)
    if said:
        raise target.driver.classify(said, status, "exec", target.record.id)
    return status


def _process(call: Call, target: Target, pid: int, program: list[str]) -> tuple[Object | None, str]:
    """The process to run, lowered to what this host may give, and the file that holds it, if one does.

    None where the driver makes it of the options itself.
    """
    name = call.text("process")
    if name:
        process = read_config(os.path.abspath(name))
        check.process(process, "$")
        label = os.path.basename(name)
    else:
        base = target.driver.exec_base(target.record.handle)
        if base is None:
            return None, ""
        process = _changed(call, base, program)
        label = "exec"
    if not target.driver.linux:
        return process, ""
    own = os.stat(f"/proc/{pid}/ns/user").st_ino != os.stat("/proc/self/ns/user").st_ino
    said = clip(process, call.facts, call.text("clip", "auto"), at="$", own_user_namespace=own)
    for sentence in said:
        log.warning(f"{label}: {sentence}", code="clipped")
    return process, "" if said or not name else os.path.abspath(name)


def _changed(call: Call, base: Object, program: list[str]) -> Object:
    return for_exec(
        base,
        program,
        tty=call.flag("tty"),
        user=call.text("user"),
        groups=call.many("additional-gids"),
        env=call.many("env"),
        cwd=call.text("cwd"),
        capabilities=call.many("cap"),
        no_new_privileges=call.flag("no-new-privs"),
        label=call.text("process-label"),
        apparmor=call.text("apparmor"),
    )
