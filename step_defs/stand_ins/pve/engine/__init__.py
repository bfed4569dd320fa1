# SPDX-License-Identifier: Apache-2.0
"""What runs containers below the tools: LXC itself, or a model that only keeps account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.conf import Conf
    from step_defs.stand_ins.pve.state import State


class Engine(Protocol):
    """All vmids are of this node."""

    def pid(self, vmid: int | str) -> int:
        """The host's pid of PID 1, 0 when nothing runs."""

    def start(self, call: Call, vmid: int | str, conf: Conf, debug: bool) -> None:
        """Run it. Raise `Died` as lxc-start fails."""

    def stop(self, call: Call, vmid: int | str) -> None:
        """Kill it and wait."""

    def shutdown(self, call: Call, vmid: int | str, conf: Conf, timeout: int) -> bool:
        """Ask it to end; whether it did within the time."""

    def limit(self, vmid: int | str, conf: Conf) -> None:
        """Let the limits of a changed configuration hold in what runs."""

    def attach(self, call: Call, vmid: int | str, argv: list[str], keep_environment: bool) -> int:
        """Run a program in it with the streams of the call; its exit status."""

    def mount(self, call: Call, vmid: int | str, conf: Conf) -> None:
        """Make its tree visible at the lxc path."""

    def unmount(self, call: Call, vmid: int | str) -> None:
        """Undo `mount`."""

    def push(self, call: Call, vmid: int | str, file: str, target: str, options: dict[str, str]) -> None:
        """Copy a file into it."""

    def pull(self, call: Call, vmid: int | str, path: str, target: str, options: dict[str, str]) -> None:
        """Copy a file out of it."""

    def unpack(self, call: Call, archive: str, tree: str, unprivileged: bool) -> None:
        """Fill a tree from an archive. Raise `Died` with the command that failed."""

    def own(self, tree: str, unprivileged: bool) -> None:
        """A new volume gets the owners that the container maps."""

    def forget(self, vmid: int | str) -> None:
        """The container is gone."""

    def usage(self, vmid: int | str) -> dict[str, int]:
        """Figures of a running container: mem, uptime, ..."""


def start_failed(call: Call, vmid: int | str, lines: str) -> Died:
    """Why a container does not start: the words of lxc-start go to the log."""
    call.out(lines.replace("@", str(vmid)))
    return Died(f"startup for container '{vmid}' failed")


def chosen(state: State) -> Engine:
    """The engine of this cluster."""
    if state["containers"] == "lxc":
        from step_defs.stand_ins.pve.engine.lxc import Lxc

        return Lxc(state)
    from step_defs.stand_ins.pve.engine.model import Model

    return Model(state)
