# SPDX-License-Identifier: Apache-2.0
"""The report joins features and runs, and keeps quiet about nothing."""

import pytest

from step_defs import facts, report
from step_defs.report import Run

FEATURE = """
@issue-88 @oci
Feature: Sample <b>
  A purpose.

  Rule: A rule
    Scenario: First
      Then it works
    Scenario: Second
      Then it works
    Scenario: Third
      Then it works
"""
SUBJECT = {"runtime": "runc", "kind": "runc", "host": "local://"}


@pytest.fixture
def document(tmp_path):
    (tmp_path / "b.feature").write_text(FEATURE)
    (tmp_path / "a.feature").write_text(FEATURE.replace("Sample", "Later"))
    (tmp_path / "README.md").write_text("read [b.feature](b.feature) first")
    runs = [
        Run("b.feature", "First", "crun", "", outcome="passed", seconds=1.0),
        Run("b.feature", "First", "runc", "", outcome="failed", reason="because <x>", seconds=2.0),
        Run("b.feature", "Second", "runc", "", outcome="skipped", reason="no such machine"),
    ]
    return report.build(tmp_path, runs, SUBJECT, facts.read(), 3.0)


def outcomes(feature):
    return {s["name"]: s["outcome"] for rule in feature["rules"] for s in rule["scenarios"]}


def test_features_are_in_reading_order(document):
    assert [feature["file"] for feature in document["features"]] == ["b.feature", "a.feature"]


def test_one_failed_run_fails_the_scenario_and_a_skip_is_no_pass(document):
    assert outcomes(document["features"][0]) == {"First": "failed", "Second": "skipped", "Third": "not run"}
    assert document["counts"]["drivers"] == {"crun": {"passed": 1}, "runc": {"failed": 1, "skipped": 1}}
    assert document["skips"] == {"no such machine": 1}


def test_each_issue_lists_its_scenarios(document):
    assert len(document["issues"]["issue-88"]["scenarios"]) == 6


def test_the_page_stands_alone_and_escapes_what_it_shows(document):
    page = report.render(document)

    assert "because &lt;x&gt;" in page
    assert "Sample &lt;b&gt;" in page
    assert "no such machine" in page
    assert "http" not in page
