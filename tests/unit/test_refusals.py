"""nexcage.drivers.refusals: what each driver refuses or ignores, and why."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.drivers import refused_jail, refused_pct
from nexcage.drivers.refusals import DRIVERS, places, refusals
from nexcage.oci.check_all import pruned
from nexcage.oci.spec import default
from tests.unit.rich_config import rich


def put(config, dotted, value):
    node = config
    *way, last = [int(p) if p.isdigit() else p for p in dotted.split("/")]
    for part in way:
        node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
    if isinstance(node, list) and last >= len(node):
        node.append(value)
    else:
        node[last] = value
    return config


def found(config, driver, **more):
    return [repr(one) for one in refusals(config, driver, **more)]


def test_the_config_that_spec_writes_is_refused_by_nobody():
    for driver in DRIVERS:
        assert [one for one in refusals(default(), driver) if one.severity == "refused"] == []


@pytest.mark.parametrize("driver", ["crun", "runc"])
def test_the_newest_of_crun_and_runc_take_the_config_that_spec_writes(driver):
    assert found(default(), driver) == []


def test_crun_and_runc_are_judged_by_their_version():
    config = put(default(), "linux/intelRdt/schemata", ["L3:0=f"])
    assert found(config, "crun") == []
    assert found(config, "crun", version=(1, 21, 0)) == [
        "refused $.linux.intelRdt.schemata: its share of cache and memory bandwidth would not be limited"
    ]
    config = put(default(), "domainname", "x")
    assert found(config, "runc", version=(1, 1, 0)) == [
        "ignored $.domainname: the domain name would stay unset"
    ]


@pytest.mark.parametrize("driver", ["crun", "runc", "jail"])
def test_a_volume_of_a_storage_is_for_pct_only(driver):
    mount = {"destination": "/data", "type": "bind", "source": "local:vm-1-disk-0", "options": ["bind"]}
    config = put(default(), "mounts/99", mount)
    at = f"$.mounts[{len(config['mounts']) - 1}].source"
    assert f"refused {at}: volumes of storages are for the driver pct" in found(config, driver)
    assert not [line for line in found(config, "pct") if at in line]
    assert not [line for line in found(config, driver, is_volume=lambda _: False) if at in line]


PCT = [
    (
        "linux/namespaces/0/path",
        "/proc/1/ns/pid",
        "refused $.linux.namespaces[0].path: a container of Proxmox",
    ),
    ("linux/namespaces/9", {"type": "time"}, "refused $.linux.namespaces[5]: Proxmox VE makes no time"),
    (
        "linux/namespaces",
        [{"type": "pid"}],
        "ignored $.linux.namespaces: a container of Proxmox VE always has",
    ),
    ("linux/intelRdt/closID", "a", "refused $.linux.intelRdt.closID: its share"),
    (
        "linux/seccomp",
        {"defaultAction": "SCMP_ACT_LOG"},
        "refused $.linux.seccomp.defaultAction: filters of LXC",
    ),
    (
        "linux/seccomp/listenerPath",
        "/x",
        "refused $.linux.seccomp.listenerPath: Proxmox VE has its own agent",
    ),
    ("hooks/createRuntime", [{"path": "/x"}], "refused $.hooks.createRuntime: before its start"),
    ("process/user/umask", 0o77, "refused $.process.user.umask: it would be 0022"),
    ("process/args/0", "a\nb", "refused $.process.args[0]: has a control character"),
    ("process/capabilities/effective", [], "refused $.process.capabilities.effective: root has all"),
    ("process/selinuxLabel", "x", "refused $.process.selinuxLabel: the kernel of Proxmox VE has no SELinux"),
    ("hostname", "a_b", 'refused $.hostname: pct takes only DNS names, and "a_b" is none'),
    ("mounts/0/options", ["rro"], "refused $.mounts[0].options[0]: LXC does not know this option"),
    ("mounts/0/uidMappings", [{}], "refused $.mounts[0].uidMappings: LXC maps the owners"),
    ("process/terminal", True, "note $.process.terminal: its terminal is the one of pct console"),
    ("linux/resources/memory/swappiness", 5, "ignored $.linux.resources.memory.swappiness: cgroup v2 has no"),
    ("domainname", "x", "ignored $.domainname: LXC sets only the host name"),
    ("linux/rootfsPropagation", "rshared", "ignored $.linux.rootfsPropagation"),
    ("linux/devices", [{"type": "p", "path": "/x"}], "ignored $.linux.devices[0]: Proxmox VE makes no pipes"),
]


@pytest.mark.parametrize(("place", "value", "words"), PCT)
def test_what_pct_does_not_take(place, value, words):
    lines = found(put(default(), place, value), "pct")
    assert any(line.startswith(words) for line in lines), lines


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("process/user/umask", 0o22),
        ("process/args/0", "a\tb"),
        ("hostname", "a-b.example"),
        ("hooks/poststop", [{"path": "/x"}]),
        ("linux/rootfsPropagation", "rslave"),
        ("linux/resources/memory/limit", 1 << 26),
        ("linux/resources/unified", {"memory.high": "1"}),
        ("linux/seccomp", {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"action": "SCMP_ACT_ALLOW"}]}),
        ("mounts/0/options", ["nosuid", "size=64k"]),
    ],
)
def test_what_pct_takes(place, value):
    assert found(put(default(), place, value), "pct") == found(default(), "pct")


JAIL = [
    ("linux/namespaces/9", {"type": "user"}, "refused $.linux.namespaces[5]: a jail maps no ids"),
    ("linux/namespaces/1/path", "/x", "refused $.linux.namespaces[1].path: jails are joined by freebsd.jail"),
    ("linux/seccomp", {"defaultAction": "SCMP_ACT_KILL"}, "refused $.linux.seccomp: FreeBSD has no filters"),
    ("process/apparmorProfile", "x", "refused $.process.apparmorProfile: FreeBSD has no AppArmor"),
    ("linux/maskedPaths", ["/etc/x"], 'refused $.linux.maskedPaths[0]: "/etc/x" would be readable'),
    ("linux/maskedPaths", ["/proc/x"], "ignored $.linux.maskedPaths: what it names of /proc and /sys"),
    ("linux/resources/unified", {"a": "b"}, "refused $.linux.resources.unified: FreeBSD has no cgroups"),
    ("linux/resources/blockIO/throttleReadBpsDevice", [{}], "note $.linux.resources.blockIO.throttleRead"),
    ("mounts/0/options", ["remount"], "refused $.mounts[0].options[0]: nothing is mounted there"),
    (
        "mounts/0/options",
        ["hidepid=2"],
        'refused $.mounts[0].options[0]: linprocfs of FreeBSD has no option "hidepid"',
    ),
    ("process/rlimits/0/type", "RLIMIT_NEW", "refused $.process.rlimits[0]: FreeBSD has no such limit"),
    (
        "process/rlimits/0/type",
        "RLIMIT_SIGPENDING",
        "refused $.process.rlimits[0]: FreeBSD has no such limit",
    ),
    ("process/rlimits/0/type", "RLIMIT_NICE", "ignored $.process.rlimits[0]: FreeBSD has no such limit"),
    ("mounts/0/type", "overlay", 'refused $.mounts[0].type: FreeBSD has no file system "overlay"'),
    ("mounts/0/options", ["rbind"], "ignored $.mounts[0].options[0]: nullfs does not show"),
    ("linux/devices", [{"path": "/dev/fuse"}], "ignored $.linux.devices[0]: name devices of FreeBSD"),
    ("linux/resources/devices/0/allow", True, "ignored $.linux.resources.devices[0]: a jail sees the usual"),
    ("linux/sysctl", {"net.a": "1"}, "ignored $.linux.sysctl: the kernel settings of Linux"),
    ("hostname", "x", "note $.freebsd: is absent: of linux, a jail takes the limits of memory, pids"),
]


@pytest.mark.parametrize(("place", "value", "words"), JAIL)
def test_what_a_jail_does_not_take(place, value, words):
    lines = found(put(default(), place, value), "jail")
    assert any(line.startswith(words) for line in lines), lines


def test_a_config_for_freebsd_is_taken_by_a_jail_as_it_is():
    config = {
        "ociVersion": "1.3.0",
        "root": {"path": "rootfs", "readonly": True},
        "process": {
            "args": ["sh"],
            "cwd": "/",
            "noNewPrivileges": True,
            "user": {"uid": 1, "gid": 1, "umask": 63},
        },
        "hostname": "box",
        "mounts": [{"destination": "/dev", "type": "devfs", "options": ["ruleset=4"]}],
        "freebsd": rich()["freebsd"],
    }
    assert found(config, "jail") == []
    assert [line.split(":")[0] for line in found(config, "pct")] == [
        "ignored $.freebsd",
        "refused $.process.user.umask",
    ]


def test_each_pattern_of_a_table_names_a_property_of_the_specification():
    config = rich()
    config["hooks"]["prestart"] = config["hooks"]["poststop"]
    config["process"]["user"]["username"] = "x"
    config["linux"]["namespaces"][0]["path"] = "/x"
    config["linux"]["resources"]["memory"].update(kernel=1, kernelTCP=1)
    for table in (refused_pct, refused_jail):
        for pattern, _, severity, reason in table.PROPERTIES:
            assert list(places(config, pattern)), pattern
            assert severity in ("refused", "ignored", "note")
            assert reason


def test_places():
    config = {"a": [{"b": {"x": 1, "y": 2}}, {"b": None}, {}], "c": None}
    assert list(places(config, "a[].b{}")) == [('$.a[0].b["x"]', 1), ('$.a[0].b["y"]', 2)]
    assert list(places(config, "c[]")) == []
    assert list(places(config, "c.d")) == []
    assert list(places(config, "a[]"))[1] == ("$.a[1]", {"b": None})


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_left_of_a_config_is_judged(data):
    """After `pruned`, nothing that a driver is asked about has the wrong type."""
    from nexcage.oci.check import problems

    config = rich()
    for _ in range(3):
        node = config
        while True:
            key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.integers(0, 4)) == 0:
                node[key] = data.draw(LEAVES)
                break
            node = node[key]
    rest = pruned(config, problems(config))
    before = copy.deepcopy(dict(rest))
    for driver in DRIVERS:
        for one in refusals(rest, driver):
            assert one.path.startswith("$.")
            assert one.severity in ("refused", "ignored", "note")
    assert dict(rest) == before
