# SPDX-License-Identifier: Apache-2.0
"""Steps about processes: exec, signals, and what really runs on the host."""

from __future__ import annotations

import json
import os
import shlex
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, then, when

from step_defs import cgroup_tree
from step_defs.console import Console
from step_defs.phrases import phrase
from step_defs.world import command_line, eventually, named

if TYPE_CHECKING:
    from step_defs.world import World


@given(phrase('the process file "{name}"'))
def _(world: World, name: str, docstring: str) -> None:
    """A process document as in config.json's $.process, in a file of its own."""
    (world.dir / name).write_text(world.expand(docstring), "utf-8")


@when(phrase('"{command:text}" is executed in container "{id}"'))
def _(world: World, command: str, id: str) -> None:
    world.call("exec", *named(id), *shlex.split(world.expand(command)))


@when(phrase('"{command:text}" is executed in container "{id}" with "{options:text}"'))
def _(world: World, command: str, id: str, options: str) -> None:
    """The options of exec, for example --user 1000:1000 --cwd /tmp --env A=b."""
    world.call("exec", *shlex.split(world.expand(options)), *named(id), *shlex.split(world.expand(command)))


@when(phrase('the probe is executed in container "{id}"'))
def _(world: World, id: str) -> None:
    world.call("exec", *named(id), "/bin/probe")


@when(phrase('the probe is executed in container "{id}" with "{options:text}"'))
def _(world: World, id: str, options: str) -> None:
    world.call("exec", *shlex.split(world.expand(options)), *named(id), "/bin/probe")


@when(phrase('the process file "{name}" is executed in container "{id}"'))
def _(world: World, name: str, id: str) -> None:
    world.call("exec", "--process", str(world.dir / name), *named(id))


@when(phrase('the process file "{name}" is executed in container "{id}" with "{options:text}"'))
def _(world: World, name: str, id: str, options: str) -> None:
    world.call(
        "exec",
        *shlex.split(world.expand(options)),
        "--process",
        str(world.dir / name),
        *named(id),
    )


@when(phrase('"{command:text}" is executed on a terminal in container "{id}"'))
def _(world: World, command: str, id: str) -> None:
    """With --tty and a console socket; what the terminal shows is awaited by "the terminal shows"."""
    console = open_console(world)
    world.call(
        "exec", "--tty", "--detach", "--console-socket", str(console.path), *named(id), *shlex.split(command)
    )
    console.receive()


@when(phrase('the process file "{name}" is executed on a terminal in container "{id}"'))
def _(world: World, name: str, id: str) -> None:
    """Detached, with a console socket: as engines do it."""
    console = open_console(world)
    file = str(world.dir / name)
    world.call("exec", "--detach", "--console-socket", str(console.path), "--process", file, *named(id))
    console.receive()


@when(phrase('"{command:text}" is executed {n:int} times at once in container "{id}"'))
def _(world: World, command: str, n: int, id: str) -> None:
    """They have to succeed, all of them."""
    started = [world.begin("exec", *named(id), *shlex.split(command)) for _ in range(n)]
    for result in [world.finish(running) for running in started]:
        if result.code != 0:
            result.refuse(f"each of {n} commands at once to succeed")


@when(phrase('container "{id}" is created on a terminal'))
def _(world: World, id: str) -> None:
    console = open_console(world)
    world.finish(world.make("create", id, "--console-socket", str(console.path)))
    console.receive()


@when(phrase('"{text}" is typed on the terminal'))
def _(world: World, text: str) -> None:
    world.console.type(text + "\n")


@when(phrase("the interrupt key is typed on the terminal"))
def _(world: World) -> None:
    world.console.type("\x03")


@then(phrase('the terminal shows "{text:text}"'))
def _(world: World, text: str) -> None:
    eventually(world.console.read, lambda seen: text in seen, f"the terminal to show {text!r}")


def open_console(world: World) -> Console:
    """Open a console socket and see to its end."""
    world.console = Console(world.dir / f"console{len(world.closers)}.sock")
    world.closers.append(world.console.close)
    return world.console


