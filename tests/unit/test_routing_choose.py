"""nexcage.drivers.choose: what decides before what, and what is said about the others."""

import pytest

from nexcage.cli.call import Call
from nexcage.config import Config
from nexcage.drivers import NAMES, choose
from nexcage.errors import DriverUnavailable, InvalidBundle, InvalidConfig, UsageError
from nexcage.routing import rule

FILE = "/etc/nexcage/config.json"
FREEBSD = {"freebsd": {}}
NOTIFY = {"linux": {"seccomp": {"listenerPath": "/run/agent"}}}


class Driver:
    plans_anywhere = True

    def __init__(self, name, usable):
        self.name = name
        self.usable = usable

    def fingerprint(self):
        return None if self.usable else DriverUnavailable(f"{self.name} is not installed", hint="install it")


@pytest.fixture
def host(monkeypatch):
    """A host with the drivers that are named."""
    monkeypatch.delenv("NEXCAGE_RUNTIME", raising=False)

    class Host:
        def __init__(self):
            self.drivers = set(NAMES)
            self.rules = ()
            self.default = ""

        def call(self, *options, verb="create"):
            values = {name: [value] for name, value in (option.split("=") for option in options)}
            return Call(verb, values, [])

        def routed(self, *rows):
            self.rules = tuple(rule(row, f"runtime.routing[{i}]") for i, row in enumerate(rows))

    made = Host()

    def config(_call):
        values = {"runtime.default": made.default} if made.default else {}
        origins = dict.fromkeys(["runtime.default", "runtime.routing"], FILE)
        return Config(FILE, values, origins, made.rules)

    monkeypatch.setattr(Call, "config", config)
    monkeypatch.setattr(Call, "driver", lambda _call, name, _id="": Driver(name, name in made.drivers))
    monkeypatch.setattr(choose.process, "which", lambda name: name in made.drivers)
    return made


def test_each_goes_before_what_comes_after_it(host, monkeypatch):
    """All name something; one after the other is taken away."""
    host.default = "lxc"
    host.routed({"pattern": "web", "runtime": "crun"})
    monkeypatch.setenv("NEXCAGE_RUNTIME", "jail")
    annotations = {choose.ANNOTATION: "pct"}
    call = host.call("runtime=runc")
    seen = [choose.wish(call, annotations, "web", NOTIFY)]
    call = host.call()
    seen.append(choose.wish(call, annotations, "web", NOTIFY))
    monkeypatch.setenv("NEXCAGE_RUNTIME", "")
    seen.append(choose.wish(call, annotations, "web", NOTIFY))
    seen.append(choose.wish(call, {}, "web", NOTIFY))
    seen.append(choose.wish(call, {}, "db", NOTIFY))
    seen.append(choose.wish(call, {}, "db", {}))
    host.default = ""
    seen.append(choose.wish(call, {}, "db", {}))
    assert [(each.kind, each.names) for each in seen] == [
        ("option", ("runc",)),
        ("environment", ("jail",)),
        ("annotation", ("pct",)),
        ("rule", ("crun",)),
        ("capability", ("crun", "runc")),
        ("default", ("pct",)),
        ("host", NAMES),
    ]


@pytest.mark.parametrize(
    ("drivers", "taken"),
    [("pct crun runc", "pct"), ("jail", "jail"), ("crun runc", "crun"), ("runc", "runc")],
)
def test_the_first_that_can_run(host, drivers, taken):
    host.drivers = set(drivers.split())
    assert choose.choose(host.call(), {}, "web").name == taken


@pytest.mark.parametrize(
    ("set_up", "said"),
    [
        ("option", "crun is not installed"),
        ("environment", "crun is not installed, and NEXCAGE_RUNTIME names it"),
        ("annotation", "crun is not installed, and annotation io.nexcage.runtime names it"),
        ("rule", f"crun is not installed, and runtime.routing[0] of {FILE} names it"),
        ("default", f"crun is not installed, and runtime.default of {FILE} names it"),
    ],
)
def test_what_was_named_is_never_replaced(host, monkeypatch, set_up, said):
    host.drivers = {"pct", "runc"}
    options = ["backend=crun"] if set_up == "option" else []
    annotations = {choose.ANNOTATION: "crun"} if set_up == "annotation" else {}
    if set_up == "environment":
        monkeypatch.setenv("NEXCAGE_RUNTIME", "crun")
    if set_up == "rule":
        host.routed({"pattern": "*", "runtime": "crun"})
    if set_up == "default":
        host.default = "crun"
    with pytest.raises(DriverUnavailable) as caught:
        choose.choose(host.call(*options), annotations, "web")
    assert caught.value.message == said
    assert caught.value.hint == "install it"
    decision = choose.decide(host.call(*options), annotations, "web")
    assert (decision.driver, decision.kind, decision.error.message) == ("crun", set_up, said)


