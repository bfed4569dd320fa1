"""Which driver holds a new container. Later verbs never ask again: the record says it.

In this order: the command line or NEXCAGE_RUNTIME, the bundle's annotation, the rules of the configuration,
what the bundle cannot do without, the configured default, and the first that can run here. A driver that
was named is never replaced by another.
"""

import os

from nexcage import log, paths
from nexcage.drivers import NAMES, TEMPLATES, name_of
from nexcage.errors import DriverUnavailable, InvalidBundle, InvalidConfig, NexcageError, UsageError
from nexcage.host import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.call import Call
    from nexcage.drivers import Driver
    from nexcage.oci.rules import Object
    from nexcage.routing import Decision, Rule

ANNOTATION = "io.nexcage.runtime"
SYSTEM = "org.opencontainers.image.os"
VARIABLE = "NEXCAGE_RUNTIME"
DEFAULT = "runtime.default"
RULES = "runtime.routing"
PATTERNS = "container_config.crun_name_patterns"


class Wish:
    """What decides. ``kind``: option, environment, annotation, rule, capability, default or host.

    ``names`` are the drivers that it leaves, the first that can run is taken; ``by`` says for people who
    wants that, "" for the host.
    """

    __slots__ = ("by", "kind", "names", "rule")

    def __init__(self, kind: str, by: str, names: tuple[str, ...], rule: "Rule | None" = None) -> None:
        self.kind = kind
        self.by = by
        self.names = names
        self.rule = rule

    def reason(self) -> str:
        """Why one of ``names`` is taken."""
        if self.kind == "host":
            return "the first that can run here"
        if self.kind == "capability":
            return f"{self.by} needs it"
        condition = f" ({self.rule.condition()})" if self.rule else ""
        return f"named by {self.by}{condition}"

    def blame(self, error: NexcageError) -> NexcageError:
        """``error`` of a driver that was not named on the command line, with who wants it."""
        if self.by and self.kind != "option":
            error.message += f", and {self.by} {'needs' if self.kind == 'capability' else 'names'} it"
            error.args = (error.message,)
        return error


def choose(
    call: "Call",
    annotations: "dict[str, str]",
    container_id: str = "",
    *,
    image: bool = False,
    config: "Object | None" = None,
) -> "Driver":
    """The driver for a new container with this id, of a bundle with these ``annotations`` and ``config``.

    ``image``: it is to be made of a template or an image, not of a bundle. Raises `DriverUnavailable` that
    says why a driver cannot run, and who named it.
    """
    wanted = wish(call, annotations, container_id, config)
    reasons: list[str] = []
    driver = None
    for name in considered(wanted, image=image):
        found = _rejected(call, name, container_id, rare=wanted.kind == "host")
        if found is None or (wanted.kind != "host" and _only_planned(call, name, container_id)):
            driver = call.driver(name, container_id)
            break
        reasons.append(found.message)
        if len(wanted.names) == 1:
            raise wanted.blame(found)
    if driver is None:
        raise _none(wanted, reasons, image=image)
    said = f"runtime {driver.name}: {wanted.reason()}"
    if wanted.kind in ("option", "environment", "annotation"):
        log.debug(said)
    else:
        log.info(said + (f"; {'; '.join(reasons)}" if reasons else ""))
    return driver


def considered(wanted: Wish, *, image: bool) -> tuple[str, ...]:
    """Of the drivers that are wanted those that can make a container of what it is to be made of."""
    if not image:
        return wanted.names
    names = tuple(name for name in wanted.names if name in TEMPLATES)
    if names:
        return names
    raise wanted.blame(
        UsageError(
            f"{wanted.names[0]} makes containers of bundles only",
            code="bundle-wanted",
            hint="make one: nexcage bundle create --from IMAGE DIR",
        )
    )


def decide(
    call: "Call", annotations: "dict[str, str]", container_id: str, config: "Object | None" = None
) -> "Decision":
    """As `choose` for a bundle, with why each other driver is not taken; a driver that cannot run is told."""
    from nexcage.routing import Decision

    wanted = wish(call, annotations, container_id, config)
    faults = {name: unusable(call, name, container_id) for name in NAMES}
    usable = [name for name in wanted.names if faults[name] is None]
    error: NexcageError | None = None
    if usable:
        driver = usable[0]
    else:
        single = wanted.names[0] if len(wanted.names) == 1 else ""
        fault = faults[single] if single else None
        reasons = [found.message for name in wanted.names if (found := faults[name])]
        error = wanted.blame(fault) if fault else _none(wanted, reasons, image=False)
        driver = single
    rejected = []
    for name in NAMES:
        if name != driver:
            fault = faults[name]
            rejected.append((name, fault.message if fault else _instead(wanted, name, driver)))
    return Decision(driver, wanted.reason(), rejected, kind=wanted.kind, rule=wanted.rule, error=error)


