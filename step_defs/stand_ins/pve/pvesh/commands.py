# SPDX-License-Identifier: Apache-2.0
"""The command line of pvesh: verbs, a path, then the options of that path."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import frame
from step_defs.stand_ins.pve.call import Task
from step_defs.stand_ins.pve.frame import Command
from step_defs.stand_ins.pve.pvesh import output, routes
from step_defs.stand_ins.pve.refusals import CallRefused, Died, ParametersRefused, folded
from step_defs.stand_ins.pve.schema import Option, problems
from step_defs.stand_ins.pve.tables.lxc_options import NAME

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

TAIL = " [OPTIONS] [FORMAT_OPTIONS]"
VERBS = ("create", "delete", "get", "ls", "set")
GROUPS = (
    (*(Command(verb, "api_path", TAIL) for verb in VERBS), Command("usage", "api_path", " [OPTIONS]")),
    (Command("help", "", " [OPTIONS]", extra=True),),
)
BEFORE = ("--nooutput", "--noproxy")
LOOKUP = 11


def prepare(call: Call, argv: list[str]) -> list[str]:
    """Two options may come before the verb."""
    while argv and argv[0] in BEFORE:
        call.environment[argv[0]] = "1"
        argv = argv[1:]
    return argv


def usage(call: Call, command: Command) -> str:
    """With what the path needs, when it is known."""
    needed = call.environment.get("PVESH_NEEDED", "")
    return f"pvesh {command.name} <api_path>{needed}{TAIL}"


def run(call: Call, command: Command, argv: list[str]) -> int:
    """One method of one path."""
    if command.name == "help":
        call.out(frame.usage("pvesh", GROUPS))
        return 0
    if not argv:
        raise CallRefused("not enough arguments")
    path = "/" + re.sub(r"/+", "/", argv[0]).strip("/")
    if command.name in ("ls", "usage"):
        return _describe(call, command.name, path)
    found = routes.find(command.name, path)
    if found is None:
        raise Died(f"No '{command.name}' handler defined for '{path}'", 1)
    route, named = found
    table = route.table(call.state.version)
    _needed(call, table)
    words, given = frame.getopt(argv[1:], table)
    if words:
        raise CallRefused("too many arguments")
    given = frame.booleans(given, table)
    _check(call, table, given, named)
    return _answer(call, route, {**given, **named})


def _needed(call: Call, table: dict[str, Option]) -> None:
    needed = [f" --{name} <{option.type}>" for name, option in sorted(table.items()) if not option.optional]
    call.environment["PVESH_NEEDED"] = "".join(needed)


def _check(call: Call, table: dict[str, Option], given: Values, named: dict[str, str]) -> None:
    """Another node is asked through ssh, which fails; then the parameters."""
    node = named.get("node", "localhost")
    if node not in (call.state.node, "localhost"):
        why = f"failed to get address info for: {node}: Temporary failure in name resolution"
        raise Died(f"hostname lookup '{node}' failed - {why}", LOOKUP)
    types = {"vmid": routes.VMID, "storage": NAME}
    wrong = problems(
        {**table, **{name: types[name] for name in named if name in types}},
        {**given, **{n: v for n, v in named.items() if n in types}},
    )
    if wrong:
        raise ParametersRefused(wrong)


def _answer(call: Call, route: routes.Route, given: Values) -> int:
    module, _, function = route.function.partition(".")
    handler = getattr(import_module(f"step_defs.stand_ins.pve.pvesh.{module}"), function)
    form = {name: given.pop(name) for name in routes.FORMAT if name in given}
    result = handler(call, given)
    status = 0
    if isinstance(result, Task):
        error = result.error
        result, failed = result.upid, error
        if failed is not None:
            _shown(call, result, form, route)
            call.err(f"{folded(failed.text)}\n")
            return 0
    _shown(call, result, form, route)
    return status


def _shown(call: Call, result: object, form: Values, route: routes.Route) -> None:
    if "--nooutput" not in call.environment:
        output.show(call, result, form, route.columns)


def _describe(call: Call, verb: str, path: str) -> int:
    """``ls`` and ``usage``, as far as the routes tell."""
    known = [route for route in routes.ROUTES if re.fullmatch(route.pattern, path)]
    children = _children(call, path)
    if not known and not children:
        raise Died(f"no such resource '{path}'")
    if verb == "ls":
        if not children:
            raise Died(f"resource '{path}' does not define child links")
        for name in sorted(children):
            call.out(f"{children[name]:<13}{name}\n")
        return 0
    for route in known:
        needed = "".join(
            f" --{name} <{option.type}>"
            for name, option in sorted(route.table(call.state.version).items())
            if not option.optional
        )
        optional = " [OPTIONS]" if set(route.table(call.state.version)) - set(routes.FORMAT) else ""
        call.out(f"USAGE: pvesh {route.method} {path}{needed or ' '}{optional}\n")
    return 0


def _children(call: Call, path: str) -> dict[str, str]:
    """Name → what may be done with it."""
    base = path.rstrip("/")
    if re.fullmatch(r"/nodes", path):
        return {call.state.node: "Dr---"}
    if re.fullmatch(routes.NODE_PATH + "/lxc", path):
        return {str(vmid): "Dr--d" for vmid in call.state.containers()}
    names: dict[str, set[str]] = {}
    for route in routes.ROUTES:
        found = re.match(rf"{re.escape(base)}/([\w-]+)(/.*)?$", route.pattern)
        if found and "(" not in found[1]:
            marks = names.setdefault(found[1], {"-"})
            marks.add("D" if found[2] else route.method[0])
    letters = (("D", "D"), ("g", "r"), ("s", "w"), ("c", "c"), ("d", "d"))
    return {
        name: "".join(shown if key in marks else "-" for key, shown in letters)
        for name, marks in names.items()
    }
