# SPDX-License-Identifier: Apache-2.0
"""High availability as far as pct looks at it: whether a guest is a resource, and that nobody answers."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call

RESOURCES = "ha/resources.cfg"


def managed(call: Call, vmid: int | str) -> bool:
    """Whether ha/resources.cfg names the container."""
    try:
        with open(os.path.join(call.state.etc, RESOURCES), encoding="utf-8") as file:
            return re.search(rf"^ct: {vmid}$", file.read(), re.MULTILINE) is not None
    except FileNotFoundError:
        return False


def no_manager(arguments: str) -> Died:
    """ha-manager is not installed."""
    command = f"ha-manager {arguments}"
    where = "at /usr/share/perl5/PVE/Cmd.pm line 174."
    return Died(
        f"command '{command}' failed: open3: exec of {command} failed: No such file or directory {where}"
    )
