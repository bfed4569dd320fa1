"""nexcage.drivers.pct.parse: what Proxmox's tools print when they succeed, read back as values."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import parse
from nexcage.drivers.pct.parse import Listed
from nexcage.errors import CommandFailed

HEADER = "VMID       Status     Lock         Name                \n"
TABLE = HEADER + (
    "100        running                 web                 \n"
    "101        stopped    backup       db.example.com      \n"
    "102        stopped    snapshot-delete a-name-that-is-longer-than-its-column\n"
    "103        running                                     \n"
    "999999999  stopped    mounted      two words           \n"
)


def test_the_table_of_pct_list():
    assert parse.listed(TABLE) == [
        Listed(100, "running", "", "web"),
        Listed(101, "stopped", "backup", "db.example.com"),
        Listed(102, "stopped", "snapshot-delete", "a-name-that-is-longer-than-its-column"),
        Listed(103, "running"),
        Listed(999999999, "stopped", "mounted", "two words"),
    ]


@pytest.mark.parametrize("text", ["", "\n", HEADER, HEADER.rstrip()])
def test_no_container_at_all(text):
    assert parse.listed(text) == []


@pytest.mark.parametrize(
    "text", ["hello\n", HEADER + "x  running\n", "100\n", "-1         running\n", "²  running\n", "0\t0"]
)
def test_a_line_that_is_no_row_is_an_error(text):
    with pytest.raises(CommandFailed) as caught:
        parse.listed(text)
    assert caught.value.code == "output-invalid"


WORD = st.text(string.ascii_letters + string.digits + "-.", min_size=1, max_size=30)
ROWS = st.builds(
    Listed,
    st.integers(100, 999999999),
    st.sampled_from(["running", "stopped"]),
    st.sampled_from(["", "backup", "create", "snapshot-delete", "mounted"]),
    st.one_of(st.just(""), WORD, st.lists(WORD, min_size=2, max_size=3).map(" ".join)),
)


def printed(row):
    """The line as Perl prints it: "%-10s %-10s %-12s %-20s"."""
    return f"{row.vmid:<10} {row.status:<10} {row.lock:<12} {row.name:<20}\n"


@given(st.lists(ROWS, max_size=5), st.booleans())
def test_rows_come_back(rows, stripped):
    lines = [HEADER, *map(printed, rows)]
    text = "".join(line.rstrip() + "\n" if stripped else line for line in lines)
    assert parse.listed(text) == rows


STATUS = """cpus: 2
disk: 0
name: web
pid: 4711
pressurecpusome: 0.00
status: running
type: lxc
unheard-of: a: b
uptime: 12
vmid: 100
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status: running\n", ("running", 0)),
        ("status: stopped\n", ("stopped", 0)),
        ("status: stopped", ("stopped", 0)),
        (STATUS, ("running", 4711)),
        ("pid: x\nstatus: running\n", ("running", 0)),
        ("pressure:\n\tcpu: 1\n status: x\nstatus: running\n", ("running", 0)),
    ],
)
def test_status(text, expected):
    assert parse.status(text) == expected


@pytest.mark.parametrize("text", ["", "status:\n", "running\n"])
def test_no_status(text):
    with pytest.raises(CommandFailed, match="pct status: printed no status"):
        parse.status(text)


CONFIG = (
    "arch: amd64\ndescription: line1%0Aid=web%0A\nenv: A=1\0B=x y\0C=\nhostname: web\nmemory: 512\n"
    "net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=192.0.2.7/24,type=veth\n"
    "rootfs: local:100/vm-100-disk-0.raw,size=4G\ntags: b;nexcage\nunheard: of\n"
    "lxc.mount.entry: tmpfs a tmpfs rw 0 0\nlxc.mount.entry: tmpfs b tmpfs rw 0 0\n"
)


def test_config():
    values = parse.config(CONFIG)
    assert values["memory"] == "512"
    assert values["unheard"] == "of"
    assert values["lxc.mount.entry"].split("\n") == ["tmpfs a tmpfs rw 0 0", "tmpfs b tmpfs rw 0 0"]
    assert parse.environment(values["env"]) == ["A=1", "B=x y", "C="]
    assert parse.description(values["description"]) == "line1\nid=web"
    assert parse.properties(values["rootfs"]) == {"volume": "local:100/vm-100-disk-0.raw", "size": "4G"}
    assert parse.properties(values["net0"])["hwaddr"] == "BC:24:11:00:00:01"
    assert parse.property_string(parse.properties(values["net0"])) == values["net0"]
    assert parse.config("") == {}


def test_sections_of_the_file():
    text = "#comment: x\nmemory: 64\n\n[before]\nmemory: 32\nsnaptime: 1\n\n[pve:pending]\ncores: 2\n"
    assert parse.sections(text) == {
        "": {"memory": "64"},
        "before": {"memory": "32", "snaptime": "1"},
        "pve:pending": {"cores": "2"},
    }


KEYS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=8).filter(
    lambda k: k.strip("-")
)
VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters=",\n", exclude_categories=("Cc", "Cs")), max_size=20
)
VOLUMES = st.one_of(st.just("local:100/disk-0.raw"), st.just("/srv/a=b/rootfs"), VALUES.filter(str.strip))


@given(
    st.dictionaries(KEYS.filter(lambda k: k != "volume"), VALUES, max_size=5), st.one_of(st.none(), VOLUMES)
)
def test_property_strings_come_back(values, volume):
    if volume is not None:
        values = {"volume": volume, **values}
    assert parse.properties(parse.property_string(values)) == values


