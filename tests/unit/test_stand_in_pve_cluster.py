"""A stand-in cluster in the hands of a scenario: faults, locks, other nodes, versions, and what is left."""

import json
import signal
import subprocess
import time

import pytest

from step_defs.stand_ins.pve.cluster import BIN, Cluster

MADE = ("--rootfs", "local:0.01", "--ostype", "unmanaged", "--arch", "amd64", "--entrypoint", "/bin/sleep 9")


@pytest.fixture
def empty(tmp_path):
    """An archive with nothing in it."""
    (tmp_path / "empty.tar").write_bytes(bytes(10240))
    return str(tmp_path / "empty.tar")


@pytest.fixture
def cluster(tmp_path):
    return Cluster.make(tmp_path / "pve", version="now", containers="model", lock_patience=0.1)


def said(done):
    return done.returncode, done.stdout, done.stderr


def create(cluster, empty, vmid=100, *more):
    done = cluster.run("pct", "create", str(vmid), empty, *MADE, *more)
    assert done.returncode == 0, done.stderr
    return done


def test_a_container_lives_and_leaves_nothing(cluster, empty):
    create(cluster, empty, 100, "--hostname", "web", "--start", "1")
    row = f"{100:<10} {'running':<10} {'':<12} {'web':<20}\n"
    assert cluster.run("pct", "list").stdout.splitlines(keepends=True)[1] == row
    assert cluster.volumes() == ["local:100/vm-100-disk-0.raw"]
    assert said(cluster.run("pct", "destroy", "100"))[0] == 255
    assert said(cluster.run("pct", "stop", "100")) == (0, "", "")
    assert said(cluster.run("pct", "destroy", "100")) == (0, "", "")
    assert (cluster.volumes(), cluster.guests(), cluster.run("pct", "list").stdout) == ([], {}, "")
    assert cluster.calls()[0]["argv"][:2] == ["pct", "create"]


def test_a_fault_happens_once(cluster):
    cluster.fault("pct", "list", text="no\n", exit=4)
    assert said(cluster.run("pct", "list")) == (4, "", "no\n")
    assert said(cluster.run("pct", "list")) == (0, "", "")


def test_a_tool_hangs(cluster):
    cluster.fault("pvesh", "get", hang=60)
    with pytest.raises(subprocess.TimeoutExpired):
        cluster.run("pvesh", "get", "/version", timeout=1)


def test_a_create_that_is_killed_leaves_half_a_container(cluster, empty):
    cluster.fault("pct", "create", kill=True, middle=True)
    assert (
        cluster.run("pct", "create", "171", empty, *MADE, "--hostname", "web").returncode == -signal.SIGKILL
    )
    conf = cluster.conf(171).options
    assert "lock" not in conf
    assert not {"hostname", "memory", "swap"} & set(conf)
    assert cluster.volumes() == ["local:171/vm-171-disk-0.raw"]
    assert cluster.run("pct", "destroy", "171", "--force", "1", "--purge", "1").returncode == 0
    assert cluster.volumes() == []


def test_a_create_that_is_terminated_cleans_up(cluster, empty):
    cluster.fault("pct", "create", hang=30, middle=True)
    argv = [BIN / "pct", "create", "172", empty, *MADE]
    with subprocess.Popen(
        argv, env={**cluster.environment()}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        while not cluster.volumes() or not cluster.guests():
            time.sleep(0.02)
        time.sleep(0.2)
        running.terminate()
        assert running.wait(timeout=20) == 255
    assert (cluster.volumes(), cluster.guests()) == ([], {})


def test_of_two_creates_on_one_vmid_one_wins(cluster, empty):
    argv = [BIN / "pct", "create", "173", empty, *MADE]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(argv, env=cluster.environment(), **pipes) for _ in range(4)]
    answers = [(one.communicate()[1], one.returncode) for one in running]
    assert sorted(status for _, status in answers) == [0, 255, 255, 255]
    assert {text for text, status in answers if status} == {"CT 173 already exists on node 'pve'\n"}
    assert cluster.volumes() == ["local:173/vm-173-disk-0.raw"]


def test_locks_busy_files_and_protection(cluster):
    cluster.guest(100)
    cluster.lock(100, "backup")
    assert said(cluster.run("pct", "start", "100")) == (255, "", "CT is locked (backup)\n")
    cluster.lock(100, "")
    with cluster.busy(100):
        busy = "can't lock file '/run/lock/lxc/pve-config-100.lock' - got timeout\n"
        assert said(cluster.run("pct", "start", "100")) == (255, "trying to acquire lock...\n", busy)
    cluster.run("pct", "set", "100", "--protection", "1")
    assert cluster.run("pct", "destroy", "100").stderr == "can't remove CT 100 - protection mode enabled\n"


def test_no_quorum_and_no_cluster_file_system(cluster):
    cluster.guest(100)
    cluster.set(quorum=False)
    assert cluster.run("pct", "start", "100").stderr == "cluster not ready - no quorum?\n"
    assert "Permission denied" in cluster.run("pct", "set", "100", "--memory", "64").stderr
    assert cluster.run("pct", "list").returncode == 0
    cluster.set(quorum=True, pmxcfs=False)
    done = cluster.run("pct", "list")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        111,
        "Unable to load access control list: Connection refused",
    )
    assert cluster.run("pveversion").returncode == 0


