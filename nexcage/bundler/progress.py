"""What is told while a bundle is made: bars on a terminal, log lines elsewhere."""

import sys

from nexcage import log
from nexcage.comfort import optional

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from nexcage.bundler.image import Layer


class Progress:
    """One bar for each layer, on standard error where that is a terminal; a context."""

    def __init__(self) -> None:
        self._bars: object = None

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self, kind: "type[BaseException] | None", error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        if self._bars is not None:
            self._bars.stop()  # type: ignore[attr-defined]

    def say(self, text: str) -> None:
        """Tell what begins now."""
        log.info(text)

    def layer(self, layer: "Layer") -> "Callable[[int], None] | None":
        """A layer begins: who is told of each piece of it that was read."""
        name = (layer.digest or layer.diff_id).partition(":")[2][:12] or "archive"
        log.info(f"unpacking {name}, {layer.blob.size} bytes")
        if not sys.stderr.isatty():
            return None
        if self._bars is None:
            self._bars = _bars()
        if self._bars is None:
            return None
        bars = self._bars
        task = bars.add_task(name, total=layer.blob.size)  # type: ignore[attr-defined]

        def advance(size: int) -> None:
            bars.update(task, advance=size)  # type: ignore[attr-defined]

        return advance


def _bars() -> object:
    """rich's bars, started; None where rich is not installed."""
    if optional("rich.progress") is None:
        return None
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
        console=Console(stderr=True),
    )  # fmt: skip
    bars.start()
    return bars
