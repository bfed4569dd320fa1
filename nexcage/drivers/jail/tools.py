"""Calls of FreeBSD's own tools: each is bounded in time and judged by what it says."""

import os

from nexcage.errors import DriverUnavailable, NexcageError
from nexcage.host import process

PATIENCE = 60.0  # seconds for one call: jail(8) waits 10 for processes, and a disk may be slow
# where the base system has them; cron and rc give services a PATH without sbin
_PLACES = "/sbin:/bin:/usr/sbin:/usr/bin"


def path(name: str) -> str:
    """Where the tool is; `DriverUnavailable` where this is no FreeBSD."""
    found = process.which(name, ":".join(filter(None, (os.environ.get("PATH"), _PLACES))))
    if not found:
        raise DriverUnavailable(
            f"{name} is not installed: this is no FreeBSD host",
            hint="run nexcage on FreeBSD, or choose another driver: --runtime crun",
        )
    return found


def is_here() -> bool:
    """Whether this is FreeBSD, as far as its tools tell."""
    try:
        return bool(path("jail") and path("jls"))
    except DriverUnavailable:
        return False


class Tools:
    """The tools, called for the container ``container_id`` ("" for none)."""

    def __init__(self, container_id: str = "") -> None:
        self.container = container_id

    def run(self, argv: list[str], jid: int | None = None) -> process.Completed:
        """Call one; raise the error that it ended with."""
        done = self.attempt(argv)
        error = self.judge(done, jid)
        if error is not None:
            raise error
        return done

    def attempt(self, argv: list[str]) -> process.Completed:
        """Call one, whatever comes of it."""
        return process.run([path(argv[0]), *argv[1:]], timeout=PATIENCE)

    def ask(self, *argv: str) -> str:
        """The output of one that only reads."""
        return self.run(list(argv)).stdout

    def judge(self, done: process.Completed, jid: int | None = None) -> NexcageError | None:
        """The error in what a tool said; None when it succeeded."""
        if not done.status:
            return None
        from nexcage.drivers.jail.errors import classify

        tool = os.path.basename(done.argv[0])
        return classify(
            tool, done.argv, done.status, done.stdout, done.stderr, id=self.container, jid=jid or None
        )
