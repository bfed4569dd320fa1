# SPDX-License-Identifier: Apache-2.0
"""What this machine can run, and the active tags that decide by it."""

from __future__ import annotations

import dataclasses
import os
import platform
import resource
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CGROUPS = Path("/sys/fs/cgroup")
CAP_SYS_RESOURCE = 24
DRIVERS = ("crun", "runc")  # of every scenario that names none
NODE_DRIVER = "pct"  # of scenarios about a Proxmox VE node, which it needs
JAIL_DRIVER = "jail"  # of scenarios about a FreeBSD host
ALL_DRIVERS = (*DRIVERS, NODE_DRIVER, JAIL_DRIVER)
TOOLS = (
    *("tini", "busybox", "criu", "ip", "newuidmap"),
    *("skopeo", "umoci", "docker-registry", "dockerd", "zstd"),
    *("lxc-start", "lxc-attach", "pct", "cc", "jail"),
)


@dataclasses.dataclass(frozen=True)
class Facts:
    """One machine, as the probes found it."""

    kernel: str
    machine: str
    python: str
    euid: int
    cgroup_mode: str  # v1, v2, hybrid or none
    controllers: tuple[str, ...]
    capabilities: int  # the bounding set
    limits: dict[str, int]  # hard limits
    drivers: dict[str, str]  # name: version, installed ones only
    tools: tuple[str, ...]
    filesystems: tuple[str, ...]

    def lacks_driver(self, driver: str) -> str | None:
        """Say why a driver cannot run here, or None when it can."""
        if driver == NODE_DRIVER:
            return None if self.euid == 0 else "a Proxmox VE node, and the stand-in for one, need root"
        if driver == JAIL_DRIVER and self.euid != 0:
            return "a FreeBSD host, and the stand-in for one, need root"
        if driver == JAIL_DRIVER and "jail" not in self.tools:
            return None if "cc" in self.tools else "cc is not installed (apt-get install gcc libc6-dev)"
        if driver not in self.drivers:
            return f"{driver} is not installed"
        if driver == "crun" and self.cgroup_mode == "hybrid":
            return "crun cannot run with hybrid cgroups: use ./test.sh, which makes a pure v1 view"
        return None

    def as_rows(self) -> dict[str, str]:
        """Render the facts for a reader."""
        return {
            "kernel": f"{self.kernel} {self.machine}",
            "python": self.python,
            "user": "root" if self.euid == 0 else f"uid {self.euid}",
            "cgroups": f"{self.cgroup_mode}: {' '.join(self.controllers)}",
            "capability bounding set": f"{self.capabilities:#x}",
            "hard limits": ", ".join(f"{name} {value}" for name, value in self.limits.items()),
            "drivers": ", ".join(f"{name} {version}" for name, version in self.drivers.items()) or "none",
            "tools": " ".join(self.tools),
        }


def cgroup_mode(tree: Path) -> tuple[str, tuple[str, ...]]:
    """Tell the mode and the controllers from the tree itself: mount tables also list what is covered."""
    if (tree / "cgroup.controllers").exists():
        return "v2", tuple((tree / "cgroup.controllers").read_text("utf-8").split())
    if not tree.is_dir():
        return "none", ()
    places = [place for place in tree.iterdir() if (place / "cgroup.procs").exists()]
    controllers = {name for place in places if place.name != "unified" for name in place.name.split(",")}
    if not controllers:
        return "none", ()
    hybrid = (tree / "unified" / "cgroup.controllers").exists()
    return "hybrid" if hybrid else "v1", tuple(sorted(controllers))


