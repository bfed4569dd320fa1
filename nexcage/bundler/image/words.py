"""The words that documents of an image are read with: digests, JSON values, and what is wrong with them."""

import hashlib
import os

from nexcage import jsontext
from nexcage.bundler.image import Blob
from nexcage.errors import InvalidImage, NotFound, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

DOCUMENT_LIMIT = 4 << 20
# image-spec descriptor.md: the registered algorithms, and how long their hex is
ALGORITHMS = {"sha256": 64, "sha512": 128}
_HEX = frozenset("0123456789abcdef")


def malformed(document: str, at: str, reason: str) -> InvalidImage:
    """The error for JSON path ``at`` of ``document``."""
    return InvalidImage(f"{document}: {at}: {reason}", code="image-malformed")


def shown(value: object) -> str:
    """A value from outside for a message: quoted, cut."""
    text = str(value)
    return '"' + (text if len(text) <= 100 else text[:97] + "...") + '"'


def digest_fault(text: object) -> str:
    """What is wrong with a digest, "" when nothing: it becomes a file name."""
    if not isinstance(text, str):
        return "must be a string"
    algorithm, colon, digits = text.partition(":")
    if colon and algorithm not in ALGORITHMS and algorithm.isascii() and algorithm.isalnum():
        return f"the digest algorithm {shown(algorithm)} is not supported (sha256 and sha512 are)"
    if not colon or len(digits) != ALGORITHMS.get(algorithm, -1) or not _HEX.issuperset(digits):
        return f"{shown(text)} is no digest"
    return ""


class Words:
    """Typed access to one JSON object; ``document`` and ``at`` begin every message."""

    __slots__ = ("at", "document", "value")

    def __init__(self, value: object, document: str, at: str = "$") -> None:
        if not isinstance(value, dict):
            raise malformed(document, at, "must be an object")
        self.value: Object = value
        self.document = document
        self.at = at

    def fail(self, name: str, reason: str) -> InvalidImage:
        """The error for the property ``name``."""
        return malformed(self.document, f"{self.at}.{name}", reason)

    def obj(self, name: str) -> "Words | None":
        """The object ``name``; None when absent or null."""
        value = self.value.get(name)
        return None if value is None else Words(value, self.document, f"{self.at}.{name}")

    def need(self, name: str) -> "Words":
        """The object ``name``, which must be there."""
        value = self.obj(name)
        if value is None:
            raise self.fail(name, "is required")
        return value

    def text(self, name: str, *, required: bool = False) -> str:
        """The string ``name``; "" when absent."""
        value = self.value.get(name)
        if value is None and not required:
            return ""
        if value is None:
            raise self.fail(name, "is required")
        if not isinstance(value, str):
            raise self.fail(name, "must be a string")
        if "\0" in value:
            raise self.fail(name, "must not contain a NUL character")
        return value

    def number(self, name: str) -> int:
        """The whole number ``name``, not negative, which must be there."""
        value = self.value.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
            raise self.fail(name, "is required" if value is None else "must be a whole number, not negative")
        return value

    def digest(self, name: str) -> str:
        """The digest ``name``, which must be there and of a known form."""
        value = self.text(name, required=True)
        if fault := digest_fault(value):
            raise self.fail(name, fault)
        return value

    def array(self, name: str, *, required: bool = False) -> list[object]:
        """The array ``name``; [] when absent."""
        value = self.value.get(name)
        if value is None and not required:
            return []
        if not isinstance(value, list):
            raise self.fail(name, "is required" if value is None else "must be an array")
        return value

    def texts(self, name: str) -> list[str]:
        """The array of strings ``name``; [] when absent."""
        values = self.array(name)
        for i, value in enumerate(values):
            if not isinstance(value, str):
                raise self.fail(f"{name}[{i}]", "must be a string")
            if "\0" in value:
                raise self.fail(f"{name}[{i}]", "must not contain a NUL character")
        return values  # type: ignore[return-value]

    def table(self, name: str) -> dict[str, str]:
        """The object of strings ``name``; {} when absent."""
        inner = self.obj(name)
        if inner is None:
            return {}
        for key in inner.value:
            inner.text(key)
        return {key: value for key, value in inner.value.items() if value is not None}

    def objects(self, name: str, *, required: bool = False) -> "list[Words]":
        """The array of objects ``name``."""
        values = self.array(name, required=required)
        return [Words(value, self.document, f"{self.at}.{name}[{i}]") for i, value in enumerate(values)]


def read(blob: Blob, document: str) -> bytes:
    """The bytes of a document of at most 4 MiB; `InvalidImage` when it is larger or cut off."""
    if blob.size > DOCUMENT_LIMIT:
        raise InvalidImage(
            f"{document} has {blob.size} bytes, more than the {DOCUMENT_LIMIT >> 20} MiB of a JSON document",
            code="image-too-large",
        )
    try:
        handle = os.open(blob.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            data = os.pread(handle, blob.size, blob.offset)
        finally:
            os.close(handle)
    except FileNotFoundError:
        raise NotFound(f'"{blob.path}" does not exist', code="source-missing") from None
    except OSError as error:
        raise from_os(error, f'cannot read "{blob.path}"') from None
    if len(data) != blob.size:
        raise InvalidImage(f"{document} is cut off: {len(data)} of {blob.size} bytes", code="image-corrupt")
    return data


def verify(data: bytes, digest: str, document: str) -> None:
    """Raise `InvalidImage` unless ``data`` has this (well-formed) digest."""
    algorithm, _, expected = digest.partition(":")
    actual = hashlib.new(algorithm, data).hexdigest()
    if actual != expected:
        raise InvalidImage(
            f"{document} is not what its digest says: {digest} expected, {algorithm}:{actual} found",
            code="image-digest",
            hint="copy the image again",
        )


def parse(data: bytes, document: str) -> object:
    """The JSON value of ``data``; `InvalidImage` says where it is none."""
    try:
        return jsontext.loads(data)
    except jsontext.Malformed as error:
        raise InvalidImage(f"{document}: {error}", code="image-malformed") from None
