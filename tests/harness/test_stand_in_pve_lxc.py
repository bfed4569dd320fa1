"""The stand-in Proxmox node with real containers: exit codes, limits, mounts, signals, leftovers."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from step_defs.stand_ins.pve.cluster import Cluster, lxc_missing

BUSYBOX = "/bin/busybox"
APPLETS = (
    "cat",
    "df",
    "env",
    "grep",
    "hostname",
    "id",
    "kill",
    "ls",
    "mount",
    "sh",
    "sleep",
    "tail",
    "touch",
    "true",
)
WAIT = "/bin/sh -c \"trap 'exit 0' TERM PWR; while :; do sleep 0.1; done\""
SHAPE = ("--ostype", "unmanaged", "--arch", "amd64", "--memory", "64", "--swap", "0")
VMID = "701"
missing = lxc_missing() or ("" if os.path.exists(BUSYBOX) else f"{BUSYBOX} is missing (busybox-static)")
pytestmark = pytest.mark.skipif(
    bool(missing) and "CI" not in os.environ, reason=f"real containers: {missing}"
)


@pytest.fixture
def cluster(tmp_path):
    for directory in (tmp_path, *tmp_path.parents):
        if directory == Path(tempfile.gettempdir()):
            break
        directory.chmod(0o711)  # root of an unprivileged container has to walk here
    made = Cluster.make(tmp_path / "pve", version="now", containers="lxc", grace=1)
    yield made
    made.end()


@pytest.fixture
def rootfs(tmp_path):
    """The tree of a bundle."""
    root = tmp_path / "bundle/rootfs"
    for name in ("bin", "dev", "etc", "proc", "sys", "tmp"):
        (root / name).mkdir(parents=True)
    shutil.copy(BUSYBOX, root / "bin/busybox")
    for name in APPLETS:
        (root / "bin" / name).symlink_to("busybox")
    return root


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "empty.tar").write_bytes(bytes(10240))
    return str(tmp_path / "empty.tar")


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def started(cluster, archive, *options, entry=WAIT):
    ok(cluster.run("pct", "create", VMID, archive, *SHAPE, "--entrypoint", entry, *options))
    ok(cluster.run("pct", "start", VMID))


def inside(cluster, *argv, **more):
    done = cluster.run("pct", "exec", VMID, "--", *argv, **more)
    return done.returncode, done.stdout


def test_a_bundle_runs_where_it_lies(cluster, rootfs, empty):
    started(
        cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0", "--hostname", "web", "--env", "A=1 2"
    )
    pid = cluster.pid(int(VMID))
    assert f"pid: {pid}\n" in ok(cluster.run("pct", "status", VMID, "--verbose"))
    assert ok(cluster.run("lxc-info", "-n", VMID, "-p", "-s", "-H")).split() == [
        "State:",
        "RUNNING",
        "PID:",
        str(pid),
    ]
    assert f"/lxc/{VMID}" in Path(f"/proc/{pid}/cgroup").read_text()
    assert inside(cluster, "hostname") == (0, "web\n")
    assert inside(cluster, "sh", "-c", "exit 7")[0] == 7
    assert inside(cluster, "sh", "-c", "kill -9 $$")[0] == 137
    assert inside(cluster, "/etc")[0] == 126
    assert inside(cluster, "/nosuch")[0] == 127
    assert inside(cluster, "cat", input="from outside") == (0, "from outside")
    assert "A=1 2" in inside(cluster, "cat", "/proc/1/environ")[1].split("\0")
    assert ok(cluster.run("pct", "shutdown", VMID, "--timeout", "10")) == ""
    assert ok(cluster.run("pct", "destroy", VMID)) == ""
    assert (rootfs / "bin/busybox").exists()
    assert not (cluster.home / "lxc" / VMID).exists()
    assert not [path for path in Path("/sys/fs/cgroup").glob(f"*/lxc*/{VMID}") if path.exists()]


def test_ids_of_an_unprivileged_bundle_pass_through(cluster, rootfs, empty):
    started(cluster, empty, "--rootfs", f"{rootfs},idmap=passthrough", "--unprivileged", "1")
    assert Path(f"/proc/{cluster.pid(int(VMID))}").stat().st_uid == 100000
    assert inside(cluster, "sh", "-c", "id -u; touch /made")[1] == "0\n"
    assert (rootfs / "made").stat().st_uid == 0


def test_a_template_is_unpacked_into_a_volume(cluster, rootfs, tmp_path):
    subprocess.run(["tar", "-C", rootfs, "-cf", tmp_path / "box_1_amd64.tar", "."], check=True)
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_text("data\n")
    volume = cluster.template(tmp_path / "box_1_amd64.tar")
    started(
        cluster,
        volume,
        "--rootfs",
        "local:0.1",
        "--mp0",
        "local:0.01,mp=/data",
        "--mp1",
        f"{source},mp=/mnt/a b,ro=1",
    )
    assert inside(cluster, "cat", "/mnt/a b/file") == (0, "data\n")
    assert inside(cluster, "sh", "-c", "touch /data/x && ! touch '/mnt/a b/x'")[0] == 0
    ok(cluster.run("pct", "stop", VMID))
    ok(cluster.run("pct", "destroy", VMID))
    assert cluster.volumes() == []
    assert (source / "file").exists()


def test_memory_is_limited_and_the_kernel_kills(cluster, rootfs, empty):
    started(cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0")
    limits = list(Path("/sys/fs/cgroup").glob(f"memory/lxc/{VMID}/memory.limit_in_bytes"))
    if not limits:
        pytest.skip("no memory controller of cgroup v1 here")
    assert limits[0].read_text() == f"{64 << 20}\n"
    assert inside(cluster, "tail", "/dev/zero")[0] == 137


def test_signals_reach_pid_1(cluster, rootfs, empty):
    started(cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0")
    os.kill(cluster.pid(int(VMID)), signal.SIGTERM)
    for _ in range(100):
        if ok(cluster.run("pct", "status", VMID)) == "status: stopped\n":
            break
        time.sleep(0.05)
    else:
        pytest.fail("it runs on")
    ok(cluster.run("pct", "start", VMID))


def test_what_ends_at_once_and_what_is_missing(cluster, rootfs, empty):
    ok(
        cluster.run(
            "pct", "create", VMID, empty, *SHAPE, "--rootfs", str(rootfs), "--entrypoint", "/bin/true"
        )
    )
    done = cluster.run("pct", "start", VMID)
    assert (done.returncode, done.stderr) == (255, f"unable to get PID for CT {VMID} (not running?)\n")
    ok(cluster.run("pct", "set", VMID, "--entrypoint", "/nosuch"))
    done = cluster.run("pct", "start", VMID)
    assert (done.returncode, done.stderr) == (255, f"startup for container '{VMID}' failed\n")
    assert done.stdout.startswith(
        "sync_wait: 34 An error occurred in another process (expected sequence number 7)\n"
    )


def test_files_go_in_and_out(cluster, rootfs, empty, tmp_path):
    started(cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0")
    (tmp_path / "in").write_text("hello\n")
    ok(cluster.run("pct", "push", VMID, str(tmp_path / "in"), "/tmp/x", "--perms", "0600", "--user", "1000"))
    assert inside(cluster, "ls", "-ln", "/tmp/x")[1].split()[:3] == ["-rw-------", "1", "1000"]
    ok(cluster.run("pct", "pull", VMID, "/tmp/x", str(tmp_path / "out")))
    assert (tmp_path / "out").read_text() == "hello\n"
    done = cluster.run("pct", "push", VMID, str(tmp_path / "in"), "/nodir/x")
    assert (done.returncode, done.stderr) == (
        0,
        "failed to create file: /nodir/x: No such file or directory\n",
    )


def test_a_stubborn_container_is_killed_in_the_end(cluster, rootfs, empty):
    started(cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0", entry="/bin/sleep 1000")
    done = cluster.run("pct", "shutdown", VMID, "--timeout", "1")
    assert (done.returncode, done.stderr) == (255, "container did not stop\n")
    assert ok(cluster.run("pct", "shutdown", VMID, "--timeout", "1", "--forceStop", "1")) == ""
    assert cluster.pid(int(VMID)) == 0


def test_mount_and_unmount(cluster, rootfs, empty):
    ok(cluster.run("pct", "create", VMID, empty, *SHAPE, "--rootfs", str(rootfs)))
    assert ok(cluster.run("pct", "mount", VMID)).startswith(f"mounted CT {VMID} in '")
    assert (cluster.home / "lxc" / VMID / "rootfs/bin/busybox").exists()
    assert cluster.run("pct", "destroy", VMID).stderr == "CT is locked (mounted)\n"
    ok(cluster.run("pct", "unmount", VMID))
    ok(cluster.run("pct", "destroy", VMID))


def conf_lines(cluster, *lines):
    """Somebody edits the configuration file itself."""
    path = cluster.etc / f"lxc/{VMID}.conf"
    path.write_text(path.read_text() + "".join(f"{line}\n" for line in lines))


def test_console_and_log_of_pid_1(cluster, rootfs, empty, tmp_path):
    script = (
        "echo out; echo err >&2; test -t 0 && echo terminal; trap 'exit 42' TERM; while :; do sleep 0.1; done"
    )
    ok(cluster.run("pct", "create", VMID, empty, *SHAPE, "--rootfs", str(rootfs), "--unprivileged", "0"))
    ok(cluster.run("pct", "set", VMID, "--entrypoint", f'/bin/sh -c "{script}"'))
    log, console = tmp_path / "lxc.log", tmp_path / "console.log"
    conf_lines(
        cluster,
        f"lxc.console.logfile: {console}",
        f"lxc.log.file: {log}",
        "lxc.log.level: INFO",
        "lxc.signal.halt: SIGTERM",
    )
    assert said_of(cluster.run("pct", "start", VMID)) == (0, "", "")
    pid = cluster.pid(int(VMID))
    until = time.monotonic() + 5
    while b"terminal" not in console.read_bytes() and time.monotonic() < until:
        time.sleep(0.05)
    assert console.read_bytes() == b"out\r\nerr\r\nterminal\r\n"
    assert said_of(cluster.run("pct", "shutdown", VMID, "--timeout", "10")) == (0, "", "")
    assert f"Child <{pid}> ended on error (42)" in log.read_text()
    ok(cluster.run("pct", "start", VMID))
    pid = cluster.pid(int(VMID))
    ok(cluster.run("pct", "stop", VMID))
    assert f"Child <{pid}> ended on signal Killed(9)" in log.read_text()


def said_of(done):
    return done.returncode, done.stdout, done.stderr


def test_what_ends_at_once_tells_its_status(cluster, rootfs, empty, tmp_path):
    ok(cluster.run("pct", "create", VMID, empty, *SHAPE, "--rootfs", str(rootfs), "--unprivileged", "0"))
    ok(cluster.run("pct", "set", VMID, "--entrypoint", '/bin/sh -c "exit 42"'))
    conf_lines(cluster, f"lxc.log.file: {tmp_path / 'lxc.log'}", "lxc.log.level: INFO")
    done = cluster.run("pct", "start", VMID)
    assert (done.returncode, done.stderr) == (255, f"unable to get PID for CT {VMID} (not running?)\n")
    assert "ended on error (42)" in (tmp_path / "lxc.log").read_text()
    ok(cluster.run("pct", "set", VMID, "--entrypoint", "/nosuch"))
    done = cluster.run("pct", "start", VMID)
    assert done.stderr == f"startup for container '{VMID}' failed\n"
    assert done.stdout.startswith("sync_wait: 34 An error occurred in another process")


def test_debug_shows_the_log_of_lxc(cluster, rootfs, empty):
    ok(cluster.run("pct", "create", VMID, empty, *SHAPE, "--rootfs", str(rootfs), "--entrypoint", "/nosuch"))
    done = cluster.run("pct", "start", VMID, "--debug", "1")
    assert done.returncode == 255
    assert 'Failed to exec "/nosuch"' in done.stdout


def test_the_tools_of_lxc_find_the_containers_of_the_node(cluster, rootfs, empty, tmp_path):
    started(cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0")
    elsewhere = tmp_path / "few"
    elsewhere.mkdir()
    (elsewhere / "lxc-info").symlink_to(cluster.home / "bin/lxc-info")

    def tool(*argv):  # as a caller does that passes no environment on
        done = subprocess.run(argv, env={}, capture_output=True, text=True, check=False, timeout=20)
        return done.returncode, done.stdout

    bin = cluster.home / "bin"
    own = ("-n", VMID)
    assert tool(
        bin / "lxc-attach", *own, "-q", "--clear-env", "-v", "A=b", "--", "/bin/sh", "-c", "echo $A"
    ) == (
        0,
        "b\n",
    )
    assert tool(bin / "lxc-attach", *own, "--", "/bin/sh", "-c", "exit 7")[0] == 7
    assert tool(bin / "lxc-freeze", *own) == (0, "")
    assert tool(elsewhere / "lxc-info", *own, "-s", "-H")[1] == "FROZEN\n"
    assert tool(bin / "lxc-unfreeze", *own) == (0, "")
    assert tool(bin / "lxc-wait", *own, "-s", "RUNNING", "-t", "5")[0] == 0
    assert tool(bin / "lxc-stop", *own, "-k")[0] == 0
    assert tool(bin / "lxc-info", *own, "-s", "-H")[1] == "STOPPED\n"


def test_what_is_frozen_can_be_killed(cluster, rootfs, empty):
    started(cluster, empty, "--rootfs", str(rootfs), "--unprivileged", "0")
    assert cluster.run("lxc-freeze", "-n", VMID).returncode == 0
    cluster.end()
    assert cluster.pid(int(VMID)) == 0
    assert not [path for path in Path("/sys/fs/cgroup").glob(f"*/lxc*/{VMID}") if path.exists()]
