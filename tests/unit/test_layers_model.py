"""Layers on disk against the model of what they mean: copied, as an overlay, and in the manifest."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nexcage.bundler import overlay
from nexcage.bundler.cache import Cache
from nexcage.bundler.manifest.reading import parse
from nexcage.bundler.manifest.tree import scan
from nexcage.errors import InvalidImage
from nexcage.host.files import remove_tree
from tests.unit import layer_maker as made
from tests.unit.layer_model import Model, Refused

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: owners, devices, overlayfs")

KINDS = {
    "file": made.FILE,
    "hard": made.HARD,
    "link": made.LINK,
    "char": made.CHAR,
    "dir": made.DIR,
    "fifo": made.FIFO,
}
parts = st.sampled_from([b"a", b"b", b"a", b"b", "e\u0301".encode(), b"\xff\n\\ ="])
names = st.lists(parts, min_size=1, max_size=3).map(b"/".join)
decorated = st.builds(
    lambda before, name, after: before + name + after,
    st.sampled_from([b"", b"", b"./"]),
    names,
    st.sampled_from([b"", b"", b"", b"/"]),
)
whiteouts = st.builds(
    lambda path, last: b"/".join((*path, last)),
    st.lists(parts, max_size=2),
    st.one_of(st.just(b".wh..wh..opq"), parts.map(lambda part: b".wh." + part)),
)
targets = st.one_of(names, st.sampled_from([b"/a", b"../b", b".", b"a/../b", b"b/a", b"/"]))
facts = st.builds(
    lambda mode, owner, mtime, xattr: {
        "mode": mode,
        "uid": owner,
        "gid": owner and 7,
        "mtime": mtime * 1_000_000_000,
        "xattrs": xattr,
    },
    st.sampled_from([0o644, 0o4755, 0o2755, 0, 0o1777]),
    st.sampled_from([0, 0, 1000]),
    st.integers(0, 1 << 30),
    st.sampled_from([{}, {}, {b"user.x": b"1"}, {b"trusted.y": b"\0="}]),
)


@st.composite
def entries(draw):
    kind = draw(st.sampled_from([*KINDS, *["file", "dir", "dir", "whiteout"] * 4]))
    about = draw(facts)
    if kind == "whiteout":
        about["xattrs"] = {}
        return draw(whiteouts), "file", b"", about
    name = draw(decorated)
    if kind == "file":
        about["data"] = draw(st.sampled_from([b"", b"x", b"abc" * 1000]))
    elif kind == "char":
        about["device"] = (1, 3)
    if kind != "dir":
        name = name.rstrip(b"/")  # else it is one
    if kind not in ("dir", "file"):
        about["xattrs"] = {}  # what cannot be set on them is another test
    return name, kind, draw(targets) if kind in ("link", "hard") else b"", about


images = st.lists(st.lists(entries(), max_size=7), min_size=1, max_size=4)


def tar(layer):
    return made.tar(
        *(
            made.entry(
                name,
                KINDS[kind],
                target=target,
                **{
                    **{key: value for key, value in about.items() if key not in ("mtime", "device")},
                    "mtime": about["mtime"] // 1_000_000_000,
                    "major": about.get("device", (0, 0))[0],
                    "minor": about.get("device", (0, 0))[1],
                },
            )
            for name, kind, target, about in layer
        )
    )


def modelled(layers):
    """path → entry, or None when no engine could unpack that."""
    model = Model()
    try:
        for layer in layers:
            model.apply(layer)
    except Refused:
        return None
    return model.entries()


def on_disk(directory):
    return {entry.path: entry for entry in scan(str(directory))}


def same(found, expected, what):
    paths = sorted({*found, *expected})
    wrong = [(x, found.get(x), expected.get(x)) for x in paths if found.get(x) != expected.get(x)]
    assert not wrong, what


def copied(directory, layers, expected):
    try:
        out, manifest = made.unpack(directory, *map(tar, layers))
    except InvalidImage:
        assert expected is None
        return
    same(on_disk(out), expected or {}, "copied")
    same(parse(manifest.read_bytes()), expected or {}, "the manifest of the copy")


def overlaid(directory, layers, expected):
    cache = Cache(str(directory / "cache"))
    image = made.image(directory / "blobs", *map(tar, layers))
    doing = made.unpacking()
    try:
        homes = doing.cached_layers(image, cache)
        tree = doing.cached_tree(image, cache)
        manifest = doing.chain_manifest(homes, image, cache) if homes else tree + "/manifest"
    except InvalidImage:
        assert expected is None
        return
    same(on_disk(tree + "/tree"), expected or {}, "flattened")
    same(parse(Path(tree + "/manifest").read_bytes()), expected or {}, "the manifest of the flattened")
    same(parse(Path(manifest).read_bytes()), expected or {}, "the manifest of the overlay")
    if not homes:
        return
    for name in ("upper", "overlay", "merged"):
        (directory / name).mkdir()
    out = str(directory / "merged")
    lowers = [home + "/tree" for home in dict.fromkeys(reversed(homes))]
    overlay.mount(lowers, str(directory / "upper"), str(directory / "overlay"), out)
    try:
        found = {entry.path: entry for entry in scan(out)}
    finally:
        overlay.unmount(out)
    found[b"."] = (expected or {})[b"."]  # the upper directory's; set where the bundle is made
    same(found, expected or {}, "overlaid")


ABOUT = {"mode": 0o644, "uid": 0, "gid": 0, "mtime": 10**9, "xattrs": {}}
FOLDER = {**ABOUT, "mode": 0o755}


def file(name):
    return name, "file", b"", {**ABOUT, "data": b"x"}


def folder(name, **more):
    return name, "dir", b"", {**FOLDER, **more}


def hard(name, target):
    return name, "hard", target, ABOUT


def link(name, target):
    return name, "link", target, ABOUT


@settings(max_examples=int(os.environ.get("EXAMPLES", "80")))
@given(images)
# what this layer wrote stays below a directory that a whiteout removes
@example([[folder(b"a"), file(b"a/b")], [file(b"a/c"), file(b".wh.a")]])
@example(
    [
        [folder(b"a", mode=0o700, xattrs={b"user.x": b"1"}), file(b"a/b")],
        [file(b"a/b"), file(b".wh..wh..opq")],
    ]
)
@example([[folder(b"a"), folder(b"a/b"), file(b"a/b/c")], [file(b"a/b/d"), file(b".wh.a")], [file(b"a/x")]])
# a whiteout and an opaque mark where there is nothing
@example([[file(b"x")], [file(b"a/.wh.b")], [file(b"c/.wh..wh..opq")]])
# the mark comes before the directory's own entry, and the entry twice
@example([[folder(b"a"), file(b"a/b")], [file(b"a/.wh..wh..opq"), folder(b"a")]])
@example([[folder(b"a"), file(b"a/b")], [folder(b"a"), file(b"a/.wh..wh..opq"), folder(b"a")]])
# a whiteout, then something below the name
@example([[folder(b"a"), file(b"a/b")], [file(b".wh.a"), file(b"a/c")]])
@example([[file(b"a")], [file(b".wh.a"), file(b"a/c")]])
# an opaque mark for the root by way of a link, and marks below what is no directory
@example([[file(b"b")], [link(b"a", b"."), file(b"c"), file(b"a/.wh..wh..opq")]])
@example([[file(b"b")], [file(b"b/.wh.c"), file(b"b/.wh..wh..opq"), file(b"c")]])
# the group of a directory is not inherited
@example([[folder(b"a", mode=0o2775, gid=50), file(b"a/f"), link(b"a/l", b"f"), file(b"a/d/f")]])
@example([[folder(b"./", mode=0o2775, gid=50), file(b"f"), file(b"d/f")]])
@example([[hard(b"a", b"a")]])
@example([[file(b"a")], [hard(b"a", b"a")]])
@example([[file(b"a"), hard(b"a", b"a"), file(b".wh.a")]])
@example([[folder(b"a"), file(b"a/b")], [hard(b"a", b"a/b")]])
@example([[file(b"a"), file(b"b")], [hard(b"c", b"a")], [file(b"a")], [file(b".wh.c")]])
# layers twice, and none
@example([[file(b"a")], [file(b".wh.a")], [file(b"a")]])
@example([[], [], [folder(b"")]])
@example([[folder(b"a", xattrs={b"user.x": b"1"})], [folder(b"a")]])
def test_layers_mean_what_the_model_says(layers):
    directory = Path(tempfile.mkdtemp(prefix="layers-"))
    try:
        expected = modelled(layers)
        copied(directory, layers, expected)
        overlaid(directory, layers, expected)
    finally:
        remove_tree(str(directory))
