"""Small parts of verbs: sizes, the last lines of a log, durations, and what cgroup files say."""

import contextlib
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli import logs
from nexcage.cli.events import duration
from nexcage.cli.ps import _rows
from nexcage.cli.update import size
from nexcage.errors import CommandFailed, NexcageError, UsageError
from nexcage.host import cgroup
from nexcage.host.cgroup import Cgroups

MAX = (1 << 64) - 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("64m", 64 << 20), ("64M", 64 << 20), ("64MiB", 64 << 20), ("64mb", 64 << 20),
        ("1g", 1 << 30), ("2T", 2 << 40), ("4k", 4096), ("100b", 100), ("-1", -1), ("9223372036854775807", (1 << 63) - 1),
    ],
)  # fmt: skip
def test_sizes(text, expected):
    assert size(text, "memory") == expected


@pytest.mark.parametrize("text", ["", "m", "6x", "1.5g", "1 g", "--1", "0x10", "٣m", "1e3", "9" * 5000])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match="option --memory takes a number"):
        size(text, "memory")


@given(st.text(max_size=10), st.booleans())
def test_any_text_is_a_size_or_a_usage_error(text, units):
    with contextlib.suppress(UsageError):
        assert isinstance(size(text, "memory", units=units), int)


def test_numbers_without_units_take_none():
    assert size("50000", "cpu-quota", units=False) == 50000
    with pytest.raises(UsageError):
        size("5k", "cpu-quota", units=False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5s", 5), ("500ms", 0.5), ("1m", 60), ("2h", 7200), ("3", 3), ("0.25", 0.25), ("1.5s", 1.5)],
)
def test_durations(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "s", "0", "0s", "-1s", "nan", "inf", "infs", "1d", "1sm", "1e99h", "5 s x"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(UsageError, match="--interval"):
        duration(text)


@given(st.text(max_size=10))
def test_any_text_is_a_duration_or_a_usage_error(text):
    with contextlib.suppress(UsageError):
        assert 0 < duration(text) < 1e9


@given(
    st.lists(st.sampled_from([b"\n", b"a", b"bc\n", b"\r\n", b"\0", b"\xc3\xa9"]), max_size=30),
    st.integers(0, 12),
    st.integers(1, 9),
)
def test_the_last_lines_begin_where_they_do(tmp_path_factory, parts, count, block):
    data = b"".join(parts)
    file = tmp_path_factory.mktemp("logs") / "log"
    file.write_bytes(data)
    lines = io.BytesIO(data).readlines()
    before, logs.BLOCK = logs.BLOCK, block
    handle = os.open(file, os.O_RDONLY)
    try:
        start = logs._start_of_last(handle, count)
    finally:
        os.close(handle)
        logs.BLOCK = before
    assert data[start:] == b"".join(lines[len(lines) - count :] if count <= len(lines) else lines)


def test_the_lines_of_ps_are_those_of_the_container():
    lines = ["UID   PID PPID CMD", "root  12 1 sh", "root  112 1 12", "root  7 12 x"]
    assert _rows(lines, {"12", "7"}) == [lines[0], lines[1], lines[3]]
    with pytest.raises(CommandFailed, match="no PID column"):
        _rows(["ARGS", "sh"], {"1"})


def tree(tmp_path, files):
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def groups(**directories):
    found = Cgroups.__new__(Cgroups)
    found._directories = {name.strip("_"): str(path) for name, path in directories.items()}
    return found


def test_numbers_of_the_unified_hierarchy(tmp_path):
    tree(tmp_path, {
        "cpu.stat": "usage_usec 5\nuser_usec 3\nsystem_usec 2\n"
        "nr_periods 4\nnr_throttled 1\nthrottled_usec 9\n",
        "memory.max": "max\n", "memory.current": "100\n", "memory.peak": "200\n",
        "memory.stat": "file 7\nanon 8\n",
        "memory.swap.max": "0\n", "memory.swap.current": "1\n", "memory.events": "low 0\noom 4\noom_kill 3\n",
        "pids.max": "max\n", "pids.current": "2\n",
        "io.stat": "8:0 rbytes=10 wbytes=20 rios=1 wios=2\n253:1 rbytes=1\n",
    })  # fmt: skip
    found = groups(_=tmp_path)
    stats = found.stats()
    assert found.oom_kills() == 3
    assert stats["cpu"] == {
        "usage": {"total": 5000, "kernel": 2000, "user": 3000},
        "throttling": {"periods": 4, "throttledPeriods": 1, "throttledTime": 9000},
    }
    assert stats["memory"]["usage"] == {"limit": MAX, "usage": 100, "max": 200, "failcnt": 0}
    assert stats["memory"]["raw"] == {"file": 7, "anon": 8}
    assert stats["pids"] == {"current": 2, "limit": 0}
    assert stats["blkio"]["ioServiceBytesRecursive"] == [
        {"major": 8, "minor": 0, "op": "Read", "value": 10},
        {"major": 8, "minor": 0, "op": "Write", "value": 20},
        {"major": 253, "minor": 1, "op": "Read", "value": 1},
    ]


def test_numbers_of_separate_hierarchies(tmp_path):
    tree(tmp_path, {
        "cpuacct/cpuacct.usage": "500\n", "cpuacct/cpuacct.usage_percpu": "200 300 \n",
        "cpuacct/cpuacct.stat": "user 1\nsystem 2\n",
        "cpu/cpu.stat": "nr_periods 4\nnr_throttled 1\nthrottled_time 9\n",
        "memory/memory.limit_in_bytes": "1000\n", "memory/memory.usage_in_bytes": "10\n",
        "memory/memory.stat": "cache 7\n",
        "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
        "pids/pids.max": "50\n", "pids/pids.current": "3\n",
        "blkio/blkio.throttle.io_service_bytes_recursive": "8:0 Read 5\n8:0 Write 6\nTotal 11\n",
    })  # fmt: skip
    names = ("cpuacct", "cpu", "memory", "pids", "blkio")
    found = groups(**{name: tmp_path / name for name in names})
    stats = found.stats()
    tick = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    assert found.oom_kills() == 2
    assert stats["cpu"]["usage"] == {"total": 500, "percpu": [200, 300], "kernel": 2 * tick, "user": tick}
    assert stats["cpu"]["throttling"]["throttledTime"] == 9
    assert (stats["memory"]["cache"], stats["memory"]["usage"]["limit"]) == (7, 1000)
    assert stats["memory"]["swap"] == {"limit": 0, "usage": 0, "max": 0, "failcnt": 0}
    assert stats["pids"] == {"current": 3, "limit": 50}
    assert [row["value"] for row in stats["blkio"]["ioServiceBytesRecursive"]] == [5, 6]


def test_a_kernel_without_a_counter_gives_zeros(tmp_path):
    stats = groups(_=tmp_path).stats()
    assert stats["memory"]["usage"]["usage"] == stats["pids"]["current"] == 0


def test_a_process_that_has_ended_has_no_cgroups(monkeypatch):
    monkeypatch.setattr(cgroup, "_text", lambda _: "")
    with pytest.raises(NexcageError, match="container not running") as caught:
        Cgroups(1)
    assert caught.value.code == "not-running"


def test_the_cgroups_of_a_process_are_found_by_controller(monkeypatch):
    monkeypatch.setattr(cgroup, "_text", lambda _: "3:cpu,cpuacct:/a:b\n2:name=systemd:/s\n1:pids:/p")
    monkeypatch.setattr(os.path, "isdir", lambda path: path == "/sys/fs/cgroup/cpu,cpuacct")
    found = Cgroups(1)
    assert found.directory("cpuacct") == "/sys/fs/cgroup/cpu,cpuacct/a:b"
    assert found.directory("pids") == "/sys/fs/cgroup/pids/p"
    assert found.directory("systemd") == "/sys/fs/cgroup/systemd/s"
    assert not found.is_v1("memory")
