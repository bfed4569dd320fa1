"""Small parts of verbs: sizes, the last lines of a log, durations, the lines of ps."""

import contextlib
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli import logs
from nexcage.cli.events import duration
from nexcage.cli.ps import _rows
from nexcage.cli.update import size
from nexcage.errors import CommandFailed, UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("64m", 64 << 20), ("64M", 64 << 20), ("64MiB", 64 << 20), ("64mb", 64 << 20),
        ("1g", 1 << 30), ("2T", 2 << 40), ("4k", 4096), ("100b", 100), ("-1", -1),
        ("9223372036854775807", (1 << 63) - 1),
    ],
)  # fmt: skip
def test_sizes(text, expected):
    assert size(text, "memory") == expected


@pytest.mark.parametrize("text", ["", "m", "6x", "1.5g", "1 g", "--1", "0x10", "٣m", "1e3", "9" * 5000])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match="option --memory takes a number"):
        size(text, "memory")


@given(st.text(max_size=10), st.booleans())
def test_any_text_is_a_size_or_a_usage_error(text, units):
    with contextlib.suppress(UsageError):
        assert isinstance(size(text, "memory", units=units), int)


def test_numbers_without_units_take_none():
    assert size("50000", "cpu-quota", units=False) == 50000
    with pytest.raises(UsageError):
        size("5k", "cpu-quota", units=False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5s", 5), ("500ms", 0.5), ("1m", 60), ("2h", 7200), ("3", 3), ("0.25", 0.25), ("1.5s", 1.5)],
)
def test_durations(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "s", "0", "0s", "-1s", "nan", "inf", "infs", "1d", "1sm", "1e99h", "5 s x"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(UsageError, match="--interval"):
        duration(text)


@given(st.text(max_size=10))
def test_any_text_is_a_duration_or_a_usage_error(text):
    with contextlib.suppress(UsageError):
        assert 0 < duration(text) < 1e9


@given(
    st.lists(st.sampled_from([b"\n", b"a", b"bc\n", b"\r\n", b"\0", b"\xc3\xa9"]), max_size=30),
    st.integers(0, 12),
    st.integers(1, 9),
)
def test_the_last_lines_begin_where_they_do(tmp_path_factory, parts, count, block):
    data = b"".join(parts)
    file = tmp_path_factory.mktemp("logs") / "log"
    file.write_bytes(data)
    lines = io.BytesIO(data).readlines()
    before, logs.BLOCK = logs.BLOCK, block
    handle = os.open(file, os.O_RDONLY)
    try:
        start = logs._start_of_last(handle, count)
    finally:
        os.close(handle)
        logs.BLOCK = before
    assert data[start:] == b"".join(lines[len(lines) - count :] if count <= len(lines) else lines)


def test_the_lines_of_ps_are_those_of_the_container():
    lines = ["UID   PID PPID CMD", "root  12 1 sh", "root  112 1 12", "root  7 12 x"]
    assert _rows(lines, {"12", "7"}) == [lines[0], lines[1], lines[3]]
    with pytest.raises(CommandFailed, match="no PID column"):
        _rows(["ARGS", "sh"], {"1"})
