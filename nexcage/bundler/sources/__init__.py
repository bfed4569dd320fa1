"""``--from KIND:REST``: which source that is, and what it gives.

Each kind is a module here with ``open(rest, work, wishes)``.
"""

import os

from nexcage.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from nexcage.bundler.image import Image, Tree

    class Progress(Protocol):
        """Who is told what is being done."""

        def say(self, text: str) -> None:
            """Tell what begins now."""


KINDS = {
    "dir": "dir:PATH",
    "tar": "tar:FILE",
    "host": "host:[PROGRAM,PROGRAM]",
    "oci": "oci:DIR[:TAG]",
    "oci-archive": "oci-archive:FILE[:TAG]",
    "docker-archive": "docker-archive:FILE[:TAG]",
    "docker-daemon": "docker-daemon:IMAGE",
    "docker": "docker://REF",
    "template": "template:STORAGE:vztmpl/FILE",
    "scratch": "scratch",
}
DEFAULT_MAX_SIZE = 32 << 30


class Silent:
    """A progress that nobody sees."""

    def say(self, text: str) -> None:
        """Forget ``text``."""


def verification(text: str) -> bool | None:
    """What --src-tls-verify says: None, skopeo's own default, where it is "" and was not given."""
    return text == "true" if text else None


class SourceWishes:
    """What the command line says about sources.

    ``platform`` is "os/arch[/variant]" ("" means the host's), ``authfile`` and
    ``tls_verify`` are for registries (None: skopeo's default), ``cache`` a
    directory of ours (not necessarily there) or "", ``max_size`` bytes.
    """

    __slots__ = ("authfile", "cache", "max_size", "platform", "progress", "tls_verify")

    def __init__(
        self,
        *,
        platform: str = "",
        authfile: str = "",
        tls_verify: bool | None = None,
        cache: str = "",
        max_size: int = DEFAULT_MAX_SIZE,
        progress: "Progress | None" = None,
    ) -> None:
        self.platform = platform
        self.authfile = authfile
        self.tls_verify = tls_verify
        self.cache = cache
        self.max_size = max_size
        self.progress: Progress = progress or Silent()


def invalid(text: str, reason: str, hint: str = "") -> UsageError:
    """The error for a ``--from`` that cannot be understood."""
    return UsageError(f'cannot use --from "{text}": {reason}', code="source-invalid", hint=hint)


def parse(text: str) -> tuple[str, str]:
    """Split ``--from`` into kind and rest; raise `UsageError`."""
    kind, colon, rest = text.partition(":")
    if kind not in KINDS:
        if not colon and os.path.exists(text):
            word = "dir" if os.path.isdir(text) else "tar"
            raise invalid(text, "it does not say what it is", f"write --from {word}:{text}")
        raise invalid(text, f'"{kind}" is no kind of source', "use " + ", ".join(KINDS.values()))
    if "\0" in rest:
        raise invalid(text.replace("\0", "\\0"), "it contains a NUL character")
    if kind == "scratch":
        if rest or colon:
            raise invalid(text, "scratch takes nothing after it", "write --from scratch")
    elif kind == "docker":
        if not rest.startswith("//") or not rest[2:]:
            raise invalid(text, "a registry's image is written docker://REF", f"write --from docker://{rest}")
        rest = rest[2:]
    elif not rest and kind != "host":  # "host:" is the small set
        raise invalid(text, "nothing follows the colon", f"write --from {KINDS[kind]}")
    return kind, rest


def opened(text: str, work: str, wishes: SourceWishes) -> "Image | Tree":
    """What ``--from text`` names; ``work`` is an empty private directory, the caller removes it afterwards.

    Raise `UsageError` (source-invalid), `NotFound` (source-missing), `InvalidImage` and what a registry,
    daemon or disk has to complain about.
    """
    from importlib import import_module

    kind, rest = parse(text)
    module = import_module(f"nexcage.bundler.sources.{kind.replace('-', '_')}")
    source: Image | Tree = module.open(rest, work, wishes)
    return source
