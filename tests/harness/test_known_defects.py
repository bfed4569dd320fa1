# SPDX-License-Identifier: Apache-2.0
"""The specification fails when a known defect is put into a runtime that passes it."""

import pytest

from tests.harness.spoiling import judge, need_root_and

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


SCENARIOS = [f"lifecycle/{scenario}" for _, scenario in DEFECTS.values()]


@pytest.fixture(autouse=True)
def _needs_runc():
    need_root_and("runc")


def test_they_pass_with_runc_as_it_is(tmp_path):
    sound = judge("runc", *dict.fromkeys(SCENARIOS), report=tmp_path, kind="runc")
    assert sound.returncode == 0, sound.stdout
    assert "skipped" not in sound.stdout, sound.stdout


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_known_defect_is_found(tmp_path, defect):
    code, scenario = DEFECTS[defect]
    wrapper = tmp_path / "runtime"
    wrapper.write_text(WRAPPER.format(defect=f"root=$2\n{code}"))
    wrapper.chmod(0o755)

    broken = judge(wrapper, f"lifecycle/{scenario}", report=tmp_path, kind="runc")

    assert broken.returncode == 1, broken.stdout
