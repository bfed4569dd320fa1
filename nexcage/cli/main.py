"""From argv to a verb, and from an error to one line and an exit status."""

import os
import sys
import time

from nexcage import __version__, log
from nexcage.cli.call import GLOBALS, Call
from nexcage.cli.log_settings import TELL_THEMSELVES, logging
from nexcage.cli.options import Values, parse, unknown
from nexcage.cli.verbs import PACKAGES, VERBS, module_name
from nexcage.errors import InvalidConfig, NexcageError, UsageError, from_os, told
from nexcage.state import operations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["logging", "main"]
# verbs of other programs
ELSEWHERE = {
    "attach": "exec",
    "destroy": "delete",
    "generate-config": "spec",
    "info": "state",
    "ls": "list",
    "remove": "delete",
    "rm": "delete",
    "shutdown": "stop",
    "snapshots": "snapshot",
    "status": "state",
    "top": "ps",
    "unpause": "resume",
}


def main(argv: list[str]) -> int:
    """Run one command; returns its exit status and leaves no exception."""
    began = time.monotonic()
    log.begin()
    _standard_streams()
    status = _guarded(argv)
    if log.debugging():
        log.debug("ended", status=status, duration_ms=round((time.monotonic() - began) * 1000, 1))
    return status


def _guarded(argv: list[str]) -> int:
    verb = ""
    before: Values = {}
    try:
        before, rest = parse(argv, GLOBALS, stop_early=True)
        if rest:
            verb = rest.pop(0)
        if verb in PACKAGES and rest and f"{verb} {rest[0]}" in VERBS:
            verb += " " + rest.pop(0)
        status = _dispatch(verb, before, rest)
        _flush()
        return status
    except NexcageError as error:
        if not log.settled():
            _settle_anyway({**before, **(getattr(error, "given", None) or {})}, verb)
        _report(error)
        return error.exit_code
    except KeyboardInterrupt:
        log.info("interrupted by signal 2", code="interrupted")
        return 130
    except BrokenPipeError:
        _drop_output()  # its reader has gone; nothing is left to tell it
        return 1
    except OSError as error:
        _drop_output()
        _report(from_os(error, f"cannot use {error.filename}" if error.filename else "the system refuses"))
        return 1
    except RecursionError:
        log.error("nested too deeply", code="too-deep")
        return 1
    except Exception as error:  # noqa: BLE001 -- no traceback for people, and a line in the log for all
        _internal(error)
        return 1


def _settle_anyway(values: Values, verb: str) -> None:
    """Find the log of a command line that was not understood, as far as it was."""
    try:
        logging(values, verb)
    except NexcageError:
        return  # of two mistakes the first is told; what was right about the log is in force


def _internal(error: Exception) -> None:
    """Report what nobody foresaw; with --debug also how it came to it."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" ({os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno})" if place else ""
    if log.debugging():
        import traceback

        for line in "".join(traceback.format_exception(error)).splitlines():
            log.debug(line)
    log.error(
        f"internal error{where}: {type(error).__name__}: {error}",
        hint="this is a defect of nexcage: please report it with the output of --debug",
        code="internal",
    )


def _standard_streams() -> None:
    """Open /dev/null for descriptors 0 to 2 that are closed, before a file of ours takes the number."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        handle = 0
        while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(handle, True)
        os.close(handle)
        sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
        sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115


def _flush() -> None:
    """Write what is left of the output; losing it is a failure of the command."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _drop_output()
        raise from_os(error, "cannot write the output") from None


def _drop_output() -> None:
    """Forget what is still to be written to standard output."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _dispatch(verb: str, before: Values, rest: list[str]) -> int:
    if before.get("version"):
        verb = "version"
    if not verb:
        if before.get("help"):
            verb = "help"
        else:
            raise UsageError("no verb given", hint='see "nexcage help"')
    if verb in PACKAGES:
        return _package(verb, before, rest)
    if verb not in VERBS:
        raise _unknown_verb(verb)
    module = _module(verb)
    options = [*module.OPTIONS, *GLOBALS]
    values, operands = parse(rest, options, stop_early=getattr(module, "STOP_EARLY", False))
    values = {**before, **values}
    unusable = logging(values, verb)
    if log.debugging():
        log.debug("began", version=__version__, pid=os.getpid(), request=log.request())
    if values.get("help") and verb != "help":
        from nexcage.cli.help import verb_help

        print(verb_help(verb, module))
        return 0
    call = Call(verb, values, operands)
    try:
        return _run(call, module)
    finally:
        known = call.told_unusable or isinstance(sys.exception(), InvalidConfig)
        if unusable and verb not in TELL_THEMSELVES and not known:
            log.warning(f"{unusable.message}: nothing of it is in use for the log", code=unusable.code)


def _run(call: Call, module: "ModuleType") -> int:
    lists = call.verb == "snapshot" and len(call.operands) < 2 and not call.flag("remove")
    if call.verb not in operations.VERBS or call.flag("dry-run") or lists:
        return int(module.run(call))
    return _counted(call, module)


def _unknown_verb(verb: str) -> UsageError:
    if verb in ELSEWHERE:
        return UsageError(f'unknown verb "{verb}"', hint=f"it is called {ELSEWHERE[verb]} here")
    return unknown("verb", verb, [*VERBS, *PACKAGES])


def _counted(call: Call, module: "ModuleType") -> int:
    """Run it, and write down how it went; a duration that is a program's is none of the command."""
    result, began = "ok", time.monotonic()
    try:
        return int(module.run(call))
    except NexcageError as error:
        result = error.code
        raise
    except BaseException as error:
        result = _slug(error)
        raise
    finally:
        _note(call, result, time.monotonic() - began)


def _note(call: Call, result: str, seconds: float) -> None:
    waits = call.verb in operations.WAITING and not call.flag("detach")
    try:
        roots = [store.root for store in call.stores()]
    except UsageError:
        return  # --root names no place
    operations.note(roots, call.verb, call.used, result, -1 if waits else round(seconds * 1000))


def _slug(error: BaseException) -> str:
    """The code of an error that is not ours."""
    if isinstance(error, OSError):
        return from_os(error, "").code
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return "too-deep" if isinstance(error, RecursionError) else "internal"


def _package(name: str, before: Values, rest: list[str]) -> int:
    """``nexcage bundle`` without one of its verbs: help if asked, else an error."""
    from nexcage.cli.help import package_help

    if before.get("help") or rest[:1] in (["--help"], ["-h"]):
        print(package_help(name))
        return 0
    if rest:
        raise unknown("verb", f"{name} {rest[0]}", [verb for verb in VERBS if verb.startswith(name + " ")])
    raise UsageError(f"no verb given after {name}", hint=f'see "nexcage help {name}"')


def _module(verb: str) -> "ModuleType":
    name = module_name(verb)
    __import__(name)  # importlib would cost an import of its own
    return sys.modules[name]


def _report(error: NexcageError) -> None:
    if log.debugging() and "argv" in error.data:
        log.debug(f"the command that failed: {error.data['argv']}")
    fields = {name: value for name, value in error.data.items() if value not in ("", None)}
    log.error(told(error), error.hint, code=error.code, **fields)
