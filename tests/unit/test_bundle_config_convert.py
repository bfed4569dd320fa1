"""nexcage.bundler.config.convert: what an image asks for (image specification, conversion.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import log
from nexcage.bundler.config import convert
from nexcage.errors import InvalidImage

IMAGE = {
    "os": "linux",
    "architecture": "arm64",
    "variant": "v8",
    "os.version": "1",
    "os.features": ["a", "b"],
    "author": "me",
    "created": "2024-01-01T00:00:00Z",
    "config": {
        "Labels": {"z": "1", "org.opencontainers.image.author": "the label"},
        "StopSignal": "SIGQUIT",
        "ExposedPorts": {"80/tcp": {}, "443": {}},
    },
}
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def warnings(monkeypatch):
    said = []
    monkeypatch.setattr(log, "warning", lambda message, **_: said.append(message))
    return said


def test_every_field_becomes_an_annotation_and_labels_win():
    assert convert.annotations(IMAGE) == {
        "org.opencontainers.image.architecture": "arm64",
        "org.opencontainers.image.author": "the label",
        "org.opencontainers.image.created": "2024-01-01T00:00:00Z",
        "org.opencontainers.image.exposedPorts": "443,80/tcp",
        "org.opencontainers.image.os": "linux",
        "org.opencontainers.image.os.features": "a,b",
        "org.opencontainers.image.os.version": "1",
        "org.opencontainers.image.stopSignal": "SIGQUIT",
        "org.opencontainers.image.variant": "v8",
        "z": "1",
    }
    assert list(convert.annotations(IMAGE)) == sorted(convert.annotations(IMAGE))


def test_without_an_image_nothing_is_asked():
    assert convert.annotations({}) == {}
    assert convert.environment({}) == []
    assert convert.directory({}) == "/"
    assert convert.volumes({}) == []
    assert convert.annotations({"config": None}) == {}


@pytest.mark.parametrize(
    "key", ["run.oci.handler", "run.oci.seccomp_bpf_data", "org.systemd.property.X", "org.criu.config"]
)
def test_labels_that_runtimes_obey_are_left_out_with_a_warning(key, warnings):
    assert convert.annotations({"config": {"Labels": {key: "x", "a": "b"}}}) == {"a": "b"}
    assert warnings == [f'label "{key}" of the image is left out: runtimes act upon it']


def test_a_label_without_a_name_is_left_out(warnings):
    assert convert.annotations({"config": {"Labels": {"": "x"}}}) == {}
    assert len(warnings) == 1


def test_variables_that_are_none_are_left_out(warnings):
    assert convert.environment({"config": {"Env": ["A=1", "B", "=C", "D="]}}) == ["A=1", "D="]
    assert len(warnings) == 2
    assert "=C" not in " ".join(warnings)


@pytest.mark.parametrize(
    ("given", "path"), [("/srv/app", "/srv/app"), ("srv", "/srv"), ("/a/../..", "/"), ("//a/", "/a")]
)
def test_the_working_directory_is_absolute(given, path):
    assert convert.directory({"config": {"WorkingDir": given}}) == path


def test_volumes_are_absolute_and_parents_come_first():
    volumes = {"/data/sub": {}, "data": {}, "/data/": {}, "/x/../../etc": {}}
    assert convert.volumes({"config": {"Volumes": volumes}}) == ["/data", "/data/sub", "/etc"]


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ({"config": []}, "config must be an object"),
        ({"config": {"Labels": []}}, "config.Labels must be an object"),
        ({"config": {"Labels": {"a": 1}}}, "config.Labels.a must be a string"),
        ({"config": {"StopSignal": 9}}, "config.StopSignal must be a string"),
        ({"config": {"ExposedPorts": ["80"]}}, "config.ExposedPorts must be an object"),
        ({"author": {}}, "author must be a string"),
        ({"os.features": "x"}, "os.features must be an array of strings"),
        ({"author": "a\0b"}, "author must not contain a NUL character"),
    ],
)
def test_a_wrong_type_is_named(image, words):
    with pytest.raises(InvalidImage, match="the image's configuration: ") as caught:
        convert.annotations(image)
    assert words in caught.value.message


@pytest.mark.parametrize("volumes", [{"/": {}}, {"": {}}, {"/a/..": {}}, ["/a"], {"/a\0": {}}])
def test_volumes_that_cannot_be(volumes):
    with pytest.raises(InvalidImage):
        convert.volumes({"config": {"Volumes": volumes}})


@given(st.dictionaries(st.sampled_from(sorted(IMAGE)), json))
def test_any_document_is_converted_or_refused(image):
    try:
        found = convert.annotations(image)
    except InvalidImage:
        return
    assert all(isinstance(value, str) and key for key, value in found.items())
