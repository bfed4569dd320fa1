"""The host, as far as a bundle makes it matter: facts for the translation, each asked for once."""

import os
import stat

from nexcage.drivers.jail import parse
from nexcage.drivers.jail.tools import Tools, is_here
from nexcage.drivers.jail.translate import Facts, Parent
from nexcage.drivers.jail.translate.devices import JAIL, OURS, SHM
from nexcage.drivers.jail.words import file_system
from nexcage.oci.rules import Object

_PREFIXES = ("org.freebsd.jail.", "org.freebsd.parentJail")
# a jail that is not there, or is about to be
GONE = ("jail-missing", "jail-dying")


def facts(tools: Tools, config: Object, bundle: str) -> Facts:
    """What the translation asks of this host; elsewhere, for a plan to look at, what is usual."""
    if not is_here():
        return Facts(files=_files(config, bundle))
    release = parse.release(tools.ask("sysctl", "-n", "kern.osrelease"))
    resources = (config.get("linux") or {}).get("resources") or {}
    section = (config.get("freebsd") or {}).get("jail") or {}
    annotations = [name for name in config.get("annotations") or () if name.startswith(_PREFIXES)]
    kinds = {file_system(row, row.get("destination") or "") for row in config.get("mounts") or ()}
    wants_network = section.get("vnetInterfaces") or section.get("interface") or _has_bar(section)
    return Facts(
        release=release,
        racct=bool(resources) and counts(tools),
        modules=_modules(tools) if kinds - {"devfs", "tmpfs"} or _is_readonly(config) else None,
        interfaces=frozenset(tools.ask("ifconfig", "-l").split()) if wants_network or annotations else None,
        mounts=frozenset(one.node for one in mounts(tools)),
        files=_files(config, bundle),
        rule_sets=_rule_sets(tools, config) if "devfs" in kinds or config.get("freebsd") else None,
        jails=_jails(tools) if section.get("parent") or annotations else None,
        cpus=cpus(tools) if (resources.get("cpu") or {}).get("cpus") else 0,
    )


def _has_bar(section: Object) -> bool:
    return any("|" in text for name in ("ip4Addr", "ip6Addr") for text in section.get(name) or ())


def _is_readonly(config: Object) -> bool:
    return bool((config.get("root") or {}).get("readonly"))


def counts(tools: Tools) -> bool:
    """Whether this host counts resources; a kernel without the option does not know the name."""
    return tools.ask("sysctl", "-i", "-n", "kern.racct.enable").strip() == "1"


def cpus(tools: Tools) -> int:
    """How many CPUs the host has."""
    return parse.setting(tools.ask("sysctl", "-n", "hw.ncpu"))


def _modules(tools: Tools) -> frozenset[str]:
    """Files of the kernel, without their ending; what is compiled into it is loaded "again", in silence."""
    rows = [line.split() for line in tools.ask("kldstat").splitlines()[1:]]
    return frozenset(row[-1].removesuffix(".ko") for row in rows if row)


def mounts(tools: Tools) -> list[parse.Mount]:
    """What is mounted, in the order in which it was; before 14 mount(8) has no JSON."""
    done = tools.attempt(["mount", "--libxo", "json"])
    return parse.mounts(done.stdout) if not done.status else parse.mount_lines(tools.ask("mount", "-p"))


def _files(config: Object, bundle: str) -> frozenset[str]:
    """Sources of mounts that are there and are no directories."""
    found = set()
    for row in config.get("mounts") or ():
        path = os.path.normpath(os.path.join(bundle, row.get("source") or "."))
        try:
            if not stat.S_ISDIR(os.stat(path).st_mode):
                found.add(path)
        except (OSError, ValueError):
            continue
    return frozenset(found)


def _rule_sets(tools: Tools, config: Object) -> dict[int, tuple[str, ...]]:
    """Number → rules. The rules themselves matter only where a set is used, or built upon."""
    numbers = [int(word) for word in tools.ask("devfs", "rule", "showsets").split() if word.isdecimal()]
    options = [o for row in config.get("mounts") or () for o in row.get("options") or ()]
    named = {int(o[8:]) for o in options if o.startswith("ruleset=") and o[8:].isdecimal()}
    places = [row.get("destination") for row in config.get("mounts") or ()]
    builds = (config.get("freebsd") or {}).get("devices") or any(o.startswith("rule=") for o in options)
    builds = builds or SHM in places  # of an image for Linux
    builds = builds or not named <= {JAIL}  # what others are made of: any may be included
    found: dict[int, tuple[str, ...]] = {}
    for number in numbers:
        used = builds or number == JAIL
        found[number] = rules(tools, number) if used and number not in OURS else ("taken",)
    return found


def rules(tools: Tools, number: int) -> tuple[str, ...]:
    """The rules of a set; none where it does not exist, and devfs(8) does not mind."""
    return tuple(tools.ask("devfs", "rule", "-s", str(number), "show").splitlines())


def _jails(tools: Tools) -> dict[str, Parent]:
    names = ("jid", "name", "dying", "children.max", "children.cur")
    listed = parse.jails(tools.ask("jls", "-n", "--libxo", "json", *names))
    return {
        jail.name: Parent(jail.jid, _count(jail, "children.max"), _count(jail, "children.cur"))
        for jail in listed
        if not jail.dying
    }


def _count(jail: parse.Jail, name: str) -> int:
    text = str(jail.values.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() else 0


def jail(tools: Tools, which: "int | str") -> "parse.Jail | None":
    """The jail with this number or name; None when there is none, or it is dying."""
    words = ["jls", "-j", str(which), "-n", "--libxo", "json", "jid", "name", "path", "dying"]
    done = tools.attempt(words)
    if done.status:
        error = tools.judge(done, which if isinstance(which, int) else None)
        if error is None or error.code in GONE:
            return None
        raise error
    found = [one for one in parse.jails(done.stdout) if which in (one.jid, one.name) and not one.dying]
    return found[0] if found else None


def processes(tools: Tools, jid: int) -> list[tuple[int, str, str]]:
    """(pid, state of ps(1), name of the jail) of all processes in a jail; [] when it has gone."""
    done = tools.attempt(["ps", "--libxo", "json", "-o", "pid,state,jail", "-J", str(jid)])
    error = tools.judge(done, jid)
    if error is not None:
        if error.code in GONE:
            return []
        raise error
    return [(one.pid, one.state, _jail(one)) for one in parse.processes(done.stdout)]


def _jail(one: parse.Process) -> str:
    return str(one.values.get("jail-name", ""))
