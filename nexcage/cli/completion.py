"""Print what makes a shell complete nexcage's words: verbs, options, values, ids and files.

bash: eval "$(nexcage completion bash)" in ~/.bashrc, or the output in a file
nexcage below /usr/share/bash-completion/completions. zsh: the output in a file
_nexcage of a directory in $fpath. fish: the output in
~/.config/fish/completions/nexcage.fish.

The scripts ask "nexcage completion words -- WORD..." (bash: "line LINE BREAKS")
what the last word can become: the first line is none, files or dirs, and
further ones are a word, a tab and what it means. Ids are those of containers
in a status that the verb works on.
"""

import os

from nexcage.cli.call import Call
from nexcage.cli.options import Option, unknown
from nexcage.cli.output import say
from nexcage.errors import NexcageError

OPTIONS: tuple[Option, ...] = ()
OPERANDS = "bash|zsh|fish"
EXAMPLES = (
    ("for bash", "nexcage completion bash >nexcage.bash"),
    ("for zsh", "nexcage completion zsh >_nexcage"),
    ("for fish", "nexcage completion fish >nexcage.fish"),
)
SHELLS = ("bash", "zsh", "fish")


def run(call: Call) -> int:
    """Print a script, or what it asks for."""
    what = call.operand("the shell")
    if what == "words":
        _answer(call.operands)
        return 0
    if what == "line":
        from nexcage.cli.completing.line import split

        line = call.operand("the line")
        words, joined = split(line, call.operands.pop(0) if call.operands else "")
        call.no_more()
        _answer(words[1:], len(joined))
        return 0
    call.no_more()
    if what not in SHELLS:
        raise unknown("shell", what, list(SHELLS))
    path = os.path.join(os.path.dirname(__file__), "completing", "nexcage." + what)
    with open(path, encoding="utf-8") as file:
        say(file.read().rstrip("\n"))
    return 0


def _answer(words: list[str], cut: int = 0) -> None:
    """Print it, without the first ``cut`` letters of each word. Somebody who is typing wants no errors."""
    from nexcage.cli.completing import engine

    try:
        found = engine.answer(words)
    except (NexcageError, OSError):
        return
    say(found.places)
    for word, what in found.words:
        say(f"{word[cut:]}\t{what}")
