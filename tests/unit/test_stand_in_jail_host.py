"""The stand-in host as a scenario uses it: faults, settings, what it keeps."""

import json
import os
import stat
import time

import pytest

from step_defs.stand_ins.jail import conf, devices, libxo, parameters, running
from step_defs.stand_ins.jail.host import Host
from step_defs.stand_ins.jail.refusals import Refused


@pytest.fixture
def host(tmp_path):
    tree = tmp_path / "root/r"
    for folder in ("bin", "dev", "mnt"):
        (tree / folder).mkdir(parents=True)
    for name in ("sh", "sleep", "true"):
        program = tree / "bin" / name
        program.touch()
        program.chmod(0o755)
    made = Host.make(tmp_path / "host", containers="model", root=str(tmp_path / "root"), stop_wait=0.3)
    yield made
    made.end()


def create(host, *words):
    done = host.run("jail", "-c", "name=t1", "path=/r", "persist", *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_calls_and_jails_are_told(host):
    create(host)
    assert host.calls()[0]["argv"] == ["jail", "-c", "name=t1", "path=/r", "persist"]
    assert host.jails()["t1"]["jid"] == 1
    host.run("jail", "-R", "t1")
    create(host)
    assert host.jails()["t1"]["jid"] == 2  # numbers are not used again


def test_a_fault_happens_once(host):
    host.fault("jail", "-c", text="jail: no more\n", exit=1)
    assert host.run("jail", "-c", "name=t1", "path=/r", "persist").stderr == "jail: no more\n"
    create(host)


def test_a_dying_jail(host):
    create(host)
    host.set(dying=30)
    assert host.run("jail", "-R", "t1").returncode == 0
    assert host.run("jls", "-j", "t1").stderr == 'jls: jail "t1" is dying\n'
    assert host.run("jls", "-d", "name", "dying").stdout == "t1 true\n"
    assert host.run("jexec", "t1", "true").stderr == 'jexec: jail "t1" is dying\n'


def test_a_process_that_ignores_sigterm(host):
    create(host)
    host.set(stubborn=True)
    begun = time.monotonic()
    pid = os.posix_spawn(
        str(host.home / "bin/jexec"),
        ["jexec", "t1", "sleep", "60"],
        {**os.environ, **host.environment()},
    )
    while not host.processes("t1"):
        assert time.monotonic() < begun + 20
        time.sleep(0.05)
    before = time.monotonic()
    assert host.run("jail", "-r", "t1").returncode == 0
    assert time.monotonic() - before > 0.3
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -9


def test_a_busy_mount(host):
    host.run("mount", "-t", "tmpfs", "tmpfs", "/r/mnt")
    host.set(busy=["/r/mnt"])
    assert host.run("umount", "/r/mnt").stderr == "umount: unmount of /r/mnt failed: Device busy\n"
    host.set(busy=[])
    assert host.run("umount", "/r/mnt").returncode == 0
    assert host.mounts() == []


def test_an_interface_that_vanishes_removes_the_jail(host):
    host.run("ifconfig", "epair", "create")
    host.set(vanishing=["epair0b"])
    done = host.run("jail", "-c", "name=t1", "path=/r", "persist", "vnet", "vnet.interface=epair0b")
    assert done.stderr.splitlines() == [
        "ifconfig: interface epair0b does not exist",
        "jail: /sbin/ifconfig epair0b vnet 1: failed",
    ]
    assert (done.returncode, host.jails()) == (1, {})


def test_limits_can_be_off(host):
    host.set(racct=False)
    assert "kern.racct.enable=1 tunable" in host.run("rctl", "-a", "jail:t1:maxproc:deny=5").stderr
    assert host.run("sysctl", "-n", "kern.racct.enable").stdout == "0\n"


def test_rules_survive_their_jail(host):
    create(host)
    host.run("rctl", "-a", "jail:t1:maxproc:deny=5", "jail:t1:memoryuse:sigkill=1g", "jail:t1:bad:deny=1")
    host.run("jail", "-R", "t1")
    assert host.run("rctl").stdout == "jail:t1:memoryuse:sigkill=1073741824\njail:t1:maxproc:deny=5\n"


def test_mounts_cover_and_uncover(host, tmp_path):
    (tmp_path / "root/r/mnt/old").touch()
    for options in ((), ("-o", "ro")):
        host.run("mount", "-t", "tmpfs", *options, "tmpfs", "/r/mnt")
    assert [one["opts"] for one in host.mounts()] == [[], ["ro"]]
    shown = json.loads(host.run("mount", "--libxo", "json", "-t", "tmpfs").stdout)
    assert [one["node"] for one in shown["mount"]["mounted"]] == ["/r/mnt", "/r/mnt"]
    host.run("umount", "/r/mnt")
    assert not (tmp_path / "root/r/mnt/old").exists()
    host.run("umount", "/r/mnt")
    assert (tmp_path / "root/r/mnt/old").exists()


@pytest.mark.parametrize(("ruleset", "count"), [("4", 8), ("77", 46), ("5", 46)])
def test_only_a_ruleset_that_is_there_hides(ruleset, count):
    assert len(devices.visible(devices.DEFAULT_RULES, int(ruleset))) == count


def test_the_nodes_of_a_mounted_devfs(host, tmp_path):
    host.run("devfs", "rule", "-s", "100", "add", "include", "1")
    host.run("devfs", "rule", "-s", "100", "add", "path", "zero", "unhide", "mode", "0640")
    host.run("mount", "-t", "devfs", "-o", "ruleset=100", "devfs", "/r/dev")
    assert [one.name for one in (tmp_path / "root/r/dev").iterdir()] == ["zero"]
    assert stat.S_IMODE((tmp_path / "root/r/dev/zero").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0123", "name cannot be numeric (unless it is the jid)"),
        ("99999999999", "name cannot be numeric (unless it is the jid)"),
        ("a.b", 'jail "a" not found'),
    ],
)
def test_names_that_are_refused(host, name, text):
    done = host.run("jail", "-c", f"name={name}", "path=/r", "persist")
    assert (done.returncode, done.stderr) == (1, f"jail: {text}\n")


def test_a_jails_file():
    text = """# all of them
path = "/j/$name"; $who = "me";
t1 { persist; mount += "a /b tmpfs rw 0 0"; exec.start = "echo ${who}", 'echo $who'; /* no */ }
* { allow.mount; }
"""
    (block,) = conf.parse(text, "x")
    assert parameters.given(block.parameters()) == {
        "path": ["/j/t1"],
        "allow.mount": [],
        "persist": [],
        "mount": ["a /b tmpfs rw 0 0"],
        "exec.start": ["echo me", "echo $who"],
    }
    with pytest.raises(Refused, match=r"x: unexpected EOF"):
        conf.parse("t1 { persist;", "x")


def test_json_is_written_as_libxo_does():
    value = {"__version": "2", "x": {"jail": [{"a": 1, "b": []}, {"a": True}]}}
    wanted = '{"__version": "2", "x": {"jail": [{"a":1, "b": []}, {"a":true}]}}\n'
    assert libxo.render(value, "json") == wanted


def test_a_program_is_found_in_its_own_tree(tmp_path):
    (tmp_path / "bin").mkdir()
    with pytest.raises(FileNotFoundError):
        running.found_in(str(tmp_path), "sh", "/bin")
    with pytest.raises(PermissionError):
        running.found_in(str(tmp_path), "/bin", "")
