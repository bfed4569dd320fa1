# SPDX-License-Identifier: Apache-2.0
"""The command line of Proxmox's tools (PVE::CLIHandler, Getopt::Long), and its 400 frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import schema
from step_defs.stand_ins.pve.refusals import CallRefused, ParametersRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from step_defs.stand_ins.pve.schema import Option, Values


@dataclass(frozen=True)
class Command:
    """A subcommand: its words (``scan nfs`` has two), arguments (``[name]`` may be missing) and options."""

    name: str
    arguments: str = ""
    options: str = ""
    extra: bool = False
    types: dict[str, Option] = field(default_factory=dict)

    def usage(self, tool: str) -> str:
        """The line below every refusal."""
        shown = [f"[<{a[1:-1]}>]" if a.startswith("[") else f"<{a}>" for a in self.arguments.split()]
        shown += ["[<extra-args>]"] if self.extra else []
        return f"{tool} {self.name} {' '.join(shown)}{self.options}"


class Unknown(Exception):
    """No such subcommand: the text goes to standard error."""


def help_text(tool: str, groups: Sequence[Sequence[Command]], chosen: str = "") -> str:
    """All usage lines, a blank line between groups; one block when they are shown for a prefix."""
    blocks = [
        [f"       {command.usage(f'{tool} {chosen}'.rstrip())}\n" for command in group] for group in groups
    ]
    return ("" if chosen else "\n").join("".join(block) for block in blocks)


def find(tool: str, groups: Sequence[Sequence[Command]], argv: Sequence[str]) -> tuple[Command, list[str]]:
    """The subcommand that argv begins with, and the rest. Raise `Unknown`."""
    if not argv:
        raise Unknown(_unknown(tool, groups, "no command specified"))
    word = argv[0]
    all_commands = [command for group in groups for command in group]
    first = {command.name.split()[0]: command for command in all_commands}
    matching = [word] if word in first else sorted(name for name in first if name.startswith(word))
    if len(matching) > 1:
        raise Unknown(_unknown(tool, groups, f"incomplete command '{tool} {word}'", word))
    if not matching:
        raise Unknown(_unknown(tool, groups, f"unknown command '{' '.join([tool, *argv[:1]])}'"))
    command = first[matching[0]]
    if " " not in command.name:
        return command, list(argv[1:])
    for candidate in all_commands:
        if candidate.name.split() == [matching[0], *argv[1:2]]:
            return candidate, list(argv[2:])
    raise Unknown(_unknown(tool, groups, f"unknown command '{' '.join([tool, *argv[:2]])}'"))


def usage(tool: str, groups: Sequence[Sequence[Command]], chosen: str = "") -> str:
    """The whole help in short."""
    return f"USAGE: {tool} <COMMAND> [ARGS] [OPTIONS]\n\n{help_text(tool, groups, chosen)}"


def _unknown(tool: str, groups: Sequence[Sequence[Command]], why: str, chosen: str = "") -> str:
    return f"ERROR: {why}\n{usage(tool, groups, chosen)}"


def parse(command: Command, argv: Sequence[str], options: dict[str, Option]) -> tuple[Values, list[str]]:
    """Values by name and the extra arguments, checked. Raise `CallRefused` or `ParametersRefused`."""
    words, given = getopt(argv, options)
    values: Values = {}
    names = command.arguments.split()
    for name in names:
        if not words:
            if name.startswith("["):
                break
            raise CallRefused("not enough arguments")
        values[name.strip("[]")] = words.pop(0)
    if words and not command.extra:
        raise CallRefused("too many arguments")
    values.update(booleans(given, options))
    wrong = schema.problems({**options, **command.types}, _typed(values, command, options))
    if wrong:
        raise ParametersRefused(wrong)
    return values, words


def _typed(values: Values, command: Command, options: dict[str, Option]) -> Values:
    """Without the arguments that have no type: any text will do."""
    return {name: value for name, value in values.items() if name in options or name in command.types}


def booleans(given: Values, options: dict[str, Option]) -> Values:
    """Yes and no as 1 and 0; a bare option is yes."""
    for name, value in given.items():
        if options[name].type == "boolean":
            given[name] = "1" if value == "" else schema.boolean(value)
            if given[name] not in ("0", "1"):
                raise CallRefused("unable to parse boolean option")
    return given


def getopt(argv: Sequence[str], options: dict[str, Option]) -> tuple[list[str], Values]:
    """Getopt::Long: options anywhere before ``--``, case ignored, unique prefixes, the last one wins."""
    rest, words, warnings = list(argv), [], []
    found: Values = {}
    while rest:
        word = rest.pop(0)
        if word == "--":
            words += rest
            break
        if not word.startswith("-") or word == "-":
            words.append(word)
            continue
        text, equals, value = word.removeprefix("--" if word.startswith("--") else "-").partition("=")
        name, warning = resolve(text, options)
        if not name:
            warnings.append(warning)
        elif equals:
            found[name] = value
        elif options[name].type == "boolean":
            taken = bool(rest) and not (rest[0].startswith("-") and len(rest[0]) > 1)
            found[name] = rest.pop(0) if taken else ""
        elif rest:
            found[name] = rest.pop(0)
        else:
            warnings.append(f"Option {text} requires an argument\n")
    if warnings:
        raise CallRefused("unable to parse option", "".join(warnings))
    return words, found


def resolve(text: str, options: dict[str, Option]) -> tuple[str, str]:
    """The option that a word means, or the warning about it."""
    lower = text.lower()
    if lower in options:
        return lower, ""
    candidates = sorted(name for name in options if name.startswith(lower))
    if len(candidates) == 1:
        return candidates[0], ""
    if candidates:
        return "", f"Option {text} is ambiguous ({', '.join(candidates)})\n"
    return "", f"Unknown option: {text}\n"
