"""The lines that commands leave, and the numbers made of them: none is lost, none counted twice."""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.errors import Locked
from nexcage.host import files
from nexcage.jsontext import dumps
from nexcage.state import operations, totals
from nexcage.state.totals import BUCKETS, Totals

LIB = Path(__file__).resolve().parents[2]
KILLED = ("kill", "crun", "ok")
WRITER = f"""
import sys
sys.path.insert(0, {str(LIB)!r})
from nexcage.state import operations
operations.FULL = 4096
for number in range(int(sys.argv[2])):
    operations.note([sys.argv[1]], "kill", "crun", "ok", number % 7)
"""


def note(root, *what):
    operations.note([str(root)], *(what or (*KILLED, 12)))


def times(root):
    return totals.read(str(root)).operations


def line(verb="kill", driver="crun", result="ok", took="12"):
    return f"{verb}\t{driver}\t{result}\t{took}\n".encode()


def test_a_line_is_verb_driver_result_and_milliseconds(tmp_path):
    note(tmp_path, "bundle create", "", "no-space", 1042)
    note(tmp_path, "run", "crun", "ok")
    text = (tmp_path / "@operations").read_text()
    assert text == "bundle create\t-\tno-space\t1042\nrun\tcrun\tok\t\n"
    assert (tmp_path / "@operations").stat().st_mode & 0o777 == 0o600


def test_the_first_root_that_exists_has_it(tmp_path):
    operations.note([str(tmp_path / "none"), str(tmp_path)], *KILLED)
    assert times(tmp_path) == {KILLED: 1}
    assert not (tmp_path / "none").exists()


def test_where_no_root_is_nothing_is_made(tmp_path):
    note(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["directory", "link", "second name", "pipe", "full"])
def test_what_cannot_be_written_does_no_harm(tmp_path, kind):
    root = tmp_path / "root"
    root.mkdir()
    other = tmp_path / "other"
    other.write_text("mine\n")
    path = root / "@operations"
    {
        "directory": path.mkdir,
        "link": lambda: path.symlink_to(other),
        "second name": lambda: path.hardlink_to(other),
        "pipe": lambda: os.mkfifo(path),
        "full": lambda: path.symlink_to("/dev/full"),
    }[kind]()
    note(root)
    assert other.read_text() == "mine\n"


def test_no_space_is_no_error(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    note(tmp_path)
    monkeypatch.setattr(os, "write", full)
    note(tmp_path)
    assert times(tmp_path) == {KILLED: 1}


def test_a_full_file_becomes_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(operations, "FULL", 1000)
    for _ in range(500):
        note(tmp_path)
    sizes = [(tmp_path / f"@operations{end}").stat().st_size for end in ("", ".old", ".json")]
    assert max(sizes) < 1100
    assert times(tmp_path) == {KILLED: 500}
    duration = totals.read(str(tmp_path)).durations["kill"]
    assert (sum(duration.buckets), duration.total) == (500, 6000)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        f"@operations{end}" for end in ("", ".json", ".lock", ".old")
    ]


