"""Network: vnet or addresses, and everything checked before."""

import pytest

from nexcage.errors import InvalidBundle, NetworkFailed
from tests.unit.jail_request import facts, jail, linux, translated

WORDS = ("vnet", "ip4", "ip6", "interface")


def network(config, **more):
    return [p for p in translated(config, **more).parameters if p.startswith(WORDS)]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({}, []),
        ({"vnet": "new"}, ["vnet=new"]),
        ({"vnet": "inherit"}, []),
        ({"vnet": "inherit", "ip4": "inherit", "ip6": "inherit"}, ["ip4=inherit", "ip6=inherit"]),
        ({"ip4": "inherit", "ip6": "disable"}, ["ip4=inherit", "ip6=disable"]),
        ({"ip4": "new"}, ["ip4=new"]),
        ({"ip4Addr": ["10.0.0.2", "10.0.0.3/24"]}, ["ip4.addr=10.0.0.2,10.0.0.3/24"]),
        ({"ip4": "new", "ip4Addr": ["10.0.0.2"]}, ["ip4.addr=10.0.0.2"]),
        ({"ip6Addr": ["fd00::1/64"], "ip4": "disable"}, ["ip4=disable", "ip6.addr=fd00::1/64"]),
        ({"interface": "lo0", "ip4Addr": ["10.0.0.2"]}, ["interface=lo0", "ip4.addr=10.0.0.2"]),
        ({"ip4Addr": ["em0|10.0.0.2/24"]}, ["ip4.addr=em0|10.0.0.2/24"]),
        ({"vnet": "new", "vnetInterfaces": ["epair0b", "em0"]}, ["vnet=new", "vnet.interface=epair0b,em0"]),
    ],
)
def test_the_section(section, expected):
    assert network(jail(**section)) == expected


def test_inherit_alone_is_said_to_give_no_addresses():
    assert any("no addresses" in note for note in translated(jail(vnet="inherit")).notes)
    assert not any("no addresses" in n for n in translated(jail(vnet="inherit", ip6="inherit")).notes)
    assert any("no addresses" in n for n in translated(jail(vnet="inherit", ip6="disable")).notes)


def test_interfaces_are_pulled_out_later():
    out = translated(jail(vnet="new", vnetInterfaces=["epair0b"]))
    assert out.interfaces == ["epair0b"]


def test_aliases_that_jail_adds_are_known():
    section = {"interface": "lo0", "ip4Addr": ["em0|10.0.0.2/24", "10.0.0.3"], "ip6Addr": ["fd00::1"]}
    assert translated(jail(**section)).aliases == [
        ("em0", "inet", "10.0.0.2"),
        ("lo0", "inet", "10.0.0.3"),
        ("lo0", "inet6", "fd00::1"),
    ]
    assert translated(jail(ip4Addr=["10.0.0.3"])).aliases == []


def test_what_has_no_effect_is_warned_of():
    assert any("no effect with vnet" in w for w in translated(jail(vnet="new", ip4="inherit")).warnings)
    assert any("no effect without" in w for w in translated(jail(interface="lo0")).warnings)
    assert any("restricts" in w for w in translated(jail(ip4="inherit", ip4Addr=["10.0.0.1"])).warnings)


@pytest.mark.parametrize(
    "section",
    [
        {"vnet": "new", "ip4Addr": ["10.0.0.2"]},
        {"vnet": "new", "ip6Addr": ["fd00::1"]},
        {"vnet": "new", "ip4": "disable"},
        {"vnet": "new", "interface": "em0"},
        {"vnetInterfaces": ["em0"]},
        {"vnet": "inherit", "vnetInterfaces": ["em0"]},
        {"ip4": "disable", "ip4Addr": ["10.0.0.2"]},
        {"ip4Addr": ["300.1.1.1"]},
        {"ip4Addr": ["fd00::1"]},
        {"ip4Addr": [""]},
        {"ip4Addr": ["10.0.0.1/33"]},
        {"ip4Addr": ["10.0.0.1/x"]},
        {"ip4Addr": ["10.0.0.1/"]},
        {"ip4Addr": ["10.0.0.1,10.0.0.2"]},
        {"ip6Addr": ["10.0.0.1"]},
        {"ip6Addr": ["fd00::1/129"]},
        {"ip4Addr": ["|10.0.0.1"]},
        {"ip4Addr": ["a|b|10.0.0.1"]},
        {"interface": "a b"},
        {"interface": "x" * 16},
        {"interface": "-a"},
        {"vnet": "new", "vnetInterfaces": [""]},
        {"vnet": "new", "vnetInterfaces": ["a,b"]},
        {"vnet": "new", "vnetInterfaces": ["em0", "em0"]},
        {"vnet": "maybe"},
        {"ip4": "yes"},
    ],
)
def test_what_cannot_be(section):
    with pytest.raises(InvalidBundle) as caught:
        translated(jail(**section))
    assert "$.freebsd.jail." in caught.value.message


@pytest.mark.parametrize(
    "section",
    [
        {"vnet": "new", "vnetInterfaces": ["em0", "nosuch0"]},
        {"interface": "nosuch0", "ip4Addr": ["10.0.0.1"]},
        {"ip4Addr": ["nosuch0|10.0.0.1"]},
    ],
)
def test_interfaces_that_the_host_has_not(section):
    with pytest.raises(NetworkFailed, match='there is no interface "nosuch0"') as caught:
        translated(jail(**section))
    assert caught.value.code == "interface-missing"
    translated(jail(**section), facts=facts(interfaces=None))


def test_a_config_for_linux_says_it_by_its_namespaces():
    assert network(linux("network")) == ["vnet=new"]
    assert network(linux("mount")) == ["ip4=inherit", "ip6=inherit"]
    assert network(linux("network") | {"freebsd": {"jail": {"ip4": "inherit"}}}) == ["ip4=inherit"]
    annotated = linux("network") | {"annotations": {"org.freebsd.jail.ip4.addr": "10.0.0.1"}}
    assert network(annotated) == ["ip4.addr=10.0.0.1"]
