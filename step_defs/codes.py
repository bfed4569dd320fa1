# SPDX-License-Identifier: Apache-2.0
"""Steps about error codes: tables of failures, each with the code that it gets."""

from __future__ import annotations

import copy
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import then

from nexcage.drivers.jail import errors as jail
from nexcage.drivers.pct import errors as pct
from step_defs import documents
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexcage.errors import NexcageError
    from step_defs.runtime import Result
    from step_defs.world import World

Table = list[list[str]]
# by these words podman knows a missing program, and containerd a container that has gone
MISLEADING = re.compile(r"not found|no such file|no such process|already finished", re.IGNORECASE)
MEANT = ("executable-missing",)


def rows(table: Table) -> Iterator[dict[str, str]]:
    """The rows of a table by the names in its first one."""
    head, *rest = table
    yield from (dict(zip(head, row, strict=True)) for row in rest)


def last_error(result: Result) -> dict[str, Any]:
    """The last error among the lines of JSON on standard error."""
    entries = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    errors = [entry for entry in entries if entry["level"] == "error"]
    return errors[-1] if errors else {"code": "none", "msg": ""}


def warnings(result: Result) -> list[str]:
    """The codes of the warnings among the lines of JSON on standard error."""
    entries = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    return [str(entry.get("code")) for entry in entries if entry["level"] == "warning"]


def wrong_with(entry: dict[str, Any], result: Result) -> str:
    """What is wrong with the form of a message; "" when nothing is."""
    message = str(entry["msg"])
    if not message or "\n" in message or message.endswith("."):
        return f"no message of one line without a full stop: {message!r}"
    if MISLEADING.search(message) and entry["code"] not in MEANT:
        return f"words that engines take for something else: {message}"
    if result.stdout:
        return f"something on stdout: {result.stdout}"
    return ""


def judge(call: str, row: dict[str, str], result: Result) -> str:
    """What differs from the table; "" when nothing does."""
    entry = last_error(result)
    wanted = int(row.get("status") or 2)
    if (entry["code"], result.code) != (row["code"], wanted):
        seen = f"{entry['code']} and {result.code}: {entry['msg']}"
        return f"{call}: {row['code']} and status {wanted}, not {seen}"
    wrong = wrong_with(entry, result)
    return f"{call}: {wrong}" if wrong else ""


def report(failures: list[str]) -> None:
    """Fail with all of them."""
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


@then(phrase("these calls fail, each with its code"))
def _(world: World, datatable: Table) -> None:
    """``status`` is 2 where it is not given."""
    failures = []
    for row in rows(datatable):
        result = world.call("--log-format", "json", *shlex.split(world.expand(row["call"])))
        failures.append(judge(row["call"], row, result))
    report([failure for failure in failures if failure])


@then(phrase('it fails with the code "{code:word}"'))
def _(world: World, code: str) -> None:
    """With --log-format json: the last error has it."""
    entry = last_error(world.last)
    if entry["code"] != code or wrong_with(entry, world.last):
        world.last.refuse(f"an error with the code {code}, not {entry['code']}")


@then(phrase('it warns with the code "{code:word}"'))
def _(world: World, code: str) -> None:
    """With --log-format json: some warning has it."""
    if code not in warnings(world.last):
        world.last.refuse(f"a warning with the code {code}, not {warnings(world.last)}")


@then(phrase("these calls succeed, each with a warning that has its code"))
def _(world: World, datatable: Table) -> None:
    failures = []
    for row in rows(datatable):
        result = world.call("--log-format", "json", *shlex.split(world.expand(row["call"])))
        codes = warnings(result)
        if result.code or row["code"] not in codes:
            failures.append(f"{row['call']}: status {result.code}, warnings {codes}: {result.stderr}")
    report(failures)


@then(phrase("these values in its config.json are found by bundle validate"))
def _(world: World, datatable: Table) -> None:
    """One value at a time; the codes of all problems."""
    usual = world.bundle.read()
    failures = []
    for row in rows(datatable):
        changed = copy.deepcopy(usual)
        documents.put(changed, row["property"], json.loads(row["value"]))
        world.bundle.write(changed)
        result = world.call("bundle", "validate", "--format", "json", str(world.bundle.dir))
        codes = [problem["code"] for problem in json.loads(result.stdout)["problems"]]
        if row["code"] not in codes:
            failures.append(f"{row['property']} {row['value']}: {row['code']} is not in {codes}")
    world.bundle.write(usual)
    report(failures)


@then(phrase("these configurations are refused, each with its code"))
def _(world: World, datatable: Table) -> None:
    """As the file that --config names."""
    own = world.dir / "own.json"
    failures = []
    for row in rows(datatable):
        own.write_text(row["configuration"], encoding="utf-8")
        result = world.call("--log-format", "json", "--config", str(own), "list")
        failures.append(judge(row["configuration"], row, result))
    report([failure for failure in failures if failure])


@then(phrase('these values in its config.json are refused by the dry run of "{arguments:text}"'))
def _(world: World, arguments: str, datatable: Table) -> None:
    """One value at a time."""
    usual = world.bundle.read()
    failures = []
    for row in rows(datatable):
        changed = copy.deepcopy(usual)
        documents.put(changed, row["property"], json.loads(world.expand(row["value"])))
        world.bundle.write(changed)
        words = shlex.split(world.expand(arguments))
        result = world.call("--log-format", "json", "--dry-run", *words)
        failures.append(judge(f"{row['property']} {row['value']}", row, result))
    world.bundle.write(usual)
    report([failure for failure in failures if failure])


def compare(row: dict[str, str], error: NexcageError | None, what: str) -> str:
    """What differs from a row about a tool's words; "" when nothing does."""
    said = (error.code, error.message) if error else ("none", "")
    wanted = (row["code"], row["message"].replace("{what}", what))
    if said != wanted:
        return f"{row['call']}: {wanted[0]}: {wanted[1]}\n   not {said[0]}: {said[1]}"
    return f"{row['call']}: misleading: {said[1]}" if MISLEADING.search(said[1]) else ""


def judge_words(
    datatable: Table,
    classify: Callable[..., NexcageError | None],
    status: int,
    what: str,
    **about: object,
) -> None:
    """Refuse a table of a tool's words whose meaning is another than it says; ``about`` is the container."""
    failures = []
    for row in rows(datatable):
        argv = shlex.split(row["call"])
        error = classify(argv[0], argv, status, "", row["words"] + "\n", **about)
        failures.append(compare(row, error, what))
    report([failure for failure in failures if failure])


@then(phrase('for container "{id}" with VMID {vmid:int} the words of Proxmox VE\'s tools mean'))
def _(id: str, vmid: int, datatable: Table) -> None:
    judge_words(datatable, pct.classify, 255, f'container "{id}" (VMID {vmid})', id=id, vmid=vmid)


@then(phrase('for container "{id}" in jail {jid:int} the words of FreeBSD\'s tools mean'))
def _(id: str, jid: int, datatable: Table) -> None:
    judge_words(datatable, jail.classify, 1, f'container "{id}" (JID {jid})', id=id, jid=jid)