# -- signals -------------------------------------------------------------------------------------


@when(phrase('container "{id}" is sent signal "{name}"'))
def _(world: World, id: str, name: str) -> None:
    world.call("kill", *named(id), name)


@when(phrase('container "{id}" is sent signal "{name}" to all its processes'))
def _(world: World, id: str, name: str) -> None:
    world.call("kill", "--all", *named(id), name)


@when(phrase('container "{id}" is killed'))
def _(world: World, id: str) -> None:
    """Without naming a signal: TERM is meant."""
    world.call("kill", *named(id))


@when(phrase('the run of container "{id}" is sent signal "{name}"'))
def _(world: World, id: str, name: str) -> None:
    """To the runtime's own process, as a shell's Ctrl-C would."""
    world.runs[id].process.send_signal(signal.Signals[f"SIG{name}"])


# -- what really runs ----------------------------------------------------------------------------


def container_processes(world: World, id: str) -> dict[int, str]:
    """Map the pids in a container's cgroup to their command lines."""
    return {pid: command_line(pid) for pid in cgroup_tree.processes(world.container(id).bundle.cgroup)}


@then(phrase('"{command:text}" runs in container "{id}"'))
def _(world: World, command: str, id: str) -> None:
    eventually(
        lambda: container_processes(world, id),
        lambda seen: command in seen.values(),
        f'"{command}" to run in container "{id}"',
    )


@then(phrase('"{command:text}" does not run in container "{id}"'))
def _(world: World, command: str, id: str) -> None:
    eventually(
        lambda: container_processes(world, id),
        lambda seen: command not in seen.values(),
        f'"{command}" not to run in container "{id}"',
    )


@then(phrase('no process of container "{id}" is left'))
def _(world: World, id: str) -> None:
    eventually(lambda: container_processes(world, id), lambda seen: not seen, "no process to be left")


@then(phrase("{n:int} containers have a process of their own"))
def _(world: World, n: int) -> None:
    pids = {pid for id in world.containers for pid in container_processes(world, id)}
    assert len(pids) == n, f"{n} containers, but these processes: {pids}"


@then(phrase('the file "{name}" names the first process of container "{id}"'))
def _(world: World, name: str, id: str) -> None:
    written = (world.dir / name).read_text()
    state: dict[str, Any] = world.state(id) or {}
    assert written == str(state.get("pid")), f"the file holds {written!r}, state says {state}"
    inside = cgroup_tree.processes(world.container(id).bundle.cgroup)
    assert int(written) in inside, f"{written} is not among the container's processes {inside}"


@then(phrase('the file "{name}" names a process of container "{id}" that runs "{command:text}"'))
def _(world: World, name: str, id: str, command: str) -> None:
    pid = int((world.dir / name).read_text())
    eventually(
        lambda: container_processes(world, id).get(pid),
        lambda seen: seen == command,
        f'process {pid} of container "{id}" to be "{command}"',
    )


@then(phrase('the state of container "{id}" names its first process'))
def _(world: World, id: str) -> None:
    pid = (world.state(id) or {}).get("pid")
    inside = cgroup_tree.processes(world.container(id).bundle.cgroup)
    assert pid in inside, f"state says pid {pid}, the cgroup holds {inside}"
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    numbers = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
    assert numbers[-1] == "1", f"process {pid} is not the first one of its pid namespace: {numbers}"


@when(phrase('the first process of container "{id}" is killed from outside'))
def _(world: World, id: str) -> None:
    """As the out-of-memory killer or an administrator would do it, without the runtime."""
    pid = (world.state(id) or {}).get("pid")
    if not isinstance(pid, int) or pid <= 1:
        pytest.fail(f'container "{id}" has no process: {pid}', pytrace=False)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@then(phrase('ps of container "{id}" lists its processes'))
def _(world: World, id: str) -> None:
    result = world.ask("ps", "--format", "json", *named(id))
    if result.code != 0 or set(json.loads(result.stdout)) != set(container_processes(world, id)):
        result.refuse(f"the pids {sorted(container_processes(world, id))}")
