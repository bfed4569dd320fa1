# SPDX-License-Identifier: Apache-2.0
"""The makers of images are judged by other programs: tarfile, GNU tar, skopeo and umoci."""

import io
import os
import shutil
import subprocess
import tarfile

import pytest

from step_defs import trees
from step_defs.image_making import drafts, entries, saving, tars

LINES = """
dir      . mode=0755 mtime=1500000000
dir      var mode=1777 uid=5 gid=6 mtime=1500000000.5
dir      usr/bin mode=0755 mtime=1500000003
file     usr/bin/tool mode=4755 uid=1 gid=2 text=hello mtime=1600000000.123456789 xattr.user.color=blue
file     usr/bin/ping mode=0755 capability=net_raw
hardlink usr/bin/other to=usr/bin/tool
symlink  lnk to=usr/bin
char     dev/null device=1:3 mode=0666
fifo     run/pipe mode=0600
file     "caf\\xe9" text=x
file     long(300)/end text=deep
file     far uid=3000000 gid=4000000 text=far
sparse   image size=8m data=65536:hello data=4m:middle
"""
root = pytest.mark.skipif(os.geteuid() != 0, reason="not root")


def needs(program):
    return pytest.mark.skipif(
        shutil.which(program) is None and "CI" not in os.environ, reason=f"{program} is not installed"
    )


def unlike(tree):
    return [line for one in entries.parse(LINES) for line in trees.unlike(tree, one)]


@root
def test_gnu_tar_makes_what_the_lines_say(tmp_path):
    """Holes included: GNU tar is where the format comes from."""
    archive = tmp_path / "layer.tar"
    archive.write_bytes(tars.archive(entries.parse(LINES)))
    tree = tmp_path / "tree"
    tree.mkdir()
    argv = ["tar", "-C", tree, "--numeric-owner", "--xattrs", "--xattrs-include=*", "-xpf", archive]
    subprocess.run(argv, check=True)

    assert unlike(tree) == []


@root
@needs("umoci")
def test_umoci_makes_what_the_lines_say(tmp_path):
    image = drafts.new("app")
    image.add(LINES)
    image.add("whiteout far\nfile new text=new\ndir . mtime=1500000000")
    saving.save(image, f"oci:{tmp_path}/images:app")
    argv = ["umoci", "unpack", "--image", f"{tmp_path}/images:app", tmp_path / "bundle"]
    subprocess.run(argv, check=True, capture_output=True)

    # umoci fills holes
    seen = [line for line in unlike(tmp_path / "bundle" / "rootfs") if "sparse" not in line]
    assert seen == ["far: is missing"]


@needs("skopeo")
@pytest.mark.parametrize("kind", ["oci", "oci-archive", "docker-archive"])
def test_skopeo_reads_what_is_saved(tmp_path, kind):
    image = drafts.new("app")
    image.add("file one text=one")
    image.add("file two text=two")
    source = f"{kind}:{tmp_path}/saved:app:1" if kind == "docker-archive" else f"{kind}:{tmp_path}/saved:1"
    saving.save(image, source)

    argv = ["skopeo", "--insecure-policy", "copy", source, f"oci:{tmp_path}/copy:one"]
    subprocess.run(argv, check=True, capture_output=True)


def test_the_same_image_twice_is_the_same_bytes():
    made = []
    for _ in range(2):
        image = drafts.new("app")
        image.add(LINES)
        made.append((image.manifest_bytes(), image.config_bytes(), image.layer_blobs()))

    assert made[0] == made[1]


def test_what_tarfile_would_refuse_is_written():
    lines = "file ../up text=x\nfile /abs text=x\nhardlink h to=../../x\nwhiteout a/b\nopaque c"
    with tarfile.open(fileobj=io.BytesIO(tars.archive(entries.parse(lines)))) as archive:
        names = archive.getnames()

    assert names == ["../up", "/abs", "h", "a/.wh.b", "c/.wh..wh..opq"]


def test_a_line_that_is_no_entry_is_an_error():
    for line in ("file a colour=red", "socket a", "file a mode=rwx"):
        with pytest.raises(ValueError):  # noqa: PT011  # whichever of them
            entries.parse(line)


def test_trees_differ_in_what_differs(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same").write_text("same")
        os.utime(tmp_path / name / "same", (1, 1))
    (tmp_path / "two" / "more").write_text("more")
    (tmp_path / "two" / "same").chmod(0o600)
    for name in ("one", "two"):
        os.utime(tmp_path / name, (1, 1))

    found = trees.differences(trees.see(tmp_path / "one"), trees.see(tmp_path / "two"))

    assert [line.partition(" and ")[0] for line in found] == [
        "b'more': only in the second",
        "b'same': mode: 420",
    ]
