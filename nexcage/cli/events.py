"""Print resource usage of a container as JSON lines, at intervals, and each out-of-memory kill.

With --stats once. The lines have runc's form on every driver: type is stats
or oom.
"""

import os
import sys
import time
from select import POLLIN, poll

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.target import find
from nexcage.errors import UsageError
from nexcage.host.cgroup import Cgroups
from nexcage.jsontext import dumps

OPTIONS = (
    Option("stats", "print usage once and end"),
    Option("interval", "time between two lines, such as 5s or 500ms (default 5s)", "DURATION"),
)
OPERANDS = "ID"
EXAMPLES = (
    ("usage of container web now", "nexcage events --stats web"),
    ("every second until it stops", "nexcage events --interval 1s web"),
)
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
OOM_POLL = 0.2


def run(call: Call) -> int:
    """runc's verb; ends when the container does."""
    container_id = call.operand("the container id")
    call.no_more()
    interval = duration(call.text("interval", "5s"))
    target = find(call, container_id)
    pid = target.require("events", "created", "running", "paused")
    if not target.driver.linux:
        target.driver.require_verb("events")
    groups = Cgroups(pid)
    if call.flag("stats"):
        _print("stats", container_id, groups.stats())
        return 0
    try:
        init = os.pidfd_open(pid)
    except ProcessLookupError:
        return 0
    try:
        _watch(container_id, groups, interval, init)
    except KeyboardInterrupt:
        return 0
    finally:
        os.close(init)
    return 0


def _watch(container_id: str, groups: Cgroups, interval: float, init: int) -> None:
    """Print until the process behind the descriptor ``init`` has ended."""
    waiter = poll()
    waiter.register(init, POLLIN)
    kills = groups.oom_kills()
    due = time.monotonic()
    ended = False
    while not ended:
        if time.monotonic() >= due:
            due += interval
            _print("stats", container_id, groups.stats())
        ended = bool(waiter.poll(min(OOM_POLL, interval) * 1000))
        now = groups.oom_kills()
        for _ in range(kills, now):
            _print("oom", container_id, None)
        kills = max(kills, now)


def _print(kind: str, container_id: str, data: object) -> None:
    entry: dict[str, object] = {"type": kind, "id": container_id}
    if data is not None:
        entry["data"] = data
    sys.stdout.write(dumps(entry) + "\n")
    sys.stdout.flush()


def duration(text: str) -> float:
    """Seconds of "5s", "500ms", "1m" or a bare number; `UsageError` when it is none or not above 0."""
    digits = text.rstrip("hms")
    unit = text[len(digits) :] or "s"
    try:
        seconds = float(digits) * UNITS[unit]
    except (KeyError, ValueError):
        raise UsageError(f'--interval takes a duration such as 5s or 500ms, not "{text}"') from None
    if not 0 < seconds < 1e9:
        raise UsageError(f'--interval must be more than 0, not "{text}"')
    return seconds
