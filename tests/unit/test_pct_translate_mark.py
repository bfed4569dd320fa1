"""nexcage.drivers.pct.translate.mark: what is written in a container is found again."""

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers.pct import node
from nexcage.drivers.pct.translate import mark

IDS = st.text("abcXYZ019_.+-", min_size=1, max_size=20)
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)


@given(TEXT, IDS, TEXT)
def test_a_mark_is_found_again(text, id, bundle):
    description = mark.mark(text, id, bundle=bundle)
    assert mark.unmark(description) == {"id": id, "bundle": bundle}
    # through the configuration's file: lines that begin with "#", percent-encoded
    lines = [f"#{quote(line)}" for line in description.split("\n")]
    assert mark.unmark(node.description("\n".join([*lines, "arch: amd64", "[before]", "#x"]))) == {
        "id": id,
        "bundle": bundle,
    }
    assert mark.text(description) == text


@given(IDS)
def test_a_text_that_looks_like_a_mark_is_none(id):
    assert mark.unmark(mark.mark("nexcage id=other", id)) == {"id": id}
    assert mark.unmark(f"nexcage id={id}\nand more") == {}


def test_no_mark():
    assert mark.unmark("") == {}
    assert mark.unmark("web server\n") == {}
    assert mark.text("web server\n") == "web server\n"
