"""nexcage.drivers.pct.versions: pveversion is asked once, until a package brings other programs."""

import os

import pytest

from nexcage.drivers import Settings
from nexcage.drivers.pct.driver import Pct
from nexcage.errors import CommandFailed, DriverUnavailable, InvalidConfig
from nexcage.host.facts import Facts

PROGRAM = """#!/bin/sh
echo "$0 $*" >>{log}
echo 'pve-manager: {version} (running version: {version}/abc)'
echo 'pve-container: 6.1.10'
"""


class Node:
    """A directory with two programs, and drivers whose root lies beside it."""

    def __init__(self, place):
        self.place = place
        self.log = place / "log"
        self.root = place / "root"
        self.cache = place / "root/@pct.version"
        for name in ("pct", "pveversion"):
            self.install(name, "9.1.2")

    def install(self, name, version):
        """As dpkg does it: a new file takes the place of the old one."""
        new = self.place / f"{name}.new"
        new.write_text(PROGRAM.format(log=self.log, version=version))
        new.chmod(0o755)
        new.rename(self.place / name)

    def version(self):
        """What a new command is told of pve-manager."""
        return Pct(Facts(), f"{self.root}/@pct", Settings()).version().manager

    def calls(self):
        """How often a program was run."""
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0


@pytest.fixture
def node(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("NEXCAGE_CONFIG", "")
    return Node(tmp_path)


def test_it_is_asked_once(node):
    assert [node.version() for _ in range(3)] == [(9, 1, 2)] * 3
    assert node.calls() == 1
    assert node.cache.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["pct", "pveversion"])
def test_a_new_program_is_asked_again(node, name):
    node.version()
    node.install(name, "9.2.11")
    assert node.version() == ((9, 2, 11) if name == "pveversion" else (9, 1, 2))
    assert node.calls() == 2
    node.version()
    assert node.calls() == 2


def test_the_same_size_and_another_time_is_another_program(node):
    node.version()
    os.utime(node.place / "pveversion", (1, 1))
    node.version()
    assert node.calls() == 2


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe\n", b"x" * (1 << 17), b"\n" * 10])
def test_a_cache_that_is_not_ours_is_written_anew(node, content):
    node.cache.parent.mkdir()
    node.cache.write_bytes(content)
    assert [node.version(), node.version()] == [(9, 1, 2)] * 2
    assert node.calls() == 1


def test_a_cache_that_was_cut_short_is_written_anew(node):
    node.version()
    key, _, _ = node.cache.read_text().partition("\n")
    node.cache.write_text(f"{key}\npve-mana")
    assert [node.version(), node.version()] == [(9, 1, 2)] * 2
    assert node.calls() == 2


def test_an_answer_that_is_no_version_is_not_kept(node):
    (node.place / "wrong").write_text("")
    text = f"#!/bin/sh\n[ -e {node.place}/wrong ] || echo 'pve-manager: 9.1.2'\n"
    (node.place / "pveversion").write_text(text)
    with pytest.raises(CommandFailed, match="printed no version"):
        node.version()
    (node.place / "wrong").unlink()
    assert node.version() == (9, 1, 2)


def test_a_cache_that_cannot_be_used(node):
    node.cache.mkdir(parents=True)
    assert [node.version(), node.version()] == [(9, 1, 2)] * 2
    assert node.calls() == 2
    assert [path.name for path in node.cache.parent.iterdir()] == ["@pct.version"]


def test_a_root_that_cannot_be_made(node):
    node.root.write_text("")
    assert node.version() == (9, 1, 2)


def test_what_is_no_version_is_not_believed(node):
    node.install("pveversion", "none")
    with pytest.raises(CommandFailed, match="printed no version"):
        node.version()
    node.install("pveversion", "9.2.1")
    assert node.version() == (9, 2, 1)


def test_no_node_at_all(node):
    (node.place / "pveversion").unlink()
    with pytest.raises(DriverUnavailable, match="pveversion is not installed: this is no node"):
        node.version()


def test_the_configuration_of_the_driver_is_that_of_the_host(node, monkeypatch):
    path = node.place / "config.json"
    path.write_text('{"proxmox": {"storage": "zfs", "swap": 256, "onboot": true, "timeout": 7.5}}')
    monkeypatch.setenv("NEXCAGE_CONFIG", str(path))
    monkeypatch.setenv("NEXCAGE_PROXMOX_STORAGE", "tank")
    driver = Pct(Facts(), f"{node.root}/@pct", Settings())
    assert driver.configuration() == {
        "proxmox.storage": "tank",
        "proxmox.swap": "256",
        "proxmox.onboot": "1",
        "proxmox.timeout": "7.5",
    }
    assert driver.tools.patience() == 7.5
    path.write_text('{"proxmox": {"storage": 5}}')
    monkeypatch.delenv("NEXCAGE_PROXMOX_STORAGE")
    with pytest.raises(InvalidConfig, match=r"proxmox\.storage: must be text"):
        driver.configuration()
