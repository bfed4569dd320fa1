# SPDX-License-Identifier: Apache-2.0
"""A console socket: the runtime sends the terminal's other end here."""

from __future__ import annotations

import os
import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Console:
    """Listen on a Unix socket, receive one terminal, read what it shows and type on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        self.terminal: int | None = None
        self.shown = ""

    def receive(self, seconds: float = 5.0) -> None:
        """Take the terminal, if one comes: a runtime that failed sends none."""
        self.listener.settimeout(seconds)
        with suppress(TimeoutError):
            sender, _ = self.listener.accept()
            with sender:
                _, descriptors, _, _ = socket.recv_fds(sender, 4096, 1)
            if descriptors:
                self.terminal = descriptors[0]

    def read(self) -> str:
        """Return all that the terminal has shown until now."""
        while self.terminal is not None and select.select([self.terminal], [], [], 0)[0]:
            try:
                text = os.read(self.terminal, 4096)
            except OSError:  # EIO: nobody holds the other side any more
                break
            if not text:
                break
            self.shown += text.decode("utf-8", "replace")
        return self.shown

    def type(self, text: str) -> None:
        """Type on the terminal; \\x03 is the interrupt key."""
        if self.terminal is None:
            raise AssertionError("the runtime sent no terminal to the console socket")
        os.write(self.terminal, text.encode())

    def close(self) -> None:
        """Close socket and terminal."""
        self.listener.close()
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None
