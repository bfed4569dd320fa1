"""Image archives: read by offset, whatever wrote them, and nothing but our errors whatever is in them."""

import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
import shutil
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.bundler.image.tarindex import TarIndex
from nexcage.bundler.sources import SourceWishes, docker_archive, oci_archive, tar
from nexcage.errors import InvalidImage, NexcageError
from nexcage.host import process
from tests.unit.image_maker import Maker, digest
from tests.unit.image_maker import tar as tarred

AMD64 = SourceWishes(platform="linux/amd64")
HEX = digest(b"layer").removeprefix("sha256:")


@pytest.fixture
def archive(tmp_path):
    """Writes bytes as an archive and opens it."""

    def opened(data, kind=oci_archive, tag="", wishes=AMD64):
        path, work = tmp_path / "a:b.tar", tmp_path / "work"
        path.write_bytes(data)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        return kind.open(str(path) + (f":{tag}" if tag else ""), str(work), wishes)

    return opened


def content(layer):
    with open(layer.blob.path, "rb") as file:
        file.seek(layer.blob.offset)
        return file.read(layer.blob.size)


def refused(code, words, call, *arguments, **options):
    with pytest.raises(NexcageError) as found:
        call(*arguments, **options)
    assert (found.value.code, words in found.value.message) == (code, True), found.value.message
    return found.value


def layout():
    maker = Maker()
    return maker.root(maker.image(tag="t"))


def zstd(data, tmp_path):
    path = tmp_path / "plain"
    path.write_bytes(data)
    process.run([process.which("zstd"), "-q", "-f", str(path)]).check()
    return (tmp_path / "plain.zst").read_bytes()


def saved(config_name=None, layers=None, tags=("box:one",), **files):
    """What docker save writes, in its older form."""
    config = json.dumps(Maker().config([b"layer"])).encode()
    name = config_name or digest(config).removeprefix("sha256:") + ".json"
    manifest = [{"Config": name, "RepoTags": tags and list(tags), "Layers": layers or ["one/layer.tar"]}]
    return {name: config, "one/layer.tar": b"layer", "manifest.json": json.dumps(manifest).encode(), **files}


@pytest.mark.parametrize("compress", ["plain", "gzip", "bzip2", "xz", "zstd"])
def test_a_layout_in_an_archive_is_read_where_it_lies(archive, tmp_path, compress):
    data = tarred(layout().files)
    how = {"plain": bytes, "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}
    data = zstd(data, tmp_path) if compress == "zstd" else how[compress](data)
    for tag in ("", "t"):
        image = archive(data, tag=tag)
        assert [content(layer) for layer in image.layers] == [b"layer"]
    if compress != "plain":
        refused("image-corrupt", "damaged or cut off", archive, data[: len(data) // 2])
        small = SourceWishes(platform="linux/amd64", max_size=1000)
        refused("image-too-large", "larger than 1000 bytes", archive, data, wishes=small)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_found_in_every_form(tmp_path, form):
    names = ["d" * 90 + "/" + "f" * 90, "x"] + (
        ["y" * 99 + "/" + "z" * 200] if form != tarfile.USTAR_FORMAT else []
    )
    path = tmp_path / "t"
    with tarfile.open(path, "w", format=form) as file:
        for name in names:
            member = tarfile.TarInfo("./" + name)
            member.size = 3
            file.addfile(member, io.BytesIO(b"abc"))
    index = TarIndex(str(path))
    for name in names:
        blob = index.file(name)
        assert path.read_bytes()[blob.offset : blob.offset + blob.size] == b"abc"
    assert index.file("nothing") is None


def test_links_are_followed_inside_and_nowhere_else(tmp_path):
    path = tmp_path / "t"
    path.write_bytes(tarred({
        "a/layer.tar": "../real.tar", "real.tar": b"data", "out": "../../etc/passwd", "root": "/etc/passwd",
        "loop": "pool", "pool": "loop", "gone": "nothing",
    }))  # fmt: skip
    index = TarIndex(str(path))
    assert index.file("a/layer.tar").size == 4
    assert index.file("gone") is None
    refused("image-escape", 'the link "out" leads out', index.file, "out")
    refused("image-escape", 'to "/etc/passwd"', index.file, "root")
    refused("image-malformed", "do not end", index.file, "loop")


def entry(name="f", size=0, kind=b"0", **fields):
    """One header with a right checksum, and no data."""
    head = bytearray(512)
    head[: len(name)] = name.encode()
    head[100:108], head[124:136], head[156:157] = b"0000644\0", fields.get("raw", b"%011o\0" % size), kind
    head[257:265] = b"ustar\00000"
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "image-malformed", "is no tar archive"),
        (b"PK\3\4" + b"x" * 600, "image-malformed", "is no tar archive"),
        (entry(size=1 << 30), "image-corrupt", "is cut off"),
        (entry() + b"x" * 100, "image-corrupt", "is cut off"),
        (entry() + b"x" * 512, "image-malformed", "a damaged header at byte 512"),
        (entry(size=1 << 30, kind=b"x"), "image-too-large", "extended header of 1073741824 bytes"),
        (entry(size=1 << 30, kind=b"L"), "image-too-large", "extended header"),
        (entry(size=4, kind=b"L") + b"name".ljust(512, b"\0"), "image-malformed", "is its last entry"),
        (entry(size=20, kind=b"x") + b"99 path=x\n".ljust(512, b"\0"), "image-malformed", "damaged extended"),
        (entry(size=20, kind=b"x") + b"0 path=x\n".ljust(512, b"\0"), "image-malformed", "damaged extended"),
        (entry(raw=b"\xff" * 12), "image-malformed", "a size that cannot be"),
        (entry(raw=b"\x80" + b"\x7f" * 11), "image-malformed", "a size that cannot be"),
        (entry(raw=b"-0000000010\0"), "image-malformed", "a size that cannot be"),
        (entry(name="../../etc/passwd"), "image-escape", "leads out of the archive"),
        (entry() * 100_001, "image-too-large", "more than 100000 entries"),
    ],
)
def test_a_hostile_archive_is_refused(tmp_path, data, code, words):
    path = tmp_path / "t"
    path.write_bytes(data)
    refused(code, words, TarIndex, str(path))


