"""Real shells on a terminal, for tests of completion: what Tab makes of a line."""

import os
import pty
import re
import select
import shutil
import time
from pathlib import Path

import pytest

NEXCAGE = Path(__file__).parents[2] / "nexcage" / "launcher.sh"
SETUP = {
    "bash": "PS1=; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'\n"
    "bind 'set page-completions off'; bind 'set completion-query-items 999'\n"
    'eval "$(nexcage completion bash)"\n',
    "zsh": "PS1= RPS1=; unset zle_bracketed_paste; setopt no_beep; LISTMAX=999\n"
    'autoload -Uz compinit && compinit -u -D; eval "$(nexcage completion zsh)"\n',
}
ARGV = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}
PATIENCE = 20.0


def need(name):
    """The path of a program; without it the test is skipped, and in CI fails."""
    found = shutil.which(name)
    if not found:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"{name} is not installed")
    return found


class Shell:
    """One that is typed at; ``PATH`` begins with the directories given."""

    def __init__(self, name, directory, *path, env=None):
        programs = directory / "nexcage-in-path"
        programs.mkdir(exist_ok=True)
        if not (programs / "nexcage").exists():
            (programs / "nexcage").symlink_to(NEXCAGE)
        where = ":".join(map(str, (programs, *path, os.environ["PATH"])))
        home = {"HOME": str(directory), "PATH": where, "TERM": "dumb", "LANG": "C.UTF-8", "HISTFILE": ""}
        program = need(name)
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execve(program, ARGV[name], home | (env or {}))
        self.seen = ""
        self._type(SETUP[name] + "stty cols 300 rows 999; echo rea''dy\n")
        self._until("ready")

    def _type(self, text):
        os.write(self.handle, text.encode())

    def _until(self, words):
        end = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < end, f"no {words!r} in {self.seen!r}"
            if select.select([self.handle], [], [], 0.1)[0]:
                self.seen += os.read(self.handle, 65536).decode("utf-8", "replace")

    def completed(self, line):
        """The words of the command line that one Tab makes of ``line``."""
        self.seen = ""
        # the line becomes arguments of a command that shows them
        self._type(line + "\t\x01printf '<%s>' \x05; echo e''nd\n")
        self._until("end\r\n")
        return re.findall(r"<([^<>%]*)>", self.seen.replace("\r", "").replace("\n", ""))

    def offered(self, line, *awaited):
        """The words that are shown when Tab is pressed twice; ``awaited`` have to be among them."""
        self.seen = ""
        self._type(line + "\t\t")
        for word in awaited:
            self._until(word)
        self._type("\x15echo e''nd\n")
        self._until("end\r\n")
        return set(self.seen.split())

    def close(self):
        self._type("\x15exit\n")
        os.close(self.handle)
        os.waitpid(self.pid, 0)
