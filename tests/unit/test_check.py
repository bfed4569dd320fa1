"""nexcage.oci.check: each fault of a config.json is said with its JSON path."""

import pytest

from nexcage.errors import InvalidBundle
from nexcage.oci import check
from nexcage.oci.spec import default

REMOVE = object()


def spoilt(path, value):
    """The default config with ``value`` at a path such as ``mounts.0.source``."""
    config = default()
    *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    node = config
    for part in parents:
        node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
    if value is REMOVE:
        del node[last]
    elif isinstance(node, list) and last >= len(node):
        node.append(value)
    else:
        node[last] = value
    return config


def refusal(config):
    with pytest.raises(InvalidBundle) as caught:
        check.config(config)
    assert caught.value.exit_code == 2
    assert caught.value.message.startswith("config.json: $")
    return caught.value.message.removeprefix("config.json: ")


@pytest.mark.parametrize("rootless", [False, True])
def test_the_config_that_spec_writes_is_good(rootless):
    check.config(default(rootless=rootless))


HOOK = {"prestart": [{"path": "/bin/true", "timeout": 0}]}
LIMIT = {"type": "RLIMIT_NOFILE", "soft": 2, "hard": 1}
DEVICE = {"type": "c", "path": "/dev/x", "major": 1}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("ociVersion", REMOVE, "$.ociVersion: is required"),
        ("ociVersion", 1, "$.ociVersion: must be a string"),
        ("ociVersion", "one", '$.ociVersion: "one" is not a version'),
        ("ociVersion", "2.0.0", '$.ociVersion: "2.0.0" is not supported'),
        ("root", REMOVE, "$.root: is required"),
        ("root", [], "$.root: must be an object"),
        ("root.path", "", "$.root.path: must not be empty"),
        ("root.path", "a\0b", "$.root.path: must not contain a NUL"),
        ("root.readonly", "yes", "$.root.readonly: must be true or false"),
        ("process", REMOVE, "$.process: is required"),
        ("process.args", REMOVE, "$.process.args: is required"),
        ("process.args", [], "$.process.args: must not be empty"),
        ("process.args", "sh", "$.process.args: must be an array"),
        ("process.args.0", "", "$.process.args[0]: must not be empty"),
        ("process.args.1", 7, "$.process.args[1]: must be a string"),
        ("process.cwd", REMOVE, "$.process.cwd: is required"),
        ("process.cwd", "tmp", '$.process.cwd: must be an absolute path, not "tmp"'),
        ("process.env.1", "TERM", '$.process.env[1]: must be NAME=VALUE, not "TERM"'),
        ("process.env.1", "=x", "$.process.env[1]: must be NAME=VALUE"),
        ("process.terminal", 1, "$.process.terminal: must be true or false"),
        ("process.user.uid", -1, "$.process.user.uid: -1 is out of range"),
        ("process.user.uid", 2**32 - 1, "$.process.user.uid: 4294967295 is out of range"),
        ("process.user.gid", "root", "$.process.user.gid: must be a whole number"),
        ("process.user.gid", True, "$.process.user.gid: must be a whole number"),
        ("process.user.umask", 0o1000, "$.process.user.umask: 512 is out of range"),
        ("process.user.additionalGids", [1, "a"], "$.process.user.additionalGids[1]: must be a whole"),
        ("process.oomScoreAdj", 1001, "$.process.oomScoreAdj: 1001 is out of range"),
        ("process.capabilities.bounding", "all", "$.process.capabilities.bounding: must be an array"),
        ("process.rlimits.0", LIMIT, "$.process.rlimits[0].soft: 2 is above the hard limit 1"),
        ("process.rlimits.0.type", "NOFILE", "$.process.rlimits[0].type: must be a name such as"),
        ("process.rlimits.1", {**LIMIT, "soft": 1}, "$.process.rlimits[1].type: RLIMIT_NOFILE is given"),
        ("process.rlimits.0.soft", 1.5, "$.process.rlimits[0].soft: must be a whole number"),
        ("hostname", ["a"], "$.hostname: must be a string"),
        ("mounts", {}, "$.mounts: must be an array"),
        ("mounts.2", "x", "$.mounts[2]: must be an object"),
        ("mounts.2.destination", "dev", "$.mounts[2].destination: must be an absolute path"),
        ("mounts.2.destination", "", "$.mounts[2].destination: must not be empty"),
        ("mounts.2.options", "ro", "$.mounts[2].options: must be an array"),
        ("mounts.2", {"destination": "/m", "type": "bind"}, "$.mounts[2].source: is required for a bind"),
        ("hooks", HOOK, "$.hooks.prestart[0].timeout: must be greater than 0"),
        ("hooks", {"poststop": [{}]}, "$.hooks.poststop[0].path: is required"),
        ("hooks", {"poststart": [{"path": "x"}]}, "$.hooks.poststart[0].path: must be an absolute path"),
        ("annotations", {"": "x"}, "$.annotations: has an empty key"),
        ("annotations", {"a": 1}, '$.annotations["a"]: must be a string'),
        ("linux.namespaces.0.type", "bogus", "$.linux.namespaces[0].type: must be one of pid,"),
        ("linux.namespaces.0.type", "mount", '$.linux.namespaces[4].type: namespace "mount" is given twice'),
        ("linux.namespaces.0.path", "/nowhere", '$.linux.namespaces[0].path: "/nowhere" does not exist'),
        ("linux.uidMappings", [{"hostID": 0}], "$.linux.uidMappings[0].containerID: is required"),
        ("linux.devices", [DEVICE], "$.linux.devices[0].minor: is required"),
        ("linux.devices", [{"type": "x"}], "$.linux.devices[0].type: must be c, b, u or p"),
        ("linux.maskedPaths.0", "proc", "$.linux.maskedPaths[0]: must be an absolute path"),
        ("linux.sysctl", {"a.b": 1}, '$.linux.sysctl["a.b"]: must be a string'),
        ("linux.cgroupsPath", "/a/../b", "$.linux.cgroupsPath: must not climb"),
        ("linux.resources.memory", {"limit": "1g"}, "$.linux.resources.memory.limit: must be a whole"),
        ("linux.resources.memory", {"limit": -2}, "$.linux.resources.memory.limit: -2 is out of range"),
        ("linux.resources.pids", {"limit": 1.0}, "$.linux.resources.pids.limit: must be a whole number"),
        ("linux.resources.devices.0.allow", 1, "$.linux.resources.devices[0].allow: must be true"),
        ("linux.resources.unified", {"memory.high": 1}, '$.linux.resources.unified["memory.high"]: must'),
        ("linux.seccomp", {"defaultAction": "x"}, "$.linux.seccomp.defaultAction: must be a name such"),
        ("linux.seccomp", {"syscalls": []}, "$.linux.seccomp.defaultAction: is required"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_path(path, value, words):
    assert refusal(spoilt(path, value)).startswith(words)


@pytest.mark.parametrize("text", ["1.0.0", "1.3.0", "1.99.7", "1.0.2-dev", "1.2.0+x", "1.0.0-rc.1"])
def test_versions_that_are_read(text):
    check.version(text)


@pytest.mark.parametrize("text", ["", "1", "1.0", "v1.0.0", "1.0.0.0", "1.x.0", "1.².0", "0.9.0", "-1.0.0"])
def test_versions_that_are_refused(text):
    with pytest.raises(InvalidBundle, match=r"\$\.ociVersion"):
        check.version(text)
