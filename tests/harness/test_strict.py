# SPDX-License-Identifier: Apache-2.0
"""Each kind of bad feature or step is refused, and a good one is not."""

import pytest

from step_defs import strict
from step_defs.phrases import phrase

GOOD = """
@issue-88 @oci
Feature: Good
  A purpose.

  Rule: A rule
    Scenario: One thing
      Given a thing
      When it is used
      Then it works
"""


def step(kind, text):
    def function():
        pass

    return strict.StepDefinition(kind, phrase(text), function, "steps")


STEPS = [step("given", "a thing"), step("when", "it is used"), step("then", "it works")]


def check(tmp_path, text, steps=STEPS):
    directory = tmp_path / "features"
    directory.mkdir()
    (directory / "one.feature").write_text(text)
    return strict.check(directory, steps)


def test_a_good_feature_passes(tmp_path):
    assert check(tmp_path, GOOD) == []


SECOND = "    Scenario: ONE thing\n      When it is used\n      Then it works\n"
OUTLINE = (
    "    Scenario Outline: More\n      When it is used\n      Then it works\n"
    "      Examples:\n        | unread |\n        | 1      |\n"
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD + SECOND, "has the name of the one in line"),
        (GOOD.replace("      Then it works\n", ""), "has no Then"),
        (GOOD.replace("@issue-88 ", ""), "carries no issue tag"),
        (GOOD.replace(" @oci", ""), "neither @oci nor @nexcage"),
        (GOOD.replace("@oci", "@oci @unheard"), "unknown tag @unheard"),
        (GOOD.replace("  A purpose.\n", ""), "has no description"),
        (GOOD.replace("a thing", "an unknown thing"), "undefined step: Given an unknown thing"),
        (
            GOOD.replace("When it is used", "When it is used\n      And it works"),
            "undefined step: When it works",
        ),
        (GOOD + OUTLINE, "no step reads the column <unread>"),
        ("Feature: Broken\n  Scenario\n", "one.feature: "),
        ("", "no feature in this file"),
    ],
)
def test_a_bad_feature_is_refused(tmp_path, text, complaint):
    complaints = check(tmp_path, text)

    assert any(complaint in one for one in complaints), complaints


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        (step("given", "a thing"), "is defined at"),
        (step(None, "a {what:word}"), "answer to the same text"),
        (step("given", "nobody's thing"), "no feature uses the step"),
    ],
)
def test_a_bad_step_is_refused(tmp_path, extra, complaint):
    complaints = check(tmp_path, GOOD, [*STEPS, extra])

    assert any(complaint in one for one in complaints), complaints


def test_the_same_scenario_in_two_files_is_refused(tmp_path):
    directory = tmp_path / "features"
    directory.mkdir()
    (directory / "one.feature").write_text(GOOD)
    (directory / "two.feature").write_text(GOOD.replace("Feature: Good", "Feature: Better"))

    assert any("in more than one file" in one for one in strict.check(directory, STEPS))


def test_steps_of_this_tree_do_not_shadow_each_other():
    """Whatever features say: a vocabulary that is ambiguous in itself is refused."""
    steps = strict.definitions(strict.own_modules())

    assert len(steps) > 100
    assert strict.check_steps(steps) == []
