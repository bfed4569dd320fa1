"""nexcage.cli.output: tables that fit a terminal, and are whole everywhere else."""

import contextlib
import io
import os
import pty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli import output
from nexcage.cli.output import GAP, LEAST, fitted, shortened, table, width, wrapped

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)
ROWS = st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1))


class Terminal(io.StringIO):
    """Something that says it is one."""

    encoding = "utf-8"

    def isatty(self):
        return True


class Latin(io.StringIO):
    encoding = "iso-8859-1"


def shown(rows, *, columns=0, stream=None, **options):
    """The lines of a table, on a terminal of that many columns or in a pipe (0)."""
    stream = stream or (Terminal() if columns else io.StringIO())
    before = os.environ.pop("COLUMNS", None)
    if columns:
        os.environ["COLUMNS"] = str(columns)
    try:
        with contextlib.redirect_stdout(stream):
            table(rows[0], rows[1:], **options)
    finally:
        os.environ.pop("COLUMNS", None)
        if before is not None:
            os.environ["COLUMNS"] = before
    return stream.getvalue().split("\n")[:-1]


@given(ROWS, st.integers(20, 200))
def test_no_line_is_wider_than_the_terminal(rows, columns):
    heading = [f"C{i}" for i in range(len(rows[0]))]
    lines = shown([heading, *rows], columns=columns)
    assert len(lines) == len(rows) + 1
    least = len(rows[0]) * (LEAST + len(GAP)) - len(GAP)
    assert max(map(width, lines)) <= max(columns, least)


@given(ROWS)
def test_in_a_pipe_every_cell_is_whole(rows):
    heading = [f"C{i}" for i in range(len(rows[0]))]
    for line, row in zip(shown([heading, *rows])[1:], rows, strict=True):
        assert all(output.one_line(cell).strip() in line for cell in row)


@given(ROWS)
def test_with_tabs_there_is_one_between_two_cells_and_nowhere_else(rows):
    heading = [f"C{i}" for i in range(len(rows[0]))]
    for line in shown([heading, *rows], tabs=True, columns=40):
        assert line.count("\t") == len(heading) - 1
        assert "\x1b" not in line


@given(st.lists(st.integers(0, 90), min_size=1, max_size=9), st.integers(0, 200))
def test_the_widest_columns_give_first(widths, room):
    made = fitted(widths, room)
    assert all(new <= old for new, old in zip(made, widths, strict=True))
    taken = [new for new, old in zip(made, widths, strict=True) if new < old]
    assert all(new >= LEAST for new in taken)
    assert not taken or max(made) - min(taken) <= 1
    if sum(widths) + len(GAP) * (len(widths) - 1) <= room or not room:
        assert made == widths


@given(CELLS, st.integers(2, 40))
def test_shortened_fits(text, room):
    with contextlib.redirect_stdout(Terminal()):
        made = shortened(text, room)
    assert width(made) <= max(room, 1)
    assert made == text or "…" in made


@pytest.mark.parametrize(
    ("text", "room", "made"),
    [
        ("web-frontend", 8, "web-fro…"),
        ("/srv/bundles/web", 8, "…les/web"),
        ("web", 3, "web"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
    ],
)
def test_what_is_left_out(text, room, made):
    with contextlib.redirect_stdout(Terminal()):
        assert shortened(text, room) == made


def test_a_character_set_without_an_ellipsis():
    with contextlib.redirect_stdout(Latin()):
        assert shortened("web-frontend", 8) == "web-fro~"
    assert shown([["A"], ["日本"]], stream=Latin()) == ["A", "\\u65e5\\u672c"]


def test_what_a_terminal_would_obey_is_not_printed():
    assert shown([["A", "B"], ["x\x1b[31m", "y\tz\n"]], tabs=True) == ["A\tB", "x\\x1b[31m\ty\\tz "]


def test_colours_do_not_move_columns(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    rows = [["A", "B", "C"], ["running", "running", "x"], ["日", "stop", "y"]]
    lines = shown(rows, columns=80, colours=(1, {"running": "32"}))
    assert lines == [
        "A         B         C", "running   \x1b[32mrunning\x1b[0m   x", "日        stop      y"
    ]  # fmt: skip
    assert shown([["B"], ["running"]], columns=80, colours=(0, {"running": "32"}))[1].endswith(
        "running\x1b[0m"
    )
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "".join(shown(rows, columns=80, colours=(1, {"running": "32"})))


@pytest.mark.parametrize(
    ("text", "indent", "room", "made"),
    [
        ("one two three", 4, 0, "one two three"),
        ("one two three", 4, 40, "one two three"),
        ("one two three four", 4, 44, "one two three four"),
        ("one two three four five six seven", 4, 34, "one two three four five six\n    seven"),
        ("one two three four", 30, 40, "one two\n    three four"),
    ],
)
def test_a_message_is_broken_at_blanks(text, indent, room, made):
    assert wrapped(text, indent, room) == made
    assert wrapped(text, indent, room).split() == text.split()


@given(st.text("ab /-", max_size=80), st.integers(0, 40), st.integers(40, 100))
def test_nothing_of_a_message_is_lost(text, indent, room):
    assert wrapped(text, indent, room).split() == text.split()


def test_how_wide_a_terminal_is(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    ours, theirs = pty.openpty()
    with open(theirs, "w") as stream, contextlib.redirect_stdout(stream):
        assert output.columns() == 0  # it does not tell
        import fcntl
        import struct
        import termios

        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 77, 0, 0))
        assert output.columns() == 77
        for given_one, seen in (("60", 60), ("0", 77), ("", 77), ("x", 77), ("-3", 77), ("²", 77)):
            monkeypatch.setenv("COLUMNS", given_one)
            assert output.columns() == seen
    os.close(ours)
    monkeypatch.setenv("COLUMNS", "60")
    with contextlib.redirect_stdout(io.StringIO()):
        assert output.columns() == 0
