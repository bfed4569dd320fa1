# SPDX-License-Identifier: Apache-2.0
"""What the hot verbs import from the standard library: nothing that costs more than it gives.

Counted, not timed: an import that comes in by accident fails here on any machine.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.timing import ENVIRONMENT, PATH, call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from step_defs.bundle_store import BundleStore

# beyond what an interpreter and `os` bring; all of them are C
ADDED = {"_json", "_signal", "errno", "fcntl", "resource", "select"}
PROGRAM = """
import sys
sys.path.insert(0, {lib!r})
status = 0
if {arguments!r}:
    from nexcage.cli.main import main
    sys.stdout = open("/dev/null", "w")
    status = main({arguments!r})
    sys.stdout = sys.__stdout__
import gc, os, marshal
sys.stdout.write("\\n".join(sys.modules))
os._exit(status)
"""


def modules(lib: Path, arguments: list[str]) -> set[str]:
    """The modules that an interpreter holds after a command."""
    code = PROGRAM.format(lib=str(lib), arguments=arguments)
    answer = subprocess.run(
        ["/usr/bin/python3", "-IS", "-c", code],
        env=ENVIRONMENT | {"PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return {name for name in answer.stdout.split() if name.partition(".")[0] != "nexcage"}


@pytest.fixture
def container(launcher: str, bundles: BundleStore, roots: Path) -> Iterator[list[str]]:
    """The options that reach a created container ``made``."""
    root = ["--root", str(roots / "imports")]
    bundle = bundles.render("imports", "base", args=["sleep", "1000"])
    call([launcher, *root, "create", "--runtime", "crun", "--bundle", str(bundle.dir), "made"])
    yield root
    call([launcher, *root, "delete", "--force", "made"])


@pytest.mark.parametrize("verb", ["create", "run", "start", "state", "kill", "delete", "pause", "exec"])
def test_imports(verb: str, container: list[str], launcher: str, bundles: BundleStore) -> None:
    making = verb in {"create", "run"}
    operands = ["--runtime", "crun", "--bundle", str(bundles.current.dir), "new"] if making else ["made"]
    operands += ["true"] if verb == "exec" else []
    dry = [] if verb == "state" else ["--dry-run"]
    lib = Path(launcher).parent.parent
    added = modules(lib, [*container, *dry, verb, *operands]) - modules(lib, [])
    assert added <= ADDED, f"{verb} imports {', '.join(sorted(added - ADDED))}"
