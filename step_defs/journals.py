# SPDX-License-Identifier: Apache-2.0
"""A journal that listens where systemd's does, and none: in mounts that only the scenario sees."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then

from step_defs import mounting
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World

PLACE = Path("/run/systemd")
SOCKET = PLACE / "journal" / "socket"
LONGEST = 1 << 20


def cover(world: World) -> None:
    """Put an empty file system over the place of the journal's socket."""
    if not mounting.is_private():
        pytest.fail("this host's journal would be covered: run ./test.sh, which has mounts of its own")
    PLACE.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "journal", PLACE], check=True)
    world.closers.append(lambda: mounting.unmount(PLACE))


def fields(datagram: bytes) -> dict[str, str]:
    """An entry in the journal's native protocol; of its fields those of one line."""
    lines = (line.partition(b"=") for line in datagram.splitlines())
    return {name.decode(): value.decode() for name, equals, value in lines if equals}


@given(phrase("the host has no journal"))
def _(world: World) -> None:
    cover(world)


@given(phrase("the host has a journal"), target_fixture="journal")
def _(world: World) -> socket.socket:
    cover(world)
    SOCKET.parent.mkdir()
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.bind(os.fspath(SOCKET))
    made.settimeout(5)
    world.closers.append(made.close)
    return made


@then(phrase('the journal has an entry of "{name}" with {field:word} "{value:text}"'))
def _(world: World, journal: socket.socket, name: str, field: str, value: str) -> None:
    """The next one that it gets."""
    seen = fields(journal.recv(LONGEST, socket.MSG_PEEK))
    assert seen.get("SYSLOG_IDENTIFIER") == name, seen
    assert seen.get(field) == world.expand(value), seen
