"""Remove containers that have stopped or were never started.

With --force a running one is killed first, and one that does not exist is no
error: what engines rely on when they clean up.
"""

from nexcage import ids, log
from nexcage.cli.call import Call
from nexcage.cli.kill import matching
from nexcage.cli.options import Option
from nexcage.cli.target import Target
from nexcage.drivers import may_live, remove_record
from nexcage.errors import CommandFailed, NexcageError, NotFound, StateCorrupt
from nexcage.host import process
from nexcage.host.execute import execute
from nexcage.plan import Plan
from nexcage.state.store import Store, being_created

OPTIONS = (
    Option("force", "kill it first; no error when it does not exist", short="f"),
    Option("regex", "ID is a regular expression: delete every container that it matches", short="r"),
)
OPERANDS = "ID..."
EXAMPLES = (
    ("remove container web", "nexcage delete web"),
    ("remove it whatever it does", "nexcage delete --force web"),
)


def run(call: Call) -> int:
    """runtime.md, "Delete": MUST undo what create made, and MUST fail for one that has not stopped."""
    names = [call.operand("the container id"), *call.operands]
    call.operands = []
    if call.flag("regex"):
        names = [found for pattern in names for found in matching(call, pattern)]
    failures: list[NexcageError] = []
    for name in names:
        try:
            delete(call, name, force=call.flag("force"))
        except NexcageError as error:
            failures.append(error)
    for failure in failures[1:]:
        log.error(failure.message, failure.hint, code=failure.code)
    if failures:
        raise failures[0]
    return 0


def delete(call: Call, container_id: str, *, force: bool) -> None:
    """Remove one container and its record."""
    ids.check(container_id)
    for store in call.stores():
        try:
            if call.flag("dry-run"):
                _remove(call, store, container_id, force=force)
                return
            lock = store.lock(container_id, force=force)
        except NotFound:
            continue
        try:
            _remove(call, store, container_id, force=force)
        finally:
            lock.release()
        return
    if not force:
        raise NotFound(f'container "{container_id}" does not exist')


def _remove(call: Call, store: Store, container_id: str, *, force: bool) -> None:
    try:
        _remove_sound(call, store, container_id, force=force)
    except StateCorrupt as error:
        if not force:
            if error.code == "container-half-made" and store.may_begin(container_id):
                raise being_created(container_id) from None
            raise
        if not call.flag("dry-run"):
            from nexcage.repair.containers import sweep

            sweep(call, store, container_id)


def _remove_sound(call: Call, store: Store, container_id: str, *, force: bool) -> None:
    """One of which all can be read; `StateCorrupt` of the record or of what the driver keeps otherwise."""
    target = Target(call, store, store.read(container_id, locked=not call.flag("dry-run")))
    if may_live(target.record, call.facts.boot_id()):
        _driver_delete(target, force=force)
    elif not call.flag("dry-run"):
        target.driver.sweep(target.record.handle)  # its processes and cgroups went with that boot
    if call.flag("dry-run"):
        return
    remove_record(store, container_id, target.record.driver)


def _driver_delete(target: Target, *, force: bool) -> None:
    journal = target.journal("delete")
    try:
        steps = target.driver.plan_delete(target.record.handle, forced=force)
        plan = Plan("delete", target.record.id, target.record.driver, steps)
        if target.call.shows_only(plan):
            return
        if force or not target.driver.oci_cli:
            target.begin(journal, plan, {})
        execute(plan, journal.note)
        target.finish("delete")
    except (CommandFailed, NotFound) as error:
        unclear = target.driver.oci_cli and isinstance(error, CommandFailed)
        failure: NexcageError = target.explain("delete", error) if unclear else error  # type: ignore[arg-type]
        known = not isinstance(failure, NotFound) and target.driver.state(target.record.handle)
        if known and force and process.was_killed(error):
            target.driver.sweep(target.record.handle)  # it had begun: force goes on
            known = target.driver.state(target.record.handle)
        if known:  # otherwise the driver's state is gone already: the record follows
            journal.end()  # it has been refused
            raise failure from None
    finally:
        journal.leave()
