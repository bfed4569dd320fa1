"""One look at the host: what the checks say, and how many containers there are. Plain values throughout."""

import time

from nexcage import checks
from nexcage.checks import Host
from nexcage.checks.told import records, status
from nexcage.drivers import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nexcage.cli.call import Call

    Problem = tuple[str, str]  # status and text
    Key = tuple[str, ...]

CONTAINER_STATUSES = ("created", "running", "paused", "stopped", "unknown")
# what of a result's data says which thing it is about, where a check has several
SUBJECT = ("id", "path", "driver", "handle", "root", "storage", "pool", "bridge", "name")


class Look:
    """What one look came to.

    ``results``: group → status → number. ``problems``: what is not right, by what it is about.
    ``containers``: driver → status → number. ``time``: when it ended, in seconds since the epoch;
    ``seconds``: how long it took.
    """

    def __init__(self) -> None:
        self.results: dict[str, dict[str, int]] = {}
        self.problems: dict[Key, Problem] = {}
        self.containers: dict[str, dict[str, int]] = {}
        self.time = 0.0
        self.seconds = 0.0

    @property
    def failures(self) -> int:
        """How many checks fail."""
        return sum(counts["fail"] for counts in self.results.values())

    def document(self) -> dict[str, object]:
        """It as JSON."""
        problems = [[list(key), *problem] for key, problem in self.problems.items()]
        return {**vars(self), "problems": problems}

    @classmethod
    def from_document(cls, document: object) -> "Look":
        """`document` back."""
        look = cls()
        assert isinstance(document, dict)  # noqa: S101  # another process of ours has written it
        vars(look).update(document)
        look.problems = {tuple(key): (status, text) for key, status, text in document["problems"]}
        return look


def look(call: "Call", groups: "Sequence[str]") -> Look:
    """Look at ``groups`` (none named: all), without what takes long, and at all containers."""
    began = time.monotonic()
    host = Host(call)
    found = Look()
    for group in groups or checks.GROUPS:
        found.results[group] = dict.fromkeys(checks.STATUSES, 0)
    for result in checks.run(host, tuple(found.results)):
        found.results[result.group][result.status] += 1
        if result.status != "pass":
            _remember(found, result)
    found.containers = _containers(host)
    found.seconds = time.monotonic() - began
    found.time = time.time()
    return found


def _remember(found: Look, result: checks.Result) -> None:
    """The worst of several results about the same thing."""
    subject = [str(result.data[name]) for name in SUBJECT if isinstance(result.data.get(name), str | int)]
    key = (result.group, result.name, *subject)
    before = found.problems.get(key)
    if before is None or checks.STATUSES.index(result.status) > checks.STATUSES.index(before[0]):
        found.problems[key] = (result.status, result.message)


def _containers(host: Host) -> dict[str, dict[str, int]]:
    """By driver and status; of drivers that cannot be used here only if they have records."""
    ours = records(host)
    there = {record.driver for _, record in ours}
    there |= {driver.name for driver in host.drivers() if driver.fingerprint() is None}
    counts = {name: dict.fromkeys(CONTAINER_STATUSES, 0) for name in NAMES if name in there}
    for entry, record in ours:
        if record.driver in counts:  # not one that only a newer nexcage has
            said = status(host, entry, record)
            counts[record.driver][said if said in CONTAINER_STATUSES else "unknown"] += 1
    return counts
