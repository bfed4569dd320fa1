"""nexcage.drivers.pct.startlog: what LXC's log says of one start."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import startlog
from nexcage.drivers.pct.startlog import Log
from tests.unit.pct_node import replaced

HEAD = "lxc-start 760 20250101000000.000"
STARTED = f'{HEAD} NOTICE   start - ../src/lxc/start.c:start:2201 - Started "sleep" with pid "4711"\n'
OTHER = f"{HEAD} INFO     start - ../src/lxc/start.c:lxc_init:881 - Container is initialized\n"


def ended(kind, number):
    """As lxc_error_set_and_log writes it."""
    return f"{HEAD} INFO     error - ../src/lxc/error.c:1 - Child <4711> ended on {kind} ({number})\n"


def log_of(path, text):
    """The whole log with this text."""
    path.write_text(text)
    return Log.whole(f"lxc.log.file: {path}\n")


@pytest.mark.parametrize(
    ("text", "ran", "status"),
    [
        ("", False, 0),
        (OTHER, False, 0),
        (STARTED, True, 0),
        (STARTED + ended("error", 42), True, 42),
        (STARTED + ended("error", 255), True, 255),
        (STARTED + ended("signal", 9), True, 137),
        (STARTED + ended("signal", 15), True, 143),
        (ended("error", 1), False, 1),
        (STARTED + ended("error", 1) + STARTED + ended("error", 2), True, 2),
        (STARTED + "Child <4711> ended on nothing (3)\n", True, 0),
        (STARTED + "Child <4711> ended on error ()\n", True, 0),
    ],
)
def test_lines(tmp_path, text, ran, status):
    log = log_of(tmp_path / "log", text)
    assert (log.ran(), log.status()) == (ran, status)


def test_what_was_there_before_does_not_count(tmp_path):
    path = tmp_path / "log"
    path.write_text(STARTED + ended("error", 42))
    log = Log.of(f"arch: amd64\nlxc.log.file: {path}\nlxc.log.level: DEBUG\n")
    assert (log.text(), log.ran(), log.status()) == ("", False, 0)
    with path.open("a") as file:
        file.write(STARTED + ended("signal", 6))
    assert log.text() == STARTED + ended("signal", 6)
    assert (log.ran(), log.status()) == (True, 134)
    assert Log.whole(f"lxc.log.file: {path}\n").text().startswith(STARTED + ended("error", 42))


def test_a_log_that_somebody_has_emptied(tmp_path):
    path = tmp_path / "log"
    path.write_text(OTHER * 100)
    log = Log.of(f"lxc.log.file: {path}\n")
    path.write_text(STARTED + ended("error", 3))
    assert (log.ran(), log.status()) == (True, 3)


def test_of_a_huge_log_the_end_counts(tmp_path):
    path = tmp_path / "log"
    path.write_text(STARTED)
    os.truncate(path, 1 << 32)  # a hole of 4 GiB
    with path.open("a") as file:
        file.write(STARTED + ended("error", 7))
    log = Log.whole(f"lxc.log.file: {path}\n")
    assert (log.ran(), log.status()) == (True, 7)
    assert len(log.text()) <= startlog._LARGEST


@pytest.mark.parametrize("line", ["", "lxc.log.level: DEBUG\n", "lxc.log.file:\n", "lxc.log.file: /\0\n"])
def test_a_configuration_that_names_none(line):
    log = Log.of(f"arch: amd64\n{line}")
    assert (log.text(), log.ran(), log.status()) == ("", False, 0)


def test_a_log_that_cannot_be_read(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "missing", tmp_path, tmp_path / "fifo"):
        log = Log(str(path))
        assert (log.text(), log.ran(), log.status()) == ("", False, 0)


def test_a_log_that_appears_later(tmp_path):
    log = Log(str(tmp_path / "log"))
    (tmp_path / "log").write_text(STARTED + ended("error", 5))
    assert log.status() == 5


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(1, 400))
def test_any_content_is_read(tmp_path_factory, content, begin, largest):
    path = tmp_path_factory.mktemp("log") / "log"
    path.write_bytes(content)
    log = Log(str(path))
    log._begin = begin
    with replaced(startlog, _LARGEST=largest):
        text = log.text()
    rest = content[begin if begin <= len(content) else 0 :][-largest:]
    assert text == rest.decode(errors="replace")
    assert isinstance(log.ran(), bool)
    assert log.status() >= 0
