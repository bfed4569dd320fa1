# SPDX-License-Identifier: Apache-2.0
"""What a stand-in node says of itself in files, and what LXC's tools say of containers on paper."""

import json
import subprocess

import pytest

from step_defs.stand_ins.pve.cluster import Cluster


@pytest.fixture
def cluster(tmp_path):
    made = Cluster.make(tmp_path / "pve", version="now", containers="model", lock_patience=0.1)
    yield made
    made.end()


def read(cluster, name):
    return json.loads((cluster.etc / name).read_text())


def said(done):
    return done.returncode, done.stdout, done.stderr


def test_a_node_alone_is_of_no_cluster(cluster):
    assert read(cluster, ".members") == {"nodename": "pve", "version": 0}
    assert (cluster.etc / "local").readlink().name == "pve"
    assert (cluster.etc / "local/lxc").samefile(cluster.etc / "lxc")
    assert (cluster.etc / "qemu-server").samefile(cluster.etc / "nodes/pve/qemu-server")


def test_another_node_makes_a_cluster_that_can_lose_its_quorum(cluster):
    cluster.guest(131, node="pve2")
    assert read(cluster, ".members")["cluster"]["quorate"] == 1
    assert set(read(cluster, ".members")["nodelist"]) == {"pve", "pve2"}
    cluster.set(quorum=False)
    assert read(cluster, ".members")["cluster"]["quorate"] == 0
    cluster.set(quorum=True)
    assert read(cluster, ".members")["cluster"]["quorate"] == 1


def test_the_list_of_guests_follows_whoever_writes(cluster):
    cluster.guest(130, kind="qemu")
    cluster.guest(100)
    assert {vmid: one["type"] for vmid, one in read(cluster, ".vmlist")["ids"].items()} == {
        "100": "lxc",
        "130": "qemu",
    }
    cluster.run("pct", "destroy", "100")
    assert set(read(cluster, ".vmlist")["ids"]) == {"130"}
    (cluster.etc / "lxc/101.conf").write_text("arch: amd64\n")
    cluster.run("pct", "list")
    assert set(read(cluster, ".vmlist")["ids"]) == {"101", "130"}


@pytest.fixture
def running(cluster):
    """A container that runs on paper."""
    cluster.guest(100, entrypoint="/sbin/init")
    assert said(cluster.run("pct", "start", "100")) == (0, "", "")
    return cluster


def test_freezing_is_kept_in_mind(running):
    assert running.run("lxc-info", "-n", "100", "-s", "-p").stdout.startswith(
        "State:          RUNNING\nPID:   "
    )
    assert said(running.run("lxc-freeze", "-n", "100")) == (0, "", "")
    assert said(running.run("lxc-info", "-n", "100", "-sH")) == (0, "FROZEN\n", "")
    assert running.run("lxc-wait", "-n", "100", "-s", "RUNNING", "-t", "0").returncode == 1
    assert said(running.run("lxc-unfreeze", "--name", "100")) == (0, "", "")
    assert running.run("lxc-wait", "-n", "100", "--state=RUNNING|FROZEN", "-t", "0").returncode == 0
    assert said(running.run("lxc-stop", "-n", "100", "-k")) == (0, "", "")
    assert said(running.run("lxc-info", "-n", "100", "-s")) == (0, "State:          STOPPED\n", "")
    assert running.run("lxc-freeze", "-n", "100").returncode == 1


def test_nothing_runs_in_a_model_and_it_says_so(running):
    done = running.run("lxc-attach", "-n", "100", "-q", "--", "/bin/true")
    assert (done.returncode, done.stdout) == (1, "")
    assert "100 is a model" in done.stderr


def test_a_tool_finds_its_cluster_without_environment_and_through_a_link(running, tmp_path):
    (tmp_path / "few").mkdir()
    for name in ("pct", "lxc-info"):
        (tmp_path / "few" / name).symlink_to(running.home / "bin" / name)
    for argv in (["pct", "status", "100"], ["lxc-info", "-n", "100", "-s"]):
        done = subprocess.run(
            argv, executable=tmp_path / "few" / argv[0], env={}, capture_output=True, text=True, check=False
        )
        assert "running" in done.stdout.lower(), done.stderr
