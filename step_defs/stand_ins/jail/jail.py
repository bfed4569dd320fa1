# SPDX-License-Identifier: Apache-2.0
"""jail: which jails a call is about, and what it does with them."""

from __future__ import annotations

import getopt
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import conf, creating, parameters, removing
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.parameters import Values
    from step_defs.stand_ins.jail.state import State

USAGE = """usage: jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            -[cmr] param=value ... [command=command ...]
       jail [-dqv] [-f file] -[cmr] [jail]
       jail [-qv] [-f file] -[rR] ['*' | jail ...]
       jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            [-n jailname] [-s securelevel]
            path hostname ip[,...] command ...
       jail [-f file] -e separator
"""


@dataclass
class Order:
    """One jail and what a call wants of it. ``label`` goes before messages; a file's jails have one."""

    label: str
    values: Values
    words: list[tuple[str, str, str | None]] = field(default_factory=list)
    verbose: int = 0
    told: bool = False  # a line for what was done
    jid_file: str = ""
    print_jid: bool = False
    clean_up: bool = False

    def say(self, text: str, level: int = 0) -> None:
        """A line on standard output, when that much is wanted."""
        if self.verbose > level or (self.verbose == level and level == 0 and self.told):
            print(f"{self.label}{text}", flush=True)

    def complain(self, text: str) -> None:
        """A line on standard error."""
        sys.stdout.flush()
        print(f"jail: {self.label}{text}", file=sys.stderr, flush=True)


def main(state: State, argv: list[str]) -> int:
    """jail(8)."""
    try:
        options, rest = getopt.getopt(argv, "+cCde:f:hiJ:lmn:p:qrRs:u:U:v")
    except getopt.GetoptError:
        raise Usage(USAGE) from None
    flags = dict(options)
    operations = {flag[1] for flag, _ in options if flag in ("-c", "-m", "-r", "-R")}
    if not operations:
        raise Usage(USAGE)
    verbose = -1 if "-q" in flags else sum(flag == "-v" for flag, _ in options)
    direct = bool(rest) and ("=" in rest[0] or parameters.known(rest[0]))
    if operations & {"r", "R"}:
        return _remove(state, rest, flags, operations, verbose)
    if direct and "-f" not in flags:
        words = _command_line(rest)
        order = Order("", parameters.given(words), words, verbose)
        order.jid_file, order.print_jid = flags.get("-J", ""), "-i" in flags
        return _one(state, order, operations)
    if "-f" not in flags and "-c" not in flags:
        # of several words the first names the jail, the others are taken for parameters
        raise Refused(f"unknown parameter: {rest[1]}" if rest[1:] else f'"{"".join(rest)}" not found')
    if len(rest) > 1 and "-f" not in flags:
        raise Refused(f"unknown parameter: {rest[0]}")
    orders = _of_file(flags.get("-f", "/etc/jail.conf"), rest, verbose, state)
    return max([0, *(_one(state, order, operations) for order in orders)])


def _command_line(words: list[str]) -> list[tuple[str, str, str | None]]:
    found: list[tuple[str, str, str | None]] = []
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "command" and equals:
            found.append((name, "=", "\0".join([value, *words[number + 1 :]])))
            break
        operator = "+=" if name.endswith("+") else "="
        found.append((name.removesuffix("+"), operator, value if equals else None))
    return found


def _of_file(file: str, names: list[str], verbose: int, state: State) -> list[Order]:
    """The jails of a file that are wanted, all without names."""
    if file == "-":
        text = sys.stdin.read()
    else:
        try:
            with open(state.host(file), encoding="utf-8") as opened:
                text = opened.read()
        except OSError as error:
            raise Refused(f"{file}: {error.strerror}") from None
    blocks = conf.parse(text, file)
    known = {block.name: block for block in blocks}
    for name in names:
        if name not in known and name != "*":
            raise Refused(f'"{name}" not found')
    chosen = blocks if not names or "*" in names else [known[name] for name in names]
    orders = []
    for block in chosen:
        words = block.parameters()
        values = parameters.given(words)
        for other in values.get("depend", []):
            if other not in known:
                raise Refused(f'{block.name}: depends on undefined jail "{other}"')
        words = [("name", "=", block.name), *words] if "name" not in values else words
        orders.append(Order(f"{block.name}: ", parameters.given(words), words, verbose, told=True))
    return orders


def _one(state: State, order: Order, operations: set[str]) -> int:
    """Create or change one jail; 1 when that was refused."""
    try:
        name = order.values.get("jid", order.values.get("name", [""]))[-1]
        if "m" in operations and ("c" not in operations or (name and state.find(name))):
            creating.modify(state, order)
        else:
            creating.create(state, order)
    except Refused as refused:
        if refused.text.strip("\0"):
            order.complain(refused.text)
        return 1
    return 0


def _remove(state: State, rest: list[str], flags: dict[str, str], operations: set[str], verbose: int) -> int:
    if any("=" in name and state.find(name) is None for name in rest) and "r" in operations:
        raise Usage(USAGE)
    if "-f" in flags and "R" not in operations:
        orders = _of_file(flags["-f"], rest, verbose, state)
        for order in orders:
            order.clean_up = "-C" in flags
    else:
        names = [jail["name"] for jail in state.jails()] if rest == ["*"] else rest
        told = len(rest) > 1 or rest == ["*"]
        orders = [Order(f"{name}: ", {"name": [name]}, [], verbose, told) for name in names]
    status = 0
    for order in orders:
        name = order.values["name"][-1]
        found = state.find(name, dying=True)
        if found is None and not order.clean_up:
            print(f'jail: "{name}" not found', file=sys.stderr)
            status = 1
            continue
        if found:
            order.label = f"{found['name']}: "
        try:
            removing.remove(state, order, found, at_once="R" in operations)
        except Refused as refused:
            if refused.text:
                order.complain(refused.text)
            status = 1
    return status
