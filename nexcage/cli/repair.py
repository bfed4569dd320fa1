"""Finish or undo what was interrupted, and remove what is left of it.

Creates that were cut short are undone; deletes, updates and stops are finished.
Records that were lost are written again from the containers themselves, those
whose container is gone are removed; so are stale mounts, journals and temporary
files. Only what nexcage has made is touched, and nothing on which a command
works now. What it would do is shown first.
"""

import os
import sys

from nexcage import checks
from nexcage.checks import Host, Result
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.errors import Locked, NexcageError, NotFound, from_os
from nexcage.jsontext import dumps
from nexcage.log import one_line

OPTIONS = (Option("yes", "do not ask", short="y"),)
OPERANDS = ""
EXAMPLES = (
    ("see what it would do", "nexcage --dry-run repair"),
    ("after a crash, in a script", "nexcage repair --yes"),
)
ROUNDS = 8  # what one mend uncovers, the next round mends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.repair import Mend


def run(call: Call) -> int:
    """0: nothing is left to mend; 1: something could not be mended, or was not to be."""
    call.no_more()
    form = call.output_format("text", "json")
    call.config()  # without it, what lies in a configured root would look like what is left of something
    found = _mendable(call)
    if call.flag("dry-run"):
        _show(found, form, "todo")
        return 0
    if found and not call.flag("yes"):
        _ask(found)
    done, failed = _mend(call, found, quiet=form == "json")
    if form == "json":
        print(dumps({"done": [_row(r) for r in done], "failed": [_row(r, e) for r, e in failed]}, 2))
    elif not found:
        print("nothing to mend")
    return 1 if failed else 0


def _mendable(call: Call) -> list[Result]:
    """Mounts first: what they lie on cannot be removed before."""
    found = [result for result in checks.run(Host(call), ("state",)) if result.mend]
    return sorted(found, key=lambda result: result.name != "mounts")


def _mend(
    call: Call, found: list[Result], *, quiet: bool
) -> tuple[list[Result], list[tuple[Result, NexcageError]]]:
    """Mend until nothing more is found, at most `ROUNDS` times; what failed is not tried twice."""
    done: list[Result] = []
    failed: list[tuple[Result, NexcageError]] = []
    tried: set[str] = set()
    for _ in range(ROUNDS):
        fresh = [result for result in found if _words(result) not in tried]
        if not fresh:
            break
        for result in fresh:
            tried.add(_words(result))
            error = _attempt(_of(result))
            if error is None:
                done.append(result)
            else:
                failed.append((result, error))
            if not quiet:
                _report(result, error)
        found = _mendable(call)
    return done, failed


def _attempt(mend: "Mend") -> NexcageError | None:
    try:
        mend.do()
    except NotFound:
        return None  # with what was mended before, or by somebody else
    except NexcageError as error:
        return error
    except OSError as error:
        return from_os(error, f"cannot use {error.filename}" if error.filename else "the system refuses")
    return None


def _report(result: Result, error: NexcageError | None) -> None:
    if error is None:
        print(f"done: {one_line(_words(result))}", flush=True)
        return
    what = "busy" if isinstance(error, Locked) else "failed"
    print(f"{what}: {one_line(_words(result))}: {one_line(error.message)}", flush=True)
    if error.hint:
        print(f"hint: {one_line(error.hint)}", flush=True)


def _show(found: list[Result], form: str, key: str) -> None:
    if form == "json":
        print(dumps({key: [_row(result) for result in found]}, 2))
        return
    for result in found:
        print(f"{one_line(result.message)}\n  {one_line(_words(result))}")
    if not found:
        print("nothing to mend")


def _ask(found: list[Result]) -> None:
    """Show the plan and wait for a yes; anything else is an error."""
    if not (os.isatty(0) and os.isatty(2)):
        raise NexcageError(
            f"{len(found)} {'thing' if len(found) == 1 else 'things'} to mend, and nobody to ask",
            code="not-confirmed",
            hint="see what with nexcage --dry-run repair, then nexcage repair --yes",
        )
    _show(found, "text", "")
    sys.stdout.flush()
    sys.stderr.write("Do this? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise NexcageError("nothing was done", code="not-confirmed")


def _of(result: Result) -> "Mend":
    assert result.mend is not None  # noqa: S101
    return result.mend


def _words(result: Result) -> str:
    return _of(result).words


def _row(result: Result, error: NexcageError | None = None) -> dict[str, object]:
    row: dict[str, object] = {"found": result.message, "repair": _words(result), "data": result.data}
    return {**row, "error": error.message, "code": error.code} if error else row
