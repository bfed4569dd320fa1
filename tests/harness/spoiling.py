# SPDX-License-Identifier: Apache-2.0
"""Runs scenarios against another runtime, and makes copies of nexcage that can be spoilt."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def judge(command, *scenarios, report, kind="nexcage"):
    """Run scenarios (below features/) against the runtime ``command``; the ended process with its output."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "--allow-unused-steps"),
            *(f"features/{scenario}" for scenario in scenarios),
            f"--runtime-under-test={command}",
            f"--runtime-kind={kind}",
            f"--spec-report={report}",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def copy(directory):
    """The sources of nexcage in ``directory``; the path of the copy."""
    target = directory / "nexcage"
    # bytecode would be used in place of the sources
    shutil.copytree(
        REPOSITORY / "nexcage", target, ignore=shutil.ignore_patterns("__pycache__", "*.snapshot")
    )
    return target


def need_root_and(*programs):
    """Skip where root or a program is missing; in CI that is a failure."""
    if os.geteuid() != 0 or not all(map(shutil.which, programs)):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs root, {' and '.join(programs)}")
