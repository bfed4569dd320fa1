"""nexcage.drivers.jail.parse: what FreeBSD's tools print when they succeed, read back as values."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.jail import parse
from nexcage.errors import CommandFailed

HEAD = '{"__version": "2", "jail-information": {"jail": ['


def listing(*rows):
    return json.dumps({"__version": "2", "jail-information": {"jail": list(rows)}})


def test_jails_of_the_driver_s_query():
    text = listing(
        {"jid": "45", "name": "t1.c1", "parent": "44", "path": "/jails/base", "dying": False},
        {"jid": "44", "name": "t1", "parent": "0", "path": "/jails/base", "dying": True},
    )
    first, second = parse.jails(text)
    assert (first.jid, first.name, first.parent, first.path, first.dying) == (
        44,
        "t1",
        0,
        "/jails/base",
        True,
    )
    assert (second.jid, second.parent, second.dying) == (45, 44, False)


def test_jails_in_the_other_forms():
    (plain,) = parse.jails(HEAD + '{"jid":78,"ipv4":"","hostname":"","path":"/jails/base"}]}}\n')
    assert (plain.jid, plain.name, plain.parent, plain.dying) == (78, "", -1, False)
    (verbose,) = parse.jails(
        listing({"jid": 79, "hostname": "h", "path": "/x", "name": "t1", "state": "DYING", "cpusetid": 3})
    )
    assert (verbose.jid, verbose.name, verbose.dying) == (79, "t1", True)
    (alive,) = parse.jails(listing({"jid": 79, "state": "ACTIVE"}))
    assert alive.dying is False
    texts = parse.jails(listing({"jid": "8", "dying": "false"}, {"jid": "9", "dying": "true"}))
    assert [jail.dying for jail in texts] == [False, True]
    assert texts[0].values == {"jid": "8", "dying": "false"}
    assert parse.jails(HEAD + "]}}\n") == []


def test_one_name_may_be_there_several_times():
    rows = [{"jid": str(n), "name": "t1", "dying": n < 160} for n in (157, 160, 159)]
    assert [(jail.jid, jail.dying) for jail in parse.jails(listing(*rows))] == [
        (157, True),
        (159, True),
        (160, False),
    ]


def test_bytes_that_are_no_text_hide_nobody():
    text = HEAD + '{"jid":"1","name":"a\udcff\udcfe","dying":false},{"jid":"2","name":"b"}]}}'
    assert [(jail.jid, jail.name) for jail in parse.jails(text)] == [(1, "a??"), (2, "b")]


BAD_JAILS = [
    "",
    "[]",
    "null",
    "{}",
    "   JID  IP Address      Hostname                      Path\n",
    '{"jail-information": []}',
    '{"jail-information": {"jail": {}}}',
    '{"jail-information": {"jail": [1]}}',
    HEAD,
    HEAD + '{"name":"x"}]}}',
    HEAD + '{"jid":"0"}]}}',
    HEAD + '{"jid":"-1"}]}}',
    HEAD + '{"jid":true}]}}',
    HEAD + '{"jid":1.5}]}}',
    HEAD + '{"jid":"²"}]}}',
    HEAD + '{"jid":"' + "9" * 5000 + '"}]}}',
    HEAD + '{"jid":1,"jid":2}]}}',
    HEAD + '{"jid":1,"dying":"perhaps"}]}}',
    HEAD + '{"jid":1,"dying":1}]}}',
    HEAD + '{"jid":1,"state":"GONE"}]}}',
    HEAD + "[" * 100000,
]


@pytest.mark.parametrize("text", BAD_JAILS)
def test_no_jails(text):
    with pytest.raises(CommandFailed, match="jls: printed") as failed:
        parse.jails(text)
    assert failed.value.code == "output-invalid"
    assert failed.value.message.isprintable()
    assert len(failed.value.message) < 400


def test_processes():
    text = (
        '{"process-information": {"process": [{"pid": "4785", "ppid": "4783", "jail-id": "111", '
        '"jail-name": "t1", "user": "root", "state": "SC+J", "command": "sleep 30"}]}}\n'
    )
    (process,) = parse.processes(text)
    assert (process.pid, process.ppid, process.jid) == (4785, 4783, 111)
    assert (process.user, process.state, process.command) == ("root", "SC+J", "sleep 30")
    assert process.values["jail-name"] == "t1"
    assert parse.processes("{ }\n") == []
    assert parse.processes('{"process-information": {"process": [{"pid": 3}]}}')[0].jid == -1


@pytest.mark.parametrize("text", ["", "PID TT STAT", "[]", '{"process-information": {"process": [{}]}}'])
def test_no_processes(text):
    with pytest.raises(CommandFailed, match="ps: printed"):
        parse.processes(text)


def test_mounts():
    text = (
        '{"mount": {"fstab": [], "mounted": [{"special":"/dev/vtbd0p4","node":"/","fstype":"ufs",'
        '"opts":["local","soft-updates"]},{"special":"/a b","node":"/jails/t1/my dir","fstype":"nullfs",'
        '"opts":"local, read-only"},{"special":"devfs","node":"/dev","fstype":"devfs"}]}}'
    )
    root, bind, dev = parse.mounts(text)
    assert (root.special, root.node, root.fstype, root.options) == (
        "/dev/vtbd0p4",
        "/",
        "ufs",
        ("local", "soft-updates"),
    )
    assert (bind.special, bind.node, bind.options) == ("/a b", "/jails/t1/my dir", ("local", "read-only"))
    assert (dev.node, dev.options) == ("/dev", ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"mount": {"mounted": [{"special":"x","fstype":"ufs"}]}}',
        '{"mount": {"mounted": [{"node":"relative","fstype":"ufs"}]}}',
        '{"mount": {"mounted": [{"node":"/x"}]}}',
        '{"mount": {"mounted": [{"node":"/x","fstype":"ufs","opts":[1]}]}}',
        '{"mount": {"mounted": [{"node":"/x","fstype":"ufs","opts":{}}]}}',
    ],
)
def test_no_mounts(text):
    with pytest.raises(CommandFailed, match="mount: printed"):
        parse.mounts(text)


def test_mount_lines():
    text = (
        "tmpfs\t\t\t/jails/t1/mnt\t\ttmpfs\trw\t\t0 0\n"
        "fdescfs\t\t\t/jails/t1/dev/fd\tfdescfs\trw\t\t0 0\n"
        "/jails/a-long-name-of-an-image /jails/t1\t\tnullfs\tro,nosuid\t0 0\n"
        "/a b\t\t\t/jails/my dir\t\tnullfs\trw\t\t0 0\n\n"
    )
    found = parse.mount_lines(text)
    assert [(mount.special, mount.node, mount.fstype) for mount in found] == [
        ("tmpfs", "/jails/t1/mnt", "tmpfs"),
        ("fdescfs", "/jails/t1/dev/fd", "fdescfs"),
        ("/jails/a-long-name-of-an-image", "/jails/t1", "nullfs"),
        ("/a b", "/jails/my dir", "nullfs"),
    ]
    assert found[2].options == ("ro", "nosuid")
    assert parse.mount_lines("") == []


@pytest.mark.parametrize(
    "line", ["x", "a b c d e f", "a /b c d x 0", "/a /b c /d nullfs rw 0 0", "a\t/b\tc\td\t0 0 0"]
)
def test_a_line_that_could_be_read_in_two_ways_is_refused(line):
    with pytest.raises(CommandFailed, match="printed a line that is no mount"):
        parse.mount_lines(f"devfs\t/dev\tdevfs\trw\t0 0\n{line}\n")


def test_usage():
    assert parse.usage("cputime=0\nmemoryuse=614400\nmaxproc=1\n") == {
        "cputime": 0,
        "memoryuse": 614400,
        "maxproc": 1,
    }


@pytest.mark.parametrize(
    "text", ["", "\n", "cputime", "cputime=", "datasize=1096K", "=3", "a=-1", "a=1\nrctl: x"]
)
def test_no_usage(text):
    with pytest.raises(CommandFailed, match="rctl: printed"):
        parse.usage(text)


def test_settings():
    names = ["kern.osreldate", "kern.osrelease"]
    assert parse.settings("1501000\n15.1-RELEASE-p1\n", names) == {
        "kern.osreldate": "1501000",
        "kern.osrelease": "15.1-RELEASE-p1",
    }
    assert parse.setting("1\n") == 1
    for text in ("", "1501000\n", "1\n2\n3\n"):
        with pytest.raises(CommandFailed, match="sysctl: printed no 2 values"):
            parse.settings(text, names)
    for text in ("", "yes\n", "1 2\n", "-1"):
        with pytest.raises(CommandFailed, match="sysctl: printed no number"):
            parse.setting(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("15.1-RELEASE-p1\n", (15, 1)),
        ("14.3-STABLE", (14, 3)),
        ("16.0-CURRENT\n", (16, 0)),
        ("13.5\n", (13, 5)),
        ("6.1.10-1-pve\n", (6, 1)),
    ],
)
def test_release(text, wanted):
    assert parse.release(text) == wanted


@pytest.mark.parametrize("text", ["", "15", "CURRENT", "x.1-RELEASE", "15.x", "²5.1", "-15.1"])
def test_no_release(text):
    with pytest.raises(CommandFailed, match="freebsd-version: printed no release"):
        parse.release(text)


PARSERS = (
    parse.jails,
    parse.processes,
    parse.mounts,
    parse.mount_lines,
    parse.usage,
    parse.setting,
    parse.release,
    lambda text: parse.settings(text, ["a"]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.sampled_from(["jid", "dying", "state", "parent", "pid", "node", "fstype", "opts"]),
                st.sampled_from(["jail-information", "jail", "process-information", "process"]),
                st.sampled_from(["mount", "mounted"]),
                st.text(max_size=4),
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
ROWS = st.lists(VALUES, max_size=3)
HOSTILE = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(), max_size=40),
    st.text('{}[]":,0123456789.=/\t \n-tfrue\udcff', max_size=80),
    VALUES.map(json.dumps),
    ROWS.map(lambda rows: json.dumps({"jail-information": {"jail": rows}})),
    ROWS.map(lambda rows: json.dumps({"process-information": {"process": rows}})),
    ROWS.map(lambda rows: json.dumps({"mount": {"mounted": rows}})),
)


@given(st.sampled_from(PARSERS), HOSTILE)
def test_any_text_is_read_or_refused(parser, text):
    try:
        parser(text)
    except CommandFailed as error:
        refused = error
    else:
        return
    assert refused.code == "output-invalid"
    assert refused.message.isprintable()
    assert len(refused.message) < 400


def test_full_recordings_where_they_are():
    beside = Path(__file__).resolve().parents[3] / "shared" / "transcripts"
    path = Path(os.environ.get("NEXCAGE_TRANSCRIPTS", beside)) / "jail.json"
    if not path.exists():
        pytest.skip("the full recordings are not here")
    read = 0
    for recording in json.loads(path.read_text(encoding="utf-8")):
        argv, text = recording["argv"], recording["stdout"]
        if argv[0] == "jls" and text.startswith("{") and "-N" not in argv:
            assert len(parse.jails(text)) == text.count('"jid"')
        elif argv[0] == "ps" and text.startswith("{"):
            assert len(parse.processes(text)) == text.count('"pid"')
        elif argv[:2] == ["rctl", "-u"]:
            assert len(parse.usage(text)) == text.count("=")
        else:
            continue
        read += 1
    assert read > 6
