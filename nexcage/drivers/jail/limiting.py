"""update: rules of rctl(8), which replace those of the same resource, and cpuset(1)."""

from nexcage import log
from nexcage.drivers.jail import looking
from nexcage.drivers.jail.made import Made
from nexcage.drivers.jail.tools import Tools
from nexcage.drivers.jail.translate import Facts, Request, argv, resources
from nexcage.drivers.jail.translate.translated import Translated, refuse
from nexcage.drivers.refusals import refusals
from nexcage.errors import Unsupported, UsageError
from nexcage.oci.rules import Object
from nexcage.plan import Act, Step

# what a limit of -1 takes away
_RESOURCES = (("memory", "limit", "memoryuse"), ("memory", "swap", "swapuse"), ("cpu", "quota", "pcpu"),
              ("pids", "limit", "maxproc"))  # fmt: skip

_STEPS = (resources.memory, resources.swap, resources.cpu, resources.pids, resources.block_io, resources.cpus)
_AT = "config.json: $.linux.resources"


def steps(tools: Tools, made: Made, limits: Object, options: dict[str, str]) -> list[Step]:
    """The calls that give the jail ``limits`` (linux.resources)."""
    for name in options:
        raise UsageError(f"option --{name} is for pct", code="unsupported-option", hint=f"leave out --{name}")
    config = {"linux": {"resources": limits}}
    for found in refusals(config, "jail"):
        if found.severity != "note":
            raise _named(refuse(found.path, found.reason))
    cpus = looking.cpus(tools) if (limits.get("cpu") or {}).get("cpus") else 0
    request = Request(config, id="", rootfs="/", facts=Facts(racct=looking.counts(tools), cpus=cpus))
    out = Translated(request)
    out.name = made.name
    try:
        for step in _STEPS:
            step(request, out)
    except Unsupported as error:
        raise _named(error) from None
    for text in out.warnings:
        log.warning(text.replace(_AT, "$"), code="property-ignored")
    plan: list[Step] = []
    for section, name, resource in _RESOURCES:
        if ((limits.get(section) or {}).get(name) or 0) < 0:
            words = ["rctl", "-r", f"jail:{made.name}:{resource}"]
            plan.append(_step(tools, made, words, quiet=True))
    if out.limits:
        plan.append(Act([f"{made.home}/jail.json"], lambda: _note(made), shown="write"))
        plan.append(_step(tools, made, argv.limit(out.limits)))
    if out.cpus:
        plan.append(_step(tools, made, argv.pin(made.jid, out.cpus)))
    return plan


def _named(error: Unsupported) -> Unsupported:
    """With the path in what the caller gave, which is linux.resources and no config.json."""
    error.message = error.message.replace(_AT, "$")
    return error


def _note(made: Made) -> None:
    """So that delete takes the rules away, however far we get."""
    made.limits = True
    made.write()


def _step(tools: Tools, made: Made, words: list[str], *, quiet: bool = False) -> Act:
    def do() -> None:
        error = tools.judge(tools.attempt(words), made.jid)
        if error is not None and not (quiet and error.code == "rule-missing"):
            raise error

    return Act(words, do)
