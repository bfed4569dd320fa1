"""nexcage.bundler.manifest: files as they are, and bundles against what they were."""

import errno
import os
import socket
import subprocess
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.manifest import tree
from nexcage.bundler.manifest.changes import sentence, shown
from nexcage.bundler.manifest.entry import Header, key, line, render
from nexcage.bundler.manifest.hashing import BUFFER, LARGE
from nexcage.bundler.manifest.made import verify
from nexcage.bundler.manifest.merging import Merging
from nexcage.bundler.manifest.reading import parse
from nexcage.bundler.manifest.tree import scan
from nexcage.errors import InvalidBundle
from nexcage.jsontext import dumps

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def seen(directory, **how):
    return {entry.path: entry for entry in scan(str(directory), **how)}


def test_every_kind_of_file(tmp_path):
    (tmp_path / "dir").mkdir(mode=0o750)
    (tmp_path / "dir" / "file").write_bytes(b"hello")
    (tmp_path / "dir" / "file").chmod(0o6755)
    os.utime(tmp_path / "dir" / "file", ns=(0, -1_500_000_000))
    (tmp_path / "link").symlink_to("dir")
    os.mkfifo(tmp_path / "fifo", 0o600)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    found = seen(tmp_path)
    assert {path: entry.kind for path, entry in found.items()} == {
        b".": "dir",
        b"dir": "dir",
        b"dir/file": "file",
        b"link": "link",
        b"fifo": "fifo",
        b"socket": "socket",
    }
    file = found[b"dir/file"]
    assert (file.size, file.sha256) == (5, sha256(b"hello").hexdigest())
    assert (file.mode, file.mtime) == (0o6755, -1_500_000_000)
    assert (file.uid, file.gid) == (os.geteuid(), os.stat(tmp_path / "dir").st_gid)
    assert found[b"link"].target == b"dir"
    assert found[b"dir"].size == 0
    assert parse(render(found.values(), Header())) == found


@root_only
def test_devices_and_extended_attributes(tmp_path):
    os.mknod(tmp_path / "null", 0o20666, os.makedev(1, 3))
    (tmp_path / "link").symlink_to("nowhere")
    os.setxattr(tmp_path / "link", "trusted.note", b"on the link", follow_symlinks=False)
    os.setxattr(tmp_path / "null", "trusted.note", b"on the device")
    os.setxattr(tmp_path, "trusted.note", b"on the directory")
    found = seen(tmp_path)
    assert found[b"null"].device == (1, 3)
    assert found[b"null"].xattrs == {b"trusted.note": b"on the device"}
    assert found[b"link"].xattrs == {b"trusted.note": b"on the link"}
    assert found[b"."].xattrs == {b"trusted.note": b"on the directory"}


@given(st.binary(min_size=1, max_size=255).filter(lambda name: not {0, 47} & set(name)))
def test_any_name(tmp_path_factory, name):
    if name in (b".", b".."):
        return
    directory = os.fsencode(tmp_path_factory.mktemp("names"))
    with open(os.path.join(directory, name), "wb"):
        assert set(seen(os.fsdecode(directory))) == {b".", name}


@pytest.mark.parametrize("size", [0, 1, LARGE - 1, LARGE, BUFFER, BUFFER + 1, 3 * BUFFER + 7])
def test_content_of_any_size(tmp_path, size):
    content = os.urandom(size)
    for number in range(20):  # more than the second thread takes at once
        (tmp_path / str(number)).write_bytes(content)
    found = seen(tmp_path)
    assert {entry.sha256 for entry in found.values() if entry.kind == "file"} == {sha256(content).hexdigest()}
    assert len(found) == 21


@pytest.mark.parametrize("holes", [[], [(0, b"begin")], [(5 * BUFFER, b"end")], [(BUFFER - 3, b"middle")]])
def test_sparse_files(tmp_path, holes):
    size = 5 * BUFFER + 3
    content = bytearray(size)
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(size)
        for at, text in holes:
            file.seek(at)
            file.write(text[: size - at])
            content[at : at + len(text)] = text[: size - at]
    assert seen(tmp_path)[b"sparse"].sha256 == sha256(content).hexdigest()


def test_a_huge_sparse_file_of_another_size_is_not_read(tmp_path):
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(1 << 40)
    assert seen(tmp_path, meet=lambda entry: entry.size < 100)[b"huge"].size == 1 << 40


def test_a_thousand_levels(tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    for level in range(1000):
        os.mkdir("d" * 20, dir_fd=handle)
        os.close(os.open(f"file{level}", os.O_CREAT | os.O_WRONLY, dir_fd=handle))
        os.mkdir("z", dir_fd=handle)  # a second directory on each level: the way back up is needed
        below = os.open("d" * 20, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)
    before = len(os.listdir("/proc/self/fd"))
    found = seen(tmp_path)
    assert len(found) == 3001
    assert max(len(path) for path in found) > 20000
    assert parse(render(found.values(), Header())) == found
    assert len(os.listdir("/proc/self/fd")) == before
    subprocess.run(["rm", "-rf", tmp_path / ("d" * 20)], check=True)  # shutil would recurse too deeply


def test_many_files_in_one_directory(tmp_path):
    for number in range(5000):
        os.close(os.open(tmp_path / str(number), os.O_CREAT | os.O_WRONLY))
    assert len(seen(tmp_path)) == 5001


def test_a_scan_that_is_given_up_closes_what_it_opened(tmp_path):
    for number in range(20):
        (tmp_path / str(number)).write_bytes(bytes(LARGE))
    before = len(os.listdir("/proc/self/fd"))
    walk = scan(str(tmp_path))
    next(walk)
    next(walk)
    walk.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_links_are_not_followed(tmp_path):
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "out").symlink_to("/etc")
    assert set(seen(tmp_path)) == {b".", b"loop", b"out"}
    with pytest.raises(OSError, match="directory"):
        seen(tmp_path / "loop")


