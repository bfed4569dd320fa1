"""``host:PROGRAM,PROGRAM``: programs of this machine with all that they need, at the same paths as here.

What a bundle is made of when nobody says anything: it needs no network.
"""

import os

from nexcage.bundler.copy import Copied
from nexcage.bundler.image import Tree
from nexcage.bundler.sources import SourceWishes, invalid
from nexcage.bundler.sources.needs import needed
from nexcage.bundler.sources.skeleton import Skeleton
from nexcage.errors import NotFound, from_os
from nexcage.host import process

# without busybox: what a shell session needs
SMALL_SET = (
    "sh", "cat", "cp", "date", "echo", "env", "false", "head", "hostname", "id", "kill", "ls", "mkdir", "mv",
    "printf", "ps", "pwd", "rm", "sed", "sleep", "sort", "tail", "test", "touch", "true", "uname", "wc",
)  # fmt: skip


def open(rest: str, _work: str, wishes: SourceWishes) -> Tree:
    """The programs named in ``rest``, or a small set when it is empty; `NotFound` names what is not there."""
    if rest:
        names = [name.strip() for name in rest.split(",")]
        if not all(names):
            raise invalid(f"host:{rest}", "a name is empty", "write host:PROGRAM,PROGRAM")
        programs = [_found(name) for name in names]
    elif busybox := process.which("busybox"):
        programs = [busybox]
    else:
        programs = [where for name in SMALL_SET if (where := process.which(name))]
        if not programs:
            raise NotFound(
                "no program of the small set is on PATH", code="source-missing", hint="name some: host:sh"
            )
    taken: dict[str, None] = {}
    for program in programs:
        taken.update(dict.fromkeys(needed(program)))
    args = ["/bin/sh"] if os.path.basename(programs[0]) == "busybox" else programs[:1]

    def fill(directory: str) -> None:
        wishes.progress.say("copying programs of this machine")
        try:
            _fill(directory, programs, list(taken))
        except OSError as error:
            raise from_os(error, f'cannot write "{directory}"') from None

    return Tree("host:" + ",".join(os.path.basename(one) for one in programs), args, fill)


def _found(name: str) -> str:
    where = process.which(name)
    if not where:
        raise NotFound(
            f'the program "{name}" is not on this machine',
            code="source-missing",
            hint="check its name and PATH",
        )
    return where


def _fill(directory: str, programs: list[str], files: list[str]) -> None:
    tree = Skeleton(directory)
    tree.merged_directories()
    for path in files:
        tree.take(path)
    for program in programs:
        if os.path.basename(program) == "busybox":
            tree.applets(program, _applets(program))
    tree.system_files()
    tree.finish()
    lost = Copied()
    lost.xattrs = tree.lost
    lost.warn("this machine")


def _applets(busybox: str) -> list[str]:
    """What busybox can be called as, with the directory: "bin/sh"."""
    done = process.run([busybox, "--list-full"]).check()
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]
