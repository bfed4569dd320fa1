"""One value of the configuration: from the file or a variable to text, as all that reads it takes it.

Flags become 1 and 0, whole numbers have no fraction, runtimes and levels nexcage's own name.
`Wrong` says what a value has to be; it never repeats a value whose key may hold a secret.
"""

from nexcage.config.keys import FLAGS, MUST, Key
from nexcage.log import FORMATS, LEVELS, OTHER_LEVELS

_INFINITY = float("inf")
_UNITS = ("k", "m", "g", "t")
SECRET = ("token", "password", "secret")
MASK = "***"


class Wrong(ValueError):
    """``reason`` continues a message that names file and key, or the variable."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def of_json(key: Key, value: object) -> str:
    """``value`` of the file as text."""
    kind = key.kind
    if isinstance(value, bool):
        if kind == "flag" or (kind == "honoured" and value):
            return "1" if value else "0"
        if kind == "honoured":
            raise _honoured(key)
    elif isinstance(value, str):
        if kind not in ("flag", "number", "whole", "seconds", "rules", "honoured"):
            return _text(key, value)
    elif isinstance(value, int | float) and kind in ("number", "whole", "size", "seconds"):
        return _number(key, value)
    raise Wrong(f"must be {MUST[kind]}, not {said(value)}")


def of_variable(key: Key, text: str) -> str:
    """``text`` of the environment as text of the configuration."""
    if any("\ud800" <= c <= "\udfff" for c in text):  # bytes that are no UTF-8
        raise Wrong("is not UTF-8")
    kind = key.kind
    if kind in ("flag", "honoured"):
        found = FLAGS.get(text.lower())
        if found is None:
            raise Wrong(f'must be {MUST[kind]}, not "{shown(text)}"')
        return of_json(key, found == "1")
    if kind in ("number", "whole", "seconds"):
        if not (text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 40):
            raise Wrong(f'must be {MUST[kind]}, not "{shown(text)}"')
        return _number(key, float(text) if "." in text else int(text))
    return _text(key, text, anywhere=True)


def _number(key: Key, value: float) -> str:
    finite = value == value and abs(value) != _INFINITY
    if finite and key.kind == "seconds" and 0 < value < 1e9:
        return plain(value)
    if key.kind == "seconds" or not finite:
        raise Wrong(f"must be {MUST[key.kind]}, not {said(value)}")
    if key.kind == "whole" and value != int(value):
        raise Wrong(f"must be a whole number, not {said(value)}")
    if not key.low <= value <= key.high:
        raise Wrong(f"must be from {plain(key.low)} to {plain(key.high)}, not {said(value)}")
    return plain(value)


def plain(value: float) -> str:
    """A number as text: whole without a fraction, never with an exponent."""
    return str(int(value)) if value == int(value) else f"{value:.12f}".rstrip("0").rstrip(".")


def _text(key: Key, text: str, *, anywhere: bool = False) -> str:
    """``anywhere``: a path may begin in the working directory, as on the command line."""
    kind = key.kind
    if "\0" in text:
        raise Wrong("has a NUL character")
    if not text:
        raise Wrong("must not be empty")
    if kind == "level":
        text = OTHER_LEVELS.get(text, text)
    elif kind == "runtime":
        return _runtime(text)
    fits = {
        "level": lambda: text in LEVELS,
        "format": lambda: text in FORMATS,
        "path": lambda: anywhere or text[0] == "/",
        "log": lambda: anywhere or text[0] == "/" or is_place(text),
        "size": lambda: is_size(text),
        "network": lambda: text == "dhcp" or is_network(text),
        "address": lambda: is_address(text),
    }
    if kind in fits and not fits[kind]():
        raise Wrong(f'must be {MUST[kind]}, not "{shown(text)}"')
    return text


def _runtime(text: str) -> str:
    from nexcage.routing import driver_name

    try:
        return driver_name(text)
    except LookupError as error:
        raise Wrong(str(error.args[0])) from None


def _honoured(key: Key) -> Wrong:
    name = key.name.partition(".")[2]
    return Wrong(
        f"cannot be false: nexcage does not take {name} away from a bundle that asks for it",
        f"remove it, and change the bundle: a config.json without {name} gets none",
    )


def is_place(text: str) -> bool:
    """Whether ``text`` names a log that is no plain file: journald:ID, syslog:ID, file:/PATH."""
    kind, _, rest = text.partition(":")
    return bool(rest) and (kind in ("journald", "syslog") or (kind == "file" and rest[0] == "/"))


def is_size(text: str) -> bool:
    """Digits, with a fraction if need be, and K, M, G or T (also KB, KiB, ...)."""
    if not text.isascii():  # lower() would make a k of the sign for kelvin
        return False
    text = text.lower()
    for end in ("ib", "b"):
        rest = text.removesuffix(end)
        if rest != text and rest[-1:] in _UNITS:
            text = rest
            break
    whole, point, fraction = (text[:-1] if text[-1:] in _UNITS else text).partition(".")
    return all(_digits(part) for part in ([whole, fraction] if point else [whole]))


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def is_address(text: str) -> bool:
    """Four numbers of 0 to 255 without zeros in front."""
    parts = text.split(".")
    return len(parts) == 4 and all(_below(part, 255) for part in parts)


def is_network(text: str) -> bool:
    """An address and the length of its prefix."""
    address, slash, bits = text.partition("/")
    return bool(slash) and is_address(address) and _below(bits, 32)


def _below(text: str, most: int) -> bool:
    digits = text.isascii() and text.isdigit() and len(text) <= 3
    return digits and str(int(text)) == text and int(text) <= most


def said(value: object) -> str:
    """What a value of JSON is, for a message."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        try:
            return f"the number {str(value)[:20]}"
        except ValueError:  # more digits than Python writes
            return "a number too large"
    return {"str": "text", "list": "a list", "dict": "an object"}.get(type(value).__name__, "null")


def shown(text: str) -> str:
    """A text of the user's for a message: short, and nothing that a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text[:100])


def is_secret(name: str) -> bool:
    """Whether a key of this name may hold what nobody else is to know."""
    return any(word in name.lower() for word in SECRET)
