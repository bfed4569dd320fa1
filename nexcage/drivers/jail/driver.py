"""jail: containers of FreeBSD, by the tools of its base system and system calls where there is none.

The handle of a container is the name of its jail. What its create made is kept beside the record
(`made.Made`); the jail itself is addressed by its number.
"""

import os

from nexcage.drivers import Create, Exec, Settings
from nexcage.drivers.jail import made as kept
from nexcage.drivers.jail import tools as own
from nexcage.errors import (
    DriverUnavailable,
    NexcageError,
    PermissionDenied,
    StateCorrupt,
    UsageError,
    WrongStatus,
)
from nexcage.host.facts import Facts
from nexcage.plan import Act, Signal, Step
from nexcage.state.store import short_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.jail.made import Made
    from nexcage.oci.bundle import Bundle
    from nexcage.oci.rules import Object

_VERBS = ("start", "pause", "resume")


class Jail:
    """The driver; ``settings.container`` is nexcage's id of the container that it is asked about."""

    name = "jail"
    lasting = False
    held_start = True
    oci_cli = False
    linux = False
    plans_anywhere = True
    volume_exists = None

    def __init__(self, facts: Facts, root: str, settings: Settings) -> None:
        self.facts = facts
        self.root = root
        self.settings = settings
        self.tools = own.Tools(settings.container)

    # what is here

    def program(self) -> str:
        """Path of jail(8)."""
        return own.path("jail")

    def fingerprint(self) -> NexcageError | None:
        """None on FreeBSD, as root."""
        try:
            self.program()
            own.path("jls")
        except DriverUnavailable as error:
            return error
        if os.geteuid() != 0:
            return PermissionDenied("jail is for root alone", code="not-root", hint="run it as root")
        return None

    def title(self) -> str:
        """ "jail (FreeBSD 15.1-RELEASE)"."""
        return f"jail (FreeBSD {self.tools.ask('sysctl', '-n', 'kern.osrelease').strip()})"

    def features(self) -> "Object":
        """What is known of it."""
        from nexcage.oci.features import generic

        known = generic(set())
        del known["linux"]
        return known

    def require_verb(self, verb: str) -> None:
        """Refuse what jails have not."""
        if verb not in _VERBS:
            hint = f"see rctl -u jail:{self.made().name}" if verb == "events" else ""
            raise NexcageError(f"jail has no {verb}", code="unsupported-verb", hint=hint)

    def require_option(self, verb: str, option: str) -> None:
        """Only what nexcage does itself."""
        if (verb, option) != ("run", "keep"):
            raise NexcageError(f"jail has no {verb} --{option}", code="unsupported-option")

    def takes_images(self) -> bool:
        """No."""
        return False

    def output(self, home: str, stdio: str) -> str:
        """Inherited, or a file of ours."""
        return home + "/output.log" if stdio == "log" else stdio

    def accepted_version(self, declared: str) -> str:
        """Nobody else reads the bundle."""
        return declared

    def unsupported(self, config: "Object") -> list[tuple[str, str, str]]:  # noqa: ARG002
        """Nothing: the translation refuses and warns."""
        return []

    # steps

    @property
    def home(self) -> str:
        """The directory of the container's record."""
        return self._home(self.settings.container)

    def _home(self, container_id: str) -> str:
        return f"{os.path.dirname(self.root)}/{short_name(container_id)}"

    def made(self) -> "Made":
        """What create made; an empty one where nothing is known."""
        return kept.read(self.home) or kept.Made(self.home)

    def plan_create(self, verb: str, bundle: "Bundle", changed: bool, call: Create) -> list[Step]:  # noqa: ARG002
        """The steps that make it; a run ends with the one that sees it through."""
        from nexcage.drivers.jail.creating import Creation

        if verb == "restore":
            self.require_verb(verb)
        for option in call.wishes:
            raise UsageError(
                f"option --{option} is for the driver pct, not for jail",
                code="unsupported-option",
                hint="say it in the bundle's config.json",
            )
        creation = Creation(self.tools, bundle, call, self.settings.container)
        creation.say()
        call.handle = creation.made.name
        return creation.steps(verb)

    def plan_verb(self, verb: str, handle: str, options: list[str], after: list[str]) -> Step:  # noqa: ARG002
        """start lets the held process go; pause and resume are signals for all processes."""
        from nexcage.drivers.jail import holding, running

        self.require_verb(verb)
        made = self.made()
        if verb == "start":
            state = dict(holding.kept(made)["state"])
            return Act([handle], lambda: running.start(self.tools, made, state), shown="start")
        if verb == "pause":
            return Act([handle], lambda: running.freeze(self.tools, made), shown="pause")
        return Act([handle], lambda: running.thaw(self.tools, made), shown="resume")

    def plan_kill(self, handle: str, number: int, *, everywhere: bool) -> Step:  # noqa: ARG002
        """A signal by the host's pids: those of a jail are the host's."""
        from nexcage.drivers.jail import running

        made = self.made()
        living = running.alive(self.tools, made)
        status, pid = running.judge(made, living)
        if not everywhere and not pid:
            raise WrongStatus(
                f'cannot kill container "{self.settings.container}" that is {status}: container not running',
                code="not-running",
            )
        return Signal([one for one, _ in living] if everywhere else [pid], number)

    def plan_delete(self, handle: str, *, forced: bool) -> list[Step]:  # noqa: ARG002
        """Take everything back; refused while it runs, unless ``forced``."""
        from nexcage.drivers.jail import removing, running

        made, name = self.made(), self.settings.container
        status, _ = running.status(self.tools, made)
        if not forced and status not in ("created", "stopped"):
            raise WrongStatus(
                f'cannot delete container "{name}" that is not stopped: {status}',
                hint=f"stop it first, or remove it at once with nexcage delete --force {name}",
            )
        return removing.steps(self.tools, made)

    def plan_stop(self, handle: str, seconds: int) -> list[Step]:  # noqa: ARG002
        """Nothing of its own."""
        return []

    def plan_update(self, handle: str, limits: "Object", options: dict[str, str], home: str) -> list[Step]:  # noqa: ARG002
        """Rules of rctl(8)."""
        from nexcage.drivers.jail import limiting

        return limiting.steps(self.tools, self.made(), limits, options)

    def exec_base(self, handle: str) -> "Object | None":  # noqa: ARG002
        """The container's own process."""
        from nexcage.drivers.jail import running

        return running.base(self.made())

    def plan_exec(self, call: Exec) -> list[Step]:
        """A process that enters the jail and becomes the program."""
        from nexcage.drivers.jail import running

        return running.execute(self.made(), call)

    def after(self, verb: str, handle: str, home: str, state: "Object") -> None:  # noqa: ARG002
        """The poststop hooks."""
        if verb == "delete":
            from nexcage.drivers.jail import running

            running.ended(self.made(), state)

    # state

    def state(self, handle: str) -> tuple[str, int] | None:  # noqa: ARG002
        """None where nothing was made."""
        from nexcage.drivers.jail import running

        made = kept.read(self.home)
        return running.status(self.tools, made) if made else None

    def states(self) -> dict[str, tuple[str, int]]:
        """All of this root, by one look at the processes of all jails."""
        from nexcage.drivers.jail import listing

        return listing.states(self.tools, os.path.dirname(self.root))

    def details(self, handle: str, container_id: str) -> dict[str, object]:  # noqa: ARG002
        """The number of the jail."""
        made = kept.read(self._home(container_id))
        return {"jid": made.jid if made else 0}

    def pids(self, handle: str) -> list[int]:  # noqa: ARG002
        """Pids of the container's processes."""
        from nexcage.drivers.jail import running

        return [pid for pid, _ in running.alive(self.tools, self.made())]

    def sweep(self, handle: str) -> None:  # noqa: ARG002
        """Take back what is left of a container whose making or removing was cut short."""
        from nexcage.drivers.jail import removing

        try:
            made = kept.read(self.home)
        except StateCorrupt:
            from nexcage.drivers.jail.recalling import left

            made = left(self.tools, self.settings.container, self.home)
        if made is not None:
            removing.everything(self.tools, made)

    def recall(self, container_id: str, home: str) -> "tuple[Object, list[Step]] | None":
        """From the mark of its jail."""
        from nexcage.drivers.jail.recalling import recall

        return recall(self.tools, container_id, home)

    # errors

    def is_about_status(self, said: str) -> bool:  # noqa: ARG002
        """The tools' words are judged where they are said."""
        return False

    def said(self, log: str) -> str:
        """What a process wrote to its ``log`` that did not come to its program."""
        from nexcage.host.files import read

        try:
            return read(log, 4 << 20).decode(errors="replace")
        except OSError:
            return ""

    def classify(self, said: str, status: int, verb: str, container_id: str) -> NexcageError:  # noqa: ARG002
        """The error of such a process."""
        from nexcage.drivers.jail.holding import failure

        return failure(said, f"its process ended with status {status}")
