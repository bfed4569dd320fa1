"""Recorded runs of pct and its neighbours, distilled, on the stand-ins; the full set where it is at hand."""

import json
import os
import re
from pathlib import Path

import pytest

from step_defs import replay
from step_defs.replaying import normal
from step_defs.replaying.player import Player

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data/pve"
FULL = Path(os.environ.get("NEXCAGE_TRANSCRIPTS", ROOT.parent / "shared/transcripts"))


@pytest.mark.parametrize("name", ["pct", "pve-tools"])
def test_the_stand_ins_say_what_was_recorded(name, tmp_path):
    recordings = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    outcomes = Player(tmp_path).play(recordings)
    assert len(outcomes) > 120
    assert [(outcome.recording["argv"], outcome.streams) for outcome in outcomes if not outcome.agrees] == []
    told = sum(outcome.told for outcome in outcomes)
    assert told < len(outcomes) * 0.2  # most situations are known without the recording's own words


@pytest.mark.parametrize("name", ["pct", "pve-tools"])
def test_all_recordings(name, monkeypatch, capsys):
    file = FULL / f"{name}.json"
    if not file.exists():
        pytest.skip(f"no recordings in {FULL} (NEXCAGE_TRANSCRIPTS)")
    monkeypatch.setattr("sys.argv", ["replay", name, str(file)])
    assert replay.main() == 0
    assert re.fullmatch(r"recordings \d+, modelled \d+, agree \d+", capsys.readouterr().out.splitlines()[-1])


def test_a_wrong_word_is_noticed(tmp_path):
    recordings = json.loads((DATA / "pct.json").read_text(encoding="utf-8"))[:40]
    for recording in recordings:
        recording["stderr"] = recording["stderr"].replace("400 ", "401 ")
    outcomes = Player(tmp_path).play(recordings)
    spoilt = [outcome for outcome in outcomes if "401 " in outcome.recording["stderr"]]
    assert spoilt
    assert not any(outcome.agrees for outcome in spoilt)


def test_a_wrong_success_is_noticed(tmp_path):
    recordings = json.loads((DATA / "pct.json").read_text(encoding="utf-8"))[:40]
    for recording in recordings:
        recording["exit"] = 0 if recording["exit"] else 255
    assert not any(outcome.agrees for outcome in Player(tmp_path).play(recordings))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("UPID:pve:00002AC2:000A4B4C:6B033F34:vzcreate:100:root@pam:\n",
         "UPID:pve:00000001:00000002:00000003:vzcreate:100:root@pam:\n", True),
        ("UPID:pve:00002AC2:000A4B4C:6B033F34:vzcreate:100:root@pam:\n",
         "UPID:pve:00002AC2:000A4B4C:6B033F34:vzstart:100:root@pam:\n", False),
        ('[{"vmid":1,"name":"a"},{"vmid":2,"name":"b"}]\n',
         '[{"name":"b","vmid":2},{"name":"a","vmid":1}]\n', True),
        ("memory: 64\n", "memory: 65\n", False),
        ("400 Parameter verification failed.\na: x\nb: y\npct set <vmid> [OPTIONS]\n",
         "400 Parameter verification failed.\nb: y\na: x\npct set <vmid> [OPTIONS]\n", True),
    ],
)  # fmt: skip
def test_only_what_is_volatile_is_ignored(one, other, same):
    assert (normal.normal(one) == normal.normal(other)) is same
