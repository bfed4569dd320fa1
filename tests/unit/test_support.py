"""nexcage.drivers.support: what each driver version drops or refuses, checked against recorded behaviour."""

import copy
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers import support
from nexcage.drivers.support import unsupported
from tests.unit.made_up import CRUN, RUNC

LOSSES = {"isolation", "limits", "function", "refused"}
IDS = [{"containerID": 0, "hostID": 1000, "size": 10}]


def engine_config():
    """What docker, containerd and podman write for a plain container, taken together."""
    return {
        "ociVersion": "1.2.1",
        "hostname": "web",
        "domainname": "",
        "root": {"path": "rootfs"},
        "process": {
            "user": {"uid": 0, "gid": 0, "umask": 18, "additionalGids": [0, 10]},
            "args": ["sh"],
            "cwd": "/",
            "env": ["PATH=/bin"],
            "consoleSize": {"height": 24, "width": 80},
            "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"]},
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1048576, "soft": 1048576}],
            "noNewPrivileges": True,
            "oomScoreAdj": 0,
            "apparmorProfile": "docker-default",
            "selinuxLabel": "",
        },
        "mounts": [
            {
                "destination": "/proc",
                "type": "proc",
                "source": "proc",
                "options": ["nosuid", "noexec", "nodev"],
            },
            {
                "destination": "/dev",
                "type": "tmpfs",
                "source": "tmpfs",
                "options": ["nosuid", "strictatime", "mode=755", "size=65536k"],
            },
            {
                "destination": "/dev/pts",
                "type": "devpts",
                "source": "devpts",
                "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
            },
            {
                "destination": "/run",
                "type": "tmpfs",
                "source": "tmpfs",
                "options": ["rprivate", "nosuid", "nodev", "tmpcopyup", "size=1g"],
            },
            {
                "destination": "/sys/fs/cgroup",
                "type": "cgroup",
                "source": "cgroup",
                "options": ["rprivate", "nosuid", "noexec", "nodev", "relatime", "ro"],
            },
            {
                "destination": "/etc/hosts",
                "type": "bind",
                "source": "/h",
                "options": ["bind", "rprivate", "rw"],
            },
            {
                "destination": "/data",
                "type": "bind",
                "source": "/d",
                "options": ["rbind", "rprivate", "ro", "rro"],
            },
            {"destination": "/lib", "type": "bind", "source": "/l", "options": ["rbind", "z"]},
            {
                "destination": "/opt",
                "source": "overlay",
                "type": "overlay",
                "options": ["lowerdir=/a", "private"],
            },
            {"destination": "/mnt", "type": "tmpfs", "source": "tmpfs", "options": None},
        ],
        "hooks": {
            "createRuntime": [{"path": "/bin/hook"}],
            "prestart": [{"path": "/bin/hook"}],
            "poststop": [],
        },
        "linux": {
            "sysctl": {"net.ipv4.ip_unprivileged_port_start": "0"},
            "resources": {
                "devices": [{"allow": False, "access": "rwm"}],
                "memory": {
                    "limit": 1 << 28,
                    "swap": 1 << 28,
                    "disableOOMKiller": False,
                    "checkBeforeUpdate": False,
                },
                "cpu": {
                    "shares": 1024,
                    "quota": 100000,
                    "period": 100000,
                    "cpus": "0",
                    "idle": 0,
                    "burst": 0,
                },
                "pids": {"limit": 2048},
                "blockIO": {"weight": 0},
                "hugepageLimits": [{"pageSize": "2MB", "limit": 0}],
                "network": None,
                "unified": {},
                "rdma": {},
            },
            "cgroupsPath": "machine.slice:libpod:1",
            "namespaces": [{"type": t} for t in ("pid", "network", "ipc", "uts", "mount", "cgroup", "user")],
            "seccomp": {
                "defaultAction": "SCMP_ACT_ERRNO",
                "defaultErrnoRet": 1,
                "architectures": ["SCMP_ARCH_X86_64"],
                "flags": [],
                "syscalls": [{"names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}],
            },
            "maskedPaths": ["/proc/kcore"],
            "readonlyPaths": ["/proc/sys"],
            "rootfsPropagation": "rslave",
            "mountLabel": "",
            "personality": {"domain": "LINUX"},
            "timeOffsets": {},
            "intelRdt": {},
        },
    }


def config_with(path, value):
    """A minimal config with ``value`` at a dotted path."""
    config = node = {"ociVersion": "1.0.2"}
    *above, last = path.split(".")
    for name in above:
        node = node.setdefault(name, {})
    node[last] = value
    return config


def mount_config(*options, kind="bind", **more):
    """A config with one mount."""
    given_options = ["bind", *options] if kind == "bind" else list(options)
    return {
        "mounts": [{"destination": "/mnt", "type": kind, "source": "x", "options": given_options, **more}]
    }


def losses(config, driver, cgroup2=None):
    return {path: loss for path, loss, _ in unsupported(config, *driver, cgroup2)}


@pytest.mark.parametrize(
    "program", [CRUN, RUNC, ("crun", (1, 21, 0)), ("runc", (1, 3, 6)), ("runc", (1, 1, 0))]
)
@pytest.mark.parametrize("cgroup2", [None, True, False])
def test_what_engines_send_is_never_reported(program, cgroup2):
    assert unsupported(engine_config(), *program, cgroup2) == []


def test_shared_volumes_of_docker_only_warn():
    config = config_with("linux.rootfsPropagation", "shared")
    assert losses(config, RUNC) == {"$.linux.rootfsPropagation": "function"}
    assert losses(config, CRUN) == {}


# Recorded: crun 1.8.1 and runc 1.1.5 accepted the property and the container did not have it.
DROPPED = [
    ("linux.timeOffsets", {"boottime": {"secs": 1}}, "isolation", "isolation"),
    ("linux.memoryPolicy", {"mode": "MPOL_BIND", "nodes": "0"}, "function", "function"),
    ("linux.netDevices", {"eth0": {}}, "function", "function"),
    ("linux.intelRdt.closID", "x", "limits", None),
    ("linux.intelRdt.l3CacheSchema", "L3:0=f", "limits", None),
    ("linux.intelRdt.schemata", ["L3:0=f"], "limits", "limits"),
    ("linux.intelRdt.enableMonitoring", True, "function", "function"),
    ("linux.intelRdt.enableCMT", True, "function", "function"),
    ("linux.personality.domain", "LINUX32", None, "function"),
    ("linux.personality.flags", ["X"], "function", "function"),
    ("linux.resources.cpu.idle", 1, None, "limits"),
    ("linux.resources.cpu.burst", 1000, "function", "function"),
    ("linux.resources.memory.checkBeforeUpdate", True, None, "function"),
    ("linux.resources.memory.kernel", 1 << 20, None, "function"),
    ("linux.resources.memory.kernelTCP", 1 << 20, None, "function"),
    ("linux.resources.memory.useHierarchy", True, None, "function"),
    ("linux.resources.rdma", {"mlx5": {"hcaHandles": 3}}, "limits", None),
    ("linux.resources.unified", {"memory.high": "1"}, None, None),
    ("linux.resources.network", {"classID": 1}, None, None),
    ("linux.seccomp.defaultErrnoRet", 38, None, None),
    ("linux.seccomp.listenerPath", "/run/a", None, None),
    ("process.scheduler", {"policy": "SCHED_IDLE"}, "function", "function"),
    ("process.ioPriority", {"class": "IOPRIO_CLASS_IDLE"}, "function", "function"),
    ("process.execCPUAffinity", {"initial": "0"}, "function", "function"),
    ("process.user.umask", 63, None, None),
    ("process.user.username", "x", "function", "function"),
    ("process.commandLine", "x", "function", "function"),
    ("process.oomScoreAdj", 100, None, None),
    ("domainname", "a.b", None, "function"),
    ("hooks.startContainer", [{"path": "/x"}], None, None),
    ("windows", {"layerFolders": ["a"]}, "function", "function"),
    ("solaris", {"milestone": "x"}, "function", "function"),
    ("vm", {"kernel": {"path": "/x"}}, "function", "function"),
    ("zos", {"namespaces": []}, "function", "function"),
    ("freebsd", {"jail": {}}, "function", "function"),
]


@pytest.mark.parametrize(("path", "value", "crun", "runc"), DROPPED, ids=[row[0] for row in DROPPED])
def test_recorded_behaviour_of_a_member(path, value, crun, runc):
    config = config_with(path, value)
    before = copy.deepcopy(config)
    assert losses(config, CRUN) == ({f"$.{path}": crun} if crun else {})
    assert losses(config, RUNC) == ({f"$.{path}": runc} if runc else {})
    assert config == before


def test_elements_are_named_by_their_index():
    config = config_with("linux.namespaces", [{"type": "pid"}, {"type": "time"}])
    flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]
    config["linux"]["seccomp"] = {"flags": flags}
    assert losses(config, CRUN) == {"$.linux.namespaces[1]": "refused"}
    assert losses(config, RUNC) == {
        "$.linux.namespaces[1]": "refused",
        "$.linux.seccomp.flags[0]": "refused",
        "$.linux.seccomp.flags[1]": "refused",
    }
    assert losses(config, ("runc", (1, 3, 6))) == {"$.linux.seccomp.flags[1]": "refused"}
    assert losses(config, ("runc", (1, 4, 1))) == {}
    assert losses(config, ("crun", (1, 8, 4))) == {}


