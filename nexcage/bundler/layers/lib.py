"""libarchive, as far as reading needs it: its C functions, called directly.

A layer has tens of thousands of entries, and a wrapper in Python would cost as
much as each call. Names come out as the bytes that they are:
in a UTF-8 locale libarchive would compose the accents of names anew, so this
process has the C locale while it reads, and libarchive's complaint is ignored.
"""

import _locale
import _thread
import ctypes
import os
import sys

from nexcage import paths
from nexcage.comfort import installing
from nexcage.errors import DriverUnavailable, InvalidImage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Any, Self

    _Type = type[ctypes._SimpleCData[Any]]

EOF, OK, WARN = 1, 0, -20
_READ = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_LOCALE_COMPLAINT = b"current locale"
_pointer, _number, _text = ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p


class Functions:
    """Each C function that is used, with its types.

    ``held`` keeps the interpreter's lock during a call: right for the many short
    ones. Decompression is long and lets other threads run.
    """

    def __init__(self, *, held: bool) -> None:
        library = (ctypes.PyDLL if held else ctypes.CDLL)(_library())

        def function(
            name: str, *arguments: "_Type", result: "_Type | None" = ctypes.c_int
        ) -> "ctypes._FuncPointer":
            found = library["archive_" + name]
            found.argtypes, found.restype = list(arguments), result
            return found

        self.new = function("read_new", result=_pointer)
        self.free = function("read_free", _pointer)
        self.open = function("read_open", _pointer, _pointer, _pointer, _READ, _pointer)  # type: ignore[arg-type]
        self.next_header = function("read_next_header2", _pointer, _pointer)
        self.read_data = function("read_data", _pointer, _pointer, ctypes.c_size_t, result=ctypes.c_ssize_t)
        self.read_block = function("read_data_block", _pointer, _pointer, _pointer, _pointer)
        self.support = {
            name: function("read_support_" + name, _pointer)
            for name in (
                "format_tar",
                "format_raw",
                "format_empty",
                "filter_zstd",
                "filter_xz",
                "filter_bzip2",
            )
        }
        self.error = function("error_string", _pointer, result=_text)
        self.entry_new = function("entry_new", result=_pointer)
        self.entry_free = function("entry_free", _pointer, result=None)
        self.pathname = function("entry_pathname", _pointer, result=_text)
        self.hardlink = function("entry_hardlink", _pointer, result=_text)
        self.symlink = function("entry_symlink", _pointer, result=_text)
        self.mode = function("entry_mode", _pointer, result=ctypes.c_ushort)  # of 16 bits on FreeBSD
        self.uid = function("entry_uid", _pointer, result=_number)
        self.gid = function("entry_gid", _pointer, result=_number)
        self.size = function("entry_size", _pointer, result=_number)
        self.mtime = function("entry_mtime", _pointer, result=_number)
        self.mtime_nsec = function("entry_mtime_nsec", _pointer, result=ctypes.c_long)
        self.major = function("entry_rdevmajor", _pointer, result=_number)
        self.minor = function("entry_rdevminor", _pointer, result=_number)
        self.sparse_count = function("entry_sparse_count", _pointer)
        self.xattr_reset = function("entry_xattr_reset", _pointer)
        self.xattr_next = function("entry_xattr_next", _pointer, _pointer, _pointer, _pointer)


_loaded: dict[bool, Functions] = {}


def functions(*, held: bool) -> Functions:
    """The loaded library; raises `DriverUnavailable` where it is not installed."""
    if held not in _loaded:
        if not _loaded:
            sys.unraisablehook = _Lost(sys.unraisablehook)
            if paths.FREEBSD:
                # its iconv(3) has "?" for what the C locale does not know, and calls that a success
                # (citrus_iconv_std.c); without modules there is no iconv, and libarchive gives the bytes
                os.putenv("PATH_I18NMODULE", "/nonexistent")
        _loaded[held] = Functions(held=held)
    return _loaded[held]


