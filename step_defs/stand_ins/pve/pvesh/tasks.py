# SPDX-License-Identifier: Apache-2.0
"""``/nodes/NODE/tasks``: the workers of earlier calls."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve.refusals import refused

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.schema import Values

LIMIT = 50


def _all(call: Call) -> list[dict[str, Any]]:
    try:
        with open(os.path.join(call.state.home, "tasks.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def _one(call: Call, given: Values) -> dict[str, Any]:
    for task in _all(call):
        if task["upid"] == given["upid"]:
            return task
    raise refused("upid", "unable to parse worker upid")


def all_of_node(call: Call, given: Values) -> list[dict[str, Any]]:
    """The last ones first."""
    newest = reversed(_all(call))
    return [{key: value for key, value in task.items() if key != "log"} for task in newest][
        : int(given.get("limit", LIMIT))
    ]


def status(call: Call, given: Values) -> dict[str, Any]:
    """How it ended."""
    task = _one(call, given)
    kept = ("id", "node", "pid", "pstart", "starttime", "type", "upid", "user")
    return {**{key: task[key] for key in kept}, "status": "stopped", "exitstatus": task["status"]}


def log(call: Call, given: Values) -> list[dict[str, Any]]:
    """Its lines, and how it ended."""
    task = _one(call, given)
    fine = task["status"] == "OK" or task["status"].startswith("WARNINGS")
    end = f"TASK {task['status']}" if fine else f"TASK ERROR: {task['status']}"
    return [{"n": number, "t": line} for number, line in enumerate([*task["log"].splitlines(), end], 1)]
