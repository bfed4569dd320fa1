# SPDX-License-Identifier: Apache-2.0
"""Images to measure with, made on the spot of the host's own files: none is fetched, none is kept.

The large one is what a distribution's image with three layers upon it looks like: 300 MB, 13,000 entries,
real programs, libraries and texts, so that they compress as those do. What files of a host never have is put
in: whiteouts, an opaque directory, hard links, attributes, sparse files, odd modes, owners, times and names.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import stat
import subprocess
import tarfile
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from step_defs.image_making import tars
from step_defs.image_making.drafts import OCI, descriptor, host_architecture
from step_defs.image_making.entries import Entry
from step_defs.image_making.saving import REF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MB = 1_000_000
LARGEST = 24 * MB  # of one file: a few giants would leave little to be said of files
# of each layer: what is taken from the host, bytes, entries; what one lacks the next one gets
LAYERS = (
    (("usr/bin", "usr/sbin", "usr/lib/*-linux-gnu"), 165 * MB, 2_400),
    (("usr/lib/python3*", "usr/share/perl*", "usr/share/zoneinfo"), 70 * MB, 4_000),
    (("usr/share/man", "usr/share/locale", "usr/share"), 45 * MB, 3_200),
    (("usr/lib", "usr/libexec", "usr"), 20 * MB, 1_100),
)
CAPABILITY = bytes.fromhex("0100000200040000000000000000000000000000")  # cap_net_bind_service=ep
GZIP_LEVEL = 6  # what docker, buildah and umoci write
PIECE = 1 << 20
PROGRAM = Entry("file", b"bench", mode=0o755, data=b"#!/bin/sh\n")  # what every image says it runs


@dataclasses.dataclass(frozen=True)
class Tar:
    """An uncompressed layer on disk."""

    path: Path
    digest: str
    size: int


@dataclasses.dataclass(frozen=True)
class Facts:
    """What the large image is."""

    layers: int
    entries: int
    size: int  # of the layers, uncompressed
    whiteouts: int


class Host:
    """Files of this machine as entries, each once, in the same order every time."""

    def __init__(self) -> None:
        self._taken: set[bytes] = set()

    def files(self, patterns: Iterable[str], most: int, count: int) -> Iterator[Entry]:
        """Yield files and links below ``patterns`` until there are ``most`` bytes or ``count`` of them."""
        for pattern in patterns:
            for top in sorted(Path("/").glob(pattern)):
                if top.is_symlink():
                    continue
                for entry in self._below(os.fsencode(top)):
                    size = len(entry.data or b"")
                    if size > most:
                        continue
                    most -= size
                    count -= 1
                    yield entry
                    if count <= 0:
                        return

    def _below(self, top: bytes) -> Iterator[Entry]:
        for directory, names, files in os.walk(top):
            names.sort()
            for name in sorted(files):
                path = directory + b"/" + name
                if path not in self._taken and (entry := self._entry(path)) is not None:
                    self._taken.add(path)
                    yield entry

    def _entry(self, path: bytes) -> Entry | None:
        facts = os.lstat(path)
        entry = described(path[1:], facts)
        if len(self._taken) % 16:  # most builders write whole seconds
            entry.mtime = facts.st_mtime_ns // 10**9 * 10**9
        if stat.S_ISLNK(facts.st_mode):
            entry.kind, entry.target, entry.mode = "symlink", os.readlink(path), 0o777
        elif not stat.S_ISREG(facts.st_mode) or facts.st_size > LARGEST:
            return None
        else:
            entry.data = Path(os.fsdecode(path)).read_bytes()
        return entry


def described(path: bytes, facts: os.stat_result) -> Entry:
    """An entry with the mode, owner and time of a file."""
    entry = Entry("file", path, mode=stat.S_IMODE(facts.st_mode), uid=facts.st_uid, gid=facts.st_gid)
    entry.mtime = facts.st_mtime_ns
    return entry


class Ways:
    """The directories that lead to entries: every layer describes those it touches, as builders do."""

    def __init__(self) -> None:
        self._known: dict[bytes, Entry] = {}

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield the entries of a layer, each after the directories above it."""
        seen: set[bytes] = set()
        for entry in entries:
            parts = entry.path.split(b"/")
            for depth in range(1, len(parts)):
                path = b"/".join(parts[:depth])
                if path not in seen:
                    seen.add(path)
                    yield self._directory(path)
            if entry.kind == "dir":
                seen.add(entry.path)
                self._known[entry.path] = entry
            yield entry

    def _directory(self, path: bytes) -> Entry:
        if path not in self._known:
            self._known[path] = described(path, os.lstat(b"/" + path))
            self._known[path].kind = "dir"
        return self._known[path]


