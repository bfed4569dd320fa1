"""A container that exists, as the verbs meet it: its record, its driver, its status."""

import os

from nexcage import ids, log
from nexcage.cli.call import Call
from nexcage.drivers import Settings, get, may_live, refuse_foreign
from nexcage.errors import CommandFailed, NexcageError, NotFound, WrongStatus, from_os
from nexcage.host.execute import execute
from nexcage.host.files import Lock
from nexcage.plan import Plan, Step
from nexcage.state.journal import Journal
from nexcage.state.record import Record
from nexcage.state.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers import Driver
    from nexcage.oci.rules import Object

_STEPWISE = ("stop", "pause", "resume")
_ENDING = ("stop", "delete")


class Target:
    """The container ``record`` in ``store``."""

    def __init__(self, call: Call, store: Store, record: Record) -> None:
        self.call = call
        self.store = store
        self.record = record
        call.used = record.driver
        refuse_foreign(store, record)
        given = call.settings()
        manager = given.cgroup_manager or record.cgroup_manager
        settings = Settings(manager, given.rootless, record.id, call.config)
        self.driver: Driver = get(record.driver, call.facts, store.driver_root(record.driver), settings)

    def state(self) -> tuple[str, int]:
        """(status, host pid of init or 0). A container of an earlier boot has stopped."""
        if not may_live(self.record, self.call.facts.boot_id()):
            return "stopped", 0
        return self.driver.state(self.record.handle) or ("stopped", 0)

    def require(self, verb: str, *allowed: str) -> int:
        """The pid of init if the status is one of ``allowed``; otherwise the error that fits."""
        status, pid = self.state()
        if status in allowed and (pid or not self._needs_process(verb, allowed)):
            return pid
        raise self.refusal(verb, status)

    def _needs_process(self, verb: str, allowed: tuple[str, ...]) -> bool:
        """Whether a created container is not enough: without a held start it has no process."""
        return not self.driver.held_start and "stopped" not in allowed and verb != "update"

    def refusal(self, verb: str, status: str) -> NexcageError:
        """The error for ``verb`` on a container with this ``status``."""
        name = self.record.id
        what = f'container "{name}"'
        if verb == "start" and status == "stopped":
            again = f"nexcage delete {name}, then create it again"
            return WrongStatus(f"cannot start {what}: it has stopped", hint=again)
        if verb == "start":
            return WrongStatus(f"cannot start {what}: it is already {status}")
        if verb == "resume" and status != "stopped":
            return WrongStatus(f"cannot resume {what}: it is not paused but {status}")
        if verb == "delete":
            return WrongStatus(
                f"cannot delete {what} that is not stopped: {status}",
                hint=f"stop it first, or remove it at once with nexcage delete --force {name}",
            )
        if status == "paused" and verb == "pause":
            return WrongStatus(f"cannot pause {what}: it is already paused")
        if status == "paused":
            return WrongStatus(
                f"cannot {verb} {what}: it is paused", hint=f"resume it: nexcage resume {name}"
            )
        return WrongStatus(
            f"cannot {verb} {what} that is {status}: container not running", code="not-running"
        )

    def perform(self, verb: str, options: list[str], after: list[str]) -> int:
        """Let the driver do ``verb``; a failure becomes the error that fits the container's status."""
        return self.carry_out(verb, [self.driver.plan_verb(verb, self.record.handle, options, after)])

    def carry_out(self, verb: str, steps: list[Step], **wants: object) -> int:
        """Show the steps, or do them; the status of the last program.

        A verb of several steps is written down first, with what repair needs to do it again (``wants``).
        """
        plan = Plan(verb, self.record.id, self.record.driver, steps)
        if self.call.shows_only(plan):
            return 0
        try:
            if verb == "update" or (verb in _STEPWISE and not self.driver.oci_cli):
                return self._written_down(plan, wants)
            status = execute(plan)
            if verb == "start" and not self.driver.oci_cli:
                self._supersede()
            return status
        except CommandFailed as error:
            raise (self.explain(verb, error) if self.driver.oci_cli else error) from None

    def _written_down(self, plan: Plan, wants: "Object") -> int:
        lock = self.store.lock(self.record.id)
        journal = self.journal(plan.verb)
        try:
            self.begin(journal, plan, wants)
            status = execute(plan, journal.note)
            journal.end()
            return status
        except NexcageError:
            journal.end()
            raise
        finally:
            journal.leave()
            lock.release()

    def _supersede(self) -> None:
        """What was begun before and cut short is not wanted any more."""
        for verb in ("delete", *_STEPWISE):
            path = self.journal(verb).path
            if os.path.lexists(path) and not Lock(path).is_held():
                os.unlink(path)

    def journal(self, verb: str) -> Journal:
        """The journal of ``verb`` on this container."""
        return Journal(self.store.home(self.record.id), verb, sync=self.driver.lasting)

    def begin(self, journal: Journal, plan: Plan, wants: "Object") -> None:
        """Write down that ``plan`` begins; `NexcageError` when that is impossible.

        What ends a container makes room on a full disk: it goes on without a journal.
        """
        try:
            journal.begin({"handle": self.record.handle, **plan.describe(), **wants})
        except OSError as error:
            failure = from_os(error, f"cannot write {journal.path}")
            if plan.verb not in _ENDING:
                raise failure from None
            journal.end()
            log.debug(f"{failure.message}: {plan.verb} goes on without a journal")

    def finish(self, verb: str) -> None:
        """What comes after a ``verb`` that changed the container's life: the hooks that are left to us."""
        if not self.call.flag("dry-run"):
            home = self.store.home(self.record.id)
            self.driver.after(verb, self.record.handle, home, self.record.document("stopped", 0))

    def explain(self, verb: str, error: CommandFailed) -> NexcageError:
        """The error for a driver that failed in ``verb``."""
        status, _ = self.state()
        said = str(error.data.get("stderr", ""))
        fitting = {
            "start": ("created",),
            "delete": ("created", "stopped"),
            "resume": ("paused",),
            "kill": ("created", "running", "paused"),
        }.get(verb, ("created", "running"))
        if self.driver.is_about_status(said):
            if status not in fitting:
                return self.refusal(verb, status)
            if verb == "delete":  # it has ended since
                return self.refusal(verb, "running")
        return self.driver.classify(said, int(str(error.data.get("status", 1))), verb, self.record.id)


def find(call: Call, container_id: str) -> Target:
    """The container with this id; `NotFound` when no store has it."""
    ids.check(container_id)
    *earlier, last = call.stores()
    for store in earlier:
        try:
            return Target(call, store, store.read(container_id))
        except NotFound:
            continue
    return Target(call, last, last.read(container_id))