# Recorded on bind mounts and on tmpfs; None: honoured.
OPTIONS = [
    ("rro", None, None, None, "isolation"),
    ("rnosuid", None, None, None, "isolation"),
    ("rexec", None, None, None, "function"),
    ("rnoatime", "refused", None, "refused", "function"),
    ("ratime", "refused", "refused", "refused", "refused"),
    ("rrelatime", "function", None, "refused", "function"),
    ("rdirsync", "function", "function", "refused", "refused"),
    ("nosymfollow", "isolation", None, "refused", None),
    ("rnosymfollow", "isolation", None, "refused", "isolation"),
    ("iversion", "function", None, "refused", None),
    ("lazytime", "function", "function", None, None),
    ("sync", "function", "function", None, None),
    ("dirsync", "function", "function", None, None),
    ("mand", "function", "function", None, None),
    ("tmpcopyup", None, None, None, None),
    ("idmap", None, "isolation", "isolation", "refused"),
    ("ridmap", "isolation", "isolation", "refused", "refused"),
    ("idmap=uids=0-1000-10;gids=0-1000-10", None, "isolation", "isolation", "refused"),
    ("copy-symlink", "function", "function", "refused", "refused"),
    ("src-nofollow", "isolation", "isolation", "refused", "refused"),
    ("dest-nofollow", "function", "function", "refused", "refused"),
    ("bogus", "function", "function", None, None),
    ("size=1k", "function", "function", None, None),
]


