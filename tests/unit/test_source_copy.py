"""nexcage.bundler.copy: the copy is the source in all that a file has, and nothing outside is touched."""

import errno
import os
import socket
import stat
import struct

import pytest

from nexcage.bundler import copy, copy_file
from nexcage.bundler.copy import copy_tree, refuse_inside
from nexcage.errors import NexcageError, UsageError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: owners, devices, file capabilities")
# a version 2 capability set: cap_net_raw=ep, capability.h vfs_cap_data
CAPABILITY = struct.pack("<IIIII", 0x02000001, 1 << 13, 0, 0, 0)
# an access ACL: user::rw-, user:1234:r--, group::r--, mask::r--, other::---
ACL = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *entry)
    for entry in [
        (1, 6, 0xFFFFFFFF),
        (2, 4, 1234),
        (4, 4, 0xFFFFFFFF),
        (16, 4, 0xFFFFFFFF),
        (32, 0, 0xFFFFFFFF),
    ]
)


def facts(root):
    """Everything that a tree has, by path; hard links by the first path of each file."""
    found, first = {}, {}
    for directory, names, files in os.walk(os.fsencode(root)):
        for path in [directory, *(os.path.join(directory, n) for n in files + names)]:
            one = os.lstat(path)
            kind = stat.S_IFMT(one.st_mode)
            name = os.path.relpath(path, os.fsencode(root))
            content = b""
            if kind == stat.S_IFREG:
                with open(path, "rb") as file:
                    content = file.read()
            elif kind == stat.S_IFLNK:
                content = os.readlink(path)
            attributes = {
                n: os.getxattr(path, n, follow_symlinks=False)
                for n in os.listxattr(path, follow_symlinks=False)
            }
            same = first.setdefault(one.st_ino, name) if kind != stat.S_IFDIR else b""
            found[name] = (
                one.st_mode, one.st_uid, one.st_gid, one.st_mtime_ns, one.st_rdev, content, attributes, same
            )  # fmt: skip
    return found


@pytest.fixture
def trees(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    return source, target


def copied(trees, **options):
    result = copy_tree(str(trees[0]), str(trees[1]), **options)
    assert facts(trees[1]) == facts(trees[0])
    return result


@needs_root
@pytest.mark.parametrize("reflink", [None, False])
def test_everything_a_file_has_is_kept(trees, reflink):
    source, _ = trees
    plain = source / "plain"
    plain.write_bytes(b"data")
    os.chown(plain, 12, 34)
    plain.chmod(0o4751)
    os.setxattr(plain, "user.note", b"\0\xff")
    os.setxattr(plain, "security.capability", CAPABILITY)
    shared = source / "shared"
    shared.write_bytes(b"x")
    os.setxattr(shared, "system.posix_acl_access", ACL)
    os.link(shared, source / "again")
    (source / "sub").mkdir()
    os.setxattr(source / "sub", "system.posix_acl_default", ACL)
    os.link(shared, source / "sub" / "third")
    (source / "sub").chmod(0o1777)
    os.symlink("/etc/shadow", source / "link")
    os.symlink("link", source / "chain")
    os.link(source / "link", source / "hard link to a link", follow_symlinks=False)
    os.lchown(source / "link", 7, 8)
    os.mkfifo(source / "fifo", 0o640)
    os.mknod(source / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.mknod(source / "disk", stat.S_IFBLK | 0o660, os.makedev(7, 99))
    (source / "closed").mkdir()
    (source / "closed" / "secret").write_bytes(b"")
    (source / "closed").chmod(0)
    name = os.path.join(os.fsencode(source), b"not utf-8 \xff\xfe\n")
    os.mkdir(name)
    with open(os.path.join(name, b"\x80"), "wb") as file:
        file.write(b"y")
    for i, (directory, names, files) in enumerate(os.walk(os.fsencode(source), topdown=False)):
        for j, path in enumerate([*files, *names]):
            os.utime(os.path.join(directory, path), ns=(1, 10**18 + i * 1000 + j), follow_symlinks=False)
    os.utime(source, ns=(5, 123456789))
    result = copied(trees, reflink=reflink)
    assert (result.owners, result.devices, result.sockets, result.xattrs) == (0, 0, 0, {})


def test_entries_are_told_with_their_size(trees):
    (trees[0] / "d").mkdir()
    (trees[0] / "d" / "f").write_bytes(b"123")
    told = []
    copied(trees, on_entry=lambda path, size: told.append((path, size)))
    assert told == [(b"d", 0), (b"d/f", 3)]


def test_holes_stay_holes(trees):
    path = trees[0] / "sparse"
    with path.open("wb") as file:
        file.truncate(50 << 20)
        file.seek(10 << 20)
        file.write(b"middle")
    copied(trees, reflink=False)
    assert (trees[1] / "sparse").stat().st_blocks * 512 < 1 << 20
    (trees[0] / "empty").touch()
    os.truncate(trees[0] / "empty", 1 << 20)
    other = trees[1].parent / "other"
    other.mkdir()
    copied((trees[0], other), reflink=False)


def test_a_large_file_is_whole_without_the_help_of_the_kernel(trees, monkeypatch):
    def refused(*_arguments):
        raise OSError(errno.EXDEV, "cross-device")

    monkeypatch.setattr(os, "copy_file_range", refused)
    (trees[0] / "large").write_bytes(os.urandom(3 << 20))
    copied(trees)


def test_a_socket_is_left_out(trees, capfd):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(trees[0] / "s"))
    result = copy_tree(str(trees[0]), str(trees[1]))
    assert result.sockets == 1
    assert list(trees[1].iterdir()) == []
    assert "sockets are not copied: 1" in capfd.readouterr().err


def test_a_required_reflink_is_refused_where_it_cannot_be(trees, monkeypatch):
    import fcntl

    def refused(*_arguments):
        raise OSError(errno.EOPNOTSUPP, "not supported")

    monkeypatch.setattr(fcntl, "ioctl", refused)
    (trees[0] / "f").write_bytes(b"x")
    with pytest.raises(NexcageError, match="share blocks") as found:
        copy_tree(str(trees[0]), str(trees[1]), reflink=True)
    assert found.value.code == "reflink-unsupported"


def test_a_deep_tree_needs_no_deep_stack(trees):
    at = os.open(trees[0], os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=at)
        inner = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)
    assert copy_tree(str(trees[0]), str(trees[1])).entries == 600


