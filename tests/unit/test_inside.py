"""nexcage.host.files.inside: no path and no link leads out of a root directory."""

import contextlib
import os
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from nexcage.host import files

IS_ROOT = os.geteuid() == 0  # only root can look from inside another root directory
NAMES = st.sampled_from(["a", "b", "c", "d"])
PARTS = st.lists(NAMES | st.sampled_from(["..", ".", ""]), min_size=1, max_size=6).map("/".join)
TARGETS = PARTS | PARTS.map("/{}".format) | PARTS.map("../../{}".format)


def make_forest(root, entries):
    root.mkdir()
    for where, target in entries:
        place = root.joinpath(*where)
        with contextlib.suppress(OSError):
            if target is None:
                place.mkdir(parents=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(target)


def seen_from_inside(root, path):
    """Where ``path`` leads for a process whose root directory is ``root``."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.chroot(root)
            os.write(writer, os.path.realpath("/" + path).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    text = os.read(reader, 4096).decode()
    os.close(reader)
    os.close(writer)
    return text


FORESTS = st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=3), st.none() | TARGETS), max_size=8)


@given(FORESTS, PARTS)
def test_no_forest_of_links_leads_out_of_the_root(tmp_path_factory, entries, path):
    root = tmp_path_factory.mktemp("forest") / "root"
    make_forest(root, entries)
    followed = []
    readlink = os.readlink
    with mock.patch.object(os, "readlink", lambda path: (readlink(path), followed.append(path))[0]):
        found = files.inside(str(root), path)
    assert (found + "/").startswith(f"{root}/")
    assert os.path.realpath(found) == found
    if IS_ROOT and len(followed) <= 40:
        assert found == str(root) + seen_from_inside(str(root), path).rstrip("/")


@given(PARTS)
def test_what_does_not_exist_is_taken_literally(path):
    assert files.inside("/nowhere/root", path) == (
        "/nowhere/root" + os.path.normpath("/" + path).replace("//", "/")
    ).rstrip("/")


def test_a_loop_of_links_ends(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert files.inside(str(tmp_path), "/a/x") == str(tmp_path)
