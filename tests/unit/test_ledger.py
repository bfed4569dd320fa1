"""nexcage.bundler.layers.ledger: what is there in the end, from sorted rows on disk."""

import os
import tempfile
import tracemalloc

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nexcage.bundler import rows as held_rows
from nexcage.bundler.layers.ledger import Ledger, lines
from nexcage.bundler.manifest.entry import Entry, Header, foot, head
from nexcage.bundler.manifest.reading import parse

PARTS = [b"a", b"b", b"a-", b"a.b", b"\xff", b"\x01", b"\\", b"a b"]
paths = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map(b"/".join)
deeds = st.tuples(st.sampled_from(["dir", "file", "remove", "opaque"]), st.one_of(paths, st.just(b".")))


def modelled(layers):
    """path → (layer, number) of the row that stands: what comes later wins, and cuts what lies below."""
    tree = {}
    for layer, rows in enumerate(layers):
        for i, (deed, path) in enumerate(rows):
            inside = b"" if path == b"." else path + b"/"
            below = [x for x in tree if x != path and x != b"." and x.startswith(inside)]
            if deed in ("dir", "file"):
                tree[path] = (layer, i)
                if deed == "file":
                    for gone in below:
                        del tree[gone]
                continue
            for gone in below + ([path] if deed == "remove" else []):
                if gone in tree and tree[gone][0] < layer:
                    del tree[gone]
    return tree


def merged(directory, layers):
    files = []
    for i, rows in enumerate(layers):
        book = Ledger(f"{directory}/{i}")
        for j, (deed, path) in enumerate(rows):
            if deed in ("dir", "file"):
                book.write(Entry(path, deed, 0o755, i, j, sha256="0" * 64 if deed == "file" else ""))
            else:
                getattr(book, deed)(path)
        book.close()
        files.append(book.path)
    assert sorted(os.listdir(directory)) == sorted(os.path.basename(path) for path in files)
    rows = list(lines(files))
    found = parse(head(Header()) + b"".join(rows) + foot(len(rows)))
    assert len(found) == len(rows)
    return {path: (entry.uid, entry.gid) for path, entry in found.items()}


@settings(max_examples=150)
@given(st.lists(st.lists(deeds, max_size=10), min_size=1, max_size=4), st.sampled_from([1, 2, 3, 20_000]))
@example([[("file", b"a"), ("dir", b"a"), ("file", b"a/b"), ("file", b"a"), ("dir", b"a")]], 1)
@example([[("dir", b"a"), ("file", b"a/b")], [("file", b"a/c"), ("remove", b"a")]], 2)
@example([[("dir", b"."), ("file", b"a")], [("opaque", b"."), ("file", b"b")]], 1)
def test_it_agrees_with_the_model(layers, held):
    before, held_rows.HELD = held_rows.HELD, held
    try:
        with tempfile.TemporaryDirectory() as directory:
            assert merged(directory, layers) == modelled(layers)
    finally:
        held_rows.HELD = before


def test_memory_is_bounded(tmp_path, monkeypatch):
    """Four times as many rows as are held."""
    monkeypatch.setattr(held_rows, "HELD", 5000)
    book = Ledger(str(tmp_path / "ledger"))
    order = list(range(4 * held_rows.HELD))
    order.sort(key=lambda i: i * 7919 % 20_011)
    tracemalloc.start()
    try:
        for i in order:
            book.write(Entry(b"usr/share/some/longer/name/%08d" % i, "file", 0o644, 0, 0, sha256="0" * 64))
        book.close()
        count = sum(1 for _ in lines([book.path]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == len(order)
    assert os.listdir(tmp_path) == ["ledger"]
    assert peak < 5 << 20


def test_one_path_a_hundred_thousand_times(tmp_path):
    """Not quadratic: this would take an hour."""
    book = Ledger(str(tmp_path / "ledger"))
    for i in range(50_000):
        book.write(Entry(b"f", "file", 0o644, 0, i, sha256="0" * 64))
        book.write(Entry(b"f/%d" % i, "file", 0o644, 0, i, sha256="0" * 64))
    book.close()
    found = list(lines([book.path]))
    assert len(found) == 2
