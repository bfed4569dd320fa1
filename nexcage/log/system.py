"""The journal and syslog as places for log lines: ``journald:ID`` and ``syslog:ID``, as crun has them.

Sources: systemd's "Native Journal Protocol" and RFC 3164 as syslog(3) writes it. Imported only when one
of them was asked for.
"""

import errno
import os
import socket
import sys
import time

from nexcage.jsontext import dumps
from nexcage.log import one_line, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.log import Fields, Sink

FREEBSD = sys.platform.startswith("freebsd")
SOCKETS = {"journald": "/run/systemd/journal/socket", "syslog": "/var/run/log" if FREEBSD else "/dev/log"}
# severities of syslog(3): LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG
SEVERITY = {"error": 3, "warning": 4, "info": 6, "debug": 7}
_USER = 1 << 3  # facility LOG_USER
_MOST = 64 << 10  # of a text, so that a datagram is never too long


def opened(kind: str, identifier: str) -> "Sink":
    """The sink for ``kind`` (journald or syslog), under the name ``identifier``.

    Raises `OSError` with the path of the socket that is not there or listens to nobody.
    """
    path = SOCKETS[kind]
    try:
        connection = _connected(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    send = _journal if kind == "journald" else _syslog

    def sink(level: str, message: str, fields: "Fields", line: str) -> None:
        send(connection, identifier, level, message, fields, line)

    return sink


def _connected(path: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.settimeout(1.0)  # who does not read must not hold the command
    try:
        made.connect(path)
    except OSError as error:
        made.close()
        if error.errno != errno.EPROTOTYPE:  # a syslog that wants a stream
            raise
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(1.0)
        made.connect(path)
    return made


def _journal(to: socket.socket, name: str, level: str, message: str, fields: "Fields", line: str) -> None:
    del line  # the journal has fields instead
    entry = _field("MESSAGE", message) + _field("PRIORITY", str(SEVERITY[level]))
    entry += _field("SYSLOG_IDENTIFIER", name) + _field("SYSLOG_PID", str(os.getpid()))
    for key, value in fields.items():
        word = "".join(c if c.isalnum() and c.isascii() else "_" for c in key.upper())
        entry += _field(f"NEXCAGE_{word}", value if isinstance(value, str) else dumps(value))
    to.sendall(entry)


def _field(name: str, value: str) -> bytes:
    """One field; a value of several lines is given with its length."""
    data = value[:_MOST].encode("utf-8", "backslashreplace")[:_MOST]
    if b"\n" not in data:
        return name.encode() + b"=" + data + b"\n"
    return name.encode() + b"\n" + len(data).to_bytes(8, "little") + data + b"\n"


def _syslog(to: socket.socket, name: str, level: str, message: str, fields: "Fields", line: str) -> None:
    """The time is local and has no year; a line of JSON is sent as it is."""
    text = line if line.startswith("{") else one_line(message) + pairs(fields)
    head = f"<{_USER | SEVERITY[level]}>{time.strftime('%b %e %H:%M:%S')} {name}[{os.getpid()}]: "
    data = (head + text).encode("utf-8", "backslashreplace")[:_MOST]
    to.sendall(data + (b"\0" if to.type == socket.SOCK_STREAM else b""))
