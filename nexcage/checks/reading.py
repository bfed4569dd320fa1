"""All records of some stores, whatever their number and state, without a wait for each that is not there."""

import time

from nexcage.checks import Entry
from nexcage.drivers import refuse_foreign
from nexcage.errors import NexcageError, NotFound
from nexcage.host.files import Lock
from nexcage.state.store import SETTLING, being_created

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.state.store import Store


def entries(stores: "list[Store]") -> list[Entry]:
    """In the order of stores and ids. What was just deleted is not among them."""
    found: list[Entry] = []
    for store in stores:
        try:
            ids = store.ids()
        except NexcageError as error:
            found.append(Entry(store, "", None, error))
            continue
        found += filter(None, (_read(store, container_id) for container_id in ids))
    half = [entry for entry in found if _is_half(entry)]
    if half:
        time.sleep(SETTLING)  # once for all: another command may be between two steps
    again = {id(entry): _again(entry) for entry in half}
    return [entry for entry in (again.get(id(one), one) for one in found) if entry is not None]


def _read(store: "Store", container_id: str) -> Entry | None:
    try:
        record = store.read(container_id, locked=True)
        refuse_foreign(store, record)
        return Entry(store, container_id, record, None)
    except NotFound:
        return None
    except NexcageError as error:
        return Entry(store, container_id, None, error)


def _is_half(entry: Entry) -> bool:
    return entry.error is not None and entry.error.code == "container-half-made"


def _again(entry: Entry) -> Entry | None:
    """A second look at what had no record."""
    second = _read(entry.store, entry.id)
    if second is not None and _is_half(second) and Lock(entry.store.home(entry.id) + "/lock").is_held():
        second.error = being_created(entry.id)
    return second
