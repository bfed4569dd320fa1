"""The words of the command line: sizes, processors, NAME=VALUE, capabilities, devices. Docker's forms.

All raise `UsageError`. What may be a secret (the value of a variable) is never repeated in a message.
"""

import os

from nexcage.bundler.config import Device
from nexcage.errors import UsageError
from nexcage.host.facts import CAPABILITIES

PERIOD = 100_000  # microseconds, the kernel's default
_SHORTEST = 1000  # microseconds: the kernel refuses less
_SHIFTS = {"k": 10, "m": 20, "g": 30, "t": 40, "p": 50}
_UNITS = {"": 0, "b": 0, **{unit + tail: bits for unit, bits in _SHIFTS.items() for tail in ("", "b", "ib")}}


def _decimal(text: str) -> bool:
    whole, dot, part = text.partition(".")
    good = whole.isascii() and whole.isdigit() and len(whole) <= 18
    return good and (not dot or (part.isascii() and part.isdigit() and len(part) <= 9))


def size(text: str, option: str) -> int:
    """Bytes: a number with b, k, m, g, t or p, which count in 1024 (docker: 512m, 1.5g, 64KiB)."""
    word = text.strip().lower()
    digits = word.rstrip("kmgtpib")
    unit = word[len(digits) :]
    if _decimal(digits) and unit in _UNITS:
        whole, _, part = digits.partition(".")
        shift = _UNITS[unit]
        found = (int(whole) << shift) + ((int(part) << shift) // 10 ** len(part) if part else 0)
        if 0 < found < 2**63:
            return found
    raise UsageError(f'option --{option} takes a size such as 512m, not "{text[:64]}"')


def quota(text: str) -> int:
    """``--cpus``: microseconds of processor time in each `PERIOD`."""
    if _decimal(text):
        whole, _, part = text.partition(".")
        found = int(whole) * PERIOD + (int(part) * PERIOD // 10 ** len(part) if part else 0)
        if _SHORTEST <= found < 2**63:
            return found
    raise UsageError(f'option --cpus takes a number of processors from 0.01, such as 1.5, not "{text[:64]}"')


def pids(text: str) -> int:
    """``--pids``: the most processes, -1 for any number (docker takes 0 for that too)."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10) or int(text) < -1:
        raise UsageError(f'option --pids takes a number of processes, or -1 for any, not "{text[:64]}"')
    return int(text) or -1


def pair(text: str, option: str) -> tuple[str, str]:
    """NAME=VALUE; the value may be empty, the name may not."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        shown = f', not "{name[:64]}"' if name else ""
        raise UsageError(f"option --{option} takes NAME=VALUE" + shown)
    return name, value


def capability(text: str) -> str:
    """The name without CAP_, or ALL."""
    name = text.upper().removeprefix("CAP_")
    if name != "ALL" and name not in CAPABILITIES:
        from difflib import get_close_matches

        near = get_close_matches(name, CAPABILITIES, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else "see capabilities(7)"
        raise UsageError(f'there is no capability "{text[:64]}"', hint=hint)
    return name


def hostname(text: str) -> str:
    """A name that sethostname(2) and programs take: at most 64 letters, digits, dots and hyphens."""
    allowed = text.replace("-", "").replace(".", "")
    if not (allowed.isascii() and allowed.isalnum()) or len(text) > 64 or text[0] in "-." or ".." in text:
        raise UsageError(
            f'--hostname "{text[:80]}" is no host name', hint="use letters, digits, hyphens and dots"
        )
    return text


def user(text: str) -> str:
    """USER or USER:GROUP."""
    name, colon, group = text.partition(":")
    if not name or (colon and not group) or ":" in group:
        raise UsageError(f'--user "{text[:80]}" is not USER or USER:GROUP')
    return text


def _access(text: str) -> bool:
    return bool(text) and len(set(text)) == len(text) and set(text) <= set("rwm")


def device(text: str) -> Device:
    """PATH[:DST[:rwm]] or PATH[:rwm]; `examined` looks at the node, since a jail's is not on this host."""
    parts = text.split(":")
    source, path, access = parts[0], parts[0], "rwm"
    if len(parts) == 2 and _access(parts[1]):
        access = parts[1]
    elif len(parts) > 1:
        path = parts[1]
    if len(parts) == 3:
        access = parts[2]
    if len(parts) > 3 or not source.startswith("/") or not path.startswith("/") or not _access(access):
        raise UsageError(
            f'--device "{text[:200]}" is not PATH[:DESTINATION[:ACCESS]]',
            hint="for example /dev/fuse:/dev/fuse:rw",
        )
    return Device(source, os.path.normpath(path), access)


def examined(device: Device) -> list[Device]:
    """``device`` with what the host says of it, of a directory all devices below it; raises `UsageError`."""
    import stat

    try:
        found = os.stat(device.source)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f'--device "{device.source}" cannot be used: {reason}', code="device-missing"
        ) from None
    if stat.S_ISDIR(found.st_mode):
        return _below(device)
    if not (stat.S_ISCHR(found.st_mode) or stat.S_ISBLK(found.st_mode)):
        raise UsageError(
            f'--device "{device.source}" is no device',
            code="device-missing",
            hint="mount it by --volume instead",
        )
    device.kind = "c" if stat.S_ISCHR(found.st_mode) else "b"
    device.major, device.minor = os.major(found.st_rdev), os.minor(found.st_rdev)
    device.mode = stat.S_IMODE(found.st_mode) & 0o777
    device.uid, device.gid = found.st_uid, found.st_gid
    return [device]


def _below(device: Device) -> list[Device]:
    import stat

    rows = []
    for directory, names, files in os.walk(device.source):
        names.sort()
        for file in sorted(files):
            source = os.path.join(directory, file)
            mode = os.lstat(source).st_mode
            if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
                path = os.path.join(device.path, os.path.relpath(source, device.source))
                rows += examined(Device(source, path, device.access))
    if not rows:
        raise UsageError(f'--device "{device.source}" has no devices in it', code="device-missing")
    return rows


def words(text: str) -> list[str]:
    """``--entrypoint``: one word, or a JSON array of words."""
    if not text.startswith("["):
        return [text]
    from nexcage.jsontext import Malformed, loads

    try:
        found = loads(text.encode())
    except Malformed as error:
        raise UsageError(f"--entrypoint is no JSON array: {error}") from None
    if not isinstance(found, list) or not all(isinstance(word, str) and "\0" not in word for word in found):
        raise UsageError("--entrypoint is no JSON array of strings")
    return found


def setting(text: str) -> tuple[str, object]:
    """``--set``: NAME=VALUE is a string, NAME:=JSON any value."""
    name, value = pair(text, "set")
    typed = name.endswith(":")
    name = name.removesuffix(":")
    if not name.isidentifier() or not name.isascii():
        raise UsageError(f'--set "{name[:64]}" is no name', hint="use letters, digits and underscores")
    if name in ("config", "image", "name"):
        raise UsageError(f'--set "{name}" is what the template already has', hint="choose another name")
    if not typed:
        return name, value
    from nexcage.jsontext import Malformed, loads

    try:
        return name, loads(value.encode())
    except Malformed as error:
        raise UsageError(
            f"--set {name}:= is no JSON: {error}", hint=f"for a string write {name}=VALUE"
        ) from None
