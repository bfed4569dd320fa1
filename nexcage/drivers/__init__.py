"""Drivers: the programs that hold containers, one module each, imported by name.

A driver reads facts and computes plans; ``host.execute`` carries them out.
"""

from nexcage import runtimes
from nexcage.config import load
from nexcage.errors import DriverUnavailable, StateCorrupt, UsageError
from nexcage.host.facts import Facts
from nexcage.state.record import NEWER
from nexcage.state.store import remove_hint, short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Protocol

    from nexcage.config import Config
    from nexcage.errors import NexcageError
    from nexcage.oci.bundle import Bundle
    from nexcage.oci.rules import Object
    from nexcage.plan import Step
    from nexcage.state.record import Record
    from nexcage.state.store import Store

    class Driver(Protocol):
        """What every driver offers."""

        name: str
        lasting: bool  # its containers survive a boot
        held_start: bool  # a created container has a process, which waits for start
        oci_cli: bool  # it is called with runc's command line, and what it says is explained afterwards
        linux: bool  # its containers have Linux's capabilities, limits and namespaces
        plans_anywhere: bool  # it can say what it would do on a host that it cannot run on

        def title(self) -> str:
            """Name and version for people: "crun 1.8.1"."""

        def program(self) -> str:
            """The path of the program that it runs."""

        def fingerprint(self) -> "NexcageError | None":
            """None when this host can run it; otherwise the error that says why not."""

        def accepted_version(self, declared: str) -> str:
            """The ``ociVersion`` to hand over for a bundle that declares ``declared``."""

        def unsupported(self, config: Object) -> "list[tuple[str, str, str]]":
            """Properties of ``config`` that it ignores: (JSON path, loss, reason)."""

        def takes_images(self) -> bool:
            """Whether it makes containers of images by itself."""

        def output(self, home: str, stdio: str) -> str:
            """Where the output of a container goes that was made with ``--stdio``: as in the record."""

        @property
        def volume_exists(self) -> Callable[[str], bool] | None:
            """Says whether a storage has a volume; None for a driver without storages."""

        def plan_create(self, verb: str, bundle: Bundle, changed: bool, call: "Create") -> list[Step]:
            """The steps that make (verb ``run``: make and start) the container.

            ``changed`` says that the bundle's config no longer is what its file says. A driver that
            names its containers itself puts the name into ``call.handle``.
            """

        def plan_verb(self, verb: str, handle: str, options: list[str], after: list[str]) -> Step:
            """The step for a verb on a container that exists: ``verb options handle after``."""

        def plan_kill(self, handle: str, number: int, *, everywhere: bool) -> Step:
            """The step that sends signal ``number`` to init, or to all processes."""

        def plan_delete(self, handle: str, *, forced: bool) -> list[Step]:
            """The steps that remove it; ``forced``: whatever it does."""

        def plan_stop(self, handle: str, seconds: int) -> list[Step]:
            """The steps that end it within ``seconds`` where the driver has a way of its own, else []."""

        def plan_update(self, handle: str, limits: Object, options: dict[str, str], home: str) -> list[Step]:
            """The steps that give it the ``limits`` (linux.resources) and the driver's own ``options``."""

        def exec_base(self, handle: str) -> Object | None:
            """The container's own ``process``, where the driver does not start from it in an exec."""

        def plan_exec(self, call: "Exec") -> list[Step]:
            """The steps that run a program in the container, the program last."""

        def after(self, verb: str, handle: str, home: str, state: Object) -> None:
            """What is to be done when ``verb`` (start, delete) has succeeded; ``state`` is for hooks."""

        def said(self, log: str) -> str:
            """The last error in a driver's ``log``; "" when there is none."""

        def is_about_status(self, said: str) -> bool:
            """Whether the driver refused because of the container's status."""

        def features(self) -> Object:
            """Its features document (features.md), or what is known of it."""

        def require_verb(self, verb: str) -> None:
            """Raise the error that names ``verb`` when this driver has no such verb."""

        def require_option(self, verb: str, option: str) -> None:
            """Raise the error that names the option when this driver's ``verb`` does not know it."""

        def pids(self, handle: str) -> list[int]:
            """Host pids of the container's processes."""

        def state(self, handle: str) -> "tuple[str, int] | None":
            """(status, host pid or 0), or None when the driver does not know it."""

        def states(self) -> "dict[str, tuple[str, int]]":
            """`state` of all containers below its root."""

        def details(self, handle: str, container_id: str) -> dict[str, object]:
            """What only this driver has to say of a container in a list."""

        def sweep(self, handle: str) -> None:
            """Remove all that is left of a container whose making or removing was cut short."""

        def recall(self, container_id: str, home: str) -> "tuple[Object, list[Step]] | None":
            """What it knows of a container whose record was lost, None when it has none of that name.

            Fields of a `Record` (``handle``, ``bundle``, ...), and the steps that write what else was in
            ``home``. For one that can only be removed the field ``unusable`` says why.
            """

        def classify(self, said: str, status: int, verb: str, container_id: str) -> NexcageError:
            """The error for a driver that failed and ``said`` so."""


