"""Command lines of the base system, as lists of words: what runs, and what --dry-run shows.

A jail is addressed by its JID once it has one: several may have one name while the old ones are dying.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nexcage.drivers.jail.translate.translated import Mount, Translated

Argv = list[str]
JID = "JID"  # in plans, where no jail has a number yet


def create(parameters: "Iterable[str]", *, tell: bool = False) -> Argv:
    """jail(8); ``tell``: it prints the JID."""
    return ["jail", *(["-i"] if tell else []), "-c", *parameters]


def modify(jid: int | str, parameters: "Iterable[str]") -> Argv:
    """jail(8): ``jid`` first, the rest is changed."""
    return ["jail", "-m", f"jid={jid}", *parameters]


def remove(jid: int | str) -> Argv:
    """jail(8): ``-R`` reads no jail.conf."""
    return ["jail", "-R", str(jid)]


def limit(rules: "Iterable[str]") -> Argv:
    """rctl(8)."""
    return ["rctl", "-a", *rules]


def unlimit(name: str) -> Argv:
    """rctl(8): all rules of the jail, which outlive it."""
    return ["rctl", "-r", f"jail:{name}"]


def add_rule(number: int, words: "Iterable[str]") -> Argv:
    """devfs(8)."""
    return ["devfs", "rule", "-s", str(number), "add", *words]


def show_rules(number: int) -> Argv:
    """devfs(8): no lines and status 0 where there are none."""
    return ["devfs", "rule", "-s", str(number), "show"]


def delete_rules(number: int) -> Argv:
    """devfs(8)."""
    return ["devfs", "rule", "-s", str(number), "delset"]


def mount(step: "Mount", target: str) -> Argv:
    """mount(8); ``target`` is the destination as it has been resolved."""
    options = ["-o", ",".join(step.options)] if step.options else []
    return ["mount", "-t", step.kind, *options, step.source, target]


def umount(target: str, *, force: bool = False) -> Argv:
    """umount(8)."""
    return ["umount", *(["-f"] if force else []), target]


def move_in(interface: str, jid: int | str) -> Argv:
    """ifconfig(8): to the vnet of the jail."""
    return ["ifconfig", interface, "vnet", str(jid)]


def take_out(interface: str, jid: int | str) -> Argv:
    """ifconfig(8): back to the host, before the jail is removed."""
    return ["ifconfig", interface, "-vnet", str(jid)]


def remove_alias(interface: str, family: str, address: str) -> Argv:
    """ifconfig(8): what jail(8) added for an address."""
    return ["ifconfig", interface, family, address, "-alias"]


def pin(jid: int | str, cpus: str) -> Argv:
    """cpuset(1)."""
    return ["cpuset", "-l", cpus, "-j", str(jid)]


def load(module: str) -> Argv:
    """kldload(8); ``-n``: it may be there already."""
    return ["kldload", "-n", module]


def making(out: "Translated", jid: int | str = JID) -> list[Argv]:
    """All of create in its order: limits before the jail, so that they hold from its first process."""
    found = [load(module) for module in out.modules]
    if out.rules is not None:
        found += [add_rule(out.rules.number, words) for words in out.rules.rules]
    found += [mount(step, target(out, step)) for step in out.mounts]
    if out.limits:
        found.append(limit(out.limits))
    if out.raise_parent is not None:
        number, most = out.raise_parent
        found.append(modify(number, [f"children.max={most}"]))
    found.append(create(out.parameters))
    if out.cpus:
        found.append(pin(jid, out.cpus))
    return found


def unmaking(out: "Translated", jid: int | str = JID) -> list[Argv]:
    """All of delete, in the opposite order."""
    found = [take_out(interface, jid) for interface in reversed(out.interfaces)]
    found.append(remove(jid))
    found += [remove_alias(*row) for row in reversed(out.aliases)]
    found += [umount(target(out, step)) for step in reversed(out.mounts)]
    if out.limits:
        found.append(unlimit(out.name))
    if out.rules is not None:
        found.append(delete_rules(out.rules.number))
    return found


def target(out: "Translated", step: "Mount") -> str:
    """Where a mount goes, before links in the root are followed."""
    alias = step.at == "$.root.readonly"
    return step.destination if alias else out.root.rstrip("/") + step.destination
