"""nexcage.bundler.unpack: whole images, the cache, users without root, full disks; beside umoci."""

import contextlib
import gzip
import json
import os
import stat
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from nexcage.bundler.cache import Cache
from nexcage.bundler.manifest.reading import parse
from nexcage.bundler.manifest.tree import scan
from nexcage.errors import InvalidImage, NexcageError, NoSpace, StateCorrupt
from nexcage.host.process import which
from tests.unit import layer_maker as made
from tests.unit.image_maker import CONFIG, LAYER, MANIFEST, REF, Maker
from tests.unit.layer_maker import entry, tar

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
CHECKOUT = Path(__file__).parents[2]
CAPABILITY = bytes.fromhex("0100000200200000000000000000000000000000")
FOLDERS = [entry(b"bin", made.DIR, mode=0o755), entry(b"var", made.DIR, mode=0o2775, gid=50)]
LOWER = tar(*FOLDERS, entry(b"bin/su", data=b"su", mode=0o4755), entry(b"var/log", data=b"x" * 1000))
UPPER = tar(
    entry(b"bin", made.DIR, mode=0o755), entry(b"bin/.wh.su"), entry(b"bin/sh", data=b"sh", mode=0o755)
)


@contextlib.contextmanager
def tmpfs(directory, size):
    directory.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "t", str(directory)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("no tmpfs can be mounted here")
    try:
        yield directory
    finally:
        subprocess.run(["umount", str(directory)], check=True)


def on_disk(directory):
    return {x.path: x for x in scan(str(directory))}


@root_only
@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o777])
def test_the_umask_and_a_group_above_do_not_matter(tmp_path, umask):
    (tmp_path / "shared").mkdir()
    os.chown(tmp_path / "shared", 7, 8)
    (tmp_path / "shared").chmod(0o2770)
    before = os.umask(umask)
    try:
        out, manifest = made.unpack(tmp_path / "shared", LOWER, UPPER)
    finally:
        assert os.umask(before) == umask
    assert on_disk(out) == parse(manifest.read_bytes())
    assert on_disk(out)[b"."].mode == 0o755


@root_only
def test_access_lists_above_are_not_inherited(tmp_path):
    """As ``setfacl -d -m user:7:rwx,mask:rx`` sets it."""
    rows = ((1, 7, -1), (2, 7, 7), (4, 5, -1), (16, 5, -1), (32, 0, -1))
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *row) for row in rows)
    (tmp_path / "shared").mkdir()
    try:
        os.setxattr(tmp_path / "shared", "system.posix_acl_default", acl)
    except OSError:
        pytest.skip("this file system has no access lists")
    out, manifest = made.unpack(tmp_path / "shared", LOWER, UPPER)
    assert not [x for x in on_disk(out).values() if x.xattrs]
    assert on_disk(out) == parse(manifest.read_bytes())


@pytest.mark.parametrize("layers", [(), (tar(),), (b"",), (bytes(512),), (tar(), tar())])
def test_images_of_nothing(tmp_path, layers):
    out, manifest = made.unpack(tmp_path, *layers)
    assert on_disk(out) == parse(manifest.read_bytes())
    assert list(on_disk(out)) == [b"."]


def test_a_plain_tar_has_no_whiteouts(tmp_path):
    for name in ("out", "work"):
        (tmp_path / name).mkdir()
    image = made.image(tmp_path / "blobs", tar(entry(b".wh.a"), entry(b".wh..wh..opq"), entry(b"a")))
    image.config = {}
    made.unpacking().into(image, str(tmp_path / "out"), str(tmp_path / "work"))
    assert sorted(os.listdir(tmp_path / "out")) == [".wh..wh..opq", ".wh.a", "a"]


def cached(directory, *tars, **how):
    doing = made.unpacking(**how)
    cache = Cache(str(directory / "cache"))
    image = made.image(directory / "blobs", *tars)
    homes = doing.cached_layers(image, cache)
    manifest = (
        doing.chain_manifest(homes, image, cache) if homes else doing.cached_tree(image, cache) + "/manifest"
    )
    return doing, homes, Path(manifest)


