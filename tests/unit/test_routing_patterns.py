"""Patterns: which are expressions, what they are for, and what is said of those that cannot be used."""

import fnmatch
import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nexcage import ids, patterns
from nexcage.errors import Timeout

GLOBS = st.lists(
    st.sampled_from(["*", "?", "a", "b", "-", ".", "1", "[ab]", "[!a]", "[a-b1]", "[]a]", "[!]]", "[-a]"]),
    max_size=8,
).map("".join)


@given(GLOBS, st.text(alphabet="ab-.1]!Z\n", max_size=12))
@example("*-web", "a-b-web")
def test_a_glob_is_for_the_whole_text(text, value):
    assert patterns.glob(text).matches(value) == fnmatch.fnmatchcase(value, text)


@pytest.mark.parametrize(
    ("text", "name", "matches"),
    [
        ("^web", "web-1", True),
        ("^web", "my-web", False),
        ("web$", "my-web", True),
        ("(^web|^db)", "db-1", True),
        (".*", "anything", True),
        ("web.*", "my-web", False),
        ("[^a]*", "b", False),
        ("WEB*", "web", False),
    ],
)
def test_an_expression_is_open_where_it_has_no_anchor_but_has_one(text, name, matches):
    assert patterns.of_name(text).matches(name) is matches


@pytest.mark.parametrize("text", ["^(a+)+$", "^(a|a)*$"])
def test_no_pattern_takes_long(text, monkeypatch):
    monkeypatch.setattr(patterns, "PATIENCE", 0.1)
    began = time.process_time()
    with pytest.raises(Timeout, match="takes more than") as caught:
        patterns.of_name(text).matches("a" * 1023 + "-")
    assert text in caught.value.message
    assert time.process_time() - began < 2
    assert patterns.of_name("^a").matches("a")  # and the next one has its own time


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("^(a", "is no regular expression: missing ), unterminated subpattern at character 2"),
        ("*.*", "is no regular expression: nothing to repeat at character 1"),
        ("^[z-a]", "is no regular expression: bad character range z-a at character 3"),
        ("[a", "has a [ without its ]"),
        ("web|db", "is a glob and can never match: no container id has |"),
        ("web\n", "is a glob and can never match: no container id has U+000A"),
        ("a" * 513, "has 513 characters, 512 are the most"),
        ("^a{99999999999999999999}", "is too large"),
    ],
)
def test_what_is_wrong_is_said(text, wrong):
    with pytest.raises(ValueError, match=re.escape(wrong[:20])) as caught:
        patterns.of_name(text)
    assert str(caught.value) == wrong


def test_all_that_ids_may_have_may_be_in_a_pattern():
    every = "".join(sorted(ids._PLAIN))
    assert patterns.of_name(every).matches(every)
    assert patterns.of_name("^" + re.escape(every) + "$").matches(every)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("^web", True),
        ("web$", True),
        ("(^web|^db)", True),
        (".*", True),
        ("kube.*", True),
        ("[^a]*", False),
        ("[$]*", False),
        ("[]^]*", False),
        ("[^]$]*", False),
        ("web-*", False),
        ("web\\$", False),
    ],
)
def test_which_patterns_are_expressions(text, expression):
    assert patterns.is_expression(text) is expression
