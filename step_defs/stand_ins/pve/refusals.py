# SPDX-License-Identifier: Apache-2.0
"""How the tools of Proxmox VE give up: each class is one frame of words on standard error."""

from __future__ import annotations

import random


class Died(Exception):
    """A plain ``die``: the text alone. The status is an accident of errno in the real program."""

    def __init__(self, text: str, status: int = 255) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


class CallRefused(Exception):
    """``400 TEXT`` and the usage line; ``before`` are lines that the option parser warned with."""

    def __init__(self, text: str, before: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.before = before

    def told(self, usage: str) -> str:
        """What standard error gets."""
        return f"{self.before}400 {self.text}\n{usage}\n"


class ParametersRefused(CallRefused):
    """The frame of bad parameters: name → why; several come in the order of a hash, that is in any."""

    def __init__(self, errors: dict[str, str], title: str = "Parameter verification failed.") -> None:
        super().__init__(title)
        self.errors = errors

    def told(self, usage: str) -> str:
        """What standard error gets."""
        lines = [f"{name}: {why}\n" for name, why in self.errors.items()]
        random.shuffle(lines)
        return f"400 {self.text}\n{''.join(lines)}{usage}\n"


def refused(name: str, why: str) -> ParametersRefused:
    """One bad parameter."""
    return ParametersRefused({name: why})


def config_missing(node: str, vmid: int | str) -> Died:
    """The words about a guest that this node does not have."""
    return Died(f"Configuration file 'nodes/{node}/lxc/{vmid}.conf' does not exist", 2)


def folded(text: str) -> str:
    """An error of a task on one line, as its status is kept."""
    return " ".join(text.rstrip("\n").split("\n"))
