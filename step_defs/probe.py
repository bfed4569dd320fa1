# SPDX-License-Identifier: Apache-2.0
"""What a container sees of itself: the report of ``bundles/probe``, and the steps that read it."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import TYPE_CHECKING, Any, cast

import pytest
from pytest_bdd import then

from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World

CAPABILITIES = (  # noqa: SIM905  # one name a line would be forty lines
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE"
    " NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT"
    " SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE"
    " AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ"
    " PERFMON BPF CHECKPOINT_RESTORE"
).split()
SETS = {"bounding": "Bnd", "effective": "Eff", "permitted": "Prm", "inheritable": "Inh", "ambient": "Amb"}
# the names of the OCI specification, and of /proc/PID/limits
LIMIT_NAMES = {
    "RLIMIT_CPU": "Max cpu time",
    "RLIMIT_FSIZE": "Max file size",
    "RLIMIT_DATA": "Max data size",
    "RLIMIT_STACK": "Max stack size",
    "RLIMIT_CORE": "Max core file size",
    "RLIMIT_NPROC": "Max processes",
    "RLIMIT_NOFILE": "Max open files",
    "RLIMIT_MEMLOCK": "Max locked memory",
    "RLIMIT_AS": "Max address space",
    "RLIMIT_NICE": "Max nice priority",
    "RLIMIT_RTPRIO": "Max realtime priority",
    "RLIMIT_SIGPENDING": "Max pending signals",
    "RLIMIT_MSGQUEUE": "Max msgqueue size",
}
NAMESPACES = {"mount": "mnt", "network": "net"}


@dataclasses.dataclass(frozen=True)
class Mount:
    """One line of mountinfo."""

    place: str
    kind: str
    source: str
    options: frozenset[str]  # of the mount and of its file system
    root: str
    propagation: frozenset[str]


class Report:
    """One probe's report, parsed."""

    def __init__(self, text: str) -> None:
        self.raw: dict[str, Any] = json.loads(text)
        lines = [line.split(":", 1) for line in self.raw["status"].splitlines()]
        self.status = {name: value.strip() for name, value in lines}

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the program was started with."""
        entries = [entry for entry in self.raw["environ"].split("\x1e") if entry]
        return dict(entry.split("=", 1) for entry in entries)

    def capabilities(self, which: str) -> set[str]:
        """Name the capabilities of one set."""
        mask = int(self.status[f"Cap{SETS[which]}"], 16)
        return {f"CAP_{name}" for bit, name in enumerate(CAPABILITIES) if mask >> bit & 1}

    def limit(self, name: str) -> tuple[str, str]:
        """Return the soft and the hard value of an rlimit."""
        title = LIMIT_NAMES[name]
        for line in self.raw["limits"].splitlines():
            if line.startswith(title + " "):
                soft, hard = line[len(title) :].split()[:2]
                return soft, hard
        raise LookupError(f"{name} is not in {self.raw['limits']!r}")

    @property
    def mounts(self) -> list[Mount]:
        """List the mounts, first mounted first."""
        found = []
        for line in self.raw["mountinfo"].splitlines():
            before, _, after = line.partition(" - ")
            _, _, _, root, place, options, *propagation = before.split()
            kind, source, super_options = after.split(" ", 2)
            found.append(
                Mount(
                    place,
                    kind,
                    source,
                    frozenset(options.split(",")) | (frozenset(super_options.split(",")) - {"rw", "ro"}),
                    root,
                    frozenset(word.partition(":")[0] for word in propagation),
                )
            )
        return found

    def mount(self, place: str) -> Mount:
        """Return the mount that is visible at a place."""
        matching = [mount for mount in self.mounts if mount.place == place]
        if not matching:
            raise LookupError(
                f"nothing is mounted at {place}; seen: {[mount.place for mount in self.mounts]}"
            )
        return matching[-1]

    def path(self, path: str) -> dict[str, Any]:
        """Return what the probe found at a path that it was asked to look at."""
        if path not in self.raw["paths"]:
            raise LookupError(f'the probe did not look at {path}: write "the probe on "{path}""')
        found: dict[str, Any] = self.raw["paths"][path]
        return found


def parse(file: Path) -> Report | None:
    """Read a report as soon as it is whole."""
    text = file.read_text("utf-8", "replace").replace("\r\n", "\n")
    try:
        return Report(text)
    except (ValueError, KeyError):
        return None


class Latest:
    """Stands for the report of whatever probe ran last: a scenario may run several."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self.read(), name)

    def read(self) -> Report:
        """Await the report."""
        file = self.world.seen
        if file is None:
            pytest.fail("no probe has run in this scenario", pytrace=False)
        if not parse(file) and self.world.last.code != 0:
            self.world.last.refuse("a probe's report")
        found: Report = eventually(lambda: parse(file), lambda seen: seen is not None, f"a report in {file}")
        return found


