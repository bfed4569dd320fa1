# SPDX-License-Identifier: Apache-2.0
"""``--hosts=ssh://[USER@]NAME[:PORT],...``: the same selection runs on those machines, one after the other.

The tree goes there by tar over ssh into a directory of its own, ``test.sh`` runs in it, and the files of its
report come back. Whatever ends the run, the directory goes: an open standard input keeps the run alive, so it
ends also when this side is killed or the connection is lost. The user there is root, or one whom sudo asks no
password.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fnmatch
import io
import os
import select
import shlex
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# not pytest's rootdir: "--ssh-config FILE" in two words lets pytest take FILE's directory for it
TOP = Path(__file__).resolve().parent.parent
LOCAL, SSH = "local://", "ssh://"
# options about the way to the machine, or about files of this one; a value is the next word or follows "="
OURS = {"--hosts", "--ssh-config", "--ssh-extra-args", "--ssh-identity-file", "--spec-report"}
PATIENCE = 120.0  # seconds for a run that has been told to end
BEGAN = b"the run begins\n"

AS_ROOT = """
PATH=$PATH:/usr/local/sbin:/usr/local/bin
[ "$(id -u)" = 0 ] && exec "$@"
sudo -n true 2>/dev/null || exit 251
exec sudo -n "$@"
"""
# Standard input: the tree, then nothing until we are gone; its end interrupts the group, so that pytest takes
# its containers down. Standard output: BEGAN, then the report. What the run says goes to standard error.
# What lies on another file system stays: -x on FreeBSD, where copies of the base system are immutable too.
# /var/tmp: /tmp is often memory. 755: scenarios without root have to read the runtime; nobody else writes.
RUN = """
PATH=$PATH:/usr/local/sbin:/usr/local/bin
directory= ended=
gone() {
    case $(uname -s) in
    FreeBSD) chflags -R -x noschg "$1"; rm -rf -x "$1" ;;
    *) rm -rf --one-file-system "$1" ;;
    esac
}
trap '[ -z "$directory" ] || { cd / && gone "$directory"; }' EXIT
trap 'ended=yes' HUP INT TERM PIPE
command -v tar >/dev/null || exit 250
directory=$(mktemp -d /var/tmp/nexcage-run.XXXXXX) && cd "$directory" || exit 252
chmod 755 "$directory" || exit 252
head -c "$1" | tar -xf - || exit 252
shift
echo the run begins
exec 3<&0
{
    while read -r _ <&3; do :; done
    exec 3<&-
    kill -INT 0
    sleep 60
    kill -TERM 0
} >/dev/null 2>&1 &
"$@" 3<&- </dev/null >&2
status=$?
kill "$!" 2>/dev/null
[ -z "$ended" ] || exit 130
[ ! -d report ] || tar -cf - report
exit "$status"
"""
# statuses that neither test.sh nor pytest ends with
REFUSALS = {
    250: "tar is not installed there",
    251: "not root there, and no sudo without a password",
    252: "the tree could not be unpacked below /var/tmp there",
}
LOST = 255  # ssh's own


class RemoteError(Exception):
    """A machine could not run the specification; the text is one line."""


@dataclasses.dataclass(frozen=True)
class Machine:
    """One machine and the way to it. ``name`` is what the user called it, without the scheme."""

    name: str
    ssh: tuple[str, ...]

    def argv(self, *words: str) -> list[str]:
        """The command that starts `RUN` there as root; each word is quoted for the shell there."""
        return [*self.ssh, shlex.join(["sh", "-c", AS_ROOT, "root", "sh", "-c", RUN, "nexcage", *words])]

    def run(self, tree: bytes, argv: Sequence[str]) -> tuple[int, bytes]:
        """Run a command in an archived tree there, its output on ours; its exit status and archived report.

        Ctrl-C ends the run there, then is raised here. Raise `RemoteError` for no run, or no end of it.
        """
        with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as complaints:
            command = self.argv(str(len(tree)), *argv)
            command[1:1] = ["-E", complaints.name]
            # a process group of its own: the terminal's interrupt must not cut the connection
            with subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sys.stdout.fileno(),
                process_group=0,
            ) as process:
                assert process.stdin
                assert process.stdout
                try:
                    with contextlib.suppress(BrokenPipeError):  # its status says why
                        process.stdin.write(tree)
                        process.stdin.flush()
                    _, began, report = received(process.stdout).partition(BEGAN)  # a profile may talk before
                    status = process.wait()
                except KeyboardInterrupt:
                    with contextlib.suppress(BrokenPipeError):
                        process.stdin.close()
                    try:
                        process.wait(PATIENCE)
                    except subprocess.TimeoutExpired:
                        process.kill()
                        raise RemoteError(f"told to end, the run has not within {PATIENCE:.0f} s") from None
                    raise
                finally:
                    with contextlib.suppress(BrokenPipeError):
                        process.stdin.close()
            if status in REFUSALS:
                raise RemoteError(REFUSALS[status])
            if status == LOST or status < 0 or not began:
                said = complaints.read().strip().splitlines() or ["no reason given"]
                what = "the run is lost there and ends" if began else "cannot be reached"
                raise RemoteError(f"{what}: {said[-1].strip()}")
        return status, report


def received(pipe: IO[bytes]) -> bytes:
    """All that comes until the end, waking each second: Ctrl-C just before a read would wait for its end."""
    pieces: list[bytes] = []
    while True:
        if select.select([pipe], [], [], 1.0)[0]:
            piece = os.read(pipe.fileno(), 1 << 16)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)


def machines(config: pytest.Config) -> list[Machine]:
    """The machines of ``--hosts``; none when all happens here. Raise `RemoteError` for what is not ssh."""
    names = [name for name in str(config.getoption("hosts") or LOCAL).split(",") if name]
    if all(name.startswith(LOCAL) for name in names):
        return []
    return [Machine(name.removeprefix(SSH), _ssh(config, name)) for name in names]


def _ssh(config: pytest.Config, name: str) -> tuple[str, ...]:
    """The ssh command up to the machine's name."""
    try:
        url = urllib.parse.urlsplit(name)
        host, port = url.hostname, url.port
    except ValueError as problem:
        raise RemoteError(f"--hosts={name}: {problem}") from None
    if url.scheme != "ssh" or not host or url.path or url.query or url.password:
        raise RemoteError(f"--hosts={name}: neither ssh://[USER@]NAME[:PORT] nor, alone, local://")
    # urlsplit lowers the name, and an ssh_config knows "Node" from "node"
    place = url.netloc.rpartition("@")[2].removesuffix(f":{port}")
    # nobody answers questions; a machine that is gone is noticed within a minute
    # `vagrant ssh-config` silences ssh, and then it would not say why it failed
    settings = ("BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=15", "LogLevel=ERROR")
    words = ["ssh", *(word for setting in settings for word in ("-o", setting))]
    for option, flag in (("ssh_config", "-F"), ("ssh_identity_file", "-i")):
        if value := config.getoption(option):
            words += [flag, str(value)]
    words += shlex.split(config.getoption("ssh_extra_args") or "")
    words += ["-p", str(port)] if port else []
    words += ["-l", urllib.parse.unquote(url.username)] if url.username else []
    return (*words, "--", place)


