"""List all containers, also those whose driver has forgotten them (stopped).

The table has ID PID STATUS DRIVER BUNDLE CREATED OWNER, and VMID NODE where
containers of Proxmox VE are among them; json is an array of state documents,
theirs with vmid and node.
"""

from nexcage import log
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.output import table
from nexcage.drivers import may_live, refuse_foreign
from nexcage.errors import Locked, NexcageError, NotFound, StateCorrupt
from nexcage.jsontext import dumps
from nexcage.state.record import Record
from nexcage.state.store import Store

OPTIONS = (
    Option("format", "table, json, tsv or names", "table|json|tsv|names", "f"),
    Option("quiet", "only ids", short="q"),
)
OPERANDS = ""
EXAMPLES = (
    ("all containers", "nexcage list"),
    ("for programs", "nexcage list --format json"),
)
COLUMNS = ("id", "pid", "status", "driver", "bundle", "created", "owner")
OF_NODES = ("vmid", "node")


def run(call: Call) -> int:
    """runc's verb. What cannot be read is an error after the rest was listed, never an empty table."""
    call.no_more()
    form = "names" if call.flag("quiet") else call.output_format("table", "json", "tsv", "names")
    rows: list[dict[str, object]] = []
    failures: list[NexcageError] = []
    for store in call.stores():
        _collect(call, store, rows, failures)
    if form == "json":
        print(dumps(rows, 2))
    elif form == "names":
        for row in rows:
            print(row["id"])
    else:
        columns = COLUMNS + OF_NODES if any("vmid" in row for row in rows) else COLUMNS
        cells = [
            [str(row.get(column) or ("-" if column in OF_NODES else row[column])) for column in columns]
            for row in rows
        ]
        table([column.upper() for column in columns], cells, tabs=form == "tsv")
    for failure in failures[1:]:
        log.error(failure.message, failure.hint, code=failure.code)
    if failures:
        raise failures[0]
    return 0


def _collect(call: Call, store: Store, rows: list[dict[str, object]], failures: list[NexcageError]) -> None:
    known: dict[str, _Known] = {}
    boot = call.facts.boot_id()
    for container_id in store.ids():
        try:
            record = store.read(container_id)
            refuse_foreign(store, record)
        except (NotFound, Locked):
            continue  # deleted while we read, or not there yet
        except NexcageError as error:
            failures.append(error)
            continue
        if not may_live(record, boot):
            rows.append(record.document("stopped", 0))
            continue
        if record.driver not in known:
            known[record.driver] = _Known(call, store, record.driver, failures)
        try:
            rows.append(known[record.driver].document(record))
        except StateCorrupt as error:
            failures.append(error)
            rows.append(record.document("unknown", 0))


class _Known:
    """All states of one driver; when it cannot tell, every one is ``unknown``."""

    def __init__(self, call: Call, store: Store, name: str, failures: list[NexcageError]) -> None:
        self._driver = call.driver(name, store=store)
        try:
            self._states = self._driver.states()
        except NexcageError as error:
            failures.append(error)
            self._states = {"": ("unknown", 0)}

    def document(self, record: Record) -> dict[str, object]:
        """The state document, with what only the driver has to say."""
        status = self._states.get(record.handle, self._states.get("", ("stopped", 0)))
        return {**record.document(*status), **self._driver.details(record.handle, record.id)}