@pytest.mark.parametrize("form", ["gnu", "posix"])
def test_sparse_files_are_passed(tmp_path, form):
    with (tmp_path / "sparse").open("wb") as file:
        for i in range(60):  # more extents than one header has room for
            file.seek(i << 20)
            file.write(b"x" * 4096)
    (tmp_path / "after").write_bytes(b"data")
    path = tmp_path / "t.tar"
    argv = [
        process.which("tar"),
        "-S",
        f"--format={form}",
        "-cf",
        str(path),
        "-C",
        str(tmp_path),
        "sparse",
        "after",
    ]
    process.run(argv).check()
    index = TarIndex(str(path))
    blob = index.file("after")
    assert path.read_bytes()[blob.offset : blob.offset + blob.size] == b"data"
    with pytest.raises(InvalidImage, match="not a regular file"):
        index.file(next(name for name in index._entries if name.endswith("sparse")))
    assert tar.open(str(path), "", AMD64).layers[0].blob.size == path.stat().st_size


def test_a_file_that_is_there_twice_is_ambiguous(tmp_path):
    path = tmp_path / "t"
    path.write_bytes(entry("a") + entry("./a") + entry("b"))
    index = TarIndex(str(path))
    assert index.file("b").size == 0
    refused("image-malformed", '"a" is in it twice', index.file, "a")


def test_what_docker_saves_is_opened(archive):
    for tag in ("", "box:one", "one"):
        image = archive(tarred(saved()), docker_archive, tag)
        assert (image.digest, image.platform) == ("", "linux/amd64")
        assert [(layer.digest, layer.diff_id, layer.media_type) for layer in image.layers] == [
            ("", digest(b"layer"), "application/x-tar")
        ]
        assert content(image.layers[0]) == b"layer"
    refused("source-missing", 'has no image "two"', archive, tarred(saved()), docker_archive, "two")


def test_shared_layers_are_links_in_it(archive):
    files = saved(layers=["two/layer.tar"], **{"two/layer.tar": "../one/layer.tar"})
    assert content(archive(tarred(files), docker_archive).layers[0]) == b"layer"


def test_the_form_with_blobs_knows_digests(archive):
    config = json.dumps(Maker().config([b"layer"])).encode()
    files = saved("blobs/" + digest(config).replace(":", "/"), ["blobs/sha256/" + HEX])
    files = {"blobs/sha256/" + HEX: b"layer", **files, **layout().files}
    image = archive(tarred(files), docker_archive)
    assert (image.layers[0].digest, content(image.layers[0])) == (digest(b"layer"), b"layer")
    del files["manifest.json"]
    assert archive(tarred(files), docker_archive).digest


