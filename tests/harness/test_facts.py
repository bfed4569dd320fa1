# SPDX-License-Identifier: Apache-2.0
"""Facts of a machine, and what the active tags make of them."""

import dataclasses

import pytest

from step_defs import facts

FULL = facts.Facts(
    kernel="6.1",
    machine="x86_64",
    python="3.11",
    euid=0,
    cgroup_mode="v1",
    controllers=("cpu", "memory", "pids"),
    capabilities=(1 << 41) - 1,
    limits={},
    drivers={"crun": "1.8.1", "runc": "1.1.5"},
    tools=(),
    filesystems=("overlay",),
)


def tree(tmp_path, *places):
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("cpu memory\n")
    return tmp_path


def test_the_cgroup_mode_is_read_from_the_tree(tmp_path):
    assert facts.cgroup_mode(tree(tmp_path / "v2", "cgroup.controllers")) == ("v2", ("cpu", "memory"))
    v1 = tree(tmp_path / "v1", "memory/cgroup.procs", "cpu,cpuacct/cgroup.procs")
    assert facts.cgroup_mode(v1) == ("v1", ("cpu", "cpuacct", "memory"))
    hybrid = tree(v1, "unified/cgroup.procs", "unified/cgroup.controllers")
    assert facts.cgroup_mode(hybrid)[0] == "hybrid"
    assert facts.cgroup_mode(tmp_path / "absent") == ("none", ())


def test_a_plain_directory_named_unified_does_not_make_a_host_hybrid(tmp_path):
    """It is what the private v1 view has."""
    view = tree(tmp_path, "memory/cgroup.procs")
    (view / "unified").mkdir()

    assert facts.cgroup_mode(view) == ("v1", ("memory",))


@pytest.mark.parametrize(
    ("tags", "kind", "driver", "change", "reason", "machine"),
    [
        ({"nexcage"}, "runc", "runc", {}, "about nexcage only", False),
        ({"oci", "nexcage"}, "runc", "runc", {}, "about nexcage only", False),
        ({"oci", "crun"}, "runc", "runc", {}, "only for crun", False),
        ({"oci"}, "nexcage", "crun", {"cgroup_mode": "hybrid"}, "hybrid", True),
        ({"oci"}, "nexcage", "runc", {"drivers": {}}, "runc is not installed", True),
        ({"oci", "root"}, "nexcage", "runc", {"euid": 1000}, "not root", True),
        ({"oci", "cgroup-pids"}, "nexcage", "runc", {"controllers": ()}, "no pids", True),
        ({"nexcage", "needs-restricted-host"}, "nexcage", "runc", {}, "CAP_SYS_RESOURCE", False),
    ],
)
def test_a_scenario_is_refused_with_a_reason(tags, kind, driver, change, reason, machine):
    refusal = facts.refusal(tags, kind, driver, dataclasses.replace(FULL, **change))

    assert refusal is not None
    assert reason in refusal.reason
    assert refusal.machine is machine


@pytest.mark.parametrize("driver", ["crun", "runc", "none"])
def test_a_full_machine_runs_everything(driver):
    tags = {"oci", "root", "cgroup-memory", "cgroup-pids", "cgroup-cpu", "needs-overlay", "issue-88"}

    assert facts.refusal(tags, "nexcage", driver, FULL) is None
