"""Carry out a plan: write down the intent, do the steps, undo them when one fails."""

import os

from nexcage import log
from nexcage.errors import CommandFailed, NexcageError, from_os
from nexcage.host import files, process, signals
from nexcage.plan import MakeDir, Plan, Run, Step, Write

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
                if isinstance(step, Run):  # may have done half its work when it fails
                    done.append(step)
                    status = _do(step)
                else:
                    _do(step)
                    done.append(step)
        except BaseException:
            undo(done)
            raise
    return status


def undo(steps: list[Step]) -> None:
    """Undo ``steps`` in reverse order; harmless for those that were never done."""
    for step in reversed(steps):
        try:
            _undo(step)
        except (NexcageError, OSError) as error:
            log.warning(f"could not undo: {step}: {error}", code="undo-failed")


def _do(step: Step) -> int:
    if isinstance(step, MakeDir):
        try:
            os.mkdir(step.path, step.mode)
        except OSError as error:
            raise from_os(error, f"cannot make {step.path}") from None
    elif isinstance(step, Write):
        files.write_new(step.path, step.data, step.mode)
    elif isinstance(step, Run):
        if step.stdio == "capture":
            process.run(step.argv, timeout=float("inf"), env=dict(os.environ)).check()
            return 0
        start = process.foreground if step.foreground else process.attached
        status = start(step.argv, step.stdio)
        if status != 0 and not step.any_status:
            raise CommandFailed(
                f"{os.path.basename(step.argv[0])}: {process.ending(status)}",
                argv=process.paste(step.argv),
                status=status,
            )
        return status
    return 0


def _undo(step: Step) -> None:
    if isinstance(step, MakeDir):
        files.remove_tree(step.path)
    elif isinstance(step, Write):
        if os.path.lexists(step.path):
            os.unlink(step.path)
    elif step.undo:
        process.run(step.undo).check()
