"""Calls of Proxmox VE's own tools: each is bounded in time and judged by what it says."""

import os

from nexcage import log
from nexcage.config import load
from nexcage.errors import DriverUnavailable, NexcageError, Timeout
from nexcage.host import process
from nexcage.plan import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nexcage.config import Config

PATIENCE = 120.0  # seconds for one call; a lock is waited for for 10 of them


class Tools:
    """pct, pvesh and alike, called for the container ``container_id`` ("" for none)."""

    def __init__(self, container_id: str = "", config: "Callable[[], Config]" = load) -> None:
        self.container = container_id
        self._configured = config

    def path(self, name: str) -> str:
        """Path of one of Proxmox VE's tools."""
        found = process.which(name)
        if not found:
            raise DriverUnavailable(
                f"{name} is not installed: this is no node of Proxmox VE",
                hint="run nexcage on a node, or choose another driver: --runtime crun",
            )
        return found

    def argv(self, tool: str, *words: str) -> list[str]:
        """A command line."""
        return [self.path(tool), *words]

    def step(self, words: list[str], handle: str, patience: float = PATIENCE) -> Run:
        """A call of a tool that is judged by what it says; ``patience`` where none is configured."""
        seconds = self.patience(patience)
        return Run(
            self.argv(*words),
            stdio="capture",
            patience=seconds,
            late=self.late(words, seconds, handle),
            judge=lambda done: self.judge(done, handle),
        )

    def destroy(self, handle: str, *, forced: bool) -> Run:
        """``pct destroy``, also from jobs and access lists; ``forced``: a running one too."""
        force = ["--force", "1"] if forced else []
        return self.step(["pct", "destroy", handle, *force, "--purge", "1"], handle)

    def patience(self, default: float = PATIENCE) -> float:
        """Seconds that one call of a tool may take."""
        return self._configured().timeout(default)

    def late(self, words: list[str], seconds: float, handle: str = "") -> Timeout:
        """The error for a call that was ended; its whole command line could tell secrets."""
        number = f" (VMID {handle})" if handle else ""
        what = f'container "{self.container}"{number}: ' if self.container else ""
        return Timeout(
            f"{what}{' '.join(words[:2])} did not end within {seconds:g} s",
            hint="see what the node is busy with, or set a longer proxmox.timeout",
        )

    def judge(self, done: process.Completed, handle: str = "") -> NexcageError | None:
        """The error in what a tool of the node printed; what it warns of is logged."""
        from nexcage.drivers.pct import errors

        tool = os.path.basename(done.argv[0])
        vmid = int(handle) if handle else None
        error = errors.classify(
            tool, done.argv, done.status, done.stdout, done.stderr, id=self.container, vmid=vmid
        )
        if error is None:
            for line in errors.warnings(done.stdout, done.stderr):
                log.warning(f"{tool}: {line}", code="pct-warning")
        return error

    def ask(self, *words: str) -> str:
        """The output of a tool that only reads."""
        seconds = self.patience()
        try:
            done = process.run(self.argv(*words), timeout=seconds)
        except Timeout:
            raise self.late(list(words), seconds) from None
        error = self.judge(done)
        if error is not None:
            raise error
        return done.stdout
