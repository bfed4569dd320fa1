# SPDX-License-Identifier: Apache-2.0
"""The specification fails when a known defect is put into a runtime that passes it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# runc with one defect. The verb is the first word after --root DIR.
WRAPPER = """#!/bin/sh
verb=$3
{defect}
exec runc "$@"
"""
DEFECTS = {
    "start twice succeeds": (
        'if [ "$verb" = start ]; then runc "$@" 2>/dev/null; exit 0; fi',
        "start.feature::test_starting_a_container_that_runs_already",
    ),
    "delete takes a running container": (
        'if [ "$verb" = delete ]; then shift 3; exec runc --root "$root" delete --force "$@"; fi',
        "delete.feature::test_deleting_a_running_container",
    ),
    "delete does nothing": (
        'if [ "$verb" = delete ]; then exit 0; fi',
        "delete.feature::test_deleting_a_stopped_container",
    ),
    "the status of run is lost": (
        'if [ "$verb" = run ]; then runc "$@"; exit 0; fi',
        "run.feature::test_a_program_that_ends_with_status_status",
    ),
    "kill sends KILL whatever it is told": (
        'if [ "$verb" = kill ]; then exec runc --root "$root" kill "$4" KILL; fi',
        "kill.feature::test_signal_signal_reaches_the_program",
    ),
    "create starts the program": (
        'if [ "$verb" = create ]; then shift 3; exec runc --root "$root" run --detach "$@"; fi',
        "create.feature::test_creating_a_container_from_a_bundle",
    ),
    "state lies about the pid": (
        'if [ "$verb" = state ]; then runc "$@" | sed \'s/"pid": .*/"pid": 1,/\'; exit; fi',
        "state.feature::test_identity_and_origin",
    ),
    "a cgroup is left behind": (
        """if [ "$verb" = delete ]; then
        runc "$@"; code=$?; scenario=${root%/root}
        mkdir -p "/sys/fs/cgroup/pids/nexcage-test/${scenario##*/}/left"; exit $code
        fi""",
        "start.feature::test_starting_a_created_container",
    ),
}


def run(command, scenario, report):
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-qx",
            "-p",
            "no:cacheprovider",
            f"features/lifecycle/{scenario}",
            "--allow-unused-steps",
            f"--runtime-under-test={command}",
            "--runtime-kind=runc",
            f"--spec-report={report}",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_known_defect_is_found(tmp_path, defect):
    if os.geteuid() != 0 or shutil.which("runc") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs root and runc")
    code, scenario = DEFECTS[defect]
    wrapper = tmp_path / "runtime"
    wrapper.write_text(WRAPPER.format(defect=f"root=$2\n{code}"))
    wrapper.chmod(0o755)

    sound = run("runc", scenario, tmp_path)
    broken = run(str(wrapper), scenario, tmp_path)

    assert sound.returncode == 0, sound.stdout
    assert broken.returncode == 1, broken.stdout
