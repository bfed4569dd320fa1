"""nexcage.bundler.transient: what a killed command left goes, what is being made stays."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nexcage.bundler.transient import Transient, at_work, discard, sweep
from nexcage.errors import AlreadyExists, NexcageError, NotFound, PermissionDenied

IS_ROOT = os.geteuid() == 0
HOLD = """
import sys, time
from nexcage.bundler.transient import Transient
made = Transient(sys.argv[1], "work-")
open(made.path + "/half", "w").close()
print(made.path, flush=True)
time.sleep(60)
"""


@pytest.fixture
def maker(tmp_path):
    """Another process that makes a directory in tmp_path."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], env=env, stdout=subprocess.PIPE, text=True
    )
    process.path = process.stdout.readline().strip()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def handles():
    return len(os.listdir("/proc/self/fd"))


def test_what_is_being_made_stays_and_what_was_left_goes(tmp_path, maker):
    before = handles()
    assert sweep(str(tmp_path), "work-") == 0
    assert os.listdir(maker.path) == ["half"]
    assert at_work(str(tmp_path), "work-")
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    assert not at_work(str(tmp_path), "work-")
    assert os.listdir(maker.path) == ["half"]
    assert sweep(str(tmp_path), "work-") == 1
    assert os.listdir(tmp_path) == []
    assert handles() == before


def test_only_directories_with_that_name_go(tmp_path):
    (tmp_path / "work-file").write_text("x")
    (tmp_path / "other").mkdir()
    (tmp_path / "work-link").symlink_to("other")
    assert sweep(str(tmp_path), "work-") == 0
    assert sorted(os.listdir(tmp_path)) == ["other", "work-file", "work-link"]
    assert sweep(str(tmp_path / "missing"), "work-") == 0


def test_keep_and_remove(tmp_path):
    before = handles()
    first = Transient(str(tmp_path), ".x-")
    assert Path(first.path).stat().st_mode & 0o777 == 0o700
    (tmp_path / "empty").mkdir()
    first.keep(str(tmp_path / "empty"))
    second = Transient(str(tmp_path), ".x-")
    Path(second.path, "f").write_text("x")
    second.keep(str(tmp_path / "new"))
    third = Transient(str(tmp_path), ".x-")
    for taken in ("new", "file"):
        (tmp_path / "file").write_text("x")
        with pytest.raises(AlreadyExists):
            third.keep(str(tmp_path / taken))
    third.remove()
    third.remove()
    assert sorted(os.listdir(tmp_path)) == ["empty", "file", "new"]
    assert handles() == before


def test_one_that_is_swept_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    real = os.mkdir
    seen = []

    def mkdir(path, *more, **how):
        real(path, *more, **how)
        seen.append(path)
        if len(seen) == 1:
            assert sweep(str(tmp_path), "work-") == 1

    monkeypatch.setattr(os, "mkdir", mkdir)
    made = Transient(str(tmp_path), "work-")
    assert made.path == seen[1]
    assert os.path.isdir(made.path)
    made.remove()


def test_a_parent_that_cannot_have_it(tmp_path):
    before = handles()
    with pytest.raises(NexcageError, match="cannot make a directory in"):
        Transient(str(tmp_path / "missing"), "x-")
    (tmp_path / "file").write_text("x")
    with pytest.raises(NexcageError, match="cannot make a directory in"):
        Transient(str(tmp_path / "file"), "x-")
    if not IS_ROOT:
        tmp_path.chmod(0o555)
        with pytest.raises(PermissionDenied):
            Transient(str(tmp_path), "x-")
    assert handles() == before
    assert not issubclass(NotFound, PermissionDenied)


@pytest.mark.skipif(not IS_ROOT, reason="needs root: mounts")
@pytest.mark.parametrize("name", ["m", "with space", "back\\slash", "new\nline"])
def test_what_somebody_has_mounted_inside_is_never_removed(tmp_path, name):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "data").write_text("x")
    point = tmp_path / "work-1" / "rootfs" / name
    point.mkdir(parents=True)
    subprocess.run(["mount", "--bind", str(tmp_path / "precious"), str(point)], check=True)
    try:
        with pytest.raises(NexcageError) as error:
            discard(str(tmp_path / "work-1"))
        assert error.value.code == "bundle-mounted"
        assert sweep(str(tmp_path), "work-") == 0
        assert (tmp_path / "precious" / "data").read_text() == "x"
    finally:
        subprocess.run(["umount", str(point)], check=True)
    assert sweep(str(tmp_path), "work-") == 1
    assert (tmp_path / "precious" / "data").read_text() == "x"


def test_its_path_is_known_before_it_is_there(tmp_path):
    told = []
    made = Transient(str(tmp_path), "x-", lambda path: told.append((path, os.path.exists(path))))
    assert told == [(made.path, False)]
    made.remove()
