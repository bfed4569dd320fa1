"""nexcage.cli.options: every word is understood or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli.options import Option, parse, whole
from nexcage.errors import UsageError

OPTIONS = (
    Option("root", "", "DIR"),
    Option("detach", "", short="d"),
    Option("tty", "", short="t"),
    Option("user", "", "UID", "u"),
    Option("env", "", "NAME=VALUE", "e", many=True),
    Option("clip", "", "MODE", choices=("auto", "never")),
)


@pytest.mark.parametrize(
    ("words", "values", "operands"),
    [
        ("", {}, []),
        ("--root /r web", {"root": ["/r"]}, ["web"]),
        ("--root=/r web", {"root": ["/r"]}, ["web"]),
        ("-root /r web", {"root": ["/r"]}, ["web"]),
        ("-root=/r web", {"root": ["/r"]}, ["web"]),
        ("web --root /r", {"root": ["/r"]}, ["web"]),
        ("--root /a --root /b", {"root": ["/b"]}, []),
        ("--root=a=b", {"root": ["a=b"]}, []),
        ("--root --detach", {"root": ["--detach"]}, []),
        ("-d -t", {"detach": [""], "tty": [""]}, []),
        ("-dt", {"detach": [""], "tty": [""]}, []),
        ("-dtu1000", {"detach": [""], "tty": [""], "user": ["1000"]}, []),
        ("-u=1000", {"user": ["1000"]}, []),
        ("-u 1000", {"user": ["1000"]}, []),
        ("-e A=1 --env B=2 --env=C=3", {"env": ["A=1", "B=2", "C=3"]}, []),
        ("--detach=true", {"detach": [""]}, []),
        ("--detach=false", {"detach": []}, []),
        ("--detach --detach=false", {"detach": []}, []),
        ("-- --root", {}, ["--root"]),
        ("a -- -b", {}, ["a", "-b"]),
        ("- web", {}, ["-", "web"]),
        ("--clip never", {"clip": ["never"]}, []),
    ],
)
def test_forms(words, values, operands):
    assert parse(words.split(), OPTIONS, stop_early=False) == (values, operands)


def test_with_stop_early_everything_after_the_first_operand_is_left_alone():
    assert parse(["-t", "web", "-d", "--", "--root"], OPTIONS, stop_early=True) == (
        {"tty": [""]},
        ["web", "-d", "--", "--root"],
    )


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("--rooot /r", 'unknown option "--rooot"', "did you mean --root?"),
        ("--rooot=/r", 'unknown option "--rooot"', "did you mean --root?"),
        ("-x", 'unknown option "-x"', 'see "nexcage help"'),
        ("-dx", 'unknown option "-dx"', ""),
        ("--root", "option --root needs a value: DIR", ""),
        ("-u", "option -u needs a value: UID", ""),
        ("--root=", "option --root needs a value: DIR", ""),
        ("--detach=yes", "option --detach takes no value", ""),
        ("--clip maybe", 'option --clip must be one of auto, never, not "maybe"', ""),
    ],
)
def test_refusals(words, message, hint):
    with pytest.raises(UsageError) as found:
        parse(words.split(), OPTIONS, stop_early=False)
    assert found.value.message == message
    assert hint in found.value.hint


def test_an_empty_value_is_refused():
    # a driver would take the next word for it
    with pytest.raises(UsageError):
        parse(["--user", "", "web"], OPTIONS, stop_early=False)


@given(st.lists(st.text("-=abdertu01", max_size=6), max_size=6))
def test_any_words_are_parsed_or_refused(words):
    try:
        values, operands = parse(words, OPTIONS, stop_early=False)
    except UsageError:
        return
    assert set(values) <= {option.name for option in OPTIONS}
    assert all(operand in words for operand in operands)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("10", 10), ("007", 7)])
def test_whole_numbers(text, value):
    assert whole(text, "n") == value


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "٣", "²", "--5", "9" * 5000, " 1"])
def test_what_is_no_whole_number(text):
    with pytest.raises(UsageError):
        whole(text, "n")