def version_of(program: str) -> str:
    """Return the version that a driver names on its first line."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)
    words = (answer.stdout.splitlines() or ["unknown"])[0].split()
    return words[-1]


@cache
def read() -> Facts:
    """Probe this machine once."""
    mode, controllers = cgroup_mode(CGROUPS)
    status = dict(line.split(":\t", 1) for line in _lines("/proc/self/status"))
    return Facts(
        kernel=platform.release(),
        machine=platform.machine(),
        python=platform.python_version(),
        euid=os.geteuid(),
        cgroup_mode=mode,
        controllers=controllers,
        capabilities=int(status.get("CapBnd", "0"), 16),
        limits={
            name: resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))[1]
            for name in ("nofile", "nproc", "memlock", "core")
        },
        drivers={name: version_of(name) for name in DRIVERS if shutil.which(name)},
        tools=tuple(name for name in TOOLS if shutil.which(name)),
        filesystems=tuple(line.split()[-1] for line in _lines("/proc/filesystems") if line),
    )


def _lines(file: str) -> list[str]:
    """Of a file of the kernel; none where the kernel is no Linux."""
    try:
        return Path(file).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def controller(name: str) -> Callable[[Facts], str | None]:
    """Build the need of a cgroup controller."""

    def need(facts: Facts) -> str | None:
        # v2 freezes and filters devices without a controller of that name
        if name in facts.controllers or (facts.cgroup_mode == "v2" and name in {"freezer", "devices"}):
            return None
        return f"no {name} cgroup controller ({facts.cgroup_mode})"

    return need


def tool(*names: str) -> Callable[[Facts], str | None]:
    """Build the need of programs."""

    def need(facts: Facts) -> str | None:
        missing = [name for name in names if name not in facts.tools]
        return f"not installed: {', '.join(missing)}" if missing else None

    return need


# the first versions that honour what specification 1.3 brought
KNOW_1_3 = {"crun": (1, 22), "runc": (1, 4)}


def number(version: str) -> tuple[int, ...]:
    """Read "1.1.5+ds1" as (1, 1, 5)."""
    return tuple(
        int(part) for part in version.partition("+")[0].partition("-")[0].split(".") if part.isdigit()
    )


# tag: what it needs, as a function that says what is missing
NEEDS: dict[str, Callable[[Facts], str | None]] = {
    "root": lambda facts: None if facts.euid == 0 else "not root",
    "cgroup-memory": controller("memory"),
    "cgroup-pids": controller("pids"),
    "cgroup-cpu": controller("cpu"),
    "cgroup-freezer": controller("freezer"),
    "cgroup-devices": controller("devices"),
    "needs-userns": lambda _: None if Path("/proc/self/ns/user").exists() else "no user namespaces",
    "needs-overlay": lambda facts: None if "overlay" in facts.filesystems else "no overlayfs",
    "needs-restricted-host": lambda facts: (
        "this host grants CAP_SYS_RESOURCE" if facts.capabilities >> CAP_SYS_RESOURCE & 1 else None
    ),
    "needs-older-drivers": lambda facts: (
        None
        if all(number(facts.drivers.get(name, "0")) < first for name, first in KNOW_1_3.items())
        else "a driver of this machine knows specification 1.3"
    ),
    "needs-criu": tool("criu"),
    "needs-skopeo": tool("skopeo"),
    "needs-umoci": tool("umoci"),
    "needs-registry": tool("docker-registry", "skopeo"),
    "needs-dockerd": tool("dockerd"),
    "needs-zstd": tool("zstd"),
    "needs-lxc": tool("lxc-start", "lxc-attach"),
}
# What a full machine may well be without: never a failure of the machine.
OPTIONAL = {"needs-criu", "needs-restricted-host", "needs-older-drivers"}


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Why a scenario cannot run: by the machine's fault, or because it is not meant to."""

    reason: str
    machine: bool


def refusal(tags: set[str], kind: str, driver: str, facts: Facts) -> Refusal | None:
    """Decide whether a scenario with these tags can run, for a runtime of this kind over this driver."""
    if kind != "nexcage" and ("nexcage" in tags or "oci" not in tags):
        return Refusal(f"about nexcage only; the runtime under test is {kind}", machine=False)
    wanted = sorted(tags & set(ALL_DRIVERS))
    if driver != "none" and wanted and driver not in wanted:
        return Refusal(f"only for {' and '.join(wanted)}", machine=False)
    if driver in (NODE_DRIVER, JAIL_DRIVER) and not wanted:
        return Refusal(f"not about {driver}", machine=False)
    if driver == "none":  # no driver is asked, but there may be a node
        driver = next((one for one in (NODE_DRIVER, JAIL_DRIVER) if one in tags), driver)
    if driver in ALL_DRIVERS and (lack := facts.lacks_driver(driver)):
        return Refusal(lack, machine=True)
    for tag in sorted(tags & set(NEEDS)):
        if lack := NEEDS[tag](facts):
            return Refusal(f"@{tag}: {lack}", machine=tag not in OPTIONAL)
    return None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--release``."""
    parser.getgroup("specification").addoption(
        "--release",
        action="store_true",
        help="a driver or fact that this machine lacks is a failure, not a skip",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a scenario that this machine cannot run, and say why."""
    if item.path.suffix != ".feature" or not isinstance(item, pytest.Function):
        return
    driver = str(item.callspec.params["driver"])
    kind = item.config.getoption("runtime_kind")
    found = refusal({mark.name for mark in item.iter_markers()}, kind, driver, read())
    if found is None:
        return
    if found.machine and (item.config.getoption("release") or os.environ.get("CI") == "true"):
        pytest.fail(f"a release may not skip this: {found.reason}", pytrace=False)
    pytest.skip(found.reason)