# in the order in which they are tried where none is named
NAMES = runtimes.NAMES
ALIASES = runtimes.ALIASES
# their containers survive a boot, and so do the records of them
LASTING = ("pct",)
# they make containers of templates and images too
TEMPLATES = ("pct",)


def may_live(record: "Record", boot_id: str) -> bool:
    """Whether its container can still be there: it survives boots, or was made in this one."""
    return record.driver in LASTING or record.boot_id == boot_id


def remove_record(store: "Store", container_id: str, driver: str) -> None:
    """Remove the record of a container that is gone, and the bundle that was made for it alone."""
    store.remove(container_id)
    if driver in TEMPLATES:
        from nexcage.bundler.for_container import forget

        forget(store.driver_root(driver), container_id)


def refuse_foreign(store: "Store", record: "Record") -> None:
    """Raise `StateCorrupt` for a driver that this nexcage has not, or a name that it would not have given."""
    path = f"{store.home(record.id)}/record.json"
    if record.driver not in NAMES:
        raise StateCorrupt(
            f'{path}: there is no driver "{record.driver}"',
            code=NEWER,
            hint="use the nexcage that has made the container, or a newer one",
        )
    right = {"pct": record.handle.isdecimal(), "jail": True}.get(record.driver)
    if not (record.handle == short_name(record.id) if right is None else right):
        raise StateCorrupt(
            f'{path}: $.handle: must be the name of this container, not "{record.handle}"',
            hint=remove_hint(record.id),
        )


def name_of(text: str) -> str:
    """The driver's own name for what a user wrote; `UsageError` when there is none."""
    name = ALIASES.get(text, text)
    if name in runtimes.MACHINES:
        raise UsageError(f'runtime "{text}": virtual machines are not containers', hint="use qm for them")
    if name not in NAMES:
        known = ", ".join(NAMES)
        raise UsageError(
            f'unknown runtime "{text}"', code="unknown-runtime", hint=f"the runtimes are: {known}"
        )
    return name


def get(name: str, facts: Facts, root: str, settings: "Settings | None" = None) -> "Driver":
    """The driver ``name`` with its own state in the directory ``root``."""
    settings = settings or Settings()
    if name == "crun":
        from nexcage.drivers.crun import Crun

        return Crun(facts, root, settings)
    if name == "runc":
        from nexcage.drivers.runc import Runc

        return Runc(facts, root, settings)
    if name == "pct":
        from nexcage.drivers.pct.driver import Pct

        return Pct(facts, root, settings)
    if name == "jail":
        from nexcage.drivers.jail.driver import Jail

        return Jail(facts, root, settings)
    raise DriverUnavailable(
        f"this version of nexcage has no {name} driver", hint=f"the runtimes are: {', '.join(NAMES)}"
    )


class Settings:
    """What a driver has to be told: cgroup manager, rootless mode, and the id of the container at hand.

    ``config()`` is nexcage's own configuration; it is read when it is first asked for.
    """

    def __init__(
        self,
        cgroup_manager: str = "",
        rootless: str = "",
        container: str = "",
        config: "Callable[[], Config]" = load,
    ) -> None:
        self.cgroup_manager = cgroup_manager
        self.rootless = rootless
        self.container = container
        self.config = config


class Image:
    """What a container is made of where it is no bundle.

    ``kind``: "template" (``text`` is a volume or an absolute path), "archive" (an OCI archive, its
    absolute path) or "source" (as skopeo and ``bundle create --from`` name it).
    """

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


class Create:
    """How a container is to be made.

    ``handle`` is the driver's name for it, ``options`` are handed on, ``home``
    is where our own files about it go, ``stdio`` as in `host.process.attached`.
    ``wishes`` are options that only some drivers have; ``image`` stands in the
    bundle's place. ``keep``: what runs in the foreground stays, stopped.
    """

    def __init__(
        self,
        handle: str,
        home: str,
        options: list[str],
        stdio: str,
        *,
        foreground: bool = False,
        wishes: "Mapping[str, list[str]] | None" = None,
        image: Image | None = None,
        permissive: bool = False,
        keep: bool = False,
    ) -> None:
        self.handle = handle
        self.home = home
        self.options = options
        self.stdio = stdio
        self.foreground = foreground
        self.wishes = wishes or {}
        self.image = image
        self.permissive = permissive
        self.keep = keep


class Exec:
    """A program that is to run in a container.

    ``process`` is the specification's object, None where the driver makes it of ``words`` (options
    as given) and ``program``; ``file`` holds it already. ``options`` are handed on; ``given`` are the
    names of all options; the driver's own words go to the file ``log``, its files to ``home``.
    """

    def __init__(
        self, handle: str, home: str, log: str, *, program: list[str], words: list[str], options: list[str],
        given: "Collection[str]" = (), process: "Object | None" = None, file: str = "",
    ) -> None:  # fmt: skip
        self.handle = handle
        self.home = home
        self.log = log
        self.program = program
        self.words = words
        self.options = options
        self.given = given
        self.process = process
        self.file = file
        self.detached = "--detach" in options
