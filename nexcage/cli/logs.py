"""Print what a container has written.

For containers made with --stdio log, and for those whose standard output is a
file. Otherwise the output went to whoever created the container.
"""

import os
import stat
import sys
import time

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.target import Target, find
from nexcage.errors import NexcageError, from_os

OPTIONS = (
    Option("follow", "go on until the container has stopped", short="f"),
    Option("tail", "only the last N lines", "N", "n"),
)
OPERANDS = "ID"
EXAMPLES = (
    ("what web has written", "nexcage logs web"),
    ("the last ten lines, and what follows", "nexcage logs --follow --tail 10 web"),
)
BLOCK = 1 << 16


def run(call: Call) -> int:
    """The bytes as they were written, to standard output."""
    container_id = call.operand("the container id")
    call.no_more()
    target = find(call, container_id)
    handle = _open(target)
    try:
        if call.text("tail"):
            os.lseek(handle, _start_of_last(handle, call.count("tail")), os.SEEK_SET)
        while True:
            over = not call.flag("follow") or target.state()[0] == "stopped"
            _copy(handle)
            if over:
                return 0
            time.sleep(0.2)
    finally:
        os.close(handle)


def _open(target: Target) -> int:
    path = target.record.stdio
    if path == "inherit":
        _, pid = target.state()
        path = f"/proc/{pid}/fd/1" if pid and target.driver.linux else ""
        if not path or not os.path.exists(path) or not stat.S_ISREG(os.stat(path).st_mode):
            path = ""
    if path in ("", "null"):
        raise NexcageError(
            f'the output of container "{target.record.id}" is not kept: it goes to whoever created it',
            code="logs-not-kept",
            hint="create it with --stdio log",
        )
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)  # nothing written yet
    except OSError as error:
        raise from_os(error, f"cannot read {path}") from None


def _copy(handle: int) -> None:
    while block := os.read(handle, BLOCK):
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()


def _start_of_last(handle: int, lines: int) -> int:
    """The offset where the last ``lines`` lines begin, read from the end in blocks."""
    end = os.fstat(handle).st_size
    at = end
    found = 0
    while at > 0:
        size = min(BLOCK, at)
        at -= size
        block = os.pread(handle, size, at)
        stop = len(block)
        while (index := block.rfind(b"\n", 0, stop)) >= 0:
            stop = index
            if at + index == end - 1:
                continue  # the newline that ends the last line
            found += 1
            if found == lines:
                return at + index + 1
    return 0 if lines else end
