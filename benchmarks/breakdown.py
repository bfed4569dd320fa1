# SPDX-License-Identifier: Apache-2.0
"""What the time of ``nexcage run`` is made of, and what each choice of its launcher is worth.

usage: step_defs/v1view.sh .venv/bin/python -m benchmarks.breakdown [--rounds N]

Prints two tables. Everything is measured for real, in turns, with the machine as it is. README.md explains
the rows and keeps the numbers of one machine. (Not called profile.py: it would hide the module of that name
from cProfile.)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.contenders import await_end, install
from benchmarks.places import cgroup_of, check_machine, disk, records
from benchmarks.timing import PATH, Rivals, Spread, answer, call, settle
from step_defs.bundle_store import BundleStore

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 15
START = "from nexcage.start import main\nmain()\n"
FLAGS = '"$interpreter" -IS -c'
# START in full, with a gap each for what is tried; no single quotes, since a shell holds it between them
STEPS = """
{clock}
import gc, os
{first}
from nexcage import hot
{hot}
from nexcage.cli.main import main
{then}
status = main(sys.argv[1:])
{last}
os._exit(status)
"""
USUAL = {"clock": "", "first": "gc.disable()", "hot": "hot.install()", "then": "", "last": ""}
SUBPROCESS = """
import subprocess
kept = []
def spawn(path, argv, env, **ignored):
    kept.append(subprocess.Popen(argv, env=env, close_fds=True))
    return kept[0].pid
os.posix_spawn = spawn
"""
ARGPARSE = """
import argparse
from nexcage.cli import call, run
parser = argparse.ArgumentParser()
verbs = parser.add_subparsers()
verb = verbs.add_parser("run")
for option in {o.name: o for o in (*run.OPTIONS, *call.GLOBALS) if o.name != "help"}.values():
    for where in (parser, verb):
        how = dict(choices=option.choices or None) if option.metavar else dict(action="store_true")
        where.add_argument("--" + option.name, help=option.help, **how)
verb.add_argument("id")
parser.parse_args(sys.argv[1:])
"""
CONSOLE_SCRIPT = """#!{python}
import re
import sys
sys.path.insert(0, "{lib}")
from nexcage.cli.main import main
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(main(sys.argv[1:]))
"""
# the clock between the steps; the driver's times by what starts it and what awaits it
MARKS = {
    "clock": "import time\nmarks = [time.monotonic()]",
    "first": "gc.disable()\nmarks.append(time.monotonic())",
    "hot": "hot.install()\nmarks.append(time.monotonic())",
    "then": """
for name in "cli.run", "drivers.crun", "drivers.support", "host.signals":
    __import__("nexcage." + name)
marks.append(time.monotonic())
real_spawn, real_wait, ended = os.posix_spawn, os.waitpid, [0.0]
def spawn(*a, **k):
    marks.append(time.monotonic())
    return real_spawn(*a, **k)
def wait(*a):
    found = real_wait(*a)
    ended[0] = time.monotonic()
    return found