@pytest.mark.parametrize(
    ("option", "crun", "runc", "crun_fs", "runc_fs"), OPTIONS, ids=[r[0] for r in OPTIONS]
)
def test_recorded_behaviour_of_a_mount_option(option, crun, runc, crun_fs, runc_fs):
    def expect(config, driver, loss):
        j = config["mounts"][0]["options"].index(option)
        assert losses(config, driver) == ({f"$.mounts[0].options[{j}]": loss} if loss else {})

    expect(mount_config(option), CRUN, crun)
    expect(mount_config(option), RUNC, runc)
    expect(mount_config("nosuid", option, kind="tmpfs"), CRUN, crun_fs)
    expect(mount_config("nosuid", option, kind="tmpfs"), RUNC, runc_fs)


def test_runc_12_refuses_stray_options_of_bind_mounts():
    for option in ("bogus", "copy-symlink", "idmap=uids=0-0-1"):
        assert losses(mount_config(option), ("runc", (1, 2, 0))) == {"$.mounts[0].options[1]": "refused"}


@pytest.mark.parametrize(
    ("root", "lost"),
    [
        (None, "shared rshared slave rslave unbindable"),
        ("rprivate", "shared rshared slave rslave unbindable"),
        ("private", ""),
        ("slave", ""),
        ("rslave", "shared rshared"),
        ("shared", ""),
        ("rshared", "private rprivate unbindable"),
    ],
)
def test_recorded_behaviour_of_propagation_under_that_of_the_root(root, lost):
    for option in ("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable"):
        config = {**mount_config("ro", option), "linux": {"rootfsPropagation": root}}
        expected = {"$.mounts[0].options[2]": "function"} if option in lost.split() else {}
        assert {k: v for k, v in losses(config, CRUN).items() if "mounts" in k} == expected
        assert not {k: v for k, v in losses(config, RUNC).items() if "mounts" in k}


