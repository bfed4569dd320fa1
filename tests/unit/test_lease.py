"""nexcage.bundler.lease: layers stay as long as a bundle uses them, wherever it goes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from nexcage.bundler import lease
from nexcage.bundler.cache import Cache
from nexcage.errors import StateCorrupt

ENTRIES = ["layers/" + "a" * 64, "layers/" + "b" * 64]


@pytest.fixture
def cache(tmp_path):
    return Cache(str(tmp_path / "cache")).directory


@pytest.fixture(params=["here", "elsewhere"])
def place(request, tmp_path):
    """Where bundles are: on the cache's file system, or on another one."""
    (tmp_path / "place").mkdir()
    if request.param == "here":
        yield tmp_path / "place"
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0755", "t", str(tmp_path / "place")]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("no tmpfs can be mounted here")
    yield tmp_path / "place"
    subprocess.run(["umount", str(tmp_path / "place")], check=True)


def taken(cache, place, name="bundle"):
    """A bundle in the making that leases ENTRIES: (the directory where it is made, the lease)."""
    making = place / f".{name}.making"
    (making / ".nexcage").mkdir(parents=True)
    entries = [f"{cache}/{x}" for x in ENTRIES]
    return making, lease.take(cache, str(making / ".nexcage"), str(place / name), entries, cache)


def test_it_holds_while_the_bundle_is_made_and_after(cache, place):
    making, _ = taken(cache, place)
    assert lease.used(cache) == (set(ENTRIES), [])
    making.rename(place / "bundle")
    assert lease.used(cache) == (set(ENTRIES), [])


def test_it_ends_with_the_bundle(cache, place):
    making, name = taken(cache, place)
    making.rename(place / "bundle")
    shutil.rmtree(place / "bundle")
    assert lease.used(cache) == (set(), [name])
    assert os.listdir(cache + "/leases") == [name]
    lease.drop(cache, name)
    lease.drop(cache, name)
    assert lease.used(cache) == (set(), [])


def test_it_ends_with_a_making_that_was_given_up(cache, place):
    making, name = taken(cache, place)
    shutil.rmtree(making)
    assert lease.used(cache) == (set(), [name])


def test_the_bundle_may_move_on_its_file_system(cache, tmp_path):
    (tmp_path / "place").mkdir()
    making, _ = taken(cache, tmp_path / "place")
    making.rename(tmp_path / "moved")
    assert lease.used(cache) == (set(ENTRIES), [])


def test_another_bundle_in_its_place_has_its_own(cache, place):
    making, first = taken(cache, place)
    making.rename(place / "bundle")
    shutil.rmtree(place / "bundle")
    making, second = taken(cache, place)
    making.rename(place / "bundle")
    assert first != second
    assert lease.used(cache) == (set(ENTRIES), [first])


@pytest.mark.parametrize("data", [b"[]", b"{", b"\xff", b'"x"', b"1"])
def test_one_that_cannot_be_read_stops_everything(cache, data):
    """Rather no pruning than the layers of a bundle that runs."""
    Path(cache, "leases", "x").write_bytes(data)
    with pytest.raises(StateCorrupt) as error:
        lease.used(cache)
    assert error.value.code == "lease-corrupt"


def test_one_whose_taker_was_killed_at_once(cache):
    Path(cache, "leases", "x").touch()
    assert lease.used(cache) == (set(), ["x"])


@pytest.mark.parametrize("entries", [b'"layers/x"', b"5", b"null", b'{"a": 1}'])
def test_one_with_odd_entries(cache, tmp_path, entries):
    path = Path(cache, "leases", "x")
    path.write_bytes(b'{"bundle": "/b", "entries": ' + entries + b"}")
    os.link(path, tmp_path / "second")
    with pytest.raises(StateCorrupt):
        lease.used(cache)


@pytest.mark.parametrize("name", ["../../precious", "", ".", "/etc/x", "A" * 32, "../" + "a" * 29])
def test_a_name_that_is_none_removes_nothing(cache, tmp_path, name):
    """It comes from bundle.json, which its owner may have changed."""
    (tmp_path / "precious").write_text("x")
    lease.drop(cache, name)
    assert (tmp_path / "precious").exists()