def test_writers_and_folders_at_once_lose_no_line(tmp_path):
    """Files of four kibibytes: each writer meets hundreds of changes of the file that it appends to."""
    arguments = [sys.executable, "-IS", "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*arguments, "4000"]) for _ in range(4)]
    stop = threading.Event()

    def fold():
        while not stop.is_set():
            totals.fold(str(tmp_path))

    seen = [0]
    folder = threading.Thread(target=fold)
    folder.start()
    try:
        while any(writer.poll() is None for writer in writers):
            try:
                seen.append(times(tmp_path).get(KILLED, 0))
            except Locked:  # it changes all the time here
                continue
    finally:
        stop.set()
        folder.join()
        assert [writer.wait(60) for writer in writers] == [0] * 4
    assert times(tmp_path) == {KILLED: 16_000}
    assert seen == sorted(seen)
    assert sum(totals.read(str(tmp_path)).durations["kill"].buckets) == 16_000


def test_a_command_that_opened_the_file_before_it_was_renamed_is_counted(tmp_path):
    """As the launcher does it, without a lock."""
    note(tmp_path)
    with (tmp_path / "@operations").open("ab") as late:
        totals.fold(str(tmp_path))
        late.write(line())
    assert times(tmp_path) == {KILLED: 2}
    note(tmp_path)
    totals.fold(str(tmp_path))
    assert times(tmp_path) == {KILLED: 3}


def test_the_old_file_is_not_removed_under_a_command_that_writes_to_it(tmp_path):
    note(tmp_path)
    totals.fold(str(tmp_path))
    handle = os.open(tmp_path / "@operations.old", os.O_WRONLY | os.O_APPEND)
    totals.fcntl.flock(handle, totals.fcntl.LOCK_SH)
    note(tmp_path)
    totals.fold(str(tmp_path))
    os.write(handle, line())
    os.close(handle)
    assert times(tmp_path) == {KILLED: 3}


def test_a_command_that_comes_when_the_file_has_gone_takes_the_new_one(tmp_path, monkeypatch):
    note(tmp_path)
    usual = os.open

    def late(path, *rest, **more):
        handle = usual(path, *rest, **more)
        if str(path).endswith("@operations"):
            monkeypatch.setattr(os, "open", usual)
            totals.fold(str(tmp_path))
            totals.fold(str(tmp_path)) if (tmp_path / "@operations").exists() else None
            note(tmp_path)
            totals.fold(str(tmp_path))
        return handle

    monkeypatch.setattr(os, "open", late)
    note(tmp_path)
    assert times(tmp_path) == {KILLED: 3}


@pytest.mark.parametrize("step", range(12))
def test_cut_short_at_any_step_it_says_the_same(tmp_path, monkeypatch, step):
    for _ in range(3):
        note(tmp_path)
    totals.fold(str(tmp_path))
    for _ in range(4):
        note(tmp_path)
    left = [step]

    class Killed(BaseException):
        pass

    def cut(call):
        def cutting(*arguments, **more):
            left[0] -= 1
            if left[0] == -1:
                raise Killed
            done = call(*arguments, **more)
            left[0] -= 1
            if left[0] == -1:
                raise Killed
            return done

        return cutting

    with monkeypatch.context() as patched:
        for module, name in ((os, "rename"), (os, "unlink"), (files, "write_new")):
            patched.setattr(module, name, cut(getattr(module, name)))
        with contextlib.suppress(Killed):
            totals.fold(str(tmp_path))
    assert times(tmp_path) == {KILLED: 7}
    totals.fold(str(tmp_path))
    note(tmp_path)
    assert times(tmp_path) == {KILLED: 8}


def test_while_another_one_folds_nothing_is_done(tmp_path):
    note(tmp_path)
    lock = files.Lock(str(tmp_path / "@operations.lock"))
    lock.acquire("it")
    totals.fold(str(tmp_path))
    lock.release()
    assert not (tmp_path / "@operations.old").exists()


@pytest.mark.parametrize(
    "bad",
    [b"", b"\t\t\t", b"list\tcrun\tok\t1", b"kill\tcrun\tok", b"kill\tcrun\tok\t1\t2", b"kill\t;\tok\t1",
     b"kill\tcrun\tok\t-1", b"kill\tcrun\tok\t1.5", b"kill\tcrun\tOK\t1", b"kill\tcrun\t\t1",
     b"\xff\tcrun\tok\t1",
     b"kill\tcrun\tok\t" + b"9" * 12, b"kill\tcrun\t" + b"x" * 65 + b"\t1"],
)  # fmt: skip
def test_what_is_no_line_is_not_counted(tmp_path, bad):
    (tmp_path / "@operations").write_bytes(line() + bad + b"\n" + line())
    assert times(tmp_path) == {KILLED: 2}


def test_half_a_line_is_not_counted_yet(tmp_path):
    (tmp_path / "@operations").write_bytes(line() + line()[:-1])
    assert times(tmp_path) == {KILLED: 1}
    totals.fold(str(tmp_path))
    with (tmp_path / "@operations.old").open("ab") as file:
        file.write(b"\n")
    assert times(tmp_path) == {KILLED: 2}


GOOD = {"format": 1, "taken": 0, "buckets": list(BUCKETS), "operations": [[*KILLED, 5]], "durations": {}}


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"taken": -1}, {"taken": True}, {"operations": [["kill", "crun", "ok"]]},
     {"operations": 7},
     {"operations": [["no", "crun", "ok", 1]]}, {"operations": [["kill", "\n", "ok", 1]]},
     {"durations": {"kill": [1, [1]]}}, {"durations": []}, {"durations": {"kill": [1.5, [0] * 15]}}],
)  # fmt: skip
def test_damaged_numbers_begin_anew_and_it_is_said(tmp_path, change):
    path = tmp_path / "@operations.json"
    path.write_text(dumps(GOOD))
    assert times(tmp_path) == {KILLED: 5}
    path.write_text(dumps({**GOOD, **change}))
    note(tmp_path)
    found = totals.read(str(tmp_path))
    assert (found.operations, found.damaged) == ({KILLED: 1}, [str(path)])
    totals.fold(str(tmp_path))
    found = totals.read(str(tmp_path))
    assert (found.operations, found.damaged) == ({KILLED: 1}, [])


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff"])
def test_numbers_that_are_no_json_are_damaged(tmp_path, text):
    (tmp_path / "@operations.json").write_bytes(text)
    assert totals.read(str(tmp_path)).damaged


def test_other_buckets_of_an_older_nexcage_cost_the_durations_only(tmp_path):
    document = {**GOOD, "buckets": [1, 2], "durations": {"kill": [5, [1, 1, 0]]}}
    (tmp_path / "@operations.json").write_text(dumps(document))
    found = totals.read(str(tmp_path))
    assert (found.operations, found.durations, found.damaged) == ({KILLED: 5}, {}, [])


@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(1, 5))))
def test_durations_fall_into_the_first_bucket_that_holds_them(sample):
    duration = totals.Duration()
    for took, count in sample:
        duration.add(took, count)
    below = [sum(n for took, n in sample if took <= bound) for bound in BUCKETS]
    assert [sum(duration.buckets[: i + 1]) for i in range(len(BUCKETS))] == below
    assert sum(duration.buckets) == sum(n for _, n in sample)
    assert duration.total == sum(took * n for took, n in sample)


def test_what_was_counted_in_two_places_is_added():
    one, two = Totals(), Totals()
    for found in (one, two):
        found.count(*KILLED, 2)
        found.durations["kill"] = totals.Duration()
        found.durations["kill"].add(7, 2)
    one.merge(two)
    assert one.operations == {KILLED: 4}
    assert one.durations["kill"].total == 28
