"""Locks that somebody holds, and journals that nobody holds any more."""

import os
import time

from nexcage.checks import Entry, Host, Result
from nexcage.checks.told import Teller, is_held, records, status
from nexcage.host import files
from nexcage.repair import journals
from nexcage.state import journal
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 1.0  # seconds for a command that holds a lock, and says nothing of itself, to come to its end
YOUNG = 60.0  # seconds in which nobody thinks that a command hangs


def look(host: Host, tell: Teller) -> "Iterator[Result]":
    """Of containers that have their records."""
    held = [entry for entry, _ in records(host) if is_held(entry) and not _is_young(host, entry)]
    deadline = time.monotonic() + PATIENCE
    while held and time.monotonic() < deadline:
        time.sleep(0.05)
        held = [entry for entry in held if is_held(entry)]
    for entry, _ in records(host):
        for error in _strange(entry.store.home(entry.id)):
            hint = f"remove the container: nexcage delete --force {entry.id}"
            yield tell.fail(str(error), hint, id=entry.id, path=error.filename)
    for entry in held:
        path = f"{entry.store.home(entry.id)}/lock"
        message = f'container "{entry.id}" is locked by another command'
        yield tell.warn(message, f"look who it is, it may hang: fuser {path}", id=entry.id, path=path)
    for entry, record in records(host):
        for found in journals.found(entry.store.home(entry.id)):
            if not is_held(entry) and os.path.lexists(found.path):
                yield _journal(host, tell, entry, record, found)


def _journal(host: Host, tell: Teller, entry: Entry, record: Record, found: journals.Found) -> Result:
    """Of an operation that was cut short."""
    name, hint = entry.id, "finish or undo it: nexcage repair"
    mend = journals.mend(host.call, entry.store, record, found, status(host, entry, record))
    if found.newer:
        message = f"{found.path}: of format {found.newer}, which a newer nexcage has written"
        hint = "finish it with that one: nexcage repair"
    elif mend is None:
        message = f'the run of container "{name}" was cut short, and the container goes on'
        hint = f"stop it: nexcage stop {name}, then nexcage repair"
    elif not found.making or found.intent.get("until"):
        message = f'the {found.verb} of container "{name}" was cut short {found.age()}'
    else:
        message = f'container "{name}" has a journal, though its create has ended'
        hint = f"remove it: rm {found.path}"
    return tell.warn(message, hint, id=name, path=found.path).mended(mend)


def _is_young(host: Host, entry: Entry) -> bool:
    """Whether what is being done with it has begun just now, as its journal says."""
    began = journals.began(entry.store.home(entry.id))
    return began > 0 and host.now - began < YOUNG


def _strange(home: str) -> "Iterator[files.Unusable]":
    """Locks and journals that are no files of ours."""
    for name in ("lock", *journal.names(home)):
        path = f"{home}/{name}"
        try:
            facts = os.lstat(path)
            files.refuse_foreign(path, facts)
            if facts.st_size > journals.LARGEST:
                yield files.Unusable(path, f"is larger than {journals.LARGEST >> 20} mebibytes")
        except FileNotFoundError:
            continue
        except files.Unusable as error:
            yield error
