"""What a call of pct, pvesh, pvesm, pveam, pveversion or pvecm came to: nothing, or an error of ours.

The text decides, never the exit status: that one is an accident of the last
system call. Some calls even exit 0 when they fail, and others print warnings
only. What no table knows is passed on whole.
"""

import re

from nexcage import redact
from nexcage.drivers._call import alternatives, clipped, one_line, soften
from nexcage.drivers.pct import frames
from nexcage.drivers.pct.call import Call
from nexcage.drivers.pct.texts import TABLE
from nexcage.drivers.pct.texts.causes import CAUSES, OPAQUE, SILENT
from nexcage.errors import NexcageError
from nexcage.host import process

UNKNOWN = "pct-failed"
# calls that exit 0 when they failed: what they print on stderr is the error
_EXIT_0 = (
    "pct push",
    "pct pull",
    "pct template",
    "pct resize",
    "pvesh create",
    "pvesh delete",
    "pveam download",
    "pveam update",
    "pvesm free",
)
# calls whose status and output are those of a program in the container
_INSIDE = ("pct exec", "pct enter", "pct console")
# calls that say on stdout that they failed, with status 0
_TELLING = {name for name, _ in SILENT}
# what pct itself says there, at the beginning
_OWN = (
    r"container '\d+' not running!",
    "Configuration file '",
    "CT is locked",
    r"40[013] ",
    "Unknown option: ",
    r"Option \S+ requires",
    r"missing command\b",
    "ipcc_send_rec",
    "Unable to load access",
    "please run as root",
    "ERROR: ",
    "can't lock file",
    "unable to (?:open file|parse) '/etc/pve",
)
_ATTACH = r"^lxc-attach: .*?(?P<error>[A-Z][^-\n]*?) - Failed to exec \"(?P<program>.*)\""
_ATTACH_FAILED = r"\Alxc-attach: \d+: \S+: \w+: \d+ (?P<rest>.+)$"
# lines of stderr that warn, but are not why a call failed
_WARNING = (
    r"vm \d+ - ",
    "lxc-info: ",
    r"ignoring '\w+', cannot ",
    r"cannot delete '\w+' - not set",
    r" *(?:WARN|WARNING|[Ww]arning|NOTE): ",
    "unable to open file '/var/lib/pve-manager/apl-info/",
)
# lines of stderr that mean nothing: Perl's own, progress, what is said elsewhere
_NOISE = (
    "Use of uninitialized value ",
    "perl: warning: ",
    "locale: ",
    r"\t(?:LC_|LANG)",
    r"\s+are supported and installed",
    r"trying to acquire (?:cfs )?lock",
    r"Task finished with \d+ warning",
    r"\d+\+\d+ records (?:in|out)",
    r"\d+ bytes .* copied, ",
    "UPID:",
)
_PLACE = re.compile(r" at /\S+ line \d+(?:, <\w+> (?:line|chunk) \d+)?\.?$", re.MULTILINE)
_TASK = re.compile(r"^(?:TASK ERROR: |unable to (?:create|restore) (?:CT|VM) \d+ - )", re.MULTILINE)


def classify(
    tool: str, argv: list[str], status: int, stdout: str, stderr: str, *, id: str, vmid: int | None
) -> NexcageError | None:
    """The error that ``argv`` ended with, None when it succeeded (also with `warnings`).

    ``argv[0]`` is the program; ``id`` is nexcage's id of the container ("" for none), ``vmid``
    its number. The error's ``data`` has ``argv``, ``status`` and ``stderr``, without secrets.
    In exec, enter and console a status other than 0 is the program's own and no error.
    """
    if not status and not stderr and " ".join([tool, *argv[1:2]]) not in _TELLING:
        return None  # long lists are not searched
    values = redact.secrets(argv)
    stdout, stderr = redact.hide(stdout, values), redact.hide(stderr, values)
    call = Call(tool, redact.shown(argv, values), status, stderr, id, vmid)
    said = "\n".join(line for line in stderr.splitlines() if not _begins(line, _WARNING + _NOISE)).strip("\n")
    if call.name in _INSIDE:
        return _inside(call, said) if status else None
    if not status:
        for name, row in SILENT:
            found = call.search([row], stdout) if name == call.name else None
            if found is not None:
                return found
        if call.name not in _EXIT_0 or not said.strip():
            return None
    killed = 128 < status <= 192  # it came to no last word
    last = "" if killed else "\n".join(stdout.strip().splitlines()[-3:])
    return _error(call, said.strip() or stderr.strip() or last or process.ending(status), stdout)


def warnings(stdout: str, stderr: str) -> list[str]:
    """What a call that succeeded warned of, a line each; not for exec, whose stderr is the program's."""
    marked = [line for line in stdout.splitlines() if line.startswith(("WARN: ", "WARNING: "))]
    texts = marked + [line for line in stderr.splitlines() if not _begins(line, _NOISE)]
    if not texts:
        texts = [line for line in stderr.splitlines() if line.startswith("Task finished with ")]
    lines = [one_line(redact.hide(re.sub(r"^\s*WARN(?:ING)?: ", "", text), [])) for text in texts]
    return list(dict.fromkeys(line for line in lines if line))


def _begins(line: str, patterns: tuple[str, ...]) -> bool:
    return re.match(alternatives(patterns), line) is not None


def _inside(call: Call, said: str) -> NexcageError | None:
    """The error of pct exec and alike; None when the program inside ran, whatever came of it."""
    said = clipped(said)
    missing = re.search(_ATTACH, said, re.MULTILINE)
    if missing is not None:
        program, error = one_line(missing["program"]), one_line(missing["error"])
        if "No such file" in error:
            # the words that podman and docker look for
            return call.failed(f'executable file "{program}" not found in $PATH', "executable-missing")
        reason = soften(error).lower()
        return call.failed(call.prefixed(f'executable file "{program}": {reason}'), "executable-denied")
    failed = re.search(_ATTACH_FAILED, said, re.MULTILINE)
    if failed is not None:
        return call.failed(call.prefixed(f"lxc-attach: {soften(one_line(failed['rest']))}"), "exec-failed")
    return _error(call, said, "") if _begins(said, _OWN) else None


def _error(call: Call, said: str, stdout: str) -> NexcageError:
    said = _PLACE.sub("", said)
    found = frames.error(call, said)
    if found is not None:
        return found
    reason = _TASK.sub("", said)
    if re.search(alternatives(OPAQUE), clipped(reason), re.MULTILINE):
        found = call.search(CAUSES, f"{stdout}\n{reason}")
    found = found or call.search(TABLE, reason)
    if found is not None:
        return found
    words = soften(one_line(frames.without_usage(said) or said)) or process.ending(call.status)
    return call.failed(call.prefixed(f"{call.name}: {words}"), UNKNOWN)
