"""Say all that is wrong with a bundle at once, and what a driver would refuse of it.

Errors are what the specification (1.3) forbids or what this host does not
have; warnings what it advises against, and names that look misspelt. With
--for also what a driver refuses (create ends there) or ignores (create warns).
crun and runc are judged by the version that is installed, else by the newest
that nexcage knows. Exit status: 0 valid, 2 with errors or a driver that refuses.

JSON: bundle, valid, problems (path, severity, code, message, hint), drivers by
name (version, installed, refused and ignored with path and reason, notes).
"""

import os

from nexcage import paths
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.output import table
from nexcage.drivers import get
from nexcage.drivers.refusals import DRIVERS, NEWEST, TABLES, Refusal, refusals
from nexcage.errors import DriverUnavailable, InvalidBundle, NexcageError
from nexcage.host.files import utf8
from nexcage.jsontext import dumps
from nexcage.log import one_line
from nexcage.oci.check_bundle import bundle_problems
from nexcage.oci.mounts import is_reference
from nexcage.oci.rules import Object

OPTIONS = (
    Option(
        "for",
        "say also what this driver refuses",
        "pct|crun|runc|jail|all",
        choices=(*DRIVERS, "all"),
    ),
    Option("format", "text or json", "text|json", "f"),
)
OPERANDS = "DIR"
EXAMPLES = (
    ("everything that is wrong with the bundle web", "nexcage bundle validate web"),
    ("and what Proxmox VE would refuse of it", "nexcage bundle validate --for pct web"),
)


class Judgement:
    """What one driver makes of a config."""

    def __init__(self, version: str, installed: bool | None, found: list[Refusal]) -> None:
        self.version = version
        self.installed = installed
        self.found = found

    def of(self, severity: str) -> list[Refusal]:
        """What it refuses, ignores or notes."""
        return [one for one in self.found if one.severity == severity]


def run(call: Call) -> int:
    """Print what is wrong."""
    given = call.operand("the bundle's directory")
    call.no_more()
    form = call.output_format("text", "json")
    wanted = call.text("for")
    names = DRIVERS if wanted == "all" else (wanted,) if wanted else ()
    path = os.path.abspath(given)
    if not utf8(path):
        raise InvalidBundle(f"bundle {ascii(path)[1:-1]}: the path is not UTF-8", code="bundle-missing")
    if not os.path.isdir(path):
        what = "is not a directory" if os.path.exists(path) else "does not exist"
        raise InvalidBundle(f"bundle {path} {what}", code="bundle-missing")
    config, problems = bundle_problems(path)
    judged = {name: _judge(call, name, config, path) for name in names} if config is not None else {}
    if form == "json":
        print(dumps(_document(path, problems, judged), 2))
    else:
        _print(given, problems, judged)
    failed = _of(problems, "error") or any(one.of("refused") for one in judged.values())
    return 2 if failed else 0


def _of(problems: list[InvalidBundle], severity: str) -> list[InvalidBundle]:
    return [problem for problem in problems if problem.data["severity"] == severity]


def _judge(call: Call, name: str, config: Object, bundle: str) -> Judgement:
    def is_volume(mount: Object) -> bool:
        return is_reference(mount) and not os.path.lexists(os.path.join(bundle, mount["source"]))

    if name not in NEWEST:
        found = refusals(config, name, is_volume=is_volume)
        if name == "pct":
            rows = config.get("mounts")
            mounts = rows if isinstance(rows, list) else []
            found += _volumes([row if isinstance(row, dict) and is_volume(row) else {} for row in mounts])
        return Judgement(TABLES[name].FACTS, None, found)
    root = call.root() or paths.run_root()
    driver = get(name, call.facts, f"{root}/@{name}", call.settings())
    try:
        text = driver.title().removeprefix(name + " ")
    except NexcageError:  # not installed, or it cannot even say its version
        version, cgroup2 = NEWEST[name], None
        installed = False
    else:
        major, minor, patch = (int(n) for n in text.split("."))
        version, cgroup2 = (major, minor, patch), call.facts.cgroup_mode() == "unified"
        installed = True
    found = refusals(config, name, version, cgroup2=cgroup2, is_volume=is_volume)
    return Judgement(".".join(map(str, version)), installed, found)


