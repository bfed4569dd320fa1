"""What an option's value or an operand can be, from the word that help shows for it."""

import re

from nexcage.cli.completing import containers
from nexcage.cli.options import Option, Values
from nexcage.cli.verbs import PACKAGES, VERBS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

NONE, FILES, DIRECTORIES = "none", "files", "dirs"
OPERAND = re.compile(r"[A-Za-z][\w|-]*(?:\.\.\.)?")
ALTERNATIVES = re.compile(r"[a-z0-9]+(?:\|[a-z0-9]+)+")
# words for places; a socket and a Jinja2 template are files
PLACES = {"DIR": DIRECTORIES, "BUNDLE": DIRECTORIES, "FILE": FILES, "PATH": FILES, "SOCKET": FILES}
INSIDE = {
    ("exec", "cwd"),
    ("exec", "cgroup"),
    ("bundle create", "cwd"),
}  # options about places in a container
NEW = ("create", "run", "restore")  # their ID is a name that nobody has yet


class Answer:
    """Words with one line each about them, and whether names of files or directories fit too."""

    def __init__(self, words: list[tuple[str, str]] | None = None, places: str = NONE) -> None:
        self.words = words or []
        self.places = places


def of_option(option: Option, verb: str, given: Values) -> Answer:
    """What may follow ``--name``."""
    if option.choices:
        return _plain(option.choices)
    if ALTERNATIVES.fullmatch(option.metavar):
        return _plain(option.metavar.split("|"))
    if option.name == "columns":
        from nexcage.cli.list import COLUMNS

        return _plain([*COLUMNS, "upstream"])
    if option.name in ("cap", "cap-add", "cap-drop"):
        from nexcage.host.facts import CAPABILITIES

        return _plain([("CAP_" if option.name == "cap" else "") + name for name in CAPABILITIES])
    if option.metavar == "SIGNAL":
        return _signals()
    if option.name == "name" and verb not in NEW:
        return containers.fitting(verb, given, "")
    if (verb, option.name) in INSIDE:
        return Answer()
    first = option.metavar.partition("|")[0].partition(".")[0]
    return Answer(places=PLACES.get(first, NONE))


def of_operand(verb: str, module: "ModuleType | None", before: list[str], given: Values, word: str) -> Answer:
    """What may stand after the operands ``before``; ``word`` is the beginning of it."""
    if verb == "help":
        return _of_help(before)
    kinds = OPERAND.findall(str(module.OPERANDS)) if module else []
    if len(before) < len(kinds):
        kind = kinds[len(before)]
    elif kinds and kinds[-1].endswith("..."):
        kind = kinds[-1]
    else:
        return Answer()
    kind = kind.removesuffix("...")
    if kind == "ID" and verb not in NEW:
        found = containers.fitting(verb, given, word)
        found.words = [one for one in found.words if one[0] not in before]
        return found
    if kind == "GROUP":
        from nexcage.checks import GROUPS

        return _plain([group for group in GROUPS if group not in before])
    if kind == "KEY":
        from nexcage.config.keys import BY_NAME

        return _plain([name for name in BY_NAME if name not in before])
    if kind == "SIGNAL":
        return _signals()
    if kind.islower():
        return _plain(kind.split("|"))
    if verb == "pull" and kind == "PATH":
        return Answer()  # a place in the container
    if verb == "exec":
        return Answer(places=FILES if before[1:] else NONE)
    return Answer(places=PLACES.get(kind, NONE))


def _of_help(before: list[str]) -> Answer:
    """Verbs, the second words of a package, and codes of errors."""
    if before == ["errors"]:
        from nexcage.cli import catalogue

        return Answer([(code, entry.meaning) for code, entry in catalogue.CODES.items()])
    if not before:
        firsts = {verb.partition(" ")[0]: "" for verb in VERBS}
        return _plain([*firsts, "errors"])
    mine = [verb for verb in VERBS if before[0] in PACKAGES and verb.startswith(before[0] + " ")]
    return _plain([verb.partition(" ")[2] for verb in mine] if len(before) == 1 else [])


def _signals() -> Answer:
    import _signal  # type: ignore[import-not-found]

    names = [name[3:] for name in dir(_signal) if name.startswith("SIG") and name[3:4].isalpha()]
    return _plain(sorted(name for name in names if not name.startswith("RT")))


def _plain(words: "list[str] | tuple[str, ...]") -> Answer:
    return Answer([(word, "") for word in words])
