"""All that is wrong with a config.json, by the rules of `nexcage.oci.check` and those that only this needs.

The rules note their faults here instead of raising the first. The document is handed to them in dicts that
remember which properties were asked for: what nobody asked for is unknown to the specification, which allows
that (config.md, "Extensibility"), but a name like one that is known is most likely a slip.
"""

import re
from collections.abc import Callable

from nexcage.errors import InvalidBundle
from nexcage.oci import (
    check,
    check_document,
    check_freebsd,
    check_linux_rest,
    check_namespaces,
    check_platforms,
    check_process,
    check_resources,
    check_seccomp,
    rules,
)
from nexcage.oci.check_words import near, warn
from nexcage.oci.rules import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RULES: tuple[Callable[[Object], None], ...] = (
    check.config,
    check_process.process,
    check_document.document,
    check_namespaces.namespaces,
    check_linux_rest.linux,
    check_resources.resources,
    check_seccomp.seccomp,
    check_freebsd.freebsd,
    check_platforms.platforms,
)


class Faults:
    """What was found: one error for each place, and nothing about the inside of what has the wrong type."""

    def __init__(self) -> None:
        self._errors: dict[str, InvalidBundle] = {}
        self._warnings: dict[tuple[str, str], InvalidBundle] = {}
        self._closed: list[str] = []

    def note(self, at: str, error: InvalidBundle, *, kind: bool) -> None:
        """Take an error of the place ``at``, unless it has one."""
        if at not in self._errors and not self._inside(at):
            self._errors[at] = _described(at, error, "error", kind)
            if kind:
                self._closed.append(at)

    def warn(self, at: str, error: InvalidBundle) -> None:
        """Take a warning."""
        self._warnings[at, error.message] = _described(at, error, "warning")

    def has(self, at: str) -> bool:
        """Whether this place has an error, or one around it."""
        return at in self._errors or self._inside(at)

    def all(self) -> list[InvalidBundle]:
        """Errors in the order of the rules, then warnings of places without an error."""
        return [*self._errors.values(), *(w for (at, _), w in self._warnings.items() if not self.has(at))]

    def _inside(self, at: str) -> bool:
        return any(at.startswith((place + ".", place + "[")) for place in self._closed)


def _described(at: str, error: InvalidBundle, severity: str, kind: bool = False) -> InvalidBundle:
    reason = error.message.removeprefix(f"config.json: {at}: ")
    error.data.update(path=at, severity=severity, reason=reason, kind=kind)
    return error


def collect(*checks: Callable[[], None]) -> list[InvalidBundle]:
    """What the checks find, all of it."""
    before = rules.faults
    rules.faults = found = Faults()
    try:
        for one in checks:
            one()
    finally:
        rules.faults = before
    return found.all()


def everything(values: Object) -> list[InvalidBundle]:
    """All errors of a config.json, first the one that create would end at, then all warnings."""
    document = _watched(values)

    def run() -> None:
        for rule in RULES:
            rule(document)
        _unknown(document)

    return collect(run)


class Watched(dict):  # type: ignore[type-arg]
    """An object of the document that remembers the names of the properties that were asked for."""

    def __init__(self, values: Object) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: object = None) -> "Any":  # noqa: ANN401
        """As of a dict."""
        self.asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


def pruned(values: Object, found: list[InvalidBundle]) -> Object:
    """A copy to be judged further: nothing has the wrong type, and each mount has a destination."""
    wrong = {_plain(str(error.data["path"])): error for error in found if error.data.get("kind")}
    top = _watched(values)
    left: list[tuple[str, Watched | list[object]]] = [("$", top)]
    while left:
        at, node = left.pop()
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            here = _place(at, str(key)) if isinstance(node, dict) else f"{at}[{key}]"
            if here in wrong and isinstance(node, dict):
                del node[key]
            elif here in wrong:
                reason = str(wrong[here].data["reason"])
                node[key] = {} if "object" in reason else 0 if "number" in reason else ""
            elif isinstance(value, Watched | list):
                left.append((here, value))
    for mount in top.get("mounts") or ():
        if not mount.get("destination"):
            mount["destination"] = "/"
    return top


def _plain(path: str) -> str:
    """A path in the form of `_place`."""
    return re.sub(r'\["(\w+)"\]', r".\1", path, flags=re.ASCII)


def _watched(values: Object) -> Watched:
    """A copy in `Watched`; without recursion, since a document may nest deeply."""
    top = Watched(values)
    left: list[Watched | list[object]] = [top]
    while left:
        node = left.pop()
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            if isinstance(value, dict | list):
                copy = Watched(value) if isinstance(value, dict) else list(value)
                node[key] = copy
                left.append(copy)
    return top


def _unknown(document: Watched) -> None:
    left: list[tuple[str, object]] = [("$", document)]
    while left:
        at, node = left.pop()
        if isinstance(node, Watched):
            left += [(_place(at, name), value) for name, value in node.items()]
            for name in [name for name in node if node.asked and name not in node.asked]:
                like = near(name, node.asked - set(node)) or near(name, node.asked)
                if like:
                    _slip(_place(at, name), name, like)
        elif isinstance(node, list):
            left += [(f"{at}[{i}]", value) for i, value in enumerate(node)]


def _slip(at: str, name: str, like: str) -> None:
    what = "differs from it only in case" if name.lower() == like.lower() else "is unknown, so it is ignored"
    warn(at, what, f'did you mean "{like}"?', "unknown-property")


def _place(at: str, name: str) -> str:
    plain = name.isascii() and name.replace("_", "a").isalnum()
    return f"{at}.{name}" if plain else f'{at}["{name}"]'
