"""What a call of one of FreeBSD's tools for jails came to: nothing, or an error of ours.

jail, jls and jexec exit 0 or 1, whatever happened, so the text decides. jexec becomes the program that it
runs: only what it says before that, and with status 1, is its own. What no table knows is passed on whole.
"""

import re

from nexcage.drivers import _call
from nexcage.drivers._call import clipped, one_line, soften
from nexcage.drivers.jail.texts import CHILDREN, CREATING, TABLE
from nexcage.errors import NexcageError
from nexcage.host import process

UNKNOWN = "jail-failed"
TOOLS = (
    *("jail", "jls", "jexec", "rctl", "devfs", "cpuset", "mount", "umount", "ifconfig"),
    *("ps", "pkill", "pgrep", "kldload", "kldstat", "sysctl"),
)
# tools whose status 1 without a word says that they found no process
_FINDING = ("ps", "pkill", "pgrep")
_LONGEST = 255  # bytes of a name, for the kernel
_WITH_VALUE = "efJnsuU"  # options of jail(8) that take one
# what jail(8) runs on its own account; of other programs, only jail's own lines tell about the call
_ITS_OWN = r"^jail: (?:.*: )?/sbin/(?:ifconfig|u?mount\w*) .*: failed$"
_FAILED = r"^jail: .*: (?:failed|timed out|exited on signal \d+.*)$"
_PROGRAM = (
    r"^(?:jexec: exec[lv]p(?:\(\))?:|jail: (?:.*: )?(?:exec|execvp:)) "
    r"(?P<program>.*): (?P<error>[A-Z][^:\n]*)$"
)


class Call(_call.Call):
    """A call of a tool; ``verb`` is jail's letter (c, m, r, R), or the first word that is no option."""

    def __init__(
        self, tool: str, argv: list[str], status: int, stderr: str, id: str, jid: int | None
    ) -> None:
        super().__init__(tool, argv, status, stderr, _call.container(id, "JID", jid))
        self.letters = _letters(argv) if self.tool == "jail" else ""
        if self.tool in ("jail", "jls", "jexec", "rctl"):
            self.verb = "".join(f"-{letter}" for letter in self.letters[:1])
        self.name = f"{self.tool} {self.verb}".rstrip()
        long = [word.partition("=") for word in argv if _size(word.partition("=")[2]) > _LONGEST]
        self.fields = {
            "what": self.what or "the container",
            "id": id or "ID",
            "jid": str(jid) if jid is not None else "JID",
            "tool": self.tool,
            "verb": self.verb,
            "fstype": one_line("".join(argv[argv.index("-t") + 1 :][:1])) if "-t" in argv else "",
            "long": f'the parameter "{one_line(long[0][0])}"' if long else "a name",
        }
        self.below = any(word.startswith("name=") and "." in word for word in argv)


def classify(
    tool: str, argv: list[str], status: int, stdout: str, stderr: str, *, id: str, jid: int | None
) -> NexcageError | None:
    """The error that ``argv`` ended with, None when it succeeded.

    ``id`` is nexcage's id of the container ("" for none), ``jid`` its jail's number. Status 1 of
    ps, pkill and pgrep without a word is none: there was no process. A status of jexec other than 0
    is the program's in the jail, unless jexec itself says that it could not run it.
    """
    if not status:
        return None
    call = Call(tool, argv, status, stderr, id, jid)
    said = stderr.strip("\n")
    if call.tool == "jexec" and not (status == 1 and _is_own(said)):
        return None
    if call.tool in _FINDING and status == 1 and not said.strip():
        return None
    killed = 128 < status <= 192  # it came to no last word
    last = "" if killed else "\n".join(stdout.strip().splitlines()[-3:])
    return _error(call, said.strip() or last or process.ending(status))


def _letters(argv: list[str]) -> str:
    """The verbs among the options of jail(8): "c", "m", "r", "R"."""
    found = ""
    skip = False
    for word in argv[1:]:
        if skip:
            skip = False
        elif not word.startswith("-") or word in ("-", "--"):
            break
        else:
            found += "".join(letter for letter in word if letter in "cmrR")
            skip = word[-1] in _WITH_VALUE
    return found


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))


def _is_own(said: str) -> bool:
    """Whether jexec says this, before it becomes another program: every line is its own."""
    lines = said.splitlines()
    first = bool(lines) and lines[0].startswith(("jexec: ", "usage: jexec"))
    return first and all(line.startswith(("jexec: ", "usage: ", " ")) for line in lines)


def _error(call: Call, said: str) -> NexcageError:
    text = clipped(said)
    if re.search(_FAILED, text, re.MULTILINE) and not re.search(_ITS_OWN, text, re.MULTILINE):
        # the words before are those of a program that jail ran
        text = "\n".join(line for line in text.split("\n") if line.startswith("jail: "))
    program = re.search(_PROGRAM, text, re.MULTILINE)
    if program is not None:
        return _not_run(call, one_line(program["program"]), one_line(program["error"]))
    words = soften(one_line("\n".join(s for s in text.split("\n") if not re.match(_FAILED, s)) or text))
    special = (*(CREATING if "c" in call.letters else ()), *(CHILDREN if call.below else ()))
    found = call.search((*special, *TABLE), text, said=words)
    if found is not None:
        return found
    return call.failed(call.prefixed(f"{call.name}: {soften(one_line(said))}"), UNKNOWN)


def _not_run(call: Call, program: str, error: str) -> NexcageError:
    """The error of a program that could not be run in the jail."""
    if error == "No such file or directory":
        # the words that podman and docker look for
        return call.failed(f'executable file "{program}" not found in $PATH', "executable-missing")
    return call.failed(
        call.prefixed(f'executable file "{program}": {soften(error).lower()}'), "executable-denied"
    )
