"""Patterns of container ids and annotations: globs and regular expressions.

Ids come from whoever makes containers, so no id may make an expression of the administrator's take long:
matching ends after `PATIENCE`.
"""

import _signal  # type: ignore[import-not-found]
import fnmatch
import re
import warnings

from nexcage.errors import Timeout

LONGEST = 512  # characters
PATIENCE = 1.0  # seconds
_OF_IDS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.+-")  # see ids.check


class Pattern:
    """One that can be matched; ``text`` as it was written."""

    def __init__(self, text: str, expression: str, *, whole: bool) -> None:
        if len(text) > LONGEST:
            raise ValueError(f"has {len(text)} characters, {LONGEST} are the most")
        self.text = text
        self._whole = whole
        try:
            with warnings.catch_warnings():  # nobody but us would read them
                warnings.simplefilter("ignore")
                self._compiled = re.compile(expression, re.ASCII)
        except re.error as error:
            where = "" if error.pos is None else f" at character {error.pos + 1}"
            raise ValueError(f"is no regular expression: {error.msg}{where}") from None
        except (OverflowError, RecursionError):
            raise ValueError("is too large") from None

    def matches(self, value: str) -> bool:
        """Whether ``value`` has it; `Timeout` where finding out takes too long."""
        compiled = self._compiled
        before = _signal.signal(_signal.SIGALRM, self._late)
        _signal.setitimer(_signal.ITIMER_REAL, PATIENCE)
        try:
            return (compiled.fullmatch(value) if self._whole else compiled.search(value)) is not None
        finally:
            _signal.setitimer(_signal.ITIMER_REAL, 0)
            _signal.signal(_signal.SIGALRM, before)

    def _late(self, _number: int, _frame: object) -> None:
        raise Timeout(
            f'pattern "{self.text}" takes more than {PATIENCE:g} s to match',
            hint="write it without a repetition inside a repetition",
        )


def of_name(text: str) -> Pattern:
    """The pattern of a container's id; `ValueError` says what is wrong with it.

    A regular expression when it has an anchor (``^`` or ``$``) or ``.*``, otherwise a glob. As in every
    language, an expression with an anchor is open where it has none: ``^web`` is what begins with web. One
    without anchors has to match the whole id, as a glob has to.
    """
    if is_expression(text):
        return Pattern(text, text, whole=not _is_anchored(text))
    strange = next((c for c in re.sub(r"\[.*?\]", "", text) if c not in _OF_IDS | set("*?[")), "")
    if strange:
        raise ValueError(f"is a glob and can never match: no container id has {_named(strange)}")
    return glob(text)


def _named(character: str) -> str:
    return character if character.isprintable() and character != " " else f"U+{ord(character):04X}"


def glob(text: str) -> Pattern:
    """The glob ``text``: ``*``, ``?`` and ``[...]``, for the whole of any text; `ValueError` as above."""
    if re.search(r"\[(?!.+\])", text):
        raise ValueError("has a [ without its ]")
    return Pattern(text, fnmatch.translate(text), whole=True)


def is_expression(text: str) -> bool:
    """Whether a pattern is taken for a regular expression."""
    return ".*" in text or _is_anchored(text)


def _is_anchored(text: str) -> bool:
    """Whether it has a ``^`` or ``$`` outside of brackets and without a backslash before it."""
    return bool(re.search(r"[$^]", re.sub(r"\\.|\[[!^]?\]?[^]]*\]", "", text)))
