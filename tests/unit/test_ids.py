"""nexcage.ids: what a container may be called."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import ids
from nexcage.errors import UsageError

PLAIN = string.ascii_letters + string.digits + "_.+-"


def refusal(text):
    with pytest.raises(UsageError) as caught:
        ids.check(text)
    assert caught.value.code == "invalid-id"
    assert caught.value.exit_code == 2
    return caught.value.message


@pytest.mark.parametrize("text", ["web", "a", "-x", "+", "...", ".hidden", "a.b_c+d-e", "0" * 1024])
def test_a_good_id_is_returned(text):
    assert ids.check(text) == text


@given(st.text(alphabet=PLAIN, min_size=1, max_size=1024).filter(lambda text: text not in (".", "..")))
def test_every_word_of_the_plain_characters_is_an_id(text):
    assert ids.check(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'invalid container id "": it is empty'),
        (".", 'invalid container id ".": it names a directory'),
        ("..", 'invalid container id "..": it names a directory'),
        ("a/b", "'/' is not one of"),
        ("../x", "'/' is not one of"),
        ("a b", "' ' is not one of"),
        ("@crun", "'@' is not one of"),
        ("a\n", "'\\n' is not one of"),
        ("a\0", "'\\x00' is not one of"),
        ("käse", "'\\xe4' is not one of"),
        ("x" * 1025, "it has 1025 characters, 1024 is the most"),
    ],
)
def test_a_bad_id_is_refused_with_the_reason(text, reason):
    assert reason in refusal(text)


@given(st.text(max_size=40).filter(lambda text: not set(text) <= set(PLAIN)))
def test_any_other_character_is_refused_in_one_printable_line(text):
    message = refusal(text)
    assert message.isascii()
    assert message.isprintable()


def test_a_very_long_id_is_not_repeated_in_full():
    assert len(refusal("x" * 100_000)) < 200
