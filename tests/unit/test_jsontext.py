"""nexcage.jsontext: what goes out comes back; what json refuses is refused, with the same position."""

import json
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nexcage.jsontext import Malformed, dumps, loads

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
# texts that are nearly JSON
SCRAPS = st.lists(
    st.sampled_from(
        [
            *(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                '"a"',
                '"b"',
                '"\\ud800"',
                '"\\u00e9"',
                "1",
                "-1",
                "1.5",
                "1e999",
            ),
            *("true", "null", "NaN", "-Infinity", "\n", "tru", '"', "0x"),
        ]
    ),
    max_size=12,
).map("".join)


@given(VALUES, st.sampled_from([0, 2]))
@example(float("inf"), 0)
def test_what_is_written_is_read_back(value, indent):
    assert loads(dumps(value, indent).encode()) == value


@given(VALUES)
def test_it_writes_what_json_reads(value):
    assert json.loads(dumps(value)) == value
    assert dumps(value).isascii()


@given(SCRAPS)
@example("[1, 2,]")
@example('{"a": 1')
@example('"\\ud800"')
def test_it_accepts_what_json_accepts_and_no_more(text):
    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    def constant(name):
        raise ValueError(name)

    try:
        expected = json.loads(text, object_pairs_hook=unique, parse_constant=constant)
        json.dumps(expected, ensure_ascii=False).encode()
    except ValueError:
        with pytest.raises(Malformed):
            loads(text.encode())
    else:
        assert loads(text.encode()) == expected


@given(SCRAPS)
def test_a_fault_has_the_position_that_json_gives(text):
    fault = None
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        fault = error
    if fault is None:
        return
    with pytest.raises(Malformed) as found:
        loads(text.encode())
    if "duplicate" not in found.value.reason and "not allowed" not in found.value.reason:
        assert (found.value.line, found.value.column) == (fault.lineno, fault.colno)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        (b"", 1, 1, "expecting value"),
        (b"\xff", 1, 1, "not UTF-8"),
        (b'{\n "a": "\xc3("}', 2, 8, "not UTF-8"),
        (b'{"a": 1, "a": 2}', 1, 10, 'duplicate key "a"'),
        (b'{"a": "b", "c": {"b": 1,\n "b": 2}}', 2, 2, 'duplicate key "b"'),
        (b'{"x": ["a", "a"], "a": 1, "\\u0061": 2}', 1, 27, 'duplicate key "a"'),
        (b'{"NaN": "NaN", "b": NaN}', 1, 21, "NaN is not allowed"),
        (b"[1, -Infinity]", 1, 5, "-Infinity is not allowed"),
        (b"{} x", 1, 4, "extra data after the value"),
        (b'["\\\\ud800", "\\uDc00"]', 1, 4, "lone surrogate escape"),
        (b"[" * 100_000, 1, 1, "nested too deeply"),
        (b"1" * 5000, 1, 1, ""),
        (b"\xef\xbb\xbf{}", 1, 1, ""),
    ],
)
def test_where_and_why(text, line, column, reason):
    with pytest.raises(Malformed) as found:
        loads(text)
    assert (found.value.line, found.value.column) == (line, column)
    assert reason in found.value.reason


def test_pairs_of_escapes_are_one_character():
    assert loads(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("text", ['{"a": 1,', "[1, 2", '{"a" 1}', '["\\x"]', '["a\nb"]', "[1 2]"])
def test_faults_are_explained_where_json_was_never_imported(text):
    # CPython 3.11's scanner raises SystemError there
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from nexcage.jsontext import loads, Malformed\n"
        "assert 'json' not in sys.modules\n"
        "try: loads(sys.argv[2].encode())\n"
        "except Malformed as error: print(error)"
    )
    done = subprocess.run(
        [
            "/usr/bin/python3" if sys.prefix != sys.base_prefix else sys.executable,
            "-IS",
            "-c",
            code,
            ".",
            text,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("line ")


def test_what_json_has_no_word_for_is_an_error():
    with pytest.raises(TypeError):
        dumps(object())
