"""nexcage.oci.clip: lowering what a bundle asks to what a restricted host may give."""

import pytest

from nexcage.errors import UsageError
from nexcage.oci.clip import clip
from tests.unit.made_up import Host

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
