# SPDX-License-Identifier: Apache-2.0
"""How calls end before they are done."""

from __future__ import annotations


class Refused(Exception):
    """A tool gives up: ``text`` on standard error after the tool's name, with this exit status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


class Usage(Exception):
    """Arguments that make a tool print how it is called."""
