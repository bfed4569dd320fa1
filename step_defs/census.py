# SPDX-License-Identifier: Apache-2.0
"""Everything of one scenario that there is on the machine, so that two moments can be compared.

What differs between two runs of the same command in any case is made equal: numbers of processes and
containers, times, random names, and what is in logs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from step_defs import cgroup_tree, facts, jail_machine
from step_defs.jail_host import StandIn as FreeBSD
from step_defs.proxmox_node import StandIn as Node
from step_defs.runtime import BASE_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.world import World

Census = dict[str, str]
MARK = "NEXCAGE_CRASHES_OF"  # of every process that a scenario's commands start: the scenario's directory
OUTPUT = re.compile(r"\d{2,}-.*\.out(\.err|\.in)?")
NO_CONTENT = re.compile(r".*\.log|lock|.*\.lock|config\.db|.*\.json\.lock")
FOR_SPEED = re.compile(r"@\w+\.version|@operations")  # written some time, by whoever asks for it first
BESIDE = {"lock", "driver.log", "start.log"}  # of a record, with which they go: they say nothing of its state
VOLATILE = re.compile(
    rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,}|hwaddr=[\dA-F:]+|\b1[67]\d{8}(\.\d+)?\b"
    rb"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]*(Z|[+-]\d\d:?\d\d)?"
)
LIMITS = ("memory.limit_in_bytes", "memory.max", "pids.max", "cpu.shares", "cpu.weight")
OWN_PLACES = {
    "trace",
    "tools",
    "pve",
    "freebsd",
}  # of the scenario's directory: looked at otherwise, or not at all


def take(world: World) -> Census:
    """Containers, processes, mounts, cgroups and files, each thing a line with what is to be said of it."""
    found = {**listed(world), **files(world), **mounts(world), **cgroups(world), **processes(world)}
    return found | host(world)


def difference(one: Census, other: Census) -> list[str]:
    """A line for all that is not the same."""
    lines = []
    for thing in sorted(one.keys() | other.keys()):
        before, now = one.get(thing), other.get(thing)
        if before is None:
            lines.append(f"+ {thing}: {now}")
        elif now is None:
            lines.append(f"- {thing}: {before}")
        elif before != now:
            lines.append(f"! {thing}: {before} -> {now}")
    return lines


def plain(world: World, text: str) -> str:
    """A name without what is random in it, and without where the scenario is."""
    text = text.replace(str(world.dir), "{dir}").replace(world.cgroup, "{cgroup}")
    text = re.sub(r"(?<![\w-])nx\d+-\w{8}(?!\w)", "{scenario}", text)
    if isinstance(world.node, Node):
        text = re.sub(rf"\b{world.node.first // 100}\d\d\b", "VMID", text)
    # digests have 64 digits, and are the same each time
    return re.sub(r"(?<![0-9a-f])[0-9a-f]{12,63}(?![0-9a-f])|\.[A-Za-z0-9]{6}\.", "RANDOM", text)


# -- containers ----------------------------------------------------------------------------------


def listed(world: World) -> Census:
    """What nexcage lists, and what the driver itself does."""
    answer = world.ask("list", "--format", "json")
    found = {
        f"nexcage lists {row['id']}": str(row["status"]) for row in json.loads(answer.stdout or "[]") or []
    }
    if answer.code != 0:
        found["nexcage list"] = f"complains: {plain(world, answer.stderr.strip())}"
    driver = world.runtime.driver
    if driver in facts.DRIVERS:
        argv = [driver, "--root", str(world.runtime.root / f"@{driver}"), "list", "--format", "json"]
        told = subprocess.run(argv, capture_output=True, text=True, check=False)
        rows = json.loads(told.stdout or "null") if told.returncode == 0 else []
        found |= {f"{driver} lists {row['id']}": str(row["status"]) for row in rows or []}
    return found


# -- files ---------------------------------------------------------------------------------------


def files(world: World) -> Census:
    """All in the scenario's directory but the outputs of commands: root, cache, bundles with their roots."""
    found: Census = {}
    mounted = set(mount_points(world))
    for top, directories, names in os.walk(world.dir):
        if top == str(world.dir):
            directories[:] = [name for name in directories if name not in OWN_PLACES]
        for name in [*directories, *(name for name in names if counts(world, top, name))]:
            path = os.path.join(top, name)
            with suppress(FileNotFoundError):
                found[f"file {plain(world, path)}"] = told(world, path)
        directories[:] = [name for name in directories if os.path.join(top, name) not in mounted]
    return found


def counts(world: World, top: str, name: str) -> bool:
    """Whether a file says anything: outputs of commands, caches and logs do not."""
    if top == str(world.dir):
        return not OUTPUT.fullmatch(name)
    if top == str(world.runtime.root):
        return not FOR_SPEED.fullmatch(name)
    return os.path.dirname(top) != str(world.runtime.root) or name not in BESIDE


def told(world: World, path: str) -> str:
    """Kind, mode, owner and content of one file; of the driver's own only that it is there."""
    seen = os.lstat(path)
    text = f"{stat.filemode(seen.st_mode)} {seen.st_uid}:{seen.st_gid}"
    if stat.S_ISLNK(seen.st_mode):
        return f"{text} -> {plain(world, os.readlink(path))}"
    if not stat.S_ISREG(seen.st_mode):
        return text
    if NO_CONTENT.fullmatch(os.path.basename(path)) or f"{world.runtime.root}/@" in path:
        return text
    return f"{text} {digest(world, path, seen)}"


