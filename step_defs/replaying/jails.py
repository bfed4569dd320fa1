# SPDX-License-Identifier: Apache-2.0
"""Plays recordings of a FreeBSD host: each on a host of its own, its shell run by this machine's.

Paths below /jails and /tmp lie in a directory; ``sleep`` is shorter. JIDs count up across recordings: a
number must stand where ours stands, always the same for the same jail.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from step_defs.replaying.player import Outcome
from step_defs.stand_ins.jail.host import Host
from step_defs.stand_ins.jail.running import ORIGINAL

if TYPE_CHECKING:
    from pathlib import Path

Recording = dict[str, Any]
FIRST = 7001
PACE = "0.25"
PROGRAMS = {
    "bin": ["sh", "echo", "sleep", "ps", "pwd", "kill", "cat", "hostname", "test"],
    "sbin": ["mount", "umount", "ifconfig", "sysctl"],
    "usr/bin": ["id", "env", "true", "touch", "grep"],
    "usr/sbin": ["jail", "jls", "jexec"],
}
TOOLS = {
    "sleep": "n=$(($1 * 40 + 20)); exec /bin/sleep $((n / 100)).$(printf %02d $((n % 100)))",
    "chroot": 'shift 3; tool=${1##*/}; shift; NEXCAGE_FREEBSD_UID=1001 exec $tool "$@"',
    "time": 'shift; "$@"; status=$?; printf "real 0.00\\nuser 0.00\\nsys 0.00\\n" >&2; exit $status',
}
STUBBORN = "trap '' TERM; exec /bin/sleep 60"
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "HOME": "/root",
    "MM_CHARSET": "UTF-8",
    "BLOCKSIZE": "K",
    "PWD": "/",
    "OLDPWD": "/",
}
SCOPE = (
    (re.compile(r"^jexec t1$"), "an interactive shell"),
    (re.compile(r"wait\"; echo rc|while :; do a="), "limits are kept, not enforced"),
    (re.compile(r"kill -9 \\\\*\$PPID"), "a program of the jail outside it"),
    (re.compile(r"ps -axo"), "the processes as a jail sees them"),
    (re.compile(r"ls -l /jails"), "owners and numbers of devices"),
    (re.compile(r"name=t1 path=/jails/base persist & done"), "a race, its lines in each other"),
    (re.compile(r"exec 4>"), "a race of a process with ps"),
    (re.compile(r"^sysctl -d"), "descriptions of parameters"),
)


def play(home: Path, recordings: list[Recording]) -> list[Outcome]:
    """All of them; they do not depend on each other."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(lambda pair: _one(home / str(pair[0]), *pair), enumerate(recordings)))


def reason(recording: Recording) -> str:
    """Why it is not modelled, or ""."""
    words = " ".join(recording["argv"])
    return next((why for pattern, why in SCOPE if pattern.search(words)), "")


def _one(home: Path, number: int, recording: Recording) -> Outcome:
    outcome = Outcome(number, recording, reason(recording))
    if not outcome.reason:
        host = _host(home, recording)
        status, out, err = _run(host, recording)
        shown = {"stdout": out, "stderr": err}
        for name, text in shown.items():
            wanted = normal(recording[name], recording)
            found = normal(text.replace(str(home / "root"), ""), recording)
            if not same(wanted, found):
                outcome.streams[name] = (wanted, found)
        if status != recording["exit"]:
            outcome.streams["exit"] = (str(recording["exit"]), str(status))
        outcome.agrees = not outcome.streams
        outcome.told = _ghosts(recording) > 0
        shutil.rmtree(home)
    return outcome


def _host(home: Path, recording: Recording) -> Host:
    """Its situation: a base system, a root directory, the jails that were still dying."""
    root = home / "root"
    base = root / "jails/base"
    _system(base)
    _system(root)
    for folder in ("dev", "mnt", "proc", "etc"):
        (root / "jails/t1" / folder).mkdir(parents=True)
    _script(base / "tmp/stubborn", "")
    host = Host.make(home / "host", containers="model", root=str(root), next_jid=FIRST, stop_wait=0.5)
    _script(host.home / "inside/stubborn", STUBBORN)
    for name, text in TOOLS.items():
        _script(host.home / "bin" / name, text)
    if recording["batch"] > 2:
        interfaces = {"vtnet0": {"jid": 0, "inet": [], "up": True}, **host.state["interfaces"]}
        host.set(interfaces=interfaces)
    ghosts = _ghosts(recording)
    if ghosts:
        _leave(host, ghosts)
    return host


