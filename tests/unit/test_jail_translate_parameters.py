"""The parameters of jail(8): name, path, host, System V IPC, permissions, release, mark."""

import pytest

from nexcage.drivers.jail.translate import Parent
from nexcage.errors import InvalidBundle, NotFound, Unsupported, UsageError
from tests.unit.jail_request import allowing, bare, facts, jail, linux, parameters, translated


def test_the_least_config_asks_for_an_isolated_jail():
    assert parameters() == [
        "name=web",
        "path=/b/rootfs",
        "persist",
        "host=new",
        "sysvmsg=new",
        "sysvsem=new",
        "sysvshm=new",
        "enforce_statfs=2",
        "devfs_ruleset=4",
        "allow.noset_hostname",
        "allow.noreserved_ports",
        "meta.nexcage=web",
        "meta.nexcage_bundle=/b",
    ]


def test_all_parameters_have_one_order():
    config = jail(
        parent="pod", host="new", ip4="new", ip4Addr=["10.0.0.2/24"], ip6="disable", interface="em0",
        sysvmsg="inherit", sysvsem="disable", sysvshm="new", enforceStatfs=1,
        allow={"mount": ["zfs", "tmpfs"], "suser": False, "rawSockets": True},
    )  # fmt: skip
    config |= {"hostname": "box", "domainname": "example.org"}
    options = {"osrelease": "14.3-RELEASE", "osreldate": "1403000", "children-max": "3"}
    assert parameters(config, options=options, os="linux", facts=facts(jails={"pod": Parent(7)})) == [
        "name=pod.web",
        "path=/b/rootfs",
        "persist",
        "host=new",
        "host.hostname=box",
        "host.domainname=example.org",
        "interface=em0",
        "ip4.addr=10.0.0.2/24",
        "ip6=disable",
        "sysvmsg=inherit",
        "sysvsem=disable",
        "sysvshm=new",
        "enforce_statfs=1",
        "devfs_ruleset=4",
        "children.max=3",
        "allow.noset_hostname",
        "allow.raw_sockets",
        "allow.noreserved_ports",
        "allow.nosuser",
        "allow.mount",
        "allow.mount.tmpfs",
        "allow.mount.zfs",
        "osrelease=14.3-RELEASE",
        "osreldate=1403000",
        "linux=new",
        "meta.nexcage=web",
        "meta.nexcage_bundle=/b",
    ]


@pytest.mark.parametrize(
    ("id", "name"), [("web.1", "web@1"), ("123", "%123"), ("-x", "%-x"), ("+7", "%+7"), ("12ab", "12ab")]
)
def test_ids_that_jails_do_not_take(id, name):
    out = translated(id=id)
    assert out.name == name
    assert out.parameters[0] == f"name={name}"
    assert f"meta.nexcage={id}" in out.parameters


class TestParent:
    def made(self, parent, **more):
        jails = {"pod": Parent(7, 2, 2), "pod@1": Parent(8, 5, 1), "a.b": Parent(9)}
        return translated(jail(parent=parent), facts=facts(jails=jails), **more)

    def test_its_name_stands_before(self):
        assert self.made("pod").name == "pod.web"
        assert self.made("a.b").name == "a.b.web"

    def test_the_id_of_a_container_is_taken_for_its_jail(self):
        assert self.made("pod.1").name == "pod@1.web"

    def test_children_max_of_a_full_one_is_raised(self):
        assert self.made("pod").raise_parent == (7, 3)
        assert self.made("pod.1").raise_parent is None
        assert self.made("a.b").raise_parent == (9, 1)

    def test_one_that_is_not_there(self):
        with pytest.raises(NotFound, match='there is no jail "nosuch"') as caught:
            self.made("nosuch")
        assert caught.value.code == "parent-missing"

    @pytest.mark.parametrize("parent", ["a b", "a:b", "\n", ".", "a..b"])
    def test_one_that_is_no_name(self, parent):
        with pytest.raises((NotFound, InvalidBundle)):
            self.made(parent)

    def test_the_whole_name_is_at_most_255_bytes(self):
        long = "p" * 220
        known = facts(jails={long: Parent(1)})
        name = translated(jail(parent=long), facts=known, id="i" * 60).name
        assert len(name) == 255
        with pytest.raises(Unsupported, match="leaves no room"):
            translated(jail(parent="p" * 222), facts=facts(jails={"p" * 222: Parent(1)}))


