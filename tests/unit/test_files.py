"""nexcage.host.files: files that are whole or absent, and trees that go without their links."""

import contextlib
import os
import resource
import subprocess

import pytest

from nexcage.errors import NexcageError, NoSpace
from nexcage.host import files

IS_ROOT = os.geteuid() == 0


@contextlib.contextmanager
def small_files(limit):
    """No file may grow above ``limit`` bytes: a full disk for whoever has no tmpfs."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def full_disk(tmp_path):
    """A directory with room for 64 KiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "t", place]
    if not IS_ROOT or subprocess.run(mount, check=False).returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no tmpfs can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_new_file_has_its_content_and_mode(tmp_path):
    files.write_new(str(tmp_path / "f"), b"x" * 100_000, 0o640, sync=True)
    assert (tmp_path / "f").read_bytes() == b"x" * 100_000
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "make", [lambda p: p.write_text("old"), lambda p: p.symlink_to("nowhere"), lambda p: p.mkdir()]
)
def test_a_new_file_never_takes_the_place_of_another(tmp_path, make):
    make(tmp_path / "f")
    before = os.lstat(tmp_path / "f")
    with pytest.raises(NexcageError, match=r"cannot write .*/f: file exists"):
        files.write_new(str(tmp_path / "f"), b"new")
    assert os.path.samestat(before, os.lstat(tmp_path / "f"))
    assert os.listdir(tmp_path) == ["f"]


@pytest.mark.parametrize("write", [files.write_new, files.replace])
def test_a_file_that_grows_too_large_is_not_left_half(tmp_path, write):
    with small_files(1000), pytest.raises(NexcageError, match="cannot write"):
        write(str(tmp_path / "f"), b"x" * 5000)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("write", [files.write_new, files.replace])
def test_a_full_disk_keeps_no_half_file(full_disk, write):
    with pytest.raises(NoSpace) as caught:
        write(str(full_disk / "f"), b"x" * 200_000)
    assert caught.value.hint
    assert os.listdir(full_disk) == []


def test_replacing_on_a_full_disk_keeps_the_old_content(full_disk):
    (full_disk / "f").write_text("old")
    with pytest.raises(NoSpace):
        files.replace(str(full_disk / "f"), b"x" * 200_000)
    assert (full_disk / "f").read_text() == "old"
    assert os.listdir(full_disk) == ["f"]


def test_replacing_leaves_the_new_content_and_nothing_else(tmp_path):
    for text in (b"one", b"two", b""):
        files.replace(str(tmp_path / "f"), text)
        assert (tmp_path / "f").read_bytes() == text
        assert os.listdir(tmp_path) == ["f"]


def test_replacing_changes_the_link_not_its_target(tmp_path):
    (tmp_path / "target").write_text("kept")
    (tmp_path / "f").symlink_to("target")
    files.replace(str(tmp_path / "f"), b"new")
    assert (tmp_path / "target").read_text() == "kept"
    assert not (tmp_path / "f").is_symlink()


def test_replacing_a_directory_fails_and_leaves_nothing(tmp_path):
    (tmp_path / "f").mkdir()
    with pytest.raises(NexcageError, match="cannot write"):
        files.replace(str(tmp_path / "f"), b"new")
    assert os.listdir(tmp_path) == ["f"]


def test_only_regular_files_up_to_the_limit_are_read(tmp_path):
    (tmp_path / "f").write_bytes(b"x" * 10)
    assert files.read(str(tmp_path / "f"), 10) == b"x" * 10
    os.mkfifo(tmp_path / "fifo")
    for name, limit in (("f", 9), ("fifo", 10), (".", 10), ("absent", 10)):
        with pytest.raises(OSError):  # noqa: PT011
            files.read(str(tmp_path / name), limit)


def test_removing_a_tree_follows_no_link(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").touch()
    (tmp_path / "tree" / "a" / "b").mkdir(parents=True)
    (tmp_path / "tree" / "a" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "tree" / "file").symlink_to(tmp_path / "outside" / "kept")
    (tmp_path / "tree" / "nowhere").symlink_to("nowhere")
    os.mkfifo(tmp_path / "tree" / "fifo")
    files.remove_tree(str(tmp_path / "tree"))
    files.remove_tree(str(tmp_path / "tree"))  # absent is fine
    assert sorted(os.listdir(tmp_path)) == ["outside"]
    assert os.listdir(tmp_path / "outside") == ["kept"]


def test_removing_what_is_itself_a_link_leaves_its_target(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").touch()
    (tmp_path / "link").symlink_to("outside")
    with contextlib.suppress(OSError):
        files.remove_tree(str(tmp_path / "link"))
    assert os.listdir(tmp_path / "outside") == ["kept"]


def test_removing_a_file_removes_it(tmp_path):
    (tmp_path / "file").touch()
    files.remove_tree(str(tmp_path / "file"))
    assert os.listdir(tmp_path) == []