os.posix_spawn, os.waitpid = spawn, wait
""",
    "last": "marks += [ended[0], time.monotonic()]\nsys.stdout.write(repr(marks)); sys.stdout.flush()",
}
STAGES = (
    "sh: start, read the arguments, exec",
    "python3 -IS: start",
    "import os",
    "read the snapshot of modules",
    "run the modules' own code (import)",
    "checks, plan, record, journal",
    "crun, from its start to its end",
    "remove the record",
    "exit, and the caller notices",
)


class Bench:
    """An installed copy with launchers that differ in one thing each."""

    def __init__(self, work: Path, roots: Path) -> None:
        self.launcher = install(work / "lib")
        self.text = self.launcher.read_text("utf-8")
        self.lib = self.launcher.parent.parent
        self.roots = roots
        self.bundle = BundleStore(work, cgroup_of(work)).render("true", "base", args=["/bin/true"])
        self.sleeper = BundleStore(work, cgroup_of(work)).render("sleep", "base", args=["sleep", "1000"])
        self.root = str(roots / "records")
        self.arguments = ["--root", self.root, "--runtime", "crun", "run"]
        self.arguments += ["--bundle", str(self.bundle.dir), "bench"]

    def variant(self, name: str, old: str, new: str) -> list[str]:
        """A launcher in which ``old`` is ``new``."""
        if old not in self.text:
            sys.exit(f"breakdown: launcher.sh no longer has {old!r}: adapt benchmarks/breakdown.py")
        return self.script(name, self.text.replace(old, new))

    def stepped(self, name: str, **changes: str) -> list[str]:
        """A launcher with the steps of `nexcage.start`, some of them changed."""
        return self.variant(name, START, STEPS.format(**(USUAL | changes)))

    def script(self, name: str, text: str) -> list[str]:
        """A program of this text beside the launcher."""
        path = self.launcher.with_name(name)
        path.write_text(text, "utf-8")
        path.chmod(0o755)
        return [str(path), *self.arguments]

    def choices(self) -> dict[str, list[str]]:
        """Each choice undone, as a complete command."""
        direct = [
            "/usr/bin/python3",
            "-IS",
            "-c",
            f"import sys\nsys.path.insert(0, {str(self.lib)!r})\n{START}",
        ]
        console = CONSOLE_SCRIPT.format(python=sys.executable, lib=self.lib)
        return {
            "nothing (how far noise goes)": self.stepped("same"),
            "no shell before python3": [*direct, *self.arguments],
            "python3 in place of python3 -IS": self.variant("plain", FLAGS, '"$interpreter" -c'),
            "a console script of pip, in a virtual environment": self.script("console", console),
            "without the snapshot of modules": self.stepped("cold", hot=""),
            "with the garbage collector on": self.stepped("gc", first=""),
            "with import json": self.stepped("json", then="import json"),
            "with argparse": self.stepped("argparse", then=ARGPARSE),
            "with subprocess": self.stepped("subprocess", then=SUBPROCESS),
            "with typing, enum and dataclasses": self.stepped(
                "types", then="import dataclasses, enum, typing"
            ),
            "an orderly end of the interpreter": self.variant(
                "orderly", START, STEPS.format(**USUAL).replace("os._exit", "sys.exit")
            ),
        }


def measure_choices(bench: Bench, rounds: int) -> list[tuple[str, str]]:
    """What undoing each choice adds to ``run``, each in turns with the launcher as it is.

    In crun's place is a program that does nothing: crun's own time varies by more than most of these.
    """
    stub = bench.roots / "stub"
    stub.mkdir()
    (stub / "crun").symlink_to("/bin/true")
    path = f"{stub}:{PATH}"
    rows = []
    base: list[float] = []
    for name, argv in bench.choices().items():
        as_it_is = partial(call, [str(bench.launcher), *bench.arguments], path=path)
        rivals = Rivals({"usual": as_it_is, "other": partial(call, argv, path=path)})
        rivals.rounds(rounds)
        base += rivals.spread("usual").values
        rows.append((name, _difference(rivals.spread("other").minus(rivals.spread("usual")))))
    whole = f"{Spread(tuple(base)).median * 1000:.1f} ms"
    return [("run with a crun that does nothing, as it is", whole), *rows]


def measure_state(bench: Bench, rounds: int) -> tuple[str, str]:
    """What it adds to ``state`` to do it in the interpreter."""
    launcher, root = str(bench.launcher), ["--root", bench.root]
    create = ["--runtime", "crun", "create", "--bundle", str(bench.sleeper.dir), "asleep"]
    call([launcher, *root, *create])
    rivals = Rivals(
        {
            "shell": partial(call, [launcher, *root, "state", "asleep"]),
            "python": partial(call, [launcher, *root, "--log-level", "error", "state", "asleep"]),
        }
    )
    rivals.rounds(rounds)
    pid = json.loads(answer([launcher, *root, "state", "asleep"], bench.roots / "answer"))["pid"]
    call([launcher, *root, "kill", "asleep", "KILL"])
    await_end(pid)
    call([launcher, *root, "delete", "asleep"])
    added = _difference(rivals.spread("python").minus(rivals.spread("shell")))
    return f"state in python3 ({rivals.spread('shell').median * 1000:.1f} ms in the launcher)", added


def measure_stages(bench: Bench, rounds: int) -> list[tuple[str, str]]:
    """Where the time of one ``run`` goes."""
    by_shell = bench.stepped("marked", **MARKS)
    code = STEPS.format(**(USUAL | MARKS))
    direct = ["/usr/bin/python3", "-IS", "-c", f"import sys\nsys.path.insert(0, {str(bench.lib)!r})\n{code}"]
    direct += bench.arguments
    taken: list[list[float]] = []
    for argv in (by_shell, direct):
        _marks(argv, bench.roots / "marks")
    for _ in range(rounds):
        settle()
        spawned, first, *_ = _marks(direct, bench.roots / "marks")
        settle()
        began, *marks, ended = _marks(by_shell, bench.roots / "marks")
        interpreter = first - spawned
        times = [began, marks[0] - interpreter, *marks, ended]
        taken.append([later - earlier for earlier, later in pairwise(times)])
    columns = [Spread(tuple(column)) for column in zip(*taken, strict=True)]
    rows = [(name, f"{column.median * 1000:.1f} ms") for name, column in zip(STAGES, columns, strict=True)]
    whole = Spread(tuple(map(sum, taken)))
    return [*rows, ("all", f"{whole.median * 1000:.1f} ms")]


def _marks(argv: list[str], scratch: Path) -> list[float]:
    """Run a marked launcher; the time before its start, its marks, the time after its end."""
    began = time.monotonic()
    call(argv, str(scratch))
    ended = time.monotonic()
    return [began, *json.loads(scratch.read_text("utf-8")), ended]


def _difference(spread: Spread) -> str:
    return f"{spread.median * 1000:+.1f} ms"


def table(title: str, rows: list[tuple[str, str]]) -> None:
    """Print rows as a Markdown table."""
    width = max(len(name) for name, _ in rows)
    print(f"\n| {title.ljust(width)} | median   |\n|{'-' * (width + 2)}|---------:|")
    for name, value in rows:
        print(f"| {name.ljust(width)} | {value.rjust(8)} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    rounds = parser.parse_args().rounds
    check_machine()
    with disk() as work, records() as roots:
        bench = Bench(work, roots)
        table("where the time goes", measure_stages(bench, rounds))
        table("what each choice is worth", [*measure_choices(bench, rounds), measure_state(bench, rounds)])


if __name__ == "__main__":
    main()
