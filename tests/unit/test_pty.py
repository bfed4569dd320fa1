"""nexcage.host.pty: a program on a terminal of its own, seen through ours."""

import contextlib
import os
import pty
import subprocess
import sys
import time

RUN = """
import sys
from nexcage.host import process, pty
ours, other = pty.opened({size})
pid = process.started({argv}, terminal=other)
import os
os.close(other)
status = process.followed(pid, ours)
sys.stdout.flush()
os._exit(status)
"""


def rest(handle):
    """What comes until nobody has the other end."""
    said = b""
    with contextlib.suppress(OSError):
        while block := os.read(handle, 4096):
            said += block
    return said


def on_terminal(argv, typed=b"", size=None):
    """(output, status) of a program that is followed from a terminal."""
    pid, handle = pty.fork()
    if pid == 0:
        code = RUN.format(argv=argv, size=size)
        os.execv(sys.executable, [sys.executable, "-c", code])
    if typed:
        time.sleep(0.3)
        os.write(handle, typed)
    said = rest(handle)
    os.close(handle)
    return said, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_its_output_and_status_come_through():
    assert on_terminal(["/bin/sh", "-c", "test -t 0 && test -t 1 && echo yes; exit 7"]) == (b"yes\r\n", 7)


def test_what_is_typed_goes_there_once():
    said, status = on_terminal(["/bin/sh", "-c", "read x; echo got $x"], b"word\n")
    assert status == 0
    assert said.endswith(b"got word\r\n")


def test_a_key_that_means_a_signal_is_its_own():
    said, status = on_terminal(["/bin/sh", "-c", "stty raw -echo; od -An -tx1 -N1"], b"\x03")
    assert status == 0
    assert b"03" in said


def test_it_has_the_size_that_it_is_given():
    assert on_terminal(["/bin/sh", "-c", "stty size"], size=(33, 77))[0] == b"33 77\r\n"


def test_a_signal_for_us_is_for_it():
    pid, handle = pty.fork()
    if pid == 0:
        argv = ["/bin/sh", "-c", "trap 'echo term; exit 9' TERM; echo ready; while :; do sleep 0.05; done"]
        os.execv(sys.executable, [sys.executable, "-c", RUN.format(argv=argv, size=None)])
    said = b""
    while b"ready" not in said:
        said += os.read(handle, 100)
    os.kill(pid, 15)
    assert b"term" in rest(handle)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


def test_without_a_terminal_its_end_of_input_is_ours():
    code = RUN.format(argv=["/bin/cat"], size=None)
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"text\n", capture_output=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"text") == 2  # the echo of the terminal, and cat's
