"""Options declared as data, and the parser for them.

``argparse`` costs as much as a third of an interpreter start, and callers of a
runtime also write ``-no-subreaper`` and globals after the verb. The tables
here are the one source for parsing, help and completion.
"""

from nexcage.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Option:
    """``--name`` (``-short``); with ``metavar`` it takes a value, with ``many`` any number of times.

    Its values are found under ``key``: the name, where no global option and one of a verb share that.
    """

    __slots__ = ("choices", "help", "key", "many", "metavar", "name", "short")

    def __init__(
        self,
        name: str,
        help: str,
        metavar: str = "",
        short: str = "",
        *,
        many: bool = False,
        choices: tuple[str, ...] = (),
        key: str = "",
    ) -> None:
        self.name = name
        self.key = key or name
        self.help = help
        self.metavar = metavar
        self.short = short
        self.many = many
        self.choices = choices


Values = dict[str, list[str]]
_MOST = 200  # of a word that nobody knows: what is shown, and compared


def parse(
    tokens: "Sequence[str]", options: "Sequence[Option]", *, stop_early: bool
) -> tuple[Values, list[str]]:
    """Split ``tokens`` into option values and operands.

    With ``stop_early`` everything from the first operand on is an operand
    (for ``exec ID CMD...`` and for what comes before the verb). ``--`` ends
    the options. Raises `UsageError` for what is not in ``options``.
    """
    values: Values = {}
    try:
        return values, _parse(tokens, options, values, stop_early=stop_early)
    except UsageError as error:
        error.given = values
        raise


def _parse(
    tokens: "Sequence[str]", options: "Sequence[Option]", values: Values, *, stop_early: bool
) -> list[str]:
    operands: list[str] = []
    queue = list(tokens)[::-1]
    while queue:
        word = queue.pop()
        if word == "--":
            operands += queue[::-1]
            break
        if not word.startswith("-") or word == "-":
            operands.append(word)
            if stop_early:
                operands += queue[::-1]
                break
            continue
        name, joined, value = word.lstrip("-").partition("=")
        option = _long(name, options)
        if option is not None and (word.startswith("--") or len(name) > 1):
            _take(option, word if joined else f"--{name}", value if joined else None, queue, values)
        elif word.startswith("--"):
            raise unknown("option", word.partition("=")[0], ["--" + o.name for o in options])
        else:
            _cluster(word, options, queue, values)
    return operands


def _long(name: str, options: "Sequence[Option]") -> Option | None:
    return next((o for o in options if o.name == name), None)


def _cluster(word: str, options: "Sequence[Option]", queue: list[str], values: Values) -> None:
    """``-dt``, ``-u1000``: flags in one word, the last may have its value attached."""
    letters = word[1:]
    while letters:
        option = next((o for o in options if o.short == letters[0]), None)
        if option is None:
            name = word.partition("=")[0]
            raise unknown("option", name, ["--" + o.name for o in options] if len(name) > 2 else [])
        letters = letters[1:]
        if option.metavar:
            _take(option, "-" + option.short, letters.removeprefix("=") if letters else None, queue, values)
            return
        _take(option, "-" + option.short, None, queue, values)


def _take(option: Option, shown: str, value: str | None, queue: list[str], values: Values) -> None:
    if not option.metavar:
        if value is not None and value not in ("true", "false"):
            raise UsageError(f"option --{option.name} takes no value")
        values[option.key] = [] if value == "false" else [""]
        return
    if value is None:
        if not queue:
            raise UsageError(f"option {shown} needs a value: {option.metavar}")
        value = queue.pop()
    if not value:  # a variable of the caller's that is not set; a driver would take the next word for it
        raise UsageError(f"option {shown.partition('=')[0]} needs a value: {option.metavar}")
    if option.choices and value not in option.choices:
        raise UsageError(
            f'option --{option.name} must be one of {", ".join(option.choices)}, not "{value}"',
            hint=_near(value, option.choices),
        )
    if option.many:
        values.setdefault(option.key, []).append(value)
    else:
        values[option.key] = [value]


def unknown(what: str, given: str, known: "Sequence[str]") -> UsageError:
    """The error for a word that is not among ``known``, with the nearest one as hint."""
    return UsageError(f'unknown {what} "{given[:_MOST]}"', hint=_near(given, known) or 'see "nexcage help"')


def _near(given: str, known: "Sequence[str]") -> str:
    from difflib import get_close_matches

    near = get_close_matches(given[:_MOST], known, 1, 0.6)
    return f"did you mean {near[0]}?" if near else ""


def whole(text: str, option: str, low: int = 0) -> int:
    """``text`` as a whole number of at least ``low``."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19) or int(text) < low:
        raise UsageError(f'option --{option} takes a whole number from {low}, not "{text[:64]}"')
    return int(text)
