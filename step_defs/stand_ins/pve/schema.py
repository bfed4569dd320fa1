# SPDX-License-Identifier: Apache-2.0
"""PVE::JSONSchema in small: what an option may hold, and the words when it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from step_defs.stand_ins.pve import formats

PATTERN = "value does not match the regex pattern"
MISSING = "property is missing and it is not optional"
UNKNOWN = "property is not defined in schema and the schema does not allow additional properties"
INTEGER = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
TRUE = ("1", "on", "yes", "true")
FALSE = ("0", "off", "no", "false")
Values = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option; ``properties`` make it a comma separated list of KEY=VALUE."""

    type: str = "string"
    least: float | None = None
    most: float | None = None
    shortest: int | None = None
    longest: int | None = None
    enum: tuple[str, ...] = ()
    pattern: str = ""
    format: str = ""
    optional: bool = True
    since: tuple[int, ...] = ()
    properties: dict[str, Option] = field(default_factory=dict)
    default_key: str = ""

    def problem(self, value: str) -> str:
        """Why the value is refused, "" when it is not."""
        return self._type_problem(value) or self._text_problem(value) or self._format_problem(value)

    def _type_problem(self, value: str) -> str:
        wrong = f"type check ('{self.type}') failed - got '{value}'"
        if self.type == "boolean":
            return "" if value in ("0", "1") else wrong
        if self.type not in ("integer", "number"):
            return ""
        if not (INTEGER if self.type == "integer" else NUMBER).fullmatch(value):
            return wrong
        if self.least is not None and float(value) < self.least:
            return f"value must have a minimum value of {self.least:g}"
        if self.most is not None and float(value) > self.most:
            return f"value must have a maximum value of {self.most:.0f}"
        return ""

    def _text_problem(self, value: str) -> str:
        if self.longest is not None and len(value) > self.longest:
            return f"value may only be {self.longest} characters long"
        if self.shortest is not None and len(value) < self.shortest:
            return f"value must be at least {self.shortest} characters long"
        if self.pattern and not re.fullmatch(self.pattern, value):
            return PATTERN
        if self.enum and value not in self.enum:
            return f"value '{value}' does not have a value in the enumeration '{', '.join(self.enum)}'"
        return ""

    def _format_problem(self, value: str) -> str:
        try:
            if self.properties:
                read(self, value)
            elif self.format:
                formats.check(self.format, value)
        except formats.Unfit as unfit:
            return f"invalid format - {unfit}\n"
        return ""


def boolean(text: str) -> str:
    """A word for yes or no as 1 or 0; what is neither is given back."""
    lower = text.lower()
    return "1" if lower in TRUE else "0" if lower in FALSE else text


def read(option: Option, text: str) -> Values:
    """The parts of a property string. Raise `formats.Unfit` with the words of the real parser."""
    found: Values = {}
    for part in text.split(","):
        if not part.strip():
            continue
        key, equals, value = part.partition("=")
        if not (equals and key and value):
            if not option.default_key:
                raise formats.Unfit("value without key, but schema does not define a default key")
            key, value = option.default_key, part
        if key in found:
            raise formats.Unfit(f"duplicate key in comma-separated list property: {key}")
        known = option.properties.get(key)
        found[key] = boolean(value) if known is not None and known.type == "boolean" else value
    wrong = problems(option.properties, found)
    if wrong:
        lines = "".join(f"@.{key}: {why}\n" for key, why in wrong.items())
        raise formats.Unfit(f"format error\n{lines}"[:-1])
    return found


def problems(table: dict[str, Option], values: Values) -> dict[str, str]:
    """Name → why it is refused, for a whole call; ``@`` in nested words becomes the option's name."""
    found = {name: MISSING for name, option in table.items() if not option.optional and name not in values}
    for name, value in values.items():
        option = table.get(name)
        why = UNKNOWN if option is None else option.problem(value)
        if why:
            found[name] = re.sub(r"^@\.", f"{name}.", why, flags=re.MULTILINE)
    return found


def written(option: Option, values: Values) -> str:
    """A property string in the real order: the default key, what must be there, the rest by name."""

    def rank(key: str) -> tuple[bool, bool, str]:
        known = option.properties.get(key)
        return key != option.default_key, known is None or known.optional, key

    return ",".join(
        values[key] if key == option.default_key else f"{key}={values[key]}"
        for key in sorted(values, key=rank)
    )
