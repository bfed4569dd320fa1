"""Verbs that are one call of pct each."""

from nexcage.drivers.pct import copies, snapshots
from nexcage.plan import Run

LONG = 3600.0  # a copy, or a snapshot on a slow storage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.driver import Pct
    from nexcage.errors import NexcageError
    from nexcage.host.process import Completed


def step(driver: "Pct", verb: str, handle: str, options: list[str], after: list[str]) -> Run:
    """The call; ``options`` and ``after`` are the verb's own words."""
    if verb == "start":
        return _start(driver, handle)
    if verb in ("push", "pull"):
        words = copies.words(verb, handle, options, after)
    else:
        words = snapshots.words(verb, handle, options, after)
    return driver.tools.step(words, handle, patience=LONG)


def _start(driver: "Pct", handle: str) -> Run:
    """pct start; its words do not say why LXC failed, LXC's log does."""
    from nexcage.drivers.pct.startlog import Log

    log = Log.of(driver.own(handle))

    def judge(done: "Completed") -> "NexcageError | None":
        if done.status == 0:
            return driver.tools.judge(done, handle)
        if log.ran():  # it has ended already, and pct found no process
            return None
        done.stdout += "\n" + log.text()
        return driver.tools.judge(done, handle)

    step = driver.tools.step(["pct", "start", handle], handle)
    step.judge = judge
    return step
