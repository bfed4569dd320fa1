"""nexcage.host.files.remove_tree: any tree goes, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexcage.host.files import empty, remove_tree

IS_ROOT = os.geteuid() == 0


def deep(directory, levels):
    handle = os.open(directory, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 100, dir_fd=handle)
        os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=handle))
        below = os.open("d" * 100, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)


def test_deeper_than_any_path(tmp_path):
    """150 kB of path; neither a path nor recursion gets there."""
    (tmp_path / "tree").mkdir()
    before = len(os.listdir("/proc/self/fd"))
    deep(tmp_path / "tree", 1500)
    remove_tree(str(tmp_path / "tree"))
    assert os.listdir(tmp_path) == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_links_are_not_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "f").write_text("x")
    tree = tmp_path / "tree"
    tree.mkdir()
    for name, target in {"abs": tmp_path / "kept", "rel": "../kept", "self": ".", "none": "x"}.items():
        (tree / name).symlink_to(target)
    os.link(tmp_path / "kept" / "f", tree / "hard")
    (tmp_path / "link").symlink_to("kept")
    remove_tree(str(tree))
    remove_tree(str(tmp_path / "link"))
    assert os.listdir(tmp_path) == ["kept"]
    assert (tmp_path / "kept" / "f").read_text() == "x"


def test_files_and_nothing(tmp_path):
    (tmp_path / "f").write_text("x")
    os.mkfifo(tmp_path / "fifo")
    for name in ("f", "fifo", "missing", "missing/below"):
        remove_tree(str(tmp_path / name))
    assert os.listdir(tmp_path) == []


def test_odd_names(tmp_path):
    (tmp_path / "t").mkdir()
    for name in (b"\xff", b"new\nline", b"-rf", b"*", "e\u0301".encode()):
        os.mkdir(os.fsencode(tmp_path / "t") + b"/" + name)
        open(os.fsencode(tmp_path / "t") + b"/" + name + b"/" + name, "w").close()
    handle = os.open(tmp_path / "t", os.O_RDONLY)
    empty(handle)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(handle)
    assert os.listdir(tmp_path / "t") == []


def test_many(tmp_path):
    (tmp_path / "t").mkdir()
    handle = os.open(tmp_path / "t", os.O_RDONLY)
    for i in range(8_000):
        os.mknod("n%d" % i, dir_fd=handle)  # noqa: UP031
    os.close(handle)
    remove_tree(str(tmp_path / "t"))
    assert os.listdir(tmp_path) == []


CLOSED = """
import os, sys
from nexcage.host.files import remove_tree
os.chdir(sys.argv[1])
for outer in (0, 0o100, 0o200, 0o400, 0o500, 0o555, 0o700):
    for inner in (0, 0o100, 0o300, 0o500):
        os.makedirs("t/a/b/c")
        open("t/a/f", "w").close()
        open("t/a/b/c/f", "w").close()
        os.chmod("t/a/b/c", inner)
        os.chmod("t/a/b", outer)
        os.chmod("t/a", inner)
        os.chmod("t", outer)
        remove_tree("t")
        assert not os.path.exists("t"), (oct(outer), oct(inner))
print("fine")
"""


def test_closed_directories_without_root(tmp_path):
    command = [sys.executable, "-B", "-c", CLOSED, str(tmp_path)]
    if IS_ROOT:
        for directory in tmp_path.parents:
            if directory.stat().st_uid == 0 and directory.stat().st_mode & 0o001 == 0:
                directory.chmod(0o755)
        os.chown(tmp_path, 4242, 4242)
        command = ["setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", *command]
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "fine\n", done.stderr


def test_a_directory_that_is_moved_meanwhile(tmp_path, monkeypatch):
    """Whoever owns the tree must not lead us to remove what lies beside the place that it was moved to."""
    (tmp_path / "victim" / "b").mkdir(parents=True)
    (tmp_path / "victim" / "b" / "precious").write_text("x")
    for name in ("a", "b"):
        (tmp_path / "tree" / "inner" / name / "deep").mkdir(parents=True)
    real = os.rmdir
    moved = []

    def rmdir(name, **where):
        real(name, **where)
        if name == b"deep" and not moved:
            left = next(x for x in (tmp_path / "tree" / "inner").iterdir() if not os.listdir(x))
            os.rename(left, tmp_path / "victim" / "moved")
            moved.append(left)

    monkeypatch.setattr(os, "rmdir", rmdir)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="it was moved while it was removed"):
        remove_tree(str(tmp_path / "tree"))
    assert (tmp_path / "victim" / "b" / "precious").read_text() == "x"
    assert len(os.listdir("/proc/self/fd")) == before
