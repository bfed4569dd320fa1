"""From the words before the cursor to what could stand there."""

import sys

from nexcage.cli.call import GLOBALS
from nexcage.cli.completing import values
from nexcage.cli.completing.values import NONE, Answer
from nexcage.cli.options import Option, Values
from nexcage.cli.verbs import GROUPS, PACKAGES, VERBS, module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class Typed:
    """What the words before the last one say, as far as they can be understood."""

    def __init__(self, words: "Sequence[str]") -> None:
        self.verb = ""
        self.package = ""
        self.given: Values = {}
        self.operands: list[str] = []
        self.options: tuple[Option, ...] = GLOBALS
        self.pending: Option | None = None  # the option whose value the last word is
        self.only_operands = False
        self.module: ModuleType | None = None
        self.unknown = False  # there is no such verb: nothing more can be said
        for word in words:
            self._read(word)

    def _read(self, word: str) -> None:
        if self.pending:
            self._give(self.pending, word)
            self.pending = None
        elif self.only_operands or not word.startswith("-") or word == "-":
            self._operand(word)
        elif word == "--":
            self.only_operands = True
        else:
            self._option(word)

    def _give(self, option: Option, value: str) -> None:
        self.given.setdefault(option.name, []).append(value)

    def _option(self, word: str) -> None:
        name, joined, value = word.lstrip("-").partition("=")
        option = next((o for o in self.options if o.name == name), None)
        if option is not None and (word.startswith("--") or len(name) > 1):
            if option.metavar and not joined:
                self.pending = option
            else:
                self._give(option, value)
            return
        for letter in () if word.startswith("--") else word[1:]:
            option = next((o for o in self.options if o.short == letter), None)
            if option is None:
                return
            if option.metavar:
                rest = word.partition(letter)[2]
                if rest:
                    self._give(option, rest.removeprefix("="))
                else:
                    self.pending = option
                return
            self._give(option, "")

    def _operand(self, word: str) -> None:
        if self.verb:
            self.operands.append(word)
            self.only_operands = self.only_operands or bool(getattr(self.module, "STOP_EARLY", False))
        elif not self.package and word in PACKAGES:
            self.package = word
        elif (name := f"{self.package} {word}".strip()) in VERBS:
            self.verb = name
            __import__(module_name(name))
            self.module = sys.modules[module_name(name)]
            own: tuple[Option, ...] = self.module.OPTIONS
            self.options = (*own, *(o for o in GLOBALS if o.name not in {known.name for known in own}))
        else:
            self.unknown = True


def answer(words: "Sequence[str]") -> Answer:
    """What the last of ``words`` can become; they are those after the program's name."""
    *before, word = words or [""]
    typed = Typed(before)
    if typed.unknown:
        return Answer()
    if typed.pending:
        return _fitting(values.of_option(typed.pending, typed.verb, typed.given), word)
    if word.startswith("-") and not typed.only_operands:
        return _of_dash(typed, word)
    if not typed.verb:
        return _fitting(_verbs(typed.package), word)
    return _fitting(values.of_operand(typed.verb, typed.module, typed.operands, typed.given, word), word)


def _fitting(found: Answer, word: str) -> Answer:
    return Answer([(text, what) for text, what in found.words if text.startswith(word)], found.places)


def _of_dash(typed: Typed, word: str) -> Answer:
    """The options that begin so, or the values of ``--name=``."""
    name, joined, _ = word.removeprefix("--").partition("=")
    if not joined or not word.startswith("--"):
        left = [o for o in typed.options if o.many or o.name not in typed.given]
        return _fitting(Answer([(f"--{o.name}", o.help) for o in left]), word)
    option = next((o for o in typed.options if o.name == name and o.metavar), None)
    if option is None:
        return Answer()
    found = values.of_option(option, typed.verb, typed.given)
    return _fitting(Answer([(f"--{name}={text}", what) for text, what in found.words], found.places), word)


def _verbs(package: str) -> Answer:
    """Verbs, those of two words by their first; or the second words of a package."""
    if package:
        mine = [verb for verb in VERBS if verb.startswith(package + " ")]
        return Answer([(verb.partition(" ")[2], VERBS[verb][1]) for verb in mine])
    found: dict[str, str] = {}
    for verb, (group, what) in VERBS.items():
        if group in GROUPS:
            first, blank, _ = verb.partition(" ")
            found.setdefault(first, "verbs of two words" if blank else what)
    return Answer(list(found.items()), NONE)
