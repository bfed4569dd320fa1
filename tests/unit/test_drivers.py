"""nexcage.drivers: names, versions, command lines, and why a driver cannot run."""

import pytest

from nexcage.drivers import Settings, _ocicli, get, name_of
from nexcage.drivers.crun import Crun
from nexcage.drivers.runc import Runc
from nexcage.errors import CommandFailed, DriverUnavailable, Unsupported, UsageError
from nexcage.host.facts import Facts


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.8.1", (1, 8, 1)),
        ("1.1.5+ds1\n", (1, 1, 5)),
        ("1.4.0-rc.1", (1, 4, 0)),
        ("1.0.0~rc93+ds1", (1, 0, 0)),
        ("1.26", (1, 26, 0)),
        ("1.14.3.0.0.0.12-7b8a", (1, 14, 3)),
    ],
)
def test_versions_are_read(text, version):
    assert _ocicli._numbers(text) == version


@pytest.mark.parametrize("text", ["", "UNKNOWN", "v.x", "+ds1"])
def test_a_version_that_cannot_be_read_is_named(text):
    with pytest.raises(CommandFailed, match="cannot read the version"):
        _ocicli._numbers(text)


def test_names_of_drivers():
    assert [name_of(text) for text in ("crun", "runc", "lxc", "pct", "jail")] == [
        "crun",
        "runc",
        "pct",
        "pct",
        "jail",
    ]
    with pytest.raises(UsageError, match='unknown runtime "foo"'):
        name_of("foo")
    with pytest.raises(UsageError, match="virtual machines are not containers"):
        name_of("qemu")
    with pytest.raises(DriverUnavailable, match="this version of nexcage has no moon driver"):
        get("moon", Facts(), "/x")


def test_a_hybrid_host_has_no_crun_unless_cgroups_are_off(monkeypatch):
    monkeypatch.setattr(Facts, "cgroup_mode", lambda _: "hybrid")
    monkeypatch.setattr(Crun, "program", lambda _: "/usr/bin/crun")
    assert "hybrid" in Crun(Facts(), "/x", Settings()).fingerprint().message
    assert Crun(Facts(), "/x", Settings("disabled")).fingerprint() is None


def test_global_options_are_said_in_the_words_of_each_driver(monkeypatch):
    for kind in (Crun, Runc):
        monkeypatch.setattr(kind, "program", lambda self: self.name)
    settings = Settings("systemd", "true")
    assert Crun(Facts(), "/r", settings).argv("kill", "-x", after=["9"]) == [
        "crun", "--root", "/r", "--cgroup-manager=systemd", "--rootless=true", "kill", "--", "-x", "9",
    ]  # fmt: skip
    assert Runc(Facts(), "/r", settings).argv("kill", "x", after=["9"]) == [
        "runc", "--root", "/r", "--systemd-cgroup", "--rootless=true", "kill", "x", "9",
    ]  # fmt: skip
    with pytest.raises(Unsupported, match="runc cannot run without cgroups"):
        Runc(Facts(), "/r", Settings("disabled")).argv("kill", "x")


FAKE = """#!/bin/sh
echo "$*" >> {log}
echo 'crun version 9.8.7'
"""


def test_a_version_is_asked_once_until_the_program_changes(tmp_path, monkeypatch):
    program = tmp_path / "crun"
    program.write_text(FAKE.format(log=tmp_path / "log"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    titles = [Crun(Facts(), f"{tmp_path}/@crun", Settings()).title() for _ in range(3)]
    assert titles == ["crun 9.8.7"] * 3
    assert (tmp_path / "log").read_text() == "--version\n"
    program.write_text(program.read_text().replace("9.8.7", "9.8.10"))
    assert Crun(Facts(), f"{tmp_path}/@crun", Settings()).version() == (9, 8, 10)


def test_a_root_that_is_not_there_yet_is_not_made_for_a_version(tmp_path, monkeypatch):
    program = tmp_path / "crun"
    program.write_text(FAKE.format(log="/dev/null"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Crun(Facts(), f"{tmp_path}/root/@crun", Settings()).version() == (9, 8, 7)
    assert not (tmp_path / "root").exists()


def test_a_driver_that_is_not_installed_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    for kind in (Crun, Runc):
        reason = kind(Facts(), "/x", Settings()).fingerprint()
        assert (reason.message, reason.code) == (f"{kind.name} is not installed", "driver-unavailable")
        assert f"apt install {kind.name}" in reason.hint
