# SPDX-License-Identifier: Apache-2.0
"""The world of one scenario: its directory, bundles, containers and last result; swept before and after."""

from __future__ import annotations

import dataclasses
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from step_defs import cgroup_tree, facts, jail_host, jail_machine, proxmox_node
from step_defs.bundle_store import Bundle, BundleStore
from step_defs.jail_bundles import JailBundleStore
from step_defs.proxmox_bundles import LxcBundle, NodeBundleStore
from step_defs.report import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from step_defs.console import Console
    from step_defs.proxmox_machine import Node
    from step_defs.repairs import Asked
    from step_defs.runtime import Result, Running, Runtime

PREFIX = "nx"
CGROUP = "/nexcage-test"
AWAIT = 5.0  # seconds until an awaited status counts as never coming


@dataclasses.dataclass
class Container:
    """What the scenario knows of one container that it asked for."""

    id: str
    bundle: Bundle
    output: Path  # its stdout; stderr is beside it


class World:
    """Everything that the steps of one scenario share."""

    def __init__(self, directory: Path, runtime: Runtime) -> None:
        self.dir = directory
        self.runtime = runtime
        self.cgroup = f"{CGROUP}/{directory.name}"
        stores = {facts.NODE_DRIVER: NodeBundleStore, facts.JAIL_DRIVER: JailBundleStore}
        self.bundles = stores.get(runtime.driver, BundleStore)(directory, self.cgroup)
        self.containers: dict[str, Container] = {}
        self.runs: dict[str, Running] = {}
        self.results: list[Result] = []
        self.seen: Path | None = None  # where the probe's report is expected
        self.env: dict[str, str] = {}
        self.umask = -1
        self.places: dict[str, object] = {}  # further names that steps may write in braces
        self.descriptors: dict[int, Path] = {}  # files that the caller has open
        self.console: Console
        self.asked: Asked  # a command that waits for an answer
        self.node: Node | None = None  # of Proxmox VE, or a FreeBSD host, where the scenario is about one
        self.closers: list[Callable[[], object]] = []
        self._count = 0

    @property
    def last(self) -> Result:
        """The result of the last command."""
        if not self.results:
            pytest.fail("no command has been run yet in this scenario", pytrace=False)
        return self.results[-1]

    @property
    def bundle(self) -> Bundle:
        """The bundle that the scenario last spoke of."""
        return self.bundles.current

    @property
    def context(self) -> str:
        """Where to look when a command did something unexpected."""
        configs = [str(bundle.dir / "config.json") for bundle in self.bundles.all.values()]
        return f"config:   {', '.join(configs) or '(none)'}\nroot:     {self.runtime.root}"

    def expand(self, text: str) -> str:
        """Replace {dir}, {root}, {cgroup}, {bundle} and {rootfs} by this scenario's own."""
        places: dict[str, object] = {
            **self.places,
            "{dir}": self.dir,
            "{root}": self.runtime.root,
            "{cgroup}": self.cgroup,
        }
        if self.bundles.all:
            places |= {"{bundle}": self.bundle.dir, "{rootfs}": self.bundle.rootfs}
        places |= self.node.places if self.node is not None else {}
        for id_, vmid in (self.node.vmids if self.node is not None else {}).items():
            places[f"{{vmid of {id_}}}"] = vmid
        for name, place in places.items():
            text = text.replace(name, str(place))
        return text

    def output(self, name: str) -> Path:
        """Name a fresh file for the output of a command."""
        self._count += 1
        return self.dir / f"{self._count:02d}-{name.replace('/', '_')[:40]}.out"

    def begin(self, *arguments: str, stdin: str | None = None, cwd: Path | None = None) -> Running:
        """Start the runtime with a verb and its arguments, without waiting."""
        return self.begin_exactly(self.runtime.argv(arguments), arguments[0], stdin=stdin, cwd=cwd)

    def begin_exactly(
        self, argv: Sequence[str], name: str, *, stdin: str | None = None, cwd: Path | None = None
    ) -> Running:
        """Start a complete command."""
        if self.descriptors:
            opened = " ".join(
                f"{number}<{shlex.quote(str(file))}" for number, file in self.descriptors.items()
            )
            argv = ["sh", "-c", f'exec "$0" "$@" {opened}', *argv]
        mark = self.node.count() if self.node is not None else 0
        running = self.runtime.begin(
            argv, self.output(name), cwd=cwd or self.dir, stdin=stdin, env=self.env, umask=self.umask
        )
        running.mark = mark
        return running

    def call(self, *arguments: str, stdin: str | None = None, cwd: Path | None = None) -> Result:
        """Run the runtime with a verb and its arguments; the result becomes the last one."""
        return self.finish(self.begin(*arguments, stdin=stdin, cwd=cwd))

    def finish(self, running: Running) -> Result:
        """Wait for a started command; the result becomes the last one."""
        self.results.append(result := running.wait(self.context))
        self.seen = running.out
        if self.node is not None:
            self.node.ended(running.mark)
            self.node.hear(self.runtime.root)
        return result

    def ask(self, *arguments: str) -> Result:
        """Run the runtime only to look; the last result stays what it was."""
        return self.begin(*arguments).wait(self.context)

    def make(
        self, verb: str, id_: str, *options: str, bundle_option: bool = True, stdin: str | None = None
    ) -> Running:
        """Begin to create or run a container from the current bundle."""
        bundle = self.bundles.for_container(id_)
        where = ["--bundle", str(bundle.dir)] if bundle_option else []
        running = self.begin(verb, *where, *options, *named(id_), stdin=stdin)
        # a second create of the same id must not hide the first one's output
        self.containers.setdefault(id_, Container(id_, bundle, running.out))
        return running

    def adopt(self, id_: str, running: Running) -> None:
        """Remember a container that a command other than ``make`` has made."""
        self.containers.setdefault(id_, Container(id_, self.bundles.for_container(id_), running.out))

    def container(self, id_: str) -> Container:
        """Return what is known of a container."""
        if id_ not in self.containers:
            pytest.fail(f'no step made a container "{id_}"', pytrace=False)
        known = self.containers[id_]
        if self.node is None or self.runtime.driver != facts.NODE_DRIVER:
            return known
        self.node.hear(self.runtime.root)
        if id_ not in self.node.vmids:
            return known  # it has not come to a record
        bundle = LxcBundle(known.bundle, self.node.vmids[id_])
        console = self.runtime.root / id_ / "console.log"  # nobody's streams reach what the node starts
        return dataclasses.replace(known, bundle=bundle, output=console if console.exists() else known.output)

    def vmid(self, id_: str) -> int:
        """The number that the node knows a container by, also when it is gone."""
        if self.node is None:
            pytest.fail("a scenario about a Proxmox VE node is tagged @pct", pytrace=False)
        self.node.hear(self.runtime.root)
        if id_ not in self.node.vmids:
            pytest.fail(f'container "{id_}" has had no record with a VMID', pytrace=False)
        return self.node.vmids[id_]

    def state(self, id_: str) -> dict[str, Any] | None:
        """Return a container's state document, or None when the runtime knows no such container."""
        result = self.ask("state", *named(id_))
        if result.code != 0:
            return None
        try:
            document: dict[str, Any] = json.loads(result.stdout)
        except ValueError:
            result.refuse("state to print one JSON document")
        return document

    def await_status(self, id_: str, wanted: str | None, seconds: float = AWAIT) -> None:
        """Poll until a container has a status; None awaits that it is gone.

        A killed init can stay a zombie for a moment, and crun calls it running meanwhile.
        """
        __tracebackhide__ = True
        eventually(
            lambda: (self.state(id_) or {}).get("status"),
            lambda status: status == wanted,
            f'container "{id_}" to be {wanted or "gone"}',
            seconds,
        )

    # -- sweeping ------------------------------------------------------------------------------

    def leaks(self) -> list[str]:
        """Delete all containers by force and name everything that is still there afterwards."""
        found = []
        self.env.pop("PATH", None)  # the sweep finds what the scenario may have hidden
        if self.node is not None:
            self.env |= self.node.environment
        for running in self.runs.values():
            if running.process.poll() is None:
                running.process.kill()
            running.process.wait()
        if self.node is not None:
            self.node.heal()
        for id_ in self.containers:
            if "/" in id_ or id_ in {".", ".."}:
                continue  # crun would delete what the path leads to
            result = self.ask("delete", "--force", *named(id_))
            invalid = result.code == 2 and self.runtime.kind == "nexcage"  # an id it refuses to know
            if result.code != 0 and not invalid and self.state(id_) is not None:
                found.append(result.explain(f'container "{id_}" to be deleted at the end'))
        for closer in self.closers:
            closer()
        deadline = time.monotonic() + 2
        while (left := self._left()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found + left

    def _left(self) -> list[str]:
        left = [f"process {pid}: {command_line(pid)}" for pid in sorted(cgroup_tree.processes(self.cgroup))]
        left += [f"cgroup {place}" for place in cgroup_tree.below(self.cgroup)]
        left += [f"mount {place}" for place in mounts_below(self.dir)]
        if self.runtime.kind == "nexcage":
            root = self.runtime.root
            left += [f"record {place}" for place in root.glob("[!@.]*") if place.is_dir()]
            left += [f"driver state {place}" for place in root.glob("@*/[!.]*")]
        return left + (self.node.left() if self.node is not None else [])

    def take(self, node: Node | None, item: pytest.Item) -> None:
        """Let this be the node that the scenario is about; the report says what it is."""
        if node is not None:
            self.node = node
            self.env |= node.environment
            self.places |= node.places
            item.stash[HOST] = lambda: node.host

    def clear(self) -> None:
        """Remove by all means what belongs to this scenario."""
        try:
            if self.node is not None:
                self.node.end()
        finally:
            sweep(self.dir, self.cgroup)


def named(id_: str) -> list[str]:
    """Write an id as an argument; one that begins with a dash must not be read as an option."""
    return ["--", id_] if id_.startswith("-") else [id_]


def eventually(
    look: Callable[[], Any], fits: Callable[[Any], bool], awaited: str, seconds: float = AWAIT
) -> Any:
    """Poll until what is seen fits; fail by saying what was awaited, how long, and what was seen."""
    __tracebackhide__ = True
    began = time.monotonic()
    while not fits(seen := look()):
        if time.monotonic() - began > seconds:
            pytest.fail(f"awaited {awaited} for {seconds:g} s; seen last: {seen!r}", pytrace=False)
        time.sleep(0.01)
    return seen


def is_there(pid: int) -> bool:
    """Whether a process exists, be it somebody else's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def command_line(pid: int) -> str:
    """Return what a process was started as."""
    with suppress(OSError):
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        )
    return "(gone)"


def mounts_below(directory: Path) -> list[str]:
    """List the mount points below a directory, the last mounted first."""
    if jail_machine.is_real():
        return [place for place in reversed(jail_machine.mounted()) if place.startswith(f"{directory}/")]
    lines = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    places = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    return [place for place in reversed(places) if place.startswith(f"{directory}/")]


def sweep(directory: Path, cgroup: str) -> None:
    """Remove processes, cgroups, mounts and files of one scenario, in this order."""
    cgroup_tree.empty(cgroup)
    jail_host.sweep(directory)
    for place in mounts_below(directory):
        subprocess.run(["umount", "-l", place], check=False, capture_output=True)
    proxmox_node.sweep(directory)
    if not mounts_below(directory):
        shutil.rmtree(directory, ignore_errors=True)


def sweep_dead_sessions() -> None:
    """Remove what sessions that were killed have left. A directory names the process that made it."""
    temporary = Path(tempfile.gettempdir())
    names = {place.name for place in temporary.glob(f"{PREFIX}*-*")}
    names |= {
        place.name for place in cgroup_tree.directories(CGROUP) for place in place.iterdir() if place.is_dir()
    }
    for name in names:
        pid = name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not is_there(int(pid)):
            sweep(temporary / name, f"{CGROUP}/{name}")


@pytest.fixture(scope="session")
def _clean_machine() -> Iterator[None]:
    sweep_dead_sessions()
    yield
    cgroup_tree.remove_empty_if_unused(CGROUP)


@pytest.fixture
def scenario_dir(_clean_machine: None) -> Path:
    """A short path: sockets below it must fit into 108 bytes."""
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    directory.chmod(0o755)  # user namespaces have to pass
    return directory


@pytest.fixture
def world(request: pytest.FixtureRequest, runtime: Runtime, scenario_dir: Path) -> Iterator[World]:
    """A world of its own for each scenario; it fails when the scenario leaves something behind."""
    made = World(scenario_dir, runtime)
    try:
        node = proxmox_node.made_for(request.node, scenario_dir)
        made.take(node or jail_host.made_for(request.node, scenario_dir), request.node)
        yield made
        leaks = made.leaks()
    finally:
        made.clear()
    if leaks:
        pytest.fail("left behind after every container was deleted:\n  " + "\n  ".join(leaks), pytrace=False)
