"""pct: containers of Proxmox VE (LXC), by its own tools where it must be and by LXC's where it can be.

The handle of a container is its VMID. Its status, processes, signals and freezing cost no tool of
Proxmox VE, each of which takes half a second to load.
"""

import os

from nexcage.drivers import Create, Exec, Settings
from nexcage.drivers.pct import lxc, node
from nexcage.errors import DriverUnavailable, NexcageError, NotFound, PermissionDenied, WrongStatus
from nexcage.host.execute import execute
from nexcage.host.facts import Facts
from nexcage.plan import Plan, Run, Signal, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.parse import Version
    from nexcage.drivers.pct.tools import Tools
    from nexcage.drivers.pct.vmids import Reserved
    from nexcage.oci.bundle import Bundle
    from nexcage.oci.rules import Object

CONSOLE = "console.log"
_VERBS = (
    "start", "pause", "resume", "snapshot", "snapshots", "delsnapshot", "rollback",
    "push", "pull",
)  # fmt: skip


class Pct:
    """The driver; ``settings.container`` is nexcage's id of the container that it is asked about."""

    name = "pct"
    lasting = True
    held_start = False
    oci_cli = False
    linux = True
    plans_anywhere = False

    def __init__(self, facts: Facts, root: str, settings: Settings) -> None:
        self.facts = facts
        self.root = root
        self.settings = settings
        self._reserved: Reserved | None = None
        self._version: Version | None = None

    # what is here

    def program(self) -> str:
        """Path of pct; `DriverUnavailable` where this is no node."""
        return self.tools.path("pct")

    def fingerprint(self) -> NexcageError | None:
        """None on a node, as root, with its cluster file system."""
        try:
            self.program()
        except DriverUnavailable as error:
            return error
        if os.geteuid() != 0:
            return PermissionDenied("pct is for root alone", code="not-root", hint="run it as root")
        if not node.is_up():
            return node.down()
        return None

    def title(self) -> str:
        """ "pct 6.1.10 (Proxmox VE 9.2.11)"."""
        packages = self.version().packages
        return f"pct {packages.get('pve-container', '')} (Proxmox VE {packages['pve-manager']})".replace(
            "  ", " "
        )

    def version(self) -> "Version":
        """The node's packages, asked once and kept until one of the programs changes."""
        if self._version is None:
            from nexcage.drivers.pct.versions import known

            self._version = known(self.tools, self.root)
        return self._version

    def configuration(self) -> dict[str, str]:
        """nexcage's own configuration by dotted names."""
        return self.settings.config().flat()

    def features(self) -> "Object":
        """What is known of it."""
        from nexcage.oci.features import generic

        return generic({"SECCOMP", "APPARMOR"})

    def require_verb(self, verb: str) -> None:
        """Refuse what Proxmox VE has not."""
        if verb not in _VERBS:
            hint = (
                "suspend is experimental in Proxmox VE; see nexcage snapshot" if verb == "checkpoint" else ""
            )
            raise NexcageError(f"pct has no {verb}", code="unsupported-verb", hint=hint)

    def require_option(self, verb: str, option: str) -> None:
        """Only what nexcage does itself."""
        if (verb, option) != ("run", "keep"):
            raise NexcageError(f"pct has no {verb} --{option}", code="unsupported-option")

    def takes_images(self) -> bool:
        """From Proxmox VE 9.1 on."""
        from nexcage.drivers.pct.creating import takes_images

        return takes_images(self.version())

    def output(self, home: str, stdio: str) -> str:
        """The console's log: nobody can be attached to what the node starts."""
        return "null" if stdio == "null" else f"{home}/{CONSOLE}"

    def volume_exists(self, volume: str) -> bool:
        """Asked with pvesm."""
        from nexcage.drivers.pct.volumes import volume_exists

        return volume_exists(volume)

    def accepted_version(self, declared: str) -> str:
        """pct reads no bundle."""
        return declared

    def unsupported(self, config: "Object") -> list[tuple[str, str, str]]:  # noqa: ARG002
        """Nothing: the translation refuses and warns."""
        return []

    # steps

    @property
    def tools(self) -> "Tools":
        """The tools of the node."""
        from nexcage.drivers.pct.tools import Tools

        return Tools(self.settings.container, self.settings.config)

    def next_id(self) -> int:
        """The lowest number that no guest of the cluster has."""
        from nexcage.drivers.pct.parse import next_id

        return next_id(self.tools.ask("pvesh", "get", "/cluster/nextid"))

    @property
    def reserved(self) -> "Reserved":
        """VMIDs that this process has."""
        if self._reserved is None:
            from nexcage.drivers.pct.vmids import Reserved

            self._reserved = Reserved(self.root)
        return self._reserved

    def plan_create(self, verb: str, bundle: "Bundle", changed: bool, call: Create) -> list[Step]:  # noqa: ARG002
        """The steps that make it; a run is made, started and waited for by the verb."""
        from nexcage.drivers.pct.creating import plan

        if call.options:
            raise NexcageError(
                f"option {call.options[0]} is for crun and runc, not for pct",
                code="unsupported-option",
                hint="leave it out: a container of Proxmox VE has a console, and no process before its start",
            )
        node.require_quorum()
        known = node.marked().get(self.settings.container)
        if known:
            raise node.in_use(self.settings.container, *known)
        return plan(self, bundle, call)

    def plan_verb(self, verb: str, handle: str, options: list[str], after: list[str]) -> Run:
        """The step for a verb on a container that exists and is ours."""
        self.require_verb(verb)
        self.own(handle)
        if verb in ("pause", "resume"):
            return Run(lxc.freeze(handle) if verb == "pause" else lxc.unfreeze(handle), stdio="capture")
        from nexcage.drivers.pct.verbs import step

        return step(self, verb, handle, options, after)

    def plan_kill(self, handle: str, number: int, *, everywhere: bool) -> Step:
        """A signal from the host: one sent inside would not reach a first process without a handler."""
        self.own(handle)
        status, init = self.state(handle) or ("stopped", 0)
        if not init:
            raise WrongStatus(
                f'cannot kill container "{self.settings.container}" that is {status}: container not running',
                code="not-running",
            )
        return Signal(lxc.pids(handle, init) or [init] if everywhere else [init], number)

    def plan_delete(self, handle: str, *, forced: bool) -> list[Step]:
        """Destroy it; without quorum pct would have removed the volume before it fails."""
        unlock: list[Step] = []
        if "lock: " in self.own(handle):
            from nexcage.drivers.pct.leftover import settled, unlocking

            settled(handle, self.settings.container)
            unlock = unlocking(self.tools, handle, self.own(handle))
        node.require_quorum()
        return [*(_thawed(handle) if forced else ()), *unlock, self.tools.destroy(handle, forced=forced)]

    def plan_stop(self, handle: str, seconds: int) -> list[Step]:
        """Ask it to end by the signal of its own, and kill it after ``seconds``."""
        self.own(handle)
        words = ["pct", "shutdown", handle, "--timeout", str(seconds), "--forceStop", "1"]
        step = self.tools.step(words, handle)
        step.patience += 2.0 * seconds
        step.late = self.tools.late(words, step.patience, handle)
        return [*_thawed(handle), step]

    def plan_update(self, handle: str, limits: "Object", options: dict[str, str], home: str) -> list[Step]:  # noqa: ARG002
        """One ``pct set``; none where nothing is to change, which it would refuse."""
        from nexcage.drivers.pct.parse import sections
        from nexcage.drivers.pct.update import words

        current = sections(self.own(handle))[""]
        changes = words(
            limits,
            options,
            id=self.settings.container,
            current=current,
            cgroup2=self.facts.cgroup_mode() == "unified",
        )
        return [self.tools.step(["pct", "set", handle, *changes], handle)] if changes else []

    def exec_base(self, handle: str) -> "Object | None":
        """What the container's own process is: exec starts as the same user, in the same directory."""
        from nexcage.drivers.pct.attach import base

        return base(self.own(handle))

    def plan_exec(self, call: Exec) -> list[Step]:
        """lxc-attach, as pct exec starts it, with user, directory and environment."""
        from nexcage.drivers.pct.attach import plan

        self.own(call.handle)
        return plan(call, lxc.state(call.handle)[1])

    def after(self, verb: str, handle: str, home: str, state: "Object") -> None:
        """What pct leaves to nexcage: whether a start was one, and the hooks that come after."""
        from nexcage.drivers.pct.afterwards import after

        after(self, verb, handle, home, state)

    # state

    def own(self, handle: str) -> str:
        """The configuration of our container; raises where it is not this node's any more."""
        text = node.conf(handle)
        container_id = self.settings.container
        if text is not None and node.is_ours(text, container_id):
            return text
        if text is None and not node.is_up():
            raise node.down()  # nothing is known: it has not gone
        where = node.home_of(handle)
        if text is None and where:
            raise node.elsewhere(container_id, handle, where)
        raise node.missing(container_id, handle)

    def state(self, handle: str) -> tuple[str, int] | None:
        """(created, running, paused or stopped; host pid or 0); None when there is no such container."""
        try:
            text = self.own(handle)
        except NotFound:
            return None
        status, pid = lxc.state(handle)
        return ("created" if status == "stopped" and not node.was_started(text) else status), pid

    def states(self) -> dict[str, tuple[str, int]]:
        """All of this node in one call; what is on another node is ``unknown`` here."""
        from nexcage.drivers.pct.listing import states

        return states(self.tools)

    def details(self, handle: str, container_id: str) -> dict[str, object]:
        """VMID and node; a number that somebody else has now says nothing of our container."""
        where = node.home_of(handle)
        known: dict[str, object] = {"vmid": int(handle), "node": where}
        if where and not node.is_ours(node.conf(handle, where) or "", container_id):
            known |= {"node": "", "status": "stopped", "pid": 0}
        return known

    def pids(self, handle: str) -> list[int]:
        """Host pids of the container's processes."""
        _, init = lxc.state(handle)
        return lxc.pids(handle, init) if init else []

    def is_left_of_create(self, handle: str) -> bool:
        """Whether a create of ours that failed has left this container; `Locked` while it is being made."""
        from nexcage.drivers.pct.leftover import is_left

        return is_left(handle, self.settings.container)

    def sweep(self, handle: str) -> None:
        """Destroy what is left of a create that was cut short; `Locked` while pct goes on with it."""
        if handle.isdigit() and self.is_left_of_create(handle):
            from nexcage.drivers.pct.leftover import steps

            try:
                execute(Plan("delete", self.settings.container, self.name, steps(self.tools, handle)))
            except NotFound:
                return  # it has gone meanwhile

    def recall(self, container_id: str, home: str) -> "tuple[Object, list[Step]] | None":
        """From the mark in its configuration."""
        from nexcage.drivers.pct.recalling import recall

        return recall(self, container_id, home)

    # errors

    def is_about_status(self, said: str) -> bool:  # noqa: ARG002
        """pct's words are judged where they are said."""
        return False

    def said(self, log: str) -> str:
        """The last error that lxc-attach wrote to its ``log``."""
        from nexcage.drivers.pct.attach import said

        return said(log)

    def classify(self, said: str, status: int, verb: str, container_id: str) -> NexcageError:
        """The error of an exec that did not come to its program."""
        from nexcage.drivers.pct.attach import failed

        return failed(said, status, verb, container_id)


def _thawed(handle: str) -> list[Step]:
    """The step that lets a paused container go on: frozen processes do not see the signal that ends them."""
    return [Run(lxc.unfreeze(handle), stdio="capture")] if lxc.state(handle)[0] == "paused" else []
