"""What always reaches `pct create`, where it comes from, and its ranges (upstream issue 90)."""

import pytest

from nexcage.errors import InvalidBundle, InvalidConfig, NexcageError, Unsupported, UsageError
from tests.unit.pct_request import bare, request, resources, translated

PREFIX = "io.nexcage.pct."


def note(name, text):
    return bare(annotations={PREFIX + name: text})


def test_the_stated_defaults():
    out = translated(id="web_1")
    assert out.create == {
        "hostname": "web-1",
        "memory": "512",
        "swap": "512",
        "cores": "1",
        "rootfs": "/b/rootfs,idmap=passthrough",
        "net0": "name=eth0,bridge=vmbr0,ip=dhcp,host-managed=1",
        "unprivileged": "1",
        "ostype": "unmanaged",
        "arch": "amd64",
        "cmode": "console",
        "entrypoint": "sh",
        "tags": "nexcage",
        "description": "nexcage id=web_1 bundle=/b",
    }
    assert (out.vmid, out.after, out.warnings, out.files) == (None, [], [], {})


@pytest.mark.parametrize("version", ["8.4", "9.0", "9.1", "now"])
@pytest.mark.parametrize("source", ["bundle", "template", "oci"])
def test_what_is_required_is_there_for_each_version_and_source(version, source):
    out = translated({} if source == "template" else bare(), version=version, source=source)
    assert {"hostname", "memory", "swap", "cores", "net0", "rootfs", "unprivileged", "tags"} <= set(
        out.create
    )


def test_the_command_line_before_the_bundle_before_the_configuration():
    config = resources(memory={"limit": 64 << 20}, cpu={"cpus": "0-1"})
    config["hostname"] = "own"
    configuration = {"proxmox.memory": "1024", "proxmox.cores": "3", "network.bridge": "vmbr7"}
    out = translated(config, configuration=configuration)
    assert [out.create[n] for n in ("hostname", "memory", "cores")] == ["own", "64", "2"]
    assert "bridge=vmbr7," in out.create["net0"]
    out = translated(configuration=configuration)
    assert [out.create[n] for n in ("memory", "cores")] == ["1024", "3"]
    options = {"hostname": "given", "memory": "1g", "cores": "8", "bridge": "vmbr9"}
    out = translated(config, configuration=configuration, options=options)
    assert [out.create[n] for n in ("hostname", "memory", "cores")] == ["given", "1024", "8"]
    assert "bridge=vmbr9," in out.create["net0"]


