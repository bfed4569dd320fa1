"""nexcage.routing: reading rules, and which of them applies."""

import fnmatch
import json
import pathlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import drivers, routing
from nexcage.routing import rule

EXAMPLE = [
    {"pattern": "^(kube-ovn-.*|cilium-.*)$", "runtime": "crun"},
    {"pattern": ".*", "runtime": "lxc"},
]


def rules(*rows):
    return [rule(row, f"runtime.routing[{i}]") for i, row in enumerate(rows)]


def chosen(rows, name="web", annotations=None, os="linux"):
    found = routing.choose(rules(*rows), name, annotations or {}, os)
    return found and found.runtime


@pytest.mark.parametrize(
    ("name", "runtime"),
    [
        ("kube-ovn-pinger", "crun"),
        ("cilium-x2", "crun"),
        ("web", "pct"),
        ("my-cilium-1", "pct"),
        ("a.b", "pct"),
    ],
)
def test_upstreams_example_means_what_it_says(name, runtime):
    assert chosen(EXAMPLE, name) == runtime


def test_the_first_that_applies_decides_and_is_named():
    found = routing.choose(
        rules({"pattern": "db", "runtime": "crun"}, {"pattern": "web", "runtime": "runc"}, EXAMPLE[1]),
        "web",
        {},
        "linux",
    )
    assert (found.where, found.runtime, found.pattern) == ("runtime.routing[1]", "runc", "web")


def test_the_rules_of_the_manual_are_rules():
    manual = (pathlib.Path(__file__).parents[2] / "docs" / "routing.md").read_text("utf-8")
    document = json.loads(manual.partition("```json\n")[2].partition("```")[0])
    rows = document["runtime"]["routing"]
    assert chosen(rows, "cilium-1") == "crun"
    assert chosen(rows, "build-1", {"org.example.tier": "testing"}) == "runc"
    assert chosen(rows, "build-1", {"org.example.tier": "live"}, "freebsd") == "jail"
    assert routing.driver_name(document["runtime"]["default"]) == "pct"


def test_none_applies():
    assert chosen([{"pattern": "db", "runtime": "crun"}]) is None
    assert chosen([]) is None


def test_name_is_another_word_for_pattern():
    assert chosen([{"name": "w*", "runtime": "crun"}]) == "crun"


@pytest.mark.parametrize(
    ("annotation", "annotations", "applies"),
    [
        ("tier", {"tier": "front"}, True),
        ("tier", {"tier": ""}, True),
        ("tier", {"Tier": "front"}, False),
        ("tier", {}, False),
        ("tier=fr*", {"tier": "front"}, True),
        ("tier=fr*", {"tier": "afront"}, False),
        ("tier=fr*", {}, False),
        ("tier=a=b", {"tier": "a=b"}, True),
        ("tier=YQ==", {"tier": "YQ=="}, True),
        ("io.x/y=*|*", {"io.x/y": "a|b c"}, True),
    ],
)
def test_annotations(annotation, annotations, applies):
    assert (chosen([{"annotation": annotation, "runtime": "crun"}], "web", annotations) == "crun") is applies


@pytest.mark.parametrize(("os", "runtime"), [("freebsd", "jail"), ("linux", "runc")])
def test_operating_systems(os, runtime):
    rows = [{"os": "freebsd", "runtime": "jail"}, {"os": "linux", "runtime": "runc"}]
    assert chosen(rows, os=os) == runtime


@pytest.mark.parametrize(
    ("name", "annotations", "os", "applies"),
    [
        ("web", {"a": "1"}, "linux", True),
        ("db", {"a": "1"}, "linux", False),
        ("web", {"a": "2"}, "linux", False),
        ("web", {"a": "1"}, "freebsd", False),
    ],
)
def test_all_conditions_have_to_hold(name, annotations, os, applies):
    row = {"pattern": "w*", "annotation": "a=1", "os": "linux", "runtime": "runc"}
    assert (chosen([row], name, annotations, os) == "runc") is applies


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("lxc", "pct"),
        ("proxmox-lxc", "pct"),
        ("pct", "pct"),
        ("crun", "crun"),
        ("runc", "runc"),
        ("jail", "jail"),
    ],
)
def test_names_of_runtimes(written, name):
    assert chosen([{"pattern": "*", "runtime": written}]) == name


def test_the_names_are_those_of_the_drivers():
    assert routing.DRIVERS == drivers.NAMES
    assert routing.ALIASES == drivers.ALIASES


