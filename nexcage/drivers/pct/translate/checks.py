"""The ranges of pct's options, said before pct runs (schema: PVE/LXC/Config.pm). Each gives what it takes."""

from nexcage.drivers.pct.quoting import control
from nexcage.drivers.pct.translate.request import Wanted

TRUE = ("1", "on", "yes", "true")
FALSE = ("0", "off", "no", "false")


def whole(wanted: Wanted, low: int, high: int | None, code: str, what: str = "") -> int:
    """A whole number between ``low`` and ``high``, ``what`` it counts."""
    text = wanted.text.strip()
    reach = f"at least {low}" if high is None else f"{low} to {high}"
    reach += f" {what}" if what else ""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise wanted.wrong(f"is no whole number ({reach})", code)
    number = int(text)
    if number < low or (high is not None and number > high):
        raise wanted.wrong(f"is out of range ({reach})", code)
    return number


def mib(wanted: Wanted, low: int, code: str) -> int:
    """MiB of a size: a plain number counts MiB as for pct, K, M, G, T are powers of 1024 (512m, 1.5G).

    Rounded down: never more than asked for.
    """
    from math import isfinite

    text = wanted.text.strip().lower().removesuffix("ib").removesuffix("b")
    powers = {"k": 1, "m": 2, "g": 3, "t": 4}
    unit = text[-1:] if text[-1:] in powers else ""
    digits = text.removesuffix(unit) if unit else text
    if not (digits.replace(".", "", 1).isdigit() and digits.isascii()) or len(digits) > 18:
        raise wanted.wrong("is no size such as 512, 512m or 2g", code)
    size = float(digits) * 1024.0 ** (powers.get(unit, 2) - 2)
    if not isfinite(size) or size < low:
        raise wanted.wrong(f"is out of range (at least {low} MiB)", code)
    return int(size)


def number(wanted: Wanted, low: float, high: float, code: str) -> str:
    """A number with decimals."""
    text = wanted.text.strip()
    if not (text.isascii() and text.replace(".", "", 1).isdigit()) or not low <= float(text) <= high:
        raise wanted.wrong(f"is no number from {low:g} to {high:g}", code)
    return text


def boolean(wanted: Wanted, code: str) -> str:
    """ "1" or "0"."""
    text = wanted.text.strip().lower()
    if text in TRUE:
        return "1"
    if text in FALSE:
        return "0"
    raise wanted.wrong("is neither 1 nor 0", code)


def one_of(wanted: Wanted, names: tuple[str, ...], code: str) -> str:
    """One of ``names``."""
    if wanted.text not in names:
        raise wanted.wrong(f"is none of: {', '.join(names)}", code)
    return wanted.text


def plain(wanted: Wanted, characters: str, code: str, what: str) -> str:
    """Letters, digits and ``characters``, a letter or digit first."""
    rest = wanted.text
    for character in characters:
        rest = rest.replace(character, "x")
    if not (rest.isascii() and rest.isalnum() and wanted.text[:1].isalnum()):
        raise wanted.wrong(f"is no {what}", code)
    return wanted.text


def line(wanted: Wanted, code: str, most: int = 8192) -> str:
    """Any text without control characters."""
    if control(wanted.text) or not wanted.text.strip():
        raise wanted.wrong("is empty or has a control character", code)
    if len(wanted.text) > most:
        raise wanted.wrong(f"is longer than {most} characters", code)
    return wanted.text


def storage(wanted: Wanted) -> str:
    """A storage's name: a letter first, two characters at least (pve-storage-id)."""
    text = plain(wanted, "-_.", "storage-invalid", "name of a storage")
    if len(text) < 2 or not text[0].isalpha() or not text[-1].isalnum():
        raise wanted.wrong("is no name of a storage", "storage-invalid")
    return text


def vmid(wanted: Wanted) -> int:
    """A VMID; leading zeros are refused as pct does."""
    found = whole(wanted, 100, 999999999, "vmid-invalid")
    if str(found) != wanted.text.strip():
        raise wanted.wrong("is no VMID: from 100 to 999999999, without zeros in front", "vmid-invalid")
    return found


def pairs(wanted: Wanted, code: str, default: str = "") -> dict[str, str]:
    """The keys and values of a property string; ``default`` is the key of one that has none."""
    found: dict[str, str] = {}
    for part in line(wanted, code).split(","):
        key, equals, value = part.partition("=")
        if not equals:
            key, value = default, part
        if not key or not value:
            raise wanted.wrong(f'has "{part}", which is no KEY=VALUE', code)
        if key in found:
            raise wanted.wrong(f'has "{key}" twice', code)
        found[key] = value
    return found
