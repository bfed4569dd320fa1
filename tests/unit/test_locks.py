"""nexcage.host.files.Lock: one holder at a time, also across processes, and none after its end."""

import contextlib
import os
import subprocess
import sys
import time

import pytest

from nexcage.errors import Locked
from nexcage.host import files

HOLDER = """
import sys
from nexcage.host.files import Lock
lock = Lock(sys.argv[1]); lock.acquire("it"); print("held", flush=True); sys.stdin.read()
"""


@contextlib.contextmanager
def held_by_another(path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout.readline() == b"held\n"
        yield child
        child.stdin.close()


def test_a_lock_held_by_another_process_is_refused_after_the_wait(tmp_path):
    lock = files.Lock(str(tmp_path / "lock"))
    with held_by_another(lock.path) as child:
        assert lock.is_held()
        began = time.monotonic()
        with pytest.raises(Locked, match='container "web" is locked by another command'):
            lock.acquire('container "web"', wait=0.2)
        assert 0.2 <= time.monotonic() - began < 2
        child.kill()  # a lock dies with its holder
        child.wait()
        lock.acquire("it", wait=2)
    assert lock.is_current()
    lock.release()
    assert not lock.is_held()
    lock.release()


def test_a_lock_knows_when_its_file_was_replaced(tmp_path):
    lock = files.Lock(str(tmp_path / "lock"))
    lock.acquire("it")
    os.unlink(lock.path)
    assert not lock.is_current()
    files.Lock(lock.path).acquire("it", wait=0)
    assert not lock.is_current()
    lock.release()


def test_a_lock_needs_its_directory(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.Lock(str(tmp_path / "none" / "lock")).acquire("it")
