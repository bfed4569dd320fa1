"""Which driver holds a new container. Later verbs never ask again: the record says it."""

import os

from nexcage import log
from nexcage.drivers import NAMES, TEMPLATES, name_of
from nexcage.errors import DriverUnavailable, UsageError
from nexcage.host import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.call import Call
    from nexcage.drivers import Driver

ANNOTATION = "io.nexcage.runtime"


def choose(
    call: "Call", annotations: "dict[str, str]", container_id: str = "", *, image: bool = False
) -> "Driver":
    """The driver that was named, otherwise the first that can run here.

    Named by option, environment or one of the bundle's ``annotations``. A driver
    that was named is never replaced: `DriverUnavailable` says why it cannot run.
    ``image``: the container is to be made of a template or an image, not of a bundle.
    """
    named, origin = _named(call, annotations)
    if named:
        driver = call.driver(name_of(named), container_id)
        if image and driver.name not in TEMPLATES:
            raise UsageError(
                f"{driver.name} makes containers of bundles only",
                code="bundle-wanted",
                hint="make one: nexcage bundle create --from IMAGE DIR",
            )
        reason = driver.fingerprint()
        if reason and not (call.flag("dry-run") and driver.plans_anywhere):
            raise reason
        log.debug(f"runtime {driver.name}: named by {origin}")
        return driver
    reasons: list[str] = []
    for name in TEMPLATES if image else NAMES:
        if name in ("pct", "jail") and not process.which(name):  # saves an import where it is rare
            reasons.append(f"{name} is not installed")
            continue
        driver = call.driver(name, container_id)
        reason = driver.fingerprint()
        if reason is None:
            rejected = f"; {'; '.join(reasons)}" if reasons else ""
            log.info(f"runtime {name}: the first that can run here{rejected}")
            return driver
        reasons.append(reason.message)
    if image:
        raise DriverUnavailable(
            f"no runtime here takes images: {'; '.join(reasons)}",
            hint="make a bundle of it: nexcage bundle create --from IMAGE DIR",
        )
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
