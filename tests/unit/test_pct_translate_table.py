"""The translation to pct and its table of refusals agree, property by property of the specification."""

import copy

import pytest

from nexcage.drivers.refusals import refusals
from nexcage.errors import Unsupported
from tests.unit.pct_request import Node, request, translated
from tests.unit.rich_config import rich

# properties that come to nothing, and rightly: pattern without indexes → why
NOTHING = {
    "$.ociVersion": "says how to read the file",
    "$.root.path": "the request has the rootfs",
    "$.annotations.a": "is kept in the record",
    "$.process.user.umask": "is the one that LXC has",
    "$.process.capabilities.effective[]": "root has what the bounding set has, others lose it",
    "$.process.capabilities.permitted[]": "root has what the bounding set has, others lose it",
    "$.mounts[].source": "LXC mounts /proc by itself",
    "$.linux.rootfsPropagation": "slave is what LXC makes",
    "$.linux.resources.cpu.idle": "0 asks for nothing",
    "$.linux.resources.cpu.period": "100 ms are the default",
    "$.linux.seccomp.architectures[]": "LXC filters all of them",
    "$.linux.personality.flags": "there are none",
    "$.linux.resources.memory.disableOOMKiller": "false asks for nothing",
}


def node():
    return Node(devices={"/dev/fuse": ("c", 10, 229)}, allowed=[(100000, 65536)])


