# SPDX-License-Identifier: Apache-2.0
"""The runtime under test: any program with the command line of runc."""

from __future__ import annotations

import dataclasses
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from step_defs import facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPOSITORY = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds that one command may take before it counts as hanging
# Only these verbs choose a driver; every other verb has to obey what create recorded.
CHOOSING = {"create", "run", "restore", "features"}
BASE_ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
    "LANG": "C.UTF-8",
    "HOME": "/root",
}


@dataclasses.dataclass(frozen=True)
class Result:
    """What one command did."""

    argv: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    seconds: float
    context: str  # where to look: bundle, root

    def explain(self, expected: str) -> str:
        """Say what was expected and show all there is to know about the command."""
        return (
            f"expected: {expected}\n"
            f"command:  {shlex.join(self.argv)}\n"
            f"status:   {self.code} after {self.seconds:.2f} s\n"
            f"stdout:   {self.stdout.rstrip() or '(nothing)'}\n"
            f"stderr:   {self.stderr.rstrip() or '(nothing)'}\n"
            f"{self.context}"
        )

    def refuse(self, expected: str) -> NoReturn:
        """Fail the step."""
        __tracebackhide__ = True
        pytest.fail(self.explain(expected), pytrace=False)


class Running:
    """A command that has been started and writes to files, never to pipes.

    ``create`` hands its stdio to the container: a pipe would not end before the container does.
    """

    def __init__(self, process: subprocess.Popen[bytes], argv: Sequence[str], out: Path, err: Path) -> None:
        self.process = process
        self.argv = tuple(argv)
        self.out = out
        self.err = err
        self.began = time.monotonic()
        self.mark = 0  # how many calls the node's tools had had before

    def wait(self, context: str = "", timeout: float = PATIENCE) -> Result:
        """Wait for the end and read what was written."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = -signal.SIGALRM
        result = Result(
            self.argv,
            code,
            self.out.read_text("utf-8", "replace"),
            self.err.read_text("utf-8", "replace"),
            time.monotonic() - self.began,
            context,
        )
        if code == -signal.SIGALRM:
            result.refuse(f"the command to end within {timeout:g} s")
        return result


class Runtime:
    """A command, the driver that it shall use, and a root directory of its own."""

    def __init__(self, command: Sequence[str], kind: str, driver: str, root: Path) -> None:
        self.command = tuple(command)
        self.kind = kind
        self.driver = driver
        self.root = root

    def argv(self, arguments: Sequence[str]) -> list[str]:
        """Complete a verb and its arguments to the whole command."""
        choose = (
            self.kind == "nexcage" and self.driver != "none" and arguments[:1] and arguments[0] in CHOOSING
        )
        return [
            *self.command,
            "--root",
            str(self.root),
            *(["--runtime", self.driver] if choose else []),
            *arguments,
        ]

    def begin(
        self,
        argv: Sequence[str],
        out: Path,
        *,
        cwd: Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        umask: int = -1,
    ) -> Running:
        """Start a complete command; its output goes to ``out`` and ``out`` with ``.err`` appended."""
        err = out.with_name(out.name + ".err")
        given = out.with_name(out.name + ".in")
        if stdin is not None:
            given.write_text(stdin, "utf-8")
        with (
            (given if stdin is not None else Path(os.devnull)).open("rb") as source,
            out.open("wb") as sink,
            err.open("wb") as errors,
        ):
            process = subprocess.Popen(
                argv,
                stdin=source,
                stdout=sink,
                stderr=errors,
                cwd=cwd,
                env={**BASE_ENVIRONMENT, **(env or {})},
                umask=umask,
            )
        return Running(process, argv, out, err)


def kind_of(command: Sequence[str]) -> str:
    """Tell nexcage from other runtimes by the command's name."""
    name = Path(command[0]).name
    return "nexcage" if any("nexcage" in word for word in command) else name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--runtime-under-test`` and ``--driver``."""
    group = parser.getgroup("specification")
    group.addoption(
        "--runtime-under-test",
        metavar="CMD",
        default=str(REPOSITORY / "nexcage" / "launcher.sh"),
        help="the runtime that has to fulfil the specification (default: this tree's nexcage)",
    )
    group.addoption(
        "--driver", choices=facts.ALL_DRIVERS, help="let nexcage use only this driver (default: each of them)"
    )
    group.addoption("--runtime-kind", help="override what the name of CMD tells: nexcage, runc, crun, ...")


def pytest_configure(config: pytest.Config) -> None:
    """Find the runtime under test, or say that it is not there."""
    command = shlex.split(config.getoption("runtime_under_test"))
    if not command or shutil.which(command[0]) is None:
        # unit tests need no runtime: only a scenario complains, see drivers_for
        config.option.runtime_missing = f"{' '.join(command) or '(nothing)'} is not a program"
    else:
        config.option.runtime_missing = None
        command[0] = os.path.abspath(shutil.which(command[0]) or command[0])
    config.option.runtime_command = command
    config.option.runtime_kind = config.option.runtime_kind or kind_of(command)


def drivers_for(config: pytest.Config, tags: set[str]) -> list[str]:
    """List the drivers that a scenario runs on; each makes a test of its own."""
    kind: str = config.getoption("runtime_kind")
    if "no-driver" in tags:
        return ["none"]
    if kind != "nexcage":
        return [kind]
    chosen = config.getoption("driver")
    wanted = tags & set(facts.ALL_DRIVERS)
    if chosen:
        return [chosen]  # where the scenario is not about it, it is skipped and says so
    return [driver for driver in facts.ALL_DRIVERS if driver in (wanted or facts.DRIVERS)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario once per driver, so that node ids and report name the driver."""
    if metafunc.definition.path.suffix == ".feature":
        tags = {mark.name for mark in metafunc.definition.iter_markers()}
        metafunc.parametrize("driver", drivers_for(metafunc.config, tags), indirect=True)


@pytest.fixture
def driver(request: pytest.FixtureRequest) -> str:
    """The driver that this run of the scenario uses."""
    return str(request.param)


@pytest.fixture
def runtime(request: pytest.FixtureRequest, driver: str, scenario_dir: Path) -> Runtime:
    """The runtime under test, with a root directory that only this scenario uses."""
    option = request.config.option
    if option.runtime_missing:
        pytest.fail(f"--runtime-under-test: {option.runtime_missing}", pytrace=False)
    return Runtime(option.runtime_command, option.runtime_kind, driver, scenario_dir / "root")
