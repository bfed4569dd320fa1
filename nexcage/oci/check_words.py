"""Further words for the rules that only ``bundle validate`` has: see `nexcage.oci.rules`."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from os.path import commonprefix

from nexcage.oci import rules
from nexcage.oci.rules import Object, fail, fault, obj, string, strings

UINT16 = (0, 2**16 - 1)
UINT32 = (0, 2**32 - 1)
INT32 = (-(2**31), 2**31 - 1)
UINT64 = (0, 2**64 - 1)


def prefixed(prefix: str, words: str) -> list[str]:
    """Names that begin with the same letters."""
    return [prefix + word for word in words.split()]


def warn(at: str, reason: str, hint: str = "", code: str = "bundle-doubtful") -> None:
    """Note what the specification advises against, or what has no effect."""
    if rules.faults is not None:
        rules.faults.warn(at, fail(at, reason, code, hint))


def near(given: str, known: Iterable[str]) -> str:
    """The one of ``known`` that ``given`` is most like, whatever its case; "" when none is.

    What all of them begin with, as ``CAP_``, makes nothing alike.
    """
    all_names = list(known)
    prefix = commonprefix([name.lower() for name in all_names]) if len(all_names) > 1 else ""  # noqa: RUF071
    names = {name.lower().removeprefix(prefix): name for name in all_names}
    found = get_close_matches(given.lower().removeprefix(prefix), names, 1, 0.7)
    return names[found[0]] if found else ""


def known(value: str, at: str, names: Iterable[str]) -> None:
    """Refuse a value that is not among ``names``."""
    names = tuple(names)
    if value in names:
        return
    like = near(value, names)
    hint = f'did you mean "{like}"?' if like else ""
    if len(names) <= 8:
        fault(at, f'must be one of {", ".join(names)}, not "{value}"', hint=hint)
    else:
        fault(at, f'"{value}" is not known', hint=hint)


def one_of(parent: Object, name: str, at: str, names: Iterable[str], *, required: bool = False) -> str:
    """The string ``name``, which has to be one of ``names``; "" when absent."""
    value = string(parent, name, at, required=required)
    if parent.get(name) is not None:
        known(value, f"{at}.{name}", names)
    return value


def some_of(parent: Object, name: str, at: str, names: Iterable[str]) -> list[str]:
    """The array of strings ``name``, each one of ``names``."""
    values = strings(parent, name, at)
    for i, value in enumerate(values):
        known(value, f"{at}.{name}[{i}]", names)
    return values


def entries(parent: Object, name: str, at: str) -> Iterator[tuple[str, str, Object]]:
    """The object of objects ``name``: key, JSON path and value of each."""
    for key, value in obj(parent, name, at).items():
        here = f'{at}.{name}["{key}"]'
        if isinstance(value, dict):
            yield key, here, value
        else:
            fault(here, "must be an object", kind=True)


def number_list(parent: Object, name: str, at: str) -> str:
    """The string ``name`` in the kernel's list format, such as ``0-3,7`` (cpuset(7), "List format")."""
    text = string(parent, name, at)
    for part in text.split(",") if text.strip() else ():
        low, dash, high = part.strip().partition("-")
        numbers = [low, high.partition(":")[0]] if dash else [low]
        plain = all(n.isascii() and n.isdigit() and len(n) < 10 for n in numbers)
        if not plain or int(numbers[0]) > int(numbers[-1]):
            fault(f"{at}.{name}", f'must be a list of numbers such as 0-3,7, not "{text}"')
            return text
    return text
