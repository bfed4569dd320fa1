"""Where a service listens: what --listen says, and the socket for it."""

import socket

from nexcage import log
from nexcage.errors import NexcageError, UsageError

LOOPBACK = "127.0.0.1"
DEFAULT = f"{LOOPBACK}:9787"
NONE = "none"
_BACKLOG = 32
_TAKES = f'takes ADDRESS:PORT, such as {DEFAULT}, or "{NONE}"'


def parse(text: str) -> tuple[str, int] | None:
    """(numeric address, port) of ``ADDRESS:PORT`` or ``[ADDRESS]:PORT``; None for "none". Or `UsageError`."""
    if text == NONE:
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        raise UsageError(f'option --listen {_TAKES}, not "{text[:64]}"')
    if not host:
        raise UsageError(
            f"--listen {text}: no address is named, and all of them are not meant unless it says so",
            hint=f"--listen {LOOPBACK}:{port} for this host alone, 0.0.0.0:{port} for everybody",
        )
    if host == "localhost":
        return LOOPBACK, int(port)
    bracketed = host[0] == "[" and host[-1] == "]"
    family = socket.AF_INET6 if bracketed else socket.AF_INET
    address = host[1:-1] if bracketed else host
    try:
        packed = socket.inet_pton(family, address)
    except (OSError, ValueError):
        raise UsageError(f'option --listen {_TAKES}, not "{text[:64]}"') from None
    return socket.inet_ntop(family, packed), int(port)


def is_loopback(address: str) -> bool:
    """Whether nobody but this host can reach it."""
    return address == "::1" or address.startswith("127.")


def shown(address: str, port: int) -> str:
    """As in a URL."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def listener(address: str, port: int) -> socket.socket:
    """A socket that listens there and never waits; an error of ours when it cannot be had."""
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        reason = (error.strerror or str(error)).lower()
        raise NexcageError(
            f"cannot listen on {shown(address, port)}: {reason}",
            code="cannot-listen",
            hint="name another address or port with --listen",
        ) from None
    made.setblocking(False)
    if not is_loopback(address):
        log.warning(f"the metrics can be read by whoever reaches {shown(address, made.getsockname()[1])}")
    return made
