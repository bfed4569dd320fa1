"""nexcage.config: one file, and the environment before it; all that is wrong is said with its place."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import config
from nexcage.drivers.pct.translate import annotations, request
from nexcage.errors import InvalidConfig

SECONDS = "a number of seconds above 0"
NODE = "remove it: nexcage works on the node that it runs on"
TRANSLATE = Path(annotations.__file__).parent


@pytest.fixture(autouse=True)
def _plain(monkeypatch, tmp_path):
    """No configuration of this machine, neither file nor variable."""
    for name in [name for name in os.environ if name.startswith("NEXCAGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(config, "FILES", (str(tmp_path / "first.json"), str(tmp_path / "second.json")))


@pytest.fixture
def configured(monkeypatch, tmp_path):
    """Load a document (or a text) as the file that NEXCAGE_CONFIG names."""

    def load(document):
        file = tmp_path / "own.json"
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        file.write_bytes(text)
        monkeypatch.setenv("NEXCAGE_CONFIG", str(file))
        return config.load()

    return load


def refused(load, document):
    with pytest.raises(InvalidConfig) as caught:
        load(document)
    message = caught.value.message
    assert message.isprintable()
    return message.partition("own.json: ")[2], caught.value


def test_nothing_is_configured():
    found = config.load()
    assert (found.path, found.flat(), found.timeout(60)) == ("", {}, 60)


def test_the_first_of_the_usual_files_counts(tmp_path):
    (tmp_path / "second.json").write_text('{"proxmox": {"storage": "two"}}')
    assert config.load().flat() == {"proxmox.storage": "two"}
    (tmp_path / "first.json").write_text("{}")
    found = config.load()
    assert (found.path, found.flat()) == (str(tmp_path / "first.json"), {})


def test_the_named_file_counts_before_the_usual_ones(tmp_path, configured):
    (tmp_path / "first.json").write_text('{"proxmox": {"storage": "usual"}}')
    assert configured({"proxmox": {"storage": "own"}}).flat() == {"proxmox.storage": "own"}


def test_the_named_file_has_to_exist(monkeypatch, tmp_path):
    (tmp_path / "first.json").write_text("{}")
    monkeypatch.setenv("NEXCAGE_CONFIG", str(tmp_path / "nowhere.json"))
    with pytest.raises(
        InvalidConfig, match=r"nowhere\.json: .* NEXCAGE_CONFIG names does not exist"
    ) as caught:
        config.load()
    assert caught.value.code == "config-missing"


def test_an_empty_variable_names_no_file(monkeypatch):
    monkeypatch.setenv("NEXCAGE_CONFIG", "")
    assert config.load().path == ""


def test_every_value_as_text(configured):
    found = configured(
        {
            "network": {"bridge": "vmbr1", "net": "bridge=vmbr1,ip=dhcp"},
            "proxmox": {
                "storage": "local-zfs", "memory": 1024, "swap": "512m", "cores": 2, "cpulimit": 1.5,
                "cpuunits": 100.0, "unprivileged": True, "onboot": False, "rootfs-size": 8, "timeout": 90,
            },
        }
    )  # fmt: skip
    assert found.flat() == {
        "network.bridge": "vmbr1",
        "network.net": "bridge=vmbr1,ip=dhcp",
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
    found.flat().clear()
    assert found.flat()


@pytest.mark.parametrize("key", ["rootfs-size", "rootfs_size", "rootfs_size_gb"])
def test_other_spellings_of_a_key(configured, key):
    assert configured({"proxmox": {key: 4}}).flat() == {"proxmox.rootfs-size": "4"}


def test_two_spellings_at_once(configured):
    said, _ = refused(configured, {"proxmox": {"rootfs-size": 4, "rootfs_size_gb": 8}})
    assert said == "proxmox.rootfs_size_gb: proxmox.rootfs-size is given twice"


def test_what_other_work_reads_is_left_alone(configured):
    document = {key: {"anything": [1]} for key in config.ELSEWHERE}
    assert configured({**document, "proxmox": {}}).flat() == {}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "must be an object, not a list"),
        (None, "must be an object, not null"),
        ({"proxmox": []}, "proxmox: must be an object, not a list"),
        ({"network": None}, "network: must be an object, not null"),
        ({"proxmox": {"storage": 5}}, "proxmox.storage: must be text, not the number 5"),
        ({"proxmox": {"storage": None}}, "proxmox.storage: must be text, not null"),
        ({"proxmox": {"onboot": 1}}, "proxmox.onboot: must be true or false, not the number 1"),
        ({"proxmox": {"unprivileged": "1"}}, "proxmox.unprivileged: must be true or false, not text"),
        ({"proxmox": {"cores": "2"}}, "proxmox.cores: must be a number, not text"),
        ({"proxmox": {"cores": True}}, "proxmox.cores: must be a number, not true"),
        ({"proxmox": {"swap": {}}}, 'proxmox.swap: must be a number, or text such as "512m", not an object'),
        ({"proxmox": {"timeout": 0}}, f"proxmox.timeout: must be {SECONDS}, not the number 0"),
        ({"network": {"bridge": ["vmbr0"]}}, "network.bridge: must be text, not a list"),
        ({"proxmox": {"description": "a\0b"}}, "proxmox.description: has a NUL character"),
        (b'{"proxmox": {"cpulimit": 1e999}}', "proxmox.cpulimit: must be a number, not the number inf"),
        (b'{"a": 1, "a": 2}', 'line 1, column 10: duplicate key "a"'),
        (b'{\n "proxmox": {\n}', "line 3, column 2: expecting ',' delimiter"),
        (b"", "line 1, column 1: expecting value"),
        (b"\xff", "line 1, column 1: not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(configured, document, said):
    assert refused(configured, document)[0] == said


@pytest.mark.parametrize(
    ("document", "key", "hint"),
    [
        ({"proxmocks": {}}, "proxmocks", "did you mean proxmox?"),
        ({"proxmox": {"storag": "x"}}, "proxmox.storag", "did you mean proxmox.storage?"),
        ({"network": {"storage": "x"}}, "network.storage", None),
        ({"proxmox": {"": "x"}}, "proxmox.", None),
        ({"": 1}, "", ""),
        ({"proxmox": {"node": "pve"}}, "proxmox.node", NODE),
        ({"network": {"dns_servers": []}}, "network.dns_servers", "give them as proxmox.nameserver"),
    ],
)  # fmt: skip
def test_unknown_keys(configured, document, key, hint):
    said, error = refused(configured, document)
    assert said == f'unknown key "{key}"'
    assert error.code == "config-key-unknown"
    assert hint is None or error.hint == hint


def test_the_config_of_a_bundle_is_none_of_ours(configured):
    said, error = refused(configured, {"ociVersion": "1.3.0", "root": {}})
    assert "config.json of a bundle" in said
    assert error.code == "config-of-bundle"


def test_a_file_that_is_too_large(configured):
    assert "larger than 1 MiB" in refused(configured, b" " * config.LARGEST + b"{}")[0]
    assert configured(b" " * (config.LARGEST - 2) + b"{}").flat() == {}


def test_what_is_no_file(monkeypatch, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, reason in ((tmp_path, "is a directory"), (tmp_path / "pipe", "no regular file")):
        monkeypatch.setenv("NEXCAGE_CONFIG", str(path))
        with pytest.raises(InvalidConfig, match=reason):
            config.load()
    (tmp_path / "first.json").mkdir()
    monkeypatch.delenv("NEXCAGE_CONFIG")
    with pytest.raises(InvalidConfig, match=r"first\.json: .* is a directory"):
        config.load()


def test_a_file_that_may_not_be_read(monkeypatch, configured):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    configured({})
    monkeypatch.setattr(config.os, "open", denied)
    with pytest.raises(InvalidConfig, match="cannot be read: permission denied"):
        config.load()


@pytest.mark.parametrize(
    ("euid", "mode", "owner", "said"),
    [
        (0, 0o644, 0, ""),
        (0, 0o646, 0, "everybody may write"),
        (0, 0o600, 1000, "belongs to user 1000"),
        (1000, 0o646, 0, ""),
        (1000, 0o644, 1001, ""),
    ],
)
def test_root_follows_only_what_nobody_else_can_change(monkeypatch, configured, euid, mode, owner, said):
    configured({})
    real = os.stat(os.environ["NEXCAGE_CONFIG"])
    facts = os.stat_result((0o100000 | mode, *real[1:4], owner, *real[5:]))
    with monkeypatch.context() as replaced:
        replaced.setattr(config.os, "geteuid", lambda: euid)
        replaced.setattr(config.os, "fstat", lambda _: facts)
        try:
            config.load()
            error = None
        except InvalidConfig as caught:
            error = caught
    assert said in (error.message if error else "")
    assert (error is None) == (said == "")
    assert error is None or error.code == "config-unsafe"


def test_a_file_that_everybody_may_write_to(configured):
    configured({})
    os.chmod(os.environ["NEXCAGE_CONFIG"], 0o666)
    if os.geteuid() == 0:
        with pytest.raises(InvalidConfig, match="everybody may write"):
            config.load()
    else:
        assert config.load().flat() == {}


def test_the_environment_counts_before_the_file(monkeypatch, configured):
    monkeypatch.setenv("NEXCAGE_PROXMOX_STORAGE", "mine")
    monkeypatch.setenv("NEXCAGE_NETWORK_BRIDGE", "vmbr7")
    monkeypatch.setenv("NEXCAGE_PROXMOX_ROOTFS_SIZE", "16")
    monkeypatch.setenv("NEXCAGE_PROXMOX_ONBOOT", "Yes")
    monkeypatch.setenv("NEXCAGE_PROXMOX_UNPRIVILEGED", "off")
    monkeypatch.setenv("NEXCAGE_PROXMOX_TIMEOUT", "2.5")
    monkeypatch.setenv("NEXCAGE_PROXMOX_MEMORY", "")
    found = configured({"proxmox": {"storage": "file", "memory": 256}})
    assert found.flat() == {
        "proxmox.storage": "mine",
        "network.bridge": "vmbr7",
        "proxmox.rootfs-size": "16",
        "proxmox.onboot": "1",
        "proxmox.unprivileged": "0",
        "proxmox.timeout": "2.5",
        "proxmox.memory": "256",
    }
    assert found.timeout(60) == 2.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONBOOT", "2"), ("CORES", "two"), ("CORES", "-1"), ("CPULIMIT", "1e3"), ("TIMEOUT", "0"),
        ("TIMEOUT", "nan"), ("TIMEOUT", "9" * 400), ("TIMEOUT", "."), ("TAGS", "\udcff"), ("CORES", "٣"),
    ],
)  # fmt: skip
def test_variables_that_cannot_be_used(monkeypatch, name, value):
    monkeypatch.setenv(f"NEXCAGE_PROXMOX_{name}", value)
    with pytest.raises(InvalidConfig, match=f"^NEXCAGE_PROXMOX_{name}: .* must be ") as caught:
        config.load()
    assert caught.value.message.isprintable()


def asked_for():
    """The names that the translation asks the configuration for, by its source."""
    names = {name for name, _ in annotations.OPTIONS}
    for path in TRANSLATE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                literal = [a.value for a in node.args if isinstance(a, ast.Constant)]
                names.update(literal if node.func.attr in ("wanted", "configured") else [])
    return names


def test_the_keys_are_those_that_are_read():
    names = asked_for()
    assert {"storage", "net", "unprivileged", "hookscript"} <= names
    keys = {request._CONFIGURED.get(name, f"proxmox.{name}") for name in names}
    assert {key for key, _ in config.KEYS} == keys | {"proxmox.timeout"}
    assert len(dict(config.KEYS)) == len(config.KEYS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([key for key, _ in config.KEYS] + ["proxmox.nothing", "network.ip", "runtime.x"])


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
    assert set(found.flat()) <= {key for key, _ in config.KEYS}
    assert found.timeout(1) > 0


@given(document=JSON)
def test_any_document_is_read_or_refused(configured, document):
    settled(configured, document)


@given(pairs=st.dictionaries(NAMES, JSON, max_size=4))
def test_any_value_is_read_or_refused(configured, pairs):
    document = {}
    for key, value in pairs.items():
        section, _, name = key.partition(".")
        document.setdefault(section, {})[name] = value
    settled(configured, document)


@given(text=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(configured, text):
    settled(configured, text)


@given(text=st.text(max_size=10).filter(lambda text: "\0" not in text), key=NAMES)
def test_any_variable_is_read_or_refused(monkeypatch, text, key):
    name = "NEXCAGE_" + key.upper().replace(".", "_").replace("-", "_")
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
    assert set(found) <= {key}


def test_it_costs_little_to_import():
    code = "import sys; sys.path[:0] = sys.argv[1:]; import nexcage.config; print(*sys.modules)"
    argv = [sys.executable, "-I", "-S", "-c", code, str(TRANSLATE.parents[3])]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "nexcage.config" in loaded
    assert not {"re", "json", "difflib", "typing", "dataclasses", "enum", "subprocess"} & loaded
