"""nexcage's own configuration: which file counts, what stands before what, and how it is read safely."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexcage import config
from nexcage.cli.call import CONFIG, Call
from nexcage.config import file as config_file
from nexcage.config.keys import KEYS
from nexcage.errors import InvalidConfig

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _plain(plain_config):
    """No configuration of this machine, neither file nor variable."""


def refused(load, document):
    with pytest.raises(InvalidConfig) as caught:
        load(document)
    assert caught.value.message.isprintable()
    return caught.value


# which file


def test_nothing_is_configured():
    found = config.load()
    assert (found.path, found.flat(), found.timeout(60), found.rules) == ("", {}, 60, ())
    assert (found.text("runtime.log_level"), found.text("cache_dir", "x")) == ("", "x")
    assert found.origin("runtime.log_level") == "default"


def test_the_first_of_the_usual_files_counts(tmp_path):
    (tmp_path / "second.json").write_text('{"proxmox": {"storage": "two"}}')
    assert config.load().flat() == {"proxmox.storage": "two"}
    (tmp_path / "first.json").write_text("{}")
    found = config.load()
    assert (found.path, found.flat()) == (str(tmp_path / "first.json"), {})


def test_the_named_file_counts_before_the_usual_ones(tmp_path, configured):
    (tmp_path / "first.json").write_text('{"proxmox": {"storage": "usual"}}')
    assert configured({"proxmox": {"storage": "own"}}).flat() == {"proxmox.storage": "own"}


def test_the_option_counts_before_the_variable(tmp_path, configured):
    configured({"proxmox": {"storage": "variable"}})
    (tmp_path / "option.json").write_text('{"proxmox": {"storage": "option"}}')
    found = config.load(str(tmp_path / "option.json"))
    assert (found.text("proxmox.storage"), found.origin("proxmox.storage")) == ("option", found.path)


@pytest.mark.parametrize("by", ["NEXCAGE_CONFIG", "--config"])
def test_the_named_file_has_to_exist(monkeypatch, tmp_path, by):
    (tmp_path / "first.json").write_text("{}")
    path = str(tmp_path / "nowhere.json")
    if by == "NEXCAGE_CONFIG":
        monkeypatch.setenv(by, path)
    with pytest.raises(InvalidConfig, match=rf"nowhere\.json: .* {by} names does not exist") as caught:
        config.load(path if by == "--config" else "")
    assert caught.value.code == "config-missing"


def test_an_empty_variable_names_no_file(monkeypatch):
    monkeypatch.setenv("NEXCAGE_CONFIG", "")
    assert config.load().path == ""


def test_a_link_that_leads_nowhere_is_no_reason_to_go_on(tmp_path):
    (tmp_path / "first.json").symlink_to(tmp_path / "away")
    with pytest.raises(InvalidConfig, match=r"first\.json: the configuration leads nowhere"):
        config.load()


def test_a_usual_file_that_cannot_be_seen_is_no_reason_to_go_on(monkeypatch, tmp_path):
    def denied(path, **_):
        raise PermissionError(13, "Permission denied", path)

    (tmp_path / "second.json").write_text("{}")
    monkeypatch.setattr(config.os, "lstat", denied)
    assert config.file_in_use() == str(tmp_path / "first.json")


# what stands before what


@pytest.mark.parametrize("key", [key for key in KEYS if key.default])
def test_a_variable_stands_before_the_file_also_with_the_default(monkeypatch, configured, key):
    other = {
        "level": "debug", "format": "json", "flag": False, "text": "other", "whole": 7, "number": 99,
        "network": "192.0.2.9/24", "size": 77,
    }[key.kind]  # fmt: skip
    section, _, name = key.name.partition(".")
    document = {section: {name: other}}
    in_file = configured(document).text(key.name)
    assert in_file
    assert in_file != key.default
    monkeypatch.setenv(key.variables[0], key.default)
    found = configured(document)
    assert (found.text(key.name), found.origin(key.name)) == (key.default, key.variables[0])


@pytest.mark.parametrize(
    ("option", "key", "value"),
    [("log-level", "runtime.log_level", "warning"), ("log-format", "runtime.log_format", "text")],
)
def test_an_option_stands_before_a_variable_also_with_the_default(monkeypatch, option, key, value):
    monkeypatch.setenv("NEXCAGE_LOG_LEVEL", "debug")
    monkeypatch.setenv("NEXCAGE_LOG_FORMAT", "json")
    found = Call("list", {option: [value]}, []).config()
    assert (found.text(key), found.origin(key)) == (value, "command line")


def test_debug_is_a_level_of_the_command_line(configured):
    configured({"log_level": "error"})
    found = Call("list", {"debug": [""]}, []).config()
    assert (found.text("runtime.log_level"), found.origin("runtime.log_level")) == ("debug", "command line")


def test_the_environment_counts_before_the_file(monkeypatch, configured):
    for name, text in {
        "PROXMOX_STORAGE": "mine", "NETWORK_BRIDGE": "vmbr7", "PROXMOX_ROOTFS_SIZE": "16",
        "PROXMOX_ONBOOT": "Yes", "PROXMOX_UNPRIVILEGED": "off", "PROXMOX_TIMEOUT": "2.5",
        "PROXMOX_MEMORY": "", "ROOT": "relative", "LOG_FILE": "x.log", "CACHE": "/cache",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"NEXCAGE_{name}", text)
    found = configured({"proxmox": {"storage": "file", "memory": 256}, "runtime": {"log_level": "warn"}})
    assert found.flat() == {
        "proxmox.storage": "mine",
        "network.bridge": "vmbr7",
        "proxmox.rootfs-size": "16",
        "proxmox.onboot": "1",
        "proxmox.unprivileged": "0",
        "proxmox.timeout": "2.5",
        "proxmox.memory": "256",
        "runtime.root_path": "relative",
        "runtime.log_path": "x.log",
        "runtime.log_level": "warning",
        "cache_dir": "/cache",
    }
    assert found.timeout(60) == 2.5
    assert found.origin("runtime.log_path") == "NEXCAGE_LOG_FILE"
    assert found.origin("proxmox.memory") == found.path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXMOX_ONBOOT", "2"), ("PROXMOX_CORES", "two"), ("PROXMOX_CORES", "-1"), ("PROXMOX_CORES", "1.5"),
        ("PROXMOX_CPULIMIT", "1e3"), ("PROXMOX_TIMEOUT", "0"), ("PROXMOX_TIMEOUT", "nan"),
        ("PROXMOX_TIMEOUT", "9" * 400), ("PROXMOX_TIMEOUT", "."), ("PROXMOX_TAGS", "\udcff"),
        ("PROXMOX_CORES", "٣"), ("LOG_LEVEL", "loud"), ("RUNTIME_DEFAULT", "vm"),
        ("SECURITY_SECCOMP", "false"), ("NETWORK_IP", "192.0.2.1"), ("RUNTIME_ROUTING", "[{}]"),
        ("RUNTIME_ROUTING", "["), ("RUNTIME_ROUTING", "{}"),
    ],
)  # fmt: skip
def test_variables_that_cannot_be_used(monkeypatch, name, value):
    monkeypatch.setenv(f"NEXCAGE_{name}", value)
    with pytest.raises(InvalidConfig, match=f"^NEXCAGE_{name}: ") as caught:
        config.load()
    assert caught.value.message.isprintable()


def test_two_variables_of_one_key(monkeypatch):
    monkeypatch.setenv("NEXCAGE_LOG", "/a")
    monkeypatch.setenv("NEXCAGE_LOG_FILE", "/a")
    assert config.load().text("runtime.log_path") == "/a"
    monkeypatch.setenv("NEXCAGE_LOG_FILE", "/b")
    with pytest.raises(InvalidConfig, match=r"^NEXCAGE_LOG_FILE: contradicts NEXCAGE_LOG$") as caught:
        config.load()
    assert caught.value.code == "config-twice"


def test_rules_of_a_variable_stand_before_those_of_the_file(monkeypatch, configured):
    document = {
        "runtime": {"routing": [{"pattern": "a", "runtime": "crun"}]},
        "container_config": {"crun_name_patterns": ["b-*"]},
    }
    assert [rule.where for rule in configured(document).rules] == [
        "runtime.routing[0]",
        "container_config.crun_name_patterns[0]",
    ]
    monkeypatch.setenv("NEXCAGE_RUNTIME_ROUTING", '[{"pattern": "c", "runtime": "runc"}]')
    found = configured(document)
    assert [(rule.pattern, rule.runtime) for rule in found.rules] == [("c", "runc"), ("b-*", "crun")]
    assert found.origin("runtime.routing") == "NEXCAGE_RUNTIME_ROUTING"


# a call


def test_a_call_reads_once_and_again_when_told(tmp_path):
    file = tmp_path / "option.json"
    file.write_text('{"data_dir": "/srv/one"}')
    call = Call("list", {CONFIG: [str(file)]}, [])
    assert call.stores()[0].root == "/srv/one"
    file.write_text('{"data_dir": "/srv/two"}')
    assert call.config().text("runtime.root_path") == "/srv/one"
    call.reload()
    assert call.stores()[0].root == "/srv/two"


def test_where_records_are_looked_for_and_where_new_ones_go(monkeypatch, configured):
    usual = [store.root for store in Call("list", {}, []).stores()]
    assert len(usual) == 2
    configured({"runtime": {"root_path": "/srv/nexcage"}})
    call = Call("list", {}, [])
    assert [store.root for store in call.stores()] == ["/srv/nexcage", *usual]
    assert {call.store_for(name).root for name in ("crun", "pct")} == {"/srv/nexcage"}
    assert [call.keeps(store, "crun") for store in call.stores()] == [True, True, False]
    assert [call.keeps(store, "pct") for store in call.stores()] == [True, False, True]
    assert call.root() == ""
    only = Call("list", {"root": ["/other"]}, [])
    assert [store.root for store in only.stores()] == ["/other"]
    monkeypatch.setenv("NEXCAGE_ROOT", "/third")
    assert [store.root for store in Call("list", {}, []).stores()] == ["/third"]


@pytest.mark.parametrize("tail", ["", "/", "/containers"])
def test_the_directory_above_the_lasting_records_stands_for_them(monkeypatch, configured, tail):
    monkeypatch.setattr("nexcage.paths.lasting_root", lambda: "/var/lib/nexcage/containers")
    configured({"data_dir": "/var/lib/nexcage" + tail})
    call = Call("list", {}, [])
    lasting, others = (store.root for store in call.stores())
    assert lasting == "/var/lib/nexcage/containers" != others
    assert call.store_for("crun").root == "/var/lib/nexcage/containers"


def test_where_layers_are_kept(monkeypatch, configured):
    configured({"cache_dir": "/srv/layers"})
    assert Call("x", {}, []).cache() == "/srv/layers"
    monkeypatch.setenv("NEXCAGE_CACHE", "/tmp/layers")
    assert Call("x", {}, []).cache() == "/tmp/layers"
    assert Call("x", {"cache": ["/given"]}, []).cache() == "/given"


# reading safely


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[]", "must be an object, not a list"),
        (b"null", "must be an object, not null"),
        (b'{"a": 1, "a": 2}', 'line 1, column 10: duplicate key "a"'),
        (b'{\n "proxmox": {\n}', "line 3, column 2: expecting ',' delimiter"),
        (b"", "line 1, column 1: expecting value"),
        (b"\xff", "line 1, column 1: not UTF-8"),
        (b"[" * 100_000, "line 1, column 1: nested too deeply"),
    ],
)
def test_what_is_no_configuration(configured, text, said):
    assert refused(configured, text).message.partition("own.json: ")[2] == said


def test_the_config_of_a_bundle_is_none_of_ours(configured):
    error = refused(configured, {"ociVersion": "1.3.0", "root": {}})
    assert "config.json of a bundle" in error.message
    assert error.code == "config-of-bundle"


def test_a_file_that_is_too_large(configured):
    large = b" " * config_file.LARGEST + b"{}"
    assert "larger than 1 MiB" in refused(configured, large).message
    assert configured(b" " * (config_file.LARGEST - 2) + b"{}").flat() == {}


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
    monkeypatch.setattr(config_file.os, "open", denied)
    with pytest.raises(InvalidConfig, match="cannot be read: permission denied") as caught:
        config.load()
    assert caught.value.code == "config-unreadable"


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
        replaced.setattr(config_file.os, "geteuid", lambda: euid)
        replaced.setattr(config_file.os, "fstat", lambda _: facts)
        try:
            config.load()
            error = None
        except InvalidConfig as caught:
            error = caught
    assert said in (error.message if error else "")
    assert (error is None) == (said == "")
    assert error is None or error.code == "config-unsafe"


@pytest.mark.parametrize(
    ("mode", "safe"), [(0o755, True), (0o777, False), (0o1777, True)], ids=["usual", "open", "sticky"]
)
def test_the_directory_of_the_file_counts_too(monkeypatch, tmp_path, mode, safe):
    directory = tmp_path / "etc"
    directory.mkdir()
    file = directory / "own.json"
    file.write_text("{}")
    os.chmod(directory, mode)
    facts = os.stat_result((0o100644, *os.stat(file)[1:4], 0, *os.stat(file)[5:]))
    with monkeypatch.context() as replaced:
        replaced.setattr(config_file.os, "geteuid", lambda: 0)
        replaced.setattr(config_file.os, "fstat", lambda _: facts)
        message = ""
        try:
            config.load(str(file))
        except InvalidConfig as error:
            message = error.message
    assert message == ("" if safe else f"{file}: everybody may replace the configuration, so root does not "
                       "follow it")  # fmt: skip


# cost


def modules_of(code):
    argv = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = sys.argv[1:]; {code}", str(ROOT)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, env={})
    return set(done.stdout.split())


def test_it_costs_little_to_import_and_nothing_where_nothing_is_configured(tmp_path):
    code = f"""
from nexcage import config
config.FILES = ("{tmp_path}/none",)
config.load()
print(*sys.modules)"""
    loaded = modules_of(code.replace("\n", "; ").removeprefix("; "))
    assert "nexcage.config" in loaded
    assert not {name for name in loaded if name.startswith("nexcage.config.")}
    heavy = {"re", "json", "difflib", "typing", "dataclasses", "enum", "subprocess", "pathlib"}
    assert not heavy & loaded


def test_reading_a_file_needs_no_heavy_modules_either(tmp_path):
    file = tmp_path / "own.json"
    file.write_text(json.dumps({"runtime": {"log_level": "info"}, "proxmox": {"memory": "512m"}}))
    loaded = modules_of(f"from nexcage import config; config.load({str(file)!r}); print(*sys.modules)")
    assert "nexcage.config.document" in loaded
    assert not {"re", "json", "difflib", "typing", "dataclasses", "enum", "subprocess"} & loaded
