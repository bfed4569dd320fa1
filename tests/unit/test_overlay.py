"""nexcage.bundler.overlay and what a bundle does with it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexcage.bundler import overlay
from nexcage.bundler.build import Order, make
from nexcage.bundler.config import Wishes
from nexcage.bundler.manifest.made import verify
from nexcage.bundler.remount import ensure_mounted
from nexcage.bundler.sources import SourceWishes
from nexcage.bundler.transient import discard
from nexcage.errors import InvalidBundle, NexcageError, NoSpace, PermissionDenied
from nexcage.jsontext import dumps, loads
from tests.unit import layer_maker as made
from tests.unit.layer_maker import entry, tar
from tests.unit.test_unpack import layout, tmpfs

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: mounts")
ODD = ["plain", "a b", "co,mma", "co:lon", "back\\slash", "new\nline", "e\u0301", "lowerdir=x"]


def mounted(directory, count):
    """An overlay of ``count`` layers, each with one file of its own and one of all."""
    lowers = [directory / f"l{i}" for i in range(count)]
    for i, lower in enumerate(lowers):
        lower.mkdir(parents=True)
        (lower / f"f{i}").write_text(str(i))
        (lower / "all").write_text(str(i))
    for name in ("upper", "work", "root"):
        (directory / name).mkdir()
    overlay.mount(
        [str(x) for x in reversed(lowers)],
        str(directory / "upper"),
        str(directory / "work"),
        str(directory / "root"),
    )
    return directory / "root"


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("count", [1, 3])
def test_any_path(tmp_path, name, count):
    handles = len(os.listdir("/proc/self/fd"))
    root = mounted(tmp_path / name, count)
    try:
        assert sorted(os.listdir(root)) == sorted(["all", *(f"f{i}" for i in range(count))])
        assert (root / "all").read_text() == str(count - 1)
        assert overlay.is_mounted(str(root))
    finally:
        assert overlay.unmount(str(root))
    assert not overlay.unmount(str(root))
    assert os.listdir(root) == []
    assert len(os.listdir("/proc/self/fd")) == handles


@pytest.mark.parametrize("count", [150, overlay.MOST])
def test_more_layers_than_fit_on_a_page(tmp_path, count):
    root = mounted(tmp_path / ("long" * 30), count)
    try:
        assert len(os.listdir(root)) == count + 1
    finally:
        overlay.unmount(str(root))


def test_it_is_unmounted_while_it_is_in_use(tmp_path):
    root = mounted(tmp_path, 1)
    with open(root / "all") as file:
        assert overlay.unmount(str(root))
        assert file.read() == "0"
    assert not overlay.is_mounted(str(root))


def test_what_is_not_there(tmp_path):
    (tmp_path / "dir").mkdir()
    for name in ("missing", "mis,sing"):
        with pytest.raises(NexcageError, match="no such file or directory") as error:
            overlay.mount(
                [str(tmp_path / name)], str(tmp_path / "dir"), str(tmp_path / "dir"), str(tmp_path / "dir")
            )
        assert error.value.code == "overlay-failed"
    assert not overlay.is_mounted(str(tmp_path / "missing"))
    assert not overlay.unmount(str(tmp_path / "missing"))


def test_without_root_the_hint_is_to_copy():
    code = (
        "import sys\nfrom nexcage.bundler import overlay\nfrom nexcage.errors import PermissionDenied\n"
        "try:\n    overlay.mount(['/usr'], '/tmp', '/tmp', '/tmp')\n"
        "except PermissionDenied as e:\n    print(e.code, e.hint)\n"
    )
    command = ["setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", sys.executable, "-B", "-c", code]
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.stdout == "overlay-failed run it as root, or use --rootfs copy\n", done.stderr


LOWER = tar(
    entry(b"./", made.DIR, mode=0o755, mtime=7),
    entry(b"bin", made.DIR, mode=0o755),
    entry(b"bin/sh", data=b"x", mode=0o755),
)


def created(directory, *tars, mode="overlay", name="bundle", cache=None, source=None):
    where = source or layout(directory / "image", *tars)
    wishes = Wishes()
    wishes.args = ["/bin/sh"]
    sources = SourceWishes(cache=cache or str(directory / "cache"))
    return make(
        Order(f"oci:{where}:latest", str(directory / name), sources=sources, wishes=wishes, mode=mode)
    )


@pytest.mark.parametrize("count", [2, 30, overlay.MOST + 1])
def test_a_bundle_of_many_layers(tmp_path, count):
    """More layers than an overlay takes lie in one tree of the cache."""
    tars = [
        LOWER,
        *(tar(entry(b"f%d" % i, data=b"%d" % i), entry(b"top", data=b"%d" % i)) for i in range(1, count)),
    ]
    created(tmp_path, *tars)
    bundle = str(tmp_path / "bundle")
    try:
        with verify(bundle, times=True) as found:
            assert found.unchanged
        root = tmp_path / "bundle" / "rootfs"
        assert (root / "top").read_text() == str(count - 1)
        assert root.stat().st_mtime == 7
        lowers = loads((tmp_path / "bundle" / ".nexcage" / "bundle.json").read_bytes())["rootfs"]["lowers"]
        assert len(lowers) == (count if count <= overlay.MOST else 1)
    finally:
        discard(bundle)
    assert os.listdir(tmp_path / "cache" / "layers") or count > overlay.MOST


def test_it_is_mounted_again_with_what_was_changed(tmp_path):
    created(tmp_path, LOWER)
    bundle, root = str(tmp_path / "bundle"), tmp_path / "bundle" / "rootfs"
    try:
        (root / "new").write_text("x")
        (root / "bin" / "sh").unlink()
        assert not ensure_mounted(bundle)
        overlay.unmount(str(root))
        assert os.listdir(root) == []
        assert ensure_mounted(bundle)
        assert sorted(os.listdir(root)) == ["bin", "new"]
        assert os.listdir(root / "bin") == []
    finally:
        discard(bundle)


def test_layers_that_are_gone_are_told(tmp_path):
    created(tmp_path, LOWER)
    bundle = str(tmp_path / "bundle")
    overlay.unmount(bundle + "/rootfs")
    subprocess.run(["rm", "-rf", str(tmp_path / "cache" / "layers")], check=True)
    with pytest.raises(InvalidBundle, match="the cache has lost 1 layers of bundle") as error:
        ensure_mounted(bundle)
    assert error.value.code == "bundle-layers-missing"
    discard(bundle)
    assert not os.path.exists(bundle)


@pytest.mark.parametrize("where", ["bundle", "cache"])
@pytest.mark.parametrize("mode", ["overlay", "copy", "reflink", "auto"])
def test_a_full_disk_leaves_nothing(tmp_path, where, mode):
    big = tar(*(entry(b"f%d" % i, data=os.urandom(5000)) for i in range(100)))
    source = layout(tmp_path / "image", LOWER, big)
    with tmpfs(tmp_path / "small", "200k") as small:
        place = small if where == "bundle" else tmp_path
        cache = str((small if where == "cache" else tmp_path) / "cache")
        name = "small/bundle" if where == "bundle" else "bundle"
        errors = []
        try:
            created(tmp_path, mode=mode, name=name, cache=cache, source=source)
            discard(str(tmp_path / name))
        except (NexcageError, OSError) as error:
            errors.append(error)
        fits = (where, mode) in {("bundle", "overlay"), ("bundle", "auto"), ("cache", "copy")}
        assert len(errors) == (not fits)
        for error in errors:
            no_clones = mode == "reflink" and getattr(error, "code", "") == "reflink-unsupported"
            assert isinstance(error, NoSpace) or getattr(error, "errno", 0) == errno.ENOSPC or no_clones
        assert [x for x in os.listdir(place) if "bundle" in x] == []
        assert not [x for x in os.listdir(cache) if x.startswith("work-")]
        assert not os.listdir(cache + "/leases") or where == "bundle"
    with open("/proc/self/mountinfo") as file:
        assert str(tmp_path) not in file.read()


def test_a_parent_that_is_read_only(tmp_path):
    source = layout(tmp_path / "image", LOWER)
    with tmpfs(tmp_path / "ro", "1m") as place:
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        with pytest.raises(PermissionDenied, match="read-only file system"):
            created(tmp_path, name="ro/bundle", source=source)
    assert os.listdir(tmp_path / "cache" / "leases") == []


@pytest.mark.parametrize("what", ["", ".nexcage", ".nexcage/bundle.json", "rootfs", "link"])
def test_nothing_is_mounted_for_somebody_else(tmp_path, what):
    """Who may write bundle.json, or put a link at rootfs, would have us mount anything anywhere."""
    created(tmp_path, LOWER)
    bundle = tmp_path / "bundle"
    overlay.unmount(str(bundle / "rootfs"))
    (tmp_path / "victim").mkdir()
    if what == "link":
        (bundle / "rootfs").rmdir()
        (bundle / "rootfs").symlink_to(tmp_path / "victim")
    else:
        os.chown(bundle / what, 4242, 4242)
    with pytest.raises(InvalidBundle) as error:
        ensure_mounted(str(bundle))
    assert error.value.code == "bundle-foreign"
    assert not overlay.is_mounted(str(tmp_path / "victim"))
    discard(str(bundle))


@pytest.mark.parametrize("lowers", ["x", [1], None, {}])
def test_a_record_that_was_spoilt(tmp_path, lowers):
    created(tmp_path, LOWER)
    bundle = tmp_path / "bundle"
    overlay.unmount(str(bundle / "rootfs"))
    record = loads((bundle / ".nexcage" / "bundle.json").read_bytes())
    record["rootfs"]["lowers"] = lowers
    (bundle / ".nexcage" / "bundle.json").write_text(dumps(record))
    with pytest.raises(InvalidBundle, match="must be an array of strings"):
        ensure_mounted(str(bundle))
    discard(str(bundle))


def test_a_device_in_the_place_of_passwd_is_not_opened(tmp_path, monkeypatch):
    """One that is there to be fed would bring the host down when nobody does."""
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *a, **k: opened.append(path) or real(path, *a, **k))
    device = entry(b"etc/passwd", made.CHAR, major=1, minor=5)
    created(tmp_path, tar(device, entry(b"etc/group", made.LINK, target=b"passwd")), mode="copy")
    assert not [path for path in opened if str(path).endswith("etc/passwd")]
