"""Which driver holds a new container. Later verbs never ask again: the record says it."""

import os

from nexcage import log
from nexcage.drivers import NAMES, get, name_of
from nexcage.errors import DriverUnavailable
from nexcage.state.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.call import Call
    from nexcage.drivers import Driver

ANNOTATION = "io.nexcage.runtime"


def choose(call: "Call", annotations: "dict[str, str]", store: Store) -> "Driver":
    """The driver that was named, otherwise the first that can run here.

    Named by option, environment or one of the bundle's ``annotations``. A driver
    that was named is never replaced: `DriverUnavailable` says why it cannot run.
    """
    settings = call.settings()
    named, origin = _named(call, annotations)
    if named:
        driver = get(name_of(named), call.facts, store.driver_root(name_of(named)), settings)
        reason = driver.fingerprint()
        if reason:
            raise reason
        log.debug(f"runtime {driver.name}: named by {origin}")
        return driver
    reasons: list[str] = []
    for name in NAMES:
        driver = get(name, call.facts, store.driver_root(name), settings)
        reason = driver.fingerprint()
        if reason is None:
            rejected = f"; {'; '.join(reasons)}" if reasons else ""
            log.info(f"runtime {name}: the first that can run here{rejected}")
            return driver
        reasons.append(reason.message)
    raise DriverUnavailable(
        f"no runtime can run here: {'; '.join(reasons)}", hint="install runc or crun: apt install runc"
    )


def _named(call: "Call", annotations: "dict[str, str]") -> tuple[str, str]:
    for option in ("runtime", "backend"):
        if call.text(option):
            return call.text(option), f"--{option}"
    if os.environ.get("NEXCAGE_RUNTIME"):
        return os.environ["NEXCAGE_RUNTIME"], "NEXCAGE_RUNTIME"
    return annotations.get(ANNOTATION, ""), f"annotation {ANNOTATION}"
