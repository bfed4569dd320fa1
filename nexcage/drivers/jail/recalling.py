"""A jail whose record was lost, from its mark and from its bundle."""

from nexcage import log
from nexcage.drivers.jail import holding, looking, parse
from nexcage.drivers.jail import made as kept
from nexcage.drivers.jail.creating import intended
from nexcage.drivers.jail.made import NAME, PROCESS, START, Made
from nexcage.drivers.jail.tools import Tools
from nexcage.drivers.jail.translate import Request, translate
from nexcage.drivers.jail.translate.devices import OURS
from nexcage.errors import NexcageError, StateCorrupt
from nexcage.jsontext import dumps
from nexcage.oci import bundle as bundles
from nexcage.plan import Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object
    from nexcage.plan import Step

_ASKED = ("jid", "name", "path", "dying", "devfs_ruleset", "meta")
_HELD = "nexcage.drivers.jail.hold"


def recall(tools: Tools, container_id: str, home: str) -> "tuple[Object, list[Step]] | None":
    """Its record, and what lay beside it; one that has lost its FIFO cannot be started any more."""
    found = _marked(tools, container_id)
    if found is None:
        return None
    jail, mark = found
    made = _kept(home)
    steps: list[Step] = []
    bundle = _bundle(mark.get("nexcage_bundle", ""), container_id)
    if made is None:
        made, steps = _again(tools, jail, bundle, container_id, home)
    fields: Object = {
        "handle": made.name,
        "bundle": bundle.path if bundle else home,
        "rootfs": bundle.rootfs if bundle else made.root,
        "oci_version": bundle.config["ociVersion"] if bundle else "",
        "annotations": dict(bundle.config.get("annotations") or {}) if bundle else {},
        "created": log.timestamp(),
        "stdio": "inherit",
    }
    if steps and _is_held(tools, jail):
        fields["unusable"] = f"it can never be started, {home}/{START} is lost"
    return ({**fields, "config_file": bundle.file} if bundle else fields), steps


def _is_held(tools: Tools, jail: parse.Jail) -> bool:
    """Whether its process still waits for start."""
    return any(_HELD in str(one.values.get("command", "")) for one in _living(tools, jail))


def _living(tools: Tools, jail: parse.Jail) -> list[parse.Process]:
    """Its processes, the oldest first."""
    rows = tools.ask("ps", "--libxo", "json", "-o", "pid,state,command", "-J", str(jail.jid))
    return sorted(parse.processes(rows), key=lambda one: one.pid)


def _kept(home: str) -> Made | None:
    try:
        return kept.read(home)
    except StateCorrupt:
        return None


def _marked(tools: Tools, container_id: str) -> tuple[parse.Jail, dict[str, str]] | None:
    """The jail that bears the container's mark; before FreeBSD 15 jails have none."""
    done = tools.attempt(["jls", "-n", "--libxo", "json", *_ASKED])
    for jail in parse.jails(done.stdout) if done.status == 0 else ():
        mark = mark_of(jail)
        if mark.get("nexcage") == container_id and not jail.dying:
            return jail, mark
    return None


def mark_of(jail: parse.Jail) -> dict[str, str]:
    """What its ``meta`` says: ``nexcage`` is the container's id, ``nexcage_bundle`` its bundle."""
    pairs = (pair.partition("=") for pair in str(jail.values.get("meta") or "").splitlines())
    return {key: value for key, _, value in pairs}


def _bundle(path: str, container_id: str) -> bundles.Bundle | None:
    try:
        return bundles.load(path) if path else None
    except NexcageError as error:
        log.warning(f'container "{container_id}": its hooks are lost with its bundle: {error.message}')
        return None


def _again(
    tools: Tools, jail: parse.Jail, bundle: bundles.Bundle | None, container_id: str, home: str
) -> "tuple[Made, list[Step]]":
    """What its create had kept: what the host has of it now, the rest as the bundle says."""
    living = _living(tools, jail)
    made, steps = Made(home), []
    if bundle is not None:
        facts = looking.facts(tools, bundle.config, bundle.path)
        facts.mounts = frozenset()  # they are its own
        out = translate(
            Request(
                bundle.config,
                id=container_id,
                rootfs=bundle.rootfs,
                bundle=bundle.path,
                home=home,
                facts=facts,
                permissive=True,
            )
        )
        made = intended(out, home, bundle.rootfs)
        document = holding.document(out.held, jail.jid, state={"id": container_id, "bundle": bundle.path})
        steps = [Write(f"{home}/{PROCESS}", dumps(document).encode())]
    _see(tools, made, jail)
    made.pid = living[0].pid if living else 0
    return made, [Write(f"{home}/{NAME}", made.text()), *steps]


def left(tools: Tools, container_id: str, home: str) -> Made | None:
    """What the host has of a container whose own file cannot be read."""
    found = _marked(tools, container_id)
    if found is None:
        return None
    made = Made(home)
    _see(tools, made, found[0])
    made.limits = looking.counts(tools)
    return made


def _see(tools: Tools, made: Made, jail: parse.Jail) -> None:
    number = str(jail.values.get("devfs_ruleset", ""))
    made.name, made.jid, made.root, made.claimed = jail.name, jail.jid, jail.path, True
    made.alias = jail.path.startswith(made.home + "/")
    made.ruleset = int(number) if number.isdecimal() and int(number) in OURS else 0
    inside = jail.path + "/"
    made.targets = [one.node for one in looking.mounts(tools) if one.node.startswith(inside)]
