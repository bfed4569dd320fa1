"""The ids that a verb can take: of containers in a status that it works on."""

from nexcage import ids
from nexcage.cli.call import Call
from nexcage.cli.list import containers
from nexcage.cli.options import Values
from nexcage.cli.verbs import VERBS
from nexcage.drivers import LASTING
from nexcage.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.completing.values import Answer
    from nexcage.errors import NexcageError

_WITH_PROCESSES = ("created", "running", "paused")
# a verb that is not here takes containers of any status
STATUSES = {
    "start": ("created",),  # and what outlives its program, see below
    "kill": _WITH_PROCESSES,
    "delete": ("stopped",),
    "exec": ("created", "running"),
    "pause": ("created", "running"),
    "resume": ("paused",),
    "ps": _WITH_PROCESSES,
    "update": _WITH_PROCESSES,
    "events": _WITH_PROCESSES,
    "checkpoint": _WITH_PROCESSES,
    "stop": _WITH_PROCESSES,
    "snapshot": ("created", "running", "stopped"),
    "push": ("running",),
    "pull": ("running",),
}
# options with which a verb takes more than that
MORE = {("delete", "force"): _WITH_PROCESSES, ("exec", "ignore-paused"): ("paused",)}


def fitting(verb: str, given: Values, word: str) -> "Answer":
    """Containers whose ids begin with ``word``, each with its status and driver.

    ``given`` are the options typed so far: --root says where to look. One whose
    status cannot be found out is offered; what cannot be read at all, or has a
    name that every verb refuses and a shell could obey, is not.
    """
    from nexcage.cli.completing.values import Answer

    statuses = set(STATUSES.get(verb, ()))
    for (of, option), more in MORE.items():
        if of == verb and option in given:
            statuses |= {*more}
    only = "pct" if VERBS.get(verb, ("", ""))[0] == "proxmox" else ""
    failures: list[NexcageError] = []
    found = []
    for record, document in containers(Call(verb, given, []), failures, lambda name: _offered(name, word)):
        status = str(document["status"])
        fits = not statuses or status in {*statuses, "unknown"}
        fits = fits or ((verb, status) == ("start", "stopped") and record.driver in LASTING)
        if fits and only in ("", record.driver):
            found.append((record.id, f"{status}, {record.driver}"))
    return Answer(found)


def _offered(name: str, word: str) -> bool:
    try:
        return name.startswith(word) and bool(ids.check(name))
    except UsageError:
        return False
