"""nexcage.drivers.pct.parse: what Proxmox's tools print when they succeed, read back as values."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import parse
from nexcage.errors import CommandFailed

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


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_config_comes_back(values):
    text = "".join(f"{key}: {value}\n" for key, value in values.items())
    assert parse.config(text) == values


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
    assert [g.vmid for g in parse.resources('some log\n[{"vmid": 100}]\n')] == [100]


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
    for read in (parse.next_id, parse.resources, parse.version):
        message = "read"
        try:
            read(text)
        except CommandFailed as error:
            message = error.message
        assert message.isprintable()
    for read in (parse.config, parse.sections):
        read(text)
