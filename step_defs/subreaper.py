# SPDX-License-Identifier: Apache-2.0
"""Steps about a caller that is a subreaper, as conmon and containerd's shim are: init becomes its child."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from pytest_bdd import then, when

from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World

# create, see whose child init is, start, kill, and wait for init as for any child
PROGRAM = """
import ctypes, json, os, subprocess, sys
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
create, start, kill, pid_file = (json.loads(text) for text in sys.argv[1:])
def call(argv):
    with open(pid_file + ".out", "wb") as output:
        subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, stdout=output)
call(create)
pid = int(open(pid_file).read())
parent = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
call(start)
call(kill)
done, status = os.waitpid(pid, 0)
print(json.dumps({"parent": parent == os.getpid(), "status": os.waitstatus_to_exitcode(status)}))
"""


@when(phrase('a subreaper creates, starts and kills container "{id}"'))
def _(world: World, id: str) -> None:
    bundle = world.bundles.for_container(id)
    pid_file = str(world.dir / "init.pid")
    calls = [
        world.runtime.argv(["create", "--bundle", str(bundle.dir), "--pid-file", pid_file, id]),
        world.runtime.argv(["start", id]),
        world.runtime.argv(["kill", id, "9"]),
        pid_file,
    ]
    argv = [sys.executable, "-c", PROGRAM, *map(json.dumps, calls)]
    running = world.begin_exactly(argv, "subreaper")
    world.adopt(id, running)
    world.finish(running)


@then(phrase("the subreaper was the parent of the container's first process"))
def _(world: World) -> None:
    if not json.loads(world.last.stdout)["parent"]:
        world.last.refuse("init to be a child of the subreaper")


@then(phrase("the subreaper was told that signal {number:int} ended it"))
def _(world: World, number: int) -> None:
    if json.loads(world.last.stdout)["status"] != -number:
        world.last.refuse(f"init to have ended by signal {number}")
