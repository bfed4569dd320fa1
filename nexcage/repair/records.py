"""Records that were lost, written again from what the drivers know of the containers."""

import os

from nexcage import log
from nexcage.drivers import LASTING, NAMES
from nexcage.errors import DriverUnavailable, NexcageError, NotFound
from nexcage.host import files
from nexcage.host.execute import execute
from nexcage.plan import Plan
from nexcage.repair import Mend, containers
from nexcage.state import launch
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.call import Call
    from nexcage.oci.rules import Object
    from nexcage.plan import Step
    from nexcage.state.store import Store

    Known = tuple[str, Object, list[Step]]


def lost(call: "Call", store: "Store", container_id: str) -> Mend | None:
    """What to do about a container without a record: write it again, or undo what cannot be used any more.

    None where no driver knows it, or can tell.
    """
    try:
        known = _known(call, store, container_id)
    except NexcageError as error:
        log.debug(f'container "{container_id}" cannot be asked for: {error.message}')
        return None
    if known is None:
        return None
    if "unusable" in known[1]:
        words = f'remove container "{container_id}": {known[1]["unusable"]}'
        return Mend(words, lambda: _undo(call, store, container_id))
    words = f'write the record of container "{container_id}" again, as {known[0]} knows it'
    return Mend(words, lambda: _write(call, store, container_id))


def _known(call: "Call", store: "Store", container_id: str) -> "Known | None":
    """Which driver has it, the record's fields, and the steps that write what lies beside it."""
    for name in NAMES:
        if not call.keeps(store, name):
            continue
        driver = call.driver(name, container_id, store)
        try:
            if driver.fingerprint() is not None:
                continue
            found = driver.recall(container_id, store.home(container_id))
        except DriverUnavailable:
            continue
        if found is not None:
            return name, *found
    return None


def _write(call: "Call", store: "Store", container_id: str) -> None:
    _make_home(store, container_id)
    lock = containers.locked(store, container_id)
    try:
        if _is_readable(store, container_id):
            return  # somebody was faster
        known = _known(call, store, container_id)
        if known is None:
            raise NotFound(f'container "{container_id}" is gone')
        name, fields, steps = known
        record = Record(**{**_unknown(call, container_id, name), **fields})
        execute(Plan("repair", container_id, name, steps))
        path = store.home(container_id) + "/record.json"
        files.replace(path, record.to_json(), sync=name in LASTING)
        write_launch(call, store, record)
    finally:
        lock.release()


def completion(call: "Call", store: "Store", record: Record) -> Mend | None:
    """What to do about a container that has its record, but not what was to come after it."""
    path = f"{store.home(record.id)}/{launch.NAME}" if record.driver in launch.DRIVERS else ""
    if not path or os.path.lexists(path) or not launch.suits(record, call.text("rootless")):
        return None
    return Mend(f"write {path}", lambda: write_launch(call, store, record))


def write_launch(call: "Call", store: "Store", record: Record) -> None:
    """What the launcher reads, where it can do for the container."""
    if launch.suits(record, call.text("rootless")):
        driver = call.driver(record.driver, record.id, store)
        text = launch.text(driver.program(), store.driver_root(record.driver), record)
        files.replace(f"{store.home(record.id)}/{launch.NAME}", text)


def _unknown(call: "Call", container_id: str, driver: str) -> "Object":
    """What nobody has kept."""
    return {
        "id": container_id,
        "driver": driver,
        "owner": "root" if os.geteuid() == 0 else str(os.geteuid()),
        "boot_id": call.facts.boot_id(),
        "cgroup_manager": call.settings().cgroup_manager,
        "annotations": {},
    }


def _is_readable(store: "Store", container_id: str) -> bool:
    try:
        store.read(container_id, locked=True)
    except NexcageError:
        return False
    return True


def _undo(call: "Call", store: "Store", container_id: str) -> None:
    _make_home(store, container_id)
    lock = containers.locked(store, container_id)
    try:
        known = _known(call, store, container_id)
        if known is not None:
            execute(Plan("repair", container_id, known[0], known[2]))
        containers.sweep(call, store, container_id)
    finally:
        lock.release()


def _make_home(store: "Store", container_id: str) -> None:
    store.prepare()
    if not os.path.isdir(store.home(container_id)):
        os.mkdir(store.home(container_id), 0o700)