_MACHINES = "virtual machines are not containers, use qm of Proxmox VE for them"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"pattern": "*"}, "runtime: is missing"),
        ({"pattern": "*", "runtime": ""}, "runtime: must not be empty"),
        ({"pattern": "*", "runtime": None}, "runtime: must be text"),
        (
            {"pattern": "*", "runtime": "moon"},
            'runtime: unknown runtime "moon": the runtimes are pct, jail, crun, runc',
        ),
        ({"pattern": "*", "runtime": "CRUN"}, 'runtime: unknown runtime "CRUN"'),
        ({"pattern": "*", "runtime": "vm"}, f'runtime: "vm": {_MACHINES}'),
        ({"pattern": "*", "runtime": "qemu"}, f'runtime: "qemu": {_MACHINES}'),
        ({"pattern": "*", "runtime": "proxmox"}, f'runtime: "proxmox": {_MACHINES}'),
        ({"runtime": "crun"}, "pattern: is missing"),
        ({"pattern": "", "runtime": "crun"}, "pattern: must not be empty"),
        ({"pattern": ["a"], "runtime": "crun"}, "pattern: must be text"),
        ({"pattern": "^(a", "runtime": "crun"}, 'pattern: "^(a" is no regular expression: missing )'),
        ({"name": "[a", "runtime": "crun"}, 'name: "[a" has a [ without its ]'),
        ({"pattern": "\x1b[2J", "runtime": "crun"}, 'pattern: "?[2J" '),
        ({"pattern": "a", "name": "a", "runtime": "crun"}, "name: another word for pattern"),
        ({"patern": "a", "runtime": "crun"}, "patern: unknown key: a rule has pattern, name,"),
        ({"os": "windows", "runtime": "crun"}, 'os: must be one of linux, freebsd, not "windows"'),
        ({"annotation": "=x", "runtime": "crun"}, 'annotation: must be "KEY" or "KEY=GLOB"'),
        ({"annotation": "k=", "runtime": "crun"}, 'annotation: has nothing after "="'),
        ({"annotation": "k=[a", "runtime": "crun"}, 'annotation: "[a" has a [ without its ]'),
        ({"annotation": {"k": "v"}, "runtime": "crun"}, "annotation: must be text"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(values, wrong):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        rule(values, "runtime.routing[0]")
    assert str(caught.value).startswith(wrong)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"pattern": "w*"}, 'pattern "w*"'),
        ({"annotation": "k=v*", "os": "linux"}, 'annotation "k=v*", os linux'),
        ({"name": "w", "annotation": "k"}, 'pattern "w", annotation "k"'),
        ({"annotation": "\x1b"}, 'annotation "?"'),
    ],
)
def test_conditions_are_said(values, said):
    assert rule({**values, "runtime": "crun"}, "").condition() == said


def test_routing_costs_nothing_before_there_is_a_rule():
    program = "import sys, nexcage.routing; print({'re', 'nexcage.patterns'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


GLOBS = st.lists(st.sampled_from(["a", "b", "-", "*", "?", "[ab]", "[!b]"]), min_size=1, max_size=5).map(
    "".join
)


@given(
    st.lists(st.tuples(GLOBS, st.sampled_from(drivers.NAMES)), max_size=5),
    st.text(alphabet="ab-c", min_size=1, max_size=6),
)
def test_the_first_glob_decides_as_fnmatch_would(rows, name):
    first = next((runtime for glob, runtime in rows if fnmatch.fnmatchcase(name, glob)), None)
    assert chosen([{"pattern": glob, "runtime": runtime} for glob, runtime in rows], name) == first


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=3), max_size=2)
)
ROWS = st.dictionaries(st.sampled_from([*routing.MEMBERS, "x"]), VALUES, max_size=5)
SOUND = st.fixed_dictionaries(
    {"runtime": st.sampled_from([*drivers.NAMES, "lxc", "vm"])},
    optional={
        "pattern": st.text(alphabet="ab*?+.|()[]{}^$\\,-!12", max_size=9),
        "annotation": st.text(alphabet="ab=*[]", max_size=6),
        "os": st.sampled_from(["linux", "freebsd", "moon"]),
    },
)


@given(ROWS | SOUND, st.text(alphabet="ab-", min_size=1))
def test_whatever_is_written_is_a_rule_or_an_error_in_one_line(row, name):
    try:
        found = rule(row, "runtime.routing[0]")
    except ValueError as error:
        member, _, reason = str(error).partition(": ")
        assert member in {*routing.MEMBERS, *row}
        assert reason
        assert str(error).isprintable()  # noqa: PT017
    else:
        assert found.runtime in drivers.NAMES
        assert found.applies(name, {"a": name}, "linux") in (True, False)
