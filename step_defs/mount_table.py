# SPDX-License-Identifier: Apache-2.0
"""Mount tables, from the host and from inside, held against config.json; and what is left of them."""

from __future__ import annotations

import dataclasses
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then

from step_defs.phrases import phrase
from step_defs.world import command_line, eventually, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.world import World

OWN = Path("/proc/self/mountinfo")
# option: (flag, whether the mount has it); of the mount itself, then of its file system
MOUNT_FLAGS = {
    "ro": ("ro", True),
    "rw": ("rw", True),
    "suid": ("nosuid", False),
    "nosuid": ("nosuid", True),
    "dev": ("nodev", False),
    "nodev": ("nodev", True),
    "exec": ("noexec", False),
    "noexec": ("noexec", True),
    "noatime": ("noatime", True),
    "nodiratime": ("nodiratime", True),
    "diratime": ("nodiratime", False),
    "relatime": ("relatime", True),
    "strictatime": ("relatime", False),
}
SYSTEM_FLAGS = {
    "sync": ("sync", True),
    "async": ("sync", False),
    "dirsync": ("dirsync", True),
    "lazytime": ("lazytime", True),
    "nolazytime": ("lazytime", False),
}
PROPAGATIONS = {
    "private": frozenset[str](),
    "slave": frozenset({"master"}),
    "shared": frozenset({"shared"}),
    "unbindable": frozenset({"unbindable"}),
}
NOT_SEEN = {"bind", "rbind", "idmap", "newinstance", "tmpcopyup"}
CGROUPS = {"cgroup", "cgroup2", "tmpfs"}  # of version 1 there are many, on a tmpfs


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of mountinfo (proc(5))."""

    text: str
    place: str
    options: frozenset[str]
    propagation: frozenset[str]
    kind: str
    of_system: frozenset[str]  # options of the file system

    @classmethod
    def parse(cls, text: str) -> Line:
        """Read a line."""
        before, _, after = text.partition(" - ")
        _, _, _, _, place, options, *propagation = before.split(" ")
        kind, _, system = after.split(" ", 2)
        return cls(
            text,
            plain(place),
            frozenset(options.split(",")),
            frozenset(word.partition(":")[0] for word in propagation),
            kind,
            frozenset(system.split(",")),
        )

    def value(self, name: str) -> str | None:
        """The value of an option of the file system."""
        found = [option.partition("=")[2] for option in self.of_system if option.startswith(f"{name}=")]
        return found[0] if found else None


def plain(text: str) -> str:
    """Undo mountinfo's octal escapes."""
    return re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), text.encode()).decode()


def table(text: str) -> list[Line]:
    """Read a mount table, as ordered by the kernel."""
    return [Line.parse(line) for line in text.splitlines()]


def comparable(text: str) -> list[str]:
    """A table without what depends on the reader: a cgroup's root is shown from the reader's own cgroup."""
    return [re.sub(r"^((?:\S+ ){3})\S+(.* - cgroup2? )", r"\1...\2", line) for line in text.splitlines()]


@given(phrase("the mounts of the host are kept in mind"), target_fixture="host_mounts")
def _() -> str:
    return OWN.read_text("utf-8")


@then(phrase('container "{id}" has the mounts of its config.json, with their options, in their order'))
def _(world: World, id: str) -> None:
    """As the host sees them in /proc/PID, and word for word the same from inside."""
    pid = (world.state(id) or {}).get("pid")
    assert pid, f'container "{id}" has no process'
    wanted = world.container(id).bundle.read()["mounts"]
    seen = Path(f"/proc/{pid}/mountinfo").read_text("utf-8")
    inside, places = ask(world, id, [mount["destination"] for mount in wanted])
    assert comparable(inside) == comparable(seen), f"the host sees\n{seen}\nthe container sees\n{inside}"
    lines = table(seen)
    complaints: list[str] = []
    reached = -1
    for i, (mount, place) in enumerate(zip(wanted, places, strict=True)):
        # what is mapped was cloned before all others
        at = [
            n
            for n, line in enumerate(lines)
            if line.place == place and (n > reached or "idmapped" in line.options)
        ]
        if not at:
            pytest.fail(
                f"$.mounts[{i}] {mount} is not at {place}, or not in its order:\n{seen}", pytrace=False
            )
        line = lines[at[0]]
        if "idmapped" in line.options:
            complaints += [] if mapped(mount) else [f"{place} is mapped"]
        else:
            reached = at[0]
            complaints += [f"{place} is not mapped"] if mapped(mount) else []
        below = [other for other in lines if other.place.startswith(f"{place}/")]
        complaints += [f"$.mounts[{i}]: {found}: {line.text}" for found in faults(mount, line, below)]
        covers = [n for n in range(at[0] + 1, len(lines)) if f"{place}/".startswith(f"{lines[n].place}/")]
        if bound(mount) and not covers:
            complaints += other_than(Path(f"/proc/{pid}/root{place}"), world.container(id).bundle.dir, mount)
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def ask(world: World, id: str, destinations: list[str]) -> tuple[str, list[str]]:
    """The container's own mount table, and where each destination leads there."""
    script = 'cat /proc/self/mountinfo; echo; for place; do realpath "$place" || echo; done'
    result = world.ask("exec", *named(id), "sh", "-c", script, "sh", *destinations)
    if result.code != 0 and not result.stdout:
        result.refuse("the container to show its mounts")
    text, _, places = result.stdout.partition("\n\n")
    # hidden by a later mount: no more to be found, but known by its name
    found = [
        real or os.path.normpath(name) for real, name in zip(places.split("\n"), destinations, strict=False)
    ]
    return text + "\n", found