def _volumes(mounts: list[Object]) -> list[Refusal]:
    """Which storage references, of ``mounts`` that have one, lead to no volume of this node."""
    from nexcage.drivers.pct.volumes import volume_exists

    found = []
    for i, mount in enumerate(mounts):
        if not mount or mount["source"].partition(":")[2].replace(".", "", 1).isdigit():
            continue  # STORAGE:GIGABYTES is a volume that is still to be made (pct(1), mp[n])
        volume, path = mount["source"], f"$.mounts[{i}].source"
        try:
            if not volume_exists(volume):
                reason = f'the volume "{volume}" on "{mount["destination"]}" does not exist'
                found.append(Refusal(path, reason, "refused"))
        except DriverUnavailable as error:
            found.append(Refusal(path, f'"{volume}" was not looked for: {error.message}', "note"))
        except NexcageError as error:
            found.append(Refusal(path, error.message, "refused"))
    return found


def _document(path: str, problems: list[InvalidBundle], judged: dict[str, Judgement]) -> Object:
    drivers: Object = {}
    for name, judgement in judged.items():
        drivers[name] = {"version": judgement.version}
        if judgement.installed is not None:
            drivers[name]["installed"] = judgement.installed
        for key, severity in (("refused", "refused"), ("ignored", "ignored"), ("notes", "note")):
            rows = [{"path": one.path, "reason": one.reason} for one in judgement.of(severity)]
            drivers[name][key] = rows
    return {
        "bundle": path,
        "valid": not _of(problems, "error"),
        "problems": [
            {
                "path": problem.data["path"],
                "severity": problem.data["severity"],
                "code": problem.code,
                "message": problem.data["reason"],
                **({"hint": problem.hint} if problem.hint else {}),
            }
            for problem in problems
        ],
        "drivers": drivers,
    }


def _print(given: str, problems: list[InvalidBundle], judged: dict[str, Judgement]) -> None:
    counts = []
    for severity in ("error", "warning"):
        found = _of(problems, severity)
        if found:
            counts.append(_count(len(found), severity, severity + "s"))
            print(f"{severity}s:")
        for problem in found:
            hint = f" ({problem.hint})" if problem.hint else ""
            print(one_line(f"  {problem.data['path']}: {problem.data['reason']}{hint}"))
    if len(judged) > 1:
        _matrix(judged)
    for name, judgement in judged.items():
        print(f"{_title(name, judgement)}{':' if judgement.found else ' takes all of it'}")
        for one in judgement.found:
            print(one_line(f"  {one.severity:<7} {one.path}: {one.reason}"))
    if not _of(problems, "error"):
        counts.insert(0, "valid")
    for name, judgement in judged.items():
        counts += [
            f"{_count(len(judgement.of(severity)), 'property', 'properties')} {severity} by {name}"
            for severity in ("refused", "ignored")
            if judgement.of(severity)
        ]
    print(one_line(f"{given}: {', '.join(counts)}"))


def _matrix(judged: dict[str, Judgement]) -> None:
    """Which driver takes which property."""
    cells: dict[str, dict[str, str]] = {}
    for name, judgement in judged.items():
        for one in judgement.of("ignored") + judgement.of("refused"):
            cells.setdefault(one.path, {})[name] = one.severity
    if cells:
        rows = [
            [one_line(path), *(by.get(name, "-") for name in judged)] for path, by in sorted(cells.items())
        ]
        table(["PROPERTY", *(name.upper() for name in judged)], rows)


def _title(name: str, judgement: Judgement) -> str:
    if judgement.installed is None:
        return f"{name} ({judgement.version})"
    return f"{name} {judgement.version}" + ("" if judgement.installed else " (not installed here)")


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
