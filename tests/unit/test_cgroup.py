"""nexcage.host.cgroup: the kernel's files as the numbers of runc's events."""

import os

import pytest

from nexcage.errors import NexcageError
from nexcage.host import cgroup
from nexcage.host.cgroup import Cgroups

MAX = (1 << 64) - 1


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
