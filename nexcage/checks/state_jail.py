"""Jails, rule sets and limits of a FreeBSD host: each listed once, whatever the number of containers."""

import os

from nexcage.checks import Entry, Host, Result
from nexcage.checks.told import Teller
from nexcage.drivers.jail import made as kept
from nexcage.drivers.jail import parse
from nexcage.drivers.jail.made import Made
from nexcage.drivers.jail.recalling import mark_of
from nexcage.drivers.jail.tools import path
from nexcage.drivers.jail.translate.devices import OURS
from nexcage.errors import StateCorrupt
from nexcage.host import files
from nexcage.repair import left
from nexcage.repair.records import lost
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ASKED = ("-n", "--libxo", "json", "jid", "name", "path", "dying")
_PRESETS = "/etc/rctl.conf"  # of somebody's, for jails that may be about to start: rctl.conf(5)


def jails(host: Host) -> list[parse.Jail]:
    """All that live; before FreeBSD 15 jails have no ``meta``."""
    done = host.ask(path("jls"), *_ASKED, "meta")
    return parse.jails((host.ask(path("jls"), *_ASKED) if done.status else done).stdout)


def container(host: Host, entry: Entry, record: Record, tell: Teller) -> "Iterator[Result]":
    """Whether the jail that was made for it is there."""
    home = entry.store.home(entry.id)
    why = "nothing says what was made for it"
    made: Made | None = None
    try:
        made = kept.read(home)
    except StateCorrupt as error:
        why = error.message
    if made is not None:
        if any((one.jid, one.name, one.path) == (made.jid, made.name, made.root) for one in jails(host)):
            return
        why = f'jail "{made.name}" does not exist'
    if os.path.exists(f"{home}/record.json"):
        hint = f"remove its record: nexcage delete --force {record.id}"
        yield tell.fail(f'container "{record.id}" is gone: {why}', hint, id=record.id, driver="jail")


def orphans(host: Host, tell: Teller) -> "Iterator[Result]":
    """Jails that bear our mark, or have their root in a store, without a record."""
    ours = {made.name for made in _made(host)}
    store = host.call.store_for("jail")
    for jail in jails(host):
        name = mark_of(jail).get("nexcage", "")
        inside = jail.path.startswith(f"{store.root}/")
        if jail.name in ours or not (name or inside) or (name and os.path.lexists(store.home(name))):
            continue
        told: dict[str, object] = {"id": name, "driver": "jail", "jid": jail.jid}
        what = f'bears the mark of container "{name}"' if name else f"has its root in {jail.path}"
        message = f'jail "{jail.name}" (JID {jail.jid}) {what}, of which {store.root} has no record'
        found = tell.warn(message, f"if nobody needs it: jail -R {jail.jid}", **told)
        yield found.mended(lost(host.call, store, name) if name else None)


def _made(host: Host) -> list[Made]:
    """What creates had made when the records were read, also those that were cut short."""
    return _read(entry.store.home(entry.id) for entry in host.entries() if entry.id)


def _made_since(host: Host) -> list[Made]:
    """What they have made by now: somebody may have been at work meanwhile."""
    return _read(store.home(name) for store in host.stores for name in store.ids())


def _read(homes: "Iterable[str]") -> list[Made]:
    found = []
    for home in homes:
        try:
            made = kept.read(home)
        except StateCorrupt:
            continue  # told of among the containers
        if made is not None:
            found.append(made)
    return found


def rules(host: Host, tell: Teller) -> "Iterator[Result]":
    """Rule sets of /dev from our range, and limits, that no container and no jail has."""
    numbers = host.ask(path("devfs"), "rule", "showsets").stdout.split()
    limits = host.ask(path("rctl")).stdout.splitlines()
    living = {jail.name for jail in jails(host)}
    made = _made(host) + _made_since(host)
    sets = {one.ruleset for one in made}
    only = not host.call.root()  # with another root there are containers that we do not see
    for word in numbers:
        if word.isdecimal() and int(word) in OURS and int(word) not in sets:
            message = f"devfs rule set {word} belongs to no container"
            found = tell.warn(message, f"remove it: devfs rule -s {word} delset", ruleset=int(word))
            argv = [path("devfs"), "rule", "-s", word, "delset"]
            yield found.mended(left.running(argv) if only else None)
    limited = {line.split(":")[1] for line in limits if line.startswith("jail:")}
    for name in sorted(limited - {one.name for one in made} - living - _preset()):
        message = f'there are limits for jail "{name}", which does not exist'
        yield tell.warn(message, f"remove them: rctl -r jail:{name}", jail=name)


def _preset() -> set[str]:
    try:
        lines = files.read(_PRESETS, 1 << 20).decode(errors="replace").splitlines()
    except OSError:
        return set()
    return {line.strip().split(":")[1] for line in lines if line.strip().startswith("jail:")}


def points(host: Host) -> list[str]:
    """Where something is mounted; before 14 mount(8) has no JSON."""
    done = host.ask(path("mount"), "--libxo", "json")
    if done.status:
        return [one.node for one in parse.mount_lines(host.ask(path("mount"), "-p").stdout)]
    return [one.node for one in parse.mounts(done.stdout)]
