"""The stand-in FreeBSD host with real processes and mounts: exit codes, signals, names, leftovers."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from step_defs.stand_ins.jail.host import Host

BUSYBOX = "/bin/busybox"
APPLETS = ("cat", "env", "hostname", "kill", "ls", "sh", "sleep", "touch", "true")
missing = "not root" if os.geteuid() != 0 else ""
missing = missing or ("" if os.path.exists(BUSYBOX) else f"{BUSYBOX} is missing (busybox-static)")
pytestmark = pytest.mark.skipif(bool(missing) and "CI" not in os.environ, reason=f"real jails: {missing}")


@pytest.fixture
def root(tmp_path):
    for folder in ("bin", "dev", "mnt", "source"):
        (tmp_path / "r" / folder).mkdir(parents=True)
    shutil.copy(BUSYBOX, tmp_path / "r/bin/busybox")
    for name in APPLETS:
        (tmp_path / "r/bin" / name).symlink_to("busybox")
    return tmp_path / "r"


@pytest.fixture
def host(tmp_path):
    made = Host.make(tmp_path / "host", containers="real", stop_wait=0.5)
    yield made
    made.end()
    assert str(tmp_path) not in Path("/proc/mounts").read_text()


@pytest.fixture
def jail(host, root):
    assert host.run("jail", "-c", "name=t1", f"path={root}", "persist", "host.hostname=box").returncode == 0
    return "t1"


def begin(host, *argv):
    process = subprocess.Popen(argv, env={**os.environ, **host.environment()})
    until = time.monotonic() + 20
    while process.pid not in host.processes("t1"):
        assert time.monotonic() < until
        time.sleep(0.05)
    return process


def settle(host, count):
    until = time.monotonic() + 20
    while len(host.processes("t1")) != count:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_statuses_and_signals_come_through(host, jail):
    assert host.run("jexec", jail, "/bin/sh", "-c", "hostname; ls /; exit 42").stdout.split()[0] == "box"
    assert host.run("jexec", jail, "/bin/sh", "-c", "exit 42").returncode == 42
    assert host.run("jexec", jail, "/bin/sh", "-c", "kill -TERM $$").returncode == -signal.SIGTERM
    done = host.run("jexec", jail, "/bin/nosuch")
    assert (done.returncode, done.stderr) == (1, "jexec: execvp: /bin/nosuch: No such file or directory\n")


def test_a_jail_has_its_own_hostname(host, jail):
    assert host.run("jexec", jail, "hostname", "other").returncode == 0
    assert host.run("jexec", jail, "hostname").stdout == "other\n"
    assert os.uname().nodename != "other"


def test_the_children_outlive_their_init(host, jail, root):
    host.run("mount", "-t", "devfs", "-o", "ruleset=4", "devfs", f"{root}/dev")  # sh wants its /dev/null
    process = begin(host, "jexec", jail, "/bin/sh", "-c", "sleep 100 & sleep 100 & exec sleep 101")
    settle(host, 3)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    settle(host, 2)
    assert host.run("pkill", "-KILL", "-j", jail, ".").returncode == 0
    settle(host, 0)
    assert host.run("pgrep", "-j", jail, ".").returncode == 1
    assert host.run("jls", "-c", "-j", jail).returncode == 0


def test_sigterm_then_patience_then_sigkill(host, jail):
    process = begin(host, "jexec", jail, "/bin/sh", "-c", "trap '' TERM; exec sleep 100")
    time.sleep(0.2)
    begun = time.monotonic()
    assert host.run("jail", "-r", jail).returncode == 0
    assert time.monotonic() - begun > 0.5
    assert host.run("jls", "-d", "name", "dying").stdout == "t1 true\n"  # nobody asked for its status yet
    assert process.wait() == -signal.SIGKILL
    assert host.run("jls", "-d", "name").stdout == ""


def test_mounts_are_real(host, root):
    (root / "source/file").write_text("text")
    assert host.run("mount", "-t", "devfs", "-o", "ruleset=4", "devfs", f"{root}/dev").returncode == 0
    assert host.run("mount", "-t", "nullfs", "-o", "ro", f"{root}/source", f"{root}/mnt").returncode == 0
    host.run("jail", "-c", "name=t1", f"path={root}", "persist")
    done = host.run("jexec", "t1", "/bin/sh", "-c", "cat /mnt/file; echo x >/dev/null; touch /mnt/new")
    assert (done.stdout, done.returncode) == ("text", 1)
    assert "Read-only file system" in done.stderr
    assert host.run("jexec", "t1", "ls", "/dev").stdout.split() == (
        ["fd", "null", "random", "stderr", "stdin", "stdout", "urandom", "zero"]
    )
    assert host.run("umount", f"{root}/mnt").returncode == 0
    assert not (root / "mnt/file").exists()


def test_a_command_of_the_jail_itself(host, root):
    done = host.run("jail", "-c", "name=t1", f"path={root}", "command=/bin/sh", "-c", "echo in; exit 3")
    assert (done.returncode, done.stdout) == (1, "in\n")
    assert done.stderr == "jail: /bin/sh -c echo in; exit 3: failed\n"
    assert host.jails() == {}
