# SPDX-License-Identifier: Apache-2.0
"""The node of a scenario: at /etc/pve while it lasts, seen by nobody else, and what is left is noticed."""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from step_defs import mounting, proxmox_machine, proxmox_node
from step_defs.proxmox_node import ETC, LOCKS, StandIn, cgroups

missing = (
    "not root" if os.geteuid() else "" if mounting.is_private() else "no mounts of its own: use ./test.sh"
)
pytestmark = pytest.mark.skipif(bool(missing) and "CI" not in os.environ, reason=missing)
SHAPE = ("--ostype", "unmanaged", "--arch", "amd64", "--unprivileged", "0")


@pytest.fixture
def node(tmp_path):
    made = StandIn(tmp_path / "pve")
    yield made
    made.end()


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "empty.tar").write_bytes(bytes(10240))
    return str(tmp_path / "empty.tar")


def next_id(node):
    return node.run("pvesh", "get", "/cluster/nextid").stdout.strip()


def test_its_files_are_at_their_place_and_its_tools_come_first(node):
    assert json.loads((ETC / ".members").read_text())["nodename"] == "pve"
    assert shutil.which("pct") == str(node.cluster.home / "bin/pct")
    assert next_id(node) == str(node.first)
    (ETC / "lxc/100.conf").write_text("arch: amd64\n")
    assert node.run("pct", "config", "100").stdout == "arch: amd64\n"


def test_who_edits_a_configuration_and_the_tools_keep_each_other_out(node):
    with node.given() as cluster:
        cluster.guest(node.first)
    with (LOCKS / f"pve-config-{node.first}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "got timeout" in node.run("pct", "set", str(node.first), "--memory", "64").stderr


def test_it_goes_as_it_came(tmp_path):
    path = os.environ["PATH"]
    node = StandIn(tmp_path / "pve")
    node.without_quorum()
    node.end()
    assert os.environ["PATH"] == path
    assert not mounting.type_of(str(ETC))
    assert not mounting.type_of(str(LOCKS))
    assert not list(ETC.iterdir())


def test_what_is_left_is_named(node, empty):
    assert node.left() == []
    vmid = next_id(node)
    done = node.run("pct", "create", vmid, empty, *SHAPE, "--rootfs", "local:0.01")
    assert done.returncode == 0, done.stderr
    (node.cluster.home / "storage/local/template/cache/left.tar").touch()
    assert node.left() == [
        f"on the node: etc/pve/nodes/pve/lxc/{vmid}.conf",
        f"on the node: storage/local/images/{vmid}",
        f"on the node: storage/local/images/{vmid}/.vm-{vmid}-disk-0.raw.tree",
        f"on the node: storage/local/images/{vmid}/vm-{vmid}-disk-0.raw",
        "on the node: storage/local/template/cache/left.tar",
    ]


def test_what_runs_is_left_too(node, empty, tmp_path):
    if node.cluster.state["containers"] != "lxc":
        pytest.skip("LXC is not installed")
    root = tmp_path / "rootfs"
    for name in ("bin", "dev", "proc", "sys"):
        (root / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin/sleep")
    vmid = next_id(node)
    argv = ("--rootfs", str(root), "--entrypoint", "/bin/sleep 100", "--start", "1")
    done = node.run("pct", "create", vmid, empty, *SHAPE, *argv)
    assert done.returncode == 0, done.stderr
    pid = node.cluster.pid(int(vmid))
    assert f"process {pid} of container {vmid}" in node.left()
    assert any(line.startswith("cgroup ") and line.endswith(f"/lxc.monitor/{vmid}") for line in node.left())
    os.unlink(ETC / f"lxc/{vmid}.conf")  # however little is known of it
    proxmox_node.sweep(tmp_path)
    assert not Path(f"/proc/{pid}/root/bin").exists()
    assert not cgroups({int(vmid)})


def test_what_was_given_may_stay(node):
    with node.given() as cluster:
        cluster.guest(131, node="pve2")
        cluster.storage("data", size="30M")
    assert node.left() == []
    with node.given() as cluster:
        cluster.guest(node.first)
    node.move(node.first, "pve2")
    assert node.left() == [f"on the node: etc/pve/nodes/pve2/lxc/{node.first}.conf"]
    node.heal()
    assert node.left() == []


def test_without_a_quorum_nobody_writes(node):
    with node.given() as cluster:
        cluster.guest(node.first)
    node.without_quorum()
    assert json.loads((ETC / ".members").read_text())["cluster"]["quorate"] == 0
    with pytest.raises(OSError, match="Read-only"):
        (ETC / f"lxc/{node.first}.conf").write_text("")
    node.heal()
    (ETC / f"lxc/{node.first}.conf").write_text("arch: amd64\n")
    node.without_files()
    assert not (ETC / "nodes").exists()
    node.heal()
    assert (ETC / f"lxc/{node.first}.conf").read_text() == "arch: amd64\n"


def test_calls_of_steps_are_nobodys(node):
    before = node.count()
    node.cluster.run("pct", "list")
    node.run("pct", "list")
    node.cluster.run("pvesm", "status")
    node.ended(before)
    assert node.calls_of_last() == [["pct", "list"], ["pvesm", "status"]]
    node.ended(node.count())
    assert node.calls_of_last() == []


def test_the_host_is_never_called_real(node):
    assert node.host.startswith("stand-in for Proxmox VE now, containers")
    node.cluster.set(version="8.4", containers="model")
    assert node.host == "stand-in for Proxmox VE 8.4, containers are a model"


def test_a_host_without_mounts_of_its_own_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(mounting, "is_private", lambda: False)
    with pytest.raises(pytest.fail.Exception, match=r"run \./test\.sh"):
        StandIn(tmp_path / "pve")
    assert not (tmp_path / "pve").exists()


def test_mount_namespaces_are_told_apart():
    assert mounting.is_private()
    again = "from step_defs import mounting; print(mounting.is_private())"
    try:
        host = os.open("/proc/1/ns/mnt", os.O_RDONLY)
    except PermissionError:  # kthreadd is of the host too, and has no more capabilities than we
        host = os.open("/proc/2/ns/mnt", os.O_RDONLY)
    argv = ["nsenter", f"--mount=/proc/{os.getpid()}/fd/{host}", "--", shutil.which("python3"), "-I", "-c"]
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); {again}"
    done = subprocess.run([*argv, code], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stderr


class Tagged:
    """A scenario with the tag @pct."""

    def get_closest_marker(self, name):
        return name if name == "pct" else None


def test_a_real_node_is_used_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(mounting, "type_of", lambda place: "fuse" if place == "/etc/pve" else "")
    (tmp_path / "pct").write_text("#!/bin/sh\n")
    (tmp_path / "pct").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert proxmox_machine.is_real()
    machine = proxmox_node.made_for(Tagged(), tmp_path / "scenario")
    assert isinstance(machine, proxmox_machine.Machine)
    assert machine.environment == {}
    assert not (tmp_path / "scenario").exists()
