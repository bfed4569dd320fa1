"""nexcage.drivers.pct.translate.look: what the host is asked."""

import os
import tempfile

from nexcage.drivers.pct.translate.look import Look

LOOK = Look()


def test_kinds(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    names = {"": "dir", "file": "file", "link": "file", "pipe": "other", "gone": "", "file/x": "", "a\0b": ""}
    assert {name: LOOK.kind(str(tmp_path / name)) for name in names} == names


def test_devices(tmp_path):
    assert LOOK.device("/dev/null") == ("c", 1, 3)
    assert LOOK.device(str(tmp_path)) is None
    assert LOOK.device(str(tmp_path / "gone")) is None


def test_mounts():
    points = [point for point, _ in LOOK.mounts()]
    assert "/proc" in points
    assert LOOK.file_system("/proc/self") == "proc"
    assert LOOK.has_mounts_below("/")
    assert not LOOK.has_mounts_below("/proc/self/fd")


def test_the_later_mount_covers_the_earlier(monkeypatch):
    monkeypatch.setattr(
        Look, "mounts", lambda _: [("/", "ext4"), ("/a", "xfs"), ("/a", "nfs4"), ("/ab", "btrfs")]
    )
    assert LOOK.file_system("/a/x") == "nfs4"
    assert LOOK.file_system("/abc") == "ext4"
    assert LOOK.has_mounts_below("/") is True
    assert LOOK.has_mounts_below("/a") is False


def test_links_of_the_rootfs_are_followed_inside_it(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "var/run").symlink_to("/run")
    (tmp_path / "up").symlink_to("../../../..")
    assert LOOK.resolved(str(tmp_path), "/var/run/x") == "/run/x"
    assert LOOK.resolved(str(tmp_path), "/up/etc") == "/etc"
    assert LOOK.resolved(str(tmp_path), "/new/x") == "/new/x"


def test_bridges():
    assert not any(LOOK.is_bridge(name) for name in ("lo", "", "..", "a/b", "nosuch0"))


def test_subordinate_ids(tmp_path, monkeypatch):
    from nexcage.drivers.pct.translate import look

    file = tmp_path / "subuid"
    file.write_text("root:100000:65536\n# x\nuser:1:2\n0:300000:1000\nroot:x:1\n")
    monkeypatch.setattr(look, "_SUBORDINATE", {"u": str(file), "g": str(tmp_path / "gone")})
    assert LOOK.subordinates("u") == [(100000, 65536), (300000, 1000)]
    assert LOOK.subordinates("g") is None


def test_a_directory_for_root_alone_is_closed():
    with tempfile.TemporaryDirectory() as top:  # pytest's own directories are closed
        os.chmod(top, 0o755)
        inner = f"{top}/inner"
        os.mkdir(inner, 0o711)
        assert LOOK.closed(f"{inner}/file") == ""
        os.chmod(inner, 0o700)
        assert LOOK.closed(f"{inner}/file") == inner
        assert LOOK.closed(inner) == ""
        assert LOOK.closed("/nosuch/directory/file") == ""
