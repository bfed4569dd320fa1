# SPDX-License-Identifier: Apache-2.0
"""Scenarios about many commands at once, and about tampering, fail when nexcage is spoilt as they say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MKDIR = "os.mkdir(self._plan.home, 0o700)"
ANY_MKDIR = "os.makedirs(self._plan.home, 0o700, exist_ok=True)"
AT_ONCE = """_fill(beside, data, mode, sync=sync)
        try:
            _name(beside, path)"""
BY_AND_BY = """_fill(path, data[:9], mode, sync=sync)
        time.sleep(0.2)
        open(path, "ab").write(data[9:])
        try:
            pass"""
GONE = "            os.rename(self.home(container_id), gone)\n"
BACK = (
    GONE
    + """
            if not os.fork():
                __import__("time").sleep(0.3)
                os.rename(gone, self.home(container_id))
                os._exit(0)
            gone += "x"
"""
)
OWN = "_READ | os.O_NOFOLLOW)\n    except OSError as error:\n        if error.errno in _STRANGE"
ANY = OWN.replace(" | os.O_NOFOLLOW", "")
RACE = "concurrency.feature::test_all_verbs_race_for_four_containers[crun]"
SLOW = "concurrency.feature::test_a_delete_that_is_slow_does_not_remove_the_next_container_of_that_name[crun]"
FIFTY = "concurrency.feature::test_fifty_creates_of_one_container[crun]"
LINK = "tampering.feature::test_the_record_is_a_link_to_target[crun-/etc/shadow]"
# defect: (file, what is there, what is put in its place, the scenario that has to notice)
DEFECTS = {
    "two creates of one name are both let in": ("state/store.py", MKDIR, ANY_MKDIR, FIFTY),
    "records grow while they are read": ("host/files.py", AT_ONCE, BY_AND_BY, RACE),
    "a deleted container comes back": ("state/store.py", GONE, BACK, RACE),
    "links are followed": ("host/files.py", OWN, ANY, LINK),
    "a slow delete removes the next container": ("launcher.sh", '[ . -ef "$home" ] || exit 0', ":", SLOW),
}


def run(launcher, *scenarios, report):
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "--allow-unused-steps",
            *(f"features/repair/{scenario}" for scenario in scenarios),
            f"--runtime-under-test={launcher}", f"--spec-report={report}",
        ],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _needs_crun():
    if os.geteuid() != 0 or shutil.which("crun") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs root and crun")


def test_they_pass_as_it_is(tmp_path):
    scenarios = dict.fromkeys(scenario for *_, scenario in DEFECTS.values())
    sound = run(REPOSITORY / "nexcage" / "launcher.sh", *scenarios, report=tmp_path)
    assert sound.returncode == 0, sound.stdout
    assert "skipped" not in sound.stdout, sound.stdout


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found(tmp_path, defect):
    file, before, after, scenario = DEFECTS[defect]
    shutil.copytree(
        REPOSITORY / "nexcage", tmp_path / "nexcage", ignore=shutil.ignore_patterns("__pycache__")
    )
    spoilt = tmp_path / "nexcage" / file
    text = spoilt.read_text("utf-8")
    assert text.count(before) == 1, f"{file} has changed: adapt this test"
    spoilt.write_text(text.replace(before, after), "utf-8")

    broken = run(tmp_path / "nexcage" / "launcher.sh", scenario, report=tmp_path)

    assert broken.returncode == 1, broken.stdout
    assert "1 failed" in broken.stdout, broken.stdout
