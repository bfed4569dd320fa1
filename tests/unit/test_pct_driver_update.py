"""nexcage.drivers.pct.update: linux.resources and pct's own options as words of one pct set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct.update import words
from nexcage.errors import InvalidBundle, NexcageError, Unsupported, UsageError

MIB = 1 << 20
CURRENT = {"memory": "256", "swap": "512"}


def of(limits, cgroup2=True, **options):
    """The words."""
    return words(limits, options, id="web", current=CURRENT, cgroup2=cgroup2)


@pytest.mark.parametrize(
    ("limits", "options", "expected"),
    [
        ({}, {}, ""),
        ({"memory": {"limit": 64 * MIB}}, {}, "--memory 64"),
        ({"memory": {"limit": 64 * MIB + 1}}, {}, "--memory 64"),
        ({"memory": {"limit": 64 * MIB, "swap": 96 * MIB}}, {}, "--memory 64 --swap 32"),
        ({"memory": {"limit": 64 * MIB, "swap": 64 * MIB}}, {}, "--memory 64 --swap 0"),
        ({"memory": {"limit": 64 * MIB}}, {"swap": "1g"}, "--memory 64 --swap 1024"),
        ({}, {"swap": "0"}, "--swap 0"),
        ({"cpu": {"quota": 50_000, "period": 100_000}}, {}, "--cpulimit 0.5"),
        ({"cpu": {"quota": 150_000}}, {}, "--cpulimit 1.5"),
        ({"cpu": {"quota": 1, "period": 3}}, {}, "--cpulimit 0.33333"),
        ({"cpu": {"shares": 1024}}, {}, "--cpuunits 39"),
        ({}, {"cores": "4"}, "--cores 4"),
        ({}, {"cpulimit": "1.5", "cpuunits": "50"}, "--cpulimit 1.5 --cpuunits 50"),
        ({"cpu": {"shares": 1024}}, {"cpuunits": "50"}, "--cpuunits 50"),
        ({"memory": {}, "cpu": {}}, {}, ""),
        ({"memory": None, "cpu": {"shares": None}}, {}, ""),
        # of 0: as runc has it, nothing is asked for
        ({"memory": {"limit": 0, "swap": 0}, "cpu": {"shares": 0, "quota": 0, "period": 0}}, {}, ""),
        ({"memory": {"limit": 0, "swap": None}, "cpu": {"quota": 50_000, "period": 0}}, {}, "--cpulimit 0.5"),
    ],
)
def test_words(limits, options, expected):
    assert of(limits, **options) == expected.split()


def test_swap_alone_counts_from_the_memory_that_it_has():
    assert of({"memory": {"swap": 384 * MIB}}) == ["--memory", "256", "--swap", "128"]


def test_shares_stay_shares_with_cgroup_v1():
    assert of({"cpu": {"shares": 1024}}, cgroup2=False) == ["--cpuunits", "1024"]


@pytest.mark.parametrize(
    "limits",
    [{"memory": {"limit": -1}}, {"memory": {"swap": -1}}, {"cpu": {"quota": 500, "period": 100_000}}],
)
def test_what_pct_has_no_word_for(limits):
    with pytest.raises(Unsupported, match="cannot be taken away"):
        of(limits)


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("memory", "reservation", MIB),
        ("memory", "kernel", MIB),
        ("memory", "disableOOMKiller", True),
        ("cpu", "cpus", "0-1"),
        ("cpu", "mems", "0"),
        ("cpu", "burst", 1),
        ("cpu", "idle", 1),
        ("cpu", "idle", 0),
        ("cpu", "realtimePeriod", 1),
        ("pids", "limit", 5),
        ("blockIO", "weight", 100),
        ("network", "classID", 1),
        ("unified", "memory.high", "1"),
    ],
)
def test_what_cannot_be_changed_is_named(section, name, value):
    with pytest.raises(Unsupported, match=rf"\$\.{section}\.{name}: not supported by pct"):
        of({"memory": {"limit": 64 * MIB}, section: {name: value}})


def test_lists_too():
    with pytest.raises(Unsupported, match=r"\$\.devices: not supported"):
        of({"devices": [{"allow": False}]})


def test_a_period_alone():
    with pytest.raises(UsageError, match="a period alone"):
        of({"cpu": {"period": 100_000}})


@pytest.mark.parametrize(
    ("limits", "options"),
    [
        ({"memory": {"limit": MIB}}, {}),
        ({}, {"swap": "much"}),
        ({}, {"cores": "0"}),
        ({}, {"cores": "²"}),
        ({}, {"cpulimit": "-1"}),
        ({}, {"cpulimit": "."}),
        ({}, {"cpuunits": "0"}),
        ({"cpu": {"quota": 1 << 60, "period": 1000}}, {}),
    ],
)
def test_values_that_pct_would_refuse(limits, options):
    with pytest.raises(NexcageError) as caught:
        of(limits, **options)
    assert caught.value.exit_code == 2


NUMBER = st.one_of(st.none(), st.integers(-(1 << 63), 1 << 63), st.integers(-2, 200_000))
VALUES = st.dictionaries(st.sampled_from(["limit", "swap", "quota", "period", "shares"]), NUMBER)
LIMITS = st.dictionaries(st.sampled_from(["memory", "cpu"]), VALUES)
OPTIONS = st.dictionaries(st.sampled_from(["swap", "cores", "cpulimit", "cpuunits"]), st.text(max_size=6))


@given(LIMITS, OPTIONS, st.booleans())
def test_any_limits_are_words_or_an_error(limits, options, cgroup2):
    if (limits.get("cpu", {}).get("period") or 0) < 0:
        return  # refused before, by the specification's own ranges
    try:
        found = of(limits, cgroup2, **options)
    except (InvalidBundle, UsageError):
        return
    assert all(word[2:] in ("memory", "swap", "cpulimit", "cpuunits", "cores") for word in found[::2])
    assert all(not word.startswith("-") for word in found[1::2])
