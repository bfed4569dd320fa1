"""The variables of the environment that stand before the configuration file."""

import os

from nexcage.config.keys import KEYS
from nexcage.config.values import Wrong, of_variable
from nexcage.errors import InvalidConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.routing import Rule


def values() -> "tuple[dict[str, str], dict[str, str], list[Rule] | None]":
    """(text by key, variable by key, rules or None); an empty variable counts as none.

    `InvalidConfig` that names the variable, or the two that say different things of one key.
    """
    texts: dict[str, str] = {}
    origins: dict[str, str] = {}
    rules: list[Rule] | None = None
    for key in KEYS:
        for name in key.variables:
            given = os.environ.get(name, "")
            if not given:
                continue
            if key.kind == "rules":
                rules = _rules(name, given)
                origins[key.name] = name
                continue
            try:
                text = of_variable(key, given)
            except Wrong as wrong:
                raise InvalidConfig(f"{name}: {wrong.reason}", hint=wrong.hint) from None
            if texts.setdefault(key.name, text) != text:
                raise InvalidConfig(
                    f"{name}: contradicts {origins[key.name]}", code="config-twice", hint=f"unset {name}"
                )
            origins.setdefault(key.name, name)
    return texts, origins, rules


def _rules(name: str, text: str) -> "list[Rule]":
    from nexcage.config.document import Document
    from nexcage.jsontext import Malformed, loads

    try:
        value = loads(os.fsencode(text))
    except Malformed as error:
        raise InvalidConfig(f"{name}: {error}", code="config-malformed") from None
    found = Document(name, {"runtime": {"routing": value}})
    if found.problems:
        raise found.problems[0]
    return found.rules
