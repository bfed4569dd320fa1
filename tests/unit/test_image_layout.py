"""nexcage.bundler.image: from an index to an image, and nothing but our errors whatever documents hold."""

import contextlib
import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.bundler.image import Blob, layout, manifest
from nexcage.bundler.image.platform import parse
from nexcage.errors import InvalidImage, NexcageError, NotFound, UsageError
from tests.unit.image_maker import CONFIG, INDEX, LAYER, MANIFEST, REF, Maker, digest

ABSENT = digest(b"x")
FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"


class Memory:
    """A layout whose files lie in one real file."""

    def __init__(self, files, path):
        self._places, data = {}, b""
        for name, content in files.items():
            self._places[name] = (len(data), len(content))
            data += content
        path.write_bytes(data)
        self._path = str(path)

    def file(self, name):
        return Blob(self._path, *self._places[name]) if name in self._places else None

    def blob(self, name):
        return self.file("blobs/" + name.replace(":", "/"))


@pytest.fixture
def maker():
    return Maker()


@pytest.fixture
def opened(maker, tmp_path):
    """Opens what the maker has made."""

    def image(tag="", wanted="linux/amd64"):
        return layout.image(Memory(maker.files, tmp_path / "all"), "it", tag, parse(wanted))

    return image


def refused(opened, code, words, *arguments):
    with pytest.raises(NexcageError) as found:
        opened(*arguments)
    assert (found.value.code, words in found.value.message) == (code, True), found.value.message
    return found.value


def test_an_image_says_what_it_is(maker, opened):
    maker.root(maker.image(layers=(b"one", b"two"), tag="a"))
    image = opened()
    assert [layer.diff_id for layer in image.layers] == [digest(b"one"), digest(b"two")]
    assert [layer.digest for layer in image.layers] == [digest(b"one"), digest(b"two")]
    assert (image.platform, image.config["config"]["Cmd"]) == ("linux/amd64", ["sh"])
    assert image.digest == json.loads(maker.files["index.json"])["manifests"][0]["digest"]
    assert opened("a").digest == image.digest


def test_a_platform_is_chosen_in_nested_indexes(maker, opened):
    inner = maker.blob(maker.index(maker.image("linux/arm64"), maker.image("linux/arm/v6")), INDEX)
    attests = maker.image("unknown/unknown")
    maker.root(
        maker.blob(maker.index(attests, inner, maker.image("linux/amd64")), INDEX, annotations={REF: "t"})
    )
    assert opened("", "linux/arm64").platform == "linux/arm64"
    assert opened("t", "linux/arm/v7").platform == "linux/arm/v6"
    assert opened().platform == "linux/amd64"
    error = refused(
        opened, "image-platform", "only for linux/amd64, linux/arm/v6, linux/arm64", "", "linux/s390x"
    )
    assert error.hint == "choose one with --platform linux/amd64"


def test_without_a_platform_the_config_says_it(maker, opened):
    maker.root(maker.image("linux/arm64", say=False), maker.image("linux/amd64", say=False))
    assert opened().platform == "linux/amd64"
    maker.root(maker.image("linux/arm64", say=False))
    refused(opened, "image-platform", "no image for linux/amd64, only for linux/arm64")


def test_an_attestation_alone_is_no_image(maker, opened):
    maker.root(maker.image("unknown/unknown"))
    refused(opened, "image-unsupported", "contains no image")


def test_of_several_images_one_must_be_named(maker, opened):
    maker.root(maker.image(tag="one"), maker.image(tag="host/two:x", layers=(b"b",)))
    error = refused(opened, "source-invalid", "contains several images: host/two:x, one")
    assert isinstance(error, UsageError)
    assert opened("one").layers[0].diff_id == digest(b"layer")
    assert opened("x").layers[0].diff_id == digest(b"b")
    assert opened("two:x").layers[0].diff_id == digest(b"b")
    missing = refused(opened, "source-missing", 'has no image "three"', "three")
    assert isinstance(missing, NotFound)
    assert missing.hint == "it has: host/two:x, one"