def _system(tree: Path) -> None:
    for folder in ("dev", "mnt", "proc", "root", "etc", "tmp", "usr"):
        (tree / folder).mkdir(parents=True)
    for folder, names in PROGRAMS.items():
        (tree / folder).mkdir(exist_ok=True)
        for name in names:
            _script(tree / folder / name, "")
    for name in ("passwd", "master.passwd", "pwd.db", "spwd.db"):
        (tree / "etc" / name).touch()


def _script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def _ghosts(recording: Recording) -> int:
    """How many jails of recordings before were dying still: the recording shows them beside its own."""
    if recording.get("group") != "dying":
        return 0
    text = recording["stdout"]
    verbose = "DYING" in text
    rows = len(
        re.findall("DYING" if verbose else r"^\d+ t1 true|^t1: removed|^ +\d+ +/jails", text, re.MULTILINE)
    )
    return max(0, rows - 1)


def _leave(host: Host, count: int) -> None:
    for _ in range(count):
        host.run("jail", "-c", "name=t1", "path=/jails/base", "persist")
        host.set(dying=60.0)
        host.run("jail", "-R", "t1")
        host.set(dying=0.0)
    state = host.state
    with state.changing():
        for jail in state["jails"]:
            jail["until"] = time.time() + 4.2


def _run(host: Host, recording: Recording) -> tuple[int, str, str]:
    root = str(host.home.parent / "root")
    command = recording.get("shell") or shlex.join(recording["argv"])
    setup = recording["setup"].replace("/jails/base/ ", "/jails/base/. ")
    place = host.home.parent
    for name, text in (("setup", setup), ("command", command)):
        (place / name).write_text(re.sub(r"(?<![\w.$/])/(jails|tmp)/", rf"{root}/\1/", text) + "\n")
    paths = f"{host.home / 'bin'}:/usr/bin:/bin"
    environment = {**ENVIRONMENT, **host.environment(), ORIGINAL: "/sbin:/bin:/usr/sbin:/usr/bin"}
    environment.update(PATH=paths, NEXCAGE_FREEBSD_PACE=PACE)
    script = f". {place}/setup >/dev/null 2>&1; . {place}/command"
    with (place / "out").open("w") as out, (place / "err").open("w") as err:
        process = subprocess.Popen(
            ["/bin/sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
        try:
            status = process.wait(60)
        finally:
            host.end()
            _end_group(process.pid)
    return status, (place / "out").read_text(), (place / "err").read_text()


def _end_group(pid: int) -> None:
    """What the shell left behind."""
    for _ in range(50):
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.02)


def normal(text: str, recording: Recording) -> str:
    """Without what differs from run to run."""
    words = f"{recording['argv']} {recording['setup']}"
    text = re.sub(r"^(real|user|sys) \d+\.\d+$", r"\1 N", text, flags=re.MULTILINE)
    lines = [line for line in text.splitlines() if line != "Terminated"]  # a shell tells or does not
    if re.search(r"\benv\b", words):
        lines = sorted(line for line in lines if not re.match(r"(OLD)?PWD=", line))
    if "& done; wait" in words:
        lines.sort()
    if re.search(r"\bps\b|pgrep|wc -l", words):
        lines = [" ".join(line.split()) for line in lines]
        text = re.sub(
            r"(?<= )[A-Z]+\+?C?\+?J?(?= +/bin| +sleep)|(?<=\"state\": \")[^\"]+", "S", "\n".join(lines)
        )
        lines = text.splitlines()
    text = "".join(f"{line}\n" for line in lines)
    if re.search(r"\bps\b|pgrep|'-v', '-r'|jail -v -f|rctl', '-h?u", words):
        text = re.sub(rf"\b(?!{FIRST // 100}\d\d\b)\d{{4,}}\b", "N", text)
    if re.search(r"rctl', '-h?u", words):
        text = re.sub(r"\d+[KM]\b", "N", text)
    return text


def same(wanted: str, found: str) -> bool:
    """Whether the texts agree, with other JIDs."""
    seen: dict[str, str] = {}

    def group(number: re.Match[str]) -> str:
        jid = number[2]
        if jid in seen:
            return rf" *(?P={seen[jid]})"
        seen[jid] = f"jid{len(seen)}"
        return rf" *(?P<{seen[jid]}>\d+)"

    pattern = re.sub(rf"((?:\\ )*)\b({FIRST // 100}\d\d)\b", group, re.escape(found))
    return re.fullmatch(pattern, wanted) is not None
