"""The pages of section 1: the command, and each verb from its module."""

import importlib
import inspect

from nexcage.cli.call import GLOBALS
from nexcage.cli.manual import roff
from nexcage.cli.options import Option
from nexcage.cli.verbs import GROUPS, VERBS, module_name

EXITS = """
0: done. 1: the operation failed. 2: the command line, the bundle or the configuration cannot be used.

run and exec end with the status of the program, or 128 and the number of the signal that ended it. check and
health: 0 when all is well, 1 for warnings, 2 for failures.
"""
ENVIRONMENT = {
    "NEXCAGE_CONFIG": "the configuration file, as --config",
    "NEXCAGE_DEBUG": "1 or true: as --debug",
    "NEXCAGE_REQUEST_ID": "joins the log lines of a command with those of its caller",
    "NEXCAGE_RUNTIME": "the driver that holds new containers, as --runtime",
    "NO_COLOR": "anything: no colours on a terminal",
    "COLUMNS": "how wide a terminal is taken to be, in place of what it tells",
}
FILES = {
    "/etc/nexcage/config.json": "the configuration",
    "/etc/nexcage/nexcage.json": "the configuration where there is no config.json",
    "/run/nexcage": "records of containers that end with the boot: those of crun, runc and jail",
    "/var/lib/nexcage/containers": "records of containers that outlive it: those of Proxmox VE",
    "/var/cache/nexcage": "layers of images",
}


def names() -> dict[str, str]:
    """verb → the name of its page."""
    return {verb: "nexcage-" + verb.replace(" ", "-") for verb in VERBS if VERBS[verb][0] in GROUPS}


def overview(date: str) -> str:
    """nexcage(1)."""
    about = [
        "runs containers made from OCI bundles.",
        "A driver holds each container: crun or runc on Linux, pct on Proxmox VE, jail on FreeBSD.",
        "Which one is decided once, when the container is made; later verbs find it in the record.",
        "Data goes to standard output, everything else to standard error.",
    ]
    parts = [
        ("SYNOPSIS", [".Nm nexcage", ".Op Ar option ...", ".Ar verb", ".Op Ar argument ..."]),
        ("DESCRIPTION", [".Nm nexcage", *roff.filled(" ".join(about))]),
    ]
    verbs: list[str] = []
    for group, title in GROUPS.items():
        mine = [(verb, what) for verb, (of, what) in VERBS.items() if of == group]
        verbs.append(f".Ss {roff.words(title)}")
        verbs += roff.tagged([(f".Xr {names()[v]} 1".removeprefix("."), roff.filled(w)) for v, w in mine])
    options = ["Before or after the verb:", *roff.tagged([(_head(o), _about(o)) for o in GLOBALS])]
    parts += [
        ("VERBS", verbs),
        ("GLOBAL OPTIONS", options),
        ("ENVIRONMENT", _environment()),
        ("FILES", roff.tagged([(f"Pa {path}", roff.filled(text)) for path, text in FILES.items()])),
        ("EXIT STATUS", roff.prose(EXITS)),
        ("SEE ALSO", roff.see([("nexcage-config", 5), ("nexcage-errors", 7), ("crun", 1), ("runc", 8)])),
    ]
    return roff.page("nexcage", 1, "containers on pct, crun, runc and jail", parts, date)


def _environment() -> list[str]:
    lines = roff.tagged([(f"Ev {name}", roff.filled(text)) for name, text in ENVIRONMENT.items()])
    return [*lines, ".Pp", "Each key of the configuration has a variable too, see", ".Xr nexcage-config 5 ."]


def verb_page(verb: str, date: str) -> str:
    """nexcage-VERB(1)."""
    module = importlib.import_module(module_name(verb))
    name = names()[verb]
    synopsis = [".Nm nexcage", f".Cm {verb}", ".Op Ar option ..."]
    synopsis += [f".Ar {roff.words(module.OPERANDS)}"] if module.OPERANDS else []
    parts = [("SYNOPSIS", synopsis), ("DESCRIPTION", roff.prose(inspect.getdoc(module) or ""))]
    if module.OPTIONS:
        parts.append(("OPTIONS", roff.tagged([(_head(o), _about(o)) for o in module.OPTIONS])))
    examples: list[str] = []
    for what, command in module.EXAMPLES:
        examples += ([".Pp"] if examples else []) + [*roff.filled(roff.sentence(what)[:-1] + ":")]
        examples += roff.literal([command])
    group = VERBS[verb][0]
    near = [(names()[v], 1) for v, (of, _) in VERBS.items() if of == group and v != verb]
    parts += [
        ("EXAMPLES", examples),
        ("SEE ALSO", roff.see([("nexcage", 1), ("nexcage-errors", 7), *near])),
    ]
    return roff.page(name, 1, VERBS[verb][1], parts, date)


def _head(option: Option) -> str:
    short = f"Fl {option.short} , " if option.short else ""
    value = f" Ar {roff.words(option.metavar)}" if option.metavar else ""
    return f"{short}Fl -{option.name}{value}"


def _about(option: Option) -> list[str]:
    return roff.filled(option.help + (" (repeatable)" if option.many else ""))
