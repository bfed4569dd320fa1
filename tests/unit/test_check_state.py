"""nexcage.checks.state and bundles: drivers are asked once for all, and what fails hides nothing."""

import json
import os

import pytest

from nexcage import checks
from nexcage.cli.call import Call
from nexcage.errors import NexcageError
from nexcage.host import leftovers
from nexcage.oci.bundle import digest
from nexcage.state.record import Record

DRIVER = """#!/bin/sh
echo "$@" >>{calls}
case "$*" in *" list "*) cat {rows};; *) echo "crun version 1.8.1";; esac
"""
CONFIG = b'{"ociVersion": "1.0.2"}\n'


@pytest.fixture
def host(tmp_path, monkeypatch):
    """A host with a driver that notes its calls; ``fill`` gives it containers."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "crun"
    program.write_text(DRIVER.format(calls=tmp_path / "calls", rows=tmp_path / "rows"))
    program.chmod(0o755)
    (tmp_path / "calls").touch()
    (tmp_path / "rows").write_text("[]")
    (tmp_path / "bundle" / "rootfs").mkdir(parents=True)
    (tmp_path / "bundle" / "config.json").write_bytes(CONFIG)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("NEXCAGE_CACHE", str(tmp_path / "cache"))
    return checks.Host(Call("check", {"root": [str(tmp_path / "root")]}, []))


def fill(host, place, number, known):
    """Records of ``number`` containers; the driver knows the first ``known`` of them."""
    names = [f"c{n:04d}" for n in range(number)]
    bundle = f"{place}/bundle"
    for name in names:
        home = place / "root" / name
        home.mkdir(parents=True)
        record = Record(
            id=name, driver="crun", handle=name, oci_version="1.0.2", bundle=bundle,
            rootfs=f"{bundle}/rootfs", created="2026-11-22T20:49:38Z", owner="root",
            boot_id=host.facts.boot_id(), stdio="inherit", cgroup_manager="", annotations={},
            config_file=f"{bundle}/config.json",
            config_digest=digest(CONFIG),
        )  # fmt: skip
        (home / "record.json").write_bytes(record.to_json())
    for name in names[:known]:
        (place / "root" / "@crun" / name).mkdir(parents=True)
    rows = [{"id": name, "status": "running", "pid": os.getpid()} for name in names[:known]]
    (place / "rows").write_text(json.dumps(rows))


def told(results, status):
    return [result.message for result in results if result.status == status]


def test_the_driver_is_asked_once_for_a_thousand_containers(host, tmp_path):
    fill(host, tmp_path, 1000, known=1000)
    found = checks.run(host, ["state", "bundles"])
    assert told(found, "warn") == told(found, "fail") == []
    assert "1000 containers as recorded" in told(found, "pass")
    assert len((tmp_path / "calls").read_text().splitlines()) == 1


def test_it_is_asked_once_more_where_containers_are_missing(host, tmp_path):
    fill(host, tmp_path, 50, known=40)
    found = told(checks.run(host, ["state"]), "fail")
    assert found == [f'container "c{n:04d}" is gone: crun does not know it' for n in range(40, 50)]
    assert len((tmp_path / "calls").read_text().splitlines()) == 2


def test_a_driver_that_fails_hides_nothing_else(host, tmp_path):
    fill(host, tmp_path, 3, known=3)
    (tmp_path / "rows").write_text("no JSON")
    (tmp_path / "root" / "notes").touch()
    (tmp_path / "root" / "@crun" / "lost").mkdir()
    found = checks.run(host, ["state"])
    assert any(text.startswith("crun cannot tell of 3 containers: crun: ") for text in told(found, "fail"))
    assert any('has the container "lost"' in text for text in told(found, "fail"))
    assert any("notes is no directory of a container" in text for text in told(found, "warn"))


def test_an_aspect_that_fails_itself_does_not_keep_the_others_from_being_looked_at(host, monkeypatch):
    def fail(*_):
        raise NexcageError("no such luck", hint="try again")

    monkeypatch.setattr(leftovers, "inside", fail)
    monkeypatch.setattr("nexcage.checks.left._cgroups", lambda _: [("web", "it", "/x")])
    found = {result.name: result for result in checks.run(host, ["state"])}
    assert (found["processes"].status, found["processes"].message) == ("fail", "no such luck")
    assert found["files"].status == "pass"


def test_bundles_of_many_containers_are_read_once(host, tmp_path, monkeypatch):
    fill(host, tmp_path, 20, known=20)
    (tmp_path / "bundle" / "config.json").write_bytes(b"{}")
    hashed = []
    monkeypatch.setattr("nexcage.checks.bundles.digest", lambda text: hashed.append(text) or digest(text))
    assert len(told(checks.run(host, ["bundles"]), "fail")) == 20
    assert hashed == [b"{}"]


@pytest.mark.parametrize(
    "path", ["", "relative/nobodys-own", "/", "//", "///", "/..", "system.slice:nexcage:nobodys-own"]
)
def test_no_cgroup_is_looked_into_or_removed_that_is_nobodys_own(path, monkeypatch):
    monkeypatch.setattr(leftovers, "_remove", pytest.fail)
    leftovers.remove_cgroup("crun", path, 0.0)
    assert leftovers.inside(path) == []
