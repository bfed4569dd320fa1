"""nexcage.drivers.pct.lxc: the container's cgroup, on hosts of version 1, 2 and both."""

import builtins

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import lxc
from tests.unit.pct_node import replaced

V2 = "0::/lxc/760/ns/init.scope\n"
V1 = (
    "12:freezer:/lxc/760\n"
    "11:cpu,cpuacct:/lxc/760\n"
    "4:pids:/lxc/760/system.slice/a.service\n"
    "1:name=systemd:/lxc/760/init.scope\n"
)
HYBRID = V1 + "0::/lxc/760/init.scope\n"


@pytest.fixture
def told(monkeypatch, tmp_path):
    """A function that makes /proc/4711/cgroup and a tree of cgroups with processes."""
    monkeypatch.setattr(lxc, "_CGROUPS", str(tmp_path / "cgroup"))
    opened = builtins.open

    def tell(text, **groups):
        (tmp_path / "told").write_text(text, "utf-8")
        for place, pids in groups.items():
            directory = tmp_path / "cgroup" / place.replace("__", "/").replace("_and_", ",")
            directory.mkdir(parents=True, exist_ok=True)
            (directory / "cgroup.procs").write_text("".join(f"{pid}\n" for pid in pids))
        return tmp_path / "cgroup"

    def instead(path, *rest, **options):
        return opened(tmp_path / "told" if path == "/proc/4711/cgroup" else path, *rest, **options)

    monkeypatch.setattr(builtins, "open", instead)
    return tell


def test_version_2(told):
    top = told(V2, lxc__760=[], lxc__760__ns=[7], lxc__760__ns__a=[9, 8], lxc__761__ns=[5])
    assert lxc.cgroup("760", 4711) == f"{top}/lxc/760"
    assert lxc.pids("760", 4711) == [7, 8, 9]


def test_version_1(told):
    top = told(V1, freezer__lxc__760=[7, 8], pids__lxc__760__system=[9], systemd__lxc__760=[7])
    assert lxc.cgroup("760", 4711, "freezer") == f"{top}/freezer/lxc/760"
    assert lxc.cgroup("760", 4711, "pids") == f"{top}/pids/lxc/760"
    assert lxc.pids("760", 4711) == [7, 8]


def test_a_hierarchy_of_several_controllers(told):
    top = told("11:cpu,cpuacct:/lxc/760\n", cpu_and_cpuacct__lxc__760=[])
    assert lxc.cgroup("760", 4711, "cpuacct") == f"{top}/cpu,cpuacct/lxc/760"
    assert lxc.cgroup("760", 4711, "cpua") == ""


def test_a_named_one_and_one_without_a_mount(told):
    top = told("1:name=systemd:/lxc/760\n0::/lxc/760\n", systemd__lxc__760=[])
    assert lxc.cgroup("760", 4711) == f"{top}/systemd/lxc/760"
    top = told("5:net_cls:/lxc/760\n0::/lxc/760\n", unified__lxc__760=[])
    assert lxc.cgroup("760", 4711) == f"{top}/unified/lxc/760"


def test_lxc_in_a_cgroup_of_somebody(told):
    top = told("0::/user.slice/x/lxc/760/ns\n", user__nothing=[])
    assert lxc.cgroup("760", 4711) == ""
    (top / "user.slice/x/lxc/760").mkdir(parents=True)
    assert lxc.cgroup("760", 4711) == f"{top}/user.slice/x/lxc/760"


@pytest.mark.parametrize("text", ["0::/lxc/7600/ns\n", "0::/lxc.monitor/760\n", "0::/\n", "0::/lxc/76\n"])
def test_a_process_that_is_not_the_container(told, text):
    told(text, lxc__760=[1], lxc__7600=[1])
    assert lxc.cgroup("760", 4711) == ""
    assert lxc.pids("760", 4711) == []


def test_a_process_that_has_ended():
    assert lxc.cgroup("760", 1 << 30) == ""
    assert lxc.pids("760", 1 << 30) == []
    assert lxc.is_frozen("760", 1 << 30) is False


def test_the_name_of_a_cgroup_inside_may_be_any(told):
    top = told("0::/lxc/760/ns/\u00e4\u2028\r.service\n", lxc__760__ns=[7])
    assert lxc.cgroup("760", 4711) == f"{top}/lxc/760"
    assert lxc.pids("760", 4711) == [7]


@pytest.mark.parametrize(
    ("text", "place", "file", "word", "frozen"),
    [
        (V2, "lxc__760", "cgroup.freeze", "1\n", True),
        (V2, "lxc__760", "cgroup.freeze", "0\n", False),
        (V1, "freezer__lxc__760", "freezer.state", "FROZEN\n", True),
        (V1, "freezer__lxc__760", "freezer.state", "THAWED\n", False),
        (HYBRID, "freezer__lxc__760", "freezer.state", "FROZEN\n", True),
    ],
)
def test_frozen(told, text, place, file, word, frozen):
    top = told(text, **{place: []})
    (top / place.replace("__", "/") / file).write_text(word)
    assert lxc.is_frozen("760", 4711) is frozen


@given(st.text(max_size=80), st.sampled_from(["", "freezer"]))
def test_any_text_is_a_place_or_none(tmp_path_factory, text, controller):
    place = tmp_path_factory.mktemp("cgroup")
    told = place / "told"
    told.write_bytes(text.encode("utf-8", "surrogatepass"))
    opened = builtins.open
    with replaced(lxc, _CGROUPS=str(place)), replaced(builtins, open=lambda _, **kw: opened(told, **kw)):
        assert lxc.cgroup("760", 1, controller) == ""
