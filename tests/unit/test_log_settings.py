"""nexcage.cli.log_settings: command line, environment, configuration; none of them hides an error."""

import json
import os

import pytest

from nexcage import config, log
from nexcage.cli.call import CONFIG
from nexcage.cli.log_settings import logging
from nexcage.cli.main import main
from nexcage.errors import InvalidConfig, UsageError

pytestmark = pytest.mark.usefixtures("plain_config")


@pytest.fixture(autouse=True)
def _as_before(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "FILES", (f"{tmp_path}/config.json", f"{tmp_path}/nexcage.json"))
    monkeypatch.chdir(tmp_path)
    yield
    log.begin()


@pytest.fixture
def settled(monkeypatch):
    """What `log.configure` was called with last."""
    seen = {}
    real = log.configure

    def configure(**given):
        seen.clear()
        seen.update(given)
        real(**given)

    monkeypatch.setattr(log, "configure", configure)
    return seen


FILE = {"log_level": "info", "log_path": "/file", "log_format": "json"}


@pytest.mark.parametrize("option", ["debug", ""])
@pytest.mark.parametrize("variable", ["error", ""])
@pytest.mark.parametrize("file", ["info", ""])
def test_the_level_comes_from_the_first_that_has_one(
    settled, configured, monkeypatch, option, variable, file
):
    configured({"runtime": {"log_level": file}} if file else {})
    monkeypatch.setenv("NEXCAGE_LOG_LEVEL", variable)
    logging({"log-level": [option]} if option else {}, "list")
    assert settled["level"] == (option or variable or file or "warning")


def test_a_higher_one_wins_also_with_the_default(settled, configured):
    configured({"runtime": FILE})
    logging({"log-level": ["warning"], "log-format": ["text"], "log": ["-"]}, "list")
    assert (settled["level"], settled["format"], settled["path"]) == ("warning", "text", "")


def test_the_file_alone(settled, configured):
    configured({"runtime": FILE})
    logging({}, "list")
    assert (settled["level"], settled["format"], settled["path"]) == ("info", "json", "/file")


def test_the_file_that_the_command_line_names(settled, tmp_path):
    (tmp_path / "mine.json").write_text(json.dumps({"runtime": FILE}))
    logging({CONFIG: [str(tmp_path / "mine.json")]}, "list")
    assert settled["path"] == "/file"


@pytest.mark.parametrize(("given", "level"), [("trace", "debug"), ("warn", "warning"), ("fatal", "error")])
def test_names_of_levels_elsewhere(settled, monkeypatch, given, level):
    monkeypatch.setenv("NEXCAGE_LOG_LEVEL", given)
    logging({}, "list")
    assert settled["level"] == level


def test_the_older_name_of_the_variable_counts_less(settled, monkeypatch):
    monkeypatch.setenv("NEXCAGE_LOG_FILE", "/older")
    logging({}, "list")
    assert settled["path"] == "/older"
    monkeypatch.setenv("NEXCAGE_LOG", "/newer")
    logging({}, "list")
    assert settled["path"] == "/newer"


@pytest.mark.parametrize(
    ("text", "path"),
    [("file:/x", "/x"), ("/x", "/x"), ("x", "{}/x"), ("file:x", "{}/x"), ("a:b", "{}/a:b"), ("-", ""),
     ("/dev/stderr", ""), ("file:/dev/stderr", "")],
)  # fmt: skip
def test_places(settled, tmp_path, text, path):
    logging({"log": [text]}, "list")
    assert settled["path"] == path.format(tmp_path)


def test_a_path_is_settled_before_a_command_changes_its_directory(tmp_path):
    logging({"log": ["log"]}, "list")
    os.chdir("/")
    log.warning("said")
    assert "said" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file:", "--log: file: names no file"),
        ("journald:", "--log: journald: needs a name for the lines"),
        ("syslog:a\nb", "--log: syslog: needs a name for the lines"),
        ("a\0b", "--log: the path of the log has a NUL character"),
    ],
)
def test_places_that_are_none(text, message):
    with pytest.raises(UsageError) as error:
        logging({"log": [text]}, "list")
    assert error.value.message == message


def test_a_wrong_setting_does_not_keep_the_others_from_being_used(settled, monkeypatch):
    monkeypatch.setenv("NEXCAGE_LOG_LEVEL", "loud")
    with pytest.raises(InvalidConfig, match="NEXCAGE_LOG_LEVEL"):
        logging({"log": ["/x"], "log-format": ["json"]}, "list")
    assert (settled["path"], settled["format"], settled["level"]) == ("/x", "json", "warning")


def test_a_configuration_that_is_not_about_logs_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text('{"netwrok": 1}')
    assert logging({}, "state") is None
    (tmp_path / "config.json").write_text('{"netwrok": 1, "log_level": "info"}')
    monkeypatch.setenv("NEXCAGE_CONFIG", str(tmp_path / "config.json"))
    assert "netwrok" in logging({}, "state").message


def test_a_configuration_that_cannot_be_used_is_a_warning_for_who_needs_nothing_else(
    tmp_path, monkeypatch, capsys
):
    bad = tmp_path / "bad.json"
    bad.write_text('{"log_level": "chatty"}')
    monkeypatch.setenv("NEXCAGE_CONFIG", str(bad))
    assert main(["version"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["kill", "--root", str(tmp_path / "r"), "web"]) != 0
    said = capsys.readouterr().err.splitlines()
    assert sum("chatty" in line for line in said) == 1


def test_what_is_understood_of_a_wrong_command_line_finds_the_log(tmp_path, capsys):
    path = tmp_path / "log"
    assert main(["--log", str(path), "--log-format", "json", "--frobnicate", "list"]) == 2
    assert main(["--log", str(path), "--log-format", "json", "lst"]) == 2
    assert main(["list", "--log", str(path), "--log-format", "json", "--frobnicate"]) == 2
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert [entry["code"] for entry in entries] == ["usage"] * 3
    assert entries[1]["verb"] == "lst"
    assert len({entry["request"] for entry in entries}) == 3
    assert len(capsys.readouterr().err.splitlines()) == 6


def test_an_internal_error_reaches_the_log_with_its_traceback_when_debugging(tmp_path, monkeypatch, capsys):
    def broken(_):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("nexcage.cli.version.run", broken)
    path = tmp_path / "log"
    assert main(["--log", str(path), "--log-format", "json", "--debug", "version"]) == 1
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    internal = next(entry["msg"] for entry in entries if entry.get("code") == "internal")
    assert internal.endswith("ZeroDivisionError: oops")
    assert any("Traceback" in entry["msg"] for entry in entries if entry["level"] == "debug")
    assert entries[-1]["msg"] == "ended"
    assert entries[-1]["status"] == 1
    assert "Traceback" not in capsys.readouterr().err