class TestHost:
    def test_new_by_default_and_without_a_name(self):
        assert "host=new" in parameters(bare(hostname="box"))
        assert "host.hostname=box" in parameters(bare(hostname="box"))
        assert "host.domainname=d" in parameters(bare(domainname="d"))
        assert not [p for p in parameters() if p.startswith("host.")]

    def test_inherit(self):
        assert [p for p in parameters(jail(host="inherit")) if p.startswith("host")] == ["host=inherit"]

    def test_inherit_with_a_name_is_refused(self):
        with pytest.raises(InvalidBundle, match=r"freebsd\.jail\.host"):
            translated(jail(host="inherit") | {"hostname": "box"})

    def test_a_config_for_linux_says_it_by_its_namespaces(self):
        assert "host=inherit" in parameters(linux("mount"))
        assert "host=new" in parameters(linux("uts"))
        assert "host=new" in parameters(linux("mount") | {"hostname": "x"})

    @pytest.mark.parametrize("name", ["hostname", "domainname"])
    @pytest.mark.parametrize("text", ["x" * 256, "é" * 128, "a b", "a\nb", "\ud800"])
    def test_names_that_no_host_has(self, name, text):
        with pytest.raises(Unsupported) as caught:
            translated(bare(**{name: text}))
        assert caught.value.code == f"{name}-invalid"

    def test_the_longest(self):
        assert "host.hostname=" + "x" * 255 in parameters(bare(hostname="x" * 255))


