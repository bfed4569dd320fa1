"""nexcage.oci.check.problems: all faults of a config.json at once, each at its place and only there."""

import contextlib
import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.errors import InvalidBundle
from nexcage.oci import check, rules
from nexcage.oci.check_all import pruned
from nexcage.oci.spec import default
from tests.unit.rich_config import rich

MAPS = ("annotations", "sysctl", "unified", "rdma", "timeOffsets", "netDevices")


def said(config):
    return [f"{p.data['severity']} {p.data['path']}: {p.data['reason']}" for p in check.problems(config)]


def errors(config):
    return [p for p in check.problems(config) if p.data["severity"] == "error"]


def places(node, path="$", way=()):
    """Each property's JSON path as the rules write it, with the way to it."""
    if way:
        yield path, way
    if isinstance(node, dict):
        quoted = path.rpartition(".")[2] in MAPS
        for key, value in node.items():
            yield from places(value, f'{path}["{key}"]' if quoted else f"{path}.{key}", (*way, key))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from places(value, f"{path}[{i}]", (*way, i))


def put(config, way, value):
    for part in way[:-1]:
        config = config[part]
    if isinstance(way[-1], int) != isinstance(config, list):
        raise TypeError("an earlier change made it something else")
    config[way[-1]] = value


PLACES = list(places(rich()))


@pytest.mark.parametrize("config", [default(), default(rootless=True)], ids=["root", "rootless"])
def test_the_config_that_spec_writes_has_no_problem(config):
    assert said(config) == []


def test_a_config_with_every_property_of_the_specification_has_no_problem():
    assert said(rich()) == []


def test_the_config_is_left_as_it_is():
    config = rich()
    check.problems(config)
    assert config == rich()
    assert all(type(v) in (dict, list, str, int, bool) for v in config.values())
    assert rules.faults is None


@pytest.mark.parametrize(("path", "way"), PLACES, ids=[path for path, _ in PLACES])
def test_a_property_of_the_wrong_type_is_one_error_at_its_place(path, way):
    node = rich()
    for part in way:
        node = node[part]
    for value in ({"a": 1}, ["a"], "text\0", 1.5, 7, True):
        kinds = {dict, list, str, int, bool, float}
        same = type(value) is type(node)
        if same or (isinstance(node, bool) and value is True) or type(value) not in kinds:
            continue
        config = rich()
        put(config, way, value)
        found = [p.data["path"] for p in errors(config)]
        assert found[:1] == [path] or path in found, (value, said(config))
        beside = [at for at in found if at != path and not related(at, path)]
        assert beside == [], (value, said(config))


def related(at, changed):
    """Rules between two properties that may both be named."""
    pairs = (
        ("process.user", "Mappings"),
        ("seccomp", "seccomp"),
        ("scheduler", "scheduler"),
    )
    return any(a in at and b in changed for a, b in pairs) or "linux.namespaces" in changed


@pytest.mark.parametrize(("path", "way"), PLACES, ids=[path for path, _ in PLACES])
def test_the_first_problem_is_what_create_ends_at(path, way):
    for value in (None, [], {}, "", 0, -1, "x\0", 2**70, True):
        config = rich()
        put(config, way, value)
        raised = ""
        try:
            check.config(copy.deepcopy(config))
        except InvalidBundle as error:
            raised = error.message
        if raised:
            assert errors(config)[0].message == raised, path


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["/x", "bind", "user", "SCMP_ACT_ALLOW", "CAP_KILL", "0-3"]),
    lambda s: st.lists(s, max_size=3) | st.dictionaries(st.sampled_from(["", "type", "path", "a b"]), s),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=6))
def test_whatever_a_config_holds_problems_are_found_and_nothing_is_raised(changes):
    config = rich()
    for (_, way), value in changes:
        with contextlib.suppress(LookupError, TypeError):  # an earlier change took the place away
            put(config, way, value)
    found = check.problems(config)
    assert all(p.message.startswith("config.json: $") for p in found)
    error_paths = [p.data["path"] for p in found if p.data["severity"] == "error"]
    assert len(error_paths) == len(set(error_paths))
    # without what has the wrong type, no type is wrong any more
    assert not [p for p in check.problems(pruned(config, found)) if p.data["kind"]]


def test_deep_nesting_is_no_obstacle():
    config = default()
    node = config["annotations"] = {}
    for _ in range(5000):
        node["a"] = {}
        node = node["a"]
    assert said(config) == ['error $.annotations["a"]: must be a string']


