"""nexcage.bundler.manifest: what is written is read back, by libarchive too; damage is told with its line."""

import ctypes
from contextlib import suppress
from hashlib import sha256
from io import BytesIO

import libarchive
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libarchive import ffi

from nexcage.bundler.manifest import parsing
from nexcage.bundler.manifest.entry import Entry, Header, escaped, foot, head, key, line, render, unescaped
from nexcage.bundler.manifest.reading import Manifest, parse
from nexcage.errors import InvalidBundle

SHA256 = 4  # archive_entry.h
NUMBERS = st.integers(0, 2**32 - 2)
PART = st.binary(min_size=1, max_size=12).filter(
    lambda part: part not in (b".", b"..") and not {0, 47} & set(part)
)
PATHS = st.just(b".") | st.lists(PART, min_size=1, max_size=4).map(b"/".join)
TARGETS = st.binary(min_size=1, max_size=30).filter(lambda target: 0 not in target)
XATTRS = st.dictionaries(
    st.binary(min_size=1, max_size=12).filter(lambda name: 0 not in name), st.binary(max_size=20), max_size=3
)


@st.composite
def entries(draw):
    kind = draw(st.sampled_from(["file", "dir", "link", "char", "block", "fifo", "socket"]))
    made = Entry(
        draw(PATHS),
        kind,
        draw(st.integers(0, 0o7777)),
        draw(NUMBERS),
        draw(NUMBERS),
        mtime=draw(st.integers(-(2**40), 2**62)),
        xattrs=draw(XATTRS),
    )
    if kind == "file":
        made.size = draw(st.integers(0, 2**62))
        made.sha256 = draw(st.binary(min_size=32, max_size=32)).hex()
    elif kind == "link":
        made.target = draw(TARGETS)
    elif kind in ("char", "block"):
        made.device = draw(st.tuples(st.integers(0, 4095), st.integers(0, 2**20 - 1)))
    return made


TREES = st.lists(entries(), max_size=6, unique_by=lambda entry: entry.path)


@given(TREES, st.sampled_from(["set", "recorded"]), st.none() | st.integers(0, 2**40))
def test_what_is_written_is_read_back(tree, owners, epoch):
    data = render(tree, Header(owners, epoch))
    back = Manifest(BytesIO(data))
    assert parse(data) == {entry.path: entry for entry in tree}
    assert (back.header.owners, back.header.epoch, back.count) == (owners, epoch, len(tree))
    assert back.digest == "sha256:" + sha256(data).hexdigest()
    assert list(back) == [(key(entry.path), line(entry)) for entry in sorted(tree, key=lambda e: key(e.path))]
    assert b"".join([head(back.header), *(text for _, text in back), foot(back.count)]) == data


@given(TREES)
def test_a_manifest_in_any_order_is_read_in_the_right_one(tree):
    lines = b"".join(line(entry) for entry in tree)
    back = Manifest(BytesIO(head(Header()) + lines + foot(len(tree))))
    assert list(back) == sorted((key(entry.path), line(entry)) for entry in tree)


@given(entries(), st.data())
def test_the_fast_way_to_check_a_line_is_as_strict(entry, data):
    text = bytearray(line(entry))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.binary(max_size=2) | st.sampled_from([b"/", b".", b"..", b" ", b"=", b"0"])
        )
    line_now = bytes(text).replace(b"\n", b"") + b"\n"
    try:
        slow = parsing._slowly(line_now)
    except parsing.Wrong:
        assert not parsing._USUAL.fullmatch(line_now)
        return
    assert parsing.entry_of(line_now) == slow
    assert parsing.checked(line_now) == key(slow.path)
    assert parsing.size(line_now) == (slow.size if slow.kind == "file" else -1)


@given(st.binary(max_size=40))
def test_names_come_back(name):
    assert unescaped(escaped(name)) == name


@given(entries())
def test_a_line_is_ascii_without_what_mtree_readers_would_interpret(entry):
    text = line(entry)
    assert text.isascii()
    assert text.endswith(b"\n")
    assert text.count(b"\n") == 1
    assert not set(b"*?[#\t\r") & set(text)


@given(TREES.map(lambda tree: [entry for entry in tree if entry.kind != "socket"]))
def test_libarchive_reads_the_same(tree):
    """As bsdtar does; what it does not know (xattr, in 3.6 sockets) it names in a warning."""
    data = render(tree, Header())
    with libarchive.memory_reader(data, format_name="mtree", filter_name="none") as reader:
        seen = {seen_by_libarchive(found)[0]: seen_by_libarchive(found)[1:] for found in reader}
    assert seen == {entry.path: as_libarchive_says(entry) for entry in tree}


