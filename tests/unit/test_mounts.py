"""nexcage.oci.mounts: mounts held against the host and the rootfs before anything is made."""

import copy
import os
import socket
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.errors import InvalidBundle
from nexcage.host import files
from nexcage.oci import bundle, mounts
from nexcage.oci.spec import default

IS_ROOT = os.geteuid() == 0


def bind(source, destination="/data", *options):
    return {"destination": destination, "type": "bind", "source": str(source), "options": ["bind", *options]}


@pytest.fixture
def place(tmp_path):
    """A bundle with a rootfs, and files beside it."""
    (tmp_path / "b" / "rootfs" / "etc").mkdir(parents=True)
    (tmp_path / "b" / "rootfs" / "etc" / "passwd").touch()
    (tmp_path / "b" / "rootfs" / "data").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "dir").mkdir()
    return tmp_path


def wrong(place, *rows, hooks=None):
    """(message, code) of what is wrong with these mounts, or None."""
    config = {"mounts": list(rows), "hooks": hooks}
    try:
        mounts.sources(config, str(place / "b"), str(place / "b" / "rootfs"))
    except InvalidBundle as error:
        return error.message, error.code
    return None


def test_the_default_mounts_and_good_bind_mounts_are_fine(place):
    assert wrong(place, *default()["mounts"]) is None
    rows = [bind(place / "dir"), bind(place / "file", "/etc/passwd"), bind(place / "file", "/new/file")]
    assert wrong(place, *rows) is None
    assert wrong(place, bind("rootfs/etc")) is None
    assert mounts.sources({}, "/", "/") is None


@pytest.mark.parametrize(
    ("source", "reason", "code"),
    [
        ("/none/at/all", "the source does not exist", mounts.MISSING),
        ("none", "the source does not exist in {b}", mounts.MISSING),
        ("../file/x", "the source does not exist in {b}", mounts.MISSING),
        ("\udcff\ud800", "the source does not exist", mounts.MISSING),
        ("../dangling", "the source is a link that leads nowhere", mounts.MISSING),
        ("../loop", "the source cannot be read: too many levels of symbolic links", mounts.UNREADABLE),
        ("x" * 300, "the source cannot be read: file name too long", mounts.UNREADABLE),
    ],
)
def test_a_source_that_cannot_be_bound(place, source, reason, code):
    (place / "dangling").symlink_to("nowhere")
    (place / "loop").symlink_to("loop")
    reason = reason.replace("{b}", str(place / "b"))
    assert wrong(place, bind(place / "dir", "/a"), bind(source)) == (
        f'config.json: $.mounts[1]: "{source}" on "/data": {reason}',
        code,
    )


def test_a_link_that_is_not_to_be_followed_is_a_source_itself(place):
    (place / "dangling").symlink_to("nowhere")
    assert wrong(place, bind(place / "dangling", "/data", "copy-symlink")) is None
    assert wrong(place, bind(place / "dangling", "/etc/passwd", "src-nofollow")) is None


