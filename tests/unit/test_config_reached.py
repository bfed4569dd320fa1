"""Configured values reach who has to obey them: each key is read somewhere, and only known keys are."""

import ast
from functools import cache
from pathlib import Path

import pytest

from nexcage.checks import Host
from nexcage.cli.call import CONFIG, Call
from nexcage.config.keys import BY_NAME, KEYS
from nexcage.config.values import MASK
from nexcage.drivers.pct.translate import annotations, request
from nexcage.errors import InvalidConfig
from tests.unit.pct_request import translated

TRANSLATE = Path(annotations.__file__).parent
SOURCES = sorted((Path(__file__).parents[2] / "nexcage").rglob("*.py"))


@pytest.fixture(autouse=True)
def _plain(plain_config):
    """No configuration of this machine, neither file nor variable."""


def asked_for():
    """The names that the translation asks the configuration for, by its source."""
    names = {name for name, _ in annotations.OPTIONS}
    for path in TRANSLATE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                literal = [a.value for a in node.args if isinstance(a, ast.Constant)]
                names.update(literal if node.func.attr in ("wanted", "configured") else [])
    return names


def test_the_keys_for_proxmox_are_those_that_are_read():
    names = asked_for()
    assert {"storage", "net", "unprivileged", "hookscript", "rate"} <= names
    keys = {request._CONFIGURED.get(name, f"proxmox.{name}") for name in names}
    keys |= {key for key, _ in request._ELSE.values()}
    ours = {key.name for key in KEYS if key.name.startswith(("proxmox.", "network.", "resources."))}
    assert ours == keys | {"proxmox.timeout"}


@cache
def asked_by_name():
    """Keys that the sources name as an argument of ``text`` or in a constant."""
    found = set()
    for path in SOURCES:
        if path.parent.name != "config" or path.parent.parent.name != "nexcage":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return found


@pytest.mark.parametrize(
    "name",
    [
        key.name
        for key in KEYS
        if not key.name.startswith(("proxmox.", "network.", "resources.")) and key.kind != "honoured"
    ],
)
def test_every_other_key_is_asked_for(name):
    named = asked_by_name()
    assert name in named or (name.partition(".")[0] == "runtime" and name.partition(".")[2] in named)


@pytest.mark.parametrize(
    ("configuration", "option"),
    [
        ({"resources.memory": "768"}, ("memory", "768")),
        ({"resources.memory": "768", "proxmox.memory": "256"}, ("memory", "256")),
        ({"resources.cpu": "1.5"}, ("cpulimit", "1.5")),
        ({"resources.cpu": "1.5", "proxmox.cpulimit": "0.5"}, ("cpulimit", "0.5")),
        ({"resources.disk": "6144", "proxmox.storage": "big"}, ("rootfs", "big:6")),
        ({"resources.disk": "1536"}, ("rootfs", "local:1.5")),
        ({"resources.disk": "6144", "proxmox.rootfs-size": "3"}, ("rootfs", "local:3")),
        ({"resources.network_bandwidth": "12.5"}, ("net0", "name=eth0,bridge=vmbr0,ip=dhcp,rate=12.5")),
        (
            {"network.net": "bridge=vmbr1,rate=3", "resources.network_bandwidth": "12"},
            ("net0", "name=eth0,bridge=vmbr1,rate=3"),
        ),
        (
            {"network.bridge": "vmbr5", "network.ip": "192.0.2.7/24", "network.gateway": "192.0.2.1"},
            ("net0", "name=eth0,bridge=vmbr5,ip=192.0.2.7/24,gw=192.0.2.1"),
        ),
        ({"network.net": "bridge=vmbr1", "network.ip": "192.0.2.7/24"}, ("net0", "name=eth0,bridge=vmbr1")),
    ],
)
def test_values_reach_pct(configuration, option):
    name, text = option
    assert translated({}, source="template", configuration=configuration).create[name] == text


def test_a_read_only_root_of_a_template():
    assert translated({"root": {"readonly": True}}, source="template").create["rootfs"] == "local:4,ro=1"


def test_only_the_first_network_is_slowed_down():
    made = translated(
        {}, source="template", configuration={"resources.network_bandwidth": "1"},
        options={"net": ["name=a,bridge=vmbr0", "name=b,bridge=vmbr1"]},
    ).create  # fmt: skip
    assert (made["net0"], made["net1"]) == ("name=a,bridge=vmbr0,rate=1", "name=b,bridge=vmbr1")


@pytest.mark.parametrize("ip", [None, "dhcp"])
def test_a_gateway_needs_an_address(ip):
    configuration = {"network.gateway": "192.0.2.1", **({"network.ip": ip} if ip else {})}
    with pytest.raises(
        InvalidConfig, match=r"configuration network\.gateway: .* none is configured"
    ) as caught:
        translated({}, source="template", configuration=configuration)
    assert caught.value.hint


# checks go on without a file that can be used, and say so


def test_a_host_with_a_configuration_that_cannot_be_used(tmp_path):
    file = tmp_path / "own.json"
    file.write_text('{"runtime": {"root_path": 5}}')
    call = Call("check", {CONFIG: [str(file)]}, [])
    host = Host(call)
    for _ in range(2):
        with pytest.raises(InvalidConfig, match=r"own\.json: runtime\.root_path: "):
            host.config()
    assert host.config_file() == str(file)
    assert [store.root for store in host.stores] == [store.root for store in Call("x", {}, []).stores()]


def test_a_service_sees_a_changed_configuration(tmp_path):
    file = tmp_path / "own.json"
    file.write_text('{"data_dir": "/srv/one"}')
    call = Call("check", {CONFIG: [str(file)]}, [])
    assert Host(call).stores[0].root == "/srv/one"
    file.write_text('{"data_dir": "/srv/two"}')
    assert Host(call).stores[0].root == "/srv/two"


def test_a_secret_key_is_masked_whatever_it_is():
    from nexcage.config.shown import Row

    for name in ("token", "proxmox.legacy_api.token", "registry.password", "some_Secret"):
        assert Row(name, "5ecre7", "default").document()["value"] == MASK
    assert Row("proxmox.tags", "5ecre7", "default").value == "5ecre7"
    assert not [name for name in BY_NAME if Row(name, "x", "").value == MASK]
