"""nexcage.drivers: the words of crun 1.8.1 and runc 1.1.5 become the same error on both.

All words were recorded from the programs of Debian 12.
"""

import pytest

from nexcage.cli.call import Call
from nexcage.cli.target import Target
from nexcage.drivers import Settings
from nexcage.drivers.crun import Crun
from nexcage.drivers.runc import Runc
from nexcage.errors import CommandFailed
from nexcage.host.facts import Facts
from nexcage.state.record import Record

CRUN = Crun(Facts(), "/run/nexcage/@crun", Settings())
RUNC = Runc(Facts(), "/run/nexcage/@runc", Settings())


def logrus(message):
    return f'time="2026-11-22T21:30:07Z" level=error msg="{message}"\n'


MISSING = (
    "error opening file `/run/nexcage/@crun/web/status`: No such file or directory\n",
    logrus("container does not exist"),
)
MISSING_DIRECTORY = (
    "cannot open directory '/run/nexcage/@crun/web': No such file or directory\n",
    MISSING[1],
)
ENDED = ("the container `web` is not running: No such process\n", logrus("container not running"))
PAUSED = (
    "the container `web` is paused",
    "exec failed: cannot exec in a paused container (use --ignore-paused to override)",
)
NO_PROGRAM = (
    "executable file `nope` not found in $PATH: No such file or directory",
    '{}unable to start container process: exec: "nope": executable file not found in $PATH',
)
NO_FILE = (
    "executable file `/nope` not found in $PATH: No such file or directory",
    '{}unable to start container process: exec: "/nope": stat /nope: no such file or directory',
)
GONE = 'container "web" does not exist'
STOPPED = 'container "web": container not running'


@pytest.mark.parametrize(
    ("said", "verb", "code", "message"),
    [
        *((MISSING, verb, "container-missing", GONE) for verb in ("state", "start", "exec", "pause")),
        (("", logrus("exec failed: container does not exist")), "exec", "container-missing", GONE),
        (MISSING_DIRECTORY, "delete", "container-missing", GONE),
        (("open pidfd: No such process\n", logrus("container not running")), "kill", "not-running", STOPPED),
        (ENDED, "pause", "not-running", STOPPED),
        (("", logrus("os: process already finished")), "kill", "not-running", STOPPED),
        (
            ("the container `web` is not running", "exec failed: cannot exec in a stopped container"),
            "exec", "not-running", STOPPED,
        ),
        (PAUSED, "exec", "wrong-status", 'container "web" is paused'),
        *(
            ((a, b.format(prefix)), verb, "executable-missing",
             f'executable file "{name}" not found in $PATH')
            for name, (a, b) in (("nope", NO_PROGRAM), ("/nope", NO_FILE))
            for verb, prefix in (
                ("exec", "exec failed: "), ("create", "runc create failed: "), ("run", "runc run failed: "),
            )
        ),
    ],
)  # fmt: skip
def test_the_same_situation_is_the_same_error(said, verb, code, message):
    for program, words in zip((CRUN, RUNC), said, strict=True):
        if words:
            error = program.classify(words, 1, verb, "web")
            assert (error.code, error.message, error.exit_code) == (code, message, 1)


@pytest.mark.parametrize("program", ["paused", "does not exist", "not running", "/opt/unpaused"])
def test_the_name_of_a_program_is_not_taken_for_a_status(program):
    for driver, words in ((CRUN, NO_PROGRAM[0]), (RUNC, NO_PROGRAM[1].format("exec failed: "))):
        error = driver.classify(words.replace("nope", program), 1, "exec", "web")
        assert error.message == f'executable file "{program}" not found in $PATH'


def test_a_create_that_misses_something_else_does_not_miss_the_container():
    for program in (CRUN, RUNC):
        error = program.classify('mount "/x": the source does not exist', 1, "create", "web")
        assert (error.code, error.message) == (
            "driver-failed", f'{program.name} create: mount "/x": the source does not exist',
        )  # fmt: skip


def test_other_failures_keep_the_last_words_or_the_status():
    for program in (CRUN, RUNC):
        assert program.classify("one\ntwo\n", 1, "run", "web").message == f"{program.name} run: two"
        assert program.classify("", 3, "run", "web").message == f"{program.name} run: exit status 3"
        assert program.classify("", 137, "run", "web").message == f"{program.name} run: killed by signal 9"


def test_quotes_in_the_words_of_runc_are_taken_out_of_their_escapes():
    words = logrus('cannot open \\"/x\\": broken')
    assert RUNC.classify(words, 1, "update", "web").message == 'runc update: cannot open "/x": broken'


def target(monkeypatch, driver, status):
    """Container web, which has ``status`` now, on a driver that has failed."""
    record = Record(id="web", driver=driver.name, handle="web", boot_id="", cgroup_manager="")
    found = Target.__new__(Target)
    found.call, found.record, found.driver = Call("", {}, []), record, driver
    monkeypatch.setattr(Target, "state", lambda _: (status, 0))
    return found


START_TWICE = (
    "cannot open `/r/@crun/web/exec.fifo`: No such file or directory",
    "cannot start an already running container",
)
START_STOPPED = ("container `web` is not running", "cannot start a container that has stopped")
DELETE_RUNNING = (
    "the container `web` is not in `created` or `stopped` state",
    "cannot delete container web that is not stopped: running",
)


@pytest.mark.parametrize(
    ("said", "verb", "status", "code", "message"),
    [
        (START_TWICE, "start", "running", "wrong-status",
         'cannot start container "web": it is already running'),
        (START_STOPPED, "start", "stopped", "wrong-status", 'cannot start container "web": it has stopped'),
        (
            DELETE_RUNNING, "delete", "running", "wrong-status",
            'cannot delete container "web" that is not stopped: running',
        ),
        (ENDED, "pause", "stopped", "not-running",
         'cannot pause container "web" that is stopped: container not running'),
        (
            ("the container `web` is not running: No such process", logrus("container not paused")),
            "resume", "running", "wrong-status",
            'cannot resume container "web": it is not paused but running',
        ),
    ],
)  # fmt: skip
def test_a_refusal_because_of_the_status_says_the_status(monkeypatch, said, verb, status, code, message):
    for program, words in zip((CRUN, RUNC), said, strict=True):
        failed = CommandFailed("x", stderr=words, status=1)
        error = target(monkeypatch, program, status).explain(verb, failed)
        assert (error.code, error.message, error.exit_code) == (code, message, 1)


def test_the_last_error_of_a_log_counts(tmp_path):
    (tmp_path / "log").write_text(
        '{"level":"error","msg":"first"}\n{"level":"error","msg":"second"}\n{"level":"info","msg":"w"}\ntext\n'
    )
    assert RUNC.said(str(tmp_path / "log")) == "second"
    assert RUNC.said(str(tmp_path / "none")) == ""
