"""Which driver the configured rules name for a new container.

A rule names a runtime and when it applies: by the container's id (``pattern``), by one of the bundle's
annotations, by the operating system of the program. All conditions of a rule must hold; the first rule
that applies decides. Rules are asked when a container is made, never afterwards.
"""

from nexcage import runtimes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nexcage.errors import NexcageError
    from nexcage.patterns import Pattern

DRIVERS = runtimes.NAMES
ALIASES = runtimes.ALIASES
SYSTEMS = ("linux", "freebsd")
MEMBERS = ("pattern", "name", "annotation", "os", "runtime")


class Rule:
    """One rule. ``annotation`` is (key, glob or ""); "" in ``pattern`` or ``os``: any.

    ``where`` is its place in the configuration: "runtime.routing[0]".
    """

    __slots__ = ("_name", "_value", "annotation", "os", "pattern", "runtime", "where")

    def __init__(
        self,
        pattern: str,
        annotation: tuple[str, str] | None,
        os: str,
        runtime: str,
        where: str,
        compiled: "tuple[Pattern | None, Pattern | None]",
    ) -> None:
        self.pattern = pattern
        self.annotation = annotation
        self.os = os
        self.runtime = runtime
        self.where = where
        self._name, self._value = compiled

    def applies(self, name: str, annotations: "Mapping[str, str]", os: str) -> bool:
        """Whether all its conditions hold."""
        if self.os and self.os != os:
            return False
        if self.annotation:
            value = annotations.get(self.annotation[0])
            if value is None or (self._value and not self._value.matches(value)):
                return False
        return self._name is None or self._name.matches(name)

    def condition(self) -> str:
        """When it applies, for people: 'pattern "web-*", os linux'."""
        said = [f'pattern "{_shown(self.pattern)}"'] if self.pattern else []
        if self.annotation:
            key, glob = self.annotation
            said.append(f'annotation "{_shown(f"{key}={glob}" if glob else key)}"')
        return ", ".join([*said, f"os {self.os}"] if self.os else said)


class Decision:
    """Who is to hold a container.

    ``driver`` is "" where none can; ``reason`` is what decided in one line, ``kind`` the same in a word:
    option, environment, annotation, rule, capability, default or host; ``rejected`` are the other drivers
    with why not; ``error`` says why it cannot be had, None when it can; ``rule`` is the rule that decided, if
    one did.
    """

    __slots__ = ("driver", "error", "kind", "reason", "rejected", "rule")

    def __init__(
        self,
        driver: str,
        reason: str,
        rejected: list[tuple[str, str]],
        *,
        kind: str = "",
        rule: Rule | None = None,
        error: "NexcageError | None" = None,
    ) -> None:
        self.driver = driver
        self.reason = reason
        self.rejected = rejected
        self.kind = kind
        self.rule = rule
        self.error = error


def rule(values: dict[str, object], where: str) -> Rule:
    """The rule that a configuration writes as ``values`` at ``where``.

    Raises `ValueError` "MEMBER: what is wrong".
    """
    from nexcage import patterns

    for member in values:
        if member not in MEMBERS:
            raise ValueError(f"{_shown(member)}: unknown key: a rule has {', '.join(MEMBERS)}")
    if "pattern" in values and "name" in values:
        raise ValueError("name: another word for pattern, so only one of them may be given")
    member = "name" if "name" in values else "pattern"
    pattern, annotation = _text(values, member), _text(values, "annotation")
    system = _text(values, "os")
    if not (pattern or annotation or system):
        raise ValueError('pattern: is missing: write "*" where the rule is for every container')
    if system and system not in SYSTEMS:
        raise ValueError(f'os: must be one of {", ".join(SYSTEMS)}, not "{_shown(system)}"')
    key, equals, value = annotation.partition("=")
    if annotation and not key:
        raise ValueError('annotation: must be "KEY" or "KEY=GLOB"')
    if equals and not value:
        raise ValueError('annotation: has nothing after "=": leave it out where any value will do')
    try:
        runtime = driver_name(_text(values, "runtime", needed=True))
    except LookupError as error:
        raise ValueError(f"runtime: {error.args[0]}") from None
    compiled = (
        _compiled(member, patterns.of_name, pattern),
        _compiled("annotation", patterns.glob, value),
    )
    return Rule(pattern, (key, value) if annotation else None, system, runtime, where, compiled)


def _compiled(member: str, read: "Callable[[str], Pattern]", text: str) -> "Pattern | None":
    try:
        return read(text) if text else None
    except ValueError as error:
        raise ValueError(f'{member}: "{_shown(text)}" {error}') from None


def _text(values: dict[str, object], member: str, *, needed: bool = False) -> str:
    value = values.get(member)
    if member not in values:
        if needed:
            raise ValueError(f"{member}: is missing")
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{member}: must be text")
    if not value:
        raise ValueError(f"{member}: must not be empty")
    return value


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:100])


def driver_name(text: str) -> str:
    """The driver's own name for a runtime as users write it; `LookupError` says why there is none."""
    name = ALIASES.get(text, text)
    if name in runtimes.MACHINES:
        raise LookupError(f'"{text}": virtual machines are not containers, use qm of Proxmox VE for them')
    if name not in DRIVERS:
        raise LookupError(f'unknown runtime "{_shown(text)}": the runtimes are {", ".join(DRIVERS)}')
    return name


def choose(rules: "Iterable[Rule]", name: str, annotations: "Mapping[str, str]", os: str) -> Rule | None:
    """The first of ``rules`` that applies."""
    return next((each for each in rules if each.applies(name, annotations, os)), None)
