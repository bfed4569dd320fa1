"""Keep the state of a container's files under a name, list such names, or remove one.

For containers of Proxmox VE, on storages that can make snapshots. Without NAME
they are listed: NAME PARENT TIME DESCRIPTION. What runs goes on running; only
files are kept, no processes.
"""

from nexcage import log
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.output import table
from nexcage.cli.target import Target, find
from nexcage.errors import NexcageError, UsageError
from nexcage.host import process
from nexcage.jsontext import dumps
from nexcage.plan import Plan, Run

OPTIONS = (
    Option("description", "what it is for", "TEXT"),
    Option("remove", "remove this snapshot", "NAME"),
    Option("force", "with --remove: forget it even if its storage fails", short="f"),
)
OPERANDS = "ID [NAME]"
EXAMPLES = (
    ("keep what container web is now", 'nexcage snapshot web before --description "before the update"'),
    ("which ones there are", "nexcage snapshot web"),
    ("remove it", "nexcage snapshot --remove before web"),
)
COLUMNS = ("name", "parent", "time", "description")
INSTEAD = "create the container with --runtime pct, on a storage that has snapshots"


def run(call: Call) -> int:
    """``pct snapshot``, ``listsnapshot`` and ``delsnapshot``."""
    container_id = call.operand("the container id")
    removed = call.text("remove")
    name = "" if removed or not call.operands else call.operand("the snapshot's name")
    call.no_more()
    if call.flag("force") and not removed:
        raise UsageError("--force is for --remove", hint="leave it out")
    if call.text("description") and not name:
        raise UsageError("--description is for a new snapshot", hint="give its name after the id")
    target = find(call, container_id)
    needs(target, "snapshot", INSTEAD)
    if removed:
        return target.perform("delsnapshot", call.passed("force"), [removed])
    if not name:
        return _list(call, target)
    # to make one, Proxmox VE freezes the container and lets it go on: also one that was paused
    target.require("snapshot", "created", "running", "stopped")
    return target.perform("snapshot", call.passed("description"), [name])


def needs(target: Target, verb: str, instead: str) -> None:
    """Refuse a driver that has no ``verb``, with ``instead`` as the hint."""
    try:
        target.driver.require_verb(verb)
    except NexcageError as error:
        if error.code == "unsupported-verb":
            error.hint = instead
        raise


def _list(call: Call, target: Target) -> int:
    step = target.driver.plan_verb("snapshots", target.record.handle, [], [])
    if call.shows_only(Plan("snapshot", target.record.id, target.record.driver, [step])):
        return 0
    form = call.output_format("table", "text", "json", "tsv", "names")
    assert isinstance(step, Run)  # noqa: S101
    # its times have no zone
    environment = {**(step.env or process.probe_environment()), "TZ": "UTC"}
    done = process.run(step.argv, timeout=step.patience, env=environment, grace=step.grace)
    error = step.judge(done) if step.judge else None
    if error is not None:
        raise error
    from nexcage.drivers.pct.snapshots import listed

    rows = [{column: getattr(found, column) for column in COLUMNS} for found in listed(done.stdout)]
    if form == "json":
        print(dumps(rows, 2))
    elif form == "names":
        for row in rows:
            print(row["name"])
    else:
        cells = [[log.printable(row[column]) for column in COLUMNS] for row in rows]
        table([column.upper() for column in COLUMNS], cells, tabs=form == "tsv")
    return 0