class TestAllow:
    def allowed(self, **allow):
        return [p for p in parameters(allowing(**allow)) if p.startswith("allow")]

    def test_what_the_kernel_has_on_is_switched_off(self):
        assert self.allowed() == ["allow.noset_hostname", "allow.noreserved_ports"]
        assert self.allowed(setHostname=False, reservedPorts=False, suser=True) == [
            "allow.noset_hostname", "allow.noreserved_ports", "allow.suser",
        ]  # fmt: skip
        assert self.allowed(setHostname=True, reservedPorts=True, suser=False) == [
            "allow.set_hostname", "allow.reserved_ports", "allow.nosuser",
        ]  # fmt: skip

    def test_that_two_are_off_is_said_where_nobody_decided(self):
        assert any("setHostname" in note for note in translated().notes)
        assert not any("setHostname" in n for n in translated(allowing(reservedPorts=True)).notes)

    @pytest.mark.parametrize(
        ("field", "parameter"),
        [
            ("rawSockets", "raw_sockets"),
            ("chflags", "chflags"),
            ("quotas", "quotas"),
            ("socketAf", "socket_af"),
            ("mlock", "mlock"),
            ("sysvipc", "sysvipc"),
        ],
    )
    def test_each_field(self, field, parameter):
        assert f"allow.{parameter}" in self.allowed(**{field: True})
        assert not any(parameter in p for p in self.allowed(**{field: False}))

    def test_file_systems(self):
        assert self.allowed(mount=["tmpfs", "devfs"])[2:] == [
            "allow.mount", "allow.mount.devfs", "allow.mount.tmpfs",
        ]  # fmt: skip
        assert self.allowed(mount=[]) == self.allowed()

    def test_they_have_no_effect_while_mounts_are_hidden(self):
        assert any("enforceStatfs is 0 or 1" in w for w in translated(allowing(mount=["tmpfs"])).warnings)
        config = jail(enforceStatfs=1, allow={"mount": ["tmpfs"]})
        assert translated(config).warnings == []

    def test_modules_that_are_not_there_are_loaded(self):
        known = facts(modules=frozenset(("zfs",)))
        out = translated(allowing(mount=["zfs", "fusefs", "tmpfs"]), facts=known)
        assert out.modules == ["fusefs"]

    @pytest.mark.parametrize("allow", [{"bogus": True}, {"raw_sockets": True}, {"mount": ["ext4"]}])
    def test_what_does_not_exist_is_refused(self, allow):
        with pytest.raises(Unsupported) as caught:
            translated(allowing(**allow))
        assert caught.value.code == "allow-unknown"

    def test_with_a_hint(self):
        with pytest.raises(Unsupported) as caught:
            translated(allowing(rawsockets=True))
        assert caught.value.hint == 'did you mean "rawSockets"?'

    def test_renaming_the_host_is_warned_of(self):
        config = jail(host="inherit", allow={"setHostname": True})
        assert any("rename the host" in w for w in translated(config).warnings)
        assert "allow.noset_hostname" in parameters(jail(host="inherit"))

    def test_capabilities_of_a_config_for_linux(self):
        config = linux("network")
        assert "allow.noreserved_ports" in parameters(config)
        names = ["CAP_NET_RAW", "CAP_NET_BIND_SERVICE", "CAP_KILL"]
        config["process"]["capabilities"] = {"bounding": names}
        assert "allow.reserved_ports" in parameters(config)
        assert "allow.raw_sockets" in parameters(config)
        assert "allow.noreserved_ports" in parameters(config | {"freebsd": {}})


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"osrelease": "14.3"}, "osrelease-invalid"),
        ({"osreldate": "1403000"}, "osreldate-invalid"),
        ({"osrelease": "a b", "osreldate": "1403000"}, "osrelease-invalid"),
        ({"osrelease": "14.3", "osreldate": "x"}, "osreldate-invalid"),
        ({"children-max": "-1"}, "children-invalid"),
        ({"children-max": "1000000"}, "children-invalid"),
        ({"children-max": "9" * 5000}, "children-invalid"),
        ({"linux-osrelease": "five"}, "osrelease-invalid"),
        ({"linux-osrelease": "5.15.0 x"}, "osrelease-invalid"),
    ],
)
def test_options_that_cannot_be(options, code):
    with pytest.raises(UsageError) as caught:
        translated(options=options, os="linux")
    assert caught.value.code == code
    annotations = {f"io.nexcage.jail.{name}": text for name, text in options.items()}
    with pytest.raises(InvalidBundle) as caught:
        translated(bare(annotations=annotations), os="linux")
    assert caught.value.code == code


def test_linux():
    assert "linux=new" not in parameters()
    assert "linux=new" in parameters(linux("pid"))
    assert "linux=new" not in parameters(bare(linux={"resources": {}}))  # engines on FreeBSD
    out = translated(os="linux", options={"linux-osrelease": "5.15.0"}, facts=facts(modules=frozenset()))
    assert out.parameters[-4:-2] == ["linux=new", "linux.osrelease=5.15.0"]
    assert out.modules == ["linux_common", "linux64"]


def test_the_mark_is_where_the_release_has_meta():
    assert "meta.nexcage=web" in parameters()
    assert not any(p.startswith("meta") for p in parameters(facts=facts(release=(14, 3))))
    for bundle in ("", "/b\nx", "/é", "/\ud800", "/" + "x" * 5000):
        assert [p for p in parameters(bundle=bundle) if p.startswith("meta")] == ["meta.nexcage=web"]


def test_a_root_that_cannot_be_the_path():
    for rootfs in ("", "b/rootfs"):
        with pytest.raises(InvalidBundle, match="absolute"):
            translated(rootfs=rootfs)
    with pytest.raises(InvalidBundle) as caught:
        translated(rootfs="/" + "x" * 1023)
    assert caught.value.code == "path-long"
