"""Layers that mean harm or are broken: one error of ours, nothing outside touched, nothing left open."""

import bz2
import gzip
import lzma
import os
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.bundler.cache import Cache
from nexcage.bundler.layers.lib import Reader
from nexcage.bundler.layers.stream import Stream
from nexcage.bundler.manifest.reading import parse
from nexcage.bundler.manifest.tree import scan
from nexcage.errors import InvalidImage, NexcageError
from nexcage.host.files import remove_tree
from tests.unit import layer_maker as made
from tests.unit.layer_maker import entry, header, pax, tar

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(autouse=True)
def nothing_stays_open():
    before, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    umask = os.umask(0o022)
    yield
    assert os.umask(umask) == 0o022
    assert len(os.listdir("/proc/self/fd")) == before
    assert threading.active_count() == threads


@pytest.fixture
def canary(tmp_path):
    """A tree that nobody may touch, beside the one that is written."""
    (tmp_path / "canary" / "inner").mkdir(parents=True)
    (tmp_path / "canary" / "secret").write_text("secret")
    before = list(map(repr, scan(str(tmp_path / "canary"))))
    yield tmp_path / "canary"
    assert list(map(repr, scan(str(tmp_path / "canary")))) == before


def refused(directory, *tars, code="image-escape", **how):
    """Unpack in both ways; the messages of both."""
    with pytest.raises(NexcageError) as copying:
        made.unpack(directory, *tars, **how)
    assert copying.value.code == code, copying.value.message
    said = [copying.value.message]
    if os.geteuid() == 0:
        doing = made.unpacking(**how)
        cache = Cache(str(directory / "cache"))
        image = made.image(directory / "blobs", *tars)
        with pytest.raises(NexcageError) as caching:
            doing.cached_layers(image, cache) or doing.cached_tree(image, cache)
        assert caching.value.code == code, caching.value.message
        said.append(caching.value.message)
        assert not [name for name in os.listdir(directory / "cache") if name.startswith("work-")]
        assert not os.listdir(directory / "cache" / "trees")
    for message in said:
        assert message.isprintable()
        assert message.startswith("layer sha256:")
    return said


def outcome(directory, *tars):
    """The error, or None when what is on disk is what the manifest says."""
    try:
        out, manifest = made.unpack(directory, *tars)
    except NexcageError as error:
        return error
    assert {x.path: x for x in scan(str(out))} == parse(manifest.read_bytes())
    return None


UP = b"../" * 12
NAMES = [
    b"..",
    b"../x",
    b"a/../../x",
    b"/x",
    b"//x",
    b"a/..",
    b"./../x",
    b"a/.wh...",
    b".wh..",
    b".wh.",
    b".wh...",
]


@pytest.mark.usefixtures("canary")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [made.FILE, made.DIR, made.LINK, made.HARD])
def test_names_that_lead_out(tmp_path, name, kind):
    refused(tmp_path, tar(entry(b"x"), entry(name, kind, target=b"x")))


@pytest.mark.parametrize("target", [UP + b"{}", b"{}", b"/../{}", b"a/../../{}", b"loop"])
@pytest.mark.parametrize("below", [b"secret", b"inner", b".wh.secret", b".wh..wh..opq", b"inner/new"])
@pytest.mark.parametrize("layers", [1, 2])
def test_links_that_lead_out(tmp_path, canary, target, below, layers):
    """As the kernel would for a process in the container: an absolute link ends in the root."""
    where = os.fsencode(canary)
    target = target.replace(b"{}", where.lstrip(b"/") if b".." in target else where)
    links = {b"out": target, b"loop": b"loop"}
    entries = [entry(b"a", made.DIR), *(entry(n, made.LINK, target=t) for n, t in links.items())]
    tars = (
        [tar(*entries), tar(entry(b"out/" + below))]
        if layers == 2
        else [tar(*entries, entry(b"out/" + below))]
    )
    if b".." in target or target == b"loop":
        refused(tmp_path, *tars)
    else:
        out, _ = made.unpack(tmp_path, *tars)
        if b".wh." not in below:
            assert (Path(str(out) + os.fsdecode(where)) / os.fsdecode(below)).is_file()


@pytest.mark.parametrize("target", [UP + b"etc/passwd", b"/etc/passwd", b"out/secret", b".."])
def test_hard_links_to_what_is_outside(tmp_path, canary, target):
    out = entry(b"out", made.LINK, target=UP + os.fsencode(canary)[1:])
    refused(tmp_path, tar(out, entry(b"steal", made.HARD, target=target)))


