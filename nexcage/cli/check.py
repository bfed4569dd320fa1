"""Say what is right and what is wrong on this host and with all that nexcage keeps.

Groups: drivers (usable, or why not), storage (directories, space, storages of
Proxmox VE), network (bridges), config (which file, is it valid), state
(records, containers and what was left behind), bundles (still what create saw),
resources (memory, processes, files, limits), security (modes and owners).
None named: all. Nothing is changed.

Exit status 0: all is well, 1: there are warnings, 2: there are failures. JSON:
status, counts by status, results with group, name, status, message, hint, data, and
what repair would do about it.

With --watch it goes on until it is told to stop: it looks again every --interval,
logs what changes, and serves /metrics (for Prometheus) and /-/healthy (200, or 503
and why) on --listen. SIGHUP: it reads the configuration and looks at once.
"""

from nexcage import checks, log
from nexcage.checks import GROUPS, STATUSES, Host, Result
from nexcage.cli.call import Call
from nexcage.cli.options import Option, unknown
from nexcage.cli.output import GAP, coloured, columns, say, table, width, wrapped
from nexcage.errors import InvalidConfig, UsageError
from nexcage.jsontext import dumps
from nexcage.log import one_line

OPTIONS = (
    Option("deep", "compare all files of the bundles too, which takes time"),
    Option("format", "table, json or tsv", "table|json|tsv", "f"),
    Option("quiet", "only what is not right", short="q"),
    Option("watch", "go on as a service: look again and again, log what changes, serve metrics", short="w"),
    Option("interval", "with --watch: from one look to the next (60s)", "TIME"),
    Option("timeout", "with --watch: how long a look may take (5m)", "TIME"),
    Option(
        "listen",
        "with --watch: where metrics are served (port 9787 of this host alone), or none",
        "ADDRESS:PORT",
    ),
)
OPERANDS = "[GROUP...]"
EXAMPLES = (
    ("everything", "nexcage check"),
    ("records and bundles, with every file", "nexcage check --deep state bundles"),
    ("for programs", "nexcage check --format json"),
    ("as a service", "nexcage check --watch --interval 30s"),
)
_OF_WATCH = ("interval", "timeout", "listen")
_OF_ONCE = ("deep", "format", "quiet")
COLOURS = {"pass": "32", "warn": "33", "fail": "31"}  # SGR, ECMA-48 section 8.3.117


def run(call: Call) -> int:
    """Print what was found; the exit status is the worst of it."""
    groups, call.operands = call.operands, []
    for group in groups:
        if group not in GROUPS:
            raise unknown("group", group, list(GROUPS))
    if call.flag("watch"):
        return _watch(call, groups)
    for name in _OF_WATCH:
        if call.text(name):
            raise UsageError(f"--{name} is for --watch", hint="add --watch, or leave it out")
    form = call.output_format("table", "json", "tsv")
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
    """A line for each, its hint below it; a line of numbers at the end. A terminal's are wrapped."""
    rows = [_cells(result) for result in shown]
    widths = [max((width(row[i]) for row in rows), default=0) for i in range(3)]
    room, left = columns(), sum(widths) + 3 * len(GAP)
    hint = " " * widths[0] + GAP + "hint: " if rows else ""
    for row, result in zip(rows, shown, strict=True):
        status, group, name = (cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=False))
        message = wrapped(row[3], left, room)
        say(GAP.join((coloured(status, COLOURS[result.status]), group, name, message)).rstrip())
        if result.hint and result.status != "pass":
            say(hint + wrapped(one_line(result.hint), len(hint), room))
    if not quiet:
        told = [f"{counts['pass']} passed"]
        told += [
            f"{counts[s]} {w}{'s' * (counts[s] != 1)}" for s, w in (("warn", "warning"), ("fail", "failure"))
        ]
        print(", ".join(told))


def _watch(call: Call, groups: list[str]) -> int:
    """Until a signal says stop. What is logged is the only output."""
    from nexcage.watch import listening
    from nexcage.watch.service import Service
    from nexcage.watch.span import seconds

    for name in _OF_ONCE:
        if call.flag(name):
            instead = "--log-format json" if name == "format" else "leave it out"
            raise UsageError(f"--{name} means nothing with --watch", hint=instead)
    interval = seconds(call.text("interval", "60s"), "interval")
    patience = seconds(call.text("timeout", "5m"), "timeout")
    place = listening.parse(call.text("listen", listening.DEFAULT))
    listener = listening.listener(*place) if place else None
    _levels(call, "info")  # that something is well again is no warning, but is to be seen
    served = ""
    if listener and place:
        served = f", metrics on http://{listening.shown(place[0], listener.getsockname()[1])}/metrics"
    greeting = f"looking at {', '.join(groups) or 'everything'} every {interval} s{served}"
    Service(
        call, groups, interval=interval, patience=patience, listener=listener,
        quiet=lambda: _levels(call, "error"),
    ).run(greeting)  # fmt: skip
    return 0


def _levels(call: Call, level: str) -> None:
    """Log from this level on, unless another one was asked for."""
    try:
        asked = call.config().text("runtime.log_level")
    except InvalidConfig:
        asked = ""  # the check tells
    if not asked and not log.debugging():
        from nexcage.cli.main import logging

        logging({**call.values, "log-level": [level]}, call.verb)
