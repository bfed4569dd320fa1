"""Names are bytes: they come out as they went in, whatever the locale."""

import os
import subprocess
import sys

import pytest

from nexcage.bundler.layers.lib import functions
from nexcage.bundler.manifest.reading import parse
from nexcage.bundler.manifest.tree import scan
from nexcage.errors import InvalidImage
from tests.unit import layer_maker as made
from tests.unit.layer_maker import entry, header, padded, pax, tar

NAMES = [
    "cafe\u0301".encode(),  # decomposed, as macOS writes it
    "caf\u00e9".encode(),
    "\u1100\u1161\u11a8".encode(),
    "\u212b".encode(),  # a sign that normal forms replace
    b"\xff\xfe",
    b"\xc3",
    b"\xed\xa0\x80",  # a surrogate
    b"\xf4\x90\x80\x80",
    b"new\nline",
    b"tab\tand bell\x07",
    b"back\\slash\\101",
    b"\x01\x02\x7f\x80",
    b" ",
    b"-rf",
    b"#=*?[x]",
    b"a.",
    b"...",
    b"~",
    b"wh.x",
    b"x.wh.y",
    b"l" * 90 + "e\u0301".encode() * 20,
]


def in_pax(name, kind, target=b""):
    """As Go's archive/tar writes what is no ASCII."""
    records = {b"path": name, **({b"linkpath": target} if target else {})}
    return pax(records) + header(b"short", kind, target=b"short" if target else b"") + padded(b"")


@pytest.mark.parametrize("how", [entry, in_pax])
def test_every_byte_survives(tmp_path, how):
    entries = []
    for i, name in enumerate(NAMES):
        place = b"d%d/" % i + name
        entries += [how(place, made.FILE), how(b"h%d/" % i + name, made.HARD, target=place)]
        entries += [
            how(b"l%d/" % i + name, made.LINK, target=name + b"/" + name),
            how(b"n%d/" % i + name, made.DIR),
        ]
    out, manifest = made.unpack(tmp_path, tar(*entries))
    found = {x.path: x for x in scan(str(out))}
    assert found == parse(manifest.read_bytes())
    root = os.fsencode(out)
    for i, name in enumerate(NAMES):
        for letter in (b"d", b"h", b"l", b"n"):
            assert os.listdir(root + b"/%c%d" % (letter[0], i)) == [name]
        assert os.readlink(root + b"/l%d/" % i + name) == name + b"/" + name
        assert os.stat(root + b"/h%d/" % i + name).st_nlink == 2


def test_one_name_in_two_normal_forms_is_two_files(tmp_path):
    first, second = NAMES[:2]
    tars = [tar(entry(first), entry(second)), tar(entry(b".wh." + first))]
    out, _ = made.unpack(tmp_path, *tars)
    assert os.listdir(os.fsencode(out)) == [second]


@pytest.mark.parametrize("name", NAMES)
def test_names_in_messages_are_one_printable_line(tmp_path, name):
    with pytest.raises(InvalidImage) as error:
        made.unpack(tmp_path, tar(entry(b"/" + name)))
    assert error.value.message.isprintable()


def test_text_for_people_stays_as_it_is():
    """Reading archives takes the C locale: messages, paths and output must not notice."""
    code = (
        "import os, sys\n"
        "before = [os.strerror(n) for n in range(1, 130)], os.fsencode('\\u00e9'), sys.stdout.encoding\n"
        "from nexcage.bundler.layers.lib import functions\n"
        "functions(held=True); functions(held=False)\n"
        "after = [os.strerror(n) for n in range(1, 130)], os.fsencode('\\u00e9'), sys.stdout.encoding\n"
        "assert before == after\n"
        "print('\\u00e9', os.fsdecode(b'\\xff').encode('utf-8', 'surrogateescape'))\n"
    )
    for locale in ("C.UTF-8", "C", "en_US.UTF-8"):
        env = {"LC_ALL": locale, "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
        assert done.stdout == "\u00e9 b'\\xff'\n".encode()
    assert functions(held=True) is functions(held=True)
