# SPDX-License-Identifier: Apache-2.0
"""Plays recordings in their order; what one of them did is the situation of the next, as far as it fits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from step_defs.replaying import evidence, scope, told
from step_defs.replaying.normal import normal
from step_defs.replaying.situation import Carried, Situation
from step_defs.stand_ins.pve.program import in_process
from step_defs.stand_ins.pve.state import State

if TYPE_CHECKING:
    from pathlib import Path

Recording = dict[str, Any]
Streams = dict[str, tuple[str, str]]


@dataclass
class Outcome:
    """How one recording went."""

    number: int
    recording: Recording
    reason: str = ""
    told: bool = False
    agrees: bool = False
    streams: Streams = field(default_factory=dict)


class Player:
    """Keeps what is believed about the guests."""

    def __init__(self, home: Path) -> None:
        self.situation = Situation(home)
        self.home = str(home)
        self.beliefs: dict[str, str] = {}
        self.carried: Carried | None = None
        self.scenario = ""

    def play(self, recordings: list[Recording]) -> list[Outcome]:
        """All of them."""
        self._shorten(recordings)
        outcomes = []
        for number, recording in enumerate(recordings):
            if recording["scenario"] != self.scenario:
                self.scenario = recording["scenario"]
                self.beliefs, self.carried = {}, None
            self._foresee(recordings, number)
            outcomes.append(self._one(number, recording))
        return outcomes

    @staticmethod
    def _shorten(recordings: list[Recording]) -> None:
        """Long arguments were written as ``xxx...(N characters)``."""
        for recording in recordings:
            recording["argv"] = [
                found[1][0] * int(found[2])
                if (found := re.fullmatch(r"(\w+)\.\.\.\((\d+) characters\)", word))
                else word
                for word in recording["argv"]
            ]

    def _foresee(self, recordings: list[Recording], number: int) -> None:
        """Of a guest that nothing is known of yet, later recordings of the scenario may tell."""
        shown = recordings[number].get("guests_before") or {}
        for vmid in [vmid for vmid in self.beliefs if vmid not in shown]:
            del self.beliefs[vmid]
        for vmid in [vmid for vmid in shown if vmid not in self.beliefs]:
            for later in recordings[number + 1 :]:
                if later["scenario"] != self.scenario or vmid not in (later.get("guests_before") or {}):
                    break
                found = evidence.configurations(later)
                if vmid in found:
                    self.beliefs[vmid] = found[vmid]
                    break

    def _one(self, number: int, recording: Recording) -> Outcome:
        outcome = Outcome(number, recording, scope.reason(recording))
        if not outcome.reason:
            self._try(outcome, self._state(recording))
            if not outcome.agrees and self.carried is not None:
                self._forget(outcome)
            if not outcome.agrees:
                self._learn(outcome)
        self._believe(recording)
        return outcome

    def _forget(self, outcome: Outcome) -> None:
        """Once more without what is left of calls before: nobody recorded how it was undone."""
        before, self.carried = self.carried, None
        self._try(outcome, self._state(outcome.recording))
        outcome.told = outcome.agrees
        self.carried = None if outcome.agrees else before

    def _state(self, recording: Recording) -> State:
        return self.situation.build(recording, self.beliefs, self.carried)

    def _try(self, outcome: Outcome, state: State) -> None:
        recording = outcome.recording
        environment = {"LC_ALL": "C" if "LC_ALL=C" in recording["setup"] else "C.UTF-8"}
        stdin = recording["stdout"].encode() if recording["argv"][-1:] == ["cat"] else b""
        status, out, err = in_process(state.home, recording["argv"], stdin, environment)
        root = str(self.situation.root)
        table = "--noborder" in recording["argv"]
        wanted = (normal(recording["stdout"], table), normal(recording["stderr"]))
        found = (normal(out.replace(root, ""), table), normal(err.replace(root, "")))
        outcome.streams = {"stdout": (wanted[0], found[0]), "stderr": (wanted[1], found[1])}
        same = self._same_status(recording, status)
        if not same:
            outcome.streams["exit"] = (str(recording["exit"]), str(status))
        outcome.agrees = same and wanted == found

    @staticmethod
    def _same_status(recording: Recording, status: int) -> bool:
        """Success alone, but for programs in a container."""
        wanted = int(recording["exit"])
        own = "not running" in recording["stderr"] or "does not exist" in recording["stderr"]
        if recording["argv"][:2] == ["pct", "exec"] and not own and "400 " not in recording["stderr"]:
            return wanted == status
        return (wanted == 0) == (status == 0)

    def _learn(self, outcome: Outcome) -> None:
        """Once more, with the facts that only this recording shows."""
        before = dict(self.beliefs)
        first = outcome.streams
        if not told.beliefs(outcome.recording, self.beliefs):
            return
        state = self._state(outcome.recording)
        told.facts(outcome.recording, state)
        self._try(outcome, state)
        outcome.told = outcome.agrees
        if not outcome.agrees:
            self.beliefs, outcome.streams = before, outcome.streams or first

    def _believe(self, recording: Recording) -> None:
        """What the stand-in's configurations are now; what the recording prints is better."""
        if not scope.reason(recording) and recording["exit"] == 0:
            state = State(self.home)
            for vmid in state.containers():
                with open(state.path(vmid), encoding="utf-8") as file:
                    self.beliefs[str(vmid)] = file.read()
            self.carried = self.situation.left(state)
        for name, _ in evidence.raw_lines(recording):  # a broken file is mended before the next call
            if name in self.beliefs:
                self.beliefs[name] = evidence.mended(self.beliefs[name], name, State(self.home).version)
        self.beliefs.update(evidence.configurations(recording))
