"""Prometheus' text format, version 0.0.4: what is written, and how its words are escaped."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Page:
    """Families of samples, in the order in which they are added."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def family(self, name: str, kind: str, help: str) -> None:
        """Begin a family: ``kind`` is counter, gauge or histogram; its samples follow."""
        self._lines.append(f"# HELP {name} {_escaped(help)}")
        self._lines.append(f"# TYPE {name} {kind}")

    def sample(self, name: str, value: float, **labels: str) -> None:
        """One sample of the family that was begun last."""
        self._lines.append(f"{name}{_labels(labels)} {_number(value)}")

    def histogram(
        self, name: str, bounds: "Sequence[float]", counts: "Sequence[int]", total: float, **labels: str
    ) -> None:
        """One histogram: ``counts`` by bucket, one more than ``bounds``, not yet cumulative."""
        seen = 0
        for bound, count in zip([*bounds, float("inf")], counts, strict=True):
            seen += count
            self.sample(f"{name}_bucket", seen, **labels, le=_number(bound))
        self.sample(f"{name}_sum", total, **labels)
        self.sample(f"{name}_count", seen, **labels)

    def text(self) -> str:
        """All of it."""
        return "".join(line + "\n" for line in self._lines)


def _labels(labels: "Mapping[str, str]") -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    """What is no UTF-8, as a file name can be, is written with escapes of its own."""
    return _escaped(text.encode(errors="backslashreplace").decode()).replace('"', '\\"')


def _number(value: float) -> str:
    if value == float("inf"):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)