@pytest.mark.parametrize("target", [b"missing", b"missing/x", b"d", b"f/x"])
def test_hard_links_to_nothing(tmp_path, target):
    entries = [entry(b"d", made.DIR), entry(b"f"), entry(b"h", made.HARD, target=target)]
    refused(tmp_path, tar(*entries), code="image-corrupt")


@pytest.mark.parametrize("name", [b".wh..wh.x", b".wh..wh..wh..opq", b".wh.a/b", b"d/.wh.a/b"])
def test_whiteouts_that_are_none(tmp_path, name):
    refused(tmp_path, tar(entry(b"a"), entry(name)), code="image-corrupt")


@pytest.mark.parametrize("name", [b"n" * 300, b"d/" + b"n" * 300 + b"/f", b"n" * 5000, b"ab/" * 1700 + b"f"])
def test_names_that_are_too_long(tmp_path, name):
    for message in refused(tmp_path, tar(entry(b"a"), entry(name)), code="image-corrupt"):
        assert "too long" in message


def test_two_thousand_levels(tmp_path):
    deep = b"/".join([b"d"] * 1990)
    out, manifest = made.unpack(tmp_path, tar(entry(deep + b"/f", data=b"x"), entry(b"d/d", made.DIR)))
    found = {x.path: x for x in scan(str(out))}
    assert found == parse(manifest.read_bytes())
    assert found[deep + b"/f"].size == 1
    remove_tree(str(out))
    assert not out.exists()


def test_many_deep_entries_are_no_feat(tmp_path):
    """Each level by its own entry: the way is not walked anew from the root each time."""
    levels = [b"/".join([b"d"] * i) for i in range(1, 1200)]
    made.unpack(tmp_path, tar(*(entry(level, made.DIR) for level in levels)))
    remove_tree(str(tmp_path / "out"))


def test_directories_that_are_replaced_by_thousands(tmp_path):
    names = [b"d%d" % i for i in range(3000)]
    out, manifest = made.unpack(
        tmp_path, tar(*(entry(n, made.DIR) for n in names), *(entry(n) for n in names), *[entry(b"f")] * 3000)
    )
    assert {x.path: x for x in scan(str(out))} == parse(manifest.read_bytes())


FACTS = [
    ({"uid": 1 << 32}, "owner"),
    ({"gid": (1 << 32) - 1}, "owner"),
    ({"uid": -1}, "owner"),
    ({"gid": -(1 << 40)}, "owner"),
    ({"mtime": 1 << 60}, "time"),
    ({"mtime": -(1 << 60)}, "time"),
    ({"mtime": -(1 << 30)}, ""),
    ({"uid": (1 << 32) - 2}, ""),
    ({"mtime": (1 << 63) - 1}, "time"),
]


@pytest.mark.parametrize(("facts", "word"), FACTS)
@pytest.mark.parametrize("name", [b"f", b"d/f", b"d/"])
def test_numbers_out_of_range(tmp_path, facts, word, name):
    """An error, or what the file says is what the manifest says."""
    kind = made.DIR if name.endswith(b"/") else made.FILE
    error = outcome(tmp_path, tar(entry(name, kind, **facts)))
    assert error is None if not word else error.code == "image-corrupt" and word in error.message


@pytest.mark.parametrize("name", [b"d/.wh.x", b"d/h"])
def test_times_out_of_range_where_no_file_has_them(tmp_path, name):
    entries = [
        entry(b"f"),
        entry(name, made.HARD if name == b"d/h" else made.FILE, target=b"f", mtime=1 << 60),
    ]
    with pytest.raises(NexcageError, match="time is out of range"):
        made.unpack(tmp_path, tar(*entries))


@root_only
@pytest.mark.parametrize("number", [(1 << 12, 0), (0, 1 << 20), (-1, 0), (1 << 40, 1), (0, 1 << 32)])
@pytest.mark.parametrize("kind", [made.CHAR, made.BLOCK])
def test_device_numbers_out_of_range(tmp_path, number, kind):
    numbers = {"major": number[0] % (1 << 55), "minor": number[1]}
    refused(tmp_path, tar(entry(b"dev", kind, **numbers)), code="image-corrupt")


SIZES = [-1, -512, -(1 << 62), 1 << 62, (1 << 63) - 1]