@pytest.fixture
def report(world: World) -> Report:
    """The report of the probe that ran last."""
    return cast("Report", Latest(world))


def same(what: str, seen: object, expected: object) -> None:
    """Compare, and say both."""
    __tracebackhide__ = True
    if seen != expected:
        pytest.fail(f"{what}: expected {expected!r}, the container sees {seen!r}", pytrace=False)


@then(phrase("the container sees uid {uid:int} and gid {gid:int}"))
def _(report: Report, uid: int, gid: int) -> None:
    """All four of each: real, effective, saved, file system."""
    same("uid", report.status["Uid"].split(), [str(uid)] * 4)
    same("gid", report.status["Gid"].split(), [str(gid)] * 4)


@then(phrase('the container sees the groups "{groups}"'))
def _(report: Report, groups: str) -> None:
    same("groups", sorted(report.status["Groups"].split()), sorted(groups.split()))


@then(phrase("the container sees the umask {mask:word}"))
def _(report: Report, mask: str) -> None:
    same("umask", int(report.raw["umask"], 8), int(mask, 8))


@then(phrase('the container sees the working directory "{path}"'))
def _(report: Report, path: str) -> None:
    same("cwd", report.raw["cwd"], path)


@then(phrase('the container sees the host name "{name}"'))
def _(report: Report, name: str) -> None:
    same("hostname", report.raw["hostname"], name)


@then(phrase('the container sees the variable "{name}" as "{value:text}"'))
def _(report: Report, name: str, value: str) -> None:
    same(f"variable {name}", report.environment.get(name), value.replace("\\n", "\n"))


@then(phrase('the container does not see the variable "{name}"'))
def _(report: Report, name: str) -> None:
    same(f"variable {name}", report.environment.get(name), None)


@then(phrase('the container has the {which:capset} capabilities "{names}"'))
def _(report: Report, which: str, names: str) -> None:
    """Exactly these, separated by blanks."""
    same(f"{which} capabilities", sorted(report.capabilities(which)), sorted(names.split()))


@then(phrase("the container has the limit {name:word} of {soft:word} and at most {hard:word}"))
def _(report: Report, name: str, soft: str, hard: str) -> None:
    same(name, report.limit(name), (soft, hard))


@then(phrase("the container can gain no new privileges"))
def _(report: Report) -> None:
    same("NoNewPrivs", report.status["NoNewPrivs"], "1")


@then(phrase("the container may gain new privileges"))
def _(report: Report) -> None:
    same("NoNewPrivs", report.status["NoNewPrivs"], "0")


@then(phrase("the container has the OOM score adjustment {score:int}"))
def _(report: Report, score: int) -> None:
    same("oom_score_adj", report.raw["oom_score_adj"], str(score))


@then(phrase("system calls are filtered"))
def _(report: Report) -> None:
    same("Seccomp", report.status["Seccomp"], "2")


@then(phrase("the container sees the probe as process {n:int}"))
def _(report: Report, n: int) -> None:
    same("the probe's own number", report.status["Pid"], str(n))


@then(phrase('the container sees only the network interfaces "{names}"'))
def _(report: Report, names: str) -> None:
    same("interfaces", sorted(report.raw["interfaces"].split()), sorted(names.split()))


@then(phrase('the container sees only the file descriptors "{numbers}"'))
def _(report: Report, numbers: str) -> None:
    """The shell that runs the probe adds some from 10 upwards."""
    same(
        "descriptors",
        sorted(number for number in report.raw["descriptors"] if number < 10),
        sorted(map(int, numbers.split())),
    )


@then(phrase('the container sees a mount at "{place}" of type "{kind}" with the options "{options}"'))
def _(report: Report, place: str, kind: str, options: str) -> None:
    """At least these options, separated by commas."""
    mount = report.mount(place)
    same(f"type of {place}", mount.kind, kind)
    missing = set(filter(None, options.split(","))) - mount.options
    same(f"options of {place} ({','.join(sorted(mount.options))}) without", sorted(missing), [])


@then(phrase('the container sees a mount at "{place}" with the options "{options}"'))
def _(report: Report, place: str, options: str) -> None:
    """At least these options, separated by commas."""
    missing = set(options.split(",")) - report.mount(place).options
    same(f"options of {place} that are missing", sorted(missing), [])


@then(phrase('the container sees a mount at "{place}" without the options "{options}"'))
def _(report: Report, place: str, options: str) -> None:
    present = set(options.split(",")) & report.mount(place).options
    same(f"unwanted options of {place}", sorted(present), [])


