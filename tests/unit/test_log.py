"""nexcage.log: lines that engines and people read, in a file or on standard error."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import log

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.setenv(log.REQUEST, "r1")
    log.begin()
    yield
    log.begin()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "log"


def to(path, **settings):
    log.configure(path=str(path), **{"level": "debug", "verb": "create", **settings})


def test_a_json_line_has_what_engines_read(file, capsys):
    to(file, format="json")
    log.warning("clipped", code="clipped", count=2, argv=["a"])
    entry = json.loads(file.read_text())
    assert RFC3339.fullmatch(entry.pop("time"))
    assert entry == {
        "level": "warning",
        "msg": "clipped",
        "code": "clipped",
        "count": 2,
        "argv": ["a"],
        "verb": "create",
        "request": "r1",
    }
    assert capsys.readouterr() == ("", "")


def test_times_are_utc_with_microseconds():
    assert log.timestamp(1.5) == "1970-01-01T00:00:01.500000Z"
    assert RFC3339.fullmatch(log.timestamp())


@given(st.floats(1, 4e9))
def test_any_time_is_rfc_3339(seconds):
    assert RFC3339.fullmatch(log.timestamp(seconds))


def test_a_text_line_can_be_split_like_a_command(file):
    to(file)
    log.info('said "no"', path="/a b", empty="", plain="a=b", n=3)
    words = dict(word.split("=", 1) for word in shlex.split(file.read_text()))
    assert RFC3339.fullmatch(words.pop("time"))
    assert words == {
        "level": "info", "msg": 'said "no"', "path": "/a b", "empty": "", "plain": "a=b", "n": "3",
        "verb": "create", "request": "r1",
    }  # fmt: skip


@given(st.text(), st.text(), st.sampled_from(["text", "json"]))
def test_whatever_is_logged_is_one_line(tmp_path_factory, message, value, form):
    file = tmp_path_factory.mktemp("log") / "log"
    to(file, format=form)
    log.info(message, value=value)
    text = file.read_text()
    assert text.count("\n") == 1
    assert text[:-1].isprintable()
    if form == "json":
        assert (json.loads(text)["msg"], json.loads(text)["value"]) == (message, value)


@pytest.mark.parametrize("level", log.LEVELS)
def test_only_what_is_serious_enough_is_logged(file, level):
    to(file, level=level)
    for say in (log.error, log.warning, log.info, log.debug):
        say("x")
    expected = log.LEVELS[: log.LEVELS.index(level) + 1]
    assert re.findall(r"level=(\w+)", file.read_text()) == list(expected)
    assert log.debugging() == (level == "debug")


def test_an_error_is_on_standard_error_and_in_the_file(file, capsys):
    to(file, format="json")
    log.error("broken", "mend it", code="failed")
    assert capsys.readouterr() == ("", "nexcage: create: broken\nhint: mend it\n")
    entry = json.loads(file.read_text())
    assert (entry["level"], entry["msg"], entry["hint"], entry["code"]) == (
        "error",
        "broken",
        "mend it",
        "failed",
    )


def test_without_a_file_warnings_are_on_standard_error(capsys):
    log.configure(verb="run")
    log.warning("a limit", code="clipped")
    log.info("not this")
    assert capsys.readouterr() == ("", "nexcage: run: warning: a limit\n")


def test_json_without_a_file_is_on_standard_error(capsys):
    log.configure(format="json")
    log.warning("w")
    log.error("e", "h")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["msg"]) for line in lines] == [("warning", "w"), ("error", "e")]


def test_a_message_with_newlines_and_escapes_stays_one_line(capsys):
    log.error("one\ntwo\x1b[31m\r", "h\nh")
    assert capsys.readouterr().err == "nexcage: one two\\x1b[31m\\r\nhint: h h\n"


def test_the_file_is_private_and_appended_to(file):
    before = os.umask(0)
    try:
        to(file)
        log.info("one")
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    log.info("two")
    assert len(file.read_text().splitlines()) == 2


def test_the_file_may_be_rotated_between_two_lines(file):
    to(file)
    log.info("one")
    file.rename(file.with_suffix(".1"))
    log.info("two")
    assert "two" in file.read_text()


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), os.mkfifo, lambda p: p.symlink_to("/nowhere/log")])
def test_a_path_that_cannot_be_written_falls_back_to_standard_error(file, make, capsys):
    make(file)
    to(file)
    log.warning("important")
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"nexcage: warning: cannot write the log {file}: ")
    assert "important" in said[1]
    log.error("broken")
    assert capsys.readouterr().err == "nexcage: create: broken\n"


def test_an_error_that_cannot_be_logged_is_said_once(tmp_path, capsys):
    to(tmp_path / "none" / "log")
    log.error("broken")
    said = capsys.readouterr().err
    assert said.count("broken") == 1
    assert said.count("cannot write the log") == 1


def test_each_command_has_an_id_of_its_own_that_all_its_lines_share(file, monkeypatch):
    monkeypatch.delenv(log.REQUEST)
    for _ in range(2):
        log.begin()
        to(file, format="json")
        log.info("one")
        log.error("two")
    ids = [json.loads(line)["request"] for line in file.read_text().splitlines()]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert all(re.fullmatch("[0-9a-f]{12}", id) for id in ids)


@pytest.mark.parametrize(
    ("given_id", "kept"), [("a b", "a b"), ("a\nb", "a\\nb"), ("x" * 500, "x" * 128), ("\udcff", "\\udcff")]
)
def test_an_id_that_the_caller_gives_stays_one_word_of_one_line(file, monkeypatch, given_id, kept):
    monkeypatch.setattr("os.environ", {log.REQUEST: given_id})
    log.begin()
    to(file, format="json")
    log.info("one")
    assert json.loads(file.read_text())["request"] == kept


def test_a_verb_is_no_way_to_the_terminal(capsys):
    log.configure(verb="a\nb\x1b[1m")
    log.error("broken")
    assert capsys.readouterr().err == "nexcage: a b\\x1b[1m: broken\n"


def test_a_new_command_begins_with_the_usual_settings(file):
    to(file)
    assert log.settled()
    log.begin()
    assert not log.settled()
    assert not log.debugging()
    log.warning("for standard error")
    assert not file.exists()


def test_what_a_full_disk_cuts_off_does_not_spoil_the_next_line(file, monkeypatch, capsys):
    to(file, format="json")
    real = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda handle, data: real(handle, data[:10]))
        log.info("lost")
    assert "cannot write the log" in capsys.readouterr().err
    to(file, format="json")
    log.info("whole")
    first, second = file.read_text().splitlines()
    assert (len(first), json.loads(second)["msg"]) == (10, "whole")


WRITER = """
import sys
from nexcage import log
log.configure(level="info", path=sys.argv[1], format="json", verb=sys.argv[2])
for i in range(int(sys.argv[3])):
    log.info("x" * 3000, i=i)