@pytest.mark.parametrize("change", ["append", "vanish", "swap", "added"])
def test_a_tree_that_changes_meanwhile_is_an_error(trees, monkeypatch, change):
    outside = trees[0].parent / "outside"
    outside.write_bytes(b"secret")
    path = trees[0] / "f"
    path.write_bytes(b"x" * 100)
    (trees[0] / "a").write_bytes(b"first")
    plain = copy_file.Data.copy
    calls = []

    def meddle(self, source, target, before):
        calls.append(1)
        plain(self, source, target, before)
        if len(calls) > 1:
            return
        if change == "append":
            with (trees[0] / "a").open("ab") as file:
                file.write(b"more")
        elif change == "added":
            (trees[0] / "b").touch()
        else:
            path.unlink()
            if change == "swap":
                path.symlink_to(outside)

    monkeypatch.setattr(copy_file.Data, "copy", meddle)
    if change == "swap":  # the link is copied as the link that it is, and the change is said
        with pytest.raises(NexcageError):
            copy_tree(str(trees[0]), str(trees[1]))
        assert (trees[1] / "f").is_symlink()
        return
    with pytest.raises(NexcageError, match="was changed while it was copied") as found:
        copy_tree(str(trees[0]), str(trees[1]))
    assert found.value.code == "source-changed"


def test_a_destination_inside_the_source_is_refused(trees):
    inner = trees[0] / "a" / "b"
    inner.mkdir(parents=True)
    for target in (trees[0], inner, trees[0] / "a" / "not" / "there"):
        with pytest.raises(UsageError, match="into itself") as found:
            refuse_inside(str(trees[0]), str(target))
        assert found.value.code == "source-invalid"
    refuse_inside(str(trees[0]), str(trees[1]))
    link = trees[1] / "link"
    link.symlink_to(inner)
    with pytest.raises(UsageError):
        refuse_inside(str(trees[0]), str(link / "x"))
    with pytest.raises(UsageError):
        copy_tree(str(trees[0]), str(inner))


def test_a_name_that_is_there_already_is_not_written_over(trees):
    (trees[0] / "f").write_bytes(b"new")
    (trees[1] / "f").symlink_to(trees[0].parent / "elsewhere")
    with pytest.raises(NexcageError):
        copy_tree(str(trees[0]), str(trees[1]))
    assert not (trees[0].parent / "elsewhere").exists()


def test_what_cannot_be_kept_is_said(trees, monkeypatch, capfd):
    (trees[0] / "f").write_bytes(b"x")
    (trees[0] / "l").symlink_to("f")

    def refused(*_arguments, **_options):
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "fchown", refused)
    monkeypatch.setattr(os, "chown", refused)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    result = copy_tree(str(trees[0]), str(trees[1]))
    assert result.owners == 3
    assert "owners are not kept without root: 3" in capfd.readouterr().err


def test_no_descriptor_is_left_open(trees):
    (trees[0] / "d").mkdir()
    (trees[0] / "d" / "f").write_bytes(b"x")
    before = len(os.listdir("/proc/self/fd"))
    copied(trees)
    with pytest.raises(NexcageError):
        copy_tree(str(trees[0]), str(trees[1]))
    assert len(os.listdir("/proc/self/fd")) == before
    assert copy.DEEPEST > 600
