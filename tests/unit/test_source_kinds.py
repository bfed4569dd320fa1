"""``--from``: what it may say, and the sources that are files and directories of this machine."""

import os

import pytest

from nexcage.bundler import sources
from nexcage.bundler.image import Image, Tree
from nexcage.bundler.sources import KINDS, SourceWishes, opened, parse
from nexcage.errors import NexcageError, NotFound, UsageError
from tests.unit.image_maker import Maker


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("dir:/a:b", "dir", "/a:b"),
        ("tar:x", "tar", "x"),
        ("host:sh,ls", "host", "sh,ls"),
        ("host:", "host", ""),
        ("docker://127.0.0.1:5000/a/b:c", "docker", "127.0.0.1:5000/a/b:c"),
        ("docker-daemon:a:b", "docker-daemon", "a:b"),
        ("template:local:vztmpl/x.tar.zst", "template", "local:vztmpl/x.tar.zst"),
        ("scratch", "scratch", ""),
    ],
)
def test_kind_and_rest(text, kind, rest):
    assert parse(text) == (kind, rest)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no kind of source"),
        ("busybox", "is no kind of source"),
        ("dir", "nothing follows"),
        ("dir:", "nothing follows"),
        ("docker:busybox", "docker://REF"),
        ("docker://", "docker://REF"),
        ("scratch:x", "takes nothing"),
        ("scratch:", "takes nothing"),
        ("dir:a\0b", "NUL"),
        ("/", "does not say what it is"),
        ("../os:x", "is no kind"),
        ("paths:x", "is no kind"),
        ("docker_daemon:x", "is no kind"),
    ],
)
def test_what_cannot_be_a_source_is_refused(text, words):
    with pytest.raises(UsageError) as found:
        parse(text)
    assert (found.value.code, words in found.value.message) == ("source-invalid", True), found.value.message


def test_every_kind_has_a_module():
    for kind in KINDS:
        assert os.path.exists(os.path.join(sources.__path__[0], kind.replace("-", "_") + ".py"))


@pytest.mark.parametrize("kind", ["dir", "tar", "oci", "oci-archive", "docker-archive"])
def test_what_is_not_there_is_named(tmp_path, kind):
    with pytest.raises(NotFound) as found:
        opened(f"{kind}:{tmp_path}/gone:x", str(tmp_path), SourceWishes())
    assert (found.value.code, found.value.message) == (
        "source-missing",
        f'the source "{tmp_path}/gone:x" does not exist',
    )


def test_a_colon_may_be_in_a_path_or_before_a_tag(tmp_path):
    maker = Maker()
    path = maker.root(maker.image(tag="x:y"), maker.image(tag="b", layers=(b"b",))).write(tmp_path / "a:b")
    wishes = SourceWishes(platform="linux/amd64")
    image = opened(f"oci:{path}:b", str(tmp_path), wishes)
    assert isinstance(image, Image)
    assert opened(f"oci:{path}:x:y", str(tmp_path), wishes).digest != image.digest
    with pytest.raises(UsageError, match="several images: b, x:y"):
        opened(f"oci:{path}", str(tmp_path), wishes)


def test_a_directory_is_copied_and_nothing_is_not(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "f").write_bytes(b"x")
    (tmp_path / "link").symlink_to(source)
    tree = opened(f"dir:{tmp_path}/link", str(tmp_path), SourceWishes())
    assert isinstance(tree, Tree)
    tree.fill(str(target))
    assert (target / "f").read_bytes() == b"x"
    with pytest.raises(UsageError, match="into itself"):
        tree.fill(str(source))
    (tmp_path / "empty").mkdir()
    nothing = opened("scratch", str(tmp_path), SourceWishes())
    nothing.fill(str(tmp_path / "empty"))
    assert (nothing.args, os.listdir(tmp_path / "empty")) == ([], [])
    with pytest.raises(NexcageError, match="is not a directory"):
        opened(f"dir:{source}/f", str(tmp_path), SourceWishes())
