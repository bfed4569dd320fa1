# SPDX-License-Identifier: Apache-2.0
"""The proof of crash safety fails when the recovery of nexcage is spoilt."""

import pytest

from tests.harness.spoiling import copy, judge, need_root_and

POINTS = "crash_points.feature::test_call_of_a_container_that_is_status"
TOOLS = "crash_tools.feature::test_the_drivers_verb"
CREATE = f"{POINTS}[crun-absent-create --bundle {{bundle}} web]"
DELETE = f"{POINTS}[crun-running-delete --force web]"
BOTH = f"{TOOLS}_and_nexcage_are_killed_during_call[crun-absent-create-create --bundle {{bundle}} web]"
FAILING = f"{TOOLS}_during_call_fails[crun-absent-create-create --bundle {{bundle}} web]"
# what is spoilt: (file, the line after which the spoiling line is put, that line, a scenario, what it says)
DEFECTS = {
    "no journal is written": (
        "state/journal.py",
        "    def begin(",
        "        return",
        CREATE,
        "all was to be as before the command or as after it",
    ),
    "repair does not finish a delete": (
        "repair/journals.py",
        "def mend(",
        "    return None",
        DELETE,
        "all was to be as before the command or as after it",
    ),
    "repair does nothing and is content": (
        "cli/repair.py",
        "def run(",
        "    return 0",
        CREATE,
        "all was to be as before the command or as after it",
    ),
    "cgroups are forgotten": (
        "host/leftovers.py",
        "def _remove(",
        "    return",
        BOTH,
        "+ cgroup ",
    ),
    "a create that fails is not undone": (
        "host/execute.py",
        "def undo(",
        "    return True",
        FAILING,
        "nexcage was to bring all in order by itself",
    ),
}


def spoilt(directory, file, place, line):
    """A copy of nexcage with one more line, behind the docstring of a function."""
    target = copy(directory)
    lines = (target / file).read_text().splitlines()
    (start,) = [number for number, text in enumerate(lines) if text.startswith(place)]
    at = next(number for number in range(start, len(lines)) if lines[number].endswith(":")) + 1
    if lines[at].count('"""') == 1:  # a docstring of several lines
        at = next(number for number in range(at + 1, len(lines)) if '"""' in lines[number])
    lines.insert(at + ('"""' in lines[at]), line)
    (target / file).write_text("\n".join(lines) + "\n")
    return target / "launcher.sh"


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_spoilt_recovery_is_found(tmp_path, defect):
    need_root_and("crun", "strace")
    file, place, line, scenario, said = DEFECTS[defect]

    broken = judge(spoilt(tmp_path, file, place, line), f"repair/{scenario}", report=tmp_path)

    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert said in broken.stdout