def _library() -> str:
    """The name that the system's loader finds libarchive by (Linux, FreeBSD, others)."""
    for name in ("libarchive.so.13", "libarchive.so.7", "libarchive.so"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return name
    raise DriverUnavailable(
        "libarchive is not installed",
        code="library-missing",
        hint="install it: " + installing("libarchive13", "libarchive"),
    )


class _Lost:
    """A signal may raise in a callback before its first line; ctypes would only print that and go on."""

    def __init__(self, otherwise: "Callable[[sys.UnraisableHookArgs], object]") -> None:
        self._otherwise = otherwise

    def __call__(self, lost: "sys.UnraisableHookArgs") -> None:
        reader = getattr(lost.object, "__self__", None)
        if isinstance(reader, Reader):
            reader.fail(lost.exc_value)
        else:
            self._otherwise(lost)


class _PlainNames:
    """The C locale as long as any archive is read, in whatever thread."""

    _lock = _thread.allocate_lock()
    _readers = 0
    _before = "C"

    @classmethod
    def begin(cls) -> None:
        with cls._lock:
            if cls._readers == 0:
                cls._before = _locale.setlocale(_locale.LC_CTYPE, None)
                _locale.setlocale(_locale.LC_CTYPE, "C")
            cls._readers += 1

    @classmethod
    def end(cls) -> None:
        with cls._lock:
            cls._readers -= 1
            if cls._readers == 0:
                _locale.setlocale(_locale.LC_CTYPE, cls._before)


class Reader:
    """An archive that comes in ``pieces``: `next` steps to an entry, `data` gives its content.

    An exception of ``pieces`` passes through; what libarchive finds wrong is an
    `InvalidImage` with the code ``image-corrupt``.
    """

    def __init__(self, pieces: "Iterator[bytes]", *, format: str, filter: str = "") -> None:
        self._pieces = pieces
        self._held = b""  # libarchive reads from it until the next piece
        self._held_at = 0  # its address
        self._failure: BaseException | None = None
        self._block = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_int64()
        self._block_arguments = [ctypes.byref(x) for x in self._block]
        self.lib = functions(held=format == "tar")
        self._callback = _READ(self._more)
        self._format = format
        self._filter = filter
        self.archive = 0
        self.entry = 0

    def __enter__(self) -> "Self":
        lib = self.lib
        _PlainNames.begin()
        self.archive = lib.new()
        self.entry = lib.entry_new()
        lib.support["format_" + self._format](self.archive)
        lib.support["format_empty"](self.archive)
        if self._filter:
            lib.support["filter_" + self._filter](self.archive)
        try:
            self._check(lib.open(self.archive, None, None, self._callback, None))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: "type[BaseException] | None", error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.lib.entry_free(self.entry)
        self.lib.free(self.archive)
        self.archive = 0
        _PlainNames.end()

    def _more(self, _archive: object, _data: object, target: "ctypes._Pointer[ctypes.c_void_p]") -> int:
        try:
            self._held = next(self._pieces, b"")
            place = ctypes.cast(ctypes.c_char_p(self._held), ctypes.c_void_p)
            self._held_at = place.value or 0
            target[0] = place
            return len(self._held)
        except BaseException as error:  # noqa: BLE001  # of a signal too; it is raised after the call
            self._failure = error
            return -1

    def fail(self, error: BaseException | None) -> None:
        """Have the call that is under way raise ``error``."""
        self._failure = self._failure or error

    def _check(self, status: int) -> int:
        if self._failure is not None:
            raise self._failure
        if status >= OK:
            return status
        said = self.lib.error(self.archive) or b"cannot be read"
        if status == WARN and _LOCALE_COMPLAINT in said:
            return OK
        reason = ascii(said.decode("utf-8", "replace"))[1:-1]
        raise InvalidImage(f"the archive is damaged: {reason[:1].lower()}{reason[1:]}", code="image-corrupt")

    def next(self) -> bool:
        """Step to the next entry; False at the end of the archive."""
        status = self.lib.next_header(self.archive, self.entry)
        return (status or self._failure is not None) == 0 or self._check(status) != EOF

    def data(self, buffer: "ctypes.Array[ctypes.c_char]", size: int) -> int:
        """Fill ``buffer`` with up to ``size`` bytes of the entry's content; 0 at its end."""
        got = int(self.lib.read_data(self.archive, buffer, size))
        return got if got >= 0 and self._failure is None else self._check(got)

    def block(self) -> bytes | memoryview | None:
        """The next bytes of a file without holes, valid until the next call; None after the last."""
        start, size, _ = self._block
        while True:
            if self._check(self.lib.read_block(self.archive, *self._block_arguments)) == EOF:
                return None
            if size.value:
                return self._bytes_at(start.value or 0, size.value)

    def blocks(self) -> "Iterator[tuple[int, bytes | memoryview]]":
        """The content of a sparse file: (offset, bytes) of what is no hole; valid until the next one."""
        start, size, offset = self._block
        read_block, archive, arguments = self.lib.read_block, self.archive, self._block_arguments
        while self._check(read_block(archive, *arguments)) != EOF:
            length = size.value
            if length:
                yield offset.value, self._bytes_at(start.value or 0, length)

    def _bytes_at(self, start: int, length: int) -> bytes | memoryview:
        """Bytes that libarchive points to: mostly in the piece it was given last, where no copy is needed."""
        at = start - self._held_at
        if at >= 0 and at + length <= len(self._held):
            return memoryview(self._held)[at : at + length]
        return ctypes.string_at(start, length)

    def xattrs(self) -> dict[bytes, bytes]:
        """The extended attributes of the entry."""
        lib, found = self.lib, {}
        if not lib.xattr_reset(self.entry):
            return {}
        name, value, size = ctypes.c_char_p(), ctypes.c_void_p(), ctypes.c_size_t()
        arguments = [ctypes.byref(x) for x in (name, value, size)]
        while lib.xattr_next(self.entry, *arguments) == OK:
            found[name.value or b""] = ctypes.string_at(value, size.value) if size.value else b""
        return found