@pytest.mark.parametrize("size", SIZES)
def test_sizes_that_cannot_be(tmp_path, size):
    with pytest.raises(InvalidImage) as error:
        made.unpack(tmp_path, tar(entry(b"a", data=b"x"), header(b"b", size=size) + bytes(2048)))
    assert error.value.code in ("image-corrupt", "image-too-large")
    doing = made.unpacking(1000)
    with pytest.raises(InvalidImage):
        doing.limits.charge(1001)


SPARSE = [
    {b"GNU.sparse.major": b"1", b"GNU.sparse.minor": b"0", b"GNU.sparse.realsize": b"-5"},
    {b"GNU.sparse.major": b"1", b"GNU.sparse.minor": b"0", b"GNU.sparse.realsize": b"99999999999999999999"},
    {b"GNU.sparse.size": b"10", b"GNU.sparse.map": b"0,5,3,5"},
    {b"GNU.sparse.size": b"10", b"GNU.sparse.map": b"9,512"},
    {b"GNU.sparse.size": b"10", b"GNU.sparse.map": b"0,512,-5,7"},
    {
        b"GNU.sparse.size": b"-1",
        b"GNU.sparse.numblocks": b"1",
        b"GNU.sparse.offset": b"0",
        b"GNU.sparse.numbytes": b"9",
    },
    {b"GNU.sparse.size": b"1000", b"GNU.sparse.map": b"900,100,0,100"},
    {b"GNU.sparse.size": b"1000000000000000000", b"GNU.sparse.map": b"0,1"},
    {b"GNU.sparse.size": b"x", b"GNU.sparse.map": b",,,,"},
]


@pytest.mark.parametrize("records", SPARSE)
def test_sparse_maps_that_contradict(tmp_path, records):
    """Refused, or the file is what the manifest says."""
    data = pax(records) + entry(b"f", data=b"1\n0\n512\n".ljust(1024, b"x"))
    error = outcome(tmp_path, tar(data, entry(b"g", data=b"y")))
    assert error is None or error.code in ("image-corrupt", "image-too-large")


def test_a_sparse_file_has_its_holes(tmp_path):
    with open(tmp_path / "s", "wb") as file:
        file.truncate(50 << 20)
        for offset in (0, 10 << 20, (50 << 20) - 3):
            file.seek(offset)
            file.write(b"abc")
    for form in ("gnu", "posix"):
        place = tmp_path / form
        place.mkdir()
        command = ["tar", "-cSf", "-", "--format", form, "--mtime=@5", "--owner=0", "--group=0", "s"]
        data = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, check=True).stdout
        assert len(data) < 1 << 20
        out, manifest = made.unpack(place, data)
        assert (out / "s").stat().st_blocks * 512 < 1 << 20
        assert (out / "s").read_bytes() == (tmp_path / "s").read_bytes()
        digest = {x.path: x for x in scan(str(out))}[b"s"].sha256
        assert parse(manifest.read_bytes())[b"s"].sha256 == digest


ODD_HEADERS = [
    pax({b"path": b"x" * 2_000_000}),
    pax({b"comment": b"x" * 2_000_000}),
    pax({b"k%d" % i: b"v" for i in range(20_000)}),
    pax({b"path": b"../evil"}),
    pax({b"linkpath": b"../evil"}),
    pax({b"path": b""}),
    pax({b"path": b"a\0b"}),
    pax({b"": b""}),
    pax({b"uid": b"-1", b"gid": b"99999999999999999999999", b"mtime": b"nan", b"size": b"-1"}),
    pax({b"mtime": b"1.9999999999999999"}),
    pax({b"SCHILY.xattr.": b"x"}),
    pax({b"SCHILY.xattr.user.\xff\n": b"\xff"}),
    pax({b"LIBARCHIVE.xattr.user.%00%zz": b"!!"}),
    pax({b"SCHILY.xattr.user." + b"n" * 300: b"x"}),
    pax({b"SCHILY.xattr.user.x": b"v" * 100_000}),
    pax({b"SCHILY.xattr.system.posix_acl_access": b"junk"}),
    pax({b"SCHILY.acl.access": b"user::rwx,group::rwx,other::rwx,user:root:rwx,mask::rwx"}),
    pax({b"SCHILY.fflags": b"uchg,schg"}),
    pax({b"SCHILY.filetype": b"socket", b"SCHILY.dev": b"1", b"SCHILY.ino": b"1", b"SCHILY.nlink": b"99"}),
    pax({b"hdrcharset": b"BINARY", b"path": b"\xff\xfe"}),
    pax({b"hdrcharset": b"odd"}),
    pax({b"path": b"x"}, b"g"),
    header(b"pax", b"x", size=20) + b"99999999999999999 path=x\n".ljust(512, b"\0"),
    header(b"pax", b"x", size=0),
    header(b"pax", b"x", size=512) + b"no numbers here\n".ljust(512, b"\0"),
    header(b"././@LongLink", b"L", size=1 << 40),
    header(b"././@LongLink", b"L", size=5) + b"../x\0".ljust(512, b"\0"),
    header(b"V", b"V"),
    header(b"M", b"M", size=5) + bytes(512),
    header(b"S", b"S", size=5) + bytes(512),
    header(b"D", b"D", size=5) + bytes(512),
    header(b"7", b"7", size=5) + bytes(512),
    header(b"?", b"Z", size=5) + bytes(512),
]


