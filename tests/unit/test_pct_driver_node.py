"""nexcage.drivers.pct.node: what is read of /etc/pve, above all whose a container is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import node
from nexcage.drivers.pct.translate.mark import mark
from nexcage.errors import AlreadyExists, QuorumLost
from tests.unit.pct_node import Etc, at, described, replaced

BODY = "arch: amd64\nhostname: box\nmemory: 512\n"
ID = st.text("abcABC019_.+-", min_size=1, max_size=8).filter(lambda text: text not in (".", ".."))
# whatever somebody may write into the notes of a container
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def conf(description="", tags="", rest=""):
    """A container's configuration."""
    return (described(description) if description else "") + BODY + (f"tags: {tags}\n" if tags else "") + rest


@given(ID, ID, st.one_of(st.just(""), TEXT), TEXT)
def test_the_mark_says_whose_it_is(own, other, text, bundle):
    found = conf(mark(text, own, bundle=bundle), "nexcage")
    assert node.owner(found) == own
    assert node.is_ours(found, own)
    assert node.is_ours(found, other) == (own == other)


@given(ID)
def test_a_text_that_looks_like_a_mark_is_none(own):
    text = mark("nexcage id=other\nnexcage id=third bundle=/x", own)
    assert not node.is_ours(conf(text), "other" if own != "other" else "third")
    assert node.is_ours(conf(text), own)


def test_an_id_with_a_sign_that_is_encoded():
    found = conf(mark("", "a+b"))
    assert found.startswith("#nexcage id=a%252Bb\n")
    assert node.owner(found) == "a+b"
    assert node.is_ours(found, "a+b")
    assert not node.is_ours(found, "a%2Bb")


@pytest.mark.parametrize(
    ("tags", "ours"),
    [
        ("nexcage", True),
        ("prod;nexcage", True),
        ("nexcage;prod", True),
        ("prod nexcage", True),
        ("nexcages", False),
        ("", False),
    ],
)
def test_where_the_description_was_edited_the_tag_counts(tags, ours):
    assert node.is_ours(conf("our web server", tags), "web") is ours
    assert node.is_ours(conf("", tags), "web") is ours
    assert node.owner(conf("our web server", tags)) == ""


def test_a_mark_of_somebody_else_outweighs_the_tag():
    assert not node.is_ours(conf(mark("", "db"), "nexcage"), "web")


@pytest.mark.parametrize("before", [BODY, ""])
def test_what_a_snapshot_says_is_not_the_container(before):
    old = "[before]\n" + described(mark("", "web")) + "tags: nexcage\n"
    assert not node.is_ours(before + old, "web")
    assert node.owner(before + old) == ""


def test_an_id_that_begins_like_another():
    assert not node.is_ours(conf(mark("", "web2")), "web")
    assert not node.is_ours(conf(mark("", "web")), "web2")


@given(st.text(max_size=200), ID)
def test_any_text_has_an_answer(text, own):
    assert node.is_ours(text, own) in (True, False)
    assert isinstance(node.owner(text), str)


def test_where_containers_are(monkeypatch, tmp_path):
    etc = at(monkeypatch, tmp_path)
    etc.conf(760, conf(mark("", "web")))
    etc.conf(761, BODY)
    etc.conf(762, conf(mark("", "db")), on="two")
    etc.machine(763, on="two")
    assert node.name() == "pve"
    assert [node.home_of(vmid) for vmid in ("760", "762", "763", "799")] == ["pve", "two", "", ""]
    assert node.taken() == {760, 761, 762, 763}
    assert node.marked() == {"web": (760, "pve"), "db": (762, "two")}
    assert node.conf("761") == BODY
    assert node.conf("762") is None


def test_files_that_are_no_containers(monkeypatch, tmp_path):
    etc = at(monkeypatch, tmp_path)
    for name in ("x", "x.conf", "²².conf", "-1.conf", ".conf", "76.conf.d"):
        (etc.place / f"nodes/pve/lxc/{name}").write_text(conf(mark("", "web")))
    (etc.place / "nodes/pve/lxc/764.conf").mkdir()
    assert node.taken() == {764}
    assert node.marked() == {}


def test_a_node_that_is_down(monkeypatch, tmp_path):
    monkeypatch.setattr(node, "ETC", str(tmp_path / "nothing"))
    assert not node.is_up()
    assert (node.home_of("760"), node.taken(), node.conf("760")) == ("", set(), None)
    node.require_quorum()


def test_quorum(monkeypatch, tmp_path):
    etc = at(monkeypatch, tmp_path)
    node.require_quorum()  # no file: the tool will tell
    etc.members(name="c", quorate=1)
    node.require_quorum()
    etc.members(name="c", quorate=0)
    with pytest.raises(QuorumLost, match="no quorum") as caught:
        node.require_quorum()
    assert "pvecm status" in caught.value.hint
    for text in ("{}", "[]", '{"cluster": 1}', '{"nodename": "pve"}', "{", ""):
        (etc.place / ".members").write_text(text)
        node.require_quorum()


def test_a_name_that_is_taken_says_where(monkeypatch, tmp_path):
    at(monkeypatch, tmp_path)
    here, there = node.in_use("web", 760, "pve"), node.in_use("web", 760, "two")
    assert isinstance(here, AlreadyExists)
    assert "pct destroy 760" in here.hint
    assert 'node "two"' in there.message
    assert node.elsewhere("web", "760", "two").hint.endswith("pct migrate 760 pve")


@given(st.binary(max_size=60))
def test_any_members_file_is_read_or_left_to_the_tool(tmp_path_factory, content):
    etc = Etc(tmp_path_factory.mktemp("etc"))
    (etc.place / ".members").write_bytes(content)
    with replaced(node, ETC=str(etc.place)):
        node.require_quorum()