def selection(config: pytest.Config) -> list[str]:
    """The caller's arguments without those in `OURS`, paths as seen from the top of the tree."""
    kept = []
    given = iter(str(word) for word in config.invocation_params.args)
    for word in given:
        option, equals, _ = word.partition("=")
        if option not in OURS:
            kept.append(_from_top(config, word))
        elif not equals:
            next(given, None)
    junit = config.getoption("xmlpath", None)
    if junit and PurePath(junit).parts[0] != "report":
        raise RemoteError(f"--junitxml={junit}: from a host only what lies below report/ comes back")
    if sys.stdout.isatty() and not any(word.startswith("--color") for word in kept):
        kept.append("--color=yes")
    return kept


def _from_top(config: pytest.Config, word: str) -> str:
    path, colons, test = word.partition("::")
    place = config.invocation_params.dir / path
    if word.startswith("-") or not path or not place.exists():
        return word
    if not place.resolve().is_relative_to(TOP):
        raise RemoteError(f"{path}: lies outside of the tree that is sent")
    return os.path.relpath(place.resolve(), TOP) + colons + test


def tree(top: Path) -> Iterator[Path]:
    """The files of a source tree, relative to it: all but .git, .vagrant and what its .gitignore names."""
    lines = (top / ".gitignore").read_text("utf-8").split() if (top / ".gitignore").exists() else []
    ignored = [".git", ".vagrant", *(line.strip("/") for line in lines)]

    def kept(names: list[str]) -> list[str]:
        return sorted(name for name in names if not any(fnmatch.fnmatch(name, one) for one in ignored))

    for directory, directories, files in os.walk(top):
        here = Path(directory).relative_to(top)
        directories[:] = kept(directories)
        for name in kept(files):
            yield here / name


def pack(top: Path) -> bytes:
    """The tree as a tar archive, every file root's."""

    def owned(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path in tree(top):
            archive.add(top / path, str(path), recursive=False, filter=owned)
    return out.getvalue()


def unpack(archive: bytes, target: Path) -> int:
    """Put the report's files below ``target``; how many. Raise `RemoteError` for any other name."""
    if not archive:
        return 0  # the run ended before it had a report
    count = 0
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for member in members:
            if member.isdir():
                continue
            parts = PurePath(member.name).parts
            content = members.extractfile(member) if member.isreg() else None
            if content is None or parts[:1] != ("report",) or ".." in parts:
                raise RemoteError(f"sent {member.name!r} as a file of its report")
            path = target.joinpath(*parts[1:])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())
            count += 1
    return count


def perform(machine: Machine, words: list[str], target: Path) -> int:
    """Run ``test.sh`` with these words on one machine, its report below ``target``; the exit status."""
    print(f"{machine.name}: sending the tree", flush=True)
    # the report shall not take that machine for this one
    argv = ["./test.sh", *words, f"--hosts={LOCAL}{machine.name}"]
    if os.environ.get("CI"):
        argv = ["env", f"CI={os.environ['CI']}", *argv]
    status, report = machine.run(pack(TOP), argv)
    if unpack(report, target):
        print(f"{machine.name}: its report is in {target}", flush=True)
    return status


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Run elsewhere instead of here when ``--hosts`` says so: the first status that is not 0."""
    try:
        named = machines(config)
        words = selection(config) if named else []
    except RemoteError as problem:
        raise pytest.UsageError(str(problem)) from None
    if not named:
        return None
    statuses = []
    for machine in named:
        target = Path(config.getoption("spec_report"))
        if len(named) > 1:
            target /= machine.name
        try:
            statuses.append(perform(machine, words, target))
        except KeyboardInterrupt:
            print(f"{machine.name}: interrupted; nothing of the run is left there", flush=True)
            return int(pytest.ExitCode.INTERRUPTED)
        except RemoteError as problem:
            print(f"ERROR: {machine.name}: {problem}", file=sys.stderr, flush=True)
            statuses.append(int(pytest.ExitCode.USAGE_ERROR))
    return next((status for status in statuses if status), 0)
