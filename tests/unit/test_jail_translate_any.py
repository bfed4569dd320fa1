"""Whatever the check of config.json lets pass becomes commands, or an error of ours."""

import contextlib
import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.drivers.jail.names import is_legal
from nexcage.drivers.jail.translate import argv
from nexcage.errors import NexcageError
from nexcage.oci import check
from tests.unit.jail_request import DEVFS, translated
from tests.unit.rich_config import rich

ALLOWED = {
    "ociVersion": "1.3.0",
    "root": {"path": "rootfs", "readonly": True},
    "hostname": "box",
    "process": {
        "args": ["sh"],
        "cwd": "/",
        "env": ["A=b"],
        "user": {"uid": 1, "gid": 2, "umask": 18, "additionalGids": [3]},
        "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1, "hard": 2}],
        "consoleSize": {"height": 1, "width": 2},
    },
    "mounts": [DEVFS, {"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m"]}],
    "annotations": {"org.freebsd.jail.ip4.addr": "10.0.0.1", "io.nexcage.jail.children-max": "2"},
    "hooks": {"poststop": [{"path": "/x"}]},
    "linux": {
        "namespaces": [{"type": "pid"}],
        "resources": {
            "memory": {"limit": 1 << 26, "swap": 1 << 27},
            "cpu": {"quota": 5, "period": 7, "cpus": "0"},
            "pids": {"limit": 7},
            "blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 5}]},
        },
    },
    "freebsd": {
        "devices": [{"path": "pf", "mode": 448}],
        "jail": {
            "host": "new", "ip6": "inherit", "interface": "lo0", "sysvmsg": "new", "enforceStatfs": 1,
            "allow": {"setHostname": True, "mount": ["tmpfs"]},
        },
    },
}  # fmt: skip


def places(node, path=()):
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


WORDS = (
    "new inherit disable /x .. a.b 10.0.0.1 fd00::1/64 em0|10.0.0.1 tmpfs devfs nullfs bind zfs ruleset=5 "
    "ruleset=99 size=1 ro 0-3 true 1 RLIMIT_AS pid network user"
)
TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(
    [*WORDS.split(), "rule=path x hide", "x" * 300]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
JUNK = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "path", "jail", "allow", "mount", "vnet", "bogus"]), inner)
    ),
    max_leaves=4,
)


def changed(config, changes):
    config = copy.deepcopy(config)
    for path, value in changes:
        node = config
        with contextlib.suppress(LookupError, TypeError):  # an earlier change took the place away
            for part in path[:-1]:
                node = node[part]
            node[path[-1]] = value
    return config


def judged(config, **more):
    """What comes out is words; all else is an error that says where."""
    try:
        check.config(config)
        out = translated(config, **more)
    except NexcageError:
        return None
    assert is_legal(out.name)
    assert sum(p.startswith("name=") for p in out.parameters) == 1
    assert out.root.startswith("/")
    names = [p.partition("=")[0] for p in out.parameters]
    assert len(names) == len(set(names))
    assert "vnet" not in names or not {"ip4", "ip6", "ip4.addr", "ip6.addr"} & set(names)
    assert ("allow.set_hostname" in names) != ("allow.noset_hostname" in names)
    for words in [*argv.making(out), *argv.unmaking(out)]:
        assert all(isinstance(word, str) and word and "\0" not in word for word in words)
    for step in out.mounts:
        assert step.kind != "devfs" or step.options[0].startswith("ruleset=")
        assert step.destination.startswith("/")
    return out


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([p for p in places(ALLOWED) if p]), JUNK), min_size=1, max_size=4))
def test_a_config_that_is_taken(changes):
    judged(changed(ALLOWED, changes))


RICH = rich()
RICH["freebsd"]["jail"]["interface"] = "lo0"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([p for p in places(RICH) if p]), JUNK), max_size=4))
def test_a_config_with_everything(changes):
    judged(changed(RICH, changes), permissive=True)


def test_they_are_good_before_they_are_changed():
    assert judged(ALLOWED)
    assert judged(RICH, permissive=True)
