"""nexcage.drivers.jail.points: mount points are made inside the root, whatever links it has."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexcage.drivers.jail import points
from nexcage.errors import InvalidBundle, NexcageError

AT = "$.mounts[0]"


@pytest.fixture
def root(tmp_path):
    found = tmp_path / "rootfs"
    (found / "etc").mkdir(parents=True)
    (found / "etc/file").write_text("text")
    return found


def make(root, destination, *, is_file=False):
    return points.make(str(root), destination, is_file=is_file, at=AT)


def test_what_is_missing_is_made_and_goes_again(root):
    place, made = make(root, "/var/db/data")
    assert place == "var/db/data"
    assert made == [(f"{root}/{path}", True) for path in ("var", "var/db", "var/db/data")]
    points.remove(made)
    assert sorted(os.listdir(root)) == ["etc"]


def test_what_is_there_stays(root):
    place, made = make(root, "/etc")
    assert (place, made) == ("etc", [])


def test_a_file_gets_an_empty_file(root):
    place, made = make(root, "/run/socket", is_file=True)
    assert place == "run/socket"
    assert made == [(f"{root}/run", True), (f"{root}/run/socket", False)]
    assert (root / "run/socket").read_bytes() == b""
    points.remove(made)
    assert not (root / "run").exists()


def test_what_has_been_put_there_is_not_removed(root):
    _, made = make(root, "/run/socket", is_file=True)
    _, more = make(root, "/run/data")
    (root / "run/socket").write_text("kept")
    (root / "run/data/file").touch()
    points.remove([*made, *more])
    assert (root / "run/socket").read_text() == "kept"
    assert (root / "run/data/file").exists()


@pytest.mark.parametrize(
    ("link", "destination", "place"),
    [
        ("/etc", "/link/sub", "etc/sub"),
        ("../../../../etc", "/link", "etc"),
        ("/", "/link/etc", "etc"),
        ("/nowhere/else", "/link", "nowhere/else"),
        ("../..", "/link/data", "data"),
    ],
)
def test_links_lead_nowhere_else(root, link, destination, place):
    (root / "link").symlink_to(link)
    assert make(root, destination)[0] == place
    assert (root / place).is_dir()


@pytest.mark.parametrize("destination", ["/link", "/../..", "/etc/.."])
def test_the_root_itself_is_refused(root, destination):
    (root / "link").symlink_to("..")
    with pytest.raises(InvalidBundle, match="leads to the root itself"):
        make(root, destination)


def test_a_file_on_the_way_is_said(root):
    with pytest.raises(InvalidBundle, match=r"\$\.mounts\[0\]\.destination: .*etc/file is no directory"):
        make(root, "/etc/file/below")
    with pytest.raises(InvalidBundle, match="etc is a directory, and the source is none"):
        make(root, "/etc", is_file=True)
    with pytest.raises(InvalidBundle, match="is no directory"):
        make(root, "/new/../etc/file/deep")
    assert sorted(os.listdir(root)) == ["etc"]


def test_what_was_made_goes_when_the_rest_cannot_be(root):
    (root / "a").mkdir()
    (root / "a/loop").symlink_to("loop")
    with pytest.raises(NexcageError):
        make(root, f"/b/c/{'n' * 300}")
    assert sorted(os.listdir(root)) == ["a", "etc"]


PARTS = st.sampled_from(["a", "b", "..", ".", "link", "up", "loop", "abs", "file"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARTS, min_size=1, max_size=6), st.booleans())
def test_nothing_is_made_outside(tmp_path_factory, parts, is_file):
    top = tmp_path_factory.mktemp("outside")
    root = top / "rootfs"
    root.mkdir()
    (root / "file").touch()
    for name, target in (("link", "a/b"), ("up", "../../.."), ("loop", "loop"), ("abs", "/b/up/a")):
        (root / name).symlink_to(target)
    before = sorted(os.listdir(root))
    try:
        place, made = make(root, "/" + "/".join(parts), is_file=is_file)
    except NexcageError:
        made = []
    else:
        assert (root / place).exists()
        assert not os.path.relpath(os.path.realpath(root / place), root).startswith("..")
    assert os.listdir(top) == ["rootfs"]
    points.remove(made)
    assert sorted(os.listdir(root)) == before
