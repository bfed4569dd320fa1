# SPDX-License-Identifier: Apache-2.0
"""The FreeBSD host of a scenario: its tools come first, nobody else sees it, and what is left is noticed."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from step_defs import bundle_store, facts, jail_host, jail_machine, mounting
from step_defs.jail_bundles import JailBundleStore, tree
from step_defs.jail_host import StandIn

missing = (
    "not root" if os.geteuid() else "" if mounting.is_private() else "no mounts of its own: use ./test.sh"
)
pytestmark = pytest.mark.skipif(bool(missing) and "CI" not in os.environ, reason=missing)


@pytest.fixture
def node(tmp_path):
    made = StandIn(tmp_path / jail_host.HOME)
    yield made
    made.end()


@pytest.fixture
def root(tmp_path):
    found = tmp_path / "rootfs"
    for name in ("bin", "dev"):
        (found / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", found / "bin/sleep")
    return found


def create(node, root, name="web", *words):
    done = node.run("jail", "-c", f"name={name}", f"path={root}", "persist", *words)
    assert done.returncode == 0, done.stderr


def test_what_is_left_is_named(node, root):
    assert node.left() == []
    with node.given() as host:
        host.set(interfaces={**host.state["interfaces"], "epair0b": {"jid": 0, "inet": [], "up": False}})
    create(node, root, "web", "vnet", "vnet.interface=epair0b")
    node.run("mount", "-t", "tmpfs", "tmpfs", str(root / "dev"))
    node.run("rctl", "-a", "jail:web:maxproc:deny=5")
    for number in ("20001", "19999"):
        node.run("devfs", "rule", "-s", number, "add", "hide")
    assert node.left() == [
        "on the host: jail web (1)",
        f"on the host: mount of tmpfs at {root}/dev",
        "on the host: rule jail:web:maxproc:deny=5",
        "on the host: rule set 20001",
        "missing on the host: interface epair0b",
    ]
    assert node.places["{jid of web}"] == 1
    node.undo()
    assert node.left() == ["on the host: rule jail:web:maxproc:deny=5", "on the host: rule set 20001"]


def test_what_was_given_may_stay_and_goes_at_the_end(node, root):
    with node.given():
        create(node, root, "db")
    assert node.left() == []
    node.undo()
    assert node.left() == []
    assert node.jails() == {}


def test_an_interface_that_vanished_is_not_missing(node):
    with node.given() as host:
        host.set(interfaces={**host.state["interfaces"], "em1": {"jid": 0, "inet": [], "up": False}})
    node.freebsd.set(vanishing=["em1"])
    assert "does not exist" in node.run("ifconfig", "em1", "up").stderr
    assert node.left() == ["missing on the host: interface em1"]
    node.heal()
    assert node.left() == []


def test_calls_of_others_are_not_nexcages(node):
    node.run("kldstat")
    began = node.count()
    node.freebsd.run("jls", "-d")
    node.ended(began)
    node.run("kldstat")
    assert (node.calls(), node.calls_of_last()) == ([["jls", "-d"]], [["jls", "-d"]])


def test_a_tool_that_hangs_is_left_and_ends(node):
    node.freebsd.fault("jls", hang=60)
    with subprocess.Popen([node.freebsd.home / "bin/jls"], env={**os.environ, **node.environment}) as process:
        while not node.count():
            time.sleep(0.01)
        assert [line for line in node.left() if line.startswith(f"process {process.pid} of the host: ")]
        node.heal()
        assert process.wait(10) == -9
    assert node.left() == []


def test_what_ran_in_a_session_that_was_killed(node, root, tmp_path):
    create(node, root)
    code = "import ctypes, os; ctypes.CDLL(None).jail_attach(1); os.execv('/bin/sleep', ['sleep', '60'])"
    environment = {**os.environ, **node.environment}
    with subprocess.Popen([sys.executable, "-IS", "-c", code], env=environment) as process:
        while Path(f"/proc/{process.pid}/cmdline").read_bytes() != b"sleep\x0060\0":
            time.sleep(0.01)
        # elsewhere the namespaces of its jails are not mounted, and only its root tells whose it is
        sweep = (
            "import sys, pathlib; from step_defs import jail_host; jail_host.sweep(pathlib.Path(sys.argv[1]))"
        )
        hidden = f"for m in {node.freebsd.home}/ns/*.??c {node.freebsd.home}/ns/*.uts; do umount $m; done; "
        subprocess.run(
            ["unshare", "-m", "sh", "-c", f'{hidden}exec "$@"', "sh", sys.executable, "-c", sweep, tmp_path],
            check=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert process.wait(10) == -9


def test_a_bundle_for_a_jail(tmp_path):
    store = JailBundleStore(tmp_path, "/none")
    bundle = store.render("bundle", "base")
    document = bundle.read()
    assert [row["type"] for row in document["mounts"]] == ["devfs"]
    assert "linux" not in document
    assert "capabilities" not in document["process"]
    assert store.for_container("a") is bundle
    (bundle.rootfs / "made").mkdir()
    other = store.for_container("b")
    assert other.dir != bundle.dir
    assert tree(other.rootfs) == store.trees[other.name] == store.trees[bundle.name] | {"made"}


class Tagged:
    """A scenario with the tag @jail."""

    def get_closest_marker(self, name):
        return name if name == "jail" else None


def test_a_root_where_there_is_no_busybox(tmp_path, monkeypatch):
    rescue = tmp_path / "rescue"
    rescue.mkdir()
    for name in ("sh", "sleep"):
        (rescue / name).write_text("rescue")
    monkeypatch.setattr(bundle_store, "RESCUE", rescue)
    bundle_store.applets.cache_clear()
    try:
        bundle_store.build_rootfs(tmp_path / "rootfs")
    finally:
        bundle_store.applets.cache_clear()
    assert (tmp_path / "rootfs/bin/sleep").read_text() == "rescue"


def test_only_freebsd_is_a_real_host(tmp_path, monkeypatch):
    made = jail_host.made_for(Tagged(), tmp_path)
    assert isinstance(made, StandIn)
    made.end()
    monkeypatch.setattr(sys, "platform", "freebsd15")
    monkeypatch.setattr(jail_machine.Machine, "things", lambda _: set())
    assert isinstance(jail_host.made_for(Tagged(), tmp_path), jail_machine.Machine)


def test_who_gets_scenarios_about_jails():
    known = facts.read()
    assert facts.refusal({"nexcage", "jail"}, "nexcage", "crun", known).reason == "only for jail"
    assert facts.refusal({"nexcage"}, "nexcage", "jail", known).reason == "not about jail"
    assert "gcc" in facts.dataclasses.replace(known, tools=(), euid=0).lacks_driver("jail")
    assert "root" in facts.dataclasses.replace(known, euid=1000).lacks_driver("jail")


def test_a_real_host_is_asked_by_its_tools(tmp_path, monkeypatch, root):
    """The same questions, whoever answers them: here the stand-in's tools, found on PATH."""
    stand_in = StandIn(tmp_path / jail_host.HOME)
    try:
        for name, value in stand_in.environment.items():
            monkeypatch.setenv(name, value)
        machine = jail_machine.Machine()
        assert machine.left() == []
        create(stand_in, root)
        stand_in.run("rctl", "-a", "jail:web:maxproc:deny=5")
        for what in ("rules", "rule_sets", "interfaces", "things"):
            assert getattr(machine, what)() == getattr(stand_in, what)(), what
        assert (
            machine.jail("web").items()
            <= {**stand_in.jail("web"), "dying": "false", "children.cur": "0"}.items()
        )
        assert machine.processes(1) == []
        assert machine.left() == ["jail web (1)", "rule jail:web:maxproc:deny=5"]
        machine.end()
        assert stand_in.jails() == {}
    finally:
        stand_in.end()
