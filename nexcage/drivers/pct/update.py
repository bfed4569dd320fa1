"""New limits for a container that exists: options of one ``pct set``."""

from nexcage import log
from nexcage.drivers.pct.parse import Version
from nexcage.drivers.pct.translate import resources
from nexcage.drivers.pct.translate.look import Look
from nexcage.drivers.pct.translate.request import Request
from nexcage.drivers.pct.translate.translated import Translated
from nexcage.errors import Unsupported, UsageError
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Step = Callable[[Request, Translated], None]

# what pct set changes in a running container: properties of linux.resources and options, and who knows them
_KNOWN: "tuple[tuple[tuple[tuple[str, str], ...], tuple[str, ...], Step], ...]" = (
    ((("memory", "limit"),), (), resources.memory),
    ((("memory", "swap"),), ("swap",), resources.swap),
    ((("cpu", "quota"), ("cpu", "period")), ("cpulimit",), resources.cpulimit),
    ((("cpu", "shares"),), ("cpuunits",), resources.cpuunits),
    ((), ("cores",), resources.cores),
)


def words(
    limits: Object, options: "Mapping[str, str]", *, id: str, current: "Mapping[str, str]", cgroup2: bool
) -> list[str]:
    """``--memory 64 ...`` for ``limits`` (linux.resources) and ``options`` (pct's own names).

    ``current`` is the container's configuration. `Unsupported` names what cannot be changed.
    """
    limits = {section: _given(section, values) for section, values in limits.items() if values}
    _refuse_rest(limits)
    memory = limits.get("memory") or {}
    if memory.get("swap", 0) > 0 and "limit" not in memory:  # it counts both
        memory["limit"] = int(current.get("memory") or 512) << 20
    cpu = limits.get("cpu") or {}
    if "period" in cpu and "quota" not in cpu:
        raise UsageError("a period alone limits nothing", hint="give --cpu-quota with it, or --cpulimit")
    request = Request(
        {"linux": {"resources": limits}},
        id=id,
        version=Version({}),
        look=Look(),
        options=options,
        cgroup2=cgroup2,
    )
    out = Translated(request)
    for properties, names, step in _KNOWN:
        if any(name in (limits.get(part) or {}) for part, name in properties) or any(
            n in options for n in names
        ):
            step(request, out)
    if out.lines:  # no limit at all, which pct has no word for
        raise Unsupported(
            "a limit cannot be taken away from a container of Proxmox VE", hint="give a large one instead"
        )
    for sentence in out.warnings:
        log.warning(sentence)
    return [word for name, text in out.create.items() for word in (f"--{name}", text)]


def _given(section: str, values: Object) -> Object:
    """What is asked for: a limit of 0 is none, as for runc and crun; pct would get its default."""
    if not isinstance(values, dict):
        return values
    known = _known()
    return {n: v for n, v in values.items() if v is not None and (v or (section, n) not in known)}


def _known() -> set[tuple[str, str]]:
    return {pair for pairs, _, _ in _KNOWN for pair in pairs}


def _refuse_rest(limits: Object) -> None:
    known = _known()
    for section, values in limits.items():
        for name in values if isinstance(values, dict) else ("",):
            if (section, name) not in known and values:
                where = f"$.{section}.{name}".rstrip(".")
                raise Unsupported(
                    f"{where}: not supported by pct: it changes memory, swap and CPU time only",
                    hint="make the container anew with this limit in its bundle",
                )
