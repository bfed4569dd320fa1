"""nexcage.drivers.pct.translate: resources, devices, networks, filters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.errors import Unsupported
from tests.unit.pct_request import Node, bare, resources, translated

MIB = 1 << 20


def cgroup(out):
    return [line.partition("lxc.")[2] for line in out.lines if line.startswith("lxc.cgroup")]


def memory(**values):
    create = translated(resources(memory=values)).create
    return create["memory"], create["swap"]


def test_memory():
    assert memory(limit=64 * MIB) == ("64", "512")
    assert memory(limit=64 * MIB, swap=64 * MIB) == ("64", "0")
    assert memory(limit=64 * MIB, swap=192 * MIB) == ("64", "128")
    out = translated(resources(memory={"limit": 100_000_000}))
    assert out.create["memory"] == "95"
    assert out.warnings == [
        "config.json: $.linux.resources.memory.limit: 100000000 bytes are rounded down to 95 MiB"
    ]
    with pytest.raises(Unsupported, match=r"\$.linux.resources.memory.limit"):
        translated(resources(memory={"limit": 16 * MIB - 1}))
    assert translated(resources(memory={"limit": 16 * MIB})).create["memory"] == "16"


@given(st.integers(16 * MIB, 1 << 45), st.integers(0, 1 << 40))
def test_never_more_memory_than_asked_for(limit, more):
    given_memory, swap = memory(limit=limit, swap=limit + more)
    assert limit - MIB < int(given_memory) * MIB <= limit
    assert int(swap) * MIB <= more
    assert (int(given_memory) + int(swap)) * MIB <= limit + more


def test_no_limit_at_all():
    out = translated(resources(memory={"limit": -1, "swap": -1}))
    assert cgroup(out) == ["cgroup2.memory.max: max", "cgroup2.memory.swap.max: max"]
    out = translated(resources(memory={"limit": -1}), cgroup2=False, version="8.4")
    assert cgroup(out) == ["cgroup.memory.limit_in_bytes: -1"]


@pytest.mark.parametrize(
    ("values", "cores", "limit"),
    [
        ({}, "1", None),
        ({"quota": 150_000}, "2", "1.5"),
        ({"quota": 50_000, "period": 200_000}, "1", "0.25"),
        ({"quota": 100_000, "period": 300_000}, "1", "0.33333"),
        ({"quota": 400_000, "cpus": "0-3,8"}, "5", "4"),
        ({"quota": -1}, "1", None),
        ({"cpus": "0-6:2"}, "7", None),
    ],
)
def test_processors(values, cores, limit):
    create = translated(resources(cpu=values)).create
    assert (create["cores"], create.get("cpulimit")) == (cores, limit)


@given(st.integers(10_000, 10**8), st.integers(1000, 10**6))
def test_never_more_processor_than_asked_for(quota, period):
    quota = min(quota, 8192 * period)
    if quota < period // 100 + 1:
        return  # pct cannot hold it: the next test
    create = translated(resources(cpu={"quota": quota, "period": period})).create
    assert float(create["cpulimit"]) <= quota / period
    assert float(create["cpulimit"]) > quota / period - 0.00002


def test_a_quota_that_pct_cannot_hold():
    out = translated(resources(cpu={"quota": 1000, "period": 1_000_000}))
    assert "cpulimit" not in out.create
    assert cgroup(out) == ["cgroup2.cpu.max: 1000 1000000"]
    with pytest.raises(Unsupported):
        translated(resources(cpu={"quota": 9000 * 100_000}))


@pytest.mark.parametrize(
    ("shares", "weight"), [(1024, "39"), (2, "1"), (262144, "10000"), (1, "1"), (10**9, "10000"), (0, None)]
)
def test_shares(shares, weight):
    assert translated(resources(cpu={"shares": shares})).create.get("cpuunits") == weight


def test_shares_are_shares_with_cgroup_v1():
    out = translated(resources(cpu={"shares": 1024, "cpus": "0"}), cgroup2=False, version="8.4")
    assert out.create["cpuunits"] == "1024"
    assert cgroup(out) == ["cgroup.cpuset.cpus: 0"]
    with pytest.raises(Unsupported, match="cgroup v1 has no such setting"):
        translated(resources(unified={"memory.high": "1"}), cgroup2=False, version="8.4")


RATE = [{"major": 8, "minor": 0, "rate": 600}]


@pytest.mark.parametrize(
    ("values", "v2", "v1"),
    [
        ({"pids": {"limit": 7}}, "pids.max: 7", "pids.max: 7"),
        ({"pids": {"limit": -1}}, "pids.max: max", "pids.max: max"),
        ({"cpu": {"mems": "0"}}, "cpuset.mems: 0", "cpuset.mems: 0"),
        ({"cpu": {"burst": 10}}, "cpu.max.burst: 10", "cpu.cfs_burst_us: 10"),
        ({"cpu": {"idle": 1}}, "cpu.idle: 1", "cpu.idle: 1"),
        ({"memory": {"reservation": 9}}, "memory.low: 9", "memory.soft_limit_in_bytes: 9"),
        ({"blockIO": {"weight": 10}}, "io.weight: default 1", "blkio.weight: 10"),
        ({"blockIO": {"weight": 1000}}, "io.weight: default 10000", "blkio.weight: 1000"),
        (
            {"blockIO": {"weightDevice": [{"major": 8, "minor": 1, "weight": 505}]}},
            "io.weight: 8:1 5000",
            "blkio.weight_device: 8:1 505",
        ),
        (
            {"blockIO": {"throttleReadBpsDevice": RATE}},
            "io.max: 8:0 rbps=600",
            "blkio.throttle.read_bps_device: 8:0 600",
        ),
        (
            {"blockIO": {"throttleWriteIOPSDevice": RATE}},
            "io.max: 8:0 wiops=600",
            "blkio.throttle.write_iops_device: 8:0 600",
        ),
        ({"rdma": {"m": {"hcaHandles": 3}}}, "rdma.max: m hca_handle=3", "rdma.max: m hca_handle=3"),
        ({"unified": {"memory.high": "1"}}, "memory.high: 1", ""),
    ],
)
def test_files_of_the_cgroup(values, v2, v1):
    assert cgroup(translated(resources(**values))) == [f"cgroup2.{v2}"]
    if v1:
        assert cgroup(translated(resources(**values), cgroup2=False, version="8.4")) == [f"cgroup.{v1}"]


def test_a_key_that_proxmox_cannot_read_is_included():
    out = translated(resources(hugepageLimits=[{"pageSize": "2MB", "limit": 2**64 - 1}]))
    assert out.files["lxc.conf"] == "lxc.cgroup2.hugetlb.2MB.max = max\n"


def test_rules_of_devices():
    deny = {"allow": False, "access": "rwm"}
    rules = [
        {"allow": True, "type": "c", "major": 1, "minor": 3},
        deny,
        {"allow": True, "type": "c", "major": 10, "minor": 229, "access": "rw"},
        {"allow": True, "type": "b", "major": 8, "minor": -1, "access": "r"},
        {"allow": False, "type": "c", "major": 5, "minor": 1},
        {"allow": True},
    ]
    out = translated(resources(devices=rules))
    assert cgroup(out) == [
        "cgroup2.devices.allow: c 10:229 rw",
        "cgroup2.devices.allow: b 8:* r",
        "cgroup2.devices.deny: c 5:1 rwm",
        "cgroup2.devices.allow: a",
    ]


def device(path, major, minor, **more):
    return {"path": path, "type": "c", "major": major, "minor": minor, **more}


def test_devices():
    look = Node(
        devices={"/dev/fuse": ("c", 10, 229), "/dev/char/10:200": ("c", 10, 200), "/dev/x": ("c", 1, 1)}
    )
    rows = [
        device("/dev/null", 1, 3),
        device("/dev/fuse", 10, 229, uid=5, gid=6, fileMode=0o100666),
        device("/dev/my tun", 10, 200),
        {"path": "/pipe", "type": "p"},
    ]
    out = translated(bare(linux={"devices": rows}), look=look)
    assert out.create["dev0"] == "/dev/fuse,gid=6,uid=5,mode=0666"
    assert "dev1" not in out.create
    assert "lxc.mount.entry: /dev/char/10:200 dev/my\\040tun none bind,create=file 0 0" in out.lines
    assert "lxc.cgroup2.devices.allow: c 10:200 rwm" in out.lines
    assert "linux.devices[0]: LXC makes /dev/null in every container" in out.notes
    with pytest.raises(Unsupported, match="the node has no device c 1:9") as caught:
        translated(bare(linux={"devices": [device("/dev/x", 1, 9)]}), look=look)
    assert caught.value.code == "device-missing"


def nets(out):
    return [text for name, text in out.create.items() if name.startswith("net")]


def test_networks():
    assert nets(translated(options={"net": "none"})) == []
    given = ["bridge=vmbr1,ip=10.0.0.2/24,gw=10.0.0.1", "name=eth1,bridge=vmbr2"]
    assert nets(translated(options={"net": given})) == [
        "name=eth0,bridge=vmbr1,ip=10.0.0.2/24,gw=10.0.0.1,host-managed=1",
        "name=eth1,bridge=vmbr2",
    ]
    assert nets(translated(configuration={"network.net": "bridge=a,ip6=auto"})) == [
        "name=eth0,bridge=a,ip6=auto"
    ]
    assert nets(translated(bare(annotations={"io.nexcage.pct.net0": "bridge=a"}))) == ["name=eth0,bridge=a"]


def test_addresses_before_9_1():
    from nexcage.errors import UsageError

    out = translated(version="9.0")
    assert nets(out) == ["name=eth0,bridge=vmbr0,ip=dhcp"]
    assert "sets no addresses in the containers of bundles before 9.1" in " ".join(out.warnings)
    with pytest.raises(UsageError, match="host-managed, which came"):
        translated(options={"net": "bridge=vmbr0,host-managed=1"}, version="9.0")


def test_two_networks_of_one_name_and_too_many():
    from nexcage.errors import UsageError

    with pytest.raises(UsageError, match='the name "eth0", which another network has'):
        translated(options={"net": ["bridge=a", "bridge=b"]})
    with pytest.raises(UsageError, match="one too many"):
        translated(options={"net": [f"name=e{i},bridge=a" for i in range(33)]})


def test_net_devices_are_moved_in_or_bridged():
    """Specification 1.3: keys are devices of the host, ``name`` is inside (upstream had it reversed)."""
    config = bare(linux={"netDevices": {"vmbr3": {"name": "lan"}, "ens4": {"name": "data"}, "ens5": {}}})
    out = translated(config, look=Node(bridges=("vmbr3",)))
    assert nets(out) == ["name=lan,bridge=vmbr3,ip=dhcp,host-managed=1"]
    assert [line for line in out.lines if ".net." in line] == [
        "lxc.net.32.type: phys",
        "lxc.net.32.link: ens4",
        "lxc.net.32.name: data",
        "lxc.net.32.flags: up",
        "lxc.net.33.type: phys",
        "lxc.net.33.link: ens5",
        "lxc.net.33.name: ens5",
        "lxc.net.33.flags: up",
    ]
    with pytest.raises(Unsupported, match="is no name of 1 to 15"):
        translated(bare(linux={"netDevices": {"ens4": {"name": "x" * 16}}}))


def test_a_filter_of_system_calls():
    one = {"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}
    masked = {"index": 1, "value": 15, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}
    seccomp = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 38,
        "architectures": ["SCMP_ARCH_X86_64"],
        "syscalls": [
            {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
            {"names": ["a"], "action": "SCMP_ACT_ALLOW", "args": [one, masked]},
            {"names": ["b"], "action": "SCMP_ACT_ERRNO", "args": [one, {**one, "value": 9}]},
            {"names": ["c"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
            {"names": ["d"], "action": "SCMP_ACT_KILL"},
        ],
    }
    out = translated(bare(linux={"seccomp": seccomp}))
    assert "lxc.seccomp.profile: /run/home/seccomp" in out.lines
    assert out.files["seccomp"].splitlines() == [
        "2",
        "denylist errno 38",
        "[all]",
        "read allow",
        "write allow",
        "a allow [0,8,SCMP_CMP_EQ][1,2,SCMP_CMP_MASKED_EQ,15]",
        "b errno 1 [0,8,SCMP_CMP_EQ]",
        "b errno 1 [0,9,SCMP_CMP_EQ]",
        "d kill",
    ]


def test_hooks_after_the_start_are_for_nexcage_to_run():
    hook = {"path": "/bin/true", "args": ["true"]}
    out = translated(bare(hooks={"poststart": [hook], "poststop": [hook]}))
    assert out.hooks == {"poststart": [hook], "poststop": [hook]}
    assert not any("hook" in line for line in out.lines)
