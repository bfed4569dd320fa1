"""The table of keys in docs/configuration.md.

``python -m nexcage.config.page docs/configuration.md`` renews it.
"""

from nexcage.config.keys import KEYS, MUST, PATTERNS, Key
from nexcage.config.values import plain

BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
_HEADING = "| key | value | meaning | default | other names | variables | option |\n" + "|---" * 7 + "|\n"


def table() -> str:
    """One row a key."""
    rows = [
        (
            f"`{key.name}`",
            _must(key),
            key.meaning,
            f"`{'true' if key.kind == 'flag' else key.default}`" if key.default else "",
            _names(key.others),
            _names(key.variables),
            f"`--{key.option}`" if key.option else "",
        )
        for key in KEYS
    ]
    meaning = "globs for ids of containers that crun gets; they are asked after the rules"
    rows.append((f"`{PATTERNS}`", "a list of texts", meaning, "", "", "", ""))
    return _HEADING + "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _must(key: Key) -> str:
    if key.kind not in ("number", "whole"):
        return MUST[key.kind]
    return f"{MUST[key.kind]} from {plain(key.low)} to {plain(key.high)}"


def renewed(text: str) -> str:
    """A page with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    import sys

    with open(sys.argv[1], encoding="utf-8") as file:
        page = renewed(file.read())
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(page)
