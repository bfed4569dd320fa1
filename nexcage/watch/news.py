"""What has changed since the last look, one log line each; what stays as it was is not repeated."""

from nexcage import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.watch.gather import Key, Look, Problem


class News:
    """Remembers what was said last."""

    def __init__(self) -> None:
        self._known: dict[Key, Problem] = {}
        self._trouble: dict[str, str] = {}

    def tell(self, look: "Look") -> None:
        """Say what is wrong since, or worse or better than it was, and what is over."""
        for key, (status, text) in look.problems.items():
            if self._known.get(key, ("", ""))[0] != status:
                log.warning(f"{key[0]}: {text}", status=status, name=key[1], code="check-changed")
        for key, (_, text) in self._known.items():
            if key not in look.problems:
                log.info(f"{key[0]}: over: {text}", status="pass", name=key[1], code="check-changed")
        self._known = look.problems

    def trouble(self, what: str, text: str) -> None:
        """Say once what the service itself cannot do; "" when it can again."""
        before = self._trouble.get(what, "")
        if text and text != before:
            log.warning(f"{what}: {text}", code="watch-trouble")
        elif before and not text:
            log.info(f"{what}: over: {before}", code="watch-trouble")
        self._trouble[what] = text
