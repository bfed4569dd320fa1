"""nexcage.host.files: whole files or none, locks, and paths that stay inside a root."""

import contextlib
import os
import resource
import subprocess
import sys
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nexcage.errors import Locked, NexcageError, NoSpace
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
        pytest.skip("no tmpfs can be mounted here")
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


NAMES = st.sampled_from(["a", "b", "c", "d"])
PARTS = st.lists(NAMES | st.sampled_from(["..", ".", ""]), min_size=1, max_size=6).map("/".join)
TARGETS = PARTS | PARTS.map("/{}".format) | PARTS.map("../../{}".format)


def make_forest(root, entries):
    root.mkdir()
    for where, target in entries:
        place = root.joinpath(*where)
        with contextlib.suppress(OSError):
            if target is None:
                place.mkdir(parents=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(target)


def seen_from_inside(root, path):
    """Where ``path`` leads for a process whose root directory is ``root``."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.chroot(root)
            os.write(writer, os.path.realpath("/" + path).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    text = os.read(reader, 4096).decode()
    os.close(reader)
    os.close(writer)
    return text


FORESTS = st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=3), st.none() | TARGETS), max_size=8)


@given(FORESTS, PARTS)
def test_no_forest_of_links_leads_out_of_the_root(tmp_path_factory, entries, path):
    root = tmp_path_factory.mktemp("forest") / "root"
    make_forest(root, entries)
    found = files.inside(str(root), path)
    assert os.path.normpath(found) == found.rstrip("/")
    assert (found + "/").startswith(f"{root}/")
    assert os.path.realpath(found) == found
    if IS_ROOT:
        expected = root / seen_from_inside(str(root), path).lstrip("/")
        assume(not any(part.is_symlink() for part in (expected, *expected.parents)))  # a loop
        assert found == str(expected)


@given(PARTS)
def test_what_does_not_exist_is_taken_literally(path):
    assert files.inside("/nowhere/root", path) == (
        "/nowhere/root" + os.path.normpath("/" + path).replace("//", "/")
    ).rstrip("/")


def test_a_loop_of_links_ends(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert files.inside(str(tmp_path), "/a/x") == str(tmp_path)