@then(phrase('the container sees a mount at "{place}" with the propagation "{word}"'))
def _(report: Report, place: str, word: str) -> None:
    """shared, master (a slave mount), unbindable, or private."""
    same(f"propagation of {place}", sorted(report.mount(place).propagation) or ["private"], [word])


@then(phrase('the container sees no mount at "{place}"'))
def _(report: Report, place: str) -> None:
    same(f"mounts at {place}", [mount for mount in report.mounts if mount.place == place], [])


@then(phrase("the container has a {kind:word} namespace of its own"))
def _(report: Report, kind: str) -> None:
    file = NAMESPACES.get(kind, kind)
    seen, host = report.raw["namespaces"][file], os.readlink(f"/proc/self/ns/{file}")
    assert seen, f"the container sees no {kind} namespace at all"
    assert seen != host, f"the container is in the host's {kind} namespace {host}"


@then(phrase("the container is in the host's {kind:word} namespace"))
def _(report: Report, kind: str) -> None:
    file = NAMESPACES.get(kind, kind)
    same(f"{kind} namespace", report.raw["namespaces"][file], os.readlink(f"/proc/self/ns/{file}"))


@then(phrase('the container is in the {kind:word} namespace of container "{id}"'))
def _(world: World, report: Report, kind: str, id: str) -> None:
    file = NAMESPACES.get(kind, kind)
    pid = (world.state(id) or {})["pid"]
    same(f"{kind} namespace", report.raw["namespaces"][file], os.readlink(f"/proc/{pid}/ns/{file}"))


@then(phrase('the container is not in the {kind:word} namespace of container "{id}"'))
def _(world: World, report: Report, kind: str, id: str) -> None:
    file = NAMESPACES.get(kind, kind)
    pid = (world.state(id) or {})["pid"]
    seen, other = report.raw["namespaces"][file], os.readlink(f"/proc/{pid}/ns/{file}")
    assert seen, f"the container sees no {kind} namespace at all"
    assert seen != other, f'the container shares the {kind} namespace {other} with "{id}"'


@then(phrase('the container sees "{path}" as a {kind:filekind}'))
def _(report: Report, path: str, kind: str) -> None:
    kinds = {
        "device": ("character special file", "block special file"),
        "file": ("regular file", "regular empty file"),
    }
    seen = report.path(path)["stat"].partition("|")[0]
    assert seen in kinds.get(kind, (kind,)), f"{path} is {seen or 'absent'}, not a {kind}"


@then(phrase('the container sees "{path}" as device {major:int}:{minor:int}'))
def _(report: Report, path: str, major: int, minor: int) -> None:
    """Stat writes both numbers in hexadecimal."""
    fields = report.path(path)["stat"].split("|")
    same(f"{path}", [int(number, 16) for number in fields[4:6]], [major, minor])


@then(phrase('the container sees "{path}" with mode {mode:word} of {uid:int}:{gid:int}'))
def _(report: Report, path: str, mode: str, uid: int, gid: int) -> None:
    same(path, report.path(path)["stat"].split("|")[1:4], [mode, str(uid), str(gid)])


@then(phrase('the container does not see "{path}"'))
def _(report: Report, path: str) -> None:
    same(path, report.path(path)["stat"], "")


@then(phrase('the container can read "{path}"'))
def _(report: Report, path: str) -> None:
    same(f"{path} readable", report.path(path)["readable"], True)


@then(phrase('the container can write "{path}"'))
def _(report: Report, path: str) -> None:
    same(f"{path} writable", report.path(path)["writable"], True)


@then(phrase('the container cannot write "{path}"'))
def _(report: Report, path: str) -> None:
    """The path exists: what is absent would prove nothing."""
    assert report.path(path)["stat"], f"{path} does not exist in the container"
    same(f"{path} writable", report.path(path)["writable"], False)


@then(phrase('the container sees "{path}" masked'))
def _(report: Report, path: str) -> None:
    """A file is covered by the null device, a directory by an empty one."""
    found = report.path(path)
    kind, _, _, _, major, minor, _ = (found["stat"] or "||||||").split("|")
    masked = (kind == "directory" and not found["readable"]) or (major, minor) == ("1", "3")
    assert masked, f"{path} is not masked: {found}"


@then(phrase('the container reads "{text:text}" in "{path}"'))
def _(report: Report, text: str, path: str) -> None:
    same(f"content of {path}", report.path(path)["content"].rstrip("\n"), text)


@then(phrase('the container sees the sysctl "{name}" as "{value}"'))
def _(report: Report, name: str, value: str) -> None:
    """The probe must have looked at the file below /proc/sys."""
    same(name, report.path("/proc/sys/" + name.replace(".", "/"))["content"].split(), value.split())
