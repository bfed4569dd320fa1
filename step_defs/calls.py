# SPDX-License-Identifier: Apache-2.0
"""Steps that give whole command lines, as engines and people type them, and in unusual surroundings."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from step_defs.files import place
from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from step_defs.world import World

NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
HYBRID = ("unshare", "--mount", "sh", "-ec", 'mount -t cgroup2 none /sys/fs/cgroup/unified; exec "$@"', "sh")
# notes how the driver was started, then becomes it
WATCH = """#!/bin/sh
for word; do
    case $word in create | run) env >{notes}.env; umask >{notes}.umask; pwd >{notes}.cwd ;; esac
done
exec {program} "$@"
"""


def literally(world: World, arguments: str, *before: str, cwd: str = ".", made: str | None = None) -> None:
    """Run the runtime with these arguments and no others, perhaps through other commands."""
    if made is not None:
        world.bundles.for_container(made)
    argv = [*before, *world.runtime.command, *shlex.split(world.expand(arguments))]
    running = world.begin_exactly(argv, "call", cwd=place(world, cwd))
    if made is not None:
        world.adopt(made, running)
    world.finish(running)


@when(phrase('container "{id}" is made by the call "{arguments:text}"'))
def _(world: World, id: str, arguments: str) -> None:
    """The whole command line of create or run, --root included."""
    literally(world, arguments, made=id)


@when(phrase('container "{id}" is made in directory "{path}" by the call "{arguments:text}"'))
def _(world: World, id: str, path: str, arguments: str) -> None:
    literally(world, arguments, cwd=path, made=id)


@when(phrase('the bare runtime is called in directory "{path}" with "{arguments:text}"'))
def _(world: World, path: str, arguments: str) -> None:
    literally(world, arguments, cwd=path)


@when(phrase('the shell runs "{command:text}" with the runtime as its arguments "{arguments}"'))
def _(world: World, command: str, arguments: str) -> None:
    """For closed and full outputs: the command is sh's, "$@" in it the runtime with these arguments."""
    literally(world, f"--root {world.runtime.root} {arguments}", "sh", "-c", world.expand(command), "sh")


@when(phrase('an ordinary user calls the runtime with "{arguments:text}"'))
def _(world: World, arguments: str) -> None:
    """As user and group 65534, with nothing added to the arguments."""
    literally(world, arguments, *NOBODY)


@when(phrase('the runtime is called where cgroups are hybrid with "{arguments:text}"'))
def _(world: World, arguments: str) -> None:
    """With this scenario's --root; a cgroup2 file system stands beside the v1 ones for this call only."""
    literally(world, f"--root {world.runtime.root} {arguments}", *HYBRID)


@when(phrase('container "{id}" is made where cgroups are hybrid by the call "{arguments:text}"'))
def _(world: World, id: str, arguments: str) -> None:
    literally(world, f"--root {world.runtime.root} {arguments}", *HYBRID, made=id)


@given(phrase("the caller is set up for the driver under test"))
def _(world: World) -> None:
    """By NEXCAGE_RUNTIME, since engines write no --runtime of ours into their calls."""
    if world.runtime.kind == "nexcage":
        world.env["NEXCAGE_RUNTIME"] = world.runtime.driver


@given(phrase("the driver notes how it is started"))
def _(world: World) -> None:
    """The driver's environment, umask and working directory go to files driver.env, .umask and .cwd."""
    programs = world.dir / "programs"
    programs.mkdir()
    for name in ("crun", "runc"):
        if program := shutil.which(name):
            shim = programs / name
            shim.write_text(WATCH.format(notes=world.dir / "driver", program=program))
            shim.chmod(0o755)
    world.env["PATH"] = f"{programs}:{os.environ['PATH']}"


@given(phrase('the caller finds only the programs "{names}"'))
def _(world: World, names: str) -> None:
    """A PATH with nothing else on it; the names are separated by blanks, none is written as ""."""
    programs = world.dir / "few"
    programs.mkdir()
    for name in names.split():
        (programs / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")
    world.env["PATH"] = str(programs)


@given(phrase('the caller finds a program "{name}" that does'))
def _(world: World, name: str, docstring: str) -> None:
    """A shell script of that name comes first on the caller's PATH."""
    programs = world.dir / "own"
    programs.mkdir(exist_ok=True)
    (programs / name).write_text("#!/bin/sh\n" + world.expand(docstring) + "\n")
    (programs / name).chmod(0o755)
    world.env["PATH"] = f"{programs}:{os.environ['PATH']}"


@then(phrase("it succeeds within {n:int} seconds"))
def _(world: World, n: int) -> None:
    if world.last.code != 0 or world.last.seconds > n:
        world.last.refuse(f"status 0 within {n} s")


@then(phrase('the process in file "{path}" is ended'))
def _(world: World, path: str) -> None:
    """It has to be there: what a step started on purpose is tidied up by it."""
    os.kill(int(place(world, path).read_text()), signal.SIGKILL)


@given(phrase('the output of container "{id}" has come'))
def _(world: World, id: str) -> None:
    """Its program has written something."""
    eventually(world.container(id).output.read_text, bool, "some output")


@then(phrase('it prints at least {n:int} lines like "{pattern:text}"'))
def _(world: World, n: int, pattern: str) -> None:
    found = [line for line in world.last.stdout.splitlines() if re.fullmatch(world.expand(pattern), line)]
    if len(found) < n:
        world.last.refuse(f"at least {n} lines like {pattern}")
