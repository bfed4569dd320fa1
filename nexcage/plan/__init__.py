"""Plans: what is going to be done, as data that can be shown, compared and undone."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Step:
    """One effect on the host. ``why`` is a short phrase for whoever reads the plan."""

    undo: list[str]

    def describe(self) -> "Mapping[str, object]":
        """The step as JSON values: ``do``, its subject, and ``undo``."""
        raise NotImplementedError


class MakeDir(Step):
    """Make directory ``path``; undone by removing it and all below it."""

    def __init__(self, path: str, mode: int = 0o700) -> None:
        self.path = path
        self.mode = mode

    def describe(self) -> "Mapping[str, object]":
        """``do: mkdir``."""
        return {"do": "mkdir", "path": self.path, "undo": "remove"}

    def __str__(self) -> str:
        return f"mkdir  {self.path}"


class Write(Step):
    """Write ``data`` to the new file ``path``; undone by removing it."""

    def __init__(self, path: str, data: bytes, mode: int = 0o600) -> None:
        self.path = path
        self.data = data
        self.mode = mode

    def describe(self) -> "Mapping[str, object]":
        """``do: write``, with the size in bytes."""
        return {"do": "write", "path": self.path, "bytes": len(self.data), "undo": "remove"}

    def __str__(self) -> str:
        return f"write  {self.path} ({len(self.data)} bytes)"


class Run(Step):
    """Run a program.

    ``stdio`` says what it is attached to: ``inherit``, ``capture`` (its words
    go into the error when it fails), ``null``, or a file that takes its output.
    ``undo`` is an argv list, empty when there is nothing to undo. With
    ``any_status`` a status other than 0 is a result, not a failure.
    """

    def __init__(
        self,
        argv: list[str],
        undo: list[str] | None = None,
        *,
        stdio: str = "inherit",
        foreground: bool = False,
        any_status: bool = False,
    ) -> None:
        self.argv = argv
        self.undo = undo or []
        self.stdio = stdio
        self.foreground = foreground
        self.any_status = any_status

    def describe(self) -> "Mapping[str, object]":
        """``do: run``."""
        return {"do": "run", "argv": self.argv, "undo": self.undo}

    def __str__(self) -> str:
        return "run    " + " ".join(self.argv)


class Plan:
    """The steps of ``verb`` for container ``id`` through ``driver``.

    ``home`` is the record's directory, made before the first step and removed
    when a step fails; empty for verbs that make no record.
    """

    def __init__(self, verb: str, container_id: str, driver: str, steps: list[Step], home: str = "") -> None:
        self.verb = verb
        self.id = container_id
        self.driver = driver
        self.steps = steps
        self.home = home

    def all_steps(self) -> list[Step]:
        """The steps, the making of the record's directory included."""
        return [MakeDir(self.home), *self.steps] if self.home else self.steps

    def describe(self) -> dict[str, object]:
        """The plan as JSON values."""
        return {
            "verb": self.verb,
            "id": self.id,
            "driver": self.driver,
            "steps": [dict(step.describe()) for step in self.all_steps()],
        }
