"""Operations that were cut short, by the journal that they left."""

import os
import time

from nexcage.errors import Locked, NexcageError
from nexcage.host import files
from nexcage.host.execute import execute
from nexcage.jsontext import Malformed, loads
from nexcage.plan import Plan, Write
from nexcage.repair import Mend, containers, records
from nexcage.state.journal import FORMAT, MAKING, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.cli.call import Call
    from nexcage.drivers import Driver
    from nexcage.oci.rules import Object
    from nexcage.plan import Step
    from nexcage.state.record import Record
    from nexcage.state.store import Store

LARGEST = 16 << 20  # bytes
LIVING = ("created", "running", "paused")


class Found:
    """A journal that nobody holds.

    ``intent`` as it was written, {} if that was cut short too; ``begun`` is the number of steps that were;
    ``newer`` the format, where that is one that a later nexcage writes.
    """

    def __init__(self, path: str, intent: "Object", begun: int) -> None:
        self.path = path
        self.verb = os.path.basename(path).partition("-")[2] or str(intent.get("verb", "create"))
        self.making = os.path.basename(path) == MAKING
        self.intent = intent
        self.begun = begun
        told = intent.get("format")
        self.newer = told if isinstance(told, int) and told > FORMAT else 0

    def age(self) -> str:
        """For people: "3 h ago"."""
        try:
            seconds = max(0.0, time.time() - os.stat(self.path).st_mtime)
        except OSError:
            return "just now"
        for unit, name in ((86400, "days"), (3600, "h"), (60, "min")):
            if seconds >= 2 * unit:
                return f"{int(seconds / unit)} {name} ago"
        return f"{int(seconds)} s ago"


def found(home: str) -> "Iterator[Found]":
    """The journals in a container's directory whose writers have gone."""
    for name in names(home):
        path = f"{home}/{name}"
        try:
            if not files.Lock(path).is_held():
                yield Found(path, *_read(path))
        except files.Unusable:
            continue  # no file of ours, which the check of locks tells
        except FileNotFoundError:
            continue  # its command has ended meanwhile


def began(home: str) -> float:
    """When the last command began that has written a journal there; seconds since the epoch, or 0."""
    latest = 0.0
    for name in names(home):
        try:
            latest = max(latest, float(_read(f"{home}/{name}")[0].get("time") or 0))
        except (OSError, ValueError, TypeError):
            continue  # it has just ended, or is none of ours
    return latest


def _read(path: str) -> "tuple[Object, int]":
    first, *rest = files.read_own(path, LARGEST).split(b"\n")
    try:
        intent = loads(first)
    except Malformed:
        return {}, 0
    return (intent, sum(map(bytes.isdigit, rest))) if isinstance(intent, dict) else ({}, 0)


def mend(call: "Call", store: "Store", record: "Record", journal: Found, status: str) -> Mend | None:
    """What to do about it; None while the container of a killed run lives, and for one of a newer nexcage."""
    name = record.id
    if journal.newer:
        return None
    if journal.making:
        return _of_making(call, store, record, journal, status)
    # one that runs has not been touched (crun freezes what it kills); but jails go in many steps
    is_touched = status != "running" or record.driver == "jail"
    if journal.verb == "delete" and journal.begun and is_touched:
        return Mend(
            f'delete container "{name}", as was begun {journal.age()}',
            lambda: containers.delete(call, store, record),
        )
    is_there = status not in LIVING or journal.verb in _THERE[status]
    if journal.verb in _AGAIN and journal.begun and not is_there:
        return Mend(
            f'{_AGAIN[journal.verb]} container "{name}", as was begun {journal.age()}',
            lambda: _again(call, store, record, journal),
        )
    return Mend(f"remove {journal.path}", lambda: _drop(store, name, journal.path))


def _of_making(call: "Call", store: "Store", record: "Record", journal: Found, status: str) -> Mend | None:
    until = journal.intent.get("until")
    if (until and status == "created") or (until == "end" and status not in LIVING):
        return Mend(
            f'remove container "{record.id}", whose run was cut short',
            lambda: containers.drop(call, store, record),
        )
    if until == "end":
        return records.completion(call, store, record)
    words = f'finish the {journal.verb} of container "{record.id}"'
    return Mend(words, lambda: _finish(call, store, record, journal))


# what is done again, in words; and by which status it can be seen that it has been done
_AGAIN = {"update": "set the limits of", "stop": "stop", "pause": "pause", "resume": "resume"}
_THERE = {"created": ("stop", "pause", "resume"), "running": ("resume",), "paused": ("pause",)}


def _again(call: "Call", store: "Store", record: "Record", journal: Found) -> None:
    lock = containers.locked(store, record.id)
    steps: list[Step] = []
    try:
        if not os.path.lexists(journal.path):
            return  # somebody has done it
        steps = _steps(call.driver(record.driver, record.id, store), store, record, journal)
        execute(Plan(journal.verb, record.id, record.driver, steps))
        os.unlink(journal.path)
    finally:
        for step in steps:
            if isinstance(step, Write) and os.path.lexists(step.path):
                os.unlink(step.path)
        lock.release()


def _steps(driver: "Driver", store: "Store", record: "Record", journal: Found) -> "list[Step]":
    intent, handle = journal.intent, record.handle
    if journal.verb == "update":
        limits, options = intent.get("limits"), intent.get("options")
        if not (isinstance(limits, dict) and isinstance(options, dict)):
            raise NexcageError(f"{journal.path} does not say which limits", code="journal-invalid")
        return driver.plan_update(handle, limits, options, store.home(record.id))
    if journal.verb == "stop":
        seconds = intent.get("seconds")
        return driver.plan_stop(handle, seconds if isinstance(seconds, int) else 10)
    return [driver.plan_verb(journal.verb, handle, [], [])]


def _finish(call: "Call", store: "Store", record: "Record", journal: Found) -> None:
    """All is made once there is a record; what comes after it is written, and the journal goes."""
    lock = containers.locked(store, record.id)
    try:
        if os.path.lexists(journal.path):
            records.write_launch(call, store, record)
            os.unlink(journal.path)
    finally:
        lock.release()


def _drop(store: "Store", container_id: str, path: str) -> None:
    lock = containers.locked(store, container_id)
    try:
        if os.path.lexists(path):
            if files.Lock(path).is_held():
                raise Locked(f'container "{container_id}" is in use by another command')
            os.unlink(path)
    finally:
        lock.release()