def seen_by_libarchive(found):
    raw = found._entry_p
    name = ffi.entry_pathname(raw)
    kind = {0o10: "file", 0o4: "dir", 0o12: "link", 0o2: "char", 0o6: "block", 0o1: "fifo"}
    summed = ffi.entry_digest(raw, SHA256)
    return (
        name.removeprefix(b"./"),
        kind[found.filetype >> 12],
        found.mode & 0o7777,
        (found.uid, found.gid),
        found.size if found.isfile else 0,
        ffi.entry_symlink(raw) or b"",
        (found.rdevmajor, found.rdevminor) if found.isdev else (0, 0),
        ffi.entry_mtime(raw) * 10**9 + ffi.entry_mtime_nsec(raw),
        ctypes.string_at(summed, 32).hex() if summed and found.isfile else "",
    )


def as_libarchive_says(entry):
    device = entry.device if entry.kind in ("char", "block") else (0, 0)
    return (
        entry.kind,
        entry.mode,
        (entry.uid, entry.gid),
        entry.size,
        entry.target,
        device,
        entry.mtime,
        entry.sha256,
    )


GOOD = render(
    [
        Entry(b".", "dir", 0o755, 0, 0),
        Entry(b"a", "file", 0o4755, 0, 0, 5, 10**18, "ab" * 32, xattrs={b"user.x": b"1"}),
        Entry(b"b", "link", 0o777, 0, 0, target=b"a"),
    ],
    Header("set", 1700000000),
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"#mtree v2.0", b"#mtree", "line 1: this is no manifest"),
        (b"manifest 1", b"manifest 2", "line 2: version 2 is not known"),
        (b"owners=set", b"owners=no", "line 2: this is no head"),
        (b"type=dir", b"type=door", 'line 3: the type "door" is not known'),
        (b"mode=04755", b"mode=4855", 'line 4: mode="4855" cannot be read'),
        (b" uid=0 gid=0 size=5", b" gid=0 size=5", 'line 4: the keyword "uid" is missing'),
        (b" size=5", b" size=5 size=6", 'line 4: the keyword "size" is there twice'),
        (b" size=5", b" size=5 nlink=1", 'line 4: the keyword "nlink" does not belong here'),
        (b" size=5", b" size=-5", 'line 4: size="-5" cannot be read'),
        (b" size=5", b"  size=5", 'line 4: "" has no value'),
        (b"=abab", b"=ABab", "line 4: sha256digest="),
        (b"user.x=MQ==", b"user.x=MQ", 'line 4: the value of "xattr.user.x" is not base64'),
        (b"user.x=", b"=", 'line 4: the keyword "xattr." is there twice or has no name'),
        (b"./a ", b"a ", 'line 4: "a" is no path below the root'),
        (b"./a ", b"./x/../a ", "is no path below the root"),
        (b"./a ", b"./x//a ", "is no path below the root"),
        (b"./a ", b"./a\\9 ", "has an escape that cannot be read"),
        (b"./b ", b"./a ", "line 5: the path is there twice"),
        (b"./b ", b". ", "line 5: the path is there twice"),
        (b"./b ", b"./\\141 ", "line 5: the path is there twice"),
        (b"./b ", b"./" + b"b" * (1 << 20) + b" ", "line 5: the line is too long"),
        (b"# end 3", b"# end 4", "line 6: 3 entries, 4 were written"),
        (b"# end 3", b"# hello", "line 6: a comment is not expected here"),
        (b"# end 3\n", b"", "line 6: it ends too early"),
        (b"# end 3\n", b"# end 3\n./c\n", "line 7: there is more after the end"),
        (b"link=a\n# end 3\n", b"link=a", "line 5: it ends in the middle of the line"),
    ],
)
def test_damage_is_told_with_its_line(old, new, said):
    assert old in GOOD
    with pytest.raises(InvalidBundle) as raised:
        parse(GOOD.replace(old, new, 1))
    assert said in raised.value.message
    assert raised.value.message.startswith("manifest.mtree: line ")
    assert raised.value.code == "manifest-malformed"


@pytest.mark.parametrize(
    ("old", "new"), [(b"./b", b"./a"), (b"type=link", b"type=loop"), (b"mode=04755", b"mode=04755x")]
)
def test_a_manifest_that_is_changed_between_two_looks_is_refused(old, new):
    file = BytesIO(GOOD)
    manifest = Manifest(file)
    file.seek(0)
    file.write(GOOD.replace(old, new))
    with pytest.raises(InvalidBundle, match=r"^manifest\.mtree: it was changed while it was read$"):
        list(manifest)


@given(st.integers(0, len(GOOD) - 1))
def test_a_manifest_that_is_cut_is_refused(length):
    with pytest.raises(InvalidBundle):
        parse(GOOD[:length])


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_a_difference_but_never_a_traceback(place, byte):
    with suppress(InvalidBundle):
        parse(GOOD[:place] + bytes((byte,)) + GOOD[place + 1 :])


@given(st.binary(max_size=200))
def test_other_files_are_refused(data):
    with pytest.raises(InvalidBundle):
        parse(b"#mtree v2.0\n" + data)
