"""The page of metrics, from a look at the host and from what commands have written down."""

from nexcage import __version__
from nexcage.state import totals
from nexcage.state.totals import BUCKETS, OK, Totals
from nexcage.watch.exposition import Page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nexcage.watch.gather import Look

BOUNDS = [bound / 1000 for bound in BUCKETS]


def operations(roots: "Iterable[str]") -> Totals:
    """What was done below all of these roots. Errors as `totals.read` has them."""
    found = Totals()
    for root in roots:
        found.merge(totals.read(root))
    return found


def page(look: "Look | None", done: Totals, last_success: float, runs: "dict[str, int] | None" = None) -> str:
    """The text; without a look only what is known without one.

    ``last_success``: when a look last found no failure, 0 for never. ``runs``: looks of a service, by
    how they ended.
    """
    made = Page()
    made.family("nexcage_build_info", "gauge", "Always 1; the version of nexcage.")
    made.sample("nexcage_build_info", 1, version=__version__)
    if look is not None:
        _looked(made, look, last_success)
    if runs is not None:
        made.family(
            "nexcage_check_runs_total", "counter", "Checks since the service began, by how they ended."
        )
        for result, count in runs.items():
            made.sample("nexcage_check_runs_total", count, result=result)
    _done(made, done)
    return made.text()


def _looked(made: Page, look: "Look", last_success: float) -> None:
    made.family("nexcage_containers", "gauge", "Containers at the time of the last check.")
    for driver, counts in look.containers.items():
        for status, count in counts.items():
            made.sample("nexcage_containers", count, driver=driver, status=status)
    made.family("nexcage_check_results", "gauge", "Results of the last check.")
    for group, counts in look.results.items():
        for status, count in counts.items():
            made.sample("nexcage_check_results", count, group=group, status=status)
    for name, value, help in (
        ("timestamp_seconds", look.time, "When the last check ended, in seconds since 1970."),
        ("last_success_timestamp_seconds", last_success, "When a check last found no failure, 0 for never."),
        ("duration_seconds", look.seconds, "How long the last check took."),
    ):
        made.family(f"nexcage_check_{name}", "gauge", help)
        made.sample(f"nexcage_check_{name}", value)


def _done(made: Page, done: Totals) -> None:
    made.family("nexcage_operations_total", "counter", "Commands that made or changed something.")
    errors: dict[str, int] = {}
    for (verb, driver, result), count in sorted(done.operations.items()):
        made.sample("nexcage_operations_total", count, verb=verb, driver=driver, result=result)
        if result != OK:
            errors[result] = errors.get(result, 0) + count
    made.family("nexcage_errors_total", "counter", "The same commands that failed, by the code of the error.")
    for code, count in sorted(errors.items()):
        made.sample("nexcage_errors_total", count, code=code)
    name = "nexcage_operation_duration_seconds"
    made.family(name, "histogram", "How long commands took, without those that waited for a program.")
    for verb, duration in sorted(done.durations.items()):
        made.histogram(name, BOUNDS, duration.buckets, duration.total / 1000, verb=verb)
