# SPDX-License-Identifier: Apache-2.0
"""Steps about nexcage metrics and nexcage check --watch: samples, the service, what it says, its end."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, then, when

from step_defs.phrases import phrase
from step_defs.world import eventually

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from step_defs.runtime import Running
    from step_defs.world import World

FREE = "localhost:0"  # any port that is free
PAGE = 4096
GROWTH = 1 << 20  # bytes: an allocator that takes one more arena is no leak
MOST_MEMORY = 50 << 20


# -- metrics -------------------------------------------------------------------------------------


def families(text: str) -> list[Metric]:
    """Read the text as Prometheus does; each family once, with its words and its kind."""
    from prometheus_client.parser import text_string_to_metric_families

    found: list[Metric] = list(text_string_to_metric_families(text))
    names = [family.name for family in found]
    assert len(set(names)) == len(names), f"twice: {names}"
    for family in found:
        assert family.documentation, f"{family.name} has no HELP"
        assert family.type != "unknown", f"{family.name} has no TYPE"
    return found


def values(text: str, name: str, labels: dict[str, str]) -> list[float]:
    """The samples of that name with these labels, perhaps among others."""
    samples = [sample for family in families(text) for sample in family.samples if sample.name == name]
    return [sample.value for sample in samples if labels.items() <= sample.labels.items()]


def labels_of(world: World, text: str) -> dict[str, str]:
    """``verb=create driver={driver}``: names and values, with blanks between them."""
    expanded = world.expand(text).replace("{driver}", world.runtime.driver)
    return dict(word.split("=", 1) for word in shlex.split(expanded))


@given(phrase("there is no room left for what is counted"))
def _(world: World) -> None:
    """The file of the counts lies on a file system that it fills."""
    small = world.dir / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "small", small], check=True)
    (small / "lines").write_bytes(b"\n" * PAGE)
    counted = world.runtime.root / "@operations"
    subprocess.run(["mount", "--bind", small / "lines", counted], check=True)
    world.closers += [
        lambda: subprocess.run(["umount", counted], check=True),
        lambda: subprocess.run(["umount", small], check=True),
    ]


@when(phrase("the metrics are printed"), target_fixture="metrics")
def _(world: World) -> str:
    result = world.call("metrics")
    if result.code != 0:
        result.refuse("metrics to succeed")
    return result.stdout


@then(phrase('the metric {name:word} is {n:int} for "{labels}"'))
def _(world: World, metrics: str, name: str, n: int, labels: str) -> None:
    """There is one sample with these labels, written NAME=VALUE with blanks between them."""
    assert values(metrics, name, labels_of(world, labels)) == [n], metrics


@then(phrase("the metric {name:word} is {n:int}"))
def _(metrics: str, name: str, n: int) -> None:
    """There is one sample of it."""
    assert values(metrics, name, {}) == [n], metrics


@then(phrase('there is no metric {name:word} for "{labels}"'))
def _(world: World, metrics: str, name: str, labels: str) -> None:
    """Among others of that family, which is there."""
    assert f"# TYPE {name.removesuffix('_count')} " in metrics, metrics
    assert values(metrics, name, labels_of(world, labels)) == [], metrics


@then(phrase("the metric {name:word} is the time of now"))
def _(metrics: str, name: str) -> None:
    """Within a few seconds."""
    (value,) = values(metrics, name, {})
    assert abs(value - time.time()) < 10, value


@then(phrase("the metrics have the families"))
def _(metrics: str, docstring: str) -> None:
    """Exactly these, each line NAME KIND, as Prometheus reads them (a counter without its _total)."""
    seen = [f"{family.name} {family.type}" for family in families(metrics)]
    assert seen == docstring.split("\n"), seen


# -- the service ---------------------------------------------------------------------------------


class Watch:
    """A check --watch that has been started."""

    def __init__(self, world: World, running: Running) -> None:
        self.world = world
        self.running = running
        self.address = ""

    def said(self) -> str:
        """All log lines so far."""
        return self.running.err.read_text("utf-8", "replace")

    def begun(self) -> None:
        """Wait until it serves, and learn where."""
        found = eventually(
            lambda: re.search(r"metrics on http://(\S+)/metrics", self.said()) or self.running.process.poll(),
            lambda seen: seen is not None,
            "the watch to begin",
        )
        if not isinstance(found, re.Match):
            self.running.wait().refuse("the watch to go on")
        self.address = found[1]

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        connection = http.client.HTTPConnection(self.address, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def looks(self) -> float:
        """How many have ended well."""
        return sum(values(self.get("/metrics")[1], "nexcage_check_runs_total", {"result": "ok"}))

    def look_again(self) -> None:
        """Make it look, and wait until that has ended; none was under way."""
        before = self.looks()
        self.running.process.send_signal(signal.SIGHUP)
        eventually(self.looks, lambda n: n > before, "a look to end", 20)

    def size(self) -> tuple[int, int]:
        """(bytes of memory, descriptors) of its process, when the last client has gone."""
        proc = Path(f"/proc/{self.running.process.pid}")
        counts = []
        for _ in range(20):
            counts.append(len(os.listdir(proc / "fd")))
            time.sleep(0.01)
        return int((proc / "statm").read_text().split()[1]) * PAGE, min(counts)


def begin(world: World, options: str) -> Watch:
    """Start it; it is gone when the scenario ends."""
    words = shlex.split(world.expand(options))
    watch = Watch(world, world.begin("check", "--watch", *words))
    world.closers.append(lambda: end(watch))
    return watch


def end(watch: Watch) -> None:
    """Whatever it does."""
    watch.running.process.kill()
    watch.running.process.wait()


@given(phrase('the host is watched with "{options:text}"'), target_fixture="watch")
def _(world: World, options: str) -> Watch:
    """On a free port of loopback, and it has looked once."""
    watch = begin(world, f"--listen {FREE} {options}")
    watch.begun()
    eventually(watch.looks, bool, "the first look to end", 20)
    return watch


@given(phrase('the host begins to be watched with "{options:text}"'), target_fixture="watch")
def _(world: World, options: str) -> Watch:
    """As above, and its first look has not ended yet."""
    watch = begin(world, f"--listen {FREE} {options}")
    watch.begun()
    return watch


@when(phrase('the host is watched at the same address with "{options:text}"'))
def _(world: World, watch: Watch, options: str) -> None:
    world.call("check", "--watch", "--listen", watch.address, *shlex.split(options))


@then(phrase("the watch looks {n:int} times by itself"))
def _(watch: Watch, n: int) -> None:
    """Without being told to."""
    before = watch.looks()
    eventually(watch.looks, lambda seen: seen >= before + n, f"{n} looks", 3 * n)


@when(phrase("the watch looks again"))
def _(watch: Watch) -> None:
    """SIGHUP makes it."""
    watch.look_again()


@when(phrase("the watch is asked for its metrics"), target_fixture="metrics")
def _(watch: Watch) -> str:
    status, text = watch.get("/metrics")
    assert status == 200, status
    return text


@when(phrase("the watch is sent signal {name:word}"))
def _(watch: Watch, name: str) -> None:
    watch.running.process.send_signal(signal.Signals[f"SIG{name}"])


@then(phrase('the watch answers {status:int} at "{path}": {text:text}'))
def _(world: World, watch: Watch, status: int, path: str, text: str) -> None:
    """At once, and this is the text or a part of it."""
    began = time.monotonic()
    seen, said = watch.get(path)
    assert time.monotonic() - began < 1
    assert seen == status, (seen, said)
    assert world.expand(text) in said, said


@then(phrase('the watch says "{text:text}"'))
def _(world: World, watch: Watch, text: str) -> None:
    """Sooner or later, in its log."""
    eventually(watch.said, lambda seen: world.expand(text) in seen, f'the watch to say "{text}"')


@then(phrase('the watch has said "{text:text}" {n:int} times'))
def _(world: World, watch: Watch, text: str, n: int) -> None:
    """By now."""
    assert watch.said().count(world.expand(text)) == n, watch.said()


@then(phrase("the watch says nothing but lines in JSON"))
def _(watch: Watch) -> None:
    lines = watch.said().splitlines()
    assert lines, "it says nothing"
    assert all(re.fullmatch(r'\{"level": "\w+", .*\}', line) for line in lines), lines


@then(phrase("the watch ends with status {code:int} within {n:int} seconds"))
def _(watch: Watch, code: int, n: int) -> None:
    began = time.monotonic()
    result = watch.running.wait()
    if (result.code, time.monotonic() - began < n) != (code, True):
        result.refuse(f"status {code} within {n} s")


@then(phrase("{n:int} more looks cost the watch neither memory nor files"))
def _(watch: Watch, n: int) -> None:
    """After half of them it has as much as after all, and never more than 50 MiB."""
    for _ in range(n // 2):
        watch.look_again()
    memory, handles = watch.size()
    for _ in range(n - n // 2):
        watch.look_again()
    later, handles_later = watch.size()
    assert later - memory < GROWTH, f"{memory} bytes, then {later}"
    assert later < MOST_MEMORY, later
    assert handles_later == handles, f"{handles} descriptors, then {handles_later}"


@then(phrase("the address of the watch is free"))
def _(watch: Watch) -> None:
    with pytest.raises(ConnectionRefusedError):
        watch.get("/metrics")
