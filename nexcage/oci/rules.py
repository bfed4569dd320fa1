"""The small words that the checks of config.json are written in.

Each takes the parent object, the name in it and the parent's JSON path, gives
the value (a neutral one when absent) and raises `InvalidBundle` otherwise.
"""

from nexcage.errors import InvalidBundle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]
else:
    Object = dict


def fail(at: str, reason: str, code: str = "bundle-invalid", hint: str = "") -> InvalidBundle:
    """The error for the property at JSON path ``at``."""
    return InvalidBundle(f"config.json: {at}: {reason}", code=code, hint=hint)


def obj(parent: Object, name: str, at: str) -> Object:
    """The object ``name``; {} when absent or null."""
    value = parent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise fail(f"{at}.{name}", "must be an object")
    return value


def members(parent: Object, name: str, at: str) -> list[object]:
    """The array ``name``; [] when absent or null."""
    value = parent.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise fail(f"{at}.{name}", "must be an array")
    return value


def objects(parent: Object, name: str, at: str) -> "list[Object]":
    """The array of objects ``name``."""
    values = members(parent, name, at)
    for i, value in enumerate(values):
        if not isinstance(value, dict):
            raise fail(f"{at}.{name}[{i}]", "must be an object")
    return values  # type: ignore[return-value]


def strings(parent: Object, name: str, at: str) -> list[str]:
    """The array of strings ``name``."""
    values = members(parent, name, at)
    for i, value in enumerate(values):
        if not isinstance(value, str):
            raise fail(f"{at}.{name}[{i}]", "must be a string")
        if "\0" in value:
            raise fail(f"{at}.{name}[{i}]", "must not contain a NUL character")
    return values  # type: ignore[return-value]


def string(parent: Object, name: str, at: str, *, required: bool = False) -> str:
    """The string ``name``; "" when absent."""
    value = parent.get(name)
    if value is None:
        if required:
            raise fail(f"{at}.{name}", "is required")
        return ""
    if not isinstance(value, str):
        raise fail(f"{at}.{name}", "must be a string")
    if "\0" in value:
        raise fail(f"{at}.{name}", "must not contain a NUL character")
    return value


def integer(
    parent: Object, name: str, at: str, low: int | None, high: int | None, *, required: bool = False
) -> int:
    """The whole number ``name`` between ``low`` and ``high`` (None: no bound); 0 when absent."""
    here = f"{at}.{name}" if name else at
    value = parent.get(name)
    if value is None:
        if required:
            raise fail(here, "is required")
        return 0
    if not isinstance(value, int) or isinstance(value, bool):
        raise fail(here, "must be a whole number")
    if (low is not None and value < low) or (high is not None and value > high):
        raise fail(here, f"{value} is out of range ({low} to {high})")
    return value


def absolute(path: str, at: str) -> None:
    """Refuse a path that is not absolute."""
    if not path.startswith("/"):
        raise fail(at, f'must be an absolute path, not "{path}"')