"""


def test_processes_that_write_at_once_while_the_log_is_rotated_lose_nothing(file):
    count, each = 8, 60
    tree = Path(__file__).resolve().parents[2]
    argv = [sys.executable, "-c", WRITER, str(file)]
    writers = [subprocess.Popen([*argv, f"w{n}", str(each)], cwd=tree) for n in range(count)]
    parts = 0
    while any(writer.poll() is None for writer in writers):
        if file.exists():
            file.rename(file.with_suffix(f".{parts}"))
            parts += 1
        time.sleep(0.002)
    assert [writer.wait() for writer in writers] == [0] * count
    entries = [json.loads(line) for part in file.parent.iterdir() for line in part.read_text().splitlines()]
    assert sorted((entry["verb"], entry["i"]) for entry in entries) == sorted(
        (f"w{n}", i) for n in range(count) for i in range(each)
    )
    assert parts > 1


def test_a_quiet_command_pays_next_to_nothing():
    began = time.perf_counter()
    for _ in range(100):
        log.begin()
        log.configure(verb="state")
        for _ in range(20):
            log.debug("not this", argv="x")
            log.info("nor this")
    assert time.perf_counter() - began < 0.1  # 1 ms for each of 100 commands


def test_nothing_happens_at_import():
    code = (
        "import sys; from nexcage import log; sys.exit(1 if 'socket' in sys.modules or log.settled() else 0)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], check=True)