def change(dotted, value):
    return [int(p) if p.isdigit() else p for p in dotted.split("/")], value


CASES = [
    ("process/args/0", "", "error $.process.args[0]: must not be empty"),
    ("process/arg", ["x"], "warning $.process.arg: is unknown, so it is ignored"),
    ("hostName", "x", "warning $.hostName: differs from it only in case"),
    ("process/capabilities/bounding/0", "CAP_KIL", '"CAP_KIL" is not known'),
    ("process/capabilities/bounding/0", "KILL", '"KILL" is not known'),
    (
        "process/capabilities/permitted",
        ["CAP_KILL"],
        "$.process.capabilities.ambient: CAP_SYS_ADMIN is not in",
    ),
    ("process/rlimits/0/type", "RLIMIT_FILES", '$.process.rlimits[0].type: "RLIMIT_FILES" is not known'),
    ("process/user", {"uid": 0}, "error $.process.user.gid: is required"),
    ("process/user/uid", 70000, "$.process.user.uid: 70000 is mapped by none of $.linux.uidMappings"),
    ("process/user/additionalGids/1", 70000, "$.process.user.additionalGids[1]: 70000 is mapped by none"),
    ("process/env/1", "PATH=/x", 'warning $.process.env[1]: "PATH" is already set by $.process.env[0]'),
    ("process/scheduler/policy", "SCHED_FIFO", "$.process.scheduler.priority: 0 is out of range (1 to 99"),
    ("process/scheduler/nice", 3, "$.process.scheduler.nice: SCHED_DEADLINE has no nice value"),
    ("process/ioPriority/class", "BE", "$.process.ioPriority.class: must be one of IOPRIO_CLASS_RT"),
    ("process/ioPriority/priority", 8, "8 is out of range (0 to 7)"),
    ("process/execCPUAffinity/initial", "3-1", "must be a list of numbers such as 0-3,7"),
    ("process/terminal", False, "warning $.process.consoleSize: has no effect without a terminal"),
    ("ociVersion", "1.4.0", 'warning $.ociVersion: "1.4.0" is newer than 1.3.0'),
    ("hooks/prestart", [{"path": "/x"}], "warning $.hooks.prestart: is deprecated"),
    ("hooks/poststop/0/env/0", "A", '$.hooks.poststop[0].env[0]: must be NAME=VALUE, not "A"'),
    ("mounts/1/destination", "/proc/", '$.mounts[1]: "/srv" on "/proc/": would hide "proc" of $.mounts[0]'),
    ("mounts/1/destination", "/", 'warning $.mounts[1]: "/" hides "/proc" of $.mounts[0]'),
    ("mounts/1/options/2", "rw", 'warning $.mounts[1].options: has both "ro" and "rw"'),
    ("mounts/1/gidMappings", [], "$.mounts[1].gidMappings: is required beside uidMappings"),
    ("linux/namespaces/4/type", "cgroup", '$.linux.namespaces[6].type: namespace "cgroup" is given twice'),
    ("linux/namespaces", [{"type": "pid"}], "$.hostname: needs a uts namespace"),
    ("linux/namespaces", [{"type": "pid"}], "$.linux.maskedPaths: needs a mount namespace"),
    ("linux/namespaces", [{"type": "pid"}], "$.linux.uidMappings: needs a user namespace"),
    ("linux/namespaces", [{"type": "pid"}], "$.linux.timeOffsets: needs a time namespace"),
    ("linux/namespaces", [{"type": "pid"}], "$.linux.netDevices: needs a network namespace"),
    ("linux/namespaces", [{"type": "pid"}], '$.linux.sysctl["kernel.sem"]: needs an ipc namespace'),
    ("linux/sysctl/vm.swappiness", "1", '$.linux.sysctl["vm.swappiness"]: is not of a namespace'),
    ("linux/sysctl/kernel.hostname", "x", '$.linux.sysctl["kernel.hostname"]: is set by $.hostname'),
    ("linux/uidMappings/0/size", 0, "$.linux.uidMappings[0].size: must be greater than 0"),
    ("linux/gidMappings/1", {"containerID": 9, "hostID": 5, "size": 1}, "overlaps the ids 0 to 65535 of"),
    ("linux/timeOffsets/realtime", {"secs": 1}, '$.linux.timeOffsets["realtime"]: must be one of monotonic'),
    ("linux/netDevices/eth2", {"name": "data"}, '"data" is also the name of'),
    ("linux/netDevices/a b", {}, '"a b" is no name of a network device'),
    ("linux/devices/1/path", "/dev/fuse", '"/dev/fuse" is also the path of $.linux.devices[0]'),
    ("linux/rootfsPropagation", "both", "$.linux.rootfsPropagation: must be one of shared,"),
    ("linux/personality/flags", ["X"], "$.linux.personality.flags: must be empty"),
    ("linux/intelRdt/closID", "a/b", '"a/b" is no name of a directory'),
    ("linux/intelRdt/memBwSchema", "L3:", "must be one line that starts with MB:"),
    ("linux/memoryPolicy/mode", "MPOL_DEFAULT", "$.linux.memoryPolicy.nodes: must be empty for MPOL_DEFAULT"),
    ("linux/resources/memory/swap", 5, "$.linux.resources.memory.swap: 5 is below the memory limit"),
    ("linux/resources/cpu/burst", 10**9, "is above the quota 100000"),
    ("linux/resources/devices/0/access", "rx", 'must be made of r, w and m, not "rx"'),
    ("linux/resources/hugepageLimits/1/pageSize", "2MB", "2MB already has the limit of"),
    ("linux/resources/rdma/mlx5_1", {}, "must have hcaHandles or hcaObjects"),
    ("linux/resources/blockIO/weightDevice/0", {"major": 1, "minor": 1}, "must have weight or leafWeight"),
    ("linux/resources/unified/../x", "1", '$.linux.resources.unified["../x"]: is no name'),
    ("linux/seccomp/defaultAction", "SCMP_ACT_ALLOW", "seccomp.defaultErrnoRet: is not for SCMP_ACT_ALLOW"),
    ("linux/seccomp/listenerPath", "", "$.linux.seccomp.listenerMetadata: must not be set without"),
    ("linux/seccomp/listenerPath", "", "$.linux.seccomp.listenerPath: is required for SCMP_ACT_NOTIFY"),
    ("linux/seccomp/syscalls/0/args/0/index", 6, "6 is out of range (0 to 5)"),
    ("linux/seccomp/architectures/0", "x86", '"x86" is not known'),
    ("freebsd/devices/0/path", "/dev/pf", 'must be a path below /dev, such as "pf", not "/dev/pf"'),
    ("freebsd/jail/ip4Addr/0", "10.0.0", "$.freebsd.jail.ip4Addr[0]: must be an address such as"),
    ("freebsd/jail/vnet", "new", "$.freebsd.jail.ip4Addr: contradicts vnet"),
    ("freebsd/jail/host", "inherit", '$.freebsd.jail.host: is "inherit", but $.hostname is set'),
    ("freebsd/jail/enforceStatfs", 3, "3 is out of range (0 to 2)"),
    ("windows/layerFolders", [], "$.windows.layerFolders: must not be empty"),
    ("vm/kernel", {}, "$.vm.kernel.path: is required"),
]


