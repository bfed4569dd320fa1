"""nexcage.oci.check: whatever a config.json holds, nothing but `InvalidBundle` is raised."""

import contextlib
import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.errors import InvalidBundle
from nexcage.oci import check, mounts
from nexcage.oci.spec import default


def places(node, path=()):
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


RICH = default()
RICH["hooks"] = {"poststop": [{"path": "/x", "args": ["x"], "env": ["A=1"], "timeout": 2}]}
RICH["linux"].update(
    uidMappings=[{"containerID": 0, "hostID": 1, "size": 2}],
    devices=[{"path": "/dev/x", "type": "b", "major": 1, "minor": 2, "fileMode": 438}],
    sysctl={"net.a": "1"},
    seccomp={"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a"], "action": "x", "args": []}]},
    cgroupsPath="/a",
)
RICH["linux"]["resources"].update(
    memory={"limit": 1, "swappiness": 5}, cpu={"shares": 2, "cpus": "0"}, pids={"limit": 7},
    hugepageLimits=[{"pageSize": "2MB", "limit": 1}], unified={"a": "b"}, blockIO={}, network={},
)  # fmt: skip
RICH["process"].update(user={"uid": 0, "gid": 0, "umask": 18, "additionalGids": [1]}, oomScoreAdj=0)
RICH["annotations"] = {"a": "b"}
PLACES = [path for path in places(RICH) if path]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["/x", "..", "bind", "1.0.0", "\0", "/proc/self/ns/user", "user"])
)  # fmt: skip
JUNK = st.recursive(
    LEAVES,
    lambda s: st.lists(s, max_size=2) | st.dictionaries(st.sampled_from(["", "type", "path"]), s),
    max_leaves=4,
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_a_mutated_config_raises_nothing_but_invalid_bundle(changes):
    config = copy.deepcopy(RICH)
    for path, value in changes:
        node = config
        with contextlib.suppress(LookupError, TypeError):  # an earlier change took the place away
            for part in path[:-1]:
                node = node[part]
            node[path[-1]] = value
    message = "config.json: $"
    try:
        check.config(config)
        mounts.sources(config, "/nowhere", "/nowhere/rootfs")
    except InvalidBundle as error:
        message = error.message
    assert message.startswith("config.json: $")


def test_the_mutated_config_is_good_before_it_is_mutated():
    check.config(RICH)
