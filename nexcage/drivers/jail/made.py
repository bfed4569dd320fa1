"""What a create made, or was about to make: kept beside the record, so that everything can be taken back.

It is written before the first step, with all that is known by then, and again as the number of the jail and
the process are known. Taking back looks at the host for each item, so what was never made does no harm.
"""

import os

from nexcage.errors import StateCorrupt
from nexcage.host import files
from nexcage.jsontext import Malformed, dumps, loads

NAME = "jail.json"
START = "start"  # the FIFO on which the held process waits; gone once it has started
ANSWER = "answer"  # the FIFO on which it answers
PROCESS = "process.json"  # what is held, and what exec starts from
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
        values = {name: value for name, value in vars(self).items() if name != "home"}
        files.replace(f"{self.home}/{NAME}", dumps({"format": _FORMAT, **values}).encode())

    def forget(self) -> None:
        """Nothing is there any more."""
        os.unlink(f"{self.home}/{NAME}")


def read(home: str) -> Made | None:
    """What was kept in ``home``; None when there is nothing, `StateCorrupt` when it cannot be read."""
    path = f"{home}/{NAME}"
    try:
        values = loads(files.read(path, 4 << 20))
    except FileNotFoundError:
        return None
    except (OSError, Malformed) as error:
        raise StateCorrupt(f"{path} cannot be read: {error}") from None
    if not isinstance(values, dict) or values.pop("format", 0) != _FORMAT:
        raise StateCorrupt(f"{path} is of no known format")
    made = Made(home)
    for name, usual in list(vars(made).items()):
        value = values.get(name, usual)
        if type(value) is not type(usual):
            raise StateCorrupt(f"{path}: {name} is of the wrong kind")
        if name != "home":
            setattr(made, name, value)
    return made
