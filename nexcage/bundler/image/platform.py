"""Platforms: "linux/arm/v7", which of several an image is to be taken for, and what this host is.

The values are Go's GOOS and GOARCH (image-spec image-index.md); the spellings
of other tools and of uname are understood.
"""

import os

from nexcage.errors import InvalidImage, UsageError

_ALIASES = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "i386": ("386", ""),
    "i486": ("386", ""),
    "i586": ("386", ""),
    "i686": ("386", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armv7l": ("arm", "v7"),
    "armv8l": ("arm", "v7"),
    "armv6l": ("arm", "v6"),
    "armel": ("arm", "v5"),
    "armv5tel": ("arm", "v5"),
    "loongarch64": ("loong64", ""),
    "powerpc64le": ("ppc64le", ""),
    "mipsel": ("mipsle", ""),
    "mips64el": ("mips64le", ""),
}
# what a variant means that is not given, and the ones that run on it as well, best first
_DEFAULTS = {"arm": "v7", "arm64": "v8", "amd64": "v1"}
_FALLBACKS = {
    ("arm", "v8"): ("v8", "v7", "v6", "v5"),
    ("arm", "v7"): ("v7", "v6", "v5"),
    ("arm", "v6"): ("v6", "v5"),
    ("arm64", "v9"): ("v9", "v8"),
    ("amd64", "v2"): ("v2", "v1"),
    ("amd64", "v3"): ("v3", "v2", "v1"),
    ("amd64", "v4"): ("v4", "v3", "v2", "v1"),
}


class Platform:
    """An operating system, an architecture and its variant ("" where there is only one)."""

    __slots__ = ("arch", "os", "variant")

    def __init__(self, os: str, arch: str, variant: str = "") -> None:
        arch, implied = _ALIASES.get(arch.lower(), (arch.lower(), ""))
        self.os = os.lower()
        self.arch = arch
        variant = variant.lower() or implied
        if variant[:1].isdigit():  # "8", as some builders write
            variant = "v" + variant
        self.variant = variant or _DEFAULTS.get(arch, "")

    def __str__(self) -> str:
        default = _DEFAULTS.get(self.arch, "")
        shown = self.variant and (self.variant != default or self.arch == "arm")
        return f"{self.os}/{self.arch}" + (f"/{self.variant}" if shown else "")

    def rank(self, wanted: "Platform") -> int:
        """How well this runs where ``wanted`` is asked for: 0 best, -1 not at all."""
        if (self.os, self.arch) != (wanted.os, wanted.arch):
            return -1
        order = _FALLBACKS.get((wanted.arch, wanted.variant), (wanted.variant,))
        return order.index(self.variant) if self.variant in order else -1


def host() -> Platform:
    """The platform of this machine."""
    facts = os.uname()
    return Platform(facts.sysname, facts.machine)


def parse(text: str) -> Platform:
    """The platform "os/arch[/variant]"; "" is the host's. Raise `UsageError`."""
    if not text:
        return host()
    parts = text.split("/")
    plain = all(part.isascii() and part.replace("_", "").replace("-", "").isalnum() for part in parts)
    if len(parts) not in (2, 3) or not plain:
        raise UsageError(
            f'"{text}" is no platform',
            code="platform-invalid",
            hint="write os/arch or os/arch/variant, for example linux/arm64",
        )
    return Platform(*parts)


def choose(offered: list[Platform], wanted: Platform) -> int:
    """The index of the best of ``offered`` for ``wanted``, the first of equals; -1 if none runs."""
    ranks = [(rank, i) for i, one in enumerate(offered) if (rank := one.rank(wanted)) >= 0]
    return min(ranks)[1] if ranks else -1


def none_fits(name: str, wanted: Platform, offered: list[Platform]) -> InvalidImage:
    """The error when nothing that ``name`` has is for ``wanted``."""
    there = sorted({str(one) for one in offered})
    listed = ", ".join(there[:20]) + (f" and {len(there) - 20} more" if len(there) > 20 else "")
    return InvalidImage(
        f'"{name}" has no image for {wanted}, only for {listed or "no platform at all"}',
        code="image-platform",
        hint=f"choose one with --platform {there[0]}" if there else "",
        platforms=there,
    )
