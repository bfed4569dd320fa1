"""state: every record can be read, its container is there, and nothing else of ours lies about.

Drivers are asked once for all their containers; what is asked for each is files.
"""

import os
import stat
import time

from nexcage.checks import Entry, Host, Result, left
from nexcage.checks.told import Teller, counted, damage, is_held, lives, records
from nexcage.drivers import NAMES
from nexcage.errors import NexcageError, StateCorrupt
from nexcage.host import files
from nexcage.repair import Mend, containers, starts
from nexcage.repair import left as leavings
from nexcage.repair.records import lost
from nexcage.state import launch
from nexcage.state.journal import MAKING
from nexcage.state.record import NEWER, Record
from nexcage.state.store import SETTLING, Store, short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from nexcage.checks.told import Ours

    Known = dict[tuple[str, str], list[str]]

OCI = ("crun", "runc")
_MAKING = "container-creating"
_MENDABLE = ("container-half-made", "state-corrupt")


def check(host: Host) -> "Iterator[Result]":
    """Records, containers, and what is left of either."""
    before = _kept(host)  # before the records: whatever is made from here on is in neither
    tell = Teller("state", "records")
    yield from tell.all(_records(host, tell), lambda: f"{counted(len(records(host)), 'record')} can be read")
    tell = Teller("state", "containers")
    yield from tell.all(
        _containers(host, tell), lambda: f"{counted(len(records(host)), 'container')} as recorded"
    )
    tell = Teller("state", "orphans")
    yield from tell.all(_orphans(host, tell, before), lambda: "no container is without a record")
    yield from left.check(host)


# -- records


def _records(host: Host, tell: Teller) -> "Iterator[Result]":
    for entry in host.entries():
        error = entry.error
        if error is None:
            yield from _foreign(entry, tell)
        elif not entry.id:
            yield tell.fail(error.message, error.hint, root=entry.store.root, code=error.code)
        elif error.code != _MAKING and _is_there(entry.store.home(entry.id)):
            hint = error.hint if error.code == NEWER else f"look what is there: {entry.store.home(entry.id)}"
            if isinstance(error, StateCorrupt) and error.code != NEWER:
                hint = f"remove the container: nexcage delete --force {entry.id}"
            yield tell.fail(error.message, hint, id=entry.id, code=error.code).mended(
                _unreadable(host, entry)
            )
    for store in host.stores:
        yield from _strangers(store, tell)


def _unreadable(host: Host, entry: Entry) -> Mend | None:
    """A create that was cut short has a journal, a container whose record was lost has its driver."""
    store, name, home = entry.store, entry.id, entry.store.home(entry.id)
    if entry.error is None or entry.error.code not in _MENDABLE:
        return None
    if entry.error.code == "container-half-made" and os.path.lexists(f"{home}/{MAKING}"):
        words = f'undo the create of container "{name}", which was cut short'
        return Mend(words, lambda: containers.undo(host.call, store, name))
    again = lost(host.call, store, name)
    if again is None and entry.error.code == "container-half-made":
        return Mend(
            f"remove {home}, of which no driver knows", lambda: containers.undo(host.call, store, name)
        )
    return again


def _foreign(entry: Entry, tell: Teller) -> "Iterator[Result]":
    """A record that somebody else has put there, or of a driver that nobody knows."""
    home = entry.store.home(entry.id)
    hint = f"remove the container: nexcage delete --force {entry.id}"
    for path in (home, f"{home}/record.json"):
        try:
            facts = os.lstat(path)
        except FileNotFoundError:
            return  # deleted meanwhile
        if stat.S_ISLNK(facts.st_mode):
            yield tell.fail(f"{path} is a symbolic link", hint, id=entry.id, path=path)
        elif facts.st_uid not in (0, os.geteuid()):
            yield tell.fail(f"{path} belongs to user {facts.st_uid}", hint, id=entry.id, path=path)
    if entry.record is not None and entry.record.driver not in NAMES:
        message = f'{home}/record.json: there is no driver "{entry.record.driver}"'
        yield tell.fail(message, "use the nexcage that has made it", id=entry.id)


