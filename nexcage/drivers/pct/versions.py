"""The node's packages: asked once, kept until one of them changes. pveversion takes 0.8 s."""

import os

from nexcage import log
from nexcage.drivers.pct import parse
from nexcage.errors import CommandFailed, NexcageError
from nexcage.host import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers.pct.tools import Tools


def known(tools: "Tools", root: str) -> parse.Version:
    """The versions, from the file beside the driver's root while pct and pveversion are as they were then."""
    cache = f"{root}.version"
    key = " ".join(_print(tools.path(name)) for name in ("pct", "pveversion"))
    try:
        kept, _, text = files.read(cache, 1 << 16).decode().partition("\n")
    except (OSError, ValueError):
        kept, text = "", ""
    if kept == key:
        try:
            return parse.version(text)
        except CommandFailed as error:
            log.debug(f"{cache} is written anew: {error.message}")
    text = tools.ask("pveversion", "-v")
    found = parse.version(text)
    _keep(cache, f"{key}\n{text}")
    return found


def _print(path: str) -> str:
    """What changes with a program's file; a new package brings a new one."""
    facts = os.stat(path)
    return f"{path} {facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"


def _keep(cache: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(cache), 0o700, exist_ok=True)
        files.replace(cache, text.encode())
    except (OSError, NexcageError) as error:
        log.debug(f"the versions are not kept: {error}")