@pytest.mark.usefixtures("canary")
@pytest.mark.parametrize("odd", ODD_HEADERS, ids=range(len(ODD_HEADERS)))
def test_odd_headers(tmp_path, odd):
    """Refused with our words, or what is on disk is what the manifest says."""
    error = outcome(tmp_path, tar(entry(b"a"), odd, entry(b"f", data=b"y"), entry(b"g")))
    assert error is None or (error.message.isprintable() and error.code.startswith("image-"))
    assert not (tmp_path / "evil").exists()


@root_only
def test_attributes_that_overlayfs_would_obey_are_not_taken(tmp_path):
    xattrs = {b"trusted.overlay.opaque": b"y", b"user.overlay.redirect": b"/", b"user.note": b"1"}
    kinds = {b"f": made.FILE, b"d": made.DIR}
    out, manifest = made.unpack(tmp_path, tar(*(entry(n, k, xattrs=xattrs) for n, k in kinds.items())))
    for name in ("f", "d"):
        assert os.listxattr(out / name) == ["user.note"]
    assert {x.path: x for x in scan(str(out))} == parse(manifest.read_bytes())


def sample():
    names = [entry(b"d%d/f%d" % (i, i), data=(b"%d" % i * 999)[: i * 97]) for i in range(20)]
    return tar(*names)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress, "zstd"])
def test_cut_anywhere(tmp_path, pack):
    """The digest of what was there is wrong in any case; here it is right, so that only the cut shows."""
    whole = sample()
    packed = (
        subprocess.run(["zstd", "-c"], input=whole, stdout=subprocess.PIPE, check=True).stdout
        if pack == "zstd"
        else pack(whole)
    )
    step = 512 if pack is bytes else 2048
    content_end = len(whole) - 1024
    for size in range(0, len(packed), step):
        place = tmp_path / str(size)
        place.mkdir()
        layer = made.layer(place, packed[:size], whole)
        with pytest.raises(InvalidImage) as error:
            drain(layer)
        assert error.value.code in ("image-corrupt", "image-digest")
        if pack is not bytes and size > 16:
            assert error.value.code == "image-corrupt"
    assert content_end


def drain(layer, limit=1 << 30):
    stream = Stream(layer, limit)
    try:
        data = b"".join(iter(stream.read, b""))
        stream.check()
        return data
    finally:
        stream.close()


def zstd(data, *options):
    return subprocess.run(["zstd", "-c", *options], input=data, stdout=subprocess.PIPE, check=True).stdout


SKIPPABLE = b"\x50\x2a\x4d\x18" + (7).to_bytes(4, "little") + b"ignored"
WHOLE = sample()
PACKED = {
    "plain": WHOLE,
    "gzip": gzip.compress(WHOLE),
    "members": gzip.compress(WHOLE[:1000]) + gzip.compress(b"") + gzip.compress(WHOLE[1000:]),
    "bytewise members": b"".join(gzip.compress(WHOLE[i : i + 700]) for i in range(0, len(WHOLE), 700)),
    "gzip, zeros after": gzip.compress(WHOLE) + bytes(100_000),
    "zstd": zstd(WHOLE),
    "zstd, long": zstd(WHOLE, "-19", "--long=27"),
    "zstd frames": zstd(WHOLE[:1000]) + zstd(WHOLE[1000:]),
    "zstd, skippable at the end": zstd(WHOLE) + SKIPPABLE,
    "zstd, skippable in the middle": zstd(WHOLE[:1000]) + SKIPPABLE + zstd(WHOLE[1000:]),
    "zstd, skippable first": SKIPPABLE + zstd(WHOLE),
    "zstd, two skippable first": SKIPPABLE + SKIPPABLE + zstd(WHOLE),
    "xz": lzma.compress(WHOLE),
    "xz, two streams": lzma.compress(WHOLE[:99]) + lzma.compress(WHOLE[99:]),
    "bzip2": bz2.compress(WHOLE),
    "bzip2, two streams": bz2.compress(WHOLE[:99]) + bz2.compress(WHOLE[99:]),
    "name and comment": b"\x1f\x8b\x08\x18" + bytes(6) + b"name\0comment\0" + gzip.compress(WHOLE)[10:],
}