def as_nobody(function):
    """The result of ``function()`` for a user without rights."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            os.write(writer, repr(function()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as file:
        return file.read()


@pytest.mark.skipif(not IS_ROOT, reason="makes files of another user")
@pytest.mark.parametrize(
    ("name", "mode", "usable"),
    [
        ("file", 0o600, False),
        ("file", 0o604, True),
        ("file", 0o602, False),
        ("dir", 0o700, False),
        ("dir", 0o704, False),
        ("dir", 0o701, True),
        ("socket", 0o600, False),
        ("socket", 0o602, True),
        ("pipe", 0o602, True),
        ("pipe", 0o600, False),
        ("dir/below", 0o777, True),
    ],
)
def test_a_source_has_to_be_of_use_to_the_caller(place, monkeypatch, name, mode, usable):
    for directory in [place, *place.parents]:  # pytest's own are private
        if directory.stat().st_uid == os.geteuid() and str(directory) not in ("/", "/tmp"):
            directory.chmod(directory.stat().st_mode | 0o011)
    (place / "b").chmod(0o755)
    monkeypatch.chdir(place)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
    os.mkfifo(place / "pipe")
    (place / "dir" / "below").touch()
    (place / name).chmod(mode)
    found = as_nobody(lambda: wrong(place, bind(place / name, "/new")))
    assert ("None" in found) == usable, found
    assert usable or mounts.UNREADABLE in found


@pytest.mark.skipif(not IS_ROOT, reason="makes files of another user")
def test_a_source_below_a_closed_directory_is_unreadable(place):
    for directory in [place, *place.parents]:
        if directory.stat().st_uid == os.geteuid() and str(directory) not in ("/", "/tmp"):
            directory.chmod(directory.stat().st_mode | 0o011)
    (place / "dir" / "below").touch()
    (place / "dir").chmod(0o700)
    assert "permission denied" in as_nobody(lambda: wrong(place, bind(place / "dir" / "below", "/new")))


KINDS = {
    ("file", "/data"): "the source is a file, the destination is a directory",
    ("file", "/"): "the source is a file, the destination is a directory",
    ("dir", "/etc/passwd"): "the source is a directory, the destination is a file",
    ("dir", "/link"): "the source is a directory, the destination is a file",
    ("dir", "/up/passwd"): "the source is a directory, the destination is a file",
    ("dir", "/data/../etc/./passwd/"): "the source is a directory, the destination is a file",
    ("file", "/etc/passwd/below"): "the destination is below a file",
    ("dir", "/link/far/below"): "the destination is below a file",
    ("file", "/link"): "",
    ("dir", "/here"): "",
    ("dir", "/etc/top"): "",
    ("dir", "/dangling"): "",
    ("file", "/loop"): "",
    ("dir", "/etc"): "",
}


@pytest.mark.parametrize(("pair", "reason"), KINDS.items(), ids=str)
def test_source_and_destination_are_of_one_kind(place, pair, reason):
    root = place / "b" / "rootfs"
    (root / "link").symlink_to("/etc/passwd")
    (root / "up").symlink_to("../../../../etc")
    (root / "dangling").symlink_to("/none")
    (root / "loop").symlink_to("loop")
    (root / "here").symlink_to(".")
    (root / "etc" / "top").symlink_to("/")
    source, destination = str(place / pair[0]), pair[1]
    expected = (f'config.json: $.mounts[0]: "{source}" on "{destination}": {reason}', mounts.KIND)
    assert wrong(place, bind(source, destination)) == (expected if reason else None)
    # a hook may still change what is there
    assert wrong(place, bind(source, destination), hooks={"createRuntime": [{"path": "/x"}]}) is None


def test_a_file_system_needs_a_directory(place):
    found = wrong(place, {"destination": "/etc/passwd", "type": "tmpfs"})
    assert found[0].endswith(
        '"tmpfs" on "/etc/passwd": the destination is a file, and a file system needs a directory'
    )


def test_what_an_earlier_mount_covers_is_not_judged(place):
    root = place / "b" / "rootfs"
    (root / "alias").symlink_to("data")
    (root / "data" / "sub").mkdir()
    assert wrong(place, bind(place / "file", "/alias/sub"))
    assert wrong(place, bind(place / "dir", "/alias"), bind(place / "file", "/data/sub")) is None
    assert wrong(place, bind(place / "dir", "/data"), bind(place / "file", "/alias/sub")) is None
    assert wrong(place, bind(place / "dir", "/data"), bind(place / "file", "/data")) is None
    assert wrong(place, bind(place / "dir", "/"), bind(place / "file", "/data")) is None
    assert wrong(place, bind(place / "dir", "/dat"), bind(place / "file", "/data"))


def overlay(*options):
    return {"destination": "/data", "type": "overlay", "source": "overlay", "options": list(options)}


def test_the_directories_of_an_overlay(place):
    odd = place / "a:b\\c"
    odd.mkdir()
    written = str(odd).replace("\\", "\\\\").replace(":", "\\:")
    one = place / "dir"
    assert wrong(place, overlay(f"lowerdir={one}:{written}", "ro", "index=off")) is None
    assert wrong(place, overlay(f"lowerdir={one}::{written}", f"upperdir={one}", f"workdir={one}")) is None
    for options, reason, code in [
        ([f"lowerdir={one}:/none"], 'its lowerdir "/none" does not exist', mounts.MISSING),
        ([f"lowerdir+={one}", "lowerdir+=/none"], 'its lowerdir "/none" does not exist', mounts.MISSING),
        ([f"upperdir={place}/file"], f'its upperdir "{place}/file" is not a directory', mounts.KIND),
        (["workdir=w"], 'its workdir must be an absolute path, not "w"', mounts.MISSING),
        (["upperdir="], 'its upperdir must be an absolute path, not ""', mounts.MISSING),
    ]:
        message = f'config.json: $.mounts[0]: "overlay" on "/data": {reason}'
        assert wrong(place, overlay(*options)) == (message, code)


REFERENCES = {
    "local:vztmpl/x": True, "local-lvm:vm-100-disk-0": True, "a.b_c-d:8": True,
    "/a:b": False, ":x": False, "x:": False, "8x:y": False, "a b:c": False, "ü:c": False,
    "./a:b": False, "x": False,
}  # fmt: skip


@pytest.mark.parametrize(("source", "is_one"), REFERENCES.items())
def test_references_to_storages(place, source, is_one):
    assert mounts.is_reference(bind(source)) == is_one
    assert mounts.is_reference({"destination": "/data", "source": source}) == is_one
    assert not mounts.is_reference({"destination": "/data", "type": "nfs", "source": source})
    assert (wrong(place, bind(source)) is None) == is_one


def volumes(place, source, exists):
    try:
        mounts.volumes({"mounts": [bind("rootfs"), bind(source)]}, str(place / "b"), "runc", exists)
    except InvalidBundle as error:
        return error.message, error.code
    return None


def test_a_volume_is_asked_for_on_its_storage_only(place):
    asked = []
    assert volumes(place, "local:iso/x", lambda volume: not asked.append(volume)) is None
    assert asked == ["local:iso/x"]
    assert volumes(place, "tank:8", lambda _: False) is None  # to be made
    assert volumes(place, "tank:x", lambda _: False) == (
        'config.json: $.mounts[1]: "tank:x" on "/data": the storage has no such volume',
        mounts.MISSING,
    )
    assert volumes(place, "tank:x", None)[0].endswith(
        "references to storages are for the driver pct, runc needs a path of the host"
    )
    (place / "b" / "tank:x").mkdir()
    assert volumes(place, "tank:x", None) is None


@pytest.mark.parametrize(
    ("options", "root", "settled", "new_root"),
    [
        ((), None, (), None),
        (("rbind", "rprivate"), None, ("rbind", "rprivate"), None),
        (("rbind", "rslave"), None, ("rbind", "rslave"), "rslave"),
        (("bind", "slave"), None, ("bind", "slave"), "rslave"),
        (("bind", "slave"), "private", ("bind", "slave"), "private"),
        (("bind", "ro", "rprivate"), None, ("bind", "ro", "private"), None),
        (("bind", "rshared"), "shared", ("bind", "shared"), "shared"),
        (("bind", "rbind", "rslave"), "shared", ("bind", "rbind", "rslave"), "shared"),
    ],
)
def test_what_crun_is_told_of_propagation(place, options, root, settled, new_root):
    row = {"destination": "/data", "source": "rootfs", "options": list(options)}
    config = {"mounts": [row], "linux": {"rootfsPropagation": root} if root else {}}
    before = copy.deepcopy(config)
    changed = mounts.settle(config, str(place / "b"))
    assert changed == (config != before)
    assert tuple(config["mounts"][0]["options"]) == settled
    assert config["linux"].get("rootfsPropagation") == new_root


def test_a_file_has_nothing_mounted_below(place):
    config = {"mounts": [bind(place / "file", "/data", "rprivate")]}
    assert not mounts.settle(config, str(place / "b"))


NAMES = st.sampled_from(["a", "b", "c", "..", ".", ""])
PARTS = st.lists(NAMES, min_size=1, max_size=6).map("/".join)


@settings(max_examples=300)
@given(st.lists(st.tuples(PARTS, st.none() | PARTS | PARTS.map("/{}".format)), max_size=8), PARTS)
def test_a_destination_is_found_where_the_container_would_find_it(tmp_path_factory, entries, path):
    root = tmp_path_factory.mktemp("place") / "root"
    root.mkdir()
    for where, target in entries:
        place = files.inside(str(root), where)
        if os.path.lexists(place) or not os.path.isdir(os.path.dirname(place)):
            continue
        if target is None:
            os.mkdir(place)
        else:
            os.symlink(target or "a", place)
    found, mode = mounts._inside(str(root), path, set())
    expected = files.inside(str(root), path)
    if found:
        assert os.path.normpath(str(root) + found) == os.path.normpath(expected)
        assert (mode > 0) == os.path.lexists(expected)
        assert not stat.S_ISLNK(max(mode, 0))


def test_a_bundle_is_found_through_links_and_ways_up(place, monkeypatch):
    monkeypatch.chdir(place)
    (place / "link").symlink_to(place / "dir" / "deep")
    (place / "dir" / "deep").mkdir()
    (place / "dir" / "web").mkdir()
    for name in ("link/../web", "./dir//web/", f"{place}/dir/web", "dir/../dir/web"):
        assert bundle._absolute(name) == f"{place}/dir/web"
    assert bundle._absolute("link") == f"{place}/link"
    assert bundle._absolute("link/") == f"{place}/link"


def test_a_working_directory_that_is_gone_is_said(place, monkeypatch):
    gone = place / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert bundle._absolute(str(place)) == str(place)
    for name in (".", "web", "../web"):
        with pytest.raises(InvalidBundle, match="the working directory does not exist any more") as caught:
            bundle.load(name)
        assert caught.value.code == "bundle-missing"
