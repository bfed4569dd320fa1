"""The frame of nexcage check: order, errors of checks, what is asked once, when there is too little."""

import time

import pytest

from nexcage import checks
from nexcage.checks import GROUPS, Host, Result, thresholds, worst
from nexcage.cli.call import Call
from nexcage.errors import DriverUnavailable
from nexcage.host.files import Lock


@pytest.fixture
def host(tmp_path):
    return Host(Call("check", {"root": [str(tmp_path)]}, []))


class Module:
    """A group whose check yields one result and then raises."""

    def __init__(self, group, error=None):
        self.group = group
        self.error = error

    def check(self, host):  # noqa: ARG002
        yield Result(self.group, "first", "pass", "one thing was looked at")
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("error", "message", "hint", "code"),
    [
        (DriverUnavailable("crun has gone", hint="bring it back"), "crun has gone", "bring it back", None),
        (DriverUnavailable("crun has gone"), "crun has gone", "nexcage check storage", None),
        (PermissionError(13, "Permission denied", "/x"), "/x: permission denied", "look", None),
        (OSError("odd"), "odd", "look", None),
        (ValueError("odd"), "the check of storage failed: ValueError: odd", "report", "internal"),
        (RecursionError("deep"), "the check of storage failed: RecursionError: deep", "report", "internal"),
    ],
)
def test_a_check_that_raises_is_a_failure_and_the_others_go_on(monkeypatch, host, error, message, hint, code):
    monkeypatch.setattr(checks, "_module", lambda group: Module(group, error if group == "storage" else None))
    found = checks.run(host, GROUPS)
    assert [one.group for one in found if one.name == "first"] == list(GROUPS)
    (bad,) = [one for one in found if one.status == "fail"]
    assert (bad.group, bad.message) == ("storage", message)
    assert hint in bad.hint
    assert code in (None, bad.data.get("code"))
    assert worst(found) == 2


def test_groups_are_in_the_usual_order_and_each_once(monkeypatch, host):
    monkeypatch.setattr(checks, "_module", Module)
    found = checks.run(host, ["security", "drivers", "security"])
    assert [one.group for one in found] == ["drivers", "security"]


def test_the_worst_counts():
    passed, warned, failed = (Result("drivers", "x", status, "x") for status in checks.STATUSES)
    assert [worst(rows) for rows in ([], [passed], [warned, passed], [passed, failed, warned])] == [
        0,
        0,
        1,
        2,
    ]


def test_there_are_three_statuses():
    with pytest.raises(ValueError, match="no status of a check: ok"):
        Result("drivers", "x", "ok", "x")


@pytest.mark.parametrize("fails", [False, True])
def test_a_driver_is_asked_once_for_all_its_containers(host, monkeypatch, fails):
    asked = []

    class Driver:
        def states(self):
            asked.append(1)
            if fails:
                raise DriverUnavailable("away")
            return {"web": ("running", 7)}

    monkeypatch.setattr(host.call, "driver", lambda name, store: Driver())  # noqa: ARG005
    for _ in range(3):
        if fails:
            with pytest.raises(DriverUnavailable):
                host.states("crun", host.stores[0])
        else:
            assert host.states("crun", host.stores[0]) == {"web": ("running", 7)}
    assert len(asked) == 1


def test_a_program_is_run_once(host, tmp_path):
    program = tmp_path / "count"
    program.write_text(f"#!/bin/sh\necho x >>{tmp_path}/calls\necho said\n")
    program.chmod(0o755)
    assert [host.ask(str(program)).stdout for _ in range(3)] == ["said\n"] * 3
    assert (tmp_path / "calls").read_text() == "x\n"


def test_what_lies_in_a_store_is_read_once(host, tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web/record.json").write_text("{")
    first = host.entries()
    (tmp_path / "web/record.json").unlink()
    (entry,) = host.entries()
    assert entry is first[0]
    assert (entry.id, entry.record) == ("web", None)
    assert "line 1" in entry.error.message


def test_a_hundred_half_made_containers_are_waited_for_once(host, tmp_path):
    for number in range(100):
        (tmp_path / f"c{number}").mkdir()
    began = time.monotonic()
    codes = {entry.error.code for entry in host.entries()}
    assert time.monotonic() - began < 1
    assert codes == {"container-half-made"}


def test_what_another_command_is_making_is_locked(host, tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web/journal").write_text("{}\n")
    lock = Lock(str(tmp_path / "web/lock"))
    lock.acquire("web")
    (entry,) = host.entries()
    lock.release()
    assert (entry.id, entry.error.code) == ("web", "container-creating")


def test_a_store_that_cannot_be_listed_is_an_entry_without_an_id(tmp_path):
    (tmp_path / "root").write_text("no directory")
    (entry,) = Host(Call("check", {"root": [str(tmp_path / "root")]}, [])).entries()
    assert (entry.id, entry.record) == ("", None)
    assert "not a directory" in entry.error.message


@pytest.mark.parametrize(
    ("free", "total", "status"),
    [
        (9, 1000, "fail"),  # below the floor
        (10, 1000, "warn"),  # below 16 times the floor
        (159, 1000, "warn"),
        (160, 1000, "pass"),
        (499, 10_000, "warn"),  # less than a twentieth, and not plenty
        (500, 10_000, "pass"),
        (160, 100_000, "fail"),  # less than a hundredth
        (999, 100_000, "fail"),
        (1000, 100_000, "warn"),
        (10_000, 100_000_000, "warn"),  # a tenth of plenty is no failure, whatever part it is
        (100_000, 100_000_000, "pass"),  # plenty is plenty
        (10, 10, "warn"),
    ],
)
def test_scarce(free, total, status):
    assert thresholds.scarce(free, total, floor=10, plenty=100_000) == status


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1 << 30, "1.0 GiB"), (3 << 39, "1.5 TiB")],
)
def test_size(count, text):
    assert thresholds.size(count) == text


def test_some():
    assert thresholds.some(["a", "b", "c"]) == "a, b, c"
    assert thresholds.some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
