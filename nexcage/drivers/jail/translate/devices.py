"""``freebsd.devices`` and the rule set of /dev (devfs(8), devfs.rules(5)).

A rule set that does not exist is accepted by mount(8) and hides nothing, so each has to have rules before.
And ``vfs.devfs.rule_depth`` is 1: a set that includes number 4 loses what 4 includes, and shows all devices
of the host. So ours includes 1, 2 and 3 directly, which is what 4 is made of.
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Mount, Rules, Translated, refuse
from nexcage.errors import DriverUnavailable
from nexcage.oci.rules import fail

OURS = range(20000, 30000)  # nobody else's are touched: devfs.rules(5) and people count from 1
JAIL = 4  # devfsrules_jail
_PARTS = (1, 2, 3)  # hide_all, unhide_basic, unhide_login
_AT = "$.freebsd.devices"
SHM = "/dev/shm"  # noqa: S108 -- in the container


def devices(request: Request, out: Translated) -> None:
    """The rule set of each devfs: the one that the mount names, or ours with the devices in it."""
    wanted = _rules(request, out)
    mounts = [mount for mount in out.mounts if mount.kind == "devfs"]
    named = {option for mount in mounts for option in mount.options if option.startswith("ruleset=")}
    extra = [option[5:].split(" ") for mount in mounts for option in mount.options if option[:5] == "rule="]
    for number in sorted(int(option.partition("=")[2]) for option in named):
        _must_hold(request, number, next(m.at for m in mounts if f"ruleset={number}" in m.options))
    out.ruleset = int(max(named).partition("=")[2]) if named else JAIL
    known = dict(request.facts.rule_sets or {})
    deep = any(_is_deep(known, int(option.partition("=")[2])) for option in named)
    if mounts and (wanted or extra or deep):
        if len(named) > 1:
            raise refuse(
                _AT, "the devfs mounts name different rule sets", "let them name one", "ruleset-invalid"
            )
        rules = [*_base(request, out.ruleset), *wanted, *extra]
        out.ruleset = _number(request, out.name)
        out.rules = Rules(out.ruleset, rules)
    elif request.part("freebsd").get("devices"):
        out.warn(_AT, "is ignored: no devfs is mounted in the container")
    if not named and out.rules is None:
        _must_hold(request, JAIL, "$.mounts")
    for mount in mounts:
        _settle(mount, out.ruleset if out.rules is not None else 0)
    # also for what is mounted inside, where none means all devices
    out.set("devfs_ruleset", out.ruleset)


def _settle(mount: Mount, own: int) -> None:
    number = own or next((o.partition("=")[2] for o in mount.options if o.startswith("ruleset=")), JAIL)
    others = [o for o in mount.options if not o.startswith(("ruleset=", "rule="))]
    mount.options = [f"ruleset={number}", *others]


def _rules(request: Request, out: Translated) -> list[list[str]]:
    """``path PATH unhide mode MODE`` for each device."""
    found = []
    for i, device in enumerate(request.part("freebsd").get("devices") or ()):
        path, mode = device["path"], device.get("mode")
        # a rule is split at blanks, and its path is a pattern
        if not (path.isascii() and path.isprintable()) or set(path) & set(" *?[]\\\"'#"):
            raise fail(
                f"{_AT}[{i}].path", f'"{ascii(path)[1:-1]}" is no name of one device', "device-invalid"
            )
        found.append(["path", path, "unhide", *(["mode", f"{mode:04o}"] if mode is not None else [])])
    if request.os == "linux" and any(m.destination == SHM for m in out.mounts):
        # the Linux ABI has a directory there, for a tmpfs to be mounted on
        found += [["path", "shm", "unhide"], ["path", "shm/*", "unhide"]]
    return found


def _must_hold(request: Request, number: int, at: str) -> None:
    known = request.facts.rule_sets
    if known is None or known.get(number):
        return
    hint = "load the usual ones: service devfs restart"
    if number in (JAIL, *_PARTS):
        reason = f"devfs rule set {number} of this host is empty, so all devices would be seen"
        raise DriverUnavailable(reason, code="ruleset-missing", hint=hint)
    raise refuse(
        at,
        f"devfs rule set {number} has no rules, so all devices of the host would be seen",
        f"make it in /etc/devfs.rules, or name {JAIL}",
        "ruleset-missing",
    )


def _base(request: Request, number: int) -> list[list[str]]:
    """What the bundle's rule set consists of, without a second level of includes."""
    if number == JAIL:
        for part in _PARTS:
            _must_hold(request, part, _AT)
        return [["include", str(part)] for part in _PARTS]
    known = request.facts.rule_sets
    if known is None:
        reason = f"what devfs rule set {number} holds is not known, so no device can be added to it"
        raise refuse(_AT, reason, f"name rule set {JAIL}", "ruleset-invalid")
    return _flat(dict(known), number, 0)


def _is_deep(known: dict[int, tuple[str, ...]], number: int) -> bool:
    """Whether what hides the devices is included by what is included, and so is lost: number 5 has 4."""
    return number != JAIL and any(
        _included(row) for line in known.get(number, ()) for row in known.get(_included(line), ())
    )


def _included(line: str) -> int:
    """The set that a rule includes, 0 for others; its number comes first."""
    words = line.split()[1:]
    return int(words[1]) if words[:1] == ["include"] and words[1:] and words[1].isdigit() else 0


def _flat(known: dict[int, tuple[str, ...]], number: int, depth: int) -> list[list[str]]:
    found: list[list[str]] = []
    for line in known.get(number, ()):
        inner = _included(line)
        if inner and any(_included(row) for row in known.get(inner, ())) and depth < len(known):
            found += _flat(known, inner, depth + 1)
        else:
            found.append(line.split()[1:])
    return [words for words in found if words]


def _number(request: Request, name: str) -> int:
    """A free number of ours: the same container gets the same one, if it is free."""
    from zlib import crc32

    taken = request.facts.rule_sets or {}
    first = crc32(name.encode()) % len(OURS)
    for i in range(len(OURS)):
        number = OURS[(first + i) % len(OURS)]
        if number not in taken:
            return number
    raise DriverUnavailable(
        f"all devfs rule sets from {OURS[0]} to {OURS[-1]} are taken",
        code="ruleset-missing",
        hint="remove those of jails that are gone: devfs rule -s N delset",
    )
