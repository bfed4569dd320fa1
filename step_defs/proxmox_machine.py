# SPDX-License-Identifier: Apache-2.0
"""A Proxmox VE node as the world sees it, and this machine as one."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Final, Protocol

from step_defs import mounting

ETC = Path("/etc/pve")
KINDS = "nodes/*/lxc/*.conf", "nodes/*/qemu-server/*.conf"


class Node(Protocol):
    """What the world needs of a node."""

    vmids: dict[str, int]

    @property
    def host(self) -> str:
        """What it is, for the report."""

    def count(self) -> int:
        """How many calls of the node's tools there have been."""

    def ended(self, began: int) -> None:
        """A command has ended: the calls since ``began`` are its own."""

    def hear(self, root: Path) -> None:
        """Learn the VMIDs of the containers that have records below a root."""

    @property
    def environment(self) -> dict[str, str]:
        """Variables of a caller that finds its tools."""

    @property
    def places(self) -> dict[str, object]:
        """Names that steps may write in braces."""

    def heal(self) -> None:
        """Undo what steps did to it, so that containers can be deleted."""

    def left(self) -> list[str]:
        """What is on it that no Given step put there."""

    def end(self) -> None:
        """Stop everything, and give the machine back."""


def is_real() -> bool:
    """Whether this machine is a node: pmxcfs is mounted, and pct installed."""
    return mounting.type_of(str(ETC)) == "fuse" and shutil.which("pct") is not None


class Listener:
    """What nexcage's records say of VMIDs; kept when the containers are gone."""

    def __init__(self) -> None:
        self.vmids: dict[str, int] = {}

    def hear(self, root: Path) -> None:
        """A record that cannot be read is the scenario's business."""
        for path in root.glob("*/record.json"):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                record = json.loads(path.read_text("utf-8"))
                if record["driver"] == "pct":
                    self.vmids[record["id"]] = int(record["handle"])


class Machine(Listener):
    """This machine, which is a node of somebody: only what appears during the scenario is ours."""

    def __init__(self) -> None:
        super().__init__()
        self._before = self._things()

    def count(self) -> int:
        """Nobody notes the calls of a real node's tools."""
        return 0

    def ended(self, began: int) -> None:
        """Nothing was noted."""

    @property
    def host(self) -> str:
        """The version that it tells."""
        answer = subprocess.run(["pveversion"], capture_output=True, text=True, check=True)
        return f"real Proxmox VE node: {answer.stdout.split()[0]}"

    environment: Final[dict[str, str]] = {}
    places: Final[dict[str, object]] = {}

    @staticmethod
    def _things() -> set[str]:
        return {f"guest {path.relative_to(ETC)}" for pattern in KINDS for path in ETC.glob(pattern)}

    def heal(self) -> None:
        """No step changes it."""

    def left(self) -> list[str]:
        """Guests that were not there."""
        return sorted(self._things() - self._before)

    def end(self) -> None:
        """Nothing was started."""
