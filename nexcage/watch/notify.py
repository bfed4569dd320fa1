"""Tell systemd how the service does: sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names."""

import os
import time

from nexcage import log


class Notifier:
    """Sends nothing where nobody asked for it; taken out of the environment, since it is meant for us."""

    def __init__(self) -> None:
        self._address = os.environ.pop("NOTIFY_SOCKET", "")

    def ready(self) -> None:
        """The service works, or works again."""
        self._send("READY=1")

    def reloading(self) -> None:
        """It reads its configuration; `ready` follows."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """It is about to end."""
        self._send("STOPPING=1")

    def _send(self, text: str) -> None:
        if not self._address:
            return
        from socket import AF_UNIX, SOCK_DGRAM, socket

        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        try:
            with socket(AF_UNIX, SOCK_DGRAM) as sender:
                sender.settimeout(1)
                sender.sendto(text.encode(), address)
        except OSError as error:
            log.warning(f"cannot notify {self._address}: {(error.strerror or str(error)).lower()}")