def test_compressed_layers_are_known_by_their_first_bytes(archive):
    data = archive(tarred(saved(**{"one/layer.tar": gzip.compress(b"layer")})), docker_archive)
    assert data.layers[0].media_type == "application/x-tar+gzip"


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        ({}, "image-malformed", "has no manifest.json"),
        ({"repositories": b"{}"}, "image-unsupported", "has no manifest.json"),
        ({"manifest.json": b"{}"}, "image-malformed", "must be an array"),
        ({"manifest.json": b"[]"}, "image-malformed", "must be an array"),
        ({"manifest.json": b"[3]"}, "image-malformed", "$[0]: must be an object"),
        ({"manifest.json": b'[{"RepoTags": 1, "Config": "x"}]'}, "image-malformed", "RepoTags"),
        ({"manifest.json": b'[{"Config": "x"}]'}, "image-malformed", 'Config: "x" is not in the archive'),
        (
            {"manifest.json": b'[{"Config": "x", "Layers": []}]', "x": b"{}"},
            "image-malformed",
            "rootfs: is required",
        ),
        ({"manifest.json": b'[{"Config": "../x"}]'}, "image-malformed", "not in the archive"),
        (saved("0" * 64 + ".json"), "image-digest", "is not what its digest says"),
        (saved(layers=["one/layer.tar"] * 2), "image-malformed", "1 entries for 2 layers"),
        (saved(layers=["one/layer.tar"] * 600), "image-layers", "600 layers"),
        (
            saved(layers=["gone/layer.tar"]),
            "image-malformed",
            'Layers[0]: "gone/layer.tar" is not in the archive',
        ),
    ],
)
def test_a_broken_saved_archive_is_refused(archive, files, code, words):
    refused(code, words, archive, tarred(files or {"x": b""}), docker_archive)


def test_of_several_saved_images_one_must_be_named(archive):
    files = saved()
    one, config = (
        json.loads(files["manifest.json"]),
        json.dumps(Maker().config([b"layer"], author="x")).encode(),
    )
    two = {**one[0], "Config": "two.json", "RepoTags": ["box:two", "other:one"]}
    files.update({"two.json": config, "manifest.json": json.dumps([*one, two]).encode()})
    error = refused(
        "source-invalid",
        "several images: box:one, box:two, other:one",
        archive,
        tarred(files),
        docker_archive,
    )
    assert error.hint.endswith(":box:one")
    assert archive(tarred(files), docker_archive, "two").config["author"] == "x"
    refused("source-invalid", 'tagged "one"', archive, tarred(files), docker_archive, "one")


def test_a_tar_is_one_layer_without_digests(archive, capfd):
    image = archive(tarred({"f": b"x"}), tar)
    assert [(la.media_type, la.digest, la.diff_id) for la in image.layers] == [("application/x-tar", "", "")]
    assert image.config == {}
    assert archive(gzip.compress(b""), tar).layers[0].media_type == "application/x-tar+gzip"
    assert archive(bytes(10240), tar).layers[0].blob.size == 10240
    refused("image-malformed", "is no tar archive", archive, b"text" * 200, tar)
    assert capfd.readouterr().err == ""
    archive(tarred(layout().files), tar)
    assert "is an image archive" in capfd.readouterr().err


def test_what_is_no_file_is_no_archive(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for name in ("fifo", ""):
        with pytest.raises(InvalidImage, match="not a regular file"):
            tar.open(str(tmp_path / name), "", AMD64)


SAMPLES = [tarred(layout().files), tarred(saved()), gzip.compress(tarred(saved()), mtime=0)]


@settings(max_examples=200)
@given(
    st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 1 << 14), st.binary(max_size=8)), max_size=4),
    st.none() | st.integers(0, 1 << 14),
)  # fmt: skip
def test_spoilt_archives_raise_nothing_but_our_errors(tmp_path_factory, sample, changes, cut):
    data = bytearray(sample)
    for at, value in changes:
        data[at % len(data) : at % len(data) + len(value)] = value
    where = tmp_path_factory.mktemp("spoilt")
    (where / "a.tar").write_bytes(data[:cut])
    for kind in (oci_archive, docker_archive, tar):
        with contextlib.suppress(NexcageError):
            kind.open(str(where / "a.tar"), str(where), AMD64)
        (where / "archive.tar").unlink(missing_ok=True)


@given(st.binary(max_size=2048))
def test_arbitrary_bytes_raise_nothing_but_our_errors(tmp_path_factory, data):
    where = tmp_path_factory.mktemp("bytes")
    (where / "a.tar").write_bytes(data)
    for kind in (oci_archive, docker_archive, tar):
        with contextlib.suppress(NexcageError):
            kind.open(str(where / "a.tar"), str(where), AMD64)
        (where / "archive.tar").unlink(missing_ok=True)
