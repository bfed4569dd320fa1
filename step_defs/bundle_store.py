# SPDX-License-Identifier: Apache-2.0
"""Bundles as directories: rendered from ``bundles/``, with a root of busybox and the probe."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pytest

TEMPLATES = Path(__file__).resolve().parent.parent / "bundles"
BUSYBOX = Path("/bin/busybox")
RESCUE = Path("/rescue")  # of FreeBSD: one static program by many names
DIRECTORIES = ("bin", "data", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "var")
USERS = "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home:/bin/sh\n"
GROUPS = "root:x:0:\nuser:x:1000:\nstaff:x:50:user\n"


@dataclasses.dataclass
class Bundle:
    """A directory with config.json and rootfs."""

    name: str
    dir: Path

    @property
    def rootfs(self) -> Path:
        """The directory that becomes the container's root."""
        return self.dir / "rootfs"

    @property
    def config(self) -> Path:
        """The path of config.json."""
        return self.dir / "config.json"

    def read(self) -> dict[str, Any]:
        """Return config.json as a document."""
        document: dict[str, Any] = json.loads(self.config.read_text("utf-8"))
        return document

    def write(self, document: dict[str, Any]) -> None:
        """Replace config.json."""
        self.config.write_text(json.dumps(document, indent=2) + "\n", "utf-8")

    @property
    def cgroup(self) -> str:
        """The cgroup that config.json names."""
        return str(self.read()["linux"]["cgroupsPath"])


class BundleStore:
    """The bundles of one scenario. Each container gets a bundle of its own, thus its own cgroup and root."""

    def __init__(self, directory: Path, cgroup: str) -> None:
        self.dir = directory
        self.cgroup = cgroup
        self.all: dict[str, Bundle] = {}
        self._current: str | None = None
        self._owner: dict[str, str] = {}

    @property
    def current(self) -> Bundle:
        """The bundle that the scenario last spoke of; without any, one that sleeps."""
        if self._current is None:
            return self.render("bundle", "base", args=["sleep", "100"])
        return self.all[self._current]

    def render(self, name: str, template: str, **values: Any) -> Bundle:
        """Make a bundle from a template; one that a container has already taken is left to it."""
        plain, count = name, 1
        while name in self._owner:
            name, count = f"{plain}{count + 1}", count + 1
        bundle = Bundle(name, self.dir / name)
        if bundle.dir.exists():
            shutil.rmtree(bundle.dir)
        build_rootfs(bundle.rootfs)
        text = (
            environment()
            .get_template(f"{template}.json.j2")
            .render(cgroup=f"{self.cgroup}/{name}", dir=str(self.dir), bundle=str(bundle.dir), **values)
        )
        try:
            bundle.write(json.loads(text))
        except ValueError as error:
            pytest.fail(f"bundles/{template}.json.j2 does not render to JSON: {error}\n{text}", pytrace=False)
        self.all[name] = bundle
        self._current = name
        return bundle

    def select(self, name: str) -> Bundle:
        """Speak of an earlier bundle again."""
        self._current = name
        return self.all[name]

    def for_container(self, id_: str) -> Bundle:
        """Return the current bundle, or a copy of it when another container has taken it."""
        bundle = self.current
        if self._owner.setdefault(bundle.name, id_) == id_:
            return bundle
        copy = Bundle(f"{bundle.name}-{id_}", self.dir / f"{bundle.name}-{id_}")
        if copy.name not in self.all:
            shutil.copytree(bundle.dir, copy.dir, symlinks=True)
            document = copy.read()
            document["linux"]["cgroupsPath"] = f"{self.cgroup}/{copy.name}"
            copy.write(document)
            self.all[copy.name] = copy
            self._owner[copy.name] = id_
        return copy


@cache
def environment() -> jinja2.Environment:
    """Read templates from bundles/; an unknown name in one is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # JSON, not HTML
    )


@cache
def applets() -> tuple[str, ...]:
    """List the programs that this machine's static busybox contains, or what FreeBSD has in its place."""
    if RESCUE.is_dir():
        return tuple(sorted(place.name for place in RESCUE.iterdir()))
    answer = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True)
    return tuple(name for name in answer.stdout.split() if name != "busybox")


def build_rootfs(rootfs: Path) -> None:
    """Make a root from the machine's static busybox, the probe, and two users."""
    for name in DIRECTORIES:
        (rootfs / name).mkdir(parents=True)
    (rootfs / "tmp").chmod(0o1777)
    programs = rootfs / "bin"
    shutil.copy2(RESCUE / "sh" if RESCUE.is_dir() else BUSYBOX, programs / "busybox")
    for name in applets():
        (programs / name).symlink_to("busybox")
    shutil.copy2(TEMPLATES / "probe", programs / "probe")
    (programs / "probe").chmod(0o755)
    (rootfs / "etc" / "passwd").write_text(USERS)
    (rootfs / "etc" / "group").write_text(GROUPS)
