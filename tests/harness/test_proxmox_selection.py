# SPDX-License-Identifier: Apache-2.0
"""Which scenarios the driver pct runs, and what a machine without LXC does with them."""

import pytest

from step_defs import facts, report
from step_defs.report import Run
from step_defs.runtime import drivers_for


class Config:
    def __init__(self, driver=None, kind="nexcage"):
        self.options = {"driver": driver, "runtime_kind": kind}

    def getoption(self, name):
        return self.options[name]


@pytest.mark.parametrize(
    ("tags", "driver", "drivers"),
    [
        ({"oci"}, None, ["crun", "runc"]),
        ({"pct"}, None, ["pct"]),
        ({"pct", "crun"}, None, ["crun", "pct"]),
        ({"runc"}, None, ["runc"]),
        ({"oci"}, "pct", ["pct"]),
        ({"pct"}, "pct", ["pct"]),
        ({"pct"}, "crun", ["crun"]),
        ({"no-driver", "pct"}, "crun", ["none"]),
    ],
)
def test_drivers_of_a_scenario(tags, driver, drivers):
    assert drivers_for(Config(driver), tags) == drivers


@pytest.mark.parametrize(
    ("tags", "driver", "tools", "euid", "reason", "machine"),
    [
        ({"oci"}, "pct", (), 0, "not about pct", False),
        ({"nexcage", "pct"}, "crun", (), 0, "only for pct", False),
        ({"nexcage", "pct"}, "pct", (), 1000, "need root", True),
        ({"nexcage", "pct", "no-driver"}, "none", (), 1000, "need root", True),
        ({"nexcage", "pct", "needs-lxc"}, "pct", ("lxc-start",), 0, "lxc-attach", True),
        ({"nexcage", "pct", "needs-lxc"}, "pct", ("lxc-start", "lxc-attach"), 0, None, None),
        ({"nexcage", "pct"}, "pct", (), 0, None, None),
    ],
)
def test_what_a_machine_refuses(tags, driver, tools, euid, reason, machine):
    here = facts.Facts("6.1", "x86_64", "3.11", euid, "v1", (), 0, {}, {"crun": "1", "runc": "1"}, tools, ())
    found = facts.refusal(tags, "nexcage", driver, here)
    assert (found.machine if found else None) is machine
    assert reason is None or reason in found.reason


def test_the_report_says_how_many_runs_were_on_which_node():
    runs = [
        Run("a", "one", "pct", "", host="stand-in for Proxmox VE now, containers of LXC 5.0.2"),
        Run("a", "two", "pct", "", host="stand-in for Proxmox VE now, containers of LXC 5.0.2"),
        Run("a", "three", "pct", "", host="stand-in for Proxmox VE 8.4, containers are a model"),
        Run("a", "four", "pct", "", outcome="skipped", host="real Proxmox VE node: x"),
        Run("a", "five", "crun", ""),
    ]
    assert report.hosts_of(runs) == {
        "Proxmox VE": "1 runs: stand-in for Proxmox VE 8.4, containers are a model; "
        "2 runs: stand-in for Proxmox VE now, containers of LXC 5.0.2"
    }
    assert report.hosts_of(runs[-1:]) == {}
