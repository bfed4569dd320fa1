# SPDX-License-Identifier: Apache-2.0
"""Steps that run the examples of --help, as they are written there."""

from __future__ import annotations

import importlib
import shlex
import signal
import time
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from nexcage.cli.verbs import VERBS, module_name
from step_defs.phrases import phrase
from step_defs.runtime import BASE_ENVIRONMENT, PATIENCE, REPOSITORY, Result
from step_defs.world import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from step_defs.world import World

# these go on until somebody stops them; the interrupt key does, once they have said something
ENDLESS = ("--follow", "--watch", "--interval")
LOOKING = ("list", "state", "ps", "events", "logs")
STEPS = {
    "none": (),
    "created": (),
    "running": ("start",),
    "paused": ("start", "pause"),
    "stopped": ("start",),
}


def example_commands(verb: str) -> list[str]:
    """The command lines that --help of this verb shows."""
    return [command for _, command in importlib.import_module(module_name(verb)).EXAMPLES]


@given(phrase("the examples have a place where their files are"))
def _(world: World) -> None:
    """A working directory with a bundle web and the files that examples name; their /srv is beside it."""
    place = world.dir / "place"
    srv = world.dir / "srv"
    for directory in (place, srv / "web", srv / "root"):
        directory.mkdir(parents=True, exist_ok=True)
    (srv / "root" / "file").write_text("text")
    for name, text in {
        "limits.json": '{"pids": {"limit": 50}}',
        "new.json": '{"runtime": {"log_level": "warning"}}',
        "other.json": '{"runtime": {"log_level": "info"}}',
        "index.html": "<html>",
        "tool": "#!/bin/sh\n",
    }.items():
        (place / name).write_text(text)
    if world.bundles.all:
        (place / "web").symlink_to(world.bundle.dir)
        for name in ("config.json", "rootfs"):  # "nexcage run web" speaks of the working directory
            (place / name).symlink_to(world.bundle.dir / name)
    programs = world.dir / "programs"
    programs.mkdir()
    command = programs / "nexcage"
    words = shlex.join([*world.runtime.command, "--root", str(world.runtime.root)])
    command.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    command.chmod(0o755)
    if world.runtime.driver != "none":
        world.env["NEXCAGE_RUNTIME"] = world.runtime.driver
    world.env["NEXCAGE_CACHE"] = str(world.dir / "cache")


@when(phrase('each example of "{verb}" is run with container web {status:word}'))
def _(world: World, verb: str, status: str) -> None:
    """Each finds a container of its own, those of a verb that only looks the same; "none": no container."""
    made = False
    for command in example_commands(verb):
        if status != "none" and not made:
            bring(world, status)
        made = verb in LOOKING
        run_example(world, command)
        if not made:
            world.call("delete", "--force", "web")


@when(phrase('each example of "{verb}" is run'))
def _(world: World, verb: str) -> None:
    for command in example_commands(verb):
        run_example(world, command)


@when(phrase('each example of "{verb}" is run as a dry run'))
def _(world: World, verb: str) -> None:
    """With --dry-run added, where what it does needs a host that this one is not."""
    for command in example_commands(verb):
        run_example(world, command.replace("nexcage ", "nexcage --dry-run ", 1))


@given(phrase('the examples have the bundle "{name}"'))
def _(world: World, name: str) -> None:
    """Made by nexcage of programs of this host."""
    run_example(world, f"nexcage bundle create {name}")


@when(phrase('each example of "{verb}" without a registry is run'))
def _(world: World, verb: str) -> None:
    """What it makes is deleted, so that each finds no bundle of its name."""
    for command in example_commands(verb):
        if "docker://" not in command:
            run_example(world, command)
            world.call("bundle", "delete", str(world.dir / "place" / command.split(" -- ")[0].split()[-1]))


@then(phrase("each of them has done what it says"))
def _(world: World) -> None:
    """Status 0, or that of a check's warnings and failures; nothing was written to stderr."""
    seen = [result for result in world.results if result.context == "an example"]
    assert seen, "no example was run"
    for result in seen:
        words = result.argv[-1].split()
        allowed = (0, 1, 2) if {"check", "health"} & set(words[1:2]) else (0,)
        if result.code not in allowed or "nexcage: " in result.stderr.replace("nexcage: check: ", ""):
            result.refuse(f"the example to succeed: {result.argv[-1]}")


def bring(world: World, status: str) -> None:
    """Make container web, and take it so far."""
    world.finish(world.make("create", "web", "--stdio", "log"))
    for step in STEPS[status]:
        world.call(step, "web")
    if status == "stopped":
        world.call("kill", "web", "KILL")
        world.await_status("web", "stopped")
    elif status == "running":
        log = world.runtime.root / "web" / "output.log"
        eventually(lambda: log.exists() and log.stat().st_size, bool, "the program to be ready")


def run_example(world: World, command: str) -> None:
    """Run it in the place of the examples; one that never ends is interrupted once it has said something."""
    place = world.dir / "place"
    text = command.replace("/srv/", f"{world.dir}/srv/")
    path = f"{world.dir}/programs:{world.env.get('PATH') or BASE_ENVIRONMENT['PATH']}"
    out = world.output("example")
    endless = any(word in text for word in ENDLESS)
    began = time.monotonic()
    prefix = "exec " if endless else ""
    env = {**world.env, "PATH": path}
    if "--watch" in text:
        env["NEXCAGE_LOG_LEVEL"] = "info"  # so that a service says that it has begun
    running = world.runtime.begin(["sh", "-c", prefix + text], out, cwd=place, env=env)
    if endless:
        _await_output(running.out, running.err)
        running.process.send_signal(signal.SIGINT)
    result = running.wait("an example")
    code = 0 if endless and result.code in (130, -signal.SIGINT) else result.code
    world.results.append(
        Result(result.argv, code, result.stdout, result.stderr, time.monotonic() - began, "an example")
    )


def _await_output(*files: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(file.exists() and file.stat().st_size for file in files):
            return
        time.sleep(0.02)
    pytest.fail(f"an example has said nothing for {PATIENCE:g} s", pytrace=False)


@then(phrase("every verb has had its examples run"))
def _(world: World) -> None:
    """Each verb stands in a row of this feature's tables."""
    text = (REPOSITORY / "features" / "cli" / "examples.feature").read_text("utf-8")
    cells = {line.split("|")[1].strip() for line in text.splitlines() if line.strip().startswith("|")}
    missing = [verb for verb in VERBS if verb not in cells and f'each example of "{verb}"' not in text]
    assert missing == [], f"their examples are run nowhere: {missing}"