@pytest.mark.parametrize(("place", "value", "words"), CASES)
def test_what_contradicts_the_specification_is_said(place, value, words):
    config = rich()
    if words.startswith("$.hostname: needs"):
        del config["freebsd"]
    way = place.split("/", 3 if "unified" in place else -1)
    put_or_append(config, [int(p) if p.isdigit() else p for p in way], value)
    lines = said(config)
    assert any(words in line for line in lines), lines


def put_or_append(config, way, value):
    for part in way[:-1]:
        config = config.setdefault(part, {}) if isinstance(config, dict) else config[part]
    if isinstance(config, list) and way[-1] >= len(config):
        config.append(value)
    else:
        config[way[-1]] = value


def test_many_faults_are_found_at_once():
    config = default()
    config["process"]["cwd"] = "tmp"
    config["process"]["args"] = []
    config["mounts"][1] = "x"
    config["linux"]["namespaces"][0]["type"] = "bogus"
    config["annotations"] = {"a": 1}
    del config["root"]
    found = said(config)
    assert len(found) == 6
    assert found[0] == "error $.root: is required"


def test_a_remount_is_no_second_mount():
    config = default()
    config["mounts"].append({"destination": "/proc", "options": ["remount", "ro"]})
    check.config(config)
    assert said(config) == []


@pytest.mark.parametrize(
    "change",
    [
        {"freebsd": {"jail": {"vnet": "new", "vnetInterfaces": ["\udc80"]}}},
        {"linux": {"netDevices": {"eth0": {"name": "\udc80"}}}},
        {"linux": {"resources": {"cpu": {"cpus": "9" * 5000}}}},
    ],
)
def test_odd_characters_and_endless_numbers_make_no_traceback(change):
    assert errors({**default(), **change})
