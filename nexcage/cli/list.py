"""List all containers, also those whose driver has forgotten them (stopped).

The table has ID PID STATUS DRIVER BUNDLE CREATED OWNER; json is an array of
state documents.
"""

from nexcage import log
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.output import table
from nexcage.errors import Locked, NexcageError, NotFound
from nexcage.jsontext import dumps
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
        table(
            [c.upper() for c in COLUMNS], [[str(row[c]) for c in COLUMNS] for row in rows], tabs=form == "tsv"
        )
    for failure in failures[1:]:
        log.error(failure.message, failure.hint, code=failure.code)
    if failures:
        raise failures[0]
    return 0


def _collect(call: Call, store: Store, rows: list[dict[str, object]], failures: list[NexcageError]) -> None:
    known: dict[str, dict[str, tuple[str, int]]] = {}
    boot = call.facts.boot_id()
    for container_id in store.ids():
        try:
            record = store.read(container_id)
        except (NotFound, Locked):
            continue  # deleted while we read, or not there yet
        except NexcageError as error:
            failures.append(error)
            continue
        status: tuple[str, int] = ("stopped", 0)
        if record.boot_id == boot:
            if record.driver not in known:
                known[record.driver] = _states(call, store, record.driver, failures)
            status = known[record.driver].get(record.handle, known[record.driver].get("", status))
        rows.append(record.document(*status))


def _states(call: Call, store: Store, name: str, failures: list[NexcageError]) -> dict[str, tuple[str, int]]:
    """All states of one driver; when it cannot tell, every one is ``unknown``."""
    try:
        return call.driver(name, store=store).states()
    except NexcageError as error:
        failures.append(error)
        return {"": ("unknown", 0)}
