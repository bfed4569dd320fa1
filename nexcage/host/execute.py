"""Carry out a plan: write down the intent, do the steps, undo them when one fails."""

import os

from nexcage import log
from nexcage.errors import CommandFailed, NexcageError, NotFound, Timeout, from_os
from nexcage.host import files, process, signals
from nexcage.plan import Act, Insert, MakeDir, Plan, Remove, Run, Signal, Step, Write

UNDO_PATIENCE = 30.0

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def execute(plan: Plan, note: "Callable[[int], None]" = lambda _: None) -> int:
    """Do the steps of ``plan``; returns the status of its last program (0 when none).

    ``note(i)`` is called before step ``i`` and keeps the journal. A step that
    fails is undone together with those before it, in reverse, and the error
    raised; an undo that fails is logged and leaves its traces to ``repair``.
    """
    status = 0
    done: list[Step] = []
    with signals.Undoing():
        try:
            for index, step in enumerate(plan.steps):
                note(index)
                _tell(f"step {index + 1} of {len(plan.steps)}", step)
                if isinstance(step, (Run, Act)):  # may have done half its work when it fails
                    done.append(step)
                    status = _do(step)
                else:
                    _do(step)
                    done.append(step)
        except BaseException:
            plan.undone = undo(done)
            raise
    return status


def undo(steps: list[Step]) -> bool:
    """Undo ``steps`` in reverse order, harmless for those that were never done; whether all are."""
    undone = True
    for step in reversed(steps):
        _tell("undoing", step)
        try:
            _undo(step)
        except (NexcageError, OSError) as error:
            undone = False
            log.warning(f"could not undo: {step}: {error}", code="undo-failed")
    return undone


def _tell(what: str, step: Step) -> None:
    """Log a step; of a program is told when it ends."""
    if log.debugging() and not isinstance(step, Run):
        log.debug(f"{what}: {' '.join(str(step).partition(chr(10))[0].split())}")


def _do(step: Step) -> int:
    if isinstance(step, MakeDir):
        try:
            os.mkdir(step.path, step.mode)
        except OSError as error:
            raise from_os(error, f"cannot make {step.path}") from None
    elif isinstance(step, Write):
        files.write_new(step.path, step.data, step.mode, sync=step.sync)
    elif isinstance(step, Insert):
        _insert(step)
    elif isinstance(step, Remove):
        _unlink(step.path)
    elif isinstance(step, Signal):
        for pid in step.pids:
            signals.send(pid, step.number)
    elif isinstance(step, Act):
        status = step.do()
        return status if isinstance(status, int) else 0
    elif isinstance(step, Run):
        return _captured(step) if step.stdio == "capture" else _started(step)
    return 0


def _captured(step: Run) -> int:
    """Run it for its words; those that a judge understands get nothing of our environment."""
    env = step.env if step.judge else dict(os.environ)
    try:
        done = process.run(step.argv, timeout=step.patience, env=env, grace=step.grace)
    except Timeout as ended:
        raise step.late or ended from None
    if step.judge is None:
        done.check()
        return 0
    error = step.judge(done)
    if error is not None:
        raise error
    return 0


def _started(step: Run) -> int:
    if step.at:
        os.chdir(step.at)
    if step.detached:
        return process.detached(step.argv)
    start = process.foreground if step.foreground else process.attached
    status = start(step.argv, step.stdio)
    if status != 0 and not step.any_status:
        raise CommandFailed(
            f"{os.path.basename(step.argv[0])}: {process.ending(status)}",
            argv=process.paste(step.argv),
            status=status,
        )
    return status


def _insert(step: Insert) -> None:
    """Everything at once: readers see the file before or after."""
    os.makedirs(os.path.dirname(step.lock), exist_ok=True)
    lock = files.Lock(step.lock)
    try:
        lock.acquire(step.path)
        rows = files.read(step.path, 1 << 20).decode(errors="surrogateescape").splitlines()
        at = next((i for i, row in enumerate(rows) if row.startswith("[")), len(rows))
        rows[at:at] = step.lines
        files.replace(step.path, ("\n".join(rows) + "\n").encode(errors="surrogateescape"), 0o640)
    except FileNotFoundError:
        raise NotFound(f"{step.path} was removed meanwhile", code="file-missing") from None
    except OSError as error:
        raise from_os(error, f"cannot change {step.path}") from None
    finally:
        lock.release()


def _unlink(path: str) -> None:
    if os.path.lexists(path):
        os.unlink(path)


def _undo(step: Step) -> None:
    if isinstance(step, MakeDir):
        files.remove_tree(step.path)
    elif isinstance(step, Write):
        _unlink(step.path)
    elif isinstance(step, Act):
        if step.back:
            step.back()
    elif isinstance(step, Run) and step.undo and (step.undo_when is None or step.undo_when()):
        done = process.run(step.undo, timeout=min(step.patience, UNDO_PATIENCE))
        error = step.judge(done) if step.judge else None
        if error is not None:
            raise error
        if step.judge is None:
            done.check()
