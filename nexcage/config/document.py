"""What a configuration file says, key by key, and all that is wrong with it."""

from nexcage.config import keys
from nexcage.config.keys import PATTERNS, Key
from nexcage.config.values import Wrong, of_json, said, shown
from nexcage.errors import InvalidConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.routing import Rule

NAMES: dict[str, Key] = dict(keys.written())
SECTIONS = {name.partition(".")[0] for name in (*NAMES, PATTERNS) if "." in name}
TWICE = "config-twice"
RULE = "config-rule"


class Document:
    """``values`` by canonical key as text, ``problems`` in the order of the file.

    ``rules`` are those of the routing, ``patterns`` those of crun_name_patterns, which come after them.
    """

    def __init__(self, path: str, document: dict[str, object]) -> None:
        self.path = path
        self.values: dict[str, str] = {}
        self.rules: list[Rule] = []
        self.patterns: list[Rule] = []
        self.problems: list[InvalidConfig] = []
        self._places: dict[str, str] = {}  # canonical key: how this file writes it
        for name, value in document.items():
            if name in SECTIONS:
                self._section(name, value)
            elif name != "$schema":
                self._member(name, value)
            elif not isinstance(value, str):
                self._wrong(name, f"must be text, not {said(value)}")
        self._contradictions()

    def _section(self, section: str, members: object) -> None:
        if not isinstance(members, dict):
            self._wrong(section, f"must be an object, not {said(members)}")
            return
        for name, value in members.items():
            self._member(f"{section}.{name}", value)

    def _member(self, written: str, value: object) -> None:
        key = NAMES.get(written)
        if written == PATTERNS:
            self.patterns = self._glob_rules(value)
        elif key is None:
            self._unknown(written)
        elif value is None and key.null:
            return
        elif key.name in self._places and key.kind == "rules":
            self._twice(self._places[key.name], written, "leave one of them")
        else:
            before = self._places.setdefault(key.name, written)
            if key.kind == "rules":
                self.rules = self._rules(written, value)
                return
            try:
                text = of_json(key, value)
            except Wrong as wrong:
                self._wrong(written, wrong.reason, wrong.hint)
                return
            if self.values.setdefault(key.name, text) != text:
                self._twice(before, written, "keep the one that is meant")

    def _contradictions(self) -> None:
        """Keys that exclude or need each other."""
        if "network.net" in self.values:
            for name in ("network.ip", "network.gateway"):
                if name in self.values:
                    self._twice("network.net", name, "give the address in network.net, or leave that out")

    # rules

    def _rules(self, written: str, value: object) -> "list[Rule]":
        if not isinstance(value, list):
            self._wrong(written, f"must be a list of rules, not {said(value)}")
            return []
        return self._made([(f"{written}[{i}]", row) for i, row in enumerate(value)])

    def _glob_rules(self, value: object) -> "list[Rule]":
        if not isinstance(value, list):
            self._wrong(PATTERNS, f"must be a list of texts, not {said(value)}")
            return []
        rows: list[tuple[str, object]] = []
        for i, text in enumerate(value):
            if isinstance(text, str) and text and "\0" not in text:
                rows.append((f"{PATTERNS}[{i}]", {"pattern": text, "runtime": "crun"}))
            else:
                reason = "must not be empty" if text == "" else f"must be text, not {said(text)}"
                self._wrong(f"{PATTERNS}[{i}]", reason)
        return self._made(rows)

    def _made(self, rows: "list[tuple[str, object]]") -> "list[Rule]":
        from nexcage.routing import rule

        found = []
        for where, row in rows:
            if not isinstance(row, dict):
                self._wrong(where, f"must be an object, not {said(row)}")
                continue
            try:
                found.append(rule(row, where))
            except ValueError as error:
                member, _, reason = str(error).partition(": ")
                place = where if where.startswith(PATTERNS) else f"{where}.{member}"
                self._wrong(place, reason, code=RULE)
        return found

    # problems

    def _wrong(self, written: str, reason: str, hint: str = "", code: str = "") -> None:
        self.problems.append(
            InvalidConfig(f"{self.path}: {shown(written)}: {reason}", hint=hint, code=code, key=written[:100])
        )

    def _twice(self, first: str, second: str, hint: str) -> None:
        self._wrong(second, f"contradicts {first}", hint, TWICE)

    def _unknown(self, written: str) -> None:
        hint = keys.instead(written)
        if not hint:
            from difflib import get_close_matches

            near = get_close_matches(written[:100], [*NAMES, PATTERNS, *SECTIONS], 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else ""
        self.problems.append(
            InvalidConfig(
                f'{self.path}: unknown key "{shown(written)}"',
                code="config-key-unknown", hint=hint, key=written[:100],
            )
        )  # fmt: skip
