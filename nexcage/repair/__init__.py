"""What can be done about what `nexcage.checks` finds: finish or undo what was interrupted, remove the rest.

Nothing is touched that nexcage did not make, and nothing on which a command works now.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Mend:
    """One thing to do: ``words`` say what, in the imperative; `do` does it.

    `do` looks at the host once more, so that it does no harm when somebody was faster; it raises `Locked`
    where a command is at work.
    """

    __slots__ = ("do", "words")

    def __init__(self, words: str, do: "Callable[[], object]") -> None:
        self.words = words
        self.do = do
