"""docs/schemas: each says all of its document, and nothing else passes."""

import json
from pathlib import Path

import pytest

from step_defs.schemas import SCHEMAS, validator

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))
STATE = {
    "ociVersion": "1.0.2", "id": "web", "status": "running", "pid": 7, "bundle": "/b", "rootfs": "/b/rootfs",
    "created": "2026-01-02T03:04:05.000006Z", "owner": "root", "driver": "crun", "annotations": {"a": "b"},
}  # fmt: skip


def subschemas(schema):
    yield schema
    for value in schema.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from subschemas(inner)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_closed(name):
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    validator(name)
    assert schema["$id"] == f"urn:nexcage:{name}"
    assert "nexcage" in schema["title"] or "--dry-run" in schema["title"]
    for inner in subschemas(schema):
        if isinstance(inner.get("properties"), dict) and inner.get("type") == "object":
            closed = "additionalProperties" in inner
            assert closed or "do" in inner["properties"]  # a driver's own steps have members of their own
            assert set(inner["required"]) <= set(inner["properties"])


def test_every_schema_is_held_against_something_real():
    text = (Path(__file__).parents[2] / "features" / "cli" / "documents.feature").read_text()
    assert [name for name in NAMES if f'schema "{name}"' not in text and f"| {name} " not in text] == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": "unknown"}, {"status": "stopping"}, {"pid": -1}, {"pid": "7"}, {"pid": None}, {"id": ""},
        {"created": "yesterday"}, {"driver": "lxc"}, {"annotations": {"a": 1}}, {"more": 1}, {"bundle": None},
    ],
)  # fmt: skip
def test_what_is_no_state(change):
    assert validator("state").is_valid(STATE)
    assert not validator("state").is_valid(STATE | change)


@pytest.mark.parametrize("member", STATE)
def test_no_member_may_be_missing(member):
    less = {name: value for name, value in STATE.items() if name != member}
    assert not validator("state").is_valid(less)
    assert not validator("list").is_valid([less])


def test_a_list_may_say_more():
    assert validator("list").is_valid([STATE | {"status": "unknown", "vmid": 100, "node": ""}])
    assert not validator("list").is_valid([STATE | {"vmid": "100"}])
    assert not validator("ps").is_valid(["1"])


def test_a_schema_that_is_not_there():
    with pytest.raises(LookupError):
        validator("nonsense")