def described(kind, name=ABSENT, size=1, **more):
    return {"mediaType": kind, "digest": name, "size": size, **more}


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"layers": [described("text/plain")]}, "image-media-type", "text/plain"),
        ({"layers": [described(LAYER + "+gzip+encrypted")]}, "image-unsupported", "is encrypted"),
        ({"layers": [described(FOREIGN, urls=["x"])]}, "image-unsupported", "named by a URL"),
        ({"layers": [described(LAYER)]}, "image-corrupt", "is missing"),
        (
            {"layers": [described(LAYER, digest(b"layer"), 4)]},
            "image-corrupt",
            "5 bytes, but its descriptor says 4",
        ),
        ({"layers": [described(LAYER, "sha256:../../x")]}, "image-malformed", "is no digest"),
        ({"layers": [described(LAYER, "md5:" + "0" * 32)]}, "image-malformed", "md5"),
        ({"layers": []}, "image-malformed", "has 1 entries for 0 layers"),
        ({"layers": "x"}, "image-malformed", "$.layers: must be an array"),
        ({"layers": [described(LAYER, digest(b"layer"), 5)] * 513}, "image-layers", "513 layers"),
        ({"layers": [{}] * 10000}, "image-layers", "10000 layers"),
        ({"schemaVersion": 3}, "image-malformed", "must be 2"),
        ({"schemaVersion": 1, "fsLayers": []}, "image-unsupported", "schema version 1"),
        ({"mediaType": INDEX}, "image-malformed", "the descriptor says"),
        ({"manifests": []}, "image-malformed", "index and a manifest at once"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said(maker, opened, change, code, words):
    document = {key: value for key, value in {**maker.manifest(), **change}.items() if value is not None}
    if len(document["layers"]) == 513:
        document["config"] = maker.blob(maker.config([b"layer"] * 513), CONFIG)
    elif code not in ("image-malformed", "image-layers") or "digest" in words or words == "md5":
        document["config"] = maker.blob(maker.config([b"x"]), CONFIG)
    maker.root(maker.blob(document, MANIFEST))
    assert isinstance(refused(opened, code, words), InvalidImage)


def test_an_artifact_is_no_image(maker, opened):
    document = maker.manifest(artifactType="application/vnd.example")
    document["config"]["mediaType"] = "application/vnd.oci.empty.v1+json"
    maker.root(maker.blob(document, MANIFEST))
    refused(opened, "image-media-type", 'an artifact of type "application/vnd.example"')


def test_schema_1_is_said_to_be_old(maker, opened):
    maker.root(maker.blob({}, "application/vnd.docker.distribution.manifest.v1+prettyjws"))
    assert "skopeo" in refused(opened, "image-unsupported", "schema version 1").hint


def test_a_document_that_is_not_its_digest_is_refused(maker, opened):
    maker.root(maker.image())
    for name in [name for name in maker.files if name.startswith("blobs/")][:1]:
        maker.files[name] = maker.files[name].replace(b"amd64", b"arm64")
    refused(opened, "image-digest", "is not what its digest says")


def test_a_document_of_five_mebibytes_is_not_read(maker, opened):
    maker.root(maker.blob(b" " * (5 << 20), MANIFEST))
    refused(opened, "image-too-large", "4 MiB")


def test_indexes_do_not_nest_without_end(maker, opened):
    descriptor = maker.image()
    for _ in range(6):
        descriptor = maker.blob(maker.index(descriptor), INDEX)
    maker.root(descriptor)
    refused(opened, "image-malformed", "nested deeper than 4")
    many = [
        maker.blob(maker.index(annotations={"n": str(i)}), INDEX) for i in range(manifest.MOST_DOCUMENTS + 1)
    ]
    maker.root(*many)
    refused(opened, "image-malformed", "more than 256")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("oci-layout", None, "is no OCI image layout"),
        ("oci-layout", b"{}", "imageLayoutVersion: is required"),
        ("oci-layout", b'{"imageLayoutVersion": "2.0"}', "is not supported"),
        ("index.json", None, "has no index.json"),
        ("index.json", b"{", "line 1"),
        ("index.json", b"[]", "must be an object"),
        ("index.json", b'{"schemaVersion": 2, "manifests": [1]}', "$.manifests[0]: must be an object"),
        ("index.json", b'{"schemaVersion": 2, "manifests": []}', "contains no image"),
    ],
)
def test_a_broken_layout_is_refused(maker, opened, name, data, words):
    maker.root(maker.image())
    maker.files.pop(name)
    if data is not None:
        maker.files[name] = data
    with pytest.raises(InvalidImage) as found:
        opened()
    assert words in found.value.message


def places(node, path=()):
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["sha256:", "sha256:" + "0" * 64, "../x", "\0", MANIFEST, INDEX, LAYER, "layers"])
)  # fmt: skip
JUNK = st.recursive(
    LEAVES,
    lambda s: st.lists(s, max_size=2) | st.dictionaries(st.sampled_from(["", "digest", "size", "os"]), s),
    max_leaves=4,
)
WHICH = st.sampled_from(["index", "manifest", "config"])


@settings(max_examples=300)
@given(st.lists(st.tuples(WHICH, st.randoms(use_true_random=False), JUNK), min_size=1, max_size=3))
def test_mutated_documents_raise_nothing_but_our_errors(tmp_path_factory, changes):
    maker = Maker()
    documents = {"config": maker.config([b"layer"], variant="v1", created="x", author="y")}

    def mutate(kind):
        for which, random, value in changes:
            node, path = documents[kind], random.choice(list(places(documents[kind])))
            if which != kind or not path:
                continue
            with contextlib.suppress(LookupError, TypeError):
                for part in path[:-1]:
                    node = node[part]
                node[path[-1]] = copy.deepcopy(value)

    mutate("config")
    documents["manifest"] = maker.manifest(config=maker.blob(documents["config"], CONFIG))
    mutate("manifest")
    where = {"os": "linux", "architecture": "amd64", "variant": "v1"}
    descriptor = maker.blob(documents["manifest"], MANIFEST, platform=where, annotations={REF: "t"})
    documents["index"] = maker.index(descriptor)
    mutate("index")
    maker.files["index.json"] = json.dumps(documents["index"]).encode()
    files = Memory(maker.files, tmp_path_factory.mktemp("m") / "all")
    for tag in ("", "t"):
        with contextlib.suppress(NexcageError):
            image = layout.image(files, "it", tag, parse("linux/amd64"))
            diff_ids = (image.config.get("rootfs") or {}).get("diff_ids")  # null is none of them
            assert len(image.layers) == len(diff_ids or [])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_as_index_raise_nothing_but_our_errors(tmp_path_factory, data):
    maker = Maker()
    maker.files["index.json"] = data
    with contextlib.suppress(NexcageError):
        layout.image(
            Memory(maker.files, tmp_path_factory.mktemp("m") / "all"), "it", "", parse("linux/amd64")
        )
