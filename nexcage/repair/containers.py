"""Containers between two statuses: a create is undone, a delete finished, a record of nothing goes."""

import os

from nexcage.drivers import LASTING, NAMES, remove_record
from nexcage.errors import CommandFailed, DriverUnavailable, NotFound
from nexcage.host import leftovers
from nexcage.host.execute import execute
from nexcage.plan import Plan
from nexcage.state.store import short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.cli.call import Call
    from nexcage.drivers import Driver
    from nexcage.host.files import Lock
    from nexcage.state.record import Record
    from nexcage.state.store import Store

PATIENCE = 0.5  # seconds for a command that works on a container to come to its end


def locked(store: "Store", container_id: str) -> "Lock":
    """The container's lock; `Locked` at once when a command is at work, `NotFound` when it has gone."""
    return store.lock(container_id, wait=PATIENCE)


def undo(call: "Call", store: "Store", container_id: str) -> None:
    """Take back what a create that was cut short has made."""
    lock = locked(store, container_id)
    try:
        if not os.path.exists(store.home(container_id) + "/record.json"):
            sweep(call, store, container_id)
    finally:
        lock.release()


def sweep(call: "Call", store: "Store", container_id: str) -> None:
    """Remove a container of which there is no record that can be read: any driver may have been told of it.

    The caller holds its lock.
    """
    handle = store.intended(container_id, "handle") or short_name(container_id)
    intended = store.intended(container_id, "driver")
    for name in [intended] if intended in NAMES else NAMES:
        if not call.keeps(store, name):
            continue
        driver = call.driver(name, container_id, store)
        try:
            known = None
            if name in LASTING and not intended:  # it gives names of its own
                known = driver.recall(container_id, store.home(container_id))
            driver.sweep(str(known[0]["handle"]) if known else handle)
        except DriverUnavailable:
            if intended:
                raise
    if intended in ("crun", "runc"):
        since = store.intended(container_id, "time")
        leftovers.remove_cgroup(
            intended, store.intended(container_id, "cgroup") or handle, float(since or "inf")
        )
    remove_record(store, container_id, intended)


def forget(call: "Call", store: "Store", record: "Record") -> None:
    """Remove a record, with all that is left of its container; one that runs stays."""
    for driver in _own(call, store, record):
        state = driver.state(record.handle)
        if state is None or state[0] == "stopped":
            driver.sweep(record.handle)
            remove_record(store, record.id, record.driver)


def drop(call: "Call", store: "Store", record: "Record") -> None:
    """Remove a container that was never started, or has stopped."""
    for driver in _own(call, store, record):
        state = driver.state(record.handle)
        if state is None:
            driver.sweep(record.handle)
            remove_record(store, record.id, record.driver)
        elif state[0] in ("created", "stopped"):
            _delete(store, record, driver)


def delete(call: "Call", store: "Store", record: "Record") -> None:
    """Finish a delete: as ``delete --force``, hooks of the host included."""
    for driver in _own(call, store, record):
        _delete(store, record, driver)


def _delete(store: "Store", record: "Record", driver: "Driver") -> None:
    try:
        execute(Plan("delete", record.id, record.driver, driver.plan_delete(record.handle, forced=True)))
        driver.after("delete", record.handle, store.home(record.id), record.document("stopped", 0))
    except (CommandFailed, NotFound):
        if driver.state(record.handle):
            raise
    driver.sweep(record.handle)
    remove_record(store, record.id, record.driver)


def _own(call: "Call", store: "Store", record: "Record") -> "Iterator[Driver]":
    """The driver, under the container's lock, if the container still is the one of ``record``."""
    lock = locked(store, record.id)
    try:
        if store.read(record.id, locked=True).created == record.created:
            yield call.driver(record.driver, record.id, store)
    finally:
        lock.release()
