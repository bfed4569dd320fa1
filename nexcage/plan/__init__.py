"""Plans: what is going to be done, as data that can be shown, compared and undone."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nexcage.errors import NexcageError
    from nexcage.host.process import Completed

    # what a program that ended came to: nothing, or the error
    Judge = Callable[[Completed], "NexcageError | None"]
    Effect = Callable[[], object]


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
    """Write ``data`` to the file ``path``, at once, with ``sync`` to the disk; undone by removing it."""

    def __init__(self, path: str, data: bytes, mode: int = 0o600, *, sync: bool = False) -> None:
        self.path = path
        self.data = data
        self.mode = mode
        self.sync = sync

    def describe(self) -> "Mapping[str, object]":
        """``do: write``, with the size in bytes."""
        return {"do": "write", "path": self.path, "bytes": len(self.data), "undo": "remove"}

    def __str__(self) -> str:
        return f"write  {self.path} ({len(self.data)} bytes)"


class Insert(Step):
    """Add ``lines`` to the file ``path``, before its first ``[section]``; ``lock`` is held meanwhile.

    Undone with what made the file.
    """

    def __init__(self, path: str, lines: list[str], lock: str) -> None:
        self.path = path
        self.lines = lines
        self.lock = lock

    def describe(self) -> "Mapping[str, object]":
        """``do: insert``, with the lines."""
        return {"do": "insert", "path": self.path, "lines": self.lines, "undo": "none"}

    def __str__(self) -> str:
        return "\n         ".join([f"insert {self.path}", *self.lines])


class Remove(Step):
    """Remove the file ``path`` that an earlier step made."""

    def __init__(self, path: str) -> None:
        self.path = path

    def describe(self) -> "Mapping[str, object]":
        """``do: remove``."""
        return {"do": "remove", "path": self.path, "undo": "none"}

    def __str__(self) -> str:
        return f"remove {self.path}"


class Signal(Step):
    """Send signal ``number`` to the processes ``pids`` of this host; nothing undoes it."""

    def __init__(self, pids: list[int], number: int) -> None:
        self.pids = pids
        self.number = number

    def describe(self) -> "Mapping[str, object]":
        """``do: signal``."""
        return {"do": "signal", "signal": self.number, "pids": self.pids, "undo": "none"}

    def __str__(self) -> str:
        return f"signal {self.number} to {' '.join(map(str, self.pids))}"


class Run(Step):
    """Run a program.

    ``stdio`` says what it is attached to: ``inherit``, ``capture`` (its words
    go into the error when it fails), ``null``, or a file that takes its output.
    ``undo`` is an argv list, empty when there is nothing to undo. With
    ``any_status`` a status other than 0 is a result, not a failure.

    For captured ones: ``judge`` says what it came to, where the status does not
    tell; it ends within ``patience`` seconds or is ended; ``grace`` are the
    seconds that it gets to clean up when it is, ``late`` the error then.
    ``undo_when`` is asked whether
    there is something to undo, where somebody else's could be hit. ``env`` is
    the environment, `host.process.probe_environment` where it is None. With
    ``detached`` it goes on by itself; ``at`` is the directory that it starts in.
    """

    def __init__(
        self,
        argv: list[str],
        undo: list[str] | None = None,
        *,
        stdio: str = "inherit",
        foreground: bool = False,
        any_status: bool = False,
        judge: "Judge | None" = None,
        patience: float = float("inf"),
        grace: float = 0.0,
        late: "NexcageError | None" = None,
        undo_when: "Callable[[], bool] | None" = None,
        env: "dict[str, str] | None" = None,
        detached: bool = False,
        at: str = "",
    ) -> None:
        self.argv = argv
        self.undo = undo or []
        self.stdio = stdio
        self.foreground = foreground
        self.any_status = any_status
        self.judge = judge
        self.patience = patience
        self.grace = grace
        self.late = late
        self.undo_when = undo_when
        self.env = env
        self.detached = detached
        self.at = at

    def describe(self) -> "Mapping[str, object]":
        """``do: run``."""
        return {"do": "run", "argv": self.argv, "undo": self.undo}

    def __str__(self) -> str:
        return "run    " + " ".join(self.argv)


class Act(Step):
    """What a driver does by itself: ``do``, shown as ``words``; ``back`` takes it back, shown as ``undo``.

    ``words`` are a command line, or a verb and its subject where no program runs (``shown`` names it:
    "run", "wait"). ``do`` may return the status of a program. ``back`` is called even when ``do`` has
    failed half-way, so it looks at what is there.
    """

    def __init__(
        self,
        words: list[str],
        do: "Effect",
        back: "Effect | None" = None,
        undo: list[str] | None = None,
        shown: str = "run",
    ) -> None:
        self.words = words
        self.do = do
        self.back = back
        self.undo = undo or []
        self.shown = shown

    def describe(self) -> "Mapping[str, object]":
        """As a `Run`, since that is what most of them are."""
        return {"do": self.shown, "argv": self.words, "undo": self.undo}

    def __str__(self) -> str:
        return f"{self.shown:<6} " + " ".join(self.words)


class Plan:
    """The steps of ``verb`` for container ``id`` through ``driver``.

    ``home`` is the record's directory, made before the first step and removed
    when a step fails; empty for verbs that make no record. ``undone`` is False when a
    step that failed, or one before it, could not be undone.
    """

    def __init__(self, verb: str, container_id: str, driver: str, steps: list[Step], home: str = "") -> None:
        self.verb = verb
        self.id = container_id
        self.driver = driver
        self.steps = steps
        self.home = home
        self.undone = True

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
