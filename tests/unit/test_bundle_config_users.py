"""nexcage.bundler.config.users: USER[:GROUP] by passwd and group files that are not to be trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.config.users import HIGHEST, LARGEST, MOST_GROUPS, resolve
from nexcage.errors import InvalidImage, NexcageError, UsageError

PASSWD = b"root:x:0:0:root:/root:/bin/sh\nweb:x:101:102:web:/srv/web:/bin/sh\nbare:x:7:8\nrel:x:9:9::home:\n"
GROUP = b"root:x:0:\nwww:x:102:\ntape:x:26:other,web\naudio:x:29:web\nvideo:x:44:webmaster\n"


def reader(passwd=PASSWD, group=GROUP):
    return {"etc/passwd": passwd, "etc/group": group}.get


def who(text, read_file=None):
    found = resolve(text, read_file or reader(), InvalidImage)
    return found.uid, found.gid, found.groups, found.home


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 0, [], "/root")),
        ("root", (0, 0, [], "/root")),
        ("web", (101, 102, [102, 26, 29], "/srv/web")),
        ("101", (101, 102, [102, 26, 29], "/srv/web")),
        ("web:tape", (101, 26, [26], "/srv/web")),
        ("web:5", (101, 5, [5], "/srv/web")),
        ("101:www", (101, 102, [102], "/srv/web")),
        ("4000", (4000, 0, [0], "/")),
        ("4000:4001", (4000, 4001, [4001], "/")),
        ("0:5", (0, 5, [5], "/root")),
        ("bare", (7, 8, [8], "/")),
        ("rel", (9, 9, [9], "/")),
        (":tape", (0, 26, [26], "/root")),
    ],
)
def test_the_forms_of_the_image_specification(text, expected):
    assert who(text) == expected


def test_root_of_an_image_may_be_in_further_groups():
    assert who("", reader(group=b"root:x:0:root\nbin:x:1:root,daemon\n")) == (0, 0, [0, 1], "/root")


def test_nothing_is_known_without_files():
    assert who("", reader(None, None)) == (0, 0, [], "/")
    assert who("7:8", reader(None, None)) == (7, 8, [8], "/")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nobody", 'user "nobody" is not in etc/passwd of the root file system'),
        ("web:nogroup", 'group "nogroup" is not in etc/group of the root file system'),
        ("web:", 'user "web:" is not USER or USER:GROUP'),
        ("-1", 'user "-1" is not in etc/passwd'),
        ("4294967295", "4294967295 is above 4294967294"),
        ("99999999999999999999999", "is above 4294967294"),
    ],
)
def test_who_is_not_there_is_named(text, words):
    with pytest.raises(InvalidImage) as caught:
        who(text)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_missing_file_is_said_to_be_missing():
    with pytest.raises(UsageError, match='user "web" cannot be looked up: no etc/passwd') as caught:
        resolve("web", reader(None), UsageError)
    assert caught.value.hint == "give a number: --user UID"


@pytest.mark.parametrize(
    "line",
    [
        b"evil:x:abc:0::/:",
        b"evil:x::0::/:",
        b"evil:x:-1:0::/:",
        b"evil:x:4294967295:0::/:",
        b"evil:x:4294967296:0::/:",
        b"evil:x:0x0:0::/:",
        b"evil:x:0 :0::/:",
        b"evil:x:0:none::/:",
        b"evil\0:x:0:0::/:",
        b"evil:x:\xd9\xa1:0::/:",
        b"evil:x:0",
        b"# evil:x:0:0::/:",
        b"evil:x:" + b"9" * 5000 + b":0::/:",
    ],
)
def test_a_line_that_is_none_makes_nobody_root(line):
    """docker reads a number that is none as 0."""
    with pytest.raises(InvalidImage, match='user "evil"'):
        who("evil", reader(line + b"\n" + PASSWD))


def test_the_first_of_two_lines_counts():
    assert who("web", reader(b"web:x:5:6::/a:\nweb:x:0:0::/b:\n"))[:2] == (5, 6)


@pytest.mark.parametrize("home", [b"/a\xff", b"relative", b"", b"/" + b"a" * 5000])
def test_a_home_that_cannot_be_one_is_the_root(home):
    assert who("a", reader(b"a:x:1:1::" + home + b":/bin/sh"))[3] == "/"


def test_names_that_are_not_utf8_are_compared_as_bytes():
    assert who("w\u00e9b", reader("w\u00e9b:x:5:5::/:\n".encode()))[0] == 5
    with pytest.raises(InvalidImage):
        who("w\u00e9b", reader("w\u00e9b:x:5:5::/:\n".encode("latin-1")))


def test_more_groups_than_the_kernel_takes_are_refused():
    group = b"".join(b"g%d:x:%d:web\n" % (n, n) for n in range(1000, 1000 + MOST_GROUPS + 1))
    with pytest.raises(InvalidImage, match="in more than 65536 groups"):
        who("web", reader(group=group))


def test_a_file_that_no_system_has_is_refused():
    with pytest.raises(InvalidImage, match="etc/group of the root file system is larger than 16 MiB"):
        who("web", reader(group=bytes(LARGEST + 1)))


@given(st.text(max_size=20), st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_the_files_say_it_ends_well(text, passwd, group):
    try:
        uid, gid, groups, home = who(text, reader(passwd, group))
    except NexcageError:
        return
    assert all(0 <= number <= HIGHEST for number in (uid, gid, *groups))
    assert home.startswith("/")
    assert "\0" not in home


@given(st.integers(0, HIGHEST), st.integers(0, HIGHEST))
def test_numbers_are_taken_as_they_are(uid, gid):
    assert who(f"{uid}:{gid}")[:2] == (uid, gid)