def _is_there(home: str) -> bool:
    """Whether a container has, or had, its directory there: a file is told of as no container's."""
    try:
        return not stat.S_ISREG(os.lstat(home).st_mode)
    except FileNotFoundError:
        return False  # deleted meanwhile


def _strangers(store: Store, tell: Teller) -> "Iterator[Result]":
    """What lies among the directories of containers and is none."""
    try:
        with os.scandir(store.root) as found:
            strange = sorted(
                entry.path
                for entry in found
                if entry.name[0] not in "@." and entry.is_file(follow_symlinks=False)
            )
    except OSError:
        return  # absent, or told of above
    for path in strange:
        yield tell.warn(f"{path} is no directory of a container", f"remove it: rm {path}", path=path)


# -- containers


def _containers(host: Host, tell: Teller) -> "Iterator[Result]":
    groups: dict[tuple[str, str], Ours] = {}
    for entry, record in records(host):
        if record.driver in NAMES and lives(host, record):
            groups.setdefault((entry.store.root, record.driver), []).append((entry, record))
        yield from _launch(entry, record, tell)
    for (_, name), group in groups.items():
        store = group[0][0].store
        try:
            host.states(name, store)
        except NexcageError as error:
            message = f"{name} cannot tell of {counted(len(group), 'container')}: {error.message}"
            hint = error.hint or "see what it lacks: nexcage check drivers"
            yield tell.fail(message, hint, driver=name, code=error.code)
            continue
        yield from _settled(_COMPARED[name](host, store, group, tell))


def _settled(found: "Iterable[tuple[Entry, Result]]") -> "Iterator[Result]":
    """Without those that a command is just making or removing: it holds the lock, or has been faster."""
    suspects = list(found)
    if suspects:
        time.sleep(SETTLING)
    for entry, result in suspects:
        if not is_held(entry) and os.path.exists(f"{entry.store.home(entry.id)}/record.json"):
            yield result


def _of_oci(host: Host, store: Store, group: "Ours", tell: Teller) -> "Iterator[tuple[Entry, Result]]":
    name = group[0][1].driver
    states = host.states(name, store)
    missing = [(entry, record) for entry, record in group if record.handle not in states]
    if missing:  # a run in the foreground has its record before its container
        time.sleep(SETTLING)
        states = host.driver(name, store).states()
    yield from _half_started(group, states, tell)
    for entry, record in missing:
        error = damage(host, entry, record)
        if error is not None:
            yield entry, tell.fail(error.message, error.hint, id=record.id, code=error.code)
        elif record.handle not in states:
            why = f"{name} does not know it"
            yield entry, gone(tell, record, why).mended(_forgetting(host, entry, record))


def _half_started(
    group: "Ours", states: dict[str, tuple[str, int]], tell: Teller
) -> "Iterator[tuple[Entry, Result]]":
    def look(entry: Entry, record: Record) -> Mend | None:
        if record.driver == "jail":
            return starts.of_jail(entry.store.home(entry.id), entry.id)
        state = f"{entry.store.driver_root(record.driver)}/{record.handle}"
        return starts.half(record.driver, state, entry.id, *states.get(record.handle, ("", 0)))

    suspects = [(entry, record) for entry, record in group if look(entry, record)]
    if suspects:
        time.sleep(SETTLING)  # a start may be between the two just now
    for entry, record in suspects:
        mend = look(entry, record)
        if mend:
            message = f'the start of container "{entry.id}" was cut short'
            yield entry, tell.fail(message, "finish it: nexcage repair", id=entry.id).mended(mend)


def _of_pct(host: Host, store: Store, group: "Ours", tell: Teller) -> "Iterator[tuple[Entry, Result]]":  # noqa: ARG001
    from nexcage.checks import state_pct

    for entry, record in group:
        for result in state_pct.container(record, tell):
            gone = result.status == "fail"
            yield entry, result.mended(_forgetting(host, entry, record) if gone else None)


