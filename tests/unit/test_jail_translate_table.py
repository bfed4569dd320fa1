"""Nothing of a config.json is lost: each property of the specification does something, or is spoken of."""

import copy

import pytest

from nexcage.drivers.jail.translate import argv
from nexcage.errors import NexcageError
from tests.unit.jail_request import facts, translated
from tests.unit.rich_config import rich

# properties that come to nothing, and rightly: pattern without indexes → why
NOTHING = {
    "$.ociVersion": "says how to read the file",
    "$.mounts[].gidMappings[].containerID": "is said of uidMappings",
    "$.mounts[].gidMappings[].hostID": "is said of uidMappings",
    "$.mounts[].gidMappings[].size": "is said of uidMappings",
    "$.linux.personality.flags": "there are none",
    "$.root.path": "the request has the rootfs",
    "$.process.cwd": "/ is where a process starts",
    "$.process.user.umask": "022 is usual",
    "$.linux.resources.memory.disableOOMKiller": "false asks for nothing",
    "$.linux.resources.cpu.shares": "1024 is what all have",
    "$.linux.resources.cpu.period": "100 ms are the default",
    "$.linux.resources.cpu.idle": "0 asks for nothing",
    "$.freebsd.jail.host": "new is the default",
    "$.freebsd.jail.ip4": "new is what addresses make it",
    "$.freebsd.jail.ip6": "new is what addresses make it",
    "$.freebsd.jail.sysvmsg": "new is the default",
    "$.freebsd.jail.vnet": "inherit is no parameter",
}


def base():
    """The rich config, as far as a jail can have all of it at once."""
    config = rich()
    section = config["freebsd"]["jail"]
    section["interface"] = "lo0"
    section["ip4"] = section["ip6"] = "new"
    section["allow"]["mount"] = ["tmpfs", "zfs"]
    config["mounts"] += [{"destination": "/dev", "type": "devfs", "options": ["ruleset=4", "nosuid"]}]
    config["mounts"][1]["options"] += ["nosuid"]
    config["annotations"] = {"org.freebsd.jail.allow.nfsd": "true", "io.nexcage.jail.children-max": "2"}
    return config


def leaves(value, at="$", way=()):
    """(pattern, way of keys) of all values that hold no others."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{at}.{key}", (*way, key))
    elif isinstance(value, list) and value:
        for i, item in enumerate(value):
            yield from leaves(item, f"{at}[]", (*way, i))
    else:
        yield at, way


def path(way):
    """As messages name it."""
    return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in way)


def without(config, way):
    config = copy.deepcopy(config)
    inner = config
    for key in way[:-1]:
        inner = inner[key]
    del inner[way[-1]]
    return config


def outcome(config):
    """All that a translation says, or the error."""
    try:
        out = translated(config, permissive=True, facts=facts(interfaces=None))
    except (NexcageError, KeyError) as error:  # what the specification requires is gone
        return repr(error)
    held = {name: getattr(out.held, name) for name in out.held.__slots__}
    hooks = [(hook.stage, hook.where, hook.hook) for hook in out.hooks]
    return (argv.making(out), argv.unmaking(out), held, hooks, out.warnings, out.notes, out.cpus)


ALL = dict(leaves(base()))


@pytest.mark.parametrize("pattern", ALL)
def test_each_property_counts(pattern):
    before, place = outcome(base()), path(ALL[pattern])
    said = [line.removeprefix("config.json: ").partition(" is ignored by jail:")[0] for line in before[4]]
    counts = any((place + ".").replace("[", ".").startswith(at.replace("[", ".") + ".") for at in said)
    counts = counts or before != outcome(without(base(), ALL[pattern]))
    assert counts != (pattern in NOTHING), "does count" if counts else "is lost"


def test_nothing_is_excused_that_does_not_exist():
    assert set(NOTHING) <= set(ALL)
