"""Makes layers byte by byte, also such as no tool would, and images of them."""

import hashlib

from nexcage.bundler.image import Blob, Image, Layer
from nexcage.bundler.layers.apply import Limits
from nexcage.bundler.progress import Progress
from nexcage.bundler.unpack import Unpacking

END = bytes(1024)
TAR = "application/vnd.oci.image.layer.v1.tar"
FILE, HARD, LINK, CHAR, BLOCK, DIR, FIFO = b"0", b"1", b"2", b"3", b"4", b"5", b"6"


def number(value, width):
    """Octal with a NUL, or base 256 where that is too short or negative."""
    if 0 <= value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    raw = value.to_bytes(width, "big", signed=True)
    return bytes((raw[0] | 0x80,)) + raw[1:]


def header(name, kind=FILE, *, mode=0o644, uid=0, gid=0, size=0, mtime=0, target=b"", major=0, minor=0):
    """One block in GNU form, with the extra ones that long names need."""
    before = b"".join(
        header(b"././@LongLink", letter, size=len(long) + 1) + padded(long + b"\0")
        for letter, long in ((b"L", name), (b"K", target))
        if len(long) > 99
    )
    block = b"".join(
        (
            name[:99].ljust(100, b"\0"),
            number(mode, 8),
            number(uid, 8),
            number(gid, 8),
            number(size, 12),
            number(mtime, 12),
            b" " * 8,
            kind,
            target[:99].ljust(100, b"\0"),
            b"ustar  \0",
            bytes(64),
            number(major, 8) if kind in (CHAR, BLOCK) else bytes(8),
            number(minor, 8) if kind in (CHAR, BLOCK) else bytes(8),
        )
    ).ljust(512, b"\0")
    return before + block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padded(data):
    return data + bytes(-len(data) % 512)


def pax(records, kind=b"x"):
    """An extended header of ``records``, bytes to bytes, as they are given."""
    text = b""
    for key, value in records.items():
        body = b" " + key + b"=" + value + b"\n"
        size = len(body) + 1
        while len(b"%d" % size) + len(body) != size:
            size = len(b"%d" % size) + len(body)
        text += b"%d" % size + body
    return header(b"pax", kind, size=len(text)) + padded(text)


def entry(name, kind=FILE, *, data=b"", xattrs=None, **facts):
    """An entry with what belongs to it."""
    before = pax({b"SCHILY.xattr." + key: value for key, value in xattrs.items()}) if xattrs else b""
    return before + header(name, kind, size=len(data), **facts) + padded(data)


def tar(*entries):
    return b"".join(entries) + END


def sha(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(directory, data, tarred=None, media_type=TAR):
    """``data`` as a layer in a file; ``tarred`` is what it unpacks to when that is something else."""
    path = directory / sha(data)[7:39]
    path.write_bytes(data)
    return Layer(
        Blob(str(path), 0, len(data)), media_type, sha(data), sha(data if tarred is None else tarred)
    )


def image(directory, *tars):
    directory.mkdir(exist_ok=True)
    return Image("test", [layer(directory, data) for data in tars], config={"os": "linux"})


def unpacking(size=1 << 30, denied=()):
    return Unpacking(Limits(size, frozenset(denied)), Progress())


def unpack(directory, *tars, **how):
    """Unpack tars upon each other to ``directory``/out; returns (that directory, the manifest's file)."""
    for name in ("out", "work"):
        (directory / name).mkdir()
    doing = unpacking(**how)
    ledgers = doing.into(image(directory / "blobs", *tars), str(directory / "out"), str(directory / "work"))
    doing.manifest(ledgers, str(directory / "manifest"))
    return directory / "out", directory / "manifest"