@root_only
def test_layers_are_unpacked_once(tmp_path):
    _, first, _ = cached(tmp_path, LOWER, UPPER)
    inode = os.stat(first[0]).st_ino
    _, second, _ = cached(tmp_path, LOWER, UPPER)
    assert first == second
    assert os.stat(second[0]).st_ino == inode


# a hard link to what a layer below has: both in one tree
DEPENDS = tar(entry(b"bin/hard", made.HARD, target=b"bin/su"))


@root_only
@pytest.mark.parametrize("upper", [UPPER, DEPENDS])
def test_what_is_denied_is_denied_in_the_cache_as_well(tmp_path, upper):
    for _ in range(2):
        with pytest.raises(InvalidImage) as error:
            cached(tmp_path, LOWER, upper, denied=["setuid"])
        assert error.value.code == "image-denied"
        assert error.value.message.startswith("layer ")
        assert error.value.message.endswith('entry "bin/su": is setuid or setgid, which --deny refuses')
        cached(tmp_path, LOWER, upper)
    cached(tmp_path, LOWER, upper, denied=["device"])


@root_only
@pytest.mark.parametrize("upper", [UPPER, DEPENDS])
def test_a_limit_holds_in_the_cache_as_well(tmp_path, upper):
    size = 1004 if upper == UPPER else 1002
    for _ in range(2):
        with pytest.raises(InvalidImage) as error:
            cached(tmp_path, LOWER, upper, size=size - 1)
        assert error.value.code == "image-too-large"
        cached(tmp_path, LOWER, upper, size=size)


@root_only
def test_a_cache_that_was_spoilt(tmp_path):
    _, homes, _ = cached(tmp_path, LOWER)
    for spoilt in (b"", b"[]", b"{}", b"\xff"):
        Path(homes[0], "facts").write_bytes(spoilt)
        with pytest.raises(StateCorrupt):
            cached(tmp_path, LOWER)


@root_only
def test_capabilities_and_devices_are_seen(tmp_path):
    capability = {b"security.capability": CAPABILITY}
    for name, data in {"a": entry(b"f", xattrs=capability), "b": entry(b"d", made.BLOCK, major=7)}.items():
        (tmp_path / name).mkdir()
        with pytest.raises(InvalidImage) as error:
            made.unpack(tmp_path / name, tar(data), denied=["setuid", "device"])
        assert error.value.code == "image-denied"


@root_only
def test_a_device_that_overlayfs_takes_for_a_whiteout(tmp_path):
    for how in (cached, made.unpack):
        with pytest.raises(InvalidImage, match="is a device 0:0, which overlayfs takes for a removed file"):
            how(tmp_path, tar(entry(b"d", made.CHAR)))


@root_only
def test_a_full_disk(tmp_path):
    data = tar(*(entry(b"f%d" % i, data=os.urandom(4000)) for i in range(200)))
    with tmpfs(tmp_path / "small", "300k") as small:
        image = made.image(tmp_path / "blobs", data)
        for name in ("out", "work"):
            (small / name).mkdir()
        with pytest.raises(NoSpace):
            made.unpacking().into(image, str(small / "out"), str(small / "work"))
        subprocess.run(["rm", "-rf", str(small / "out"), str(small / "work")], check=True)
        cache = Cache(str(small / "cache"))
        with pytest.raises(NoSpace):
            made.unpacking().cached_layers(image, cache)
        assert not [x for x in os.listdir(cache.directory) if x.startswith("work-")]
        assert not os.listdir(cache.directory + "/layers")


@root_only
def test_a_disk_without_room_for_the_ledger(tmp_path):
    data = tar(*(entry(b"some/long/name/%0200d" % i) for i in range(3000)))
    image = made.image(tmp_path / "blobs", data)
    (tmp_path / "out").mkdir()
    with tmpfs(tmp_path / "small", "100k") as small, pytest.raises((NoSpace, OSError)) as error:
        made.unpacking().into(image, str(tmp_path / "out"), str(small))
    assert isinstance(error.value, NoSpace) or error.value.errno == 28


