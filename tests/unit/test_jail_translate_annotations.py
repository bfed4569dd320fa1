"""The annotations of ocijail, beside and instead of ``freebsd.jail``."""

import pytest

from nexcage.drivers.jail.translate import Parent
from nexcage.errors import InvalidBundle, NexcageError, Unsupported
from tests.unit.jail_request import bare, facts, jail, translated


def annotated(config=None, **more):
    annotations = {f"org.freebsd.{name.replace('__', '.')}": text for name, text in more.items()}
    known = facts(jails={"pod": Parent(7), "other": Parent(8)})
    return translated((config or bare()) | {"annotations": annotations}, facts=known)


@pytest.mark.parametrize(
    ("name", "text", "parameter"),
    [
        ("jail__vnet", "new", "vnet=new"),
        ("jail__ip4__addr", "10.0.0.1, 10.0.0.2", "ip4.addr=10.0.0.1,10.0.0.2"),
        ("jail__ip6__addr", "fd00::1", "ip6.addr=fd00::1"),
        ("jail__ip4", "inherit", "ip4=inherit"),
        ("jail__ip6", "disable", "ip6=disable"),
        ("jail__host", "inherit", "host=inherit"),
        ("jail__sysvmsg", "inherit", "sysvmsg=inherit"),
        ("jail__sysvsem", "disable", "sysvsem=disable"),
        ("jail__sysvshm", "new", "sysvshm=new"),
        ("jail__enforce_statfs", "1", "enforce_statfs=1"),
        ("jail__interface", "em0", "interface=em0"),
        ("jail__allow__raw_sockets", "true", "allow.raw_sockets"),
        ("jail__allow__chflags", "1", "allow.chflags"),
        ("jail__allow__set_hostname", "true", "allow.set_hostname"),
        ("jail__allow__reserved_ports", "true", "allow.reserved_ports"),
        ("jail__allow__suser", "false", "allow.nosuser"),
        ("jail__allow__read_msgbuf", "true", "allow.read_msgbuf"),
        ("jail__allow__nfsd", "false", "allow.nonfsd"),
        ("jail__allow__mount", "true", "allow.mount"),
        ("jail__allow__mount__tmpfs", "true", "allow.mount.tmpfs"),
        ("parentJail", "pod", "name=pod.web"),
    ],
)
def test_each_is_a_parameter(name, text, parameter):
    assert parameter in annotated(**{name: text}).parameters


def test_file_systems_add_up():
    out = annotated(jail__allow__mount__tmpfs="true", jail__allow__mount__zfs="1")
    assert [p for p in out.parameters if p.startswith("allow.mount")] == [
        "allow.mount", "allow.mount.tmpfs", "allow.mount.zfs",
    ]  # fmt: skip
    off = annotated(jail__allow__mount__tmpfs="false", jail__allow__mount="false")
    assert not any(p.startswith("allow.mount") for p in off.parameters)


@pytest.mark.parametrize(
    ("section", "name", "text"),
    [
        ({"vnet": "new"}, "jail__vnet", "new"),
        ({"ip4Addr": ["10.0.0.1"]}, "jail__ip4__addr", "10.0.0.1"),
        ({"enforceStatfs": 1}, "jail__enforce_statfs", "1"),
        ({"parent": "pod"}, "parentJail", "pod"),
        ({"allow": {"mlock": True}}, "jail__allow__mlock", "true"),
        ({"allow": {"mount": ["tmpfs"]}}, "jail__allow__mount__tmpfs", "true"),
        ({"allow": {"mount": ["tmpfs"]}}, "jail__allow__mount", "true"),
        ({"vnet": None}, "jail__vnet", "new"),
        ({"allow": {}}, "jail__allow__chflags", "true"),
    ],
)
def test_the_two_may_say_the_same(section, name, text):
    assert annotated(jail(**section), **{name: text}).parameters


@pytest.mark.parametrize(
    ("section", "name", "text"),
    [
        ({"vnet": "inherit"}, "jail__vnet", "new"),
        ({"ip4Addr": ["10.0.0.2"]}, "jail__ip4__addr", "10.0.0.1"),
        ({"enforceStatfs": 2}, "jail__enforce_statfs", "1"),
        ({"parent": "other"}, "parentJail", "pod"),
        ({"allow": {"mlock": False}}, "jail__allow__mlock", "true"),
        ({"allow": {"mlock": True}}, "jail__allow__mlock", "0"),
        ({"allow": {"mount": ["zfs"]}}, "jail__allow__mount__tmpfs", "true"),
        ({"allow": {"mount": ["zfs"]}}, "jail__allow__mount__zfs", "false"),
        ({"allow": {"mount": ["zfs"]}}, "jail__allow__mount", "false"),
    ],
)
def test_contradictions_are_refused(section, name, text):
    with pytest.raises(InvalidBundle, match="contradicts") as caught:
        annotated(jail(**section), **{name: text})
    assert caught.value.code == "annotation-contradicts"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jail__vnet", "maybe"),
        ("jail__enforce_statfs", "3"),
        ("jail__ip4__addr", "300.1.1.1"),
        ("jail__ip4__addr", ""),
        ("jail__allow__chflags", "yes"),
        ("jail__interface", "no such"),
    ],
)
def test_values_that_cannot_be(name, text):
    with pytest.raises(InvalidBundle):
        annotated(**{name: text})


@pytest.mark.parametrize("name", ["jail__allow__bogus", "jail__allow__mount__ext4", "jail__allow__"])
def test_unknown_permissions_are_refused(name):
    with pytest.raises(Unsupported) as caught:
        annotated(**{name: "true"})
    assert caught.value.code == "allow-unknown"


def test_vnet_and_addresses_from_two_places():
    with pytest.raises(NexcageError):
        annotated(jail(vnet="new"), jail__ip4__addr="10.0.0.1")


def test_other_parameters_are_warned_of_and_the_state_s_jid_is_not():
    assert any("does not know" in w for w in annotated(jail__securelevel="2").warnings)
    assert annotated(jail__jid="5").warnings == []
    assert translated(bare(annotations={"org.example": "x"})).warnings == []


def test_the_config_is_left_as_it_is():
    config = jail(allow={"mount": ["tmpfs"]}) | {"annotations": {"org.freebsd.jail.vnet": "new"}}
    before = repr(config)
    translated(config)
    assert repr(config) == before