def leaves(value, at="$", way=()):
    """(pattern, JSON path, way of keys) of all values that hold no others."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            name = f"{at}.{key}"
            yield from leaves(item, name, (*way, key))
    elif isinstance(value, list) and value:
        for i, item in enumerate(value):
            yield from leaves(item, f"{at}[{i}]", (*way, i))
    else:
        yield at, way


def without(config, way):
    config = copy.deepcopy(config)
    inner = config
    for key in way[:-1]:
        inner = inner[key]
    del inner[way[-1]]
    return config


def ways(path):
    """The keys of a JSON path such as $.a.b[1]["c d"]."""
    found, rest = [], path.removeprefix("$")
    while rest:
        if rest.startswith('["'):
            key, _, rest = rest[2:].partition('"]')
            found.append(key)
        elif rest.startswith("["):
            key, _, rest = rest[1:].partition("]")
            found.append(int(key))
        else:
            rest = rest.removeprefix(".")
            key = rest.split(".")[0].split("[")[0]
            rest = rest.removeprefix(key)
            found.append(key)
    return tuple(found)


def refused(config):
    return [one for one in refusals(config, "pct") if one.severity == "refused"]


def cleaned(config, keep=""):
    """Without what the table refuses, but ``keep``."""
    while True:
        left = [one.path for one in refused(config) if one.path != keep]
        if not left:
            return config
        config = without(config, ways(left[-1]))


def rooted():
    config = rich()
    config["process"]["cwd"] = "/srv"
    config["linux"]["devices"][0].update(uid=5, gid=6)
    config["linux"]["resources"]["devices"][0]["access"] = "r"
    config["linux"]["resources"]["cpu"]["quota"] = 250_000
    config["linux"]["personality"]["domain"] = "LINUX32"
    config["linux"]["maskedPaths"] += ["/proc/keys"]
    # without the rules whose actions LXC has not
    seccomp = config["linux"]["seccomp"]
    seccomp["syscalls"] = seccomp["syscalls"][:1]
    seccomp["syscalls"] += [{"names": ["umount", "mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 2}]
    del seccomp["flags"]
    config["linux"]["sysctl"]["net/ipv4/ip_forward"] = "1"
    config["mounts"][1]["options"] = ["rbind", "ro", "nosuid"]
    del config["mounts"][1]["type"]
    del config["mounts"][1]["uidMappings"], config["mounts"][1]["gidMappings"]
    return config


def shown(out):
    parts = ("create", "lines", "files", "after", "hooks", "notes", "warnings")
    return {name: getattr(out, name) for name in parts}


def run(config):
    return translated(config, look=node())


CLEAN = cleaned(rooted())
REFUSED = [one.path for one in refused(rich())]


def test_what_is_refused_is_named_before_anything_else():
    assert len(REFUSED) > 15


@pytest.mark.parametrize("path", REFUSED)
def test_the_translation_refuses_what_the_table_refuses(path):
    config = rich()
    while any(one.path != path for one in refused(config)):
        other = next(one.path for one in reversed(refused(config)) if one.path != path)
        config = without(config, ways(other))
    with pytest.raises(Unsupported) as caught:
        translated(config, look=node())
    assert caught.value.message.startswith(f"config.json: {path}: not supported by pct: ")


def test_what_the_table_does_not_refuse_is_translated():
    out = run(CLEAN)
    assert out.create["hostname"] == "box"
    ignored = [one for one in refusals(CLEAN, "pct") if one.severity == "ignored"]
    for one in ignored:
        assert any(text.startswith(f"config.json: {one.path} is ignored by pct") for text in out.warnings)


@pytest.mark.parametrize("path", [at for at, _ in leaves(CLEAN)])
def test_each_property_is_ignored_by_the_table_or_makes_something(path):
    way = next(way for at, way in leaves(CLEAN) if at == path)
    pattern = "".join("[]" if isinstance(key, int) else f".{key}" for key in way)
    ignored = [one.path for one in refusals(CLEAN, "pct") if one.severity == "ignored"]
    if any(way[: len(ways(at))] == ways(at) for at in ignored) or f"${pattern}" in NOTHING:
        return
    if way[:2] == ("linux", "namespaces"):
        return  # every container has them; that of users: test_pct_translate_root.py
    before = shown(run(CLEAN))
    try:
        after = shown(run(without(CLEAN, way)))
    except KeyError:
        return  # it is required, and read
    except Unsupported:
        return  # something else needs it, and says so
    assert after != before, path


def test_each_exception_is_still_one():
    patterns = {
        "$" + "".join("[]" if isinstance(key, int) else f".{key}" for key in way)
        for config in (rich(), CLEAN)
        for _, way in leaves(config)
    }
    assert set(NOTHING) <= patterns


def test_nothing_changes_the_config():
    config = cleaned(rooted())
    before = copy.deepcopy(config)
    request(config, look=node())
    run(config)
    assert config == before


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("process", "args"), ["sh", "-c", "a\nb"], "$.process.args[2]"),
        (("process", "args"), ["sh", "-c", "'a' \"b\""], "$.process.args[2]"),
        (("process", "env"), ["A=\x1b"], "$.process.env[0]"),
        (("process", "cwd"), "/a\nb", "$.process.cwd"),
        (("mounts",), [{"destination": "/a\nb", "type": "tmpfs"}], "$.mounts[0].destination"),
        (("process", "rlimits"), [{"type": "RLIMIT_SWAP", "soft": 1, "hard": 1}], "$.process.rlimits[0]"),
        (("hooks",), {"startContainer": [{"path": "/x"}]}, "$.hooks.startContainer"),
        (("linux", "sysctl"), {"kernel.sem": "1"}, '$.linux.sysctl["kernel.sem"]'),
        (("linux", "sysctl"), {"net/a.b": "1"}, '$.linux.sysctl["net/a.b"]'),
        (("linux", "resources"), {"memory": {"limit": 1 << 20}}, "$.linux.resources.memory.limit"),
        (("hostname",), "invalid@hostname", "$.hostname"),
        (("hostname",), "-a", "$.hostname"),
    ],
)
def test_what_else_no_container_of_proxmox_can_have(place, value, path):
    config = cleaned(rooted())
    inner = config
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert path in [one.path for one in refused(config)]
    with pytest.raises(Unsupported, match="not supported by pct"):
        run(config)


def test_a_hostname_has_a_code_of_its_own():
    with pytest.raises(Unsupported) as caught:
        translated({**cleaned(rooted()), "hostname": "invalid@hostname"}, look=node())
    assert caught.value.code == "hostname-invalid"
    assert 'only DNS names, and "invalid@hostname" is none' in caught.value.message
