"""The service: looks at the host again and again, says what changes, and answers with what it knows."""

import gc
import os
import selectors
import signal
import time
from http import HTTPStatus

from nexcage import log
from nexcage.errors import NexcageError
from nexcage.state.totals import Totals
from nexcage.watch import gather, metrics
from nexcage.watch.exposition import CONTENT_TYPE
from nexcage.watch.looking import SIGNALS, Looking
from nexcage.watch.news import News
from nexcage.watch.notify import Notifier
from nexcage.watch.server import TEXT, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from nexcage.cli.call import Call
    from nexcage.watch.gather import Look

GRACE = 0.5  # seconds for a look that is killed at the end
_TICK = 0.1  # seconds between two looks at one that should be gone
_WORDS = {signal.SIGTERM: "stop", signal.SIGINT: "stop", signal.SIGHUP: "reload"}


class Service:
    """Looks at ``groups`` every ``interval`` seconds, each look at most ``patience`` seconds long.

    ``quiet`` is called in the process of a look, whose log lines would come again with each.
    """

    def __init__(
        self,
        call: "Call",
        groups: "Sequence[str]",
        *,
        interval: float,
        patience: float,
        listener: "socket.socket | None",
        quiet: "Callable[[], object]" = lambda: None,
        look: "Callable[[Call, Sequence[str]], Look]" = gather.look,
    ) -> None:
        self._call = call
        self._look = lambda: look(call, groups)
        self._interval = interval
        self._patience = patience
        self._quiet = quiet
        self._selector = selectors.DefaultSelector()
        self._server = Server(listener, self._selector, self.answer) if listener else None
        self._news = News()
        self._notifier = Notifier()
        self._looking: Looking | None = None
        self._killed = False
        self._last: Look | None = None
        self._last_success = 0.0
        self._runs = {"ok": 0, "failed": 0, "timeout": 0}
        self._due = 0.0
        self._wanted: set[str] = set()
        self._done = Totals()

    # -- the loop

    def run(self, greeting: str) -> None:
        """Say ``greeting`` as soon as signals are heard, and go on until SIGTERM or SIGINT comes."""
        gc.enable()  # the launcher has switched it off for short commands
        ours, theirs = os.pipe()
        for handle in (ours, theirs):
            os.set_blocking(handle, False)
        signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
        before = [signal.signal(number, self._signalled) for number in SIGNALS]
        self._selector.register(ours, selectors.EVENT_READ, lambda: os.read(ours, 512))
        try:
            log.info(greeting)
            self._notifier.ready()
            while "stop" not in self._wanted:
                self._step()
            self._notifier.stopping()
            log.info("stopped")
        finally:
            self._end()
            signal.set_wakeup_fd(-1)
            for number, handler in zip(SIGNALS, before, strict=True):
                signal.signal(number, handler)
            os.close(ours)
            os.close(theirs)

    def _signalled(self, number: int, _frame: object) -> None:
        self._wanted.add(_WORDS[signal.Signals(number)])

    def _step(self) -> None:
        """What is due now, then wait for what comes next."""
        if "reload" in self._wanted:
            self._wanted.discard("reload")
            self._reload()
        now = time.monotonic()
        if self._looking is None and now >= self._due:
            self._begin()
        elif self._looking is not None and (self._killed or now >= self._looking.began + self._patience):
            self._late(self._looking)
        if self._server:
            self._server.expire()
        for key, _ in self._selector.select(max(0.0, self._next() - time.monotonic())):
            key.data()

    def _next(self) -> float:
        client = self._server.deadline() if self._server else float("inf")
        if self._looking is None:
            return min(client, self._due)
        late = time.monotonic() + _TICK if self._killed else self._looking.began + self._patience
        return min(client, late)

    def _end(self) -> None:
        if self._looking:
            self._looking.kill()
            deadline = time.monotonic() + GRACE
            while not self._looking.gone() and time.monotonic() < deadline:
                time.sleep(0.01)
            self._looking.close()
        if self._server:
            self._server.close()
        self._selector.close()

    # -- looks

    def _begin(self) -> None:
        self._due = time.monotonic() + self._interval
        foreign = self._server.handles() if self._server else []
        try:
            self._looking = Looking(self._look, foreign, self._quiet, self._patience)
        except OSError as error:  # no process, no descriptor: perhaps the next time
            self._runs["failed"] += 1
            self._news.trouble("the check", f"cannot be made: {(error.strerror or str(error)).lower()}")
            return
        self._killed = False
        self._selector.register(self._looking.handle, selectors.EVENT_READ, self._heard)

    def _heard(self) -> None:
        looking = self._looking
        if looking is None or self._killed or not looking.read():
            return
        found = looking.result()
        self._forget(looking)
        if isinstance(found, str):
            self._runs["failed"] += 1
            self._news.trouble("the check", f"failed: {found}")
            return
        self._runs["ok"] += 1
        self._news.trouble("the check", "")
        self._last = found
        if not found.failures:
            self._last_success = found.time
        self._news.tell(found)

    def _late(self, looking: Looking) -> None:
        """Kill it, and begin no other one until it has really gone."""
        if not self._killed:
            looking.kill()
            self._killed = True
            self._selector.unregister(looking.handle)
            self._runs["timeout"] += 1
            self._news.trouble("the check", f"did not end within {self._patience:g} s")
        if looking.gone():
            self._looking = None
            looking.close()

    def _forget(self, looking: Looking) -> None:
        self._selector.unregister(looking.handle)
        looking.close()
        self._looking = None

    def _reload(self) -> None:
        """Every look reads the configuration; here only whether it can be used is said, and a look made."""
        self._notifier.reloading()
        try:
            self._call.reload()
            self._call.config()
        except NexcageError as error:
            log.warning(f"reloaded, but the configuration cannot be used: {error.message}", code=error.code)
        else:
            log.info("reloaded")
        self._due = 0.0
        self._notifier.ready()

    # -- answers

    def answer(self, path: str) -> tuple[HTTPStatus, str, str]:
        """The page at a path."""
        if path == "/metrics":
            page = metrics.page(self._last, self._operations(), self._last_success, self._runs)
            return HTTPStatus.OK, CONTENT_TYPE, page
        if path == "/-/healthy":
            wrong = self.unwell()
            status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
            return status, TEXT, (wrong or "all is well") + "\n"
        return HTTPStatus.NOT_FOUND, TEXT, "there are /metrics and /-/healthy\n"

    def unwell(self) -> str:
        """Why this host is not well, or why nobody knows; "" when it is."""
        if self._last is None:
            return "no check has ended yet"
        age = time.time() - self._last.time
        if age > self._interval + self._patience:
            return f"the last check ended {age:.0f} s ago"
        failing = [group for group, counts in self._last.results.items() if counts["fail"]]
        return f"failures: {', '.join(failing)}" if failing else ""

    def _operations(self) -> Totals:
        """What commands have done; as it was known before while that cannot be read."""
        try:
            self._done = metrics.operations(store.root for store in self._call.stores())
        except (NexcageError, OSError) as error:
            self._news.trouble("the operations", str(error))
        else:
            damaged = ", ".join(self._done.damaged)
            self._news.trouble("the operations", f"{damaged} is damaged: counted anew" if damaged else "")
        return self._done
