"""LXC's log of one start: whether the first process ran, how it ended, and why there was none.

The exit status is recorded nowhere else: pct, systemd and LXC's exit status do not have it
(lxc/src/lxc/error.c, lxc_error_set_and_log).
"""

import os
import re

from nexcage.host import files

_STARTED = re.compile(r" - Started \"")
_ENDED = re.compile(r"Child <\d+> ended on (error|signal) \((\d+)\)")
_LARGEST = 64 << 20


class Log:
    """The part of the log that comes after now."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._begin = os.stat(path).st_size if path else 0
        except OSError:
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
            return (
                files.read(self.path, _LARGEST)[self._begin :].decode(errors="replace") if self.path else ""
            )
        except OSError:
            return ""

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