ROOTLESS = """
import os, sys
sys.path.insert(0, {checkout!r})
from pathlib import Path
from nexcage.bundler.manifest.reading import parse
from nexcage.bundler.manifest.changes import changes
from nexcage.bundler.manifest.tree import scan
from nexcage.host.files import remove_tree
from tests.unit import layer_maker as made
from tests.unit.test_unpack import rootless_layers
os.chdir({directory!r})
place = Path({directory!r})
out, manifest = made.unpack(place, *rootless_layers())
assert b"owners=recorded" in manifest.read_bytes()
entries = parse(manifest.read_bytes())
assert (entries[b"shadow"].uid, entries[b"shadow"].gid) == (0, 42)
assert (entries[b"again"].uid, entries[b"again"].gid) == (0, 0)
assert (entries[b"hard"].uid, entries[b"hard"].mode, entries[b"hard"].size) == (0, 0o4111, 4)
assert entries[b"null"].kind == "char" and not os.path.lexists(out / "null")
assert entries[b"was"].kind == "char" and not os.path.lexists(out / "was")
assert not os.path.lexists(out / "closed" / "gone")
assert (out / "hard").stat().st_mode & 0o7777 == 0o4111
modes = {{name: os.lstat(out / name).st_mode & 0o7777 for name in ("closed", "read", "nothing")}}
assert modes == {{"closed": 0o000, "read": 0o555, "nothing": 0o000}}, modes
unread = []
found = list(scan(str(out), lambda path, why: unread.append(path)))
assert sorted(unread) == [b"closed", b"hard", b"nothing", b"sudo"], unread
wrong = []
for one in found:
    before = entries.pop(one.path)
    wrong += changes(before, one, False, True) if one.path not in unread else []
assert not wrong, wrong
assert set(entries) == {{b"null", b"was", *(x for x in entries if x.startswith(b"closed/"))}}, entries
remove_tree(str(out))
assert not out.exists()
print("fine")
"""


def rootless_layers():
    note = {b"security.capability": CAPABILITY, b"user.note": b"1", b"trusted.x": b"2"}
    lower = tar(
        entry(b"closed", made.DIR, mode=0, uid=5),
        entry(b"closed/in", data=b"x", mode=0),
        entry(b"closed/gone", data=b"x"),
        entry(b"closed/deep/er", made.DIR, mode=0o100),
        entry(b"closed/deep/er/f"),
        entry(b"read", made.DIR, mode=0o555),
        entry(b"read/f", data=b"x", mode=0o400),
        entry(b"shadow", mode=0o640, gid=42, xattrs=note),
        entry(b"sudo", mode=0o4111, data=b"sudo"),
        entry(b"hard", made.HARD, target=b"sudo"),
        entry(b"again", uid=9),
        entry(b"null", made.CHAR, major=1, minor=3),
        entry(b"was", data=b"a file"),
        entry(b"fifo", made.FIFO, uid=3),
        entry(b"link", made.LINK, target=b"x", uid=3),
    )
    upper = tar(
        entry(b"closed/.wh.gone"),
        entry(b"read/g", data=b"y"),
        entry(b"again"),
        entry(b"was", made.CHAR, major=1, minor=3),
        entry(b"nothing", made.DIR, mode=0),
    )
    return lower, upper


@root_only
def test_without_root_owners_are_recorded_and_devices_left_out(tmp_path):
    """Also that what is closed to its owner can be filled, and removed again."""
    place = tmp_path / "place"
    place.mkdir()
    for directory in (place, *place.parents):
        if directory.stat().st_mode & 0o005 != 0o005 and directory.stat().st_uid == 0:
            directory.chmod(0o755)
    os.chown(place, 4242, 4242)
    code = ROOTLESS.format(checkout=str(CHECKOUT), directory=str(place))
    command = ["setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", sys.executable, "-B", "-c", code]
    if subprocess.run([*command[:4], "test", "-r", __file__], check=False).returncode:
        pytest.skip("another user may not read this checkout")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "fine\n", done.stderr


def layout(directory, *tars):
    """An image layout for other programs."""
    maker = Maker()
    packed = [gzip.compress(data) for data in tars]
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [made.sha(x) for x in tars]},
    }
    layers = [maker.blob(data, LAYER + "+gzip") for data in packed]
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": maker.blob(config, CONFIG),
        "layers": layers,
    }
    return maker.root(maker.blob(manifest, MANIFEST, annotations={REF: "latest"})).write(directory)


