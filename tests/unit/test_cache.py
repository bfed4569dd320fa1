"""nexcage.bundler.cache: whose it may be, and who makes and removes what is in it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nexcage.bundler import lease
from nexcage.bundler.cache import Cache, chain, default_directory
from nexcage.cli.bundle.prune import _prune
from nexcage.errors import NexcageError, PermissionDenied
from tests.unit import layer_maker as made
from tests.unit.layer_maker import entry, tar

IS_ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not IS_ROOT, reason="needs root")
ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
LAYERS = (tar(entry(b"a", made.DIR), entry(b"a/f", data=b"x")), tar(entry(b"g", data=b"y")))


def test_it_is_made_for_nobody_else(tmp_path):
    cache = Cache(str(tmp_path / "deep" / "cache"))
    assert os.stat(cache.directory).st_mode & 0o777 == 0o700
    assert {os.stat(f"{cache.directory}/{x}").st_mode & 0o777 for x in os.listdir(cache.directory)} == {0o700}


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
def test_one_that_others_can_write_to_is_refused(tmp_path, mode):
    tmp_path.chmod(mode)
    with pytest.raises(PermissionDenied) as error:
        Cache(str(tmp_path))
    assert error.value.code == "cache-unsafe"
    assert os.listdir(tmp_path) == []


@root_only
def test_one_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir(mode=0o700)
    os.chown(tmp_path / "theirs", 4242, 4242)
    (tmp_path / "ours").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("ours")
    os.chown(tmp_path / "link", 4242, 4242, follow_symlinks=False)
    for name in ("theirs", "link"):
        with pytest.raises(PermissionDenied) as error:
            Cache(str(tmp_path / name))
        assert error.value.code == "cache-unsafe"
    assert os.listdir(tmp_path / "theirs") == os.listdir(tmp_path / "ours") == []


def test_a_link_of_ours_is_fine(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("real")
    assert sorted(os.listdir(Cache(str(tmp_path / "link")).directory)) == sorted(
        os.listdir(tmp_path / "real")
    )


def test_what_is_no_directory(tmp_path):
    (tmp_path / "file").write_text("x")
    for name in ("file", "file/below"):
        with pytest.raises(NexcageError, match="cannot use the cache"):
            Cache(str(tmp_path / name))


def test_where_it_is_by_default(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert default_directory() == "/x/nexcage"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert default_directory() == "/home/me/.cache/nexcage"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_directory() == "/var/cache/nexcage"


def test_the_order_of_layers_matters():
    assert chain(["sha256:a", "sha256:b"]) != chain(["sha256:b", "sha256:a"]) != chain(["sha256:a"])


@root_only
def test_several_make_the_same_layers(tmp_path):
    """Each layer is unpacked by one of them, and all get the same."""
    image = made.image(tmp_path / "blobs", *LAYERS)
    found, failed = [], []

    def make():
        try:
            found.append(made.unpacking().cached_layers(image, Cache(str(tmp_path / "cache"))))
        except NexcageError as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(found) == 6
    assert len({tuple(homes) for homes in found}) == 1
    assert not [name for name in os.listdir(tmp_path / "cache") if name.startswith("work-")]


MAKE = """
import sys
from pathlib import Path
from nexcage.bundler.cache import Cache
from nexcage.bundler.layers.content import Content
from tests.unit import layer_maker as made
from tests.unit.test_cache import LAYERS
import time
def stuck(*_):
    print("there", flush=True)
    time.sleep(60)
if sys.argv[2] == "stuck":
    Content.copy = stuck
image = made.image(Path(sys.argv[1]) / "blobs", *LAYERS)
print(made.unpacking().cached_layers(image, Cache(sys.argv[1] + "/cache")), flush=True)
"""


@root_only
def test_one_that_is_killed_leaves_nothing_that_counts(tmp_path):
    command = [sys.executable, "-c", MAKE, str(tmp_path)]
    with subprocess.Popen([*command, "stuck"], env=ENV, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "there\n"
        cache = Cache(str(tmp_path / "cache"))
        assert cache.at_work()
        assert cache.sweep() == 0
        process.send_signal(signal.SIGKILL)
    assert os.listdir(tmp_path / "cache" / "layers") == []
    assert not cache.at_work()
    done = subprocess.run([*command, "go"], env=ENV, capture_output=True, text=True, check=True)
    assert len(os.listdir(tmp_path / "cache" / "layers")) == 2, done.stderr
    assert cache.sweep() == 1


@root_only
def test_prune_frees_what_nobody_leases(tmp_path):
    cache = Cache(str(tmp_path / "cache"))
    image = made.image(tmp_path / "blobs", *LAYERS)
    homes = made.unpacking().cached_layers(image, cache)
    made.unpacking().chain_manifest(homes, image, cache)
    own = tmp_path / "own"
    own.mkdir()
    lease.take(cache.directory, str(own), str(tmp_path / "bundle"), homes[:1], str(own))
    expected = sorted(
        [os.path.relpath(homes[1], cache.directory), "chains/" + os.listdir(f"{cache.directory}/chains")[0]]
    )
    assert sorted(_prune(cache, dry=True)[0]) == expected
    assert os.path.exists(homes[1])
    assert sorted(_prune(cache, dry=False)[0]) == expected
    assert [os.path.exists(home) for home in homes] == [True, False]
    assert not [name for name in os.listdir(cache.directory) if name.startswith("work-")]


@root_only
def test_a_prune_that_is_killed_leaves_no_half_layer(tmp_path):
    """Half of a layer under the name of the whole would be in every later bundle."""
    cache = Cache(str(tmp_path / "cache"))
    homes = made.unpacking().cached_layers(made.image(tmp_path / "blobs", *LAYERS), cache)
    code = (
        "import os, sys\n"
        "from nexcage.bundler.cache import Cache\n"
        "from nexcage.cli.bundle.prune import _prune\n"
        "from nexcage.host import files\n"
        "real = os.unlink\n"
        "def unlink(*a, **k):\n    real(*a, **k)\n    os.kill(os.getpid(), 9)\n"
        "os.unlink = unlink\n"
        "_prune(Cache(sys.argv[1]), dry=False)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, cache.directory], env=ENV, check=False)
    assert done.returncode == -9
    for home in homes:
        assert not os.path.exists(home) or os.listdir(home + "/tree")
    again = made.unpacking().cached_layers(made.image(tmp_path / "blobs", *LAYERS), cache)
    assert Path(again[0], "tree", "a", "f").read_text() == "x"
    assert Path(again[1], "tree", "g").read_text() == "y"
    cache.sweep()
    assert not [name for name in os.listdir(cache.directory) if name.startswith("work-")]
