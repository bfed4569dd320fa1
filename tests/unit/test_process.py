"""nexcage.host.process: starting programs, what they say, how they end."""

import os
import shlex
import signal
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.errors import CommandFailed, DriverUnavailable, Timeout
from nexcage.host import process

IGNORED = "sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status"


def shell(script, **options):
    return process.run(["/bin/sh", "-c", script], **options)


@given(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1, max_size=5))
def test_a_pasted_line_is_split_into_the_same_words(argv):
    assert shlex.split(process.paste(argv)) == argv


def test_plain_words_are_pasted_without_quotes():
    assert process.paste(["/usr/bin/crun", "--root=/run/x", "state", "a b", ""]) == (
        "/usr/bin/crun --root=/run/x state 'a b' ''"
    )


def test_which_finds_what_can_be_run(tmp_path):
    for name, mode in (("a/tool", 0o755), ("b/tool", 0o755), ("a/text", 0o644)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(mode)
    (tmp_path / "a" / "folder").mkdir()
    path = f"/nowhere:{tmp_path}/a:{tmp_path}/b"
    assert process.which("tool", path) == f"{tmp_path}/a/tool"
    assert process.which("text", path) == ""
    assert process.which("folder", path) == ""
    assert process.which("nothing", path) == ""
    assert process.which(f"{tmp_path}/b/tool") == f"{tmp_path}/b/tool"
    assert process.which(f"{tmp_path}/a/text") == ""


def test_which_makes_a_relative_entry_absolute(tmp_path, monkeypatch):
    (tmp_path / "tool").touch(0o755)
    monkeypatch.chdir(tmp_path)
    assert process.which("tool", ":/nowhere") == f"{tmp_path}/tool"


def test_both_streams_are_captured_apart():
    done = shell("echo out; echo err >&2; exit 3")
    assert (done.stdout, done.stderr, done.status) == ("out\n", "err\n", 3)


def test_much_output_on_both_streams_does_not_block():
    done = shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2")
    assert len(done.stdout) == len(done.stderr) == 300_000


def test_input_is_empty_and_the_environment_small(monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    done = shell("cat; echo ${SECRET-unset} $LC_ALL")
    assert done.stdout == "unset C.UTF-8\n"


def test_output_that_is_no_utf8_is_kept_readable():
    assert shell(r"printf 'a\377b'").stdout == "a\N{REPLACEMENT CHARACTER}b"


def test_a_program_that_takes_too_long_is_killed(tmp_path):
    with pytest.raises(Timeout, match=r"did not end within 0\.2 s"):
        shell(f"echo $$ > {tmp_path}/pid; exec sleep 30", timeout=0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_program_that_closes_its_output_is_timed_as_well():
    began = time.monotonic()
    with pytest.raises(Timeout):
        shell("exec >/dev/null 2>&1; exec sleep 2", timeout=0.2)
    assert time.monotonic() - began < 1.5


def test_a_process_left_behind_is_not_waited_for():
    began = time.monotonic()
    done = shell("sleep 3 & echo said")
    assert done.stdout == "said\n"
    assert time.monotonic() - began < 2


def test_no_descriptor_is_left_open():
    shell("true")
    before = os.listdir("/proc/self/fd")
    shell("true")
    with pytest.raises(Timeout):
        shell("exec sleep 9", timeout=0.05)
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1])
def test_a_status_is_128_and_the_signal(number):
    assert shell(f"kill -{int(number)} $$").status == 128 + number
    assert process.attached(["/bin/sh", "-c", f"kill -{int(number)} $$"]) == 128 + number
    assert process.foreground(["/bin/sh", "-c", f"kill -{int(number)} $$"]) == 128 + number


def test_ending_in_words():
    assert process.ending(3) == "exit status 3"
    assert process.ending(137) == "killed by signal 9"
    assert process.ending(255) == "exit status 255"


def test_a_failure_carries_the_last_line_and_the_command():
    with pytest.raises(CommandFailed) as caught:
        shell("echo one >&2; echo two >&2; exit 4").check()
    assert caught.value.message == "sh: two"
    assert caught.value.data["status"] == 4
    assert caught.value.data["argv"].startswith("/bin/sh -c ")
    with pytest.raises(CommandFailed, match="sh: exit status 5"):
        shell("exit 5").check()


def test_a_program_that_is_not_there_is_unavailable():
    with pytest.raises(DriverUnavailable, match="cannot start /nowhere/crun: no such file"):
        process.run(["/nowhere/crun"])


@pytest.mark.parametrize("start", [process.attached, process.foreground])
def test_children_do_not_inherit_ignored_signals(start, tmp_path):
    out = str(tmp_path / "out")
    start(["/bin/sh", "-c", IGNORED], out)
    for text in (shell(IGNORED).stdout, (tmp_path / "out").read_text()):
        bits = int(text, 16)
        assert not bits & (1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1))


def test_children_start_with_the_mask_of_the_caller(tmp_path):
    process.foreground(["/bin/sh", "-c", "sed -n 's/^SigBlk:.//p' /proc/self/status"], str(tmp_path / "out"))
    assert int((tmp_path / "out").read_text(), 16) == 0


def test_output_to_a_file_is_appended_and_private(tmp_path):
    out = tmp_path / "out"
    for word in "ab":
        assert process.attached(["/bin/sh", "-c", f"echo {word}; echo {word} >&2"], str(out)) == 0
    assert out.read_text() == "a\na\nb\nb\n"
    assert out.stat().st_mode & 0o777 == 0o600


def test_extra_descriptors_directory_and_umask_pass_through(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    handle = os.open("given", os.O_WRONLY | os.O_CREAT)
    os.set_inheritable(handle, True)
    before = os.umask(0o027)
    try:
        assert process.attached(["/bin/sh", "-c", f"(umask; pwd) >/proc/self/fd/{handle}"]) == 0
    finally:
        os.umask(before)
        os.close(handle)
    assert (tmp_path / "given").read_text() == f"0027\n{tmp_path}\n"