_known: dict[tuple[int, int, int, int], str] = {}


def digest(world: World, path: str, seen: os.stat_result) -> str:
    """Of the content without times and random names; what has not changed is not read again."""
    key = (seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_size)
    if key not in _known:
        data = Path(path).read_bytes()
        if len(data) < 1 << 16:
            data = VOLATILE.sub(b"", data)
            if isinstance(world.node, Node):
                data = re.sub(rb"\b%d\d\d\b" % (world.node.first // 100), b"VMID", data)
            if os.path.basename(path) in {"jail.json", "process.json"}:
                data = re.sub(rb"\d+", b"", data)  # of the jail, its rule set, its processes
        _known[key] = hashlib.sha256(data).hexdigest()[:12]
    return _known[key]


# -- what the kernel knows -----------------------------------------------------------------------


def mount_points(world: World) -> Iterator[str]:
    """Of this mount namespace, below the scenario's directory."""
    lines = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    for line in lines:
        place = line.split()[4].encode().decode("unicode_escape")
        if place.startswith(f"{world.dir}/") and not place.startswith(f"{world.dir}/freebsd/"):
            yield place


def mounts(world: World) -> Census:
    """How often something is mounted on each of them."""
    counted = Counter(f"mount {plain(world, place)}" for place in mount_points(world))
    return {place: str(count) for place, count in counted.items()}


def cgroups(world: World) -> Census:
    """The cgroups of the scenario's containers on every hierarchy, with their limits."""
    places = [*cgroup_tree.directories(world.cgroup), *cgroup_tree.below(world.cgroup)]
    found = {}
    for place in places:
        limits = [f"{file} {text}" for file in LIMITS if (text := read(place / file))]
        found[f"cgroup {plain(world, str(place))}"] = ", ".join(limits) or "there"
    return {name: said for name, said in found.items() if not name.endswith("{cgroup}")}  # the scenario's own


def read(path: Path) -> str:
    """What is in a small file of the kernel; nothing when it is not there."""
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""


def processes(world: World) -> Census:
    """What is in the scenario's cgroups, started by its commands, named for it, or with its root there."""
    own = ancestry()
    counted: Counter[str] = Counter()
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in own and (words := belongs(world, name)):
            counted[f"process {plain(world, words)[:90]}"] += 1
    return {words: str(count) for words, count in counted.items()}


def ancestry() -> set[int]:
    """This process and those that it comes from: the scenario's directory may be among their arguments."""
    found, pid = set(), os.getpid()
    while pid > 1:
        found.add(pid)
        pid = int(read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[1])
    return found


def belongs(world: World, pid: str) -> str:
    """The words of a process of this scenario that has not ended; nothing for any other."""
    place = Path("/proc") / pid
    try:
        words = (place / "cmdline").read_bytes()
        if not words:
            return ""  # the kernel's own, or it has ended
        mine = bytes(world.dir)
        if (
            mine in words
            or f"{MARK}={world.dir}".encode() in (place / "environ").read_bytes().split(b"\0")
            or world.cgroup in (place / "cgroup").read_text("utf-8")
            or os.readlink(place / "root").startswith(f"{world.dir}/")
        ):
            return words.replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except OSError:
        pass  # it has just ended
    return ""


# -- hosts ---------------------------------------------------------------------------------------


def host(world: World) -> Census:
    """What is on the Proxmox VE node or the FreeBSD host of the scenario."""
    if isinstance(world.node, Node):
        return on_node(world, world.node)
    if isinstance(world.node, FreeBSD | jail_machine.FreeBSD):
        return {f"host: {re.sub(r'[(][0-9]+[)]', '', plain(world, one))}": "" for one in world.node.things()}
    return {}


def on_node(world: World, node: Node) -> Census:
    """Guests with their configuration, volumes, what LXC keeps, locks, cgroups."""
    home = node.cluster.home
    found: Census = {}
    for top in ("etc/pve", "storage", "lxc", "run"):
        for path in sorted((home / top).rglob("*")):
            with suppress(FileNotFoundError):
                seen = path.lstat()
                name = f"node {plain(world, str(path.relative_to(home)))}"
                found[name] = stat.filemode(seen.st_mode)
                if path.suffix == ".conf" and stat.S_ISREG(seen.st_mode):
                    found[name] += f" {digest(world, str(path), seen)}"
    for _, place in cgroups_of(node):
        found[f"cgroup {plain(world, str(place))}"] = "there"
    return found


def cgroups_of(node: Node) -> list[tuple[int, Path]]:
    """Those that LXC has made for the node's containers."""
    from step_defs.proxmox_node import ROOM
    from step_defs.proxmox_node import cgroups as of_numbers

    return of_numbers(set(range(node.first, node.first + ROOM)))


def environment(world: World) -> dict[str, str]:
    """Variables of commands whose processes are to be counted."""
    return {**BASE_ENVIRONMENT, **world.env, MARK: str(world.dir)}
