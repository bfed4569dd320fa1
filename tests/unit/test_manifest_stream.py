"""Manifests, trees and differences that are too many for the memory: in order, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler import rows
from nexcage.bundler.manifest.changes import Difference
from nexcage.bundler.manifest.entry import Entry, Header, foot, head, key, line, render
from nexcage.bundler.manifest.findings import Findings
from nexcage.bundler.manifest.made import verify
from nexcage.bundler.manifest.names import Names
from nexcage.bundler.manifest.tree import scan
from nexcage.bundler.rows import Rows
from nexcage.errors import InvalidBundle, NexcageError, NoSpace
from nexcage.jsontext import dumps, loads

ROWS = st.lists(st.binary(max_size=5).filter(lambda row: b"\n" not in row), max_size=60)
NAME = st.binary(min_size=1, max_size=6).filter(lambda name: not {0, 47} & set(name))
HELD = [1, 2, 7, 1000]


@given(ROWS, st.sampled_from(HELD))
def test_rows_come_in_order(given_rows, held):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "HELD", held)
        patch.setattr(rows, "RUNS", 3)
        ordered = Rows()
        for row in given_rows:
            ordered.add(row + b"\n")
        assert bool(ordered) == bool(given_rows)
        for _ in range(2):
            assert list(ordered) == sorted(row + b"\n" for row in given_rows)
        ordered.close()
        assert not ordered


def test_long_rows_do_not_stay_in_memory(monkeypatch):
    monkeypatch.setattr(rows, "BYTES", 100)
    ordered = Rows()
    for number in range(9):
        ordered.add(b"%d" % number * 60 + b"\n")
    assert len(ordered._runs) == 4
    assert [row[:1] for row in ordered] == [b"%d" % number for number in range(9)]


def test_where_nothing_can_be_written_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "HELD", 1)
    with pytest.raises(NexcageError) as raised:
        Rows(str(tmp_path / "nowhere")).add(b"row\n")
    assert raised.value.message.startswith(f"cannot write a temporary file in {tmp_path}/nowhere: ")
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])
    with pytest.raises(NexcageError, match="in the directory TMPDIR: no usable"):
        Rows().add(b"row\n")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open("/dev/full", "r+b", 0) as full:
        monkeypatch.setattr(rows, "unnamed", lambda _: full)
        with pytest.raises(NoSpace, match=f"in {tmp_path}: no space left"):
            Rows().add(b"row\n")


@given(st.lists(st.lists(NAME, max_size=12), min_size=1, max_size=5), st.sampled_from(HELD))
def test_names_of_nested_directories_come_in_order(directories, held):
    """Half of each, then those of the directory below, then the other half."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "HELD", held)
        names = Names()

        def walked(level):
            if level == len(directories):
                return
            listing = names.of(iter(directories[level]))
            expected = sorted(set(directories[level]), key=key)
            half = len(expected) // 2
            assert [listing.take() for _ in range(half)] == expected[:half]
            listing.rest()
            walked(level + 1)
            assert [listing.take() for _ in expected[half:]] == expected[half:]
            assert listing.take() is None
            listing.close()

        walked(0)
        assert (names.held, names.end) == (0, 0)
        names.close()


@pytest.mark.parametrize("held", HELD)
def test_a_tree_is_met_in_the_order_of_its_manifest(tmp_path, monkeypatch, held):
    monkeypatch.setattr(rows, "HELD", held)
    for directory in ("a", "a-b", "a/b", "a.b", "a/b/c", "a b", "z"):
        (tmp_path / directory).mkdir()
        for name in ("x", "b", "-", "li\nne", "\\", "é", "\x01"):
            (tmp_path / directory / f"{name}1").touch()
    met = []
    found = scan(str(tmp_path), meet=lambda entry: bool(met.append(entry.path)))
    assert [entry.path for entry in found] == met == sorted(met, key=key)
    assert len(met) == 8 + 49


@given(st.lists(st.tuples(st.binary(max_size=6), st.text(max_size=4)), max_size=30), st.sampled_from(HELD))
def test_findings_are_sorted_by_path_and_come_back_as_they_were(given_rows, held):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "HELD", held)
        found = Findings(1)
        for path, text in given_rows:
            found.add(Difference(path, "mode", text, text[::-1]))
        assert found.unchanged == (not given_rows)
        back = [(each.path, each.expected, each.actual) for each in found]
        assert back == [(path, t, t[::-1]) for path, t in sorted(given_rows, key=lambda row: row[0])]
        found.close()


def test_what_is_unreadable_twice_is_said_once():
    found = Findings(1)
    for path, why in ((b"b", "first"), (b"a", "other"), (b"b", "second")):
        found.add(Difference(path, "unreadable", "", why))
    assert [(each.path, each.actual) for each in found] == [(b"a", "other"), (b"b", "first")]


