"""What is right and what is wrong on this host and with what nexcage keeps: one module a group.

Every module has ``check(host)``, which yields a `Result` for each thing that it has looked at. Nothing is
changed. A tool of Proxmox VE or FreeBSD is called once for all containers, never once for each.
"""

import time

from nexcage.errors import NexcageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from nexcage.cli.call import Call
    from nexcage.config import Config
    from nexcage.drivers import Driver
    from nexcage.host.process import Completed
    from nexcage.repair import Mend
    from nexcage.state.record import Record
    from nexcage.state.store import Store

GROUPS = ("drivers", "storage", "network", "config", "state", "bundles", "resources", "security")
STATUSES = ("pass", "warn", "fail")  # from the best to the worst
PATIENCE = 60.0  # seconds for one tool of the host


class Result:
    """One thing that was looked at: ``name`` within its ``group``, and what came of it.

    ``status`` is one of `STATUSES`; ``message`` one line in lower case that names the thing; ``hint``
    one action; ``data`` numbers and paths for programs; ``mend`` what `repair` can do about it.
    """

    __slots__ = ("data", "group", "hint", "mend", "message", "name", "status")

    def __init__(
        self,
        group: str,
        name: str,
        status: str,
        message: str,
        hint: str = "",
        data: "dict[str, object] | None" = None,
    ) -> None:
        if status not in STATUSES:
            raise ValueError(f"no status of a check: {status}")
        self.group = group
        self.name = name
        self.status = status
        self.message = message
        self.hint = hint
        self.data = data or {}
        self.mend: Mend | None = None

    def mended(self, mend: "Mend | None") -> "Result":
        """It, with what `repair` can do about it."""
        self.mend = mend
        return self

    def document(self) -> dict[str, object]:
        """It as JSON."""
        values = {
            name: getattr(self, name) for name in ("group", "name", "status", "message", "hint", "data")
        }
        return {**values, "repair": self.mend.words if self.mend else ""}


class Entry:
    """One directory of a store: its ``record``, or the ``error`` that says why it cannot be read."""

    __slots__ = ("error", "id", "record", "store")

    def __init__(
        self, store: "Store", container_id: str, record: "Record | None", error: NexcageError | None
    ) -> None:
        self.store = store
        self.id = container_id
        self.record = record
        self.error = error


class Host:
    """What checks ask; each is found out when it is first asked for, and then kept.

    ``deep``: what takes time is wanted too. ``now`` is when this began, in seconds since the epoch.
    """

    def __init__(self, call: "Call", *, deep: bool = False) -> None:
        self.call = call
        self.deep = deep
        self.now = time.time()
        self.facts = call.facts
        call.reload()  # a service looks again and again
        self._config: Config | NexcageError
        try:
            self._config = call.config()
        except NexcageError as error:  # the group config tells; the others look at the usual places
            self._config = error
            call.reload(ignoring=True)
        self.stores = call.stores()
        self._drivers: dict[tuple[str, str], Driver] = {}
        self._states: dict[tuple[str, str], dict[str, tuple[str, int]] | NexcageError] = {}
        self._said: dict[tuple[str, ...], Completed] = {}
        self._entries: list[Entry] | None = None

    def config(self) -> "Config":
        """nexcage's own configuration; `InvalidConfig` each time when it cannot be used."""
        if isinstance(self._config, NexcageError):
            raise self._config
        return self._config

    def config_file(self) -> str:
        """The path of the file in use, usable or not; "" when there is none."""
        from nexcage.config import file_in_use

        return file_in_use(self.call.config_path())

    def driver(self, name: str, store: "Store | None" = None) -> "Driver":
        """The driver of a name for a store, where its containers are kept if none is given; made once."""
        store = store or self.call.store_for(name)
        key = (name, store.root)
        if key not in self._drivers:
            self._drivers[key] = self.call.driver(name, store=store)
        return self._drivers[key]

    def drivers(self) -> "list[Driver]":
        """All of them, each made once, usable or not."""
        from nexcage.drivers import NAMES

        return [self.driver(name) for name in NAMES]

    def states(self, name: str, store: "Store") -> dict[str, tuple[str, int]]:
        """Handle → (status, pid) of a driver's containers in a store, asked once; its error each time."""
        key = (name, store.root)
        if key not in self._states:
            try:
                self._states[key] = self.driver(name, store).states()
            except NexcageError as error:
                self._states[key] = error
        found = self._states[key]
        if isinstance(found, NexcageError):
            raise found
        return found

    def entries(self) -> list[Entry]:
        """What lies in the stores, read once; what another command is just making is in it with its error.

        A store that cannot be listed is one entry without an id.
        """
        if self._entries is None:
            from nexcage.checks.reading import entries

            self._entries = entries(self.stores)
        return self._entries

    def ask(self, *argv: str) -> "Completed":
        """What a program of the host that only reads has said, run once however often it is asked.

        ``argv[0]`` is a path (`process.which`, `drivers.jail.tools.path`).
        """
        if argv not in self._said:
            from nexcage.host import process

            self._said[argv] = process.run(list(argv), timeout=PATIENCE)
        return self._said[argv]


def run(host: Host, groups: "Sequence[str]") -> list[Result]:
    """All results of ``groups``, in the order of `GROUPS`; a check that fails itself is one of them."""
    found: list[Result] = []
    for group in GROUPS:
        if group in groups:
            found += _group(host, group)
    return found


def _group(host: Host, group: str) -> list[Result]:
    found: list[Result] = []
    try:
        for result in _module(group).check(host):
            found.append(result)  # noqa: PERF402  # what came before an error counts
    except NexcageError as error:
        hint = error.hint or f"correct it, then look again: nexcage check {group}"
        found.append(Result(group, group, "fail", error.message, hint, {"code": error.code}))
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        reason = (error.strerror or str(error)).lower()
        found.append(Result(group, group, "fail", f"{what}{reason}", "look at what is there"))
    except Exception as error:  # noqa: BLE001  # a defect of one check must not hide what the others see
        message = f"the check of {group} failed: {type(error).__name__}: {error}"
        hint = "this is a defect of nexcage: please report it"
        found.append(Result(group, group, "fail", message, hint, {"code": "internal"}))
    return found


def _module(group: str) -> "ModuleType":
    from importlib import import_module

    return import_module(f"nexcage.checks.{group}")


def worst(results: "Sequence[Result]") -> int:
    """The exit status: 0 all is well, 1 there are warnings, 2 there are failures."""
    return max((STATUSES.index(result.status) for result in results), default=0)
