"""What a source gives: an image of layers, or a tree of files.

Cold path: only ``bundle create`` imports this.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nexcage.oci.rules import Object


class Blob:
    """Where bytes lie: ``size`` bytes at ``offset`` of the file ``path``, compressed or not."""

    __slots__ = ("offset", "path", "size")

    def __init__(self, path: str, offset: int, size: int) -> None:
        self.path = path
        self.offset = offset
        self.size = size

    def __repr__(self) -> str:
        return f"Blob({self.path!r}, {self.offset}, {self.size})"


class Layer:
    """One layer: a tar, perhaps compressed.

    ``digest`` is the blob's ("" in a docker archive, which names only the next),
    ``diff_id`` that of the uncompressed tar ("" for a tar that is no image).
    Neither has been checked against the bytes.
    """

    __slots__ = ("blob", "diff_id", "digest", "media_type")

    def __init__(self, blob: Blob, media_type: str, digest: str = "", diff_id: str = "") -> None:
        self.blob = blob
        self.media_type = media_type
        self.digest = digest
        self.diff_id = diff_id

    def __repr__(self) -> str:
        return f"Layer({self.blob!r}, {self.media_type!r}, {self.digest!r}, {self.diff_id!r})"


class Image:
    """An image whose documents are verified: ``layers`` from the lowest to the highest.

    ``digest`` is the manifest's ("" if there is none), ``config`` the image
    config document ({} for a plain tar), ``platform`` such as "linux/amd64",
    ``args`` what runs when config says nothing.
    """

    __slots__ = ("args", "config", "digest", "layers", "name", "platform")

    def __init__(
        self,
        name: str,
        layers: list[Layer],
        *,
        digest: str = "",
        config: "Object | None" = None,
        platform: str = "",
        args: list[str] | None = None,
    ) -> None:
        self.name = name
        self.layers = layers
        self.digest = digest
        self.config: Object = {} if config is None else config
        self.platform = platform
        self.args = args or []


class Tree:
    """Not an image: ``fill(directory)`` writes its files into an existing empty directory."""

    __slots__ = ("_fill", "args", "name")

    def __init__(self, name: str, args: list[str], fill: "Callable[[str], None]") -> None:
        self.name = name
        self.args = args
        self._fill = fill

    def fill(self, directory: str) -> None:
        """Write the files; raise `NexcageError` when that fails (the caller removes what was written)."""
        self._fill(directory)
