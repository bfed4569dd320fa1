# SPDX-License-Identifier: Apache-2.0
"""The machine that the containers run on, seen by testinfra, not by the runtime under test.

A machine of ``--hosts=ssh://...`` runs the scenarios itself (`step_defs.remote`): it is always this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import testinfra
from pytest_bdd import then

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from testinfra.host import Host

    from step_defs.world import World


@pytest.fixture(scope="session")
def machine(request: pytest.FixtureRequest) -> Host:
    """The first of ``--hosts``, which is ``local://`` when scenarios run."""
    hosts = request.config.getoption("hosts") or "local://"
    return testinfra.get_host(str(hosts).partition(",")[0])


@then(phrase('the host runs the first process of container "{id}" as "{command:text}"'))
def _(world: World, machine: Host, id: str, command: str) -> None:
    pid = (world.state(id) or {}).get("pid")
    seen = machine.file(f"/proc/{pid}/cmdline")
    assert seen.exists, f"the host has no process {pid}"
    text = seen.content_string.replace("\0", " ").strip()
    assert text == command, f"process {pid} is {text!r}"


@then(phrase('the host runs the first process of container "{id}" as user {uid:int}'))
def _(world: World, machine: Host, id: str, uid: int) -> None:
    pid = (world.state(id) or {}).get("pid")
    lines = machine.file(f"/proc/{pid}/status").content_string.splitlines()
    seen = next(line.split()[1:] for line in lines if line.startswith("Uid:"))
    assert seen == [str(uid)] * 4, f"process {pid} runs as {seen}"


@then(phrase('the host\'s sysctl "{name}" is not "{value}"'))
def _(machine: Host, name: str, value: str) -> None:
    seen = machine.file("/proc/sys/" + name.replace(".", "/")).content_string.strip()
    assert seen != value, f"{name} is {value} on the host"
