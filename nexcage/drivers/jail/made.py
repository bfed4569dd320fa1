"""What a create made, or was about to make: kept beside the record, so that everything can be taken back.

It is written before the first step, with all that is known by then, and again as the number of the jail and
the process are known. Taking back looks at the host for each item, so what was never made does no harm.
"""

import os
import stat

from nexcage.errors import StateCorrupt, from_os
from nexcage.host import files
from nexcage.jsontext import Malformed, dumps, loads
from nexcage.state.record import check_format
from nexcage.state.store import remove_hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

NAME = "jail.json"
START = "start"  # the FIFO on which the held process waits; gone once it has started
STARTING = "starting"  # its name from the moment on at which somebody starts it
ANSWER = "answer"  # the FIFO on which it answers
PROCESS = "process.json"  # what is held, and what exec starts from
READY, GOING, FAILED = "ready", "going", "failed"  # what it answers
_FORMAT = 1


class Made:
    """``home`` is the record's directory.

    ``claimed``: the name was free, so a jail of that name and root is ours. ``root``: the jail's root
    directory, ``alias`` when it is a read-only alias of the rootfs. ``before``: mount points below it that
    are not ours, ``targets`` those that are. ``points``: mount points that were made (path, is a directory).
    ``ruleset``: number of our own devfs rule set, or 0. ``limits``: whether there are rules of rctl(8).
    ``interfaces``: those that went in. ``aliases``: (interface, family, address). ``hooks``: stage → hooks
    of the host.
    """

    def __init__(self, home: str) -> None:
        self.home = home
        self.name = ""
        self.jid = 0
        self.pid = 0
        self.claimed = False
        self.root = ""
        self.alias = False
        self.before: list[str] = []
        self.targets: list[str] = []
        self.points: list[tuple[str, bool]] = []
        self.ruleset = 0
        self.limits = False
        self.interfaces: list[str] = []
        self.aliases: list[list[str]] = []
        self.hooks: dict[str, list[dict[str, object]]] = {}

    def write(self) -> None:
        """Keep it."""
        files.replace(f"{self.home}/{NAME}", self.text())

    def text(self) -> bytes:
        """What the file says."""
        values = {name: value for name, value in vars(self).items() if name != "home"}
        return dumps({"format": _FORMAT, **values}).encode()

    def forget(self) -> None:
        """Nothing is there any more."""
        os.unlink(f"{self.home}/{NAME}")


def read(home: str) -> Made | None:
    """What was kept in ``home``; None when there is nothing, `StateCorrupt` when it cannot be used."""
    values = load(home, NAME)
    if values is None:
        return None
    check_format(f"{home}/{NAME}", values.pop("format", 0), _FORMAT)
    for name in ("name", "jid", "pid", "root", "claimed"):
        if name not in values:
            raise corrupt(home, NAME, f"$.{name}: missing")
    made = Made(home)
    for name, usual in list(vars(made).items()):
        value = values.get(name, usual)
        if type(value) is not type(usual) or not _fits(name, value):
            raise corrupt(home, NAME, f"$.{name}: of the wrong kind")
        if name != "home":
            setattr(made, name, value)
    made.points = [(path, is_directory) for path, is_directory in made.points]
    return made


def _fits(name: str, value: object) -> bool:
    """Whether the members of a list or an object are such as we write."""
    if name in ("before", "targets", "interfaces"):
        return all(isinstance(one, str) for one in _list(value))
    if name == "points":
        kinds = [[type(part) for part in _list(row)] for row in _list(value)]
        return all(row == [str, bool] for row in kinds)
    if name == "aliases":
        return all(
            len(row := _list(one)) == 3 and all(isinstance(part, str) for part in row) for one in _list(value)
        )
    if name == "hooks":
        stages = value.values() if isinstance(value, dict) else ()
        return all(isinstance(rows, list) and all(isinstance(hook, dict) for hook in rows) for rows in stages)
    return True


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def load(home: str, name: str) -> "Object | None":
    """The object in the file ``name`` of ``home``; None without one, `StateCorrupt` if it is damaged."""
    try:
        facts = os.lstat(home)
        if not stat.S_ISDIR(facts.st_mode):
            return None  # no container has made this, be it a link to the directory of one
        files.refuse_foreign(home, facts, stat.S_IFDIR)
        values = loads(files.read_own(f"{home}/{name}", 4 << 20))
    except FileNotFoundError:
        return None
    except files.Unusable as error:
        raise corrupt(home, name, str(error), path=False) from None
    except OSError as error:
        raise from_os(error, f"cannot read {home}/{name}") from None
    except Malformed as error:
        raise corrupt(home, name, str(error)) from None
    if not isinstance(values, dict):
        raise corrupt(home, name, "not an object")
    return values


def corrupt(home: str, name: str, what: str, *, path: bool = True) -> StateCorrupt:
    """The error for a file of a container that cannot be used."""
    told = f"{home}/{name}: {what}" if path else what
    return StateCorrupt(told, hint=remove_hint(os.path.basename(home)))
