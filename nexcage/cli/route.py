"""Say which driver a container of this name would get, why, and why none of the others.

What decides, in this order: --runtime, the variable NEXCAGE_RUNTIME, the annotation io.nexcage.runtime of
the bundle, the first rule of the configuration that applies, what the bundle cannot do without, the
configured default, and the first driver that can run here. Nothing is made. A container that exists stays
with its driver, whatever is decided for others of its name.
"""

from nexcage import ids
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.drivers.choose import decide
from nexcage.errors import NotFound
from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object
    from nexcage.routing import Decision

OPTIONS = (Option("bundle", "the bundle that it would be made of (default: none is looked at)", "DIR", "b"),)
OPERANDS = "NAME"
EXAMPLES = (
    ("which driver a container called web gets", "nexcage route web"),
    ("the same as JSON", "nexcage route web --format json"),
)


def run(call: Call) -> int:
    """Print the decision; then fail as a create would that could not have the driver."""
    name = ids.check(call.operand("the container's name"))
    call.no_more()
    form = call.output_format("text", "json")
    file, config = _bundle(call.text("bundle"))
    decision = decide(call, (config or {}).get("annotations") or {}, name, config)
    holder = _holder(call, name)
    if form == "json":
        print(dumps(_document(name, file, decision, holder), 2))
    else:
        print("\n".join(_lines(name, decision, holder)))
    if decision.error:
        raise decision.error
    return 0


def _bundle(directory: str) -> "tuple[str | None, Object | None]":
    """(path, config) of the bundle that was named; its root file system is not looked at."""
    if not directory:
        return None, None
    import os

    from nexcage.oci import check
    from nexcage.oci.bundle import read_config

    path = os.path.abspath(directory)
    config = read_config(path + "/config.json")
    check.config(config)
    return path, config


def _holder(call: Call, name: str) -> str:
    """The driver of the container that has this name already; "" when there is none."""
    for store in call.stores():
        try:
            return store.read(name).driver
        except NotFound:
            continue
    return ""


def _lines(name: str, decision: "Decision", holder: str) -> list[str]:
    if not decision.driver:
        lines = [f'container "{name}" goes nowhere: {decision.reason}']
    elif decision.error:
        lines = [f'container "{name}" goes to {decision.driver}, which cannot run here: {decision.reason}']
    else:
        lines = [f'container "{name}" goes to {decision.driver}: {decision.reason}']
    lines += [f"  {driver:<6} {why}" for driver, why in decision.rejected]
    if holder:
        lines.append(f'there is a container "{name}" already, which stays with {holder}')
    return lines


def _document(name: str, bundle: str | None, decision: "Decision", holder: str) -> "dict[str, object]":
    rule, error = decision.rule, decision.error
    return {
        "name": name,
        "bundle": bundle,
        "driver": decision.driver or None,
        "decided_by": decision.kind,
        "reason": decision.reason,
        "rule": rule
        and {
            "where": rule.where,
            "pattern": rule.pattern or None,
            "annotation": "=".join(filter(None, rule.annotation)) if rule.annotation else None,
            "os": rule.os or None,
            "runtime": rule.runtime,
        },
        "rejected": [{"driver": driver, "reason": why} for driver, why in decision.rejected],
        "error": error and {"code": error.code, "message": error.message, "hint": error.hint or None},
        "held_by": holder or None,
    }
