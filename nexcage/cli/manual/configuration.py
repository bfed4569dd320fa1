"""The page of section 5: the configuration file, from the table of its keys."""

from pathlib import Path

from nexcage.cli.manual import roff
from nexcage.config.keys import KEYS, MUST, PATTERNS, Key

EXAMPLE = Path(__file__).parents[3] / "packaging" / "config.example.json"
ABOUT = """
The configuration is one file of JSON. It is the one of --config, else that of the variable NEXCAGE_CONFIG,
else /etc/nexcage/config.json, else /etc/nexcage/nexcage.json. Without a file the defaults hold. The working
directory is never searched.

Each value is taken from the first of these that has it: the command line, the environment, the file, the
default. An empty variable counts as none. A key that is not listed here, one that is there twice, and a
value that it cannot have are errors that name the file and the key, and every verb then ends with status 2.

"runtime.log_level" is the member log_level of the object runtime. Each key may be given under its other
names, which are those of the older nexcage, but not under two names with different values.
"""
RULES = """
The members of a rule are pattern (or name), annotation, os and runtime. The first rule of which all
conditions hold decides. A pattern that begins with ^, ends with $ or contains .* is a regular expression;
any other one is a glob for the whole name, with *, ? and [...]. "nexcage route" tells which rule decides,
and why.
"""


def page(date: str) -> str:
    """nexcage-config(5)."""
    sections = dict.fromkeys(key.name.rpartition(".")[0] for key in KEYS)
    keys: list[str] = []
    for section in sections:
        mine = [key for key in KEYS if key.name.rpartition(".")[0] == section]
        keys.append(f".Ss {roff.words(_TITLES[section])}")
        keys += roff.tagged([(f"Va {key.name}", _about(key)) for key in mine])
    keys += [".Ss Older nexcage", *roff.tagged([(f"Va {PATTERNS}", roff.filled(_PATTERNS))])]
    example = EXAMPLE.read_text().rstrip("\n").split("\n")
    parts = [
        ("DESCRIPTION", roff.prose(ABOUT)),
        ("KEYS", keys),
        ("RULES", roff.prose(RULES)),
        ("FILES", roff.tagged([(f"Pa {path}", []) for path in _FILES])),
        ("EXAMPLES", roff.literal(example)),
        (
            "SEE ALSO",
            roff.see(
                [
                    ("nexcage", 1),
                    ("nexcage-config-show", 1),
                    ("nexcage-config-check", 1),
                    ("nexcage-route", 1),
                ]
            ),
        ),
    ]
    return roff.page("nexcage-config", 5, "configuration of nexcage", parts, date)


_TITLES = {
    "": "Without a section",
    "runtime": "runtime",
    "network": "network",
    "resources": "resources: limits of new containers of Proxmox VE",
    "security": "security",
    "proxmox": "proxmox: options of new containers, as pct create has them",
}
_PATTERNS = "globs for ids of containers that crun gets, after the rules"
_FILES = ("/etc/nexcage/config.json", "/etc/nexcage/nexcage.json")


def _about(key: Key) -> list[str]:
    """What it means, what it has to be, and where else it can be given."""
    must = MUST[key.kind] + (", or null" if key.null else "")
    lines = roff.filled(f"{roff.sentence(key.meaning)} Must be {must}{_range(key)}.")
    if key.default:
        lines += roff.filled(f"Default: {key.default}.")
    if key.option:
        lines += ["Option:", f".Fl -{key.option} ."]
    lines += ["Variable:", *(f".Ev {v}" + " ," * (v != key.variables[-1]) for v in key.variables)]
    lines[-1] += " ."
    if key.others:
        lines += ["Other names:", *(f".Va {name}" + " ," * (name != key.others[-1]) for name in key.others)]
        lines[-1] += " ."
    return lines


def _range(key: Key) -> str:
    if key.kind not in ("number", "whole", "size"):
        return ""
    low = _plain(key.low)
    return f", from {low} to {_plain(key.high)}" if key.high < 1_000_000_000 else f", at least {low}"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
