"""The configuration as ``nexcage config show`` prints it."""

from nexcage.config import Config
from nexcage.config.document import NAMES
from nexcage.config.keys import KEYS, Key
from nexcage.config.values import MASK, is_secret
from nexcage.errors import UsageError
from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.routing import Rule


class Row:
    """One key: ``value`` as JSON has it, None without one; ``origin`` as in `Config.origin`."""

    __slots__ = ("key", "origin", "value")

    def __init__(self, key: str, value: object, origin: str) -> None:
        self.key = key
        self.value = MASK if is_secret(key) and value is not None else value
        self.origin = origin

    def text(self) -> str:
        """The value on one line."""
        if self.value is None:
            return ""
        return self.value if isinstance(self.value, str) else dumps(self.value)

    def document(self) -> dict[str, object]:
        """It as JSON."""
        return {"key": self.key, "value": self.value, "origin": self.origin}


def rows(config: Config, defaults: dict[str, str]) -> list[Row]:
    """Every key, in the order of the table; ``defaults`` are those of this host and user."""
    return [
        Row(key.name, _value(config, key, defaults.get(key.name, key.default)), config.origin(key.name))
        for key in KEYS
    ]


def _value(config: Config, key: Key, default: str) -> object:
    if key.kind == "rules":
        return [_rule(rule) for rule in config.rules] if config.rules else None
    text = config.text(key.name, default)
    if text == "":
        return None
    if key.kind in ("flag", "honoured"):
        return text == "1"
    if key.kind in ("number", "whole", "seconds"):
        return float(text) if "." in text else int(text)
    return text


def _rule(rule: "Rule") -> dict[str, str]:
    """A rule as a file would have it, with driver names of nexcage's own."""
    annotation = "=".join(part for part in rule.annotation if part) if rule.annotation else ""
    found = {"pattern": rule.pattern, "annotation": annotation, "os": rule.os, "runtime": rule.runtime}
    return {name: text for name, text in found.items() if text}


def known(name: str) -> str:
    """The canonical key for any name that a file may have; `UsageError` for what is none."""
    key = NAMES.get(name)
    if key is None:
        from difflib import get_close_matches

        near = get_close_matches(name[:100], NAMES, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else 'see "nexcage config show"'
        raise UsageError(f'unknown key "{name[:100]}"', code="config-key-unknown", hint=hint)
    return key.name
