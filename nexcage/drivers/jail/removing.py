"""Take back what was made for a jail, item by item, each by what the host really has.

Doing it twice does no harm, and so does doing it for what was never made.
"""

import os
import time

from nexcage import log
from nexcage.drivers.jail import looking, points
from nexcage.drivers.jail.made import Made, read
from nexcage.drivers.jail.parse import Mount
from nexcage.drivers.jail.tools import Tools
from nexcage.drivers.jail.translate import argv
from nexcage.errors import NexcageError, StateCorrupt
from nexcage.plan import Act, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TRIES = 5
_PAUSE = 0.05  # seconds; what the last process of a jail held may be let go a moment later
# nothing of the kind is there any more
_DONE = (*looking.GONE, "rule-missing", "devfs-rule-missing", "not-mounted", "resource-missing")
_OUT = ("interface-missing", "interface-moved")


def steps(tools: Tools, made: Made) -> list[Step]:
    """All of delete, in the opposite order of create."""
    found: list[Step] = [
        Act(argv.take_out(name, made.jid), _bound(take_out, tools, made, name))
        for name in reversed(made.interfaces)
    ]
    if made.jid or lives(tools, made):
        found.append(Act(_kill(made.jid), lambda: end(tools, made)))
        found.append(Act(argv.remove(made.jid), lambda: remove(tools, made)))
    found += [Act(argv.remove_alias(*row), _bound(unalias, tools, row)) for row in reversed(made.aliases)]
    found += [Act(argv.umount(one.node), _bound(unmount, tools, one.node)) for one in below(tools, made)]
    if made.limits:
        found.append(Act(argv.unlimit(made.name), lambda: unlimit(tools, made)))
    if made.ruleset:
        found.append(Act(argv.delete_rules(made.ruleset), lambda: unrule(tools, made)))
    if made.points:
        found.append(
            Act([path for path, _ in made.points], lambda: points.remove(made.points), shown="rmdir")
        )
    return found


def _bound(do: "Callable[..., None]", *arguments: object) -> "Callable[[], None]":
    return lambda: do(*arguments)


def everything(tools: Tools, made: Made) -> None:
    """At once; what cannot be taken back is warned of, and the rest goes all the same. Raises the first."""
    failures: list[NexcageError] = []
    for step in steps(tools, made):
        assert isinstance(step, Act)  # noqa: S101
        try:
            step.do()
        except NexcageError as error:
            failures.append(error)
    for failure in failures[1:]:
        log.warning(failure.message, code="undo-failed")
    if failures:
        raise failures[0]


def lives(tools: Tools, made: Made) -> bool:
    """Whether the jail of that number still is the one that we made.

    A create that was killed may not have come to write the number down; the name was free before it.
    """
    if made.jid:
        found = looking.jail(tools, made.jid)
    else:
        found = looking.jail(tools, made.name) if made.claimed else None
    if found is None or (found.name, found.path) != (made.name, made.root):
        return False  # numbers are given again, after a reboot from 1, and names are anybody's
    made.jid = found.jid
    return True


def take_out(tools: Tools, made: Made, interface: str) -> None:
    """Pull an interface out: removed with its jail, it would be lost for a while, or its name."""
    if lives(tools, made):
        _quietly(tools, argv.take_out(interface, made.jid), made.jid, _OUT)


def _kill(jid: int) -> list[str]:
    return ["pkill", "-KILL", "-j", str(jid), "."]


def end(tools: Tools, made: Made) -> None:
    """Kill all processes: jail -R would ask them first, and wait ten seconds."""
    if lives(tools, made):
        _quietly(tools, _kill(made.jid), made.jid)


def remove(tools: Tools, made: Made) -> None:
    """Remove the jail by its number."""
    if lives(tools, made):
        _quietly(tools, argv.remove(made.jid), made.jid)


def gone(tools: Tools, made: Made) -> None:
    """The jail, its processes and interfaces: what a failed create takes back at once."""
    for interface in reversed(made.interfaces):
        take_out(tools, made, interface)
    end(tools, made)
    remove(tools, made)


def unalias(tools: Tools, row: list[str]) -> None:
    """Take an address from its interface, which jail(8) gave it."""
    _quietly(tools, argv.remove_alias(*row), None, ("address-missing", *_OUT))


def below(tools: Tools, made: Made) -> list[Mount]:
    """What is mounted below the jail's root and was not before, the last first; the alias is the last."""
    if not made.root:
        return []
    inside = os.path.realpath(made.root)
    found = [
        one
        for one in reversed(looking.mounts(tools))
        if (one.node.startswith(inside + "/") or (made.alias and one.node == inside))
        and one.node not in made.before
    ]
    unknown = {one.node for one in found} - {inside, *made.targets}
    theirs = _of_others(made, unknown) if unknown else set()
    return [one for one in found if one.node not in theirs]


def _of_others(made: Made, unknown: set[str]) -> set[str]:
    """Those of ``unknown`` that other containers of the same rootfs have mounted in it since, or may have."""
    top, own = os.path.split(made.home)
    theirs: set[str] = set()
    for name in os.listdir(top):
        try:
            other = read(f"{top}/{name}") if name[0] != "@" and name != own else None
        except StateCorrupt:
            return unknown
        theirs.update(other.targets if other else ())
    return unknown & theirs


def unmount(tools: Tools, node: str) -> None:
    """Unmount what lies topmost on ``node``: retried, and forced in the end."""
    for attempt in range(_TRIES):
        done = tools.attempt(argv.umount(node, force=attempt == _TRIES - 1))
        error = tools.judge(done)
        if error is None or error.code in _DONE:
            return
        if error.code != "mount-busy" or attempt == _TRIES - 1:
            raise error
        time.sleep(_PAUSE * attempt)


def unmount_all(tools: Tools, made: Made) -> None:
    """What a failed create has mounted so far; one that cannot be unmounted does not keep the others."""
    failures: list[NexcageError] = []
    for one in below(tools, made):
        try:
            unmount(tools, one.node)
        except NexcageError as error:
            failures.append(error)
    if failures:
        raise failures[0]


def unlimit(tools: Tools, made: Made) -> None:
    """Remove the rules, which outlive a jail and would hold the next one of that name."""
    _quietly(tools, argv.unlimit(made.name), None)


def unrule(tools: Tools, made: Made) -> None:
    """Remove our own rule set."""
    if looking.rules(tools, made.ruleset):
        _quietly(tools, argv.delete_rules(made.ruleset), None)


def _quietly(tools: Tools, words: list[str], jid: int | None, also: tuple[str, ...] = ()) -> None:
    error = tools.judge(tools.attempt(words), jid)
    if error is not None and error.code not in (*_DONE, *also):
        raise error