@given(st.text(max_size=60))
def test_property_strings_settle(text):
    once = parse.properties(text)
    assert parse.properties(parse.property_string(once)) == once


def test_what_no_property_string_can_say():
    for values in ({"volume": "a,b"}, {"mp": "a,b"}, {"volume": " "}):
        with pytest.raises(ValueError, match="cannot be written"):
            parse.property_string(values)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_config_comes_back(values):
    text = "".join(f"{key}: {value}\n" for key, value in values.items())
    assert parse.config(text) == values


@given(st.lists(st.text(st.characters(exclude_characters="\0\n", codec="utf-8"), min_size=1), max_size=5))
def test_environments_come_back(variables):
    assert parse.environment("\0".join(variables)) == variables


@pytest.mark.parametrize("text", ["100\n", '"100"\n', "100", '"100"'])
def test_next_id(text):
    assert parse.next_id(text) == 100


@pytest.mark.parametrize("text", ["", "null", "ten", "-5", '"²"'])
def test_no_next_id(text):
    with pytest.raises(CommandFailed, match="printed no VMID"):
        parse.next_id(text)


def test_resources():
    rows = [
        {"id": "qemu/130", "node": "pve", "status": "stopped", "type": "qemu", "vmid": 130, "template": 1},
        {"id": "lxc/100", "node": "pve", "status": "unknown", "type": "lxc", "vmid": 100},
        {"id": "node/pve", "node": "pve", "type": "node"},
        {
            "type": "lxc",
            "vmid": "101",
            "tags": "b;nexcage",
            "lock": "backup",
            "name": "web",
            "pid": 7,
            "new": [1],
        },
    ]
    found = parse.resources(json.dumps(rows), node="here")
    assert [(g.vmid, g.kind, g.node, g.status) for g in found] == [
        (100, "lxc", "pve", "unknown"),
        (101, "lxc", "here", "unknown"),
        (130, "qemu", "pve", "stopped"),
    ]
    assert (found[1].tags, found[1].lock, found[1].name, found[1].pid) == (
        ("b", "nexcage"),
        "backup",
        "web",
        7,
    )
    assert found[2].template
    assert found[1].values["new"] == [1]
    assert parse.resources("[]") == parse.resources("") == []


@pytest.mark.parametrize("text", ["{}", "no JSON", '"x"', "\udc80"])
def test_no_resources(text):
    with pytest.raises(CommandFailed) as caught:
        parse.resources(text)
    assert caught.value.code == "output-invalid"


def test_json_below_the_log_of_a_task():
    text = 'Getting image source signatures\n"UPID:pve:0:1:2:ociregistrypull:x:root@pam:"\n'
    assert parse.upid(text) == "UPID:pve:0:1:2:ociregistrypull:x:root@pam:"
    assert parse.upid("nothing\n") == ""
    assert [g.vmid for g in parse.resources('some log\n[{"vmid": 100}]\n')] == [100]


def test_snapshots():
    lines = (
        "`-> first   2026-01-01 00:00:00  no-description",
        " `-> second  2026-01-02 00:00:00",
        "  `-> current  You",
    )
    text = "\n".join(lines)
    assert parse.snapshots(text) == ["first", "second"]
    assert parse.snapshots("`-> current                      You are here!\n") == []


PLAIN = "pve-manager/9.2.11/14a22df35955d97d (running kernel: 6.18.44)\n"
VERBOSE = """proxmox-ve: 9.2.0 (running kernel: 6.18.44)
pve-manager: 9.2.11 (running version: 9.2.11/14a22df35955d97d)
criu: not correctly installed
lxc-pve: 6.0.5-1
pve-container: 6.1.10+deb13u1
zfsutils-linux: 2.3.4-pve1
"""


def test_version():
    short = parse.version(PLAIN)
    assert (short.manager, short.container, short.kernel) == ((9, 2, 11), (), "6.18.44")
    long = parse.version(VERBOSE)
    assert (long.manager, long.container, long.kernel) == ((9, 2, 11), (6, 1, 10), "6.18.44")
    assert long.packages["lxc-pve"] == "6.0.5-1"
    assert "criu" not in long.packages
    assert parse.version("pve-manager/8.4.14/b502d23c55afcba1 (running kernel: 6.8.12-15-pve)\n").manager < (
        9,
    )


@pytest.mark.parametrize("text", ["", "pve-manager/x/y\n", "pve-manager: none\n"])
def test_no_version(text):
    with pytest.raises(CommandFailed, match="pveversion: printed no version"):
        parse.version(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("6.1.10", (6, 1, 10)),
        ("9.2~rc1", (9, 2)),
        ("1.2-3", (1, 2)),
        ("", ()),
        ("x.1", ()),
        ("6.", (6,)),
        ("٣.1", ()),
        ("9" * 9999, ()),
    ],
)
def test_numbers(text, numbers):
    assert parse.numbers(text) == numbers


@given(st.text())
def test_no_text_is_worse_than_an_error(text):
    for read in (parse.listed, parse.status, parse.next_id, parse.resources, parse.version):
        message = "read"
        try:
            read(text)
        except CommandFailed as error:
            message = error.message
        assert message.isprintable()
    for read in (parse.config, parse.sections, parse.environment, parse.description, parse.properties):
        read(text)
    parse.snapshots(text)
    parse.upid(text)
