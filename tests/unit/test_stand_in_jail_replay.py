"""Recorded runs of a FreeBSD host, distilled, on the stand-ins; the full set where it is at hand."""

import json
import os
import re
from pathlib import Path

import pytest

from step_defs import replay
from step_defs.replaying import jails

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data/jail/recordings.json"
FULL = Path(os.environ.get("NEXCAGE_TRANSCRIPTS", ROOT.parent / "shared/transcripts")) / "jail.json"


def test_the_stand_ins_say_what_was_recorded(tmp_path):
    outcomes = jails.play(tmp_path, json.loads(DATA.read_text(encoding="utf-8")))
    assert len(outcomes) > 80
    wrong = [
        (one.recording["argv"], one.reason or one.streams) for one in outcomes if one.reason or not one.agrees
    ]
    assert wrong == []


def test_all_recordings(monkeypatch, capsys):
    if not FULL.exists():
        pytest.skip(f"no recordings in {FULL.parent} (NEXCAGE_TRANSCRIPTS)")
    monkeypatch.setattr("sys.argv", ["replay", "jail", str(FULL)])
    assert replay.main() == 0
    assert re.fullmatch(r"recordings \d+, modelled \d+, agree \d+", capsys.readouterr().out.splitlines()[-1])


def test_wrong_words_and_statuses_are_noticed(tmp_path):
    recordings = json.loads(DATA.read_text(encoding="utf-8"))[:16]
    for number, recording in enumerate(recordings):
        if number % 2:
            recording["exit"] = 1 - recording["exit"]
        else:
            recording["stderr"] += "jail: more\n"
    assert not any(outcome.agrees for outcome in jails.play(tmp_path, recordings))


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("149 t1\n150 t2\n", "7001 t1\n7002 t2\n", True),
        ("   149   /x\n", "  7001   /x\n", True),
        ("149 t1\n149 t2\n", "7001 t1\n7002 t2\n", True),
        ("149 t1\n150 t1\n", "7001 t1\n7001 t1\n", False),
        ("149 t1\n", "7001 t2\n", False),
        ("t1 true\n", "7001 t1 true\n", False),
        ("cpu 3\n", "cpu 4\n", False),
    ],
)
def test_only_jids_may_differ(wanted, found, same):
    assert jails.same(wanted, found) is same
