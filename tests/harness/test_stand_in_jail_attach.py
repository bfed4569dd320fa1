"""jail_attach(2) and procctl(2) on a stand-in host whose containers are real; in mounts of its own."""

import errno
import os
import shutil
import subprocess
import sys

import pytest

from step_defs import mounting
from step_defs.stand_ins.jail.host import Host

BUSYBOX = "/bin/busybox"
ATTACH = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.jail_attach(int(sys.argv[1])) != 0:
    sys.exit(ctypes.get_errno())
"""
PRIVILEGES = """
wanted = ctypes.c_int(int(sys.argv[2]))
if libc.procctl(0, ctypes.c_longlong(0), int(sys.argv[3]), ctypes.byref(wanted)) != 0:
    sys.exit(ctypes.get_errno())
os.execv("/bin/busybox", ["busybox", "grep", "NoNewPrivs", "/proc/self/status"])
"""
TRACED = """
wanted = ctypes.c_int(int(sys.argv[2]))
if libc.procctl(0, ctypes.c_longlong(0), 7, ctypes.byref(wanted)) != 0:
    sys.exit(ctypes.get_errno())
print(libc.prctl(3, 0, 0, 0, 0))
"""

pytestmark = pytest.mark.skipif(
    "CI" not in os.environ
    and (os.geteuid() != 0 or not mounting.is_private() or not os.path.exists(BUSYBOX)),
    reason="needs root, mounts of its own (./test.sh) and a static busybox",
)


@pytest.fixture
def host(tmp_path):
    root = tmp_path / "r"
    for folder in ("bin", "proc", "mnt"):
        (root / folder).mkdir(parents=True)
    shutil.copy2(BUSYBOX, root / "bin/busybox")
    made = Host.make(tmp_path / "host", stop_wait=0.3)
    yield made
    made.end()


def create(host, *words):
    root = host.home.parent / "r"
    done = host.run("jail", "-i", "-c", "name=t1", "persist", f"path={root}", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def attach(host, code, *words, **options):
    """Attach by Python as nexcage does, then run the code."""
    return subprocess.run(
        [sys.executable, "-IS", "-c", ATTACH + code, *words],
        env={**os.environ, **host.environment()},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        **options,
    )


def told(host, jid, *argv):
    code = f"os.execv('/bin/busybox', ['busybox', *{list(argv)!r}])"
    done = attach(host, code, jid)
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout


def test_a_process_is_in_the_jail(host):
    jid = create(host, "host.hostname=box")
    assert told(host, jid, "hostname") == "box\n"
    assert told(host, jid, "ls", "/") == "bin\nmnt\nproc\n"
    assert told(host, jid, "pwd") == "/\n"


def test_the_host_finds_the_process(host):
    jid = create(host)
    code = (
        "os.write(1, b'in'); os.close(1); os.read(0, 1); os.execv('/bin/busybox', ['busybox', 'sleep', '60'])"
    )
    with subprocess.Popen(
        [sys.executable, "-IS", "-c", ATTACH + code, jid],
        env={**os.environ, **host.environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.read() == b"in"
        assert host.processes("t1") == [process.pid]
        columns = host.run("ps", "-ax", "-o", "pid,ppid,jail,jid").stdout.splitlines()
        assert f"{process.pid} {os.getpid()} t1 {jid}" in [" ".join(line.split()) for line in columns]
        assert host.run("pkill", "-KILL", "-j", jid, ".").returncode == 0
        assert process.wait(10) == -9


def test_a_hostname_of_the_hosts(host):
    jid = create(host, "host=inherit")
    assert told(host, jid, "hostname").strip() == os.uname().nodename


def test_mounts_of_the_process_are_its_own(host):
    jid = create(host)
    told(host, jid, "mount", "-t", "tmpfs", "none", "/mnt")
    assert mounting.type_of(str(host.home.parent / "r/mnt")) == ""


def test_a_jail_that_is_there_no_more(host):
    jid = create(host)
    assert host.run("jail", "-m", "jid=" + jid, "name=t2").returncode == 0
    assert attach(host, "", jid).returncode == 0
    assert host.run("jail", "-R", "t2").returncode == 0
    assert attach(host, "", jid).returncode == errno.EINVAL
    assert attach(host, "", "77").returncode == errno.EINVAL
    assert os.listdir(host.home / "ns") == []


def test_a_jail_whose_root_was_taken(host, tmp_path):
    tmpfs = str(tmp_path / "r/mnt")
    host.run("mount", "-t", "tmpfs", "tmpfs", tmpfs)
    done = host.run("jail", "-i", "-c", "name=t1", "persist", f"path={tmpfs}")
    assert host.run("umount", tmpfs).returncode == 1
    assert attach(host, "", done.stdout.strip()).returncode == 0
    assert host.run("umount", "-f", tmpfs).returncode == 0
    assert attach(host, "", done.stdout.strip()).returncode == errno.ENOTDIR


def test_attaching_is_for_root(host, tmp_path):
    jid = create(host)
    for place in (tmp_path, *list(tmp_path.parents)[:2]):
        place.chmod(0o755)
    assert attach(host, "", jid, user=65534, group=65534, extra_groups=[]).returncode == errno.EPERM


def test_no_new_privileges(host):
    jid = create(host)
    host.run("mount", "-t", "linprocfs", "linprocfs", str(host.home.parent / "r/proc"))
    done = attach(host, PRIVILEGES, jid, "1", "19")
    assert (done.stdout.split(), done.returncode) == (["NoNewPrivs:", "1"], 0)
    assert attach(host, PRIVILEGES, jid, "2", "19").returncode == errno.EINVAL
    assert attach(host, PRIVILEGES, jid, "1", "8").returncode == errno.EINVAL


def test_tracing_can_be_forbidden(host):
    jid = create(host)
    seen = attach(host, TRACED, jid, "2").stdout, attach(host, TRACED, jid, "1").stdout
    assert seen == ("0\n", "1\n")  # PR_GET_DUMPABLE
    assert attach(host, TRACED, jid, "4").returncode == errno.EINVAL


def test_which_cpus_a_jail_has(host):
    jid = create(host)
    host.set(cpus=4)
    assert host.run("cpuset", "-l", "0-1,3", "-j", jid).returncode == 0
    assert host.jails()["t1"]["cpus"] == [0, 1, 3]
    assert host.run("cpuset", "-g", "-j", jid).stdout.startswith(f"jail {jid} mask: 0, 1, 3\n")
    assert host.run("cpuset", "-l", "4", "-j", jid).stderr == "cpuset: setaffinity: Invalid argument\n"


def test_a_fault_after_the_work(host):
    host.fault("jail", "-c", kill=True, after=True)
    root = host.home.parent / "r"
    assert host.run("jail", "-c", "name=t1", "persist", f"path={root}").returncode == -9
    assert list(host.jails()) == ["t1"]
