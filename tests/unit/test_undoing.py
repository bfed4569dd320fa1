"""nexcage.host.signals.Undoing and the names of directories: what a create relies on to be undone."""

import os
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.errors import Interrupted
from nexcage.host import signals
from nexcage.state.store import short_name


@given(st.from_regex(r"[A-Za-z0-9_.+-]{1,1024}", fullmatch=True))
def test_names_of_directories_are_short_and_never_hidden(text):
    name = short_name(text)
    assert 0 < len(name) <= 200
    assert name[0] not in ".@"


def test_a_signal_interrupts_once_and_is_let_go_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Interrupted) as found, signals.Undoing():
        os.kill(os.getpid(), signal.SIGTERM)
    assert found.value.exit_code == 143
    assert signal.getsignal(signal.SIGTERM) == before


def test_undoing_inside_undoing_stays_protected():
    before = signal.getsignal(signal.SIGINT)
    with signals.Undoing():
        with pytest.raises(Interrupted), signals.Undoing():
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)  # the second one must not cut the undo short
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) == before


def test_what_the_caller_ignores_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.Undoing():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
