"""``template:`` and the words of pvesm; the stand-in says what the real one was recorded to say."""

import gzip
import os
import shutil

import pytest

from nexcage.bundler.sources import SourceWishes, opened
from nexcage.drivers.pct import volumes
from nexcage.errors import DriverUnavailable, NexcageError, NotFound, PermissionDenied, UsageError
from nexcage.host import process
from step_defs.stand_ins.pve.cluster import Cluster
from tests.unit.image_maker import Maker, tar

STORAGES = """dir: local
\tpath vz
\tcontent iso,vztmpl,backup

dir: off
\tpath off
\tcontent images
\tdisable
"""
# pvesm list local, pve-storage 9.1.7, shortened
LISTED = """Volid                                                  Format  Type          Size VMID
local:backup/vzdump-lxc-151-2026_01_01-00_00_00.tar.gz tar.gz  backup     1072215 151
local:vztmpl/busybox-oci_latest.tar                    tar     vztmpl     1085440
local:vztmpl/alpine-3.22-lab_1_amd64.tar.gz            tgz     vztmpl     1072291
local:vztmpl/zero_1_amd64.tar.gz                       tgz     vztmpl           0
local:vztmpl/alpine-3.22-labxz_1_amd64.tar.xz          txz     vztmpl      906792
local:vztmpl/debian-13-lab_13.0-1_amd64.tar.zst        tzst    vztmpl    55150251
"""

CONTENT_REFUSED = """400 Parameter verification failed.
content: invalid format - invalid content type 'nosuch'

pvesm list <storage> [OPTIONS]
"""


@pytest.fixture
def node(tmp_path, monkeypatch):
    """A directory with the stand-in on PATH and two storages."""
    cluster = Cluster.make(tmp_path, version="now", containers="model")
    (tmp_path / "vz/template/cache").mkdir(parents=True)
    (cluster.etc / "storage.cfg").write_text(STORAGES)
    for name, value in cluster.environment().items():
        monkeypatch.setenv(name, value)
    return tmp_path


def said(*words):
    done = process.run([process.which("pvesm"), *words])
    return done.status, done.stdout, done.stderr


def test_the_stand_in_lists_as_recorded(node):
    for line in LISTED.splitlines()[1:]:
        volid, _, kind, size = line.split()[:4]
        directory = node / "vz" / {"backup": "dump", "vztmpl": "template/cache"}[kind]
        directory.mkdir(exist_ok=True)
        (directory / volid.partition("/")[2]).touch()
        os.truncate(directory / volid.partition("/")[2], int(size))
    assert said("list", "local") == (0, LISTED, "")
    shutil.rmtree(node / "vz")
    assert said("list", "local") == (0, "Volid Format  Type      Size VMID\n", "")


@pytest.mark.usefixtures("node")
@pytest.mark.parametrize(
    ("words", "stderr"),
    [
        (["list"], "400 not enough arguments\npvesm list <storage> [OPTIONS]\n"),
        (["list", "nosuch"], "storage 'nosuch' does not exist\n"),
        (["list", "off"], "storage 'off' is disabled\n"),
        (["list", "local", "--content", "nosuch"], CONTENT_REFUSED),
        (["path"], "400 not enough arguments\npvesm path <volume>\n"),
        (["path", "nosuch:vztmpl/a.tar.gz"], "storage 'nosuch' does not exist\n"),
        (["path", "local:vztmpl/plain.txt"], "unable to parse directory volume name 'vztmpl/plain.txt'\n"),
        (["status", "--foo"], "Unknown option: foo\n400 unable to parse option\npvesm status  [OPTIONS]\n"),
        (["status", "local"], "400 too many arguments\npvesm status  [OPTIONS]\n"),
        (["status", "--storage", "mp"],
         "400 Parameter verification failed.\nstorage: No such storage.\npvesm status  [OPTIONS]\n"),
    ],
)  # fmt: skip
def test_the_stand_in_refuses_as_recorded(words, stderr):
    assert said(*words) == (255, "", stderr)


def test_the_stand_in_shows_storages_as_recorded(node):
    assert said("status", "--storage", "off")[1] == (
        "Name       Type     Status     Total (KiB)      Used (KiB) Available (KiB)        %\n"
        "off         dir   disabled               0               0               0      N/A\n"
    )
    assert said("path", "off:100/vm-100-disk-0.raw")[1] == f"{node}/off/images/100/vm-100-disk-0.raw\n"


def test_a_template_starts_its_init(node):
    path = node / "vz/template/cache/box_1_amd64.tar.gz"
    path.write_bytes(gzip.compress(tar({"sbin/init": b"x"})))
    image = opened("template:local:vztmpl/box_1_amd64.tar.gz", str(node), SourceWishes())
    assert (image.args, image.layers[0].blob.path) == (["/sbin/init"], str(path))
    assert image.layers[0].media_type == "application/x-tar+gzip"
    assert volumes.volume_exists("local:vztmpl/box_1_amd64.tar.gz")
    assert not volumes.volume_exists("local:vztmpl/other.tar.gz")


def test_a_template_may_be_an_image(node):
    maker = Maker()
    files = maker.root(maker.image()).files
    (node / "vz/template/cache/box_latest.tar").write_bytes(tar(files))
    image = opened("template:local:vztmpl/box_latest.tar", str(node), SourceWishes(platform="linux/amd64"))
    assert (image.config["config"]["Cmd"], image.args) == (["sh"], [])


@pytest.mark.parametrize(
    ("rest", "kind", "words"),
    [
        ("local:vztmpl/gone.tar.gz", NotFound, 'the template "local:vztmpl/gone.tar.gz" does not exist'),
        ("nosuch:vztmpl/a.tar.gz", NotFound, 'the storage "nosuch" does not exist'),
        ("local:vztmpl/plain.txt", UsageError, '"vztmpl/plain.txt" does not look like a template'),
        ("local:iso/x.iso", UsageError, "STORAGE:vztmpl/FILE"),
        ("local:vztmpl/../../etc/passwd", UsageError, "STORAGE:vztmpl/FILE"),
        ("local:vztmpl/..", UsageError, "STORAGE:vztmpl/FILE"),
        ("local", UsageError, "STORAGE:vztmpl/FILE"),
        ("-x:vztmpl/a.tar", UsageError, "is no volume"),
    ],
)
def test_what_is_no_template_is_said(node, rest, kind, words):
    with pytest.raises(kind) as found:
        opened(f"template:{rest}", str(node), SourceWishes())
    assert words in found.value.message


def test_without_pvesm_it_is_no_node(monkeypatch):
    monkeypatch.setattr(process, "which", lambda _program: "")
    with pytest.raises(DriverUnavailable, match="pvesm is not installed"):
        volumes.volume_path("local:vztmpl/a.tar")


@pytest.mark.parametrize(
    ("stderr", "uid", "kind", "words"),
    [
        ("ipcc_send_rec[1] failed: Connection refused\n", 0, DriverUnavailable, "cluster file system"),
        ("ipcc_send_rec[1] failed: Unknown error -1\n", 1000, PermissionDenied, "root alone"),
        ("something new\n", 0, NexcageError, "pvesm path: something new"),
    ],
)
def test_other_failures_of_pvesm(monkeypatch, stderr, uid, kind, words):
    monkeypatch.setattr(process, "which", lambda _program: "/usr/sbin/pvesm")
    monkeypatch.setattr(process, "run", lambda argv, **_: process.Completed(argv, 255, "", stderr))
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    with pytest.raises(kind) as found:
        volumes.volume_path("local:vztmpl/a.tar")
    assert words in found.value.message
