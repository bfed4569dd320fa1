# SPDX-License-Identifier: Apache-2.0
"""Scenarios about many commands at once, and about tampering, fail when nexcage is spoilt as they say."""

import pytest

from tests.harness.spoiling import REPOSITORY, copy, judge, need_root_and

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
    "a slow delete removes the next container": ("launcher.sh", "flock --nonblock 9", ":", SLOW),
}


@pytest.fixture(autouse=True)
def _needs_crun():
    need_root_and("crun")


def test_they_pass_as_it_is(tmp_path):
    scenarios = dict.fromkeys(f"repair/{scenario}" for *_, scenario in DEFECTS.values())
    sound = judge(REPOSITORY / "nexcage" / "launcher.sh", *scenarios, report=tmp_path)
    assert sound.returncode == 0, sound.stdout
    assert "skipped" not in sound.stdout, sound.stdout


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found(tmp_path, defect):
    file, before, after, scenario = DEFECTS[defect]
    spoilt = copy(tmp_path) / file
    text = spoilt.read_text("utf-8")
    assert text.count(before) == 1, f"{file} has changed: adapt this test"
    spoilt.write_text(text.replace(before, after), "utf-8")

    broken = judge(tmp_path / "nexcage" / "launcher.sh", f"repair/{scenario}", report=tmp_path)

    assert broken.returncode == 1, broken.stdout
    assert "1 failed" in broken.stdout, broken.stdout
