# SPDX-License-Identifier: Apache-2.0
"""Steps that make images: layers line by line, configs, platforms, and where they are saved.

Lines of layers are explained in ``image_making/entries.py``. "It" is the image that was last spoken of.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given

from step_defs.documents import put
from step_defs.files import place
from step_defs.image_making import drafts, entries, saving, tars
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.image_making.drafts import Draft
    from step_defs.world import World


class Images:
    """The images of one scenario by name."""

    def __init__(self) -> None:
        self.all: dict[str, Draft] = {}
        self._current = ""
        self.saved: Path | None = None  # the last layout or archive

    @property
    def current(self) -> Draft:
        """The image that the scenario last spoke of."""
        if not self._current:
            pytest.fail("no step has made an image yet", pytrace=False)
        return self.all[self._current]

    def new(self, name: str) -> Draft:
        """Begin an image."""
        self.all[name] = drafts.new(name)
        self._current = name
        return self.all[name]

    def blob(self, part: str) -> Path:
        """The file of the current image's manifest, config or layer in the layout saved last."""
        assert self.saved is not None, "no step has saved an image layout yet"
        return saving.blob_file(self.saved, self.current, part)


@pytest.fixture
def images() -> Images:
    """The images that this scenario makes."""
    return Images()


@given(phrase('an image "{name}" of busybox'))
def _(images: Images, name: str) -> None:
    """One layer with a shell, users root and user (1000); it runs sh."""
    images.new(name).layers.append(drafts.busybox_layer())


@given(phrase('an image "{name}" without layers'))
def _(images: Images, name: str) -> None:
    images.new(name)


@given(phrase("its next layer holds"))
def _(world: World, images: Images, docstring: str) -> None:
    """One entry a line: KIND PATH [KEY=VALUE...]; see step_defs/image_making/entries.py."""
    images.current.add(world.expand(docstring))


@given(phrase("its next layer holds {n:int} files of {size:int} bytes"))
def _(images: Images, n: int, size: int) -> None:
    data = bytes(size)
    lines = [entries.Entry("dir", b"many")]
    lines += [entries.Entry("file", b"many/%d" % number, data=data) for number in range(n)]
    images.current.layers.append(tars.archive(lines))


@given(phrase("it has {n:int} further layers"))
def _(images: Images, n: int) -> None:
    """Each with one small file of its own."""
    lines = ([entries.Entry("file", b"n%d" % number, data=b"n")] for number in range(n))
    images.current.layers += [tars.archive(line) for line in lines]


@given(phrase("the archive of its last layer ends after {n:int} bytes"))
def _(images: Images, n: int) -> None:
    """Before it is hashed: digests are right, the archive is not."""
    layers = images.current.layers
    layers[-1] = layers[-1][:n]


@given(phrase("its layers are compressed with {how:word}"))
def _(images: Images, how: str) -> None:
    """By none, gzip (as without this step) or zstd."""
    images.current.compression = how


@given(phrase("its media types are those of {family:word}"))
def _(images: Images, family: str) -> None:
    """OCI (as without this step) or docker."""
    images.current.family = family.lower()


@given(phrase('it runs "{command:text}"'))
def _(images: Images, command: str) -> None:
    """As its Cmd, through the shell."""
    images.current.config["config"]["Cmd"] = ["sh", "-c", command]


@given(phrase("its image config has {path:path} set to the JSON {value:text}"))
def _(world: World, images: Images, path: str, value: str) -> None:
    """For example $.config.User set to the JSON "1000:50"."""
    put(images.current.config, path, json.loads(world.expand(value)))


@given(phrase('its image\'s "config" is'))
def _(world: World, images: Images, docstring: str) -> None:
    """The whole of $.config, as JSON."""
    images.current.config["config"] = json.loads(world.expand(docstring))


@given(phrase("its image config is spoilt: {path:path} is the JSON {value:text}"))
def _(images: Images, path: str, value: str) -> None:
    """Also what follows from the layers, such as $.rootfs.diff_ids[0]."""
    images.current.config_changes.append((path, json.loads(value)))


@given(phrase("its manifest is spoilt: {path:path} is the JSON {value:text}"))
def _(images: Images, path: str, value: str) -> None:
    """The digest of the manifest itself is right."""
    images.current.manifest_changes.append((path, json.loads(value)))


@given(phrase("its manifest is spoilt: {path:path} is missing"))
def _(images: Images, path: str) -> None:
    images.current.manifest_changes.append((path, ...))


@given(phrase('it is for the platform "{platform}"'))
def _(images: Images, platform: str) -> None:
    """OS/ARCHITECTURE[/VARIANT]; "host" is this machine's."""
    words = f"linux/{drafts.host_architecture()}" if platform == "host" else platform
    names = ("os", "architecture", "variant")
    images.current.platform = dict(zip(names, words.split("/"), strict=False))


@given(phrase('it is saved as "{reference}"'))
def _(world: World, images: Images, reference: str) -> None:
    """As --from takes it: oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:TAG], tar:FILE."""
    images.saved = saving.save(images.current, world.expand(reference))


@given(phrase('the images "{names}" are saved as one index "{reference}"'))
def _(world: World, images: Images, names: str, reference: str) -> None:
    """In a layout: oci:DIR:TAG."""
    images.saved = indexed(world, images, names, reference, depth=1)


@given(phrase('the images "{names}" are saved as an index in an index "{reference}"'))
def _(world: World, images: Images, names: str, reference: str) -> None:
    images.saved = indexed(world, images, names, reference, depth=2)


def indexed(world: World, images: Images, names: str, reference: str, depth: int) -> Path:
    """Save several images under one tag."""
    _, directory, tag = world.expand(reference).split(":")
    path = place(world, directory)
    path.mkdir(parents=True, exist_ok=True)
    saving.index(path, tag, [images.all[name] for name in names.split()], depth)
    return path


# -- what went wrong after it was saved ----------------------------------------------------------


@given(phrase("the blob of its {part:blob} has lost its last {n:int} bytes"))
def _(images: Images, part: str, n: int) -> None:
    """In the layout that was saved last."""
    blob = images.blob(part)
    blob.write_bytes(blob.read_bytes()[:-n])


@given(phrase('the blob of its {part:blob} has "{new}" in place of "{old}"'))
def _(images: Images, part: str, new: str, old: str) -> None:
    """The same length keeps the size right and only the digest wrong."""
    blob = images.blob(part)
    data = blob.read_bytes()
    assert old.encode() in data, f"{old} is not in the {part}"
    blob.write_bytes(data.replace(old.encode(), new.encode(), 1))


@given(phrase("the blob of its {part:blob} is missing"))
def _(images: Images, part: str) -> None:
    images.blob(part).unlink()
