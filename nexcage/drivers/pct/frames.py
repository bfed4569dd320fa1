"""Frames in which Proxmox's tools put what is wrong with a command line.

Source: PVE::RESTHandler, PVE::CLIHandler, PVE::Exception of pve-common.
"""

import re

from nexcage.drivers.pct.texts import TABLE
from nexcage.drivers.pct.texts.parameters import CODES, SCHEMA, SPECIFIC
from nexcage.errors import NexcageError, StateCorrupt, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.call import Call

_FAILED = re.compile(
    r"^400 (?P<kind>Parameter|Result) verification failed\.?[ \n]*(?P<body>(?s:.*))", re.MULTILINE
)
_USAGE = re.compile(r"^(?:USAGE: .*|(?:pct|pvesh|pvesm|pveam|pvecm|pveversion)(?: .*)?)$\n?", re.MULTILINE)
_LINE = re.compile(r"(?P<name>[A-Za-z][\w-]*(?:\.[\w-]+)*): ")

ARGUMENTS = (
    (
        r"^Unknown option: (?P<option>\S+)",
        UsageError,
        "option-unknown",
        "this version of {tool} has no option --{option}",
        "pveversion shows the version; leave the option out, or upgrade",
    ),
    (
        r"^Option (?P<option>\S+) requires an argument",
        UsageError,
        "option-value-missing",
        "--{option} needs a value",
        "",
    ),
    (
        (
            r"^Option (?P<option>\S+) (?:is ambiguous|does not take an argument)",
            r'^Value "(?P<value>[^"]*)" invalid for option (?P<option2>\S+)',
        ),
        UsageError,
        "option-invalid",
        '--{option} cannot be given like this "{value}"',
        "",
    ),
    (
        r"^400 unable to parse boolean option",
        UsageError,
        "boolean-invalid",
        "an option that is on or off has another value: {options}",
        "write 1 or 0",
    ),
    (
        r"^400 unable to parse option",
        UsageError,
        "option-invalid",
        "{tool} {verb} cannot read its options: {options}",
        "",
    ),
    (
        r"^400 not enough arguments",
        UsageError,
        "arguments-missing",
        "{tool} {verb} needs more arguments: {usage}",
        "",
    ),
    (
        r"^400 too many arguments",
        UsageError,
        "arguments-surplus",
        "{tool} {verb} takes fewer arguments: {usage}",
        "",
    ),
)


def without_usage(said: str) -> str:
    """``said`` without the usage lines below it."""
    return _USAGE.sub("", said).strip("\n")


def error(call: "Call", said: str) -> NexcageError | None:
    """The error in a frame; None when ``said`` has none."""
    failed = _FAILED.search(said)
    if failed is not None:
        lines = parameters(failed["body"])
        if failed["kind"] == "Result":
            bad = "; ".join(f"{name}: {text}" for name, text in lines)
            row = ("", StateCorrupt, "ct-config-invalid", "{what}: its configuration cannot be read: {line}",
                   "correct /etc/pve/lxc/{vmid}.conf")  # fmt: skip
            return call.error(row, {"line": bad})
        return _parameters(call, lines)
    usage = _USAGE.search(said)
    options = " ".join(word for word in call.shown if word.startswith("--"))
    fields = {"usage": usage[0].strip() if usage else "", "options": options}
    return call.search(ARGUMENTS, said, **fields)


def parameters(body: str) -> list[tuple[str, str]]:
    """(name, text) of each bad parameter, sorted: Perl prints them in random order.

    A property string has one line for itself ("format error") and one for each bad key.
    """
    lines: list[tuple[str, str]] = []
    for line in without_usage(body).split("\n"):
        match = _LINE.match(line)
        if match is not None:
            lines.append((match["name"], line[match.end() :].strip()))
        elif line.strip() and lines:
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {line.strip()}")
        elif line.strip():
            lines.append(("", line.strip()))
    whole = {name.partition(".")[0] for name, _ in lines if "." in name}
    keep = {line for line in lines if not (line[0] in whole and line[1].endswith("format error"))}
    return sorted(keep)


def _parameters(call: "Call", lines: list[tuple[str, str]]) -> NexcageError | None:
    errors = [_parameter(call, name, text) for name, text in lines]
    if len(errors) < 2:
        return (
            errors[0] if errors else call.error(_UNKNOWN, {"name": "a parameter", "line": "not said which"})
        )
    prefix = f"{call.what}: " if call.what else ""
    messages = [error.message.removeprefix(prefix) for error in errors]
    names = [name for name, _ in lines]
    hint = next((error.hint for error in errors if error.hint), "")
    text = prefix + "; ".join(messages)
    return UsageError(text, code="parameters-invalid", hint=hint, **call.data, parameters=names)


_UNKNOWN = ("", UsageError, "parameter-invalid", "{name}: {line}", "")


def _parameter(call: "Call", name: str, text: str) -> NexcageError:
    line = f"{name}: {text}"
    fields = {"name": name or "a parameter"}
    value = call.value(name)
    if value is not None:
        fields["value"] = value
    found = (
        call.search(SPECIFIC, line, **fields)
        or call.search(SCHEMA, line, **fields)
        or call.search(TABLE, text, **fields)
        or call.error(_UNKNOWN, {**fields, "line": text})
    )
    if found.code in ("parameter-invalid", "parameter-missing", "value-invalid"):
        base = name.partition(".")[0].rstrip("0123456789")
        found.code = CODES.get(base, found.code)
    return found
