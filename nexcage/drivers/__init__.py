"""Drivers: the programs that hold containers, one module each, imported by name.

A driver reads facts and computes plans; ``host.execute`` carries them out.
"""

from nexcage.errors import DriverUnavailable, UsageError
from nexcage.host.facts import Facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from nexcage.errors import NexcageError
    from nexcage.oci.bundle import Bundle
    from nexcage.oci.rules import Object
    from nexcage.plan import Run, Step

    class Driver(Protocol):
        """What every driver offers."""

        name: str

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

        def plan_create(self, verb: str, bundle: Bundle, changed: bool, call: "Create") -> list[Step]:
            """The steps that make (verb ``run``: make and start) the container.

            ``changed`` says that the bundle's config no longer is what its file says.
            """

        def plan_verb(self, verb: str, handle: str, options: list[str], after: list[str]) -> Run:
            """The step for a verb on a container that exists: ``verb options handle after``."""

        def exec_base(self, handle: str) -> Object | None:
            """The container's own ``process``, where the driver does not start from it in an exec."""

        def plan_exec(self, handle: str, options: list[str], after: list[str], log: str) -> Run:
            """The step that runs a program in the container; the driver's own words go to file ``log``."""

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

        def sweep(self, handle: str) -> None:
            """Remove all that is left of a container whose making or removing was cut short."""

        def classify(self, said: str, status: int, verb: str, container_id: str) -> NexcageError:
            """The error for a driver that failed and ``said`` so."""


NAMES = ("crun", "runc")
ALIASES = {"lxc": "pct", "proxmox-lxc": "pct"}
PLANNED = ("pct", "jail")


def name_of(text: str) -> str:
    """The driver's own name for what a user wrote; `UsageError` when there is none."""
    name = ALIASES.get(text, text)
    if name in ("vm", "qemu", "proxmox-vm"):
        raise UsageError(f'runtime "{text}": virtual machines are not containers', hint="use qm for them")
    if name not in NAMES and name not in PLANNED:
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
    raise DriverUnavailable(
        f"this version of nexcage has no {name} driver", hint=f"the runtimes are: {', '.join(NAMES)}"
    )


class Settings:
    """Global options that a driver has to be told: cgroup manager and rootless mode."""

    def __init__(self, cgroup_manager: str = "", rootless: str = "") -> None:
        self.cgroup_manager = cgroup_manager
        self.rootless = rootless


class Create:
    """How a container is to be made.

    ``handle`` is the driver's name for it, ``options`` are handed on, ``home``
    is where our own files about it go, ``stdio`` as in `host.process.attached`.
    """

    def __init__(
        self, handle: str, home: str, options: list[str], stdio: str, *, foreground: bool = False
    ) -> None:
        self.handle = handle
        self.home = home
        self.options = options
        self.stdio = stdio
        self.foreground = foreground
