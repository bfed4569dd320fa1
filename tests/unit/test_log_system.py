"""nexcage.log.system: the journal's own protocol and syslog's, over real sockets."""

import json
import re
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import log
from nexcage.log import system


class Listener:
    """A socket where the journal's or syslog's would be."""

    def __init__(self, path, kind):
        self.socket = socket.socket(socket.AF_UNIX, kind)
        self.socket.bind(str(path))
        self.socket.settimeout(5)
        if kind == socket.SOCK_STREAM:
            self.socket.listen()

    def hears(self):
        return self.socket.recv(1 << 20)


@pytest.fixture(autouse=True)
def _as_before():
    yield
    log.begin()


@pytest.fixture
def journal(tmp_path, monkeypatch):
    monkeypatch.setitem(system.SOCKETS, "journald", str(tmp_path / "journal"))
    return Listener(tmp_path / "journal", socket.SOCK_DGRAM)


def fields(datagram):
    """Read the native protocol as systemd does."""
    found = {}
    while datagram:
        line, _, rest = datagram.partition(b"\n")
        if b"=" in line:
            name, _, value = line.partition(b"=")
        else:
            name, size = line, int.from_bytes(rest[:8], "little")
            value, rest = rest[8 : 8 + size], rest[8 + size :]
            assert rest[:1] == b"\n"
            rest = rest[1:]
        found[name.decode()] = value.decode()
        datagram = rest
    return found


def test_an_entry_of_the_journal(journal, monkeypatch):
    monkeypatch.setenv(log.REQUEST, "r1")
    log.begin()
    log.configure(verb="start", sink=system.opened("journald", "web"))
    log.warning("a limit", code="clipped", count=2)
    seen = fields(journal.hears())
    assert seen.pop("SYSLOG_PID").isdigit()
    assert seen == {
        "MESSAGE": "a limit", "PRIORITY": "4", "SYSLOG_IDENTIFIER": "web", "NEXCAGE_CODE": "clipped",
        "NEXCAGE_COUNT": "2", "NEXCAGE_VERB": "start", "NEXCAGE_REQUEST": "r1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("level", "number"), [("error", "3"), ("warning", "4"), ("info", "6"), ("debug", "7")]
)
def test_levels(journal, level, number, capsys):
    log.configure(level="debug", sink=system.opened("journald", "x"))
    getattr(log, level)("said")
    assert fields(journal.hears())["PRIORITY"] == number
    assert ("said" in capsys.readouterr().err) == (level == "error")


@given(st.text())
def test_whatever_is_said_arrives_in_one_field(tmp_path_factory, text):
    place = tmp_path_factory.mktemp("j") / "s"
    listener = Listener(place, socket.SOCK_DGRAM)
    sink_of, system.SOCKETS["journald"] = system.SOCKETS["journald"], str(place)
    try:
        system.opened("journald", "x")("error", text, {"argv": text}, "")
    finally:
        system.SOCKETS["journald"] = sink_of
    seen = fields(listener.hears())
    assert (seen["MESSAGE"], seen["NEXCAGE_ARGV"]) == (text, text)
    assert set(seen) == {"MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "NEXCAGE_ARGV"}


def test_a_long_message_is_cut(journal):
    system.opened("journald", "x")("error", "ü" * 100_000, {}, "")
    assert 0 < len(fields(journal.hears())["MESSAGE"].encode()) <= 64 << 10


SYSLOG = re.compile(r"<12>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d web\[\d+\]: (.*)", re.DOTALL)


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_of_syslog(tmp_path, monkeypatch, kind, form):
    monkeypatch.setitem(system.SOCKETS, "syslog", str(tmp_path / "log"))
    listener = Listener(tmp_path / "log", kind)
    monkeypatch.setenv(log.REQUEST, "r1")
    log.begin()
    log.configure(format=form, sink=system.opened("syslog", "web"))
    log.warning("two\nlines", code="clipped")
    if kind == socket.SOCK_STREAM:
        text = listener.socket.accept()[0].recv(1 << 16).decode()
        assert text.endswith("\0")
        text = text[:-1]
    else:
        text = listener.hears().decode()
    said = SYSLOG.fullmatch(text)[1]
    if form == "text":
        assert said == "two lines code=clipped request=r1"
    else:
        assert json.loads(said)["msg"] == "two\nlines"


@pytest.mark.parametrize("kind", ["journald", "syslog"])
def test_where_it_does_not_run(tmp_path, monkeypatch, kind):
    monkeypatch.setitem(system.SOCKETS, kind, str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError) as error:
        system.opened(kind, "x")
    assert error.value.filename == str(tmp_path / "absent")


def test_where_nobody_answers(tmp_path, monkeypatch):
    Listener(tmp_path / "s", socket.SOCK_DGRAM).socket.close()
    monkeypatch.setitem(system.SOCKETS, "journald", str(tmp_path / "s"))
    with pytest.raises(ConnectionRefusedError):
        system.opened("journald", "x")


def test_a_journal_that_goes_away_does_not_hide_what_is_said(journal, capsys):
    log.configure(sink=system.opened("journald", "x"))
    journal.socket.close()
    log.warning("important")
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "nexcage: warning: cannot write to the log: connection refused"
    assert "important" in said[1]
