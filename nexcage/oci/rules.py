"""The small words that the checks of config.json are written in.

Each takes the parent object, the name in it and the parent's JSON path, and gives
the value (a neutral one when absent). What is wrong goes to `fault`: it raises the
`InvalidBundle`, so a check ends at the first one; within `nexcage.oci.check_all.collect`
it is noted instead, the word gives the neutral value, and the check goes on.
"""

from nexcage.errors import InvalidBundle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nexcage.oci.check_all import Faults

    Object = dict[str, Any]
else:
    Object = dict

faults: "Faults | None" = None  # where faults are noted; None: the first is raised


def fail(at: str, reason: str, code: str = "bundle-invalid", hint: str = "") -> InvalidBundle:
    """The error for the property at JSON path ``at``."""
    return InvalidBundle(f"config.json: {at}: {reason}", code=code, hint=hint)


def fault(at: str, reason: str, code: str = "bundle-invalid", hint: str = "", *, kind: bool = False) -> None:
    """Raise or note the error for ``at``; ``kind``: of the wrong type, so what is inside it says nothing."""
    error = fail(at, reason, code, hint)
    if faults is None:
        raise error
    faults.note(at, error, kind=kind)


def sound(*places: str) -> bool:
    """Whether nothing was wrong at these paths: for rules between two properties."""
    return faults is None or not any(faults.has(at) for at in places)


def obj(parent: Object, name: str, at: str) -> Object:
    """The object ``name``; {} when absent or null."""
    value = parent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        fault(f"{at}.{name}", "must be an object", kind=True)
        return {}
    return value


def members(parent: Object, name: str, at: str) -> list[object]:
    """The array ``name``; [] when absent or null."""
    value = parent.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        fault(f"{at}.{name}", "must be an array", kind=True)
        return []
    return value


def rows(parent: Object, name: str, at: str) -> "list[tuple[str, Object]]":
    """The array of objects ``name``, each with its JSON path."""
    found: list[tuple[str, Object]] = []
    for i, value in enumerate(members(parent, name, at)):
        here = f"{at}.{name}[{i}]"
        if isinstance(value, dict):
            found.append((here, value))
        else:
            fault(here, "must be an object", kind=True)
    return found


def strings(parent: Object, name: str, at: str) -> list[str]:
    """The array of strings ``name``; "" in the place of what is none."""
    values = members(parent, name, at)
    good = True
    for i, value in enumerate(values):
        if not isinstance(value, str):
            good = False
            fault(f"{at}.{name}[{i}]", "must be a string", kind=True)
        elif "\0" in value:
            fault(f"{at}.{name}[{i}]", "must not contain a NUL character")
    if good:
        return values  # type: ignore[return-value]
    return [value if isinstance(value, str) else "" for value in values]


def string(parent: Object, name: str, at: str, *, required: bool = False) -> str:
    """The string ``name``; "" when absent."""
    value = parent.get(name)
    if value is None:
        if required:
            fault(f"{at}.{name}", "is required")
        return ""
    if not isinstance(value, str):
        fault(f"{at}.{name}", "must be a string", kind=True)
        return ""
    if "\0" in value:
        fault(f"{at}.{name}", "must not contain a NUL character")
    return value


def texts(parent: Object, name: str, at: str) -> "dict[str, str]":
    """The object of strings ``name``."""
    values = obj(parent, name, at)
    for key, value in values.items():
        if not isinstance(value, str):
            fault(f'{at}.{name}["{key}"]', "must be a string", kind=True)
    return values


def boolean(parent: Object, name: str, at: str) -> bool:
    """The boolean ``name``; false when absent. A null is none."""
    value = parent.get(name, False)
    if not isinstance(value, bool):
        fault(f"{at}.{name}", "must be true or false", kind=True)
        return False
    return value


def integer(
    parent: Object, name: str, at: str, low: int | None, high: int | None, *, required: bool = False
) -> int:
    """The whole number ``name`` between ``low`` and ``high`` (None: no bound); 0 when absent."""
    value = parent.get(name)
    if value is None:
        if required:
            fault(f"{at}.{name}", "is required")
        return 0
    return whole(value, f"{at}.{name}", low, high)


def whole(value: object, here: str, low: int | None, high: int | None) -> int:
    """``value``, at the JSON path ``here``, as a whole number between ``low`` and ``high``."""
    if not isinstance(value, int) or isinstance(value, bool):
        fault(here, "must be a whole number", kind=True)
        return 0
    if (low is not None and value < low) or (high is not None and value > high):
        fault(here, f"{value} is out of range ({low} to {high})")
    return value


def absolute(path: str, at: str) -> None:
    """Refuse a path that is not absolute."""
    if not path.startswith("/"):
        fault(at, f'must be an absolute path, not "{path}"')
