"""Print the configuration that a command would use: file, variables and options together.

A value of the command line stands before a variable, a variable before the file, the
file before the default. With --origin each value is followed by where it is from.
Without one, and with no default that is the same everywhere, a value is "-".

JSON: file (its path, "" for none), values (key, value, origin), in the order of the
documentation; a value is null where there is none. What may be secret is "***".
"""

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.output import table
from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.config.shown import Row

OPTIONS = (
    Option("origin", "say where each value is from"),
    Option("format", "table, json or tsv", "table|json|tsv", "f", choices=("table", "json", "tsv")),
)
OPERANDS = "[KEY...]"
EXAMPLES = (
    ("what is in use, and why", "nexcage config show --origin"),
    ("what another file would come to", "nexcage --config other.json config show"),
    ("one value, for a script", "nexcage config show runtime.log_level --format tsv"),
)


def run(call: Call) -> int:
    """0; 2 when the configuration cannot be used."""
    from nexcage.bundler.cache import default_directory
    from nexcage.config.shown import known, rows

    form = call.output_format("table", "json", "tsv")
    wanted, call.operands = call.operands, []
    names = [known(name) for name in wanted]
    config = call.config()
    shown = [row for row in rows(config, {"cache_dir": default_directory()}) if not names or row.key in names]
    if form == "json":
        print(dumps({"file": config.path, "values": [row.document() for row in shown]}, 2))
        return 0
    with_origin = call.flag("origin")
    heading = ["KEY", "VALUE", *(["ORIGIN"] if with_origin else [])]
    table(heading, [_cells(row, with_origin=with_origin) for row in shown], tabs=form == "tsv")
    return 0


def _cells(row: "Row", *, with_origin: bool) -> list[str]:
    return [row.key, row.text() or "-", *([row.origin] if with_origin else [])]
