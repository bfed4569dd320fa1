"""The JSON schema of a configuration file, made from the table of keys.

``docs/config.schema.json`` is this, written by ``python -m nexcage.config.schema``. It accepts every file
that ``nexcage config check`` accepts. Two things only the latter sees: two names of one key with
different values, and a pattern of a rule that is no valid glob or regular expression.
"""

from nexcage.config.keys import PATTERNS, Key, written
from nexcage.jsontext import dumps
from nexcage.log import FORMATS, LEVELS, OTHER_LEVELS
from nexcage.routing import ALIASES, DRIVERS, SYSTEMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_END = r"$(?!\n)"  # for engines that let $ match before a last line feed
_BYTE = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ADDRESS = rf"{_BYTE}(\.{_BYTE}){{3}}"
_BITS = r"(3[0-2]|[12]?[0-9])"
_NO_NUL = "^[^\\u0000]*" + _END
_TEXT: "Schema" = {"type": "string", "minLength": 1, "pattern": _NO_NUL}
_FORMS: "dict[str, Schema]" = {
    "text": _TEXT,
    "flag": {"type": "boolean"},
    "honoured": {"const": True},
    "level": {"enum": [*LEVELS, *OTHER_LEVELS]},
    "format": {"enum": [*FORMATS]},
    "runtime": {"enum": [*DRIVERS, *ALIASES]},
    "seconds": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1_000_000_000},
    "path": {"type": "string", "pattern": "^/[^\\u0000]*" + _END},
    "log": {
        "type": "string",
        "pattern": "^(/|file:/|journald:[^\\u0000]|syslog:[^\\u0000])[^\\u0000]*" + _END,
    },
    "network": {"type": "string", "pattern": f"^(dhcp|{_ADDRESS}/{_BITS}){_END}"},
    "address": {"type": "string", "pattern": f"^{_ADDRESS}{_END}"},
}
_SIZE = r"^[0-9]{1,9}(\.[0-9]{1,9})?([KMGTkmgt]([Ii]?[Bb])?)?" + _END


def schema() -> "Schema":
    """The schema as a document."""
    properties: Schema = {"$schema": {"type": "string", "description": "where editors find this schema"}}
    for name, key in written():
        section, point, member = name.partition(".")
        if point:
            _section(properties, section)[member] = _property(key, name)
        else:
            properties[name] = _property(key, name)
    section, _, member = PATTERNS.partition(".")
    _section(properties, section)[member] = {
        "type": "array",
        "items": _TEXT,
        "description": "ids of containers that crun gets where no rule names another driver",
    }
    return {
        "$schema": DIALECT,
        "title": "nexcage's configuration",
        "description": "config.json or nexcage.json. Two names of one key with different values, and "
        "patterns that are none, are seen by nexcage config check alone",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "allOf": [_not_both("runtime.routing", "container_config.routing"), *_addresses()],
    }


def _section(properties: "Schema", name: str) -> "Schema":
    """The properties of a section, made when it is first met."""
    made: Schema = {"type": "object", "properties": {}, "additionalProperties": False}
    found: Any = properties.setdefault(name, made)
    members: Schema = found["properties"]
    return members


def _property(key: Key, name: str) -> "Schema":
    form = _form(key)
    if key.null:
        form = {"anyOf": [form, {"type": "null"}]}
    told = key.meaning if name == key.name else f"the same as {key.name}"
    extra: Schema = {"default": _default(key)} if key.default and name == key.name else {}
    return {"description": told, **form, **extra}


def _form(key: Key) -> "Schema":
    number: Schema = {"type": "number", "minimum": key.low, "maximum": key.high}
    if key.kind == "rules":
        return {"type": "array", "items": _rule()}
    if key.kind == "number":
        return number
    if key.kind == "whole":
        return {**number, "type": "integer"}
    if key.kind == "size":
        return {"anyOf": [number, {"type": "string", "pattern": _SIZE}]}
    return _FORMS[key.kind]


def _default(key: Key) -> object:
    if key.kind == "flag":
        return key.default == "1"
    if key.kind in ("number", "whole", "size", "seconds"):
        return int(key.default)
    return key.default


def _rule() -> "Schema":
    names = {"description": "the driver; lxc and proxmox-lxc mean pct", "enum": [*DRIVERS, *ALIASES]}
    conditions = ("pattern", "name", "annotation", "os")
    return {
        "type": "object",
        "properties": {
            "pattern": {**_RULE_TEXT, "description": "glob or regular expression for the whole id"},
            "name": {**_RULE_TEXT, "description": "the same as pattern"},
            "annotation": {
                "type": "string",
                "allOf": [{"pattern": "^[^=]"}, {"pattern": "[^=]" + _END}],
                "description": "KEY, or KEY=GLOB for its value",
            },
            "os": {"enum": [*SYSTEMS], "description": "the system that the bundle's program is for"},
            "runtime": names,
        },
        "required": ["runtime"],
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in conditions],
        "not": {"required": ["pattern", "name"]},
    }


_RULE_TEXT: "Schema" = {"type": "string", "minLength": 1}


def _has(name: str) -> "Schema":
    section, _, member = name.partition(".")
    return {"required": [section], "properties": {section: {"type": "object", "required": [member]}}}


def _not_both(first: str, second: str) -> "Schema":
    return {"not": {"allOf": [_has(first), _has(second)]}}


def _addresses() -> "list[Schema]":
    return [_not_both("network.net", name) for name in ("network.ip", "network.gateway")]


def text() -> str:
    """The schema as the file has it."""
    return dumps(schema(), 2) + "\n"


if __name__ == "__main__":
    print(text(), end="")
