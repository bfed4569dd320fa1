"""The profiles: what a config.json says where neither image nor user says anything. Each is a module here."""

from nexcage.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nexcage.oci.rules import Object

SUMMARIES = {
    "default": "what podman gives: eleven capabilities, seccomp, masked paths, 2048 processes",
    "hardened": "no capabilities, no new privileges, stricter seccomp, read-only root",
    "minimal": "little more than namespaces, /proc, /sys and /dev; no seccomp",
    "freebsd": "a FreeBSD jail with a network stack of its own",
}


class Profile:
    """``base(rootless)`` gives a new config; ``capabilities`` are those of root, without CAP_.

    ``seccomp`` is "" (none), "default" or "strict"; ``os`` the first word of the platforms it is for.
    """

    __slots__ = ("base", "capabilities", "os", "seccomp")

    def __init__(
        self,
        base: "Callable[[bool], Object]",
        *,
        capabilities: str = "",
        seccomp: str = "",
        os: str = "linux",
    ) -> None:
        self.base = base
        self.capabilities = capabilities.split()
        self.seccomp = seccomp
        self.os = os


def load(name: str, platform: str) -> Profile:
    """The profile ``name``, or that for ``platform`` ("os/arch") where none is named; raises `UsageError`."""
    system = platform.partition("/")[0] or "linux"
    if not name:
        name = "freebsd" if system == "freebsd" else "default"
    if name not in SUMMARIES:
        raise UsageError(f'there is no profile "{name}"', hint=f"one of: {', '.join(SUMMARIES)}")
    module = f"nexcage.bundler.config.profiles.{name}"
    from importlib import import_module

    profile: Profile = import_module(module).PROFILE
    # a jail can run Linux programs, nothing on Linux can run FreeBSD's
    if system not in ("linux", profile.os):
        raise UsageError(f'profile "{name}" is for {profile.os}, not for the platform "{platform}"')
    return profile
