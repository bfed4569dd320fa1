"""nexcage.host.signals: names and numbers, relaying, and being asked to stop."""

import contextlib
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.errors import Interrupted, UsageError
from nexcage.host import signals

NAMES = {s.name.removeprefix("SIG"): int(s) for s in signal.Signals}


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(["", "SIG", "sig"]), st.booleans())
def test_every_name_with_and_without_sig_in_any_case(name, prefix, lower):
    assert signals.number(prefix + (name.lower() if lower else name)) == NAMES[name]


@given(st.integers(-5, 200))
def test_numbers_from_1_to_64_and_no_other(number):
    if 1 <= number <= 64:
        assert signals.number(str(number)) == number
    else:
        with pytest.raises(UsageError):
            signals.number(str(number))


@given(st.sampled_from(["RTMIN", "RTMAX"]), st.integers(-40, 40))
def test_realtime_signals_stay_in_their_range(base, offset):
    expected = (34 if base == "RTMIN" else 64) + offset
    if 34 <= expected <= 64 and abs(offset) <= 30:
        assert signals.number(f"{base}{offset:+d}") == expected
    else:
        with pytest.raises(UsageError):
            signals.number(f"{base}{offset:+d}")


@pytest.mark.parametrize(
    "text", ["FOO", "", "SIG", "SIGSIGKILL", "0", "-9", "9.0", "RTMIN+", "RTMIN+1x", "_DFL"]
)
def test_what_is_no_signal_is_named(text):
    with pytest.raises(UsageError) as caught:
        signals.number(text)
    assert f'unknown signal "{text}"' in caught.value.message
    assert caught.value.code == "invalid-signal"
    assert "RTMIN+1" in caught.value.hint


@given(st.text(max_size=12))
def test_any_text_is_a_signal_or_a_usage_error(text):
    with contextlib.suppress(UsageError):
        assert 1 <= signals.number(text) <= 64


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_becomes_an_error_with_its_exit_status(which):
    with pytest.raises(Interrupted) as caught, signals.Undoing():
        signal.raise_signal(which)
    assert caught.value.exit_code == 128 + which


def test_the_second_signal_does_not_cut_the_undo_short():
    with signals.Undoing():
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGTERM)
        for which in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.raise_signal(which)


def test_the_handlers_from_before_come_back_also_after_nested_contexts():
    before = signal.getsignal(signal.SIGTERM)
    with signals.Undoing():
        with signals.Undoing():
            assert signal.getsignal(signal.SIGTERM) != before
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_signal_that_the_caller_ignores_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.Undoing():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_signals_reach_the_program_in_the_foreground():
    script = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.02; done"
    code = "import sys; from nexcage.host.process import foreground; sys.exit(foreground(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, "/bin/sh", "-c", script]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 7


# FreeBSD numbers differently and says otherwise where a signal is from


@pytest.fixture
def told(monkeypatch):
    """Say what sigwaitinfo(2) is to report first; what was passed on."""
    events, passed = [], []
    real = signals._signal

    class Kernel:
        def __getattr__(self, name):
            return getattr(real, name)

        @staticmethod
        def sigwaitinfo(waited):
            if events:
                return SimpleNamespace(si_signo=signal.SIGUSR1, si_code=events.pop(0))
            return real.sigwaitinfo(waited)

    monkeypatch.setattr(signals, "_signal", Kernel())
    monkeypatch.setattr(signals.os, "kill", lambda pid, number: passed.append((pid, number)))
    return events, passed


@pytest.mark.parametrize(
    ("code", "goes_on"),
    [(0, True), (-1, True), (-6, True), (0x80, False), (0x10001, True), (0x10002, True), (0x10007, True),
     (0x10006, False)],
)  # fmt: skip
def test_what_a_process_sent_is_passed_on_and_what_the_kernel_sent_is_not(told, code, goes_on):
    events, passed = told
    events.append(code)
    with signals.Held(), subprocess.Popen(["/bin/sleep", "0.2"]) as child:
        assert signals.relay(child.pid) == 0
        child.returncode = 0
    assert passed == ([(child.pid, signal.SIGUSR1)] if goes_on else [])


def test_signals_that_freebsd_would_throw_away_have_a_handler_while_they_are_held():
    names = ("SIGCHLD", "SIGURG", "SIGIO", "SIGWINCH")
    numbers = [getattr(signal, name) for name in names]
    before = [signal.getsignal(number) for number in numbers]
    with signals.Held():
        assert all(callable(signal.getsignal(number)) for number in numbers)
    assert [signal.getsignal(number) for number in numbers] == before


def test_a_signal_that_is_ignored_stays_ignored_while_others_are_held():
    before = signal.signal(signal.SIGWINCH, signal.SIG_IGN)
    try:
        with signals.Held():
            assert signal.getsignal(signal.SIGWINCH) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGWINCH, before)