def bound(mount: dict[str, Any]) -> bool:
    """Tell whether it is a bind mount."""
    return bool({"bind", "rbind"} & set(mount.get("options") or ()))


def mapped(mount: dict[str, Any]) -> bool:
    """Tell whether it changes owners."""
    options = mount.get("options") or ()
    return "uidMappings" in mount or any(option.partition("=")[0] == "idmap" for option in options)


def faults(mount: dict[str, Any], line: Line, below: list[Line]) -> Iterator[str]:
    """Say in what a line differs from an entry of ``mounts``."""
    kind = mount.get("type", "none")
    if not bound(mount) and line.kind not in (CGROUPS if kind == "cgroup" else {kind}):
        yield f"type {kind} expected"
    # crun leaves the tmpfs of version 1 writable, not the hierarchies on it
    flagged = [other for other in below if kind == "cgroup" and other.kind == "cgroup"] or [line]
    for option in mount.get("options") or ():
        name, _, value = option.partition("=")
        if name in NOT_SEEN:
            continue
        if name in SYSTEM_FLAGS:
            flag, wanted = SYSTEM_FLAGS[name]
            if (flag in line.of_system) != wanted:
                yield f"{option} expected"
        elif name in MOUNT_FLAGS:
            flag, wanted = MOUNT_FLAGS[name]
            if not all((flag in each.options) == wanted for each in flagged):
                yield f"{option} expected"
        elif name[1:] in MOUNT_FLAGS and name[0] == "r":
            flag, wanted = MOUNT_FLAGS[name[1:]]
            if not all((flag in each.options) == wanted for each in [line, *below]):
                yield f"{option} expected, here and below: {[each.text for each in below]}"
        elif name in PROPAGATIONS or name[1:] in PROPAGATIONS:
            if line.propagation != PROPAGATIONS.get(name, PROPAGATIONS.get(name[1:])):
                yield f"{option} expected"
        elif not same_value(name, value, line):
            yield f"{option} expected"


def same_value(name: str, value: str, line: Line) -> bool:
    """Compare as numbers what the kernel writes in its own way."""
    seen = line.value(name)
    if name == "size":
        return bytes_of(seen or "0") == bytes_of(value)
    if name in ("mode", "ptmxmode"):
        return int(seen or "1777", 8) == int(value, 8)
    if name in ("uid", "gid"):
        return int(seen or "0") == int(value)
    return seen is not None and plain(seen) == value


def bytes_of(size: str) -> int:
    """Read "64k"."""
    return int(size.rstrip("kmgKMG")) << {"k": 10, "m": 20, "g": 30}.get(size[-1].lower(), 0)


def other_than(place: Path, bundle: Path, mount: dict[str, Any]) -> Iterator[str]:
    """Say whether a bind mount shows another file than its source."""
    source = bundle / mount["source"]
    if not place.samefile(source):
        yield f"{place} is not {source}"
    own = [line.place for line in table(OWN.read_text("utf-8"))]
    for inner in own:
        if inner.startswith(f"{source.resolve()}/"):
            there = place / Path(inner).relative_to(source.resolve())
            if there.samefile(inner) != ("rbind" in mount["options"]):
                yield f"{there} {'is not' if 'rbind' in mount['options'] else 'is'} the mount {inner}"


@then(phrase('no mount of container "{id}" is left'))
def _(world: World, id: str, host_mounts: str) -> None:
    """The host's table is what it was, and nobody anywhere has a file of this scenario mounted."""
    after = OWN.read_text("utf-8")
    assert after == host_mounts, f"the mounts of the host were\n{host_mounts}\nand are\n{after}"
    eventually(lambda: holders(str(world.dir)), lambda left: not left, f'nobody to hold mounts of "{id}"')


def holders(directory: str) -> list[str]:
    """Processes in other mount namespaces than ours where something of a directory is mounted."""
    found: list[str] = []
    seen = {os.readlink("/proc/self/ns/mnt")}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # it has ended meanwhile
            theirs = os.readlink(f"/proc/{name}/ns/mnt")
            if theirs not in seen:
                seen.add(theirs)
                text = Path(f"/proc/{name}/mountinfo").read_text("utf-8")
                lines = [line for line in text.splitlines() if f"{directory}/" in line]
                found += [f"process {name} ({command_line(int(name))}): {line}" for line in lines]
    return found