def odd(lower: list[Entry]) -> Iterator[Entry]:
    """Yield what a host's files do not have."""
    yield PROGRAM
    yield Entry("dir", b"odd", mode=0o755)
    yield Entry("dir", b"odd/sticky", mode=0o1777, uid=65534, gid=65534)
    yield Entry("dir", b"odd/setgid", mode=0o2750, gid=50, xattrs={"user.directory": b"1"})
    yield Entry("file", b"odd/setuid", mode=0o4755, data=b"\x7fELF" * 4096)
    yield Entry("file", b"odd/none", mode=0, uid=1000, gid=1000, data=b"nobody may read it\n")
    yield Entry("file", b"odd/owner", mode=0o640, uid=2**31, gid=2**31 + 1, data=b"large ids\n")
    yield Entry("file", b"odd/able", mode=0o755, data=b"able", xattrs={"security.capability": CAPABILITY})
    for number in range(60):
        xattrs = {"user.number": b"%d" % number, "user.bytes": bytes(range(256))}
        yield Entry("file", b"odd/attributes-%02d" % number, data=b"x" * number, xattrs=xattrs)
    yield Entry("file", b"odd/old", data=b"before 1970\n", mtime=-86_400 * 10**9)
    yield Entry("file", b"odd/" + b"n" * 255, data=b"the longest name\n")
    yield Entry("dir", b"odd/deep")
    path = b"odd/deep"
    for _ in range(12):
        path += b"/" + b"d" * 60
        yield Entry("dir", path)
    yield Entry("file", path + b"/file", data=b"a long path\n")
    yield Entry("file", "odd/ä ü\t*?[#=\\".encode(), data=b"characters that manifests escape\n")
    yield Entry("file", b"odd/\xff\xfe", data=b"no UTF-8\n")
    yield Entry("symlink", b"odd/dangling", target=b"/no/such/file")
    yield Entry("symlink", b"odd/long", target=b"t/" * 300 + b"end")
    yield Entry("fifo", b"odd/fifo", mode=0o620)
    yield Entry("char", b"odd/null", mode=0o666, device=(1, 3))
    pieces = [(1 << 20, b"data" * 1024), (5 << 20, b"more" * 256)]
    yield Entry("sparse", b"odd/sparse", size=8 << 20, pieces=pieces)
    files = [entry.path for entry in lower if entry.kind == "file"]
    for number in range(150):
        yield Entry("hardlink", b"odd/link-%03d" % number, target=files[number * len(files) // 150])


def whiteouts(lower: list[Entry]) -> Iterator[Entry]:
    """Yield 200 whiteouts of files, and one directory that becomes opaque and gets a file anew."""
    directories = Counter(entry.path.rpartition(b"/")[0] for entry in lower)
    cleared = next(path for path, count in directories.items() if 8 <= count < 400)
    files = [entry.path for entry in lower if not entry.path.startswith(cleared + b"/")]
    for number in range(200):
        yield Entry("whiteout", files[number * len(files) // 200])
    yield Entry("dir", cleared, mode=0o711)
    yield Entry("opaque", cleared)
    yield Entry("file", cleared + b"/anew", data=b"only this is left\n")


def replaced(files: list[Entry]) -> Iterator[Entry]:
    """Yield 240 of the files changed: another content, owner or kind."""
    for number in range(240):
        entry = files[number * len(files) // 240]
        match number % 4:
            case 0:
                yield dataclasses.replace(entry, data=b"a newer version\n" * 64)
            case 1:
                yield dataclasses.replace(entry, mode=0o600, uid=number, gid=number, data=b"another owner\n")
            case 2:
                yield Entry("symlink", entry.path, target=b"elsewhere")
            case _:
                yield Entry("dir", entry.path, mode=0o700)


def contents() -> Iterator[list[Entry]]:
    """Yield the entries of each layer."""
    host, ways, spare, lacking = Host(), Ways(), 0, 0
    lower: list[Entry] = []  # the regular files below, without their content
    for number, (patterns, most, count) in enumerate(LAYERS):
        taken = list(host.files(patterns, most + spare, count + lacking))
        spare += most - sum(len(entry.data or b"") for entry in taken)
        lacking += count - len(taken)
        if number == 1:
            taken += odd(taken)
        elif number == 2:
            hidden = list(whiteouts(lower))
            taken += hidden
            gone = {entry.path for entry in hidden if entry.kind == "whiteout"}
            cleared = next(entry.path for entry in hidden if entry.kind == "opaque") + b"/"
            lower = [x for x in lower if x.path not in gone and not x.path.startswith(cleared)]
        elif number == 3:
            taken += replaced(lower)
        lower += [dataclasses.replace(entry, data=b"") for entry in taken if entry.kind == "file"]
        yield list(ways.of(taken))


def write_tar(path: Path, members: Iterable[Entry | bytes]) -> tuple[Tar, int]:
    """Write entries as an uncompressed layer; gives it and how many there were."""
    summed, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for entry in members:
            data = entry if isinstance(entry, bytes) else tars.member(entry)
            count += 1
            summed.update(data)
            file.write(data)
        end = bytes(2 * tars.BLOCK)
        summed.update(end)
        file.write(end)
        size = file.tell()
    return Tar(path, f"sha256:{summed.hexdigest()}", size), count


def large(work: Path, how: Iterable[str]) -> Facts:
    """Make the large image below ``work``: a layout for each compression, named by it."""
    layers, entries, hidden = [], 0, 0
    for number, content in enumerate(contents()):
        tar, count = write_tar(work / f"layer{number}.tar", content)
        layers.append(tar)
        entries += count
        hidden += sum(entry.kind in {"whiteout", "opaque"} for entry in content)
    for name in how:
        layout(work / name, layers, name)
    return Facts(len(layers), entries, sum(tar.size for tar in layers), hidden)


def many_files() -> Iterator[Entry]:
    """Yield 100,000 small files in 1,000 directories."""
    yield Entry("dir", b"many")
    for directory in range(1_000):
        yield Entry("dir", b"many/%03d" % directory)
        for number in range(100):
            path = b"many/%03d/file-with-a-name-of-usual-length-%02d" % (directory, number)
            yield Entry("file", path, data=b"%d\n" % number)


def sparse_file() -> Iterator[Entry]:
    """Yield one file of 2 GB, nearly all of it a hole."""
    pieces = [(offset << 20, b"data" * 1024) for offset in range(0, 1907, 100)]
    yield Entry("sparse", b"sparse", size=2_000 * MB // 4096 * 4096, pieces=pieces)


def heavy_headers() -> Iterator[bytes]:
    """Yield members whose extended headers are 100 MB in all: 5 kB each, and some of 900 kB."""
    for number in range(18_100):
        length = 5_000 if number % 1_810 else 900_000
        text = tars.record("comment", b"%07d" % number * (length // 7))
        yield tars.header(b"PaxHeaders/x", b"x", 0o644, 0, 0, len(text), 0, b"", (0, 0)) + tars.padded(text)
        yield tars.member(Entry("file", b"file-%05d" % number, data=b"x"))


def compressed(tar: Tar, how: str, target: Path, level: int) -> None:
    """Compress a layer by zstd level 3, or gzip."""
    if how == "zstd":
        subprocess.run(["zstd", "-q", "-3", "-f", "-o", target, tar.path], check=True)
        return
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    with tar.path.open("rb") as source, target.open("wb") as file:
        while piece := source.read(PIECE):
            file.write(packer.compress(piece))
        file.write(packer.flush())


def layout(directory: Path, layers: list[Tar], how: str, level: int = GZIP_LEVEL) -> None:
    """Write an image layout of these layers (image-spec, image-layout.md)."""
    store = directory / "blobs" / "sha256"
    store.mkdir(parents=True)

    def blob(tar: Tar) -> dict[str, object]:
        made = directory / f"{tar.path.name}.{how}"
        compressed(tar, how, made, level)
        with made.open("rb") as file:
            summed = hashlib.file_digest(file, "sha256").hexdigest()
        size = made.stat().st_size
        made.rename(store / summed)
        return {"mediaType": f"{OCI}.layer.v1.tar+{how}", "digest": f"sha256:{summed}", "size": size}

    def keep(document: Mapping[str, object], media_type: str) -> dict[str, Any]:
        data = json.dumps(document).encode()
        described = descriptor(data, media_type)
        (store / described["digest"].partition(":")[2]).write_bytes(data)
        return described

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # zlib lets go of the interpreter
        blobs = list(pool.map(blob, layers))
    config = {
        "os": "linux",
        "architecture": host_architecture(),
        "config": {"Cmd": ["/bench"], "Env": ["PATH=/usr/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [tar.digest for tar in layers]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{OCI}.manifest.v1+json",
        "config": keep(config, f"{OCI}.config.v1+json"),
        "layers": blobs,
    }
    described = keep(manifest, f"{OCI}.manifest.v1+json") | {"annotations": {REF: "latest"}}
    (directory / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (directory / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [described]}))


def odd_one(work: Path, name: str, members: Iterable[Entry | bytes]) -> Path:
    """Make an image of one layer below ``work``; gives its layout."""
    tar, _ = write_tar(work / f"{name}.tar", [PROGRAM, *members])
    layout(work / name, [tar], "gzip", level=1)
    tar.path.unlink()
    return work / name


def docker_archive(target: Path, layers: Iterable[Path]) -> None:
    """Write layers as "docker save" does, uncompressed."""
    tops = {layer: f"{layer.name}/layer.tar" for layer in layers}
    diff_ids = []
    for layer in tops:
        with layer.open("rb") as file:
            diff_ids.append(f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}")
    config = {"os": "linux", "architecture": host_architecture(), "config": {"Cmd": ["/bench"]}}
    config["rootfs"] = {"type": "layers", "diff_ids": diff_ids}
    listed = [{"Config": "config.json", "RepoTags": ["large:latest"], "Layers": list(tops.values())}]
    with tarfile.open(target, "w") as archive:
        for layer, name in tops.items():
            archive.add(layer, name)
        for name, document in (("config.json", config), ("manifest.json", listed)):
            data = json.dumps(document).encode()
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