WRONG = [
    ("hostname", "invalid@hostname", "hostname-invalid", "is no DNS name: letters"),
    ("hostname", "", "hostname-invalid", "is no DNS name"),
    ("memory", "15", "memory-invalid", "is out of range (at least 16 MiB)"),
    ("memory", "-1", "memory-invalid", "is no size such as"),
    ("memory", "1e3", "memory-invalid", "is no size such as"),
    ("swap", "x", "memory-invalid", "is no size such as"),
    ("cores", "0", "cores-invalid", "is out of range (1 to 8192)"),
    ("cores", "8193", "cores-invalid", "is out of range (1 to 8192)"),
    ("cores", "1.5", "cores-invalid", "is no whole number"),
    ("cores", "²", "cores-invalid", "is no whole number"),
    ("cpulimit", "8193", "cpu-invalid", "is no number from 0 to 8192"),
    ("cpulimit", ".", "cpu-invalid", "is no number from 0 to 8192"),
    ("cpuunits", "10001", "cpu-invalid", "is out of range (1 to 10000)"),
    ("vmid", "99", "vmid-invalid", "is out of range (100 to 999999999)"),
    ("vmid", "1000000000", "vmid-invalid", "is out of range"),
    ("vmid", "0200", "vmid-invalid", "without zeros"),
    ("vmid", "abc", "vmid-invalid", "is no whole number"),
    ("storage", "9bad!", "storage-invalid", "is no name of a storage"),
    ("storage", "l", "storage-invalid", "is no name of a storage"),
    ("rootfs-size", "-1", "rootfs-invalid", "is no number"),
    ("rootfs-size", "abc", "rootfs-invalid", "is no number"),
    ("unprivileged", "maybe", "unprivileged-invalid", "is neither 1 nor 0"),
    ("ostype", "debian", "ostype-invalid", "bundles are unmanaged"),
    ("arch", "mips", "arch-invalid", "is none of: amd64"),
    ("features", "foo=1", "features-invalid", 'has "foo"'),
    ("features", "nesting", "features-invalid", "is no KEY=VALUE"),
    ("features", "nesting=2", "features-invalid", "is neither 1 nor 0"),
    ("features", "mount=bad!fs", "features-invalid", "no list of file systems"),
    ("tags", "a!", "tags-invalid", "is no tag"),
    ("pool", "no such", "pool-invalid", "is no name of a pool"),
    ("pool", "a/b/c/d", "pool-invalid", "more than three parts"),
    ("startup", "order=x", "startup-invalid", "is no whole number"),
    ("startup", "later=1", "startup-invalid", 'has "later"'),
    ("onboot", "2", "onboot-invalid", "is neither"),
    ("protection", "", "protection-invalid", "is neither"),
    ("nameserver", "1.1.1", "nameserver-invalid", "which is no address"),
    ("hookscript", "x.sh", "hookscript-invalid", "is no volume"),
    ("cmode", "none", "cmode-invalid", "is none of: shell"),
    ("timezone", "a\nb", "timezone-invalid", "control character"),
    ("description", "\x1b", "description-invalid", "control character"),
    ("description", "x" * 8192, "description-invalid", "too long"),
    ("bridge", "a b", "net-invalid", "is no name of 1 to 15"),
    ("net", "name=eth0,foo=1", "net-invalid", 'has "foo", which is none of'),
    ("net", "name=abcdefghijklmnop,bridge=vmbr0", "net-invalid", "is no name of 1 to 15"),
    ("net", "bridge=vmbr0,ip=10.0.0.1", "net-invalid", "is not an address with its prefix of IPv4"),
    ("net", "bridge=vmbr0,ip=fd00::1/64", "net-invalid", "is not an address with its prefix of IPv4"),
    ("net", "bridge=vmbr0,ip6=10.0.0.1/8", "net-invalid", "of IPv6"),
    ("net", "bridge=vmbr0,gw=x", "net-invalid", "is not an address of IPv4"),
    ("net", "bridge=vmbr0,mtu=63", "net-invalid", "is out of range (64 to 65535)"),
    ("net", "bridge=vmbr0,tag=4095", "net-invalid", "is out of range (1 to 4094)"),
    ("net", "bridge=vmbr0,trunks=1;x", "net-invalid", "is no whole number"),
    ("net", "bridge=vmbr0,hwaddr=01:00:00:00:00:00", "net-invalid", "address of a group"),
    ("net", "bridge=vmbr0,hwaddr=zz", "net-invalid", "is no hardware address"),
    ("net", "bridge=vmbr0,type=phys", "net-invalid", "is none of: veth"),
    ("net", "bridge=vmbr0,bridge=vmbr1", "net-invalid", 'has "bridge" twice'),
    ("net", "host-managed=1,bridge=vmbr0,ip6=auto", "net-invalid", "not for host-managed"),
    ("net", "vmbr0", "net-invalid", "is no KEY=VALUE"),
]


@pytest.mark.parametrize(("name", "text", "code", "words"), WRONG)
def test_a_wish_out_of_range_is_refused_by_its_name(name, text, code, words):
    with pytest.raises(UsageError) as caught:
        translated(options={name: text})
    assert caught.value.code == code
    assert caught.value.message.startswith(f"option --{name}")
    assert words in caught.value.message
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 250