def test_another_node_has_the_vmid(cluster, empty):
    cluster.guest(131, node="other")
    cluster.guest(130, kind="qemu")
    assert cluster.run("pct", "create", "131", empty).stderr == "CT 131 already exists on node 'other'\n"
    assert cluster.run("pct", "create", "130", empty).stderr == "VM 130 already exists on node 'pve'\n"
    assert (
        cluster.run("pct", "config", "131").stderr
        == "Configuration file 'nodes/pve/lxc/131.conf' does not exist\n"
    )
    found = json.loads(
        cluster.run("pvesh", "get", "/cluster/resources", "--type", "vm", "--output-format", "json").stdout
    )
    assert [(one["id"], one["status"]) for one in found] == [("qemu/130", "stopped"), ("lxc/131", "unknown")]


def test_the_listing_of_the_cluster_is_old(cluster, empty):
    cluster.set(staleness=600)
    ask = ("pvesh", "get", "/cluster/resources", "--type", "vm", "--output-format", "json")
    cluster.run("pct", "list")
    create(cluster, empty)
    assert json.loads(cluster.run(*ask).stdout) == [
        {"id": "lxc/100", "node": "pve", "status": "unknown", "type": "lxc", "vmid": 100}
    ]
    live = json.loads(cluster.run("pvesh", "get", "/nodes/pve/lxc", "--output-format", "json").stdout)
    assert [one["status"] for one in live] == ["stopped"]


def test_a_storage_that_is_full(cluster, tmp_path):
    (tmp_path / "big").write_bytes(bytes(3 << 20))
    subprocess.run(["tar", "-C", tmp_path, "-cf", tmp_path / "big_1_amd64.tar", "big"], check=True)
    facts = {
        "big_1_amd64.tar": {
            "size": 1,
            "total": 3 << 20,
            "os": "alpine",
            "arch": "amd64",
            "files": ["/bin/sh"],
        }
    }
    cluster.set(archives=facts)
    done = cluster.run(
        "pct", "create", "100", cluster.template(tmp_path / "big_1_amd64.tar"), "--rootfs", "local:0.001"
    )
    assert done.returncode == 255
    assert "No space left on device" in done.stdout
    assert done.stderr.startswith("unable to create CT 100 - command 'lxc-usernsexec ")
    assert (cluster.volumes(), cluster.guests()) == ([], {})


def test_pvesh_succeeds_though_the_task_failed(cluster):
    cluster.guest(100)
    cluster.lock(100, "backup")
    done = cluster.run("pvesh", "create", "/nodes/pve/lxc/100/status/start")
    assert (done.returncode, done.stderr) == (0, "CT is locked (backup)\n")
    upid = done.stdout.strip()
    told = cluster.run("pvesh", "get", f"/nodes/pve/tasks/{upid}/status", "--output-format", "json")
    assert json.loads(told.stdout)["exitstatus"] == "CT is locked (backup)"


@pytest.mark.parametrize(
    ("version", "privileged", "manager"),
    [("8.4", True, "8.4"), ("9.0", False, "9.0"), ("9.1", False, "9.1"), ("now", False, "9.2")],
)
def test_versions(tmp_path, empty, version, privileged, manager):
    cluster = Cluster.make(tmp_path / "pve", version=version, containers="model")
    cluster.run("pct", "create", "100", empty, "--rootfs", "local:0.01")
    assert ("unprivileged" not in cluster.conf(100).options) is privileged
    assert cluster.run("pveversion").stdout.startswith(f"pve-manager/{manager}")
    assert ("Unknown option: env" in cluster.run("pct", "set", "100", "--env", "A=1").stderr) is (
        version < "9.1"
    )


def test_an_image_is_a_plain_tree_before_its_version(tmp_path):
    (tmp_path / "box.tar").write_bytes(bytes(10240))
    facts = {
        "box.tar": {
            "size": 1,
            "total": 10240,
            "os": "alpine",
            "arch": "amd64",
            "oci": {},
            "files": ["/bin/sh"],
        }
    }
    cluster = Cluster.make(tmp_path / "pve", version="8.4", containers="model", archives=facts)
    done = cluster.run(
        "pct", "create", "100", cluster.template(tmp_path / "box.tar"), "--rootfs", "local:0.1"
    )
    assert (done.returncode, cluster.conf(100).options["ostype"]) == (0, "unmanaged")
    assert cluster.run("pct", "start", "100").stderr == "startup for container '100' failed\n"


def test_starting_up_takes_its_time(cluster):
    cluster.set(delay=0.5)
    before = time.monotonic()
    cluster.run("pct", "list")
    assert time.monotonic() - before >= 0.5


def test_lxc_info_beside_the_tools(cluster, empty):
    create(cluster, empty, 100, "--start", "1")
    assert cluster.run("lxc-info", "-n", "100", "-p", "-s", "-H").stdout == (
        f"State:          RUNNING\nPID:            {cluster.pid(100)}\n"
    )
    done = cluster.run("lxc-info", "-n", "999", "-p")
    assert said(done) == (1, "", "999 doesn't exist\n")
