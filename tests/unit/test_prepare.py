"""nexcage.oci.prepare: what a driver gets to read in place of the bundle's config."""

import copy

import pytest

from nexcage import log
from nexcage.errors import Unsupported
from nexcage.oci.bundle import Bundle
from nexcage.oci.prepare import prepare, relocate
from nexcage.oci.spec import default
from tests.unit.made_up import Host


class Driver:
    """A driver that takes some versions and lacks some properties."""

    name = "crun"
    linux = True

    def __init__(self, version="", missing=()):
        self._version = version
        self._missing = list(missing)

    def title(self):
        return "crun 1.8.1"

    def accepted_version(self, declared):
        return self._version or declared

    def unsupported(self, _config):
        return self._missing


@pytest.fixture
def said(monkeypatch):
    """(level, message, code) of all that is logged."""
    lines = []
    for level in ("info", "warning"):
        monkeypatch.setattr(
            log, level, lambda message, code="", level=level: lines.append((level, message, code))
        )
    return lines


def bundle_of(**changes):
    return Bundle("/b", "/b/config.json", {**default(), **changes}, "/b/rootfs")


def fit(bundle, driver, permissive=False):
    host = Host(may_raise=True, capabilities=["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"])
    return prepare(bundle, driver, host, clip_mode="auto", permissive=permissive)


def test_a_config_that_fits_is_left_as_it_is(said):
    bundle = bundle_of()
    assert not fit(bundle, Driver())
    assert bundle.config == default()
    assert said == []


def test_the_version_is_lowered_to_what_the_driver_takes(said):
    bundle = bundle_of(ociVersion="1.3.0")
    assert fit(bundle, Driver("1.1.0"))
    assert bundle.config["ociVersion"] == "1.1.0"
    assert said == [("info", "ociVersion 1.3.0 lowered to 1.1.0 for crun 1.8.1", "")]


def test_a_harmless_loss_is_warned_of(said):
    assert not fit(bundle_of(), Driver(missing=[("$.domainname", "function", "it would stay unset")]))
    text = "config.json: $.domainname is ignored by crun 1.8.1: it would stay unset"
    assert said == [("warning", text, "property-ignored")]


@pytest.mark.parametrize("loss", ["isolation", "limits"])
def test_a_loss_of_isolation_is_refused_unless_permitted(said, loss):
    missing = [("$.linux.timeOffsets", loss, "")]
    with pytest.raises(
        Unsupported, match=r"config\.json: \$\.linux\.timeOffsets: not supported by crun 1\.8\.1$"
    ) as e:
        fit(bundle_of(), Driver(missing=missing))
    assert "--permissive" in e.value.hint
    assert (e.value.exit_code, e.value.code) == (2, "unsupported-property")
    fit(bundle_of(), Driver(missing=missing), permissive=True)
    assert [(level, code) for level, _, code in said] == [("warning", "property-ignored")]


def test_what_the_driver_itself_refuses_cannot_be_permitted():
    with pytest.raises(Unsupported) as caught:
        fit(bundle_of(), Driver(missing=[("$.x", "refused", "why")]), permissive=True)
    assert "--permissive" not in caught.value.hint


def test_what_was_clipped_is_warned_of_and_makes_a_copy_necessary(said):
    bundle = bundle_of()
    assert prepare(bundle, Driver(), Host(limits={"RLIMIT_NOFILE": 7}), clip_mode="auto", permissive=False)
    assert {code for _, _, code in said} == {"clipped"}
    assert all(message.startswith("config.json: $.process.") for _, message, _ in said)


@pytest.mark.parametrize(("path", "kept"), [(None, True), ("", True), ("/proc/self/ns/user", False)])
def test_joining_our_own_user_namespace_gives_no_more_capabilities(said, path, kept):
    bundle = bundle_of(
        linux={"namespaces": [{"type": "user"} if path is None else {"type": "user", "path": path}]}
    )
    prepare(bundle, Driver(), Host(may_raise=True, capabilities=[]), clip_mode="auto", permissive=False)
    assert bool(bundle.config["process"]["capabilities"]["bounding"]) == kept
    assert bool(said) != kept


def test_a_config_that_moves_gets_absolute_paths():
    mounts = [
        {"destination": "/a", "type": "bind", "source": "data"},
        {"destination": "/b", "options": ["rbind"], "source": "/abs"},
        {"destination": "/c", "type": "tmpfs", "source": "tmpfs"},
    ]
    bundle = bundle_of(mounts=copy.deepcopy(mounts))
    config = relocate(bundle)
    assert config["root"] == {"path": "/b/rootfs", "readonly": True}
    assert [m["source"] for m in config["mounts"]] == ["/b/data", "/abs", "tmpfs"]
