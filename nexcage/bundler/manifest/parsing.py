"""One line of a manifest, strictly: what `entry` would not have written is refused."""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64

from nexcage.bundler.manifest.entry import BELOW, NANO, Entry, key

LONGEST_LINE = 1 << 20  # of libarchive; a path, a target and 64 KiB of xattrs fit well
_ESCAPE = re.compile(rb"\\([0-3][0-7]{2})")
_OCTAL = re.compile(rb"0[0-7]{1,4}")
_WHOLE = re.compile(rb"\d{1,19}")
_TIME = re.compile(rb"(-?\d{1,15})\.(\d{9})")
_SHA256 = re.compile(rb"[0-9a-f]{64}")
_DEVICE = re.compile(rb"native,(\d{1,10}),(\d{1,10})")
_COMMON = {b"type", b"mode", b"uid", b"gid", b"time"}
_WORDS = {
    "file": _COMMON | {b"size", b"sha256digest"},
    "dir": _COMMON,
    "link": _COMMON | {b"link"},
    "char": _COMMON | {b"device"},
    "block": _COMMON | {b"device"},
    "fifo": _COMMON,
    "socket": _COMMON,
}
# as strict as `_slowly`, and much faster; what it does not match goes there, as every name with an escape
_USUAL = re.compile(
    rb"\.((?:/(?!\.{0,2}[/ ])[A-Za-z0-9_\-.+,:@%~]+)*) type=(?:(file)|(link)|dir)"
    rb" mode=(0[0-7]{1,4}) uid=(\d{1,19}) gid=(\d{1,19})(?(2) size=(\d{1,19}))"
    rb" time=(-?\d{1,15})\.(\d{9})"
    rb"(?(2) sha256digest=([0-9a-f]{64}))(?(3) link=([A-Za-z0-9_\-./+,:@%~]*))\n"
)


class Wrong(ValueError):
    """What is wrong with a line."""


def checked(text: bytes) -> bytes:
    """The `key` of a line, when nothing is wrong with it."""
    found = _USUAL.fullmatch(text)
    if found and len(text) <= LONGEST_LINE:
        return found[1][1:].replace(b"/", BELOW)
    return key(_slowly(text).path)


def size(text: bytes) -> int:
    """The size of a file from its line, which was checked; -1 of all other kinds."""
    _, found, rest = text.partition(b" size=")
    return int(rest.split(None, 1)[0]) if found else -1


def entry_of(text: bytes) -> Entry:
    """The file of which a line speaks; `Wrong` if `entry.line` would not have written it."""
    found = _USUAL.fullmatch(text)
    if found is None or len(text) > LONGEST_LINE:
        return _slowly(text)
    path, file, link, mode, uid, gid, length, seconds, nano, digest, target = found.groups()
    return Entry(
        path[1:] or b".",
        "file" if file else "link" if link else "dir",
        int(mode, 8),
        int(uid),
        int(gid),
        int(length) if file else 0,
        int(seconds) * NANO + int(nano),
        digest.decode() if file else "",
        target or b"",
    )


def _slowly(text: bytes) -> Entry:
    if len(text) > LONGEST_LINE:
        raise Wrong("the line is too long")
    if not text.endswith(b"\n"):
        raise Wrong("it ends in the middle of the line")
    first, *words = text[:-1].split(b" ")
    given: dict[bytes, bytes] = {}
    xattrs: dict[bytes, bytes] = {}
    for word in words:
        key, equal, value = word.partition(b"=")
        if not equal:
            raise Wrong(f"{_shown(word)} has no value")
        if key.startswith(b"xattr."):
            name = _plain(key[6:])
            if not name or name in xattrs:
                raise Wrong(f"the keyword {_shown(key)} is there twice or has no name")
            xattrs[name] = _base64(value, key)
        elif key in given:
            raise Wrong(f"the keyword {_shown(key)} is there twice")
        else:
            given[key] = value
    kind = given.get(b"type", b"").decode("ascii", "replace")
    if kind not in _WORDS:
        raise Wrong(f'the type "{kind}" is not known')
    if given.keys() != _WORDS[kind]:
        odd = min(given.keys() ^ _WORDS[kind])
        raise Wrong(
            f"the keyword {_shown(odd)} " + ("does not belong here" if odd in given else "is missing")
        )
    return _made(_path(first), kind, given, xattrs)


def _made(path: bytes, kind: str, given: dict[bytes, bytes], xattrs: dict[bytes, bytes]) -> Entry:
    seconds, nano = _match(_TIME, given, b"time").groups()
    made = Entry(
        path,
        kind,  # type: ignore[arg-type]  # one of the keys of _WORDS
        int(_match(_OCTAL, given, b"mode")[0], 8),
        int(_match(_WHOLE, given, b"uid")[0]),
        int(_match(_WHOLE, given, b"gid")[0]),
        mtime=int(seconds) * NANO + int(nano),
        xattrs=xattrs,
    )
    if kind == "file":
        made.size = int(_match(_WHOLE, given, b"size")[0])
        made.sha256 = _match(_SHA256, given, b"sha256digest")[0].decode()
    elif kind == "link":
        made.target = _plain(given[b"link"])
    elif b"device" in given:
        major, minor = _match(_DEVICE, given, b"device").groups()
        made.device = int(major), int(minor)
    return made


def _match(pattern: "re.Pattern[bytes]", given: dict[bytes, bytes], key: bytes) -> "re.Match[bytes]":
    found = pattern.fullmatch(given[key])
    if found is None:
        raise Wrong(f"{key.decode()}={_shown(given[key])} cannot be read")
    return found


def _path(text: bytes) -> bytes:
    if text == b".":
        return text
    path = _plain(text[2:])
    if not text.startswith(b"./") or b"\0" in path or {b"", b".", b".."} & set(path.split(b"/")):
        raise Wrong(f"{_shown(text)} is no path below the root")
    return path


def _plain(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: bytes((int(found[1], 8),)), text)
    if b"\\" in _ESCAPE.sub(b"", text):
        raise Wrong(f"{_shown(text)} has an escape that cannot be read")
    return plain


def _base64(value: bytes, key: bytes) -> bytes:
    try:
        return a2b_base64(value, strict_mode=True)
    except Base64Error:
        raise Wrong(f"the value of {_shown(key)} is not base64") from None


def _shown(text: bytes) -> str:
    return '"' + ascii(text[:80].decode("ascii", "backslashreplace"))[1:-1].replace("\\\\", "\\") + '"'
