"""What killed commands leave on a node: until when it is waited for, and what is removed."""

import os
import time
from pathlib import Path

import pytest

from nexcage.drivers.pct import leftover, node
from nexcage.errors import Locked
from nexcage.host import process

OURS = "lock: {}\nhostname: web\n"


@pytest.fixture
def calling():
    """Start a process that is called so, and goes on; it is ended after the test."""
    pids = []

    def start(*words):
        pids.append(process.started(["/bin/sh", "-c", "sleep 20; :", *words]))
        while not Path(f"/proc/{pids[-1]}/cmdline").read_bytes():
            time.sleep(0.001)  # the kernel lets its parent go on before it has its words

    yield start
    for pid in pids:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


@pytest.fixture
def told(monkeypatch):
    """The configurations that are seen one after the other; the last one stays."""
    seen = [""]
    monkeypatch.setattr(node, "conf", lambda _: (seen.pop(0) if len(seen) > 1 else seen[0]) or None)
    monkeypatch.setattr(leftover.time, "sleep", lambda _: None)
    return seen


def at_work(monkeypatch, looks):
    """Somebody is at work for so many looks; returns the tasks that were asked for."""
    asked = []

    def look(vmid, tasks):
        asked.append((vmid, tasks))
        return len(asked) <= looks

    monkeypatch.setattr(leftover, "_is_at_work", look)
    return asked


@pytest.mark.parametrize("before", ["", OURS.format("create")])
def test_a_create_is_waited_for_also_before_it_has_written_anything(told, monkeypatch, before):
    told[:] = [before, before, "hostname: web\n"]
    asked = at_work(monkeypatch, 2)
    assert leftover.settled("100", "web") == "hostname: web\n"
    assert asked == [("100", ("vzcreate", "vzrestore"))] * 2


def test_a_destroy_is_waited_for(told, monkeypatch):
    told[:] = [OURS.format("destroyed"), ""]
    assert at_work(monkeypatch, 1) == []
    assert leftover.settled("100", "web") == ""


@pytest.mark.usefixtures("told")
def test_nobody_waits_where_nobody_is_at_work(monkeypatch):
    asked = at_work(monkeypatch, 0)
    assert leftover.settled("100", "web") == ""
    assert len(asked) == 1


@pytest.mark.parametrize(("lock", "does"), [("create", "makes"), ("destroyed", "removes")])
def test_a_task_without_end_is_told(told, monkeypatch, lock, does):
    told[:] = [OURS.format(lock)]
    at_work(monkeypatch, 9)
    monkeypatch.setattr(leftover, "SETTLING", -1.0)
    with pytest.raises(Locked, match=f'container "web" .VMID 100.: Proxmox VE still {does} it'):
        leftover.settled("100", "web")


def test_a_process_is_known_by_its_words(calling):
    calling("task UPID:pve:1:2:3:vzdestroy:4711:root@pam:")
    assert leftover._is_at_work("4711", ("vzdestroy",))
    assert not leftover._is_at_work("4711", ("vzcreate",))
    assert not leftover._is_at_work("471", ("vzdestroy",))


@pytest.mark.parametrize(("lock", "steps"), [("create", 1), ("destroyed", 1), ("backup", 0), ("", 0)])
def test_only_locks_of_what_was_cut_short_are_opened(lock, steps):
    class Tools:
        def step(self, words, handle):
            assert (words, handle) == (["pct", "unlock", "100"], "100")
            return words

    text = OURS.format(lock) if lock else "hostname: web\n"
    assert len(leftover.unlocking(Tools(), "100", text)) == steps


@pytest.mark.parametrize("before", [[], ["--debug"], ["--root", "/r"], ["--debug", "--root", "/r"]])
def test_our_own_words_are_no_task(calling, before):
    calling("x", "lib", *before, "--runtime", "pct", "create", "4711", "--vmid", "4711")
    assert not leftover._is_at_work("4711", ("vzcreate",))