def test_the_place_of_a_wish_is_named():
    with pytest.raises(InvalidConfig, match=r'configuration proxmox.memory: "8" is out of range') as caught:
        translated(configuration={"proxmox.memory": "8"})
    assert (caught.value.code, caught.value.exit_code) == ("memory-invalid", 2)
    with pytest.raises(InvalidBundle, match=r'config.json: \$.annotations\["io.nexcage.pct.pool"\]: "a b"'):
        translated(note("pool", "a b"))
    with pytest.raises(InvalidConfig, match=r"configuration network.bridge"):
        translated(configuration={"network.bridge": "a b"})


def test_an_unknown_annotation_of_ours_is_refused():
    with pytest.raises(Unsupported, match="there is none of that name, only arch, bridge,"):
        translated(note("onbot", "1"))
    with pytest.raises(Unsupported):
        translated(note("net32", "name=eth0"))
    assert translated(bare(annotations={"org.example": "x"})).warnings == []


def test_what_only_proxmox_has():
    texts = {
        "onboot": "yes",
        "startup": "order=2,up=3",
        "protection": "1",
        "pool": "a/b",
        "nameserver": "1.1.1.1",
    }
    texts |= {
        "searchdomain": "example",
        "timezone": "host",
        "hookscript": "local:snippets/x.pl",
        "tags": "UP b",
    }
    config = bare(annotations={PREFIX + name: text for name, text in texts.items()})
    out = translated(config, options={"tags": "b;c"}, configuration={"proxmox.tags": "all"})
    expected = {**texts, "onboot": "1", "tags": "all;b;c;nexcage;up"}
    assert {name: out.create[name] for name in expected} == expected


def test_ha_needs_9_1():
    assert translated(options={"ha-managed": "1"}).create["ha-managed"] == "1"
    with pytest.raises(UsageError, match=r"needs Proxmox VE 9.1"):
        translated(options={"ha-managed": "1"}, version="9.0")


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("web", "web"),
        ("web_1", "web-1"),
        ("a.b", "a.b"),
        ("_", "nexcage"),
        ("+.-", "nexcage"),
        ("-x-", "x"),
        ("x" * 100, "x" * 63),
        ("UP", "UP"),
    ],
)
def test_a_hostname_of_an_id(id, name):
    assert translated(id=id).create["hostname"] == name


def test_every_id_gives_a_dns_name():
    from nexcage.drivers.pct.quoting import dns_fault
    from nexcage.drivers.pct.translate.identity import from_id

    for id in ("a" * 62 + ".b", "x" * 63 + "_", "..a..", "a-.-b", "1024", "a" + "_b" * 500, "a." * 500):
        assert dns_fault(from_id(id)) == "", id


def test_the_vmid_that_was_asked_for():
    assert translated(options={"vmid": "100"}).vmid == 100
    assert translated(note("vmid", "999999999")).vmid == 999999999


def test_the_description_holds_text_and_mark():
    out = translated(options={"description": "line 1\nline 2"})
    assert out.create["description"] == "line 1\nline 2\nnexcage id=web bundle=/b"


def test_a_version_that_is_only_known_by_its_manager():
    from nexcage.drivers.pct.parse import Version
    from nexcage.drivers.pct.translate import Request
    from tests.unit.pct_request import Node

    for manager, container in (
        ("9.2.11", (6, 0, 18)),
        ("9.0.3", (6, 0, 9)),
        ("8.4.0", (5, 3, 5)),
        ("7.4", (5, 0, 0)),
    ):
        made = Request({}, id="x", version=Version({"pve-manager": manager}), look=Node())
        assert made.container == container


def test_all_errors_are_ours_and_name_no_second_line():
    for name, text, _, _ in WRONG:
        with pytest.raises(NexcageError) as caught:
            translated(options={name: text})
        assert not caught.value.message.endswith(".")
    assert request().option("nosuch") is None
