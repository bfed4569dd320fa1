# SPDX-License-Identifier: Apache-2.0
"""Steps about a terminal: its width, its interrupt key, and what is seen on it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import termios
import time
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from step_defs.phrases import phrase
from step_defs.runtime import BASE_ENVIRONMENT, PATIENCE, Result

if TYPE_CHECKING:
    from step_defs.world import World

INTERRUPT = b"\x03"
ORDER = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # ECMA-48: colours, and what moves or hides the cursor
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"


@when(phrase('the runtime is called on a terminal of {n:int} columns with "{arguments:text}"'))
def _(world: World, n: int, arguments: str) -> None:
    """What the terminal shows, of both streams, becomes what the command has printed."""
    on_terminal(world, n, arguments)


@when(phrase('the runtime is called on a terminal with "{arguments}" and interrupted after "{text:text}"'))
def _(world: World, arguments: str, text: str) -> None:
    """The interrupt key is pressed once, when the terminal has shown this text."""
    on_terminal(world, 80, arguments, world.expand(text))


@then(phrase("no line of it is wider than {n:int} columns"))
def _(world: World, n: int) -> None:
    """Colours and orders to the cursor take no place."""
    not_wider(world, "", n)


@then(phrase('no line of it with "{text}" is wider than {n:int} columns'))
def _(world: World, text: str, n: int) -> None:
    not_wider(world, text, n)


def not_wider(world: World, text: str, n: int) -> None:
    """Fail when one of the lines with ``text`` is wider, or there is none."""
    lines = [ORDER.sub("", line) for line in world.last.stdout.splitlines() if text in line]
    widest = max(map(len, lines), default=0)
    if not 0 < widest <= n:
        world.last.refuse(f"lines of at most {n} columns, not {widest}")


@then(phrase('"{word}" is shown in a colour'))
def _(world: World, word: str) -> None:
    if not re.search(rf"\x1b\[\d+m{re.escape(word)}\x1b\[0m", world.last.stdout):
        world.last.refuse(f"{word} in a colour")


@then(phrase("the terminal shows its cursor"))
def _(world: World) -> None:
    """It was hidden meanwhile; the last order about it shows it."""
    shown = world.last.stdout
    if HIDDEN not in shown or shown.rfind(SHOWN) < shown.rfind(HIDDEN):
        world.last.refuse("the cursor to be hidden and shown again")


@then(phrase("no colour is shown"))
def _(world: World) -> None:
    if "\x1b" in world.last.stdout or not world.last.stdout:
        world.last.refuse("text without an escape")


def on_terminal(world: World, columns: int, arguments: str, awaited: str = "") -> None:
    """Call the runtime with a terminal as its streams; after ``awaited`` press the interrupt key."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    argv = world.runtime.argv(shlex.split(world.expand(arguments)))
    environment = {**BASE_ENVIRONMENT, "TERM": "xterm", **world.env}
    began = time.monotonic()
    # a session of its own, so that the key reaches this command and nothing else
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *argv],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=world.dir,
    )  # fmt: skip
    os.close(theirs)
    shown, pressed = b"", not awaited
    try:
        while time.monotonic() - began < PATIENCE:
            if not select.select([ours], [], [], 0.05)[0]:
                continue
            try:
                block = os.read(ours, 65536)
            except OSError:  # EIO: nobody has it open any more
                break
            shown += block
            if not pressed and awaited.encode() in shown:
                pressed = True
                os.write(ours, INTERRUPT)
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    text = shown.decode("utf-8", "replace").replace("\r\n", "\n")
    result = Result(tuple(argv), code, text, "", time.monotonic() - began, world.context)
    world.results.append(result)
    if not pressed:
        result.refuse(f"the terminal to show: {awaited}")
