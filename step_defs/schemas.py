# SPDX-License-Identifier: Apache-2.0
"""Steps about the documents that are printed as JSON: they are what docs/schemas says they are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bdd import then

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World

SCHEMAS = Path(__file__).resolve().parent.parent / "docs" / "schemas"


@cache
def validator(name: str) -> Any:
    """What judges documents of this name; LookupError when there is no such schema."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    path = SCHEMAS / f"{name}.json"
    if not path.exists():
        raise LookupError(f"docs/schemas has no {name}.json")
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@then(phrase('it prints a document as the schema "{name}" has it'))
def _(world: World, name: str) -> None:
    """Every member is described, none is missing, and all are of the right type."""
    try:
        document = json.loads(world.last.stdout)
    except ValueError:
        world.last.refuse("one JSON document on stdout")
    faults = [f"{fault.json_path}: {fault.message}" for fault in validator(name).iter_errors(document)]
    if faults:
        world.last.refuse(f"a document as docs/schemas/{name}.json has it; " + "; ".join(faults))
