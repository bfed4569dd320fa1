"""What checks of many containers have in common: what is wrong is told one by one, what is right once."""

from nexcage.checks import Result
from nexcage.errors import NexcageError, StateCorrupt
from nexcage.host.files import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nexcage.checks import Entry, Host
    from nexcage.state.record import Record

    Ours = list[tuple[Entry, Record]]


class Teller:
    """Makes the results that one aspect, ``name`` of ``group``, has."""

    def __init__(self, group: str, name: str) -> None:
        self.group = group
        self.name = name

    def fail(self, message: str, hint: str, **data: object) -> Result:
        """Something is broken."""
        return Result(self.group, self.name, "fail", message, hint, data)

    def warn(self, message: str, hint: str, **data: object) -> Result:
        """Something is not as it should be, and works."""
        return Result(self.group, self.name, "warn", message, hint, data)

    def all(self, wrong: "Iterable[Result]", good: "Callable[[], str]") -> "Iterator[Result]":
        """What is ``wrong``; where nothing is, the sentence that says so."""
        right = True
        try:
            for result in wrong:
                right = False
                yield result
        except NexcageError as error:  # the other aspects are looked at all the same
            right = False
            yield self.fail(error.message, error.hint, code=error.code)
        if right:
            yield Result(self.group, self.name, "pass", good())


def records(host: "Host") -> "Ours":
    """The entries whose record can be read, with it."""
    return [(entry, entry.record) for entry in host.entries() if entry.record is not None]


def lives(host: "Host", record: "Record") -> bool:
    """Whether its container can still be there: it survives boots, or it is of this one."""
    from nexcage.drivers import may_live

    return may_live(record, host.facts.boot_id())


def status(host: "Host", entry: "Entry", record: "Record") -> str:
    """What the driver says of a container; "unknown" where it says nothing, and nobody else can tell."""
    if not lives(host, record):
        return "stopped"
    try:
        states = host.states(record.driver, entry.store)
        if record.handle not in states and damage(host, entry, record):
            return "unknown"
        return states.get(record.handle, ("stopped", 0))[0]
    except NexcageError:
        return "unknown"


def damage(host: "Host", entry: "Entry", record: "Record") -> StateCorrupt | None:
    """What is wrong with the files that the driver keeps of a container, once its states were asked for."""
    try:
        host.driver(record.driver, entry.store).details(record.handle, record.id)
    except StateCorrupt as error:
        return error
    return None


def counted(number: int, noun: str) -> str:
    """ "1 record", "3 records"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def is_held(entry: "Entry") -> bool:
    """Whether a command works on the container now."""
    return Lock(f"{entry.store.home(entry.id)}/lock").is_held()