def _instead(wanted: Wish, name: str, driver: str) -> str:
    """Why a driver that can run here is not taken."""
    if name in wanted.names:
        return f"can run here, but {driver} comes first"
    return f"can run here, but {wanted.by} {'needs' if wanted.kind == 'capability' else 'names'} another"


def unusable(call: "Call", name: str, container_id: str = "") -> NexcageError | None:
    """Why the driver cannot run on this host; None when it can."""
    return call.driver(name, container_id).fingerprint()


def _rejected(call: "Call", name: str, container_id: str, *, rare: bool) -> NexcageError | None:
    if rare and name in ("pct", "jail") and not process.which(name):  # saves an import where it is rare
        return DriverUnavailable(f"{name} is not installed")
    return unusable(call, name, container_id)


def _only_planned(call: "Call", name: str, container_id: str) -> bool:
    return call.flag("dry-run") and call.driver(name, container_id).plans_anywhere


def _none(wanted: Wish, reasons: list[str], *, image: bool) -> NexcageError:
    """The error when none of several can run."""
    said = "; ".join(reasons)
    if image:
        return DriverUnavailable(
            f"no runtime here takes images: {said}",
            hint="make a bundle of it: nexcage bundle create --from IMAGE DIR",
        )
    hint = "install runc or crun: apt install runc"
    if wanted.kind == "capability":
        return DriverUnavailable(f"{wanted.by} needs {' or '.join(wanted.names)}: {said}", hint=hint)
    return DriverUnavailable(f"no runtime can run here: {said}", hint=hint)


def wish(
    call: "Call", annotations: "dict[str, str]", container_id: str = "", config: "Object | None" = None
) -> Wish:
    """What decides about a new container, before the host is looked at."""
    given = on_command_line(call)
    if given:
        return Wish("option", *given)
    if os.environ.get(VARIABLE):
        return _named("environment", VARIABLE, os.environ[VARIABLE])
    if annotations.get(ANNOTATION):
        return _named("annotation", f"annotation {ANNOTATION}", annotations[ANNOTATION])
    configured = call.config()
    if configured.rules:
        from nexcage import routing

        rule = routing.choose(configured.rules, container_id, annotations, system(config, annotations))
        if rule is not None:
            of_file = rule.where.startswith(PATTERNS)  # which no variable replaces
            origin = configured.path if of_file else configured.origin(RULES)
            return Wish("rule", f"{rule.where} of {origin}", (rule.runtime,), rule)
    needed = needs(config)
    if needed:
        return Wish("capability", *needed)
    default = configured.text(DEFAULT)
    if default:
        origin = configured.origin(DEFAULT)
        by = f"{DEFAULT} of {origin}" if origin == configured.path else origin
        return _named("default", by, default)
    return Wish("host", "", NAMES)


def on_command_line(call: "Call") -> tuple[str, tuple[str]] | None:
    """(option, the driver that it names), None where none is; `UsageError` for two that contradict."""
    given = [(f"--{option}", call.text(option)) for option in ("runtime", "backend") if call.text(option)]
    names = [name_of(text) for _, text in given]
    if len(set(names)) > 1:
        words = " and ".join(" ".join(each) for each in given)
        raise UsageError(f"two runtimes are named: {words}", hint="leave one of them out")
    return (given[0][0], (names[0],)) if given else None


def _named(kind: str, by: str, text: str) -> Wish:
    """What names a driver elsewhere than on the command line; the place is in the error about it."""
    try:
        return Wish(kind, by, (name_of(text),))
    except UsageError as error:
        if kind == "annotation":
            place = f'config.json: $.annotations["{ANNOTATION}"]'
            raise InvalidBundle(f"{place}: {error.message}", code=error.code, hint=error.hint) from None
        raise InvalidConfig(f"{by}: {error.message}", code=error.code, hint=error.hint) from None


def system(config: "Object | None", annotations: "dict[str, str]") -> str:
    """The operating system of a container's programs, as rules name it: linux or freebsd."""
    for name in ("freebsd", "linux"):
        if config and config.get(name) is not None:
            return name
    host = "freebsd" if paths.FREEBSD else "linux"
    return {"freebsd": "freebsd", "linux": "linux"}.get(annotations.get(SYSTEM, ""), host)


def needs(config: "Object | None") -> tuple[str, tuple[str, ...]] | None:
    """(property, drivers) for a bundle with a property that only some drivers have."""
    if not config:
        return None
    if config.get("freebsd") is not None:
        return "$.freebsd of config.json", ("jail",)
    if ((config.get("linux") or {}).get("seccomp") or {}).get("listenerPath"):
        return "$.linux.seccomp.listenerPath of config.json", ("crun", "runc")
    return None
