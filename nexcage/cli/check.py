"""Say what is right and what is wrong on this host and with all that nexcage keeps.

Groups: drivers (usable, or why not), storage (directories, space, storages of
Proxmox VE), network (bridges), config (which file, is it valid), state
(records, containers and what was left behind), bundles (still what create saw),
resources (memory, processes, files, limits), security (modes and owners).
None named: all. Nothing is changed.

Exit status 0: all is well, 1: there are warnings, 2: there are failures. JSON:
status, counts by status, results with group, name, status, message, hint, data.
"""

from nexcage import checks
from nexcage.checks import GROUPS, STATUSES, Host, Result
from nexcage.cli.call import Call
from nexcage.cli.options import Option, unknown
from nexcage.cli.output import coloured, table
from nexcage.jsontext import dumps
from nexcage.log import one_line

OPTIONS = (
    Option("deep", "compare all files of the bundles too, which takes time"),
    Option("format", "table, json or tsv", "table|json|tsv", "f"),
    Option("quiet", "only what is not right", short="q"),
)
OPERANDS = "[GROUP...]"
EXAMPLES = (
    ("everything", "nexcage check"),
    ("records and bundles, with every file", "nexcage check --deep state bundles"),
    ("for programs", "nexcage check --format json"),
)
COLOURS = {"pass": "32", "warn": "33", "fail": "31"}  # SGR, ECMA-48 section 8.3.117


def run(call: Call) -> int:
    """Print what was found; the exit status is the worst of it."""
    form = call.output_format("table", "json", "tsv")
    groups, call.operands = call.operands, []
    for group in groups:
        if group not in GROUPS:
            raise unknown("group", group, list(GROUPS))
    found = checks.run(Host(call, deep=call.flag("deep")), groups or GROUPS)
    status = checks.worst(found)
    shown = [result for result in found if result.status != "pass" or not call.flag("quiet")]
    counts = {name: sum(result.status == name for result in found) for name in STATUSES}
    if form == "json":
        results = [result.document() for result in shown]
        print(dumps({"status": STATUSES[status], "counts": counts, "results": results}, 2))
    elif form == "tsv":
        heading = ["STATUS", "GROUP", "NAME", "MESSAGE", "HINT"]
        table(heading, [[*_cells(result), one_line(result.hint)] for result in shown], tabs=True)
    else:
        _page(shown, counts, quiet=call.flag("quiet"))
    return status


def _cells(result: Result) -> list[str]:
    return [result.status, result.group, one_line(result.name), one_line(result.message)]


def _page(shown: list[Result], counts: dict[str, int], *, quiet: bool) -> None:
    """A line for each, its hint below it; a line of numbers at the end."""
    rows = [_cells(result) for result in shown]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    for row, result in zip(rows, shown, strict=True):
        status, group, name = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print(f"{coloured(status, COLOURS[result.status])}   {group}   {name}   {row[3]}")
        if result.hint and result.status != "pass":
            print(f"{'':{widths[0]}}   hint: {one_line(result.hint)}")
    if not quiet:
        told = [f"{counts['pass']} passed"]
        told += [
            f"{counts[s]} {w}{'s' * (counts[s] != 1)}" for s, w in (("warn", "warning"), ("fail", "failure"))
        ]
        print(", ".join(told))
