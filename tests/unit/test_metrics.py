"""The page of metrics, read back with the parser of prometheus_client."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from nexcage import __version__
from nexcage.checks import GROUPS, STATUSES
from nexcage.cli.call import Call
from nexcage.state.totals import BUCKETS, Duration, Totals
from nexcage.watch import gather, metrics
from nexcage.watch.exposition import Page
from nexcage.watch.gather import Look


def parsed(text):
    """Name → the family; each has its words and its kind, and there is none twice."""
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(set(names)) == len(names)
    assert all(family.documentation and family.type != "unknown" for family in families)
    return {family.name: family for family in families}


def values(family):
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


def look(**changes):
    found = Look()
    found.results = {"state": {"pass": 3, "warn": 1, "fail": 2}}
    found.containers = {"crun": {"running": 2, "stopped": 0}}
    found.time, found.seconds = 1_800_000_000.25, 0.5
    vars(found).update(changes)
    return found


def done():
    found = Totals()
    for driver, result, count in (("crun", "ok", 7), ("-", "usage", 1), ("crun", "no-space", 2)):
        found.count("create", driver, result, count)
    found.count("kill", "runc", "no-space", 1)
    duration = found.durations["create"] = Duration()
    for took in (3, 5, 6, 40, 999_999):
        duration.add(took, 2)
    return found


def test_everything_is_there_with_its_kind():
    families = parsed(metrics.page(look(), done(), 1_700_000_000.0, {"ended": 4, "failed": 0, "late": 1}))
    assert {name: family.type for name, family in families.items()} == {
        "nexcage_build_info": "gauge",
        "nexcage_containers": "gauge",
        "nexcage_check_results": "gauge",
        "nexcage_check_timestamp_seconds": "gauge",
        "nexcage_check_last_success_timestamp_seconds": "gauge",
        "nexcage_check_duration_seconds": "gauge",
        "nexcage_check_runs": "counter",
        "nexcage_operations": "counter",
        "nexcage_errors": "counter",
        "nexcage_operation_duration_seconds": "histogram",
    }
    assert values(families["nexcage_build_info"]) == {(__version__,): 1}
    assert values(families["nexcage_containers"]) == {("crun", "running"): 2, ("crun", "stopped"): 0}
    assert values(families["nexcage_check_results"]) == {
        ("state", "pass"): 3, ("state", "warn"): 1, ("state", "fail"): 2,
    }  # fmt: skip
    assert values(families["nexcage_check_timestamp_seconds"]) == {(): 1_800_000_000.25}
    assert values(families["nexcage_check_last_success_timestamp_seconds"]) == {(): 1_700_000_000}
    assert values(families["nexcage_check_runs"]) == {("ended",): 4, ("failed",): 0, ("late",): 1}
    assert values(families["nexcage_operations"]) == {
        ("create", "crun", "ok"): 7, ("create", "-", "usage"): 1, ("create", "crun", "no-space"): 2,
        ("kill", "runc", "no-space"): 1,
    }  # fmt: skip
    assert values(families["nexcage_errors"]) == {("usage",): 1, ("no-space",): 3}


def test_a_histogram_is_cumulative_and_ends_with_all():
    family = parsed(metrics.page(None, done(), 0))["nexcage_operation_duration_seconds"]
    by_name = {}
    for sample in family.samples:
        assert sample.labels["verb"] == "create"
        by_name.setdefault(sample.name.removeprefix(family.name), []).append(sample)
    buckets = [(float(sample.labels["le"]), sample.value) for sample in by_name["_bucket"]]
    assert [bound for bound, _ in buckets] == [bound / 1000 for bound in BUCKETS] + [math.inf]
    counts = [count for _, count in buckets]
    assert counts == sorted(counts)
    assert counts[:4] == [4, 6, 6, 8]
    assert counts[-2:] == [8, 10]
    assert [sample.value for sample in by_name["_count"]] == [10]
    assert [sample.value for sample in by_name["_sum"]] == [2 * 1000.053]


def test_before_the_first_look_there_is_what_commands_did():
    families = parsed(metrics.page(None, done(), 0, {"ended": 0}))
    assert "nexcage_operations" in families
    assert "nexcage_containers" not in families


HOSTILE = ['"', "\\", "\n", '\\"', "\\n", 'a="b",c', "{}", "}", "é\u202e", "#", " ", "\\\\n\n\\", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_are_escaped(text):
    page = Page()
    page.family("x", "gauge", "words")
    page.sample("x", 1, a=text, b="plain")
    (sample,) = parsed(page.text())["x"].samples
    assert sample.labels == {"a": text, "b": "plain"}


@given(st.text(st.characters(exclude_categories=["Cs"])), st.floats(allow_nan=False, allow_infinity=False))
def test_any_label_and_number_comes_back(text, number):
    # the format ends lines with LF only; the parser has its own idea of what blank is at a line's end
    page = Page()
    page.family("x", "gauge", "words")
    page.sample("x", number, a=text)
    written = page.text()
    assert written.count("\n") == 3
    (sample,) = parsed(written)["x"].samples
    assert (sample.labels, sample.value) == ({"a": text}, number)


def test_what_is_no_text_is_shown_in_its_own_escapes():
    page = Page()
    page.family("x", "gauge", "words")
    page.sample("x", 1, a="a\udcff")
    (sample,) = parsed(page.text())["x"].samples
    assert sample.labels == {"a": "a\\udcff"}


def test_words_of_help_are_escaped():
    page = Page()
    page.family("x", "gauge", 'one\ntwo \\ "three"')
    page.sample("x", 1)
    assert page.text().splitlines()[0] == '# HELP x one\\ntwo \\\\ "three"'
    assert parsed(page.text())["x"].documentation == 'one\ntwo \\ "three"'


def test_a_look_comes_back_from_json():
    found = look(problems={("state", "records", "web"): ("fail", "it is gone")})
    again = Look.from_document(found.document())
    assert vars(again) == vars(found)
    assert again.failures == 2


def test_a_look_at_an_empty_place_has_every_group_and_every_status(tmp_path):
    found = gather.look(Call("metrics", {"root": [str(tmp_path)]}, []), ())
    assert {group: set(counts) for group, counts in found.results.items()} == {
        g: set(STATUSES) for g in GROUPS
    }
    assert all(set(counts) == set(gather.CONTAINER_STATUSES) for counts in found.containers.values())
    assert not any(sum(counts.values()) for counts in found.containers.values())
    assert 0 < found.seconds < 60
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_record_is_a_problem_of_its_own(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "record.json").write_text("{")
    found = gather.look(Call("metrics", {"root": [str(tmp_path)]}, []), ("state",))
    assert [(key[:3], problem[0]) for key, problem in found.problems.items()] == [
        (("state", "records", "one"), "fail"),
        (("state", "records", "two"), "fail"),
    ]
    assert list(found.results) == ["state"]
