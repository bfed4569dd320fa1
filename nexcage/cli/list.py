"""List all containers, also those whose driver has forgotten them (stopped).

The table has ID PID STATUS DRIVER BUNDLE CREATED OWNER, and VMID NODE where
containers of Proxmox VE are among them. --columns chooses others: any of id,
pid, status, driver, bundle, created, owner, vmid, node, image, command, with
commas between them, or "upstream" for ID IMAGE COMMAND CREATED STATUS BACKEND
NODE NAMES, the columns of the older nexcage. --runtime lists the containers
of one driver only.

On a terminal the widest columns are shortened until the table fits; in a pipe
nothing is. JSON is an array of state documents, those of Proxmox VE with vmid
and node; it is the same whatever the columns are.
"""

import os

from nexcage import log
from nexcage.cli.call import Call
from nexcage.cli.options import Option, unknown
from nexcage.cli.output import say, table
from nexcage.drivers import may_live, refuse_foreign
from nexcage.drivers.choose import on_command_line
from nexcage.errors import InvalidBundle, Locked, NexcageError, NotFound, StateCorrupt, UsageError
from nexcage.jsontext import dumps
from nexcage.log import one_line
from nexcage.state.record import Record
from nexcage.state.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPTIONS = (
    Option("format", "table, json, tsv or names", "table|json|tsv|names", "f"),
    Option("quiet", "only ids", short="q"),
    Option("columns", "what table and tsv show, or upstream for its columns", "COLUMN[,COLUMN...]"),
)
OPERANDS = ""
EXAMPLES = (
    ("all containers", "nexcage list"),
    ("for programs", "nexcage list --format json"),
    ("the ids, one a line", "nexcage list -q"),
    ("what runs where", "nexcage list --columns id,status,driver,command"),
    ("for scripts that read the older nexcage", "nexcage list --format tsv --columns upstream"),
)
USUAL = ("id", "pid", "status", "driver", "bundle", "created", "owner")
OF_NODES = ("vmid", "node")
OF_BUNDLES = ("image", "command")
COLUMNS = (*USUAL, *OF_NODES, *OF_BUNDLES)
UPSTREAM = ("ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "BACKEND", "NODE", "NAMES")
COLOURS = {"running": "32", "paused": "33", "unknown": "31"}  # SGR, ECMA-48 section 8.3.117
# what a bundle's annotations call the image that it was made of: image-spec, CRI-O, containerd, Kubernetes
_IMAGE = (
    "org.opencontainers.image.ref.name",
    "io.kubernetes.cri-o.ImageName",
    "io.kubernetes.cri.image-name",
    "io.podman.annotations.image",
)
Document = dict[str, object]
Row = tuple[Record, Document]


def run(call: Call) -> int:
    """runc's verb. What cannot be read is an error after the rest was listed, never an empty table."""
    call.no_more()
    form = "names" if call.flag("quiet") else call.output_format("table", "json", "tsv", "names")
    asked = _asked(call)
    failures: list[NexcageError] = []
    named = on_command_line(call)
    rows = [row for row in containers(call, failures) if not named or row[0].driver in named[1]]
    if form == "json":
        print(dumps([document for _, document in rows], 2))
    elif form == "names":
        for record, _ in rows:
            say(one_line(record.id))
    elif asked == UPSTREAM:
        _print(UPSTREAM, [_upstream(row) for row in rows], form)
    else:
        shown = asked or USUAL + OF_NODES * any("vmid" in document for _, document in rows)
        cells = [[_cell(row, column) or "-" for column in shown] for row in rows]
        _print(tuple(column.upper() for column in shown), cells, form)
    for failure in failures[1:]:
        log.error(failure.message, failure.hint, code=failure.code)
    if failures:
        raise failures[0]
    return 0


def _print(heading: tuple[str, ...], cells: list[list[str]], form: str) -> None:
    colours = (heading.index("STATUS"), COLOURS) if "STATUS" in heading else None
    table(list(heading), cells, tabs=form == "tsv", colours=colours)


def _asked(call: Call) -> tuple[str, ...]:
    """The columns of --columns, () without it."""
    given = call.text("columns")
    if given == "upstream":
        return UPSTREAM
    asked = tuple(given.lower().split(",")) if given else ()
    for column in asked:
        if column not in COLUMNS:
            raise unknown("column", column, [*COLUMNS, "upstream"])
    if len(set(asked)) < len(asked):
        raise UsageError(f"--columns {given}: a column is named twice")
    return asked


def _cell(row: Row, column: str) -> str:
    """What a column shows; "" where there is nothing."""
    record, document = row
    if column == "image":
        return next((found for name in _IMAGE if (found := record.annotations.get(name))), "")
    if column == "command":
        return _command(record)
    value = document.get(column, "")
    return str(value)


def _upstream(row: Row) -> list[str]:
    """Its id is Proxmox VE's number, its name ours; what it did not know it called unknown."""
    record, document = row
    cells = [str(document.get("vmid") or record.id)]
    cells += [_cell(row, column) for column in ("image", "command", "created", "status", "driver")]
    cells += [_cell(row, "node") if "node" in document else os.uname().nodename, record.id]
    return [cell or "unknown" for cell in cells]


def _command(record: Record) -> str:
    """The program and its arguments as the bundle has them now; "" where it cannot be read any more."""
    from nexcage.host.process import paste
    from nexcage.oci.bundle import read_config

    path = record.config_file or (os.path.join(record.bundle, "config.json") if record.bundle else "")
    try:
        process = read_config(path).get("process")
    except InvalidBundle:
        return ""
    args = process.get("args") if isinstance(process, dict) else None
    return paste([str(word) for word in args]) if isinstance(args, list) else ""


def containers(
    call: Call, failures: list[NexcageError], wanted: "Callable[[str], bool]" = lambda _: True
) -> "Iterator[Row]":
    """Record and state document of each container whose id is ``wanted``; what is in the way is appended."""
    for store in call.stores():
        yield from _of_store(call, store, failures, wanted)


def _of_store(
    call: Call, store: Store, failures: list[NexcageError], wanted: "Callable[[str], bool]"
) -> "Iterator[Row]":
    known: dict[str, _Known] = {}
    boot = call.facts.boot_id()
    for container_id in store.ids():
        if not wanted(container_id):
            continue
        try:
            record = store.read(container_id)
            refuse_foreign(store, record)
        except (NotFound, Locked):
            continue  # deleted while we read, or not there yet
        except NexcageError as error:
            failures.append(error)
            continue
        if not may_live(record, boot):
            yield record, record.document("stopped", 0)
            continue
        if record.driver not in known:
            known[record.driver] = _Known(call, store, record.driver, failures)
        try:
            yield record, known[record.driver].document(record)
        except StateCorrupt as error:
            failures.append(error)
            yield record, record.document("unknown", 0)


class _Known:
    """All states of one driver; when it cannot tell, every one is ``unknown``."""

    def __init__(self, call: Call, store: Store, name: str, failures: list[NexcageError]) -> None:
        self._driver = call.driver(name, store=store)
        try:
            self._states = self._driver.states()
        except NexcageError as error:
            failures.append(error)
            self._states = {"": ("unknown", 0)}

    def document(self, record: Record) -> Document:
        """The state document, with what only the driver has to say."""
        status = self._states.get(record.handle, self._states.get("", ("stopped", 0)))
        return {**record.document(*status), **self._driver.details(record.handle, record.id)}