def test_mappings_of_a_mount():
    config = {
        "mounts": [{"destination": "/a"}, *mount_config("ro", uidMappings=IDS, gidMappings=IDS)["mounts"]]
    }
    assert losses(config, CRUN) == {}
    assert losses(config, ("crun", (1, 4, 5))) == {"$.mounts[1].uidMappings": "isolation"}
    assert losses(config, RUNC) == {"$.mounts[1].uidMappings": "isolation"}
    assert losses(config, ("runc", (1, 2, 0))) == {}
    tmpfs = mount_config(kind="tmpfs", gidMappings=IDS)
    assert losses(tmpfs, CRUN) == {"$.mounts[0].gidMappings": "isolation"}
    assert losses(tmpfs, ("crun", (1, 9, 0))) == {}
    assert losses(tmpfs, ("runc", (1, 4, 0))) == {"$.mounts[0].gidMappings": "isolation"}
    assert losses(mount_config(uidMappings=[], gidMappings=None), RUNC) == {}


def test_cgroup_mode_adds_what_depends_on_it():
    config = config_with("linux.resources.unified", {"memory.high": "1"})
    assert losses(config, CRUN, cgroup2=False) == {"$.linux.resources.unified": "refused"}
    assert losses(config, CRUN, cgroup2=True) == {}
    config = config_with("linux.resources.memory.swappiness", 60)
    assert losses(config, CRUN, cgroup2=True) == {"$.linux.resources.memory.swappiness": "refused"}
    assert losses(config, RUNC, cgroup2=True) == {"$.linux.resources.memory.swappiness": "function"}
    assert losses(config, RUNC, cgroup2=False) == {}


# Recorded with crun 1.8.1; runc 1.1.5 took all of them.
def test_other_drivers_have_no_rows():
    assert unsupported(config_with("linux.timeOffsets", {"a": 1}), "pct", (9, 1, 0)) == []


def test_rows_are_well_formed_and_unique():
    for row in support.PROPERTIES:
        assert row[5] in LOSSES
        assert row[6]
    assert len({row[:2] for row in support.PROPERTIES}) == len(support.PROPERTIES)
    sections = [row[0] for row in support.PROPERTIES]
    changes = sum(a != b for a, b in itertools.pairwise(sections))
    assert changes == len(set(sections)) - 1, "rows of one section belong together"
    assert len({row[:3] for row in support.VALUES}) == len(support.VALUES)
    names = [name for row in support.OPTIONS for name in row[0]]
    assert len(set(names)) == len(names)
    assert not support.PLAIN & set(names)


VERSIONS = st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 12))
DRIVERS = st.sampled_from(["crun", "runc"])
WORDS = st.sampled_from(
    [n for row in support.OPTIONS for n in row[0]] + sorted(support.PLAIN) + ["mode=1", "x", ""]
)
MOUNTS = st.fixed_dictionaries(
    {"destination": st.just("/a")},
    optional={
        "type": st.sampled_from(["bind", "tmpfs"]),
        "options": st.none() | st.lists(WORDS, max_size=6),
        "uidMappings": st.sampled_from([None, [], IDS]),
    },
)


@st.composite
def configs(draw):
    config = {"ociVersion": "1.0.2", "mounts": draw(st.lists(MOUNTS, max_size=4))}
    rows = support.PROPERTIES
    for section, name, *_ in draw(st.lists(st.sampled_from(rows), max_size=8)):
        node = config
        for part in section.split(".") if section else ():
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                break
        else:
            node[name] = draw(st.sampled_from([None, {}, [], 0, 7, "x", ["y"]]))
    return config


def value_at(config, path):
    for part in path[2:].replace("[", ".[").split("."):
        config = config[int(part[1:-1])] if part.startswith("[") else config[part]
    return config


@given(configs(), DRIVERS, VERSIONS, st.sampled_from([None, True, False]))
def test_every_path_leads_to_a_value(config, name, version, cgroup2):
    found = unsupported(config, name, version, cgroup2)
    for path, loss, what in found:
        assert value_at(config, path)
        assert loss in LOSSES
        assert what
    plain = [row for row in found if not row[0].startswith("$.linux.resources.")]
    assert len({path for path, *_ in plain}) == len(plain)


@given(configs(), DRIVERS, VERSIONS, VERSIONS)
def test_a_newer_version_never_misses_more(config, name, one, other):
    older, newer = sorted((one, other))
    assert losses(config, (name, newer)).keys() <= losses(config, (name, older)).keys()


def test_the_walk_is_cheaper_than_copying_the_config():
    """A ratio within one run: how fast a machine is does not matter."""
    config = engine_config()

    def best(action):
        def once():
            start = time.perf_counter()
            action()
            return time.perf_counter() - start

        return min(once() for _ in range(200))

    assert best(lambda: unsupported(config, *CRUN)) < best(lambda: copy.deepcopy(config))
