"""``hooks`` (config.md, "POSIX-platform Hooks"): startContainer runs in the jail, all others on the host.

A jail has no namespaces to enter half-way, so createContainer, too, sees the host, before the process
attaches (as with ocijail). Each gets the state on its stdin.
"""

from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Hook, Translated

STAGES = (
    ("prestart", "host"),
    ("createRuntime", "host"),
    ("createContainer", "host"),
    ("startContainer", "jail"),
    ("poststart", "host"),
    ("poststop", "host"),
)


def hooks(request: Request, out: Translated) -> None:
    """In the order of the life of a container."""
    given = request.part("hooks")
    for stage, where in STAGES:
        out.hooks += [Hook(stage, where, hook) for hook in given.get(stage) or ()]