def test_what_only_a_jail_has(host):
    assert choose.choose(host.call(), {}, "web", config=FREEBSD).name == "jail"
    host.drivers = {"pct", "crun", "runc"}
    with pytest.raises(DriverUnavailable) as caught:
        choose.choose(host.call(), {}, "web", config=FREEBSD)
    assert caught.value.message == "jail is not installed, and $.freebsd of config.json needs it"
    decision = choose.decide(host.call(), {}, "web", FREEBSD)
    assert decision.rejected[0] == ("pct", "can run here, but $.freebsd of config.json needs another")


def test_who_asks_an_agent(host):
    assert choose.choose(host.call(), {}, "web", config=NOTIFY).name == "crun"
    host.drivers = {"pct", "runc"}
    assert choose.choose(host.call(), {}, "web", config=NOTIFY).name == "runc"
    host.drivers = {"pct"}
    said = (
        "$.linux.seccomp.listenerPath of config.json needs crun or runc: "
        "crun is not installed; runc is not installed"
    )
    with pytest.raises(DriverUnavailable, match="listenerPath") as caught:
        choose.choose(host.call(), {}, "web", config=NOTIFY)
    assert caught.value.message == said
    assert choose.decide(host.call(), {}, "web", NOTIFY).driver == ""


def test_a_plan_needs_no_host(host):
    host.drivers = set()
    assert choose.choose(host.call("runtime=pct", "dry-run="), {}, "web").name == "pct"
    assert choose.choose(host.call("dry-run="), {}, "web", config=FREEBSD).name == "jail"
    with pytest.raises(DriverUnavailable, match="no runtime can run here"):
        choose.choose(host.call("dry-run="), {}, "web")


def test_images_are_for_pct(host):
    assert choose.choose(host.call(), {}, "web", image=True).name == "pct"
    host.routed({"pattern": "*", "runtime": "runc"})
    with pytest.raises(UsageError) as caught:
        choose.choose(host.call(), {}, "web", image=True)
    said = f"runc makes containers of bundles only, and runtime.routing[0] of {FILE} names it"
    assert (caught.value.code, caught.value.message) == ("bundle-wanted", said)
    host.routed()
    host.drivers = {"crun"}
    with pytest.raises(DriverUnavailable, match="no runtime here takes images: pct is not installed"):
        choose.choose(host.call(), {}, "web", image=True)


def test_two_names_on_the_command_line(host):
    with pytest.raises(UsageError, match="two runtimes are named: --runtime runc and --backend crun"):
        choose.choose(host.call("runtime=runc", "backend=crun"), {}, "web")
    assert choose.choose(host.call("runtime=lxc", "backend=pct"), {}, "web").name == "pct"


def test_names_that_are_none_are_said_with_their_place(host, monkeypatch):
    with pytest.raises(InvalidBundle) as caught:
        choose.choose(host.call(), {choose.ANNOTATION: "moon"}, "web")
    assert caught.value.message == (
        'config.json: $.annotations["io.nexcage.runtime"]: unknown runtime "moon"'
    )
    monkeypatch.setenv("NEXCAGE_RUNTIME", "vm")
    with pytest.raises(InvalidConfig) as caught:
        choose.choose(host.call(), {}, "web")
    assert caught.value.message == 'NEXCAGE_RUNTIME: runtime "vm": virtual machines are not containers'


@pytest.mark.parametrize(
    ("config", "annotations", "found"),
    [
        ({"linux": {}}, {}, "linux"),
        ({"linux": {}, "freebsd": {}}, {}, "freebsd"),
        ({}, {"org.opencontainers.image.os": "freebsd"}, "freebsd"),
        ({"linux": {}}, {"org.opencontainers.image.os": "freebsd"}, "linux"),
        ({}, {"org.opencontainers.image.os": "plan9"}, "linux"),
        (None, {}, "linux"),
    ],
)
def test_operating_systems(monkeypatch, config, annotations, found):
    monkeypatch.setattr(choose.paths, "FREEBSD", False)
    assert choose.system(config, annotations) == found
    monkeypatch.setattr(choose.paths, "FREEBSD", True)
    assert choose.system(None, {}) == "freebsd"


def test_the_rules_see_the_operating_system(host):
    host.routed({"os": "freebsd", "runtime": "jail"}, {"os": "linux", "runtime": "runc"})
    assert choose.choose(host.call(), {}, "web", config={"linux": {}}).name == "runc"
    assert choose.choose(host.call(), {}, "web", config=FREEBSD).name == "jail"


def test_every_other_driver_is_told_why_not(host):
    host.drivers = {"jail", "crun", "runc"}
    decision = choose.decide(host.call(), {}, "web")
    assert (decision.driver, decision.reason, decision.error) == ("jail", "the first that can run here", None)
    assert decision.rejected == [
        ("pct", "pct is not installed"),
        ("crun", "can run here, but jail comes first"),
        ("runc", "can run here, but jail comes first"),
    ]
    host.routed({"pattern": "w*", "runtime": "crun"})
    decision = choose.decide(host.call(), {}, "web")
    assert decision.reason == f'named by runtime.routing[0] of {FILE} (pattern "w*")'
    assert decision.rejected[-1] == ("runc", f"can run here, but runtime.routing[0] of {FILE} names another")
