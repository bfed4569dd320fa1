"""nexcage.bundler.manifest, changes and merging: each kind of change is found, once, and told in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.manifest.changes import Difference, sentence, shown
from nexcage.bundler.manifest.entry import Entry, key, line
from nexcage.bundler.manifest.merging import Merging

XATTR = {b"user.note": b"1", b"security.capability": b"\1\0"}


def tree():
    return {
        entry.path: entry
        for entry in (
            Entry(b".", "dir", 0o755, 0, 0, mtime=5),
            Entry(b"bin", "dir", 0o755, 0, 0),
            Entry(b"bin/su", "file", 0o4755, 0, 0, 18, 7, "ab" * 32, xattrs=dict(XATTR)),
            Entry(b"dev", "char", 0o600, 0, 0, device=(1, 3)),
            Entry(b"link", "link", 0o777, 0, 0, target=b"bin/su"),
        )
    }


def told(before, now, *, owners=True, times=False, unread=()):
    found = []
    rows = [(key(entry.path), line(entry)) for entry in sorted(before.values(), key=place)]
    merging = Merging(rows, found.append, owners=owners, times=times)
    for path in unread:
        merging.unreadable(path, "it is closed")
    for entry in sorted(now.values(), key=place):
        merging.meet(entry)
        merging.done(entry)
    merging.end()
    return sorted(f"{shown(each.path)}: {sentence(each)}" for each in found if each.what != "unreadable")


def place(entry):
    return key(entry.path)


@pytest.mark.parametrize(
    ("path", "change", "sentences"),
    [
        (b"bin/su", {"size": 20, "sha256": ""}, ["size 20, was 18"]),
        (b"bin/su", {"sha256": "cd" * 32}, ["content was changed"]),
        (b"bin/su", {"sha256": ""}, []),  # could not be read: reported by the scan
        (b"bin/su", {"mode": 0o755}, ["mode 0755, was 04755"]),
        (b"bin/su", {"uid": 1000, "gid": 50}, ["owner 1000:50, was 0:0"]),
        (b"bin/su", {"kind": "dir", "mode": 0o755, "size": 0}, ["is a directory, was a file"]),
        (b"bin/su", {"xattrs": {**XATTR, b"user.note": b"2"}}, ["xattr user.note was changed"]),
        (b"bin/su", {"xattrs": {b"user.note": b"1"}}, ["xattr security.capability is missing"]),
        (b"bin/su", {"xattrs": {**XATTR, b"user.n\n": b"2"}}, ["xattr user.n\\n was added"]),
        (b"bin/su", {"xattrs": {**XATTR, b"security.selinux": b"2"}}, []),
        (b"bin/su", {"mode": 0o700, "size": 1}, ["mode 0700, was 04755", "size 1, was 18"]),
        (b"dev", {"device": (1, 5)}, ["device 1:5, was 1:3"]),
        (b"dev", {"kind": "block"}, ["is a block device, was a character device"]),
        (b"link", {"target": b"\xff\\"}, ["link \\xff\\\\, was bin/su"]),
        (b"link", {"mode": 0o755}, []),
        (b"bin/su", {"mtime": 8}, []),
    ],
)
def test_a_change_is_found(path, change, sentences):
    now = tree()
    for name, value in change.items():
        setattr(now[path], name, value)
    assert told(tree(), now) == [f"{path.decode()}: {each}" for each in sentences]


def test_times_count_when_they_are_asked_for():
    now = tree()
    now[b"bin/su"].mtime = 1_500_000_000
    assert told(tree(), now, times=True) == ["bin/su: time 1.500000000, was 0.000000007"]


def test_missing_and_added():
    now = tree()
    del now[b"bin/su"]
    now[b"bin/sh"] = Entry(b"bin/sh", "link", 0o777, 0, 0, target=b"su")
    assert told(tree(), now) == ["bin/sh: was added", "bin/su: is missing"]


def test_owners_that_were_only_recorded_are_no_changes():
    now = tree()
    now[b"bin/su"].uid = 1000
    now[b"bin/su"].xattrs = {b"user.note": b"1"}
    del now[b"dev"]
    assert told(tree(), now, owners=False) == []
    assert len(told(tree(), now)) == 3


def test_what_lies_below_an_unreadable_directory_is_not_called_missing():
    now = tree()
    del now[b"bin/su"]
    assert told(tree(), now, unread={b"bin"}) == []
    assert told(tree(), now, unread={b"bi"}) == ["bin/su: is missing"]
    assert told(tree(), {}, unread={b"."}) == []
    assert told(tree(), {}, unread={b"bin", b"bin/su"}) == [
        ".: is missing",
        "dev: is missing",
        "link: is missing",
    ]


@pytest.mark.parametrize(
    ("now", "read"),
    [
        (Entry(b"bin/su", "file", 0o755, 0, 0, 18), True),
        (Entry(b"bin/su", "file", 0o755, 0, 0, 17), False),
        (Entry(b"bin/su", "dir", 0o755, 0, 0), False),
        (Entry(b"bin/st", "file", 0o755, 0, 0, 18), False),
        (Entry(b"bin/sv", "file", 0o755, 0, 0, 18), False),
    ],
)
def test_only_a_file_of_the_same_size_has_to_be_read(now, read):
    rows = [(key(b"bin/su"), line(tree()[b"bin/su"]))]
    assert Merging(rows, [].append, owners=True, times=False).meet(now) == read


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_names_are_shown_on_one_line_and_differ_when_they_differ(one, other):
    assert shown(one).isprintable()
    assert (shown(one) == shown(other)) == (one == other)


def test_every_difference_has_words():
    for what in ("missing", "added", "unreadable", "content", "type", "size", "xattr user.x"):
        assert sentence(Difference(b"x", what, "old", "new"))