@pytest.mark.parametrize("how", PACKED)
def test_every_compression(tmp_path, how):
    assert drain(made.layer(tmp_path, PACKED[how], WHOLE)) == WHOLE


@pytest.mark.parametrize("how", ["gzip", "zstd", "xz"])
def test_garbage_after_the_end(tmp_path, how):
    with pytest.raises(InvalidImage):
        drain(made.layer(tmp_path, PACKED[how] + b"garbage", WHOLE))


@pytest.mark.parametrize("how", ["gzip", "zstd", "xz", "bzip2"])
def test_bombs_end_at_the_limit(tmp_path, how):
    big = bytes(30 << 20)
    pack = {"gzip": gzip.compress, "zstd": zstd, "xz": lzma.compress, "bzip2": bz2.compress}[how]
    with pytest.raises(InvalidImage) as error:
        drain(made.layer(tmp_path, pack(big), big), limit=1 << 20)
    assert error.value.code == "image-too-large"


def test_a_wrong_compression_is_told(tmp_path):
    with pytest.raises(InvalidImage, match="is no gzip data"):
        drain(made.layer(tmp_path, WHOLE, WHOLE, media_type=made.TAR + "+gzip"))
    assert drain(made.layer(tmp_path, zstd(WHOLE), WHOLE, media_type=made.TAR + "+gzip")) == WHOLE


@pytest.mark.parametrize("which", ["digest", "diff_id"])
def test_another_digest(tmp_path, which):
    layer = made.layer(tmp_path, gzip.compress(WHOLE), WHOLE)
    setattr(layer, which, "sha256:" + "0" * 64)
    with pytest.raises(InvalidImage) as error:
        drain(layer)
    assert error.value.code == "image-digest"


def test_a_reader_that_gives_up_in_the_middle(tmp_path):
    layer = made.layer(tmp_path, gzip.compress(bytes(64 << 20), 1))
    for _ in range(20):
        stream = Stream(layer, 1 << 30)
        stream.read()
        stream.close()


MAGIC = st.sampled_from(
    [
        b"",
        b"\x1f\x8b",
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"\xfd7zXZ\x00",
        b"BZh9",
        b"BZh91AY&SY",
        SKIPPABLE,
    ]
)


@settings(max_examples=80)
@given(MAGIC, st.binary(max_size=600))
def test_arbitrary_bytes(magic, data):
    attempt(magic + data)


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12),
    st.sampled_from(["plain", "gzip", "zstd", "xz"]),
)
def test_flipped_bytes(changes, how):
    data = bytearray(PACKED[how])
    for at, value in changes:
        data[at * 31 % len(data)] = value
    attempt(bytes(data))


@settings(max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 499), st.binary(min_size=1, max_size=12)), min_size=1, max_size=4))
def test_headers_of_any_bytes(changes):
    """With a checksum that is right, so that they are believed."""
    block = bytearray(header(b"name", made.FILE, size=3))
    for at, value in changes:
        block[at : at + len(value)] = value
    block = block[:512]
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    attempt(tar(entry(b"a"), bytes(block), bytes(512), entry(b"b")))


def attempt(data):
    directory = Path(tempfile.mkdtemp(prefix="layers-"))
    try:
        error = outcome(directory, data)
        assert error is None or error.message.isprintable()
    finally:
        remove_tree(str(directory))


def test_an_error_of_the_pieces_passes_through():
    def pieces():
        yield entry(b"a")[:100]
        raise NexcageError("the disk has gone")

    with pytest.raises(NexcageError, match="the disk has gone"):
        list(iter(Reader(pieces(), format="tar").__enter__().next, False))
