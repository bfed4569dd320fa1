"""Command lines, word for word: people on FreeBSD read them."""

import shlex

from nexcage.drivers.jail.translate import Parent, argv
from tests.unit.jail_request import DEVFS, RULE_SETS, bare, facts, translated


def test_each_tool():
    assert argv.create(["name=web", "path=/a b"]) == ["jail", "-c", "name=web", "path=/a b"]
    assert argv.create(["persist"], tell=True) == ["jail", "-i", "-c", "persist"]
    assert argv.modify(7, ["children.max=2"]) == ["jail", "-m", "jid=7", "children.max=2"]
    assert argv.remove(7) == ["jail", "-R", "7"]
    assert argv.limit(["jail:web:maxproc:deny=5"]) == ["rctl", "-a", "jail:web:maxproc:deny=5"]
    assert argv.unlimit("web") == ["rctl", "-r", "jail:web"]
    assert argv.add_rule(20001, ["path", "pf", "unhide"]) == [
        "devfs", "rule", "-s", "20001", "add", "path", "pf", "unhide",
    ]  # fmt: skip
    assert argv.show_rules(4) == ["devfs", "rule", "-s", "4", "show"]
    assert argv.delete_rules(20001) == ["devfs", "rule", "-s", "20001", "delset"]
    assert argv.umount("/r/dev") == ["umount", "/r/dev"]
    assert argv.umount("/r/dev", force=True) == ["umount", "-f", "/r/dev"]
    assert argv.move_in("epair0b", 7) == ["ifconfig", "epair0b", "vnet", "7"]
    assert argv.take_out("epair0b", 7) == ["ifconfig", "epair0b", "-vnet", "7"]
    assert argv.remove_alias("em0", "inet6", "fd00::1") == ["ifconfig", "em0", "inet6", "fd00::1", "-alias"]
    assert argv.pin(7, "0-3") == ["cpuset", "-l", "0-3", "-j", "7"]
    assert argv.load("fdescfs") == ["kldload", "-n", "fdescfs"]


CONFIG = bare(
    root={"path": "rootfs", "readonly": True},
    hostname="box",
    mounts=[
        DEVFS,
        {"destination": "/dev/fd", "type": "fdescfs", "source": "fdescfs"},
        {"destination": "/data", "type": "nullfs", "source": "/srv/data", "options": ["ro"]},
    ],
    freebsd={
        "devices": [{"path": "pf", "mode": 0o600}],
        "jail": {"parent": "pod", "ip4Addr": ["em0|10.0.0.2/24"], "ip6": "disable"},
    },
    linux={"resources": {"memory": {"limit": 1 << 26}, "pids": {"limit": 9}, "cpu": {"cpus": "0-1"}}},
)
KNOWN = facts(jails={"pod": Parent(7, 1, 1)}, modules=frozenset(("nullfs",)), rule_sets=RULE_SETS)


def lines(found):
    return [shlex.join(words) for words in found]


JAIL = (
    "jail -c name=pod.web path=/run/home/root persist host=new host.hostname=box"
    " 'ip4.addr=em0|10.0.0.2/24' ip6=disable sysvmsg=new sysvsem=new sysvshm=new enforce_statfs=2"
    " devfs_ruleset={} allow.noset_hostname allow.noreserved_ports meta.nexcage=web meta.nexcage_bundle=/b"
)


def test_all_of_create():
    out = translated(CONFIG, facts=KNOWN)
    number = out.ruleset
    assert lines(argv.making(out)) == [
        "kldload -n fdescfs",
        f"devfs rule -s {number} add include 1",
        f"devfs rule -s {number} add include 2",
        f"devfs rule -s {number} add include 3",
        f"devfs rule -s {number} add path pf unhide mode 0600",
        "mount -t nullfs -o ro /b/rootfs /run/home/root",
        f"mount -t devfs -o ruleset={number} devfs /run/home/root/dev",
        "mount -t fdescfs fdescfs /run/home/root/dev/fd",
        "mount -t nullfs -o ro /srv/data /run/home/root/data",
        "rctl -a jail:pod.web:memoryuse:sigkill=67108864 jail:pod.web:maxproc:deny=9",
        "jail -m jid=7 children.max=2",
        JAIL.format(number),
        "cpuset -l 0-1 -j JID",
    ]


def test_all_of_delete_is_the_opposite():
    out = translated(CONFIG, facts=KNOWN)
    assert lines(argv.unmaking(out, 12)) == [
        "jail -R 12",
        "ifconfig em0 inet 10.0.0.2 -alias",
        "umount /run/home/root/data",
        "umount /run/home/root/dev/fd",
        "umount /run/home/root/dev",
        "umount /run/home/root",
        "rctl -r jail:pod.web",
        f"devfs rule -s {out.ruleset} delset",
    ]


def test_interfaces_are_pulled_out_before_the_jail_is_removed():
    section = {"vnet": "new", "vnetInterfaces": ["em0", "epair0b"]}
    out = translated(bare(freebsd={"jail": section}))
    assert lines(argv.unmaking(out, 12)) == [
        "ifconfig epair0b -vnet 12",
        "ifconfig em0 -vnet 12",
        "jail -R 12",
    ]


def test_the_least_config_needs_one_command():
    out = translated()
    assert [words[:2] for words in argv.making(out)] == [["jail", "-c"]]
    assert lines(argv.unmaking(out)) == ["jail -R JID"]