SAMPLES = {
    "files": (LOWER, UPPER),
    "odd names": (
        tar(*(entry(name, data=name) for name in (b"\xff", b"new\nline", "e\u0301".encode(), b"a b"))),
    ),
    "replaced": (
        tar(entry(b"a", made.DIR), entry(b"a/b"), entry(b"c")),
        tar(entry(b"a"), entry(b"c", made.DIR)),
    ),
    "links": (
        tar(entry(b"d", made.DIR, mode=0o755), entry(b"l", made.LINK, target=b"/d")),
        tar(
            entry(b"l/f", data=b"x"),
            entry(b"h", made.HARD, target=b"d/f"),
            entry(b"n", made.CHAR, major=1, minor=3),
        ),
    ),
    "opaque": (
        tar(entry(b"d", made.DIR), entry(b"d/a"), entry(b"d/s", made.DIR), entry(b"d/s/x")),
        tar(entry(b"d", made.DIR, mode=0o700), entry(b"d/.wh..wh..opq"), entry(b"d/b", uid=1000, gid=7)),
    ),
    "attributes": (
        tar(
            entry(b"f", xattrs={b"user.x": b"\0\1"}),
            entry(b"s", made.DIR, mode=0o1777),
            entry(b"g", mode=0o6755),
        ),
    ),
}


@root_only
@pytest.mark.skipif(which("umoci") is None or not which("umoci"), reason="umoci is not installed")
@pytest.mark.parametrize("sample", SAMPLES)
def test_umoci_makes_the_same_of_it(tmp_path, sample):
    """Times of directories aside: umoci leaves what its own writing has made of them."""
    out, _ = made.unpack(tmp_path, *SAMPLES[sample])
    source = layout(tmp_path / "image", *SAMPLES[sample])
    subprocess.run(
        ["umoci", "unpack", "--image", f"{source}:latest", str(tmp_path / "peer")],
        check=True,
        capture_output=True,
    )
    found, theirs = on_disk(out), on_disk(tmp_path / "peer" / "rootfs")
    for tree in (found, theirs):
        tree.pop(b".")
        for one in tree.values():
            if one.kind == "dir":
                one.mtime = 0
    assert found == theirs


def test_the_facts_are_json(tmp_path):
    if os.geteuid() == 0:
        _, homes, manifest = cached(tmp_path, LOWER)
        facts = json.loads(Path(homes[0], "facts").read_bytes())
        assert facts == {
            "size": 1002,
            "seen": {"setuid": 'entry "bin/su": is setuid or setgid'},
            "owners": "set",
        }
        assert b"owners=set" in manifest.read_bytes()


def test_errors_name_layer_and_entry(tmp_path):
    with pytest.raises(NexcageError) as error:
        made.unpack(tmp_path, tar(entry(b"h", made.HARD, target=b"x")))
    layer, _, said = error.value.message.partition(": ")
    assert layer.startswith("layer sha256:")
    assert said == 'entry "h": is a hard link to "x", which is not there'


@root_only
def test_a_default_acl_of_the_image_is_not_inherited_while_it_is_unpacked(tmp_path):
    acl = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", tag, permission, 2**32 - 1)
        for tag, permission in ((0x01, 7), (0x04, 7), (0x10, 7), (0x20, 7))
    )
    name = b"system.posix_acl_default"
    data = tar(entry(b"d", made.DIR, mode=0o755, xattrs={name: acl}), entry(b"d/f", data=b"x", mode=0o600))
    out, manifest = made.unpack(tmp_path, data, tar(entry(b"d/g", data=b"y", mode=0o600)))
    assert os.getxattr(out / "d", name) == acl
    assert [stat.S_IMODE((out / "d" / f).stat().st_mode) for f in "fg"] == [0o600, 0o600]
    assert not os.listxattr(out / "d" / "f")
    assert not os.listxattr(out / "d" / "g")
    assert parse(manifest.read_bytes())[b"d"].xattrs == {name: acl}
