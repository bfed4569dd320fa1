"""Every key of a configuration file: what it may say, under which names, and how a fault is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import config
from nexcage.config.document import NAMES
from nexcage.config.keys import KEYS, MUST
from nexcage.errors import InvalidConfig

SECONDS = "a number of seconds above 0"
MACHINE = "virtual machines are not containers"
HONOURED = "nexcage does not take seccomp away from a bundle that asks for it"
NODE = "remove it: nexcage works on the node that it runs on"


@pytest.fixture(autouse=True)
def _plain(plain_config):
    """No configuration of this machine, neither file nor variable."""


def refused(load, document):
    with pytest.raises(InvalidConfig) as caught:
        load(document)
    message = caught.value.message
    assert message.isprintable()
    return message.partition("own.json: ")[2], caught.value


def at(name, value):
    section, point, member = name.partition(".")
    return {section: {member: value}} if point else {name: value}


def test_every_value_as_text(configured):
    found = configured(
        {
            "default_runtime": "proxmox-lxc",
            "log_level": "trace",
            "log_file": "/var/log/nexcage.log",
            "data_dir": "/srv/nexcage",
            "cache_dir": "/srv/cache",
            "network": {"bridge": "vmbr1", "ip": "192.0.2.10/24", "gateway": "192.0.2.1"},
            "resources": {"memory": 1024, "cpu": 1.5, "disk": 2048, "network_bandwidth": 100},
            "security": {"seccomp": True, "apparmor": None, "read_only": False},
            "proxmox": {
                "storage": "local-zfs", "memory": 1024, "swap": "512m", "cores": 2, "cpulimit": 1.5,
                "cpuunits": 100.0, "unprivileged": True, "onboot": False, "rootfs-size": 8, "timeout": 90,
            },
        }
    )  # fmt: skip
    assert found.flat() == {
        "runtime.default": "pct",
        "runtime.log_level": "debug",
        "runtime.log_path": "/var/log/nexcage.log",
        "runtime.root_path": "/srv/nexcage",
        "cache_dir": "/srv/cache",
        "network.bridge": "vmbr1",
        "network.ip": "192.0.2.10/24",
        "network.gateway": "192.0.2.1",
        "resources.memory": "1024",
        "resources.cpu": "1.5",
        "resources.disk": "2048",
        "resources.network_bandwidth": "100",
        "security.seccomp": "1",
        "security.read_only": "0",
        "proxmox.storage": "local-zfs",
        "proxmox.memory": "1024",
        "proxmox.swap": "512m",
        "proxmox.cores": "2",
        "proxmox.cpulimit": "1.5",
        "proxmox.cpuunits": "100",
        "proxmox.unprivileged": "1",
        "proxmox.onboot": "0",
        "proxmox.rootfs-size": "8",
        "proxmox.timeout": "90",
    }
    assert found.timeout(60) == 90
    assert {found.origin(key) for key in found.flat()} == {found.path}
    found.flat().clear()
    assert found.flat()


SAMPLES = {
    "text": "a", "flag": True, "number": 20, "whole": 2, "size": 20, "seconds": 3, "path": "/a", "log": "/a",
    "level": "info", "format": "json", "runtime": "crun", "network": "192.0.2.9/24", "address": "192.0.2.1",
    "honoured": True, "rules": [{"pattern": "a", "runtime": "crun"}],
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_every_key(configured, name):
    key = NAMES[name]
    found = configured(at(name, SAMPLES[key.kind]))
    if key.kind == "rules":
        assert [rule.where for rule in found.rules] == [f"{name}[0]"]
    else:
        assert set(found.flat()) == {key.name}
    assert found.origin(key.name) == found.path


@pytest.mark.parametrize("name", [name for name, key in NAMES.items() if key.name != name])
def test_two_names_of_one_key(configured, name):
    key = NAMES[name]
    other = {
        "runtime": "runc", "level": "debug", "log": "/b", "path": "/b", "flag": False, "size": 30,
        "rules": [],
    }[key.kind]  # fmt: skip
    document = at(key.name, SAMPLES[key.kind])
    for section, value in at(name, other).items():
        document[section] = {**document.get(section, {}), **value} if isinstance(value, dict) else value
    said, error = refused(configured, document)
    assert error.code == "config-twice"
    assert said == f"{name}: contradicts {key.name}"


def test_two_names_that_say_the_same(configured):
    document = {"runtime_type": "lxc", "default_runtime": "proxmox-lxc", "log_level": "warn"}
    document["runtime"] = {"default": "pct", "log_level": "warning"}
    assert configured(document).flat() == {"runtime.default": "pct", "runtime.log_level": "warning"}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"proxmox": []}, "proxmox: must be an object, not a list"),
        ({"runtime": 5}, "runtime: must be an object, not the number 5"),
        ({"network": None}, "network: must be an object, not null"),
        ({"container_config": "x"}, "container_config: must be an object, not text"),
        ({"proxmox": {"storage": 5}}, "proxmox.storage: must be text, not the number 5"),
        ({"proxmox": {"storage": None}}, "proxmox.storage: must be text, not null"),
        ({"proxmox": {"storage": ""}}, "proxmox.storage: must not be empty"),
        ({"proxmox": {"onboot": 1}}, "proxmox.onboot: must be true or false, not the number 1"),
        ({"proxmox": {"unprivileged": "1"}}, "proxmox.unprivileged: must be true or false, not text"),
        ({"proxmox": {"cores": "2"}}, "proxmox.cores: must be a whole number, not text"),
        ({"proxmox": {"cores": True}}, "proxmox.cores: must be a whole number, not true"),
        ({"proxmox": {"cores": 1.5}}, "proxmox.cores: must be a whole number, not the number 1.5"),
        ({"proxmox": {"cores": 0}}, "proxmox.cores: must be from 1 to 8192, not the number 0"),
        ({"proxmox": {"swap": {}}}, 'proxmox.swap: must be a number, or text such as "512m", not an object'),
        (
            {"proxmox": {"swap": "5 m"}},
            'proxmox.swap: must be a number, or text such as "512m", not "5 m"',
        ),
        ({"proxmox": {"timeout": 0}}, f"proxmox.timeout: must be {SECONDS}, not the number 0"),
        ({"network": {"bridge": ["vmbr0"]}}, "network.bridge: must be text, not a list"),
        (
            {"network": {"ip": "10.0.0.1"}},
            f'network.ip: must be {MUST["network"]}, not "10.0.0.1"',
        ),
        (
            {"network": {"gateway": "10.0.0.1/8"}},
            'network.gateway: must be an address of IPv4, such as "192.0.2.1", not "10.0.0.1/8"',
        ),
        (
            {"network": {"net": "bridge=a", "gateway": "10.0.0.1"}},
            "network.gateway: contradicts network.net",
        ),
        ({"proxmox": {"description": "a\0b"}}, "proxmox.description: has a NUL character"),
        (b'{"proxmox": {"cpulimit": 1e999}}', "proxmox.cpulimit: must be a number, not the number inf"),
        ({"log_level": "loud"}, 'log_level: must be one of error, warning, info, debug, not "loud"'),
        ({"log_level": 3}, "log_level: must be one of error, warning, info, debug, not the number 3"),
        (
            {"runtime": {"log_path": "here.log"}},
            'runtime.log_path: must be an absolute path, journald:ID or syslog:ID, not "here.log"',
        ),
        ({"data_dir": "here"}, 'data_dir: must be an absolute path, not "here"'),
        ({"resources": {"memory": "1g"}}, "resources.memory: must be a number, not text"),
        (
            {"resources": {"memory": 8}},
            "resources.memory: must be from 16 to 1000000000, not the number 8",
        ),
        (
            {"security": {"seccomp": False}},
            f"security.seccomp: cannot be false: {HONOURED}",
        ),
        ({"security": {"apparmor": "on"}}, "security.apparmor: must be true, not text"),
        ({"security": {"read_only": "yes"}}, "security.read_only: must be true or false, not text"),
        ({"$schema": 1}, "$schema: must be text, not the number 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(configured, document, said):
    assert refused(configured, document)[0] == said


@pytest.mark.parametrize("name", [n for n, key in NAMES.items() if key.kind == "runtime"])
@pytest.mark.parametrize(
    ("runtime", "said"), [("vm", MACHINE), ("qemu", MACHINE), ("proxmox", MACHINE), ("docker", "unknown")]
)
def test_runtimes_that_are_none(configured, name, runtime, said):
    message, _ = refused(configured, at(name, runtime))
    assert message.startswith(f"{name}: ")
    assert f'"{runtime}"' in message
    assert said in message


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (5, ""),
        ({}, ".pattern"),
        ({"pattern": "a"}, ".runtime"),
        ({"pattern": "a", "runtime": "vm"}, ".runtime"),
        ({"pattern": "a", "runtime": "docker"}, ".runtime"),
        ({"pattern": "a", "runtime": 5}, ".runtime"),
        ({"pattern": 5, "runtime": "crun"}, ".pattern"),
        ({"pattern": "", "runtime": "crun"}, ".pattern"),
        ({"pattern": "^(a", "runtime": "crun"}, ".pattern"),
        ({"name": "[a", "runtime": "crun"}, ".name"),
        ({"pattern": "a", "name": "a", "runtime": "crun"}, ".name"),
        ({"annotation": "=x", "runtime": "crun"}, ".annotation"),
        ({"os": "plan9", "runtime": "crun"}, ".os"),
        ({"pattern": "a", "runtime": "crun", "when": "now"}, ".when"),
    ],
)
@pytest.mark.parametrize("name", ["runtime.routing", "container_config.routing"])
def test_rules_that_cannot_be_used(configured, name, row, place):
    good = {"pattern": "b", "runtime": "crun"}
    message, error = refused(configured, at(name, [good, row]))
    assert message.startswith(f"{name}[1]{place}: ")
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a", "container_config.crun_name_patterns: must be a list of texts, not text"),
        ([1], "container_config.crun_name_patterns[0]: must be text, not the number 1"),
        (["a", ""], "container_config.crun_name_patterns[1]: must not be empty"),
    ],
)
def test_patterns_that_cannot_be_used(configured, value, said):
    assert refused(configured, {"container_config": {"crun_name_patterns": value}})[0] == said


def test_a_pattern_that_is_none_is_named_by_its_place(configured):
    said, error = refused(configured, {"container_config": {"crun_name_patterns": ["a", "^(b"]}})
    assert said.startswith("container_config.crun_name_patterns[1]: ")
    assert error.code == "config-rule"


@pytest.mark.parametrize(
    ("document", "key", "hint"),
    [
        ({"proxmocks": {}}, "proxmocks", "did you mean proxmox?"),
        ({"proxmox": {"storag": "x"}}, "proxmox.storag", "did you mean proxmox.storage?"),
        ({"runtime": {"log_levle": "info"}}, "runtime.log_levle", "did you mean runtime.log_level?"),
        ({"network": {"storage": "x"}}, "network.storage", None),
        ({"proxmox": {"": "x"}}, "proxmox.", None),
        ({"": 1}, "", ""),
        ({"proxmox": {"node": "pve"}}, "proxmox.node", NODE),
        ({"proxmox": {"pct_path": "/usr/bin/pct"}}, "proxmox.pct_path", "remove it: pct is taken from PATH"),
        ({"network": {"dns_servers": []}}, "network.dns_servers", "give them as proxmox.nameserver"),
        ({"storage": {"zfs_dataset": "x"}}, "storage",
         "remove it: name the storage of new volumes as proxmox.storage"),
        ({"profiles": {}}, "profiles",
         "remove it: give limits as resources or proxmox, or with options of nexcage create"),
        ({"temp_dir": "/tmp"}, "temp_dir",
         "remove it: temporary files lie in runtime.root_path and cache_dir"),
        ({"runtime": {"terminal": False}}, "runtime.terminal",
         "remove it: process.terminal of the bundle says so"),
    ],
)  # fmt: skip
def test_unknown_keys(configured, document, key, hint):
    said, error = refused(configured, document)
    assert said == f'unknown key "{key}"'
    assert error.code == "config-key-unknown"
    assert hint is None or error.hint == hint


def test_the_schema_may_be_named(configured):
    assert configured({"$schema": "config.schema.json"}).flat() == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SOME = st.sampled_from([*NAMES, "proxmox.nothing", "network.x", "runtime.x"])


def settled(load, document):
    """Texts, or one line that names the file."""
    message = ""
    found = config.Config()
    try:
        found = load(document)
    except InvalidConfig as error:
        message = error.message
    assert message.isprintable()
    assert bool(message) == ("own.json: " in message)
    assert all(isinstance(value, str) and "\0" not in value for value in found.flat().values())
    assert set(found.flat()) <= {key.name for key in KEYS}
    assert found.timeout(1) > 0


@given(document=JSON)
def test_any_document_is_read_or_refused(configured, document):
    settled(configured, document)


@given(pairs=st.dictionaries(SOME, JSON, max_size=4))
def test_any_value_is_read_or_refused(configured, pairs):
    document = {}
    for key, value in pairs.items():
        section, point, name = key.partition(".")
        if point:
            document.setdefault(section, {})[name] = value
        else:
            document[key] = value
    settled(configured, document)


@given(text=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(configured, text):
    settled(configured, text)


@given(text=st.text(max_size=10).filter(lambda text: "\0" not in text), key=st.sampled_from(KEYS))
def test_any_variable_is_read_or_refused(monkeypatch, text, key):
    name = key.variables[-1]
    message = ""
    found = {}
    with monkeypatch.context() as environment:
        environment.setenv(name, text)
        try:
            found = config.load().flat()
        except InvalidConfig as error:
            message = error.message
    assert message.isprintable()
    assert bool(message) == message.startswith(f"{name}: ")
    assert set(found) <= {key.name}