def test_what_vanishes_was_not_there(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "dir").mkdir()
    real = os.open

    def gone(path, *rest, **options):
        if path in (b"file", b"dir"):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        return real(path, *rest, **options)

    monkeypatch.setattr(tree.os, "open", gone)
    told = []
    assert set(seen(tmp_path, report=lambda *found: told.append(found))) >= {b"."}
    assert told == []


def test_what_cannot_be_read_is_reported(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir" / "below").touch()
    real = os.open

    def refused(path, *rest, **options):
        if path in (b"file", b"dir"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest, **options)

    before = seen(tmp_path)
    monkeypatch.setattr(tree.os, "open", refused)
    rows = [(key(path), line(before[path])) for path in sorted(before, key=key)]
    found = []
    merging = Merging(rows, found.append, owners=True, times=True)
    for entry in scan(str(tmp_path), merging.unreadable, merging.meet):
        merging.done(entry)
    merging.end()
    told = [f"{shown(each.path)}: {sentence(each)}" for each in found]
    assert told == ["dir: cannot be read: permission denied", "file: cannot be read: permission denied"]
    with pytest.raises(PermissionError):
        seen(tmp_path)


def made(directory, **record):
    """A bundle as nexcage makes them, of one file."""
    (directory / "rootfs" / "etc").mkdir(parents=True)
    (directory / "rootfs" / "etc" / "passwd").write_text("root:x:0:0::/:/bin/sh\n")
    (directory / "config.json").write_text("{}")
    (directory / ".nexcage").mkdir()
    values = {"version": 1, "rootfs": {"mode": "copy"}, "config": "sha256:" + sha256(b"{}").hexdigest()}
    (directory / ".nexcage" / "bundle.json").write_text(dumps({**values, **record}))
    (directory / ".nexcage" / "manifest.mtree").write_bytes(render(scan(str(directory / "rootfs")), Header()))
    return directory


def changes(bundle, **how):
    with verify(str(bundle), **how) as found:
        return [f"{shown(each.path)}: {sentence(each)}" for each in found]


def test_a_bundle_that_is_as_it_was(tmp_path):
    assert changes(made(tmp_path), times=True) == []
    with verify(str(tmp_path)) as found:
        assert (found.files, found.unchanged) == (3, True)


def test_a_bundle_that_was_changed(tmp_path):
    bundle = made(tmp_path)
    (bundle / "config.json").write_text("{ }")
    (bundle / "rootfs" / "etc" / "passwd").chmod(0o600)
    (bundle / "rootfs" / "etc" / "passwd").write_text("")
    (bundle / "rootfs" / "etc" / "group").touch()
    (bundle / "rootfs").chmod(0o700)
    assert changes(bundle) == [
        "config.json: content was changed",
        "rootfs: mode 0700, was 0755",
        "rootfs/etc/group: was added",
        "rootfs/etc/passwd: mode 0600, was 0644",
        "rootfs/etc/passwd: size 0, was 22",
    ]


def test_a_rootfs_that_is_gone_or_something_else(tmp_path):
    bundle = made(tmp_path)
    (bundle / "rootfs").rename(bundle / "elsewhere")
    (bundle / "config.json").unlink()
    assert changes(bundle) == ["config.json: is missing", "rootfs: is missing"]
    (bundle / "rootfs").symlink_to("elsewhere")
    assert changes(bundle) == ["config.json: is missing", "rootfs: is a link, was a directory"]


def test_a_manifest_that_is_not_the_one_that_was_written(tmp_path):
    assert changes(made(tmp_path, manifest="sha256:" + "0" * 64)) == [
        ".nexcage/manifest.mtree: content was changed"
    ]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda inner: (inner / "manifest.mtree").unlink(), "manifest-missing"),
        (lambda inner: (inner / "bundle.json").unlink(), "manifest-missing"),
        (lambda inner: (inner / "manifest.mtree").write_text("#mtree\n"), "manifest-malformed"),
        (lambda inner: (inner / "bundle.json").write_text("[]"), "bundle-record-malformed"),
        (lambda inner: (inner / "bundle.json").write_text("{"), "bundle-record-malformed"),
        (lambda inner: (inner / "bundle.json").write_text("{}"), "bundle-record-malformed"),
    ],
)
def test_a_bundle_that_cannot_be_verified(tmp_path, spoil, code):
    spoil(made(tmp_path) / ".nexcage")
    with pytest.raises(InvalidBundle) as raised, verify(str(tmp_path)):
        pass
    assert raised.value.code == code
    assert raised.value.exit_code == 2
