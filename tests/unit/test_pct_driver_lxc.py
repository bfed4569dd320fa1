"""nexcage.drivers.pct.lxc: the words of lxc-info, and where a container's processes are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import lxc
from nexcage.errors import CommandFailed, DriverUnavailable, NexcageError
from nexcage.host import process
from nexcage.host.process import Completed
from tests.unit.pct_node import answers, replaced

WORDS = {
    "RUNNING": "running",
    "STARTING": "running",
    "STOPPING": "running",
    "ABORTING": "running",
    "THAWED": "running",
    "FREEZING": "paused",
    "FROZEN": "paused",
}


def told(state, pid):
    """As lxc-info -s -p prints it."""
    return f"State:          {state}\nPID:            {pid}\n"


@pytest.mark.parametrize(("word", "status"), WORDS.items())
def test_each_word(monkeypatch, word, status):
    calls = answers(monkeypatch, told(word, 4711))
    assert lxc.state("760") == (status, 4711)
    (words,) = calls
    assert words[:3] == ["/usr/bin/lxc-info", "-n", "760"]
    assert words[-2:] == ["-s", "-p"]


def test_a_stopped_one_has_no_process(monkeypatch):
    answers(monkeypatch, "State:          STOPPED\n")
    assert lxc.state("760") == ("stopped", 0)
    answers(monkeypatch, told("STOPPED", 4711))
    assert lxc.state("760") == ("stopped", 0)


def test_one_that_lxc_has_not_heard_of(monkeypatch):
    answers(monkeypatch, "", "760 doesn't exist\n", 1)
    assert lxc.state("760") == ("stopped", 0)
    answers(monkeypatch, "", "", 1)
    assert lxc.state("760") == ("stopped", 0)


@pytest.mark.parametrize("pid", ["", "-1", "x", "²"])
def test_one_that_has_just_ended(monkeypatch, pid):
    answers(monkeypatch, told("RUNNING", pid))
    assert lxc.state("760") == ("stopped", 0)


@pytest.mark.parametrize(
    ("stdout", "stderr", "status"),
    [
        (told("SLEEPING", 1), "", 0),
        ("no such thing", "", 0),
        ("State:\n", "", 137),
        ("", "", 137),  # killed: what it would have said nobody knows
        ("", "Insufficent privileges to control 760\n", 1),
        ("", "lxc-info: 760: commands.c: lxc_cmd_rsp_recv: 125 Connection reset by peer\n", 1),
    ],
)
def test_what_is_no_state_is_an_error(monkeypatch, stdout, stderr, status):
    answers(monkeypatch, stdout, stderr, status)
    if not stderr and status == 0 and "State" not in stdout:
        assert lxc.state("760") == ("stopped", 0)
        return
    with pytest.raises(CommandFailed, match="lxc-info: printed no state"):
        lxc.state("760")


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 255))
def test_any_output_is_a_status_or_an_error(stdout, stderr, code):
    done = Completed(["lxc-info"], code, stdout, stderr)
    with replaced(process, run=lambda *_, **__: done, which=lambda name: name):
        try:
            status, pid = lxc.state("760")
        except NexcageError:
            return
    assert status in ("running", "paused", "stopped")
    assert (pid == 0) == (status == "stopped")


def test_a_node_without_lxc(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DriverUnavailable, match="lxc-info is not installed"):
        lxc.state("760")
