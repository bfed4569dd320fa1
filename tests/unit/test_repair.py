# SPDX-License-Identifier: Apache-2.0
"""What repair makes of journals: which are anybody's business, and what each asks for."""

import errno
import os

import pytest

from nexcage.repair import journals
from nexcage.state.journal import Journal
from nexcage.state.record import Record

RECORD = Record(id="web", driver="jail", handle="web", created="now", annotations={})


@pytest.fixture
def home(tmp_path):
    return str(tmp_path)


def begun(home, verb, steps=1, **intent):
    """A journal as a command that was killed leaves it, which is what its lock says."""
    journal = Journal(home, verb)
    journal.begin({"verb": verb or "run", **intent})
    for index in range(steps):
        journal.note(index)
    journal.leave()


def words(home, status):
    return [
        mend.words if (mend := journals.mend(None, None, RECORD, found, status)) else None
        for found in journals.found(home)
    ]


def test_one_that_is_held_is_nobodys_business(home):
    journal = Journal(home, "delete")
    journal.begin({"verb": "delete"})
    assert list(journals.found(home)) == []
    journal.leave()
    assert [found.verb for found in journals.found(home)] == ["delete"]


def test_what_was_begun_and_how_far(home):
    begun(home, "update", 2, limits={"pids": {"limit": 7}})
    (found,) = journals.found(home)
    assert (found.verb, found.begun, found.making) == ("update", 2, False)
    assert found.intent["limits"] == {"pids": {"limit": 7}}


def test_a_second_one_takes_the_place_of_one_that_was_cut_short(home):
    begun(home, "update", 3)
    begun(home, "update", 1)
    assert [found.begun for found in journals.found(home)] == [1]


def test_one_that_ended_is_gone(home):
    journal = Journal(home, "stop")
    journal.begin({"verb": "stop"})
    journal.end()
    journal.end()
    assert os.listdir(home) == []


def test_a_disk_that_takes_half_a_line_is_full(home, monkeypatch):
    journal = Journal(home, "stop")
    monkeypatch.setattr(os, "write", lambda _, data: len(data) - 1)
    with pytest.raises(OSError, match="No space left") as caught:
        journal.begin({"verb": "stop"})
    assert caught.value.errno == errno.ENOSPC
    journal.end()
    assert os.listdir(home) == []


@pytest.mark.parametrize("text", [b"", b"{", b"[]\n0\n", b"\xff\n", b"null"])
def test_one_that_was_itself_cut_short_says_nothing(home, text):
    with open(f"{home}/journal-stop", "wb") as file:
        file.write(text)
    (found,) = journals.found(home)
    assert (found.verb, found.intent, found.begun) == ("stop", {}, 0)
    assert words(home, "running") == [f"remove {home}/journal-stop"]


def test_one_of_a_newer_nexcage_is_left_to_that(home):
    begun(home, "stop", format=2)
    assert words(home, "running") == [None]


def test_what_is_no_file_of_ours_is_not_read(home):
    os.mkfifo(f"{home}/journal")
    os.mkdir(f"{home}/journal-stop")
    os.symlink("/etc/passwd", f"{home}/journal-update")
    assert list(journals.found(home)) == []


@pytest.mark.parametrize(
    ("verb", "status", "begins"),
    [
        ("delete", "stopped", "delete"),
        ("delete", "created", "delete"),
        ("delete", "running", "delete"),
        ("delete", "paused", "delete"),
        ("update", "running", "set the limits of"),
        ("update", "created", "set the limits of"),
        ("update", "stopped", "remove"),
        ("stop", "running", "stop"),
        ("stop", "paused", "stop"),
        ("stop", "stopped", "remove"),
        ("pause", "running", "pause"),
        ("pause", "paused", "remove"),
        ("resume", "paused", "resume"),
        ("resume", "running", "remove"),
        ("unheard-of", "running", "remove"),
    ],
)
def test_each_verb_is_finished_unless_that_is_to_be_seen_already(home, verb, status, begins):
    begun(home, verb)
    (told,) = words(home, status)
    assert told.startswith((f'{begins} container "web"', f"{begins} {home}/journal-{verb}"))


def test_a_container_that_runs_has_not_been_touched_by_a_delete_of_one_step(home):
    begun(home, "delete")
    (found,) = journals.found(home)
    record = Record(id="web", driver="pct", handle="100", created="now", annotations={})
    assert journals.mend(None, None, record, found, "running").words == f"remove {home}/journal-delete"


@pytest.mark.parametrize("verb", ["delete", "update", "stop", "pause"])
def test_nothing_is_finished_that_has_not_come_to_its_first_step(home, verb):
    begun(home, verb, 0)
    assert words(home, "paused" if verb == "resume" else "running") == [f"remove {home}/journal-{verb}"]
    assert words(home, "stopped") == [f"remove {home}/journal-{verb}"]


@pytest.mark.parametrize(
    ("until", "status", "told"),
    [
        ("end", "running", None),
        ("end", "created", 'remove container "web", whose run was cut short'),
        ("end", "stopped", 'remove container "web", whose run was cut short'),
        ("start", "running", 'finish the run of container "web"'),
        ("start", "created", 'remove container "web", whose run was cut short'),
        ("start", "stopped", 'finish the run of container "web"'),
        ("", "created", 'finish the run of container "web"'),
        ("", "stopped", 'finish the run of container "web"'),
        ("", "running", 'finish the run of container "web"'),
    ],
)
def test_the_journal_of_the_making(home, until, status, told):
    begun(home, "", until=until)
    assert words(home, status) == [told and told.format(home=home)]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s ago"), (119, "119 s ago"), (120, "2 min ago"), (7200, "2 h ago"), (172800, "2 days ago")],
)
def test_ages_for_people(home, seconds, told):
    begun(home, "stop")
    (found,) = journals.found(home)
    when = os.stat(found.path).st_mtime - seconds
    os.utime(found.path, (when, when))
    assert found.age() == told
