# SPDX-License-Identifier: Apache-2.0
"""Commands of all kinds that go for the same few containers for a while."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import then, when

from step_defs.concurrency import is_large, sane
from step_defs.phrases import phrase
from step_defs.world import Container

if TYPE_CHECKING:
    from collections.abc import Callable

    from step_defs.runtime import Result
    from step_defs.world import World

# what each verb may say when another command was faster; the rest is a defect
MAY_SAY = {
    "create": r"already exists|is being created|was removed while it was being created",
    "start": r"does not exist|is being created|cannot start|container not running|is already running",
    "kill": r"does not exist|is being created|cannot kill|container not running",
    "delete": r"does not exist|is being created|that is not stopped|is running",
    "delete --force": r"is being created",
    "state": r"does not exist|is being created",
    "list": r"(?!)",
}
VERBS = ("create", "create", "create", "start", "kill", "delete", "delete --force")
SLOW = 30.0  # seconds longer on a slow machine
ENOUGH = 3  # creates and deletes that have to succeed, so that there was a race


class Race:
    """A few containers, what is done to them, and what has been seen that must not be."""

    def __init__(self, world: World, ids: list[str]) -> None:
        self.world = world
        self.create = {id_: self._creating(id_) for id_ in ids}
        self.done: dict[str, int] = dict.fromkeys(MAY_SAY, 0)
        # of those that succeeded: begin, end
        self.made: dict[str, list[tuple[float, float]]] = {id_: [] for id_ in ids}
        self.removed: dict[str, list[tuple[float, float]]] = {id_: [] for id_ in ids}
        self.wrong: list[str] = []
        self._guard = threading.Lock()
        self._count = 0

    def _creating(self, id_: str) -> list[str]:
        world = self.world
        if world.runtime.driver not in ("crun", "runc"):
            bundle = world.bundles.for_container(id_)
            world.containers[id_] = Container(id_, bundle, world.dir / "none")
            return ["create", "--bundle", str(bundle.dir), id_]
        config = world.dir / f"{id_}.json"
        document = world.bundle.read()
        document["linux"]["cgroupsPath"] = f"{world.cgroup}/{id_}"
        config.write_text(json.dumps(document), "utf-8")
        world.containers[id_] = Container(id_, world.bundle, world.dir / "none")
        return ["create", "--stdio", "null", "--bundle", str(world.bundle.dir), "--config", str(config), id_]

    def call(self, *words: str) -> tuple[Result, float]:
        """Run one command; also when it began."""
        with self._guard:
            self._count += 1
            out = self.world.dir / f"race-{self._count}.out"
        began = time.time()
        running = self.world.runtime.begin(
            self.world.runtime.argv(words), out, cwd=self.world.dir, env=self.world.env
        )
        result = running.wait(self.world.context)
        for file in running.out, running.err:
            file.unlink()
        sane(result)
        return result, began

    def change(self) -> None:
        """Any verb on any of them."""
        verb, id_ = random.choice(VERBS), random.choice(list(self.create))  # noqa: S311
        words = self.create[id_] if verb == "create" else [*verb.split(), id_]
        result, began = self.call(*words, *(["KILL"] if verb == "kill" else []))
        self.judge(verb, result)
        if result.code == 0 and verb.startswith(("create", "delete")):
            (self.made if verb == "create" else self.removed)[id_].append((began, time.time()))

    def look(self) -> None:
        """The list, and one by itself."""
        for words in (["list", "--format", "json"], ["state", random.choice(list(self.create))]):  # noqa: S311
            result, began = self.call(*words)
            self.judge(words[0], result)
            if result.code == 0:
                document = json.loads(result.stdout)
                for row in document if isinstance(document, list) else [document]:
                    self.is_no_ghost(row, began, result)

    def judge(self, verb: str, result: Result) -> None:
        """Count a success; refuse a failure that nobody has caused."""
        lines = [line for line in result.stderr.splitlines() if not line.startswith("hint: ")]
        if result.code == 0 and not lines:
            self.done[verb] += 1
        elif result.code != 1 or len(lines) != 1 or not re.search(MAY_SAY[verb], lines[0]):
            result.refuse(f"success, or one line with: {MAY_SAY[verb]}")

    def is_no_ghost(self, row: dict[str, Any], began: float, result: Result) -> None:
        """A container is not seen any more once a delete has succeeded that began when it was made."""
        created = dt.datetime.fromisoformat(row["created"]).timestamp()
        whole = [over for begun, over in list(self.made[row["id"]]) if begun <= created <= over]
        for begun, over in list(self.removed[row["id"]]):
            if whole and whole[0] < begun and over < began:
                result.refuse(f"container {row['id']} of {row['created']} to have gone")

    def lacks(self) -> list[str]:
        """Verbs that have to succeed more often before this was a race."""
        return [verb for verb in ("create", "delete --force", "list", "state") if self.done[verb] < ENOUGH]

    def run(self, seconds: float) -> None:
        """Two that look, and four that change; longer where the machine is slow."""
        until = time.monotonic() + seconds

        def go_on(act: Callable[[], None]) -> None:
            while not self.wrong and (
                (now := time.monotonic()) < until or (now < until + SLOW and self.lacks())
            ):
                try:
                    act()
                except BaseException:  # noqa: BLE001  # it is told of when all have ended
                    self.wrong.append(traceback.format_exc(limit=-1))

        threads = [threading.Thread(target=go_on, args=[act]) for act in [self.look] * 2 + [self.change] * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@when(phrase("all verbs race for {n:int} containers for {seconds:int} seconds, {large:int} in the large run"))
def _(world: World, request: pytest.FixtureRequest, n: int, seconds: int, large: int) -> None:
    """Creates, starts, kills and deletes, while others look; each ends well or says who was faster."""
    race = Race(world, [f"c{number}" for number in range(n)])
    race.run(large if is_large(request) else seconds)
    if race.wrong:
        pytest.fail(race.wrong[0], pytrace=False)
    assert not race.lacks(), f"too little has succeeded for a race: {race.done}"


@then(phrase("state has nothing to complain of once all containers are deleted by force"))
def _(world: World) -> None:
    """Each delete succeeds, and nothing is listed any more."""
    for id_ in world.containers:
        result = world.ask("delete", "--force", id_)
        if result.code or result.stderr:
            result.refuse("success, and nothing said")
    listed = world.ask("list", "--quiet")
    if listed.code or listed.stdout:
        listed.refuse("an empty list")
    checked = world.ask("check", "state", "--quiet")
    if checked.code or checked.stdout:
        checked.refuse("nothing to complain of")
