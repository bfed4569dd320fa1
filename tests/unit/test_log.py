"""nexcage.log: lines that engines and people read, in a file or on standard error."""

import json
import os
import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import log

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(autouse=True)
def _as_before():
    yield
    log.configure()


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
        "verb": "create",
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
