"""nexcage.host.ending: the end of a process that is not our child, on Linux and as FreeBSD reports it."""

import os
import select
import signal
import subprocess
import sys
import time
from typing import ClassVar

import pytest

from nexcage.host.ending import Ending

FAKES = {"KQ_FILTER_PROC": -5, "KQ_EV_ADD": 1, "KQ_NOTE_EXIT": 0x80000000}


class Queue:
    """A kqueue whose event is the end of a process here, as its descriptor shows it."""

    made: ClassVar[list["Queue"]] = []

    def __init__(self):
        Queue.made.append(self)
        self.open = True
        self.changes = []
        self.handle = -1

    def control(self, changes, most):
        assert most == 0, "an event that is taken out is gone for the next who asks"
        self.changes += changes
        self.handle = PIDFD_OPEN(changes[0][0])  # ESRCH as kqueue has it
        return []

    def fileno(self):
        assert self.open
        return self.handle

    def close(self):
        self.open = False
        if self.handle >= 0:
            os.close(self.handle)


PIDFD_OPEN = os.pidfd_open


@pytest.fixture
def freebsd(monkeypatch):
    Queue.made = []
    monkeypatch.delattr(os, "pidfd_open")
    monkeypatch.setattr(select, "kqueue", Queue, raising=False)
    monkeypatch.setattr(select, "kevent", lambda *words: words, raising=False)
    for name, value in FAKES.items():
        monkeypatch.setattr(select, name, value, raising=False)


@pytest.fixture(params=["linux", "freebsd"])
def kernel(request):
    if request.param == "freebsd":
        request.getfixturevalue("freebsd")


@pytest.fixture
def child():
    with subprocess.Popen([sys.executable, "-IS", "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def descriptors():
    return os.listdir("/proc/self/fd")


@pytest.mark.usefixtures("kernel")
def test_the_end_is_seen_also_twice_and_before_anybody_asks_for_the_status(child):
    before = descriptors()
    with Ending(child.pid) as end:
        assert not end.within(0.05)
        began = time.monotonic()
        child.kill()
        assert end.within(10)
        assert time.monotonic() - began < 5
        assert end.within(0)
        assert child.poll() == -signal.SIGKILL
        assert end.within(0)
    assert descriptors() == before


@pytest.mark.usefixtures("kernel")
def test_a_process_that_has_gone_has_ended():
    with subprocess.Popen(["/bin/true"]) as gone:
        gone.wait()
    before = descriptors()
    with Ending(gone.pid) as end:
        assert end.within(0)
        assert end.fileno() == -1
    assert descriptors() == before


@pytest.mark.usefixtures("kernel")
def test_a_zombie_has_ended():
    with subprocess.Popen(["/bin/true"]) as zombie:
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        with Ending(zombie.pid) as end:
            assert end.within(0)


@pytest.mark.usefixtures("kernel")
def test_its_descriptor_can_be_polled_among_others(child):
    with Ending(child.pid) as end:
        waiter = select.poll()
        waiter.register(end, select.POLLIN)
        assert waiter.poll(0) == []
        child.kill()
        assert waiter.poll(10000) == [(end.fileno(), select.POLLIN)]


@pytest.mark.usefixtures("kernel")
def test_closing_twice_is_harmless(child):
    end = Ending(child.pid)
    end.close()
    end.close()
    assert end.fileno() == -1


@pytest.mark.usefixtures("freebsd")
def test_freebsd_is_asked_for_the_exit_of_this_process(child):
    with Ending(child.pid):
        assert Queue.made[0].changes == [
            (child.pid, FAKES["KQ_FILTER_PROC"], FAKES["KQ_EV_ADD"], FAKES["KQ_NOTE_EXIT"])
        ]
    assert not Queue.made[0].open


@pytest.mark.usefixtures("freebsd")
def test_a_queue_that_cannot_watch_is_closed_and_says_why(monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Queue, "control", refused)
    with pytest.raises(PermissionError):
        Ending(os.getpid())
    assert not Queue.made[0].open
