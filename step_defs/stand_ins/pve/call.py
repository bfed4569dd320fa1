# SPDX-License-Identifier: Apache-2.0
"""One call of a tool: its streams, its state, and the tasks (workers) that it forks."""

from __future__ import annotations

import contextlib
import json
import os
import time
from typing import TYPE_CHECKING, Any, BinaryIO

from step_defs.stand_ins.pve.refusals import CallRefused, Died, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from step_defs.stand_ins.pve.engine import Engine
    from step_defs.stand_ins.pve.state import State

USER = "root@pam"


class Call:
    """What a handler gets. Inside a task both streams go to standard output, as the real worker's do."""

    def __init__(
        self, tool: str, state: State, engine: Engine, streams: tuple[BinaryIO, BinaryIO, BinaryIO]
    ) -> None:
        self.tool = tool
        self.state = state
        self.engine = engine
        self.stdin, self.stdout, self.stderr = streams
        self.in_task = False
        self.warned = 0
        self.log: list[str] = []
        self.environment: dict[str, str] = dict(os.environ)

    def out(self, text: str) -> None:
        """Standard output, and the log of a task."""
        if self.in_task:
            self.log.append(text)
        self.stdout.write(text.encode("utf-8", "surrogateescape"))
        self.stdout.flush()

    def err(self, text: str) -> None:
        """Standard error; in a task it is the log."""
        if self.in_task:
            self.out(text)
        else:
            self.stderr.write(text.encode("utf-8", "surrogateescape"))
            self.stderr.flush()

    def warn(self, text: str) -> None:
        """A warning that counts at the end of a task."""
        self.warned += 1
        self.out(f"WARN: {text}\n")

    def conf(self, vmid: int | str) -> Any:
        """A configuration, with the warnings that reading it gives."""
        conf = self.state.conf(vmid)
        for warning in conf.warnings:
            self.err(f"{warning}\n")
        return conf

    def task(self, type: str, id: int | str, work: Callable[[], None]) -> Task:
        """Run a worker to its end; its error is told outside, alone. A nested one tells it inside."""
        task = Task(self, type, str(id))
        outer, warned = self.in_task, self.warned
        self.in_task = True
        try:
            with _terminated():
                work()
        except Died as died:
            task.error = died
        except CallRefused as refused:
            task.error = Died(refused.text)
        finally:
            self.in_task = outer
        if task.error is None and self.warned:
            self.err(f"Task finished with {self.warned} warning(s)!\n")
        task.warnings, self.warned = self.warned, warned
        if task.error is not None and outer:
            raise task.error
        task.finish()
        return task


@contextlib.contextmanager
def _terminated() -> Iterator[None]:
    """SIGTERM during a task is an error like others, so that the task cleans up."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise Died("received interrupt")

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Task:
    """A worker that has ended."""

    def __init__(self, call: Call, type: str, id: str) -> None:
        self.call, self.type, self.id = call, type, id
        self.started = int(time.time())
        self.pid = os.getpid()
        self.pstart = int(time.monotonic() * 100)
        self.error: Died | None = None
        self.warnings = call.warned
        node = call.state.node
        self.upid = f"UPID:{node}:{self.pid:08X}:{self.pstart:08X}:{self.started:08X}:{type}:{id}:{USER}:"

    def exit_status(self) -> str:
        """As the task's log ends."""
        if self.error is not None:
            return folded(self.error.text)
        return "OK" if not self.warnings else f"WARNINGS: {self.warnings}"

    def finish(self) -> None:
        """Keep the log, as /var/log/pve/tasks."""
        path = os.path.join(self.call.state.home, "tasks.jsonl")
        facts = {
            "upid": self.upid,
            "node": self.call.state.node,
            "pid": self.pid,
            "pstart": self.pstart,
            "starttime": self.started,
            "type": self.type,
            "id": self.id,
            "user": USER,
            "endtime": int(time.time()),
            "status": self.exit_status(),
            "log": "".join(self.call.log),
        }
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    def status(self) -> int:
        """The exit status of pct: the error goes to standard error first."""
        if self.error is None:
            return 0
        self.call.err(f"{folded(self.error.text)}\n")
        return 255