def bundle(directory, files, manifest=None):
    """Of ``files`` empty ones, three hundred in a directory."""
    for number in range(files):
        home = directory / "rootfs" / f"part{number // 300}"
        if number % 300 == 0:
            home.mkdir(parents=True)
        os.close(os.open(home / f"file-{number}", os.O_CREAT | os.O_WRONLY, 0o644))
    (directory / "rootfs").mkdir(exist_ok=True)
    (directory / "config.json").write_text("{}")
    (directory / ".nexcage").mkdir()
    values = {"version": 1, "rootfs": {"mode": "copy"}, "config": "sha256:" + sha256(b"{}").hexdigest()}
    (directory / ".nexcage" / "bundle.json").write_text(dumps(values))
    text = manifest or render(scan(str(directory / "rootfs")), Header())
    (directory / ".nexcage" / "manifest.mtree").write_bytes(text)
    return directory


@pytest.mark.parametrize("held", [5, 1000])
def test_a_manifest_that_is_not_sorted_is_compared_all_the_same(tmp_path, monkeypatch, held):
    made = bundle(tmp_path, 40)
    (tmp_path / "rootfs" / "part0" / "file-7").unlink()
    (tmp_path / "rootfs" / "part0.new").touch()
    file = tmp_path / ".nexcage" / "manifest.mtree"
    *above, end = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*above[:2], *reversed(above[2:]), end]))
    monkeypatch.setattr(rows, "HELD", held)
    with verify(str(made)) as found:
        assert [(each.path, each.what) for each in found if each.what != "time"] == [
            (b"rootfs/part0.new", "added"),
            (b"rootfs/part0/file-7", "missing"),
        ]
    file.write_bytes(b"".join([*above[:2], *reversed(above[2:]), above[9], b"# end 43\n"]))
    with pytest.raises(InvalidBundle, match="line 45: the path is there twice"), verify(str(made)):
        pass


# getrusage would count what pytest had before exec(2): VmHWM begins anew with it, proc(5)
PEAK = """
import sys
from nexcage.cli.main import main
status = main(sys.argv[1:])
with open("/proc/self/status") as file:
    sys.stderr.write(next(row for row in file if row.startswith("VmHWM:")).split()[1])
sys.exit(status)
"""


def run(made, *options):
    """The exit status of a verify of its own process, what it printed, and its peak of memory in KiB."""
    command = [sys.executable, "-c", PEAK, "bundle", "verify", *options, str(made)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, int(done.stderr)


MANY = 100_000


def changed(count):
    """A manifest of files that are not there, so that each is a difference too."""
    texts = [line(Entry(b".", "dir", 0o700, 0, 0)), line(Entry(b"usr", "dir", 0o755, 0, 0))]
    paths = sorted((b"usr/share/part%d/file-%07d.txt" % (n // 300, n) for n in range(count)), key=key)
    texts += [line(Entry(path, "file", 0o644, 0, 0, 9, 10**18, "ab" * 32)) for path in paths]
    return b"".join([head(Header()), *texts, foot(len(texts))])


def test_memory_does_not_grow_with_the_files(tmp_path):
    """All in one directory and none changed, then all of them changed, then in no order."""
    peaks = {}
    for count in (1000, MANY):
        (tmp_path / f"same{count}").mkdir()
        home = tmp_path / f"same{count}" / "rootfs"
        (home / "all").mkdir(parents=True)
        for number in range(count):
            os.close(os.open(home / "all" / f"file-{number}", os.O_CREAT | os.O_WRONLY, 0o644))
        same = bundle(tmp_path / f"same{count}", 0)
        (tmp_path / f"gone{count}").mkdir()
        gone = bundle(tmp_path / f"gone{count}", 0, changed(count))
        status, text, peaks["same", count] = run(same)
        assert (status, text.splitlines()[-1]) == (0, f"{same}: {count + 2} files, nothing changed")
        status, text, peaks["gone", count] = run(gone, "--format", "json")
        assert (status, len(loads(text.encode())["differences"])) == (1, count + 2)
        file = gone / ".nexcage" / "manifest.mtree"
        *above, end = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join([*above[:2], *reversed(above[2:]), end]))
        status, text, peaks["mixed", count] = run(gone)
        assert (status, text.count("is missing")) == (1, count + 1)
    grown = {what: peaks[what, MANY] / peaks[what, 1000] for what in ("same", "gone", "mixed")}
    assert max(grown.values()) < 1.6, (grown, peaks)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_it_is_ended(tmp_path, ending):
    for name in ("tmp", "gone"):
        (tmp_path / name).mkdir()
    made = bundle(tmp_path / "gone", 0, changed(30_000))
    reader, writer = os.pipe()  # nobody reads: it is stopped in the midst of its output
    command = [sys.executable, "-m", "nexcage", "bundle", "verify", str(made)]
    env = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    with subprocess.Popen(command, stdout=writer, env=env) as process:
        os.close(writer)
        try:
            assert os.read(reader, 1)  # printing, and so it has files there
            time.sleep(0.2)
            held = [os.readlink(each) for each in os.scandir(f"/proc/{process.pid}/fd")]
            assert any(place.startswith(str(tmp_path / "tmp")) for place in held)
            process.send_signal(ending)
            assert process.wait(30) != 0
        finally:
            process.kill()
            os.close(reader)
    assert os.listdir(tmp_path / "tmp") == []
