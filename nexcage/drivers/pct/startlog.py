"""LXC's log of one start: whether the first process ran, how it ended, and why there was none.

The exit status is recorded nowhere else: pct, systemd and LXC's exit status do not have it
(lxc/src/lxc/error.c, lxc_error_set_and_log).
"""

import os
import re

_STARTED = re.compile(r" - Started \"")
_ENDED = re.compile(r"Child <\d+> ended on (error|signal) [^(\n]*\((\d+)\)")
_LARGEST = 16 << 20  # of one start; the end is what counts


class Log:
    """The part of the log that comes after now."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._begin = os.stat(path).st_size if path else 0
        except (OSError, ValueError):
            self._begin = 0

    @classmethod
    def of(cls, conf: str) -> "Log":
        """The log that a container's configuration names."""
        lines = [line[13:].strip() for line in conf.splitlines() if line.startswith("lxc.log.file:")]
        return cls("".join(lines[:1]))

    @classmethod
    def whole(cls, conf: str) -> "Log":
        """The log from its beginning."""
        log = cls.of(conf)
        log._begin = 0
        return log

    def text(self) -> str:
        """What LXC has written since."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (OSError, ValueError):
            return ""
        try:
            size = os.fstat(handle).st_size
            begin = self._begin if self._begin <= size else 0  # somebody has emptied it
            return os.pread(handle, _LARGEST, max(begin, size - _LARGEST)).decode(errors="replace")
        except OSError:
            return ""
        finally:
            os.close(handle)

    def ran(self) -> bool:
        """Whether the first process was started."""
        return _STARTED.search(self.text()) is not None

    def status(self) -> int:
        """Exit status of the first process, 128+n when signal n ended it; LXC is silent about 0."""
        found = _ENDED.findall(self.text())
        if not found:
            return 0
        kind, number = found[-1]
        return int(number) + (128 if kind == "signal" else 0)
