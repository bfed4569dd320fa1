"""nexcage.host.execute: the steps in order, and undone in reverse when one fails."""

import os
import signal
import subprocess
import threading

import pytest

from nexcage import log
from nexcage.errors import CommandFailed, Interrupted, NexcageError
from nexcage.host import process
from nexcage.host.execute import execute, undo
from nexcage.plan import Act, MakeDir, Plan, Run, Write


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty directory; ``say("a")`` is a step that notes a, ``say("b", 1)`` one that fails after it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(script):
    return ["/bin/sh", "-c", script]


def say(word, status=0, **options):
    return Run(shell(f"echo {word} >> said; exit {status}"), shell(f"echo un{word} >> said"), **options)


def said(place):
    return (place / "said").read_text().split() if (place / "said").exists() else []


def do(*steps, note=lambda _: None):
    return execute(Plan("create", "web", "crun", list(steps)), note)


def test_steps_are_done_in_order_and_noted_before(place):
    noted = []
    status = do(
        say("a"), MakeDir("d"), Write("d/f", b"x"), say("b"), note=lambda i: noted.append((i, said(place)))
    )
    assert status == 0
    assert said(place) == ["a", "b"]
    assert (place / "d" / "f").read_bytes() == b"x"
    assert noted == [(0, []), (1, ["a"]), (2, ["a"]), (3, ["a"])]


@pytest.mark.usefixtures("place")
def test_directories_and_files_are_private():
    before = os.umask(0)
    try:
        do(MakeDir("d"), Write("f", b""), Write("g", b"", 0o644))
    finally:
        os.umask(before)
    assert [os.stat(name).st_mode & 0o777 for name in "dfg"] == [0o700, 0o600, 0o644]


@pytest.mark.parametrize("stdio", ["inherit", "capture", "null"])
def test_a_failure_undoes_all_in_reverse(place, stdio):
    with pytest.raises(CommandFailed):
        do(say("a"), MakeDir("d"), Write("d/f", b""), say("b"), say("c", 3, stdio=stdio), say("never"))
    assert said(place) == ["a", "b", "c", "unc", "unb", "una"]
    assert os.listdir(place) == ["said"]


@pytest.mark.usefixtures("place")
def test_a_failed_program_is_named_with_its_status_and_command():
    with pytest.raises(CommandFailed, match=r"^sh: exit status 3$") as caught:
        do(say("c", 3))
    assert caught.value.data["status"] == 3
    assert caught.value.data["argv"].startswith("/bin/sh -c ")


def test_the_words_of_a_captured_program_are_in_the_error():
    with pytest.raises(CommandFailed, match=r"^sh: broken$"):
        do(Run(shell("echo broken >&2; exit 1"), stdio="capture"))


@pytest.mark.parametrize("foreground", [False, True])
def test_any_status_may_be_a_result(place, foreground):
    assert do(say("a"), say("b", 7, any_status=True, foreground=foreground)) == 7
    assert said(place) == ["a", "b"]


def test_a_directory_that_was_there_before_stays(place):
    (place / "d").mkdir()
    (place / "d" / "kept").touch()
    with pytest.raises(NexcageError, match="cannot make d: file exists"):
        do(Write("mine", b""), MakeDir("d"))
    assert (place / "d" / "kept").exists()
    assert not (place / "mine").exists()


def test_a_file_that_was_there_before_stays(place):
    (place / "f").write_text("kept")
    with pytest.raises(NexcageError, match="cannot write f: file exists"):
        do(MakeDir("mine"), Write("f", b"new"))
    assert (place / "f").read_text() == "kept"
    assert not (place / "mine").exists()


def test_an_undo_that_fails_is_logged_and_the_rest_undone(place, monkeypatch):
    warnings = []
    monkeypatch.setattr(log, "warning", lambda message, code="": warnings.append((message, code)))
    stuck = Run(shell("true"), shell("echo stuck >&2; exit 1"))
    with pytest.raises(CommandFailed, match="exit status 9"):
        do(say("a"), MakeDir("d"), stuck, Run(shell("exit 9")))
    assert said(place) == ["a", "una"]
    assert not (place / "d").exists()
    [(message, code)] = warnings
    assert message.startswith("could not undo: run    /bin/sh")
    assert message.endswith("sh: stuck")
    assert code == "undo-failed"


def test_undoing_what_was_never_done_is_harmless(place):
    undo([MakeDir(str(place / "d")), Write(str(place / "f"), b""), Run(["/nowhere"])])


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_undoes(place, which):
    def note(index):
        if index == 2:
            os.kill(os.getpid(), which)

    with pytest.raises(Interrupted) as caught:
        do(say("a"), MakeDir("d"), say("b"), note=note)
    assert said(place) == ["a", "una"]
    assert os.listdir(place) == ["said"]
    assert caught.value.exit_code == 128 + which


SLOW = Run(["/bin/sh", "-c", "sleep 0.2; echo whole >> said"], ["/bin/sh", "-c", "echo undone >> said"])


def test_a_signal_while_a_program_runs_undoes_it_when_it_has_ended(place):
    with (
        subprocess.Popen(["/bin/sh", "-c", f"sleep 0.1; kill -TERM {os.getpid()}"]),
        pytest.raises(Interrupted),
    ):
        do(SLOW)
    assert said(place) == ["whole", "undone"]


def test_a_signal_while_a_program_is_being_started_waits_for_it_as_well(place, monkeypatch):
    def interrupted(*args, **options):
        pid = spawn(*args, **options)
        if SLOW.argv == args[1]:  # another thread of the tests' own would take it at once
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        return pid

    spawn = os.posix_spawn
    monkeypatch.setattr(process, "GRACE", 30.0)  # on a busy machine 0.2 s are many
    monkeypatch.setattr(os, "posix_spawn", interrupted)
    with pytest.raises(Interrupted):
        do(SLOW)
    assert said(place) == ["whole", "undone"]


def test_a_plan_describes_itself_without_touching_anything(place):
    plan = Plan("create", "web", "crun", [Write("f", b"abc"), Run(["crun", "x"], ["crun", "y"])], home="/h")
    assert plan.describe() == {
        "verb": "create",
        "id": "web",
        "driver": "crun",
        "steps": [
            {"do": "mkdir", "path": "/h", "undo": "remove"},
            {"do": "write", "path": "f", "bytes": 3, "undo": "remove"},
            {"do": "run", "argv": ["crun", "x"], "undo": ["crun", "y"]},
        ],
    }
    assert [str(step) for step in plan.all_steps()] == ["mkdir  /h", "write  f (3 bytes)", "run    crun x"]
    assert os.listdir(place) == []


def test_a_step_that_cannot_be_undone_is_said_and_known():
    def fail():
        raise NexcageError("busy")

    done = []
    steps = [Act(["first"], lambda: None, lambda: done.append("first")), Act(["second"], fail, fail)]
    plan = Plan("create", "web", "jail", steps)
    with pytest.raises(NexcageError, match="busy"):
        execute(plan)
    assert done == ["first"]  # what comes before is undone all the same
    assert not plan.undone