def _of_jail(host: Host, store: Store, group: "Ours", tell: Teller) -> "Iterator[tuple[Entry, Result]]":  # noqa: ARG001
    from nexcage.checks import state_jail

    for entry, record in group:
        for result in state_jail.container(host, entry, record, tell):
            yield entry, result.mended(_forgetting(host, entry, record))
    yield from _half_started(group, {}, tell)


_COMPARED = {"crun": _of_oci, "runc": _of_oci, "pct": _of_pct, "jail": _of_jail}


def _forgetting(host: Host, entry: Entry, record: Record) -> Mend:
    """The removal of a record whose container is gone."""
    words = f'remove the record of container "{record.id}"'
    return Mend(words, lambda: containers.forget(host.call, entry.store, record))


def gone(tell: Teller, record: Record, why: str) -> Result:
    """The failure for a record that has no container any more."""
    hint = f"remove its record: nexcage delete {record.id}"
    return tell.fail(f'container "{record.id}" is gone: {why}', hint, id=record.id, driver=record.driver)


def _launch(entry: Entry, record: Record, tell: Teller) -> "Iterator[Result]":
    """The launcher answers from a file of its own, which must say the same as the record."""
    path = f"{entry.store.home(entry.id)}/{launch.NAME}"
    try:
        said = files.read_own(path, 4 << 20).decode(errors="replace").split("\n", 1)
    except FileNotFoundError:
        return  # not every container has one
    except OSError as error:
        said = ["", (error.strerror or str(error)).lower()]
    wanted = launch.facts(entry.store.driver_root(record.driver), record)
    if said[1:] != [wanted] and _is_same(entry, record):
        message = f'container "{record.id}": {path} does not say what its record says'
        hint = f"remove it, nexcage does without: rm {path}"
        yield tell.fail(message, hint, id=record.id, path=path).mended(leavings.removal(path))


def _is_same(entry: Entry, record: Record) -> bool:
    """Whether the container has not been deleted and made again since its record was read."""
    try:
        return entry.store.read(entry.id).created == record.created
    except NexcageError:
        return False


# -- containers without a record


def _kept(host: Host) -> "Known":
    """What crun and runc have below the stores: (root, driver) → their names of containers."""
    found: Known = {}
    for store in host.stores:
        for name in OCI:
            try:
                with os.scandir(store.driver_root(name)) as entries:
                    found[store.root, name] = sorted(
                        e.name for e in entries if e.name[0] != "." and e.is_dir(follow_symlinks=False)
                    )
            except OSError:
                continue  # never used here
    return found


def _orphans(host: Host, tell: Teller, before: "Known") -> "Iterator[Result]":
    ours: set[tuple[str, str, str]] = set()
    for entry in host.entries():
        if entry.record is not None:
            ours.add((entry.store.root, entry.record.driver, entry.record.handle))
        elif entry.id:
            handle = entry.store.intended(entry.id, "handle")
            ours.update((entry.store.root, name, handle or short_name(entry.id)) for name in NAMES)
    homes = {entry.store.home(entry.id) for entry in host.entries()}
    for (root, name), kept in before.items():
        for handle in kept:
            home = f"{root}/{handle}"
            made_since = home not in homes and os.path.lexists(home)
            if (root, name, handle) in ours or made_since or not os.path.isdir(f"{root}/@{name}/{handle}"):
                continue
            message = f'{name} has the container "{handle}" in {root}, of which there is no record'
            hint = f"remove it: {name} --root {root}/@{name} delete --force {handle}"
            found = tell.fail(message, hint, driver=name, handle=handle, root=root)
            yield found.mended(lost(host.call, Store(root), handle))
    for module in _others(host):
        yield from module.orphans(host, tell)


def _others(host: Host) -> "Iterator[ModuleType]":
    """What looks at Proxmox VE and at jails, where they can be used."""
    from importlib import import_module

    for name in ("pct", "jail"):
        if host.driver(name).fingerprint() is None:
            yield import_module(f"nexcage.checks.state_{name}")
