"""nexcage.oci.prepare and clip: what a driver gets to read in place of the bundle's config."""

import copy

import pytest

from nexcage import log
from nexcage.errors import Unsupported, UsageError
from nexcage.oci.bundle import Bundle
from nexcage.oci.clip import clip
from nexcage.oci.prepare import prepare, relocate
from nexcage.oci.spec import default


class Host:
    """Facts of a host that gives what it is told to."""

    def __init__(self, *, may_raise=False, limits=None, oom=0, capabilities=("CAP_KILL",)):
        self._may_raise = may_raise
        self._limits = limits or {}
        self._oom = oom
        self._capabilities = set(capabilities)

    def may_raise_limits(self):
        return self._may_raise

    def hard_limit(self, name):
        return self._limits.get(name, -2)

    def oom_score_adj(self):
        return self._oom

    def grantable(self):
        return self._capabilities


class Driver:
    """A driver that takes some versions and lacks some properties."""

    def __init__(self, version="", missing=()):
        self._version = version
        self._missing = list(missing)

    def title(self):
        return "crun 1.8.1"

    def accepted_version(self, declared):
        return self._version or declared

    def unsupported(self, _config):
        return self._missing


RESTRICTED = Host(limits={"RLIMIT_NOFILE": 20000}, capabilities=["CAP_KILL"])


def asking(limit=1048576, soft=1048576):
    return {
        "rlimits": [{"type": "RLIMIT_NOFILE", "hard": limit, "soft": soft}],
        "capabilities": {
            "bounding": ["CAP_KILL", "CAP_SYS_ADMIN"],
            "effective": ["CAP_KILL"],
            "ambient": None,
        },
    }


def lowered(process, host, mode="auto", own=False):
    return clip(process, host, mode, at="$.process", own_user_namespace=own)


def test_limits_above_the_host_are_lowered_with_one_sentence_each():
    process = asking()
    assert lowered(process, RESTRICTED) == [
        "$.process.rlimits[0]: RLIMIT_NOFILE 1048576 lowered to 20000, the hard limit of this host",
        "$.process.capabilities: CAP_SYS_ADMIN dropped: this host may not give it",
    ]
    assert process["rlimits"] == [{"type": "RLIMIT_NOFILE", "hard": 20000, "soft": 20000}]
    assert process["capabilities"] == {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "ambient": None}
    assert lowered(process, RESTRICTED) == []


def test_a_soft_limit_below_stays():
    process = asking(soft=1024)
    lowered(process, RESTRICTED)
    assert process["rlimits"][0]["soft"] == 1024


@pytest.mark.parametrize("host", [RESTRICTED, Host(may_raise=True)])
def test_never_leaves_everything_to_the_driver(host):
    process = asking()
    assert lowered(process, host, "never") == []
    assert process == asking()


def test_where_limits_can_be_raised_only_always_lowers_them():
    host = Host(may_raise=True, limits={"RLIMIT_NOFILE": 20000}, capabilities=["CAP_KILL", "CAP_SYS_ADMIN"])
    assert lowered(asking(), host) == []
    assert len(lowered(asking(), host, "always")) == 1


@pytest.mark.parametrize("limit", [-1, -2])
def test_an_unlimited_or_unknown_limit_is_left_alone(limit):
    process = {"rlimits": asking()["rlimits"]}
    assert lowered(process, Host(limits={"RLIMIT_NOFILE": limit})) == []


def test_an_oom_score_below_our_own_is_raised():
    process = {"oomScoreAdj": -500}
    assert lowered(process, Host(oom=-10)) == [
        "$.process.oomScoreAdj: -500 raised to -10, the lowest that this host may give"
    ]
    assert process == {"oomScoreAdj": -10}


def test_an_oom_score_that_was_not_asked_for_stays_absent():
    process = asking(limit=10, soft=10)
    assert (
        lowered(
            process, Host(oom=500, limits={"RLIMIT_NOFILE": 20}, capabilities=["CAP_KILL", "CAP_SYS_ADMIN"])
        )
        == []
    )
    assert "oomScoreAdj" not in process


def test_a_user_namespace_of_its_own_keeps_every_capability():
    process = {"capabilities": {"bounding": ["CAP_SYS_ADMIN"]}}
    assert lowered(process, RESTRICTED, own=True) == []


def test_an_unknown_mode_is_refused():
    with pytest.raises(UsageError, match='--clip must be auto, always or never, not "often"'):
        lowered({}, RESTRICTED, "often")


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
