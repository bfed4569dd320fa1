"""nexcage's own configuration: a JSON file, variables before it, the command line before both.

The file is the one that --config names, else the one that NEXCAGE_CONFIG names (either has to exist),
else the first of two in /etc/nexcage (FreeBSD: /usr/local/etc/nexcage); none is fine. Every key can be a
variable too: ``proxmox.rootfs-size`` is NEXCAGE_PROXMOX_ROOTFS_SIZE. `keys` is the table of them.

Where nothing is configured, reading that costs a look for the files.
"""

import os

from nexcage.errors import InvalidConfig
from nexcage.paths import configuration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.routing import Rule

FILES = (configuration() + "/config.json", configuration() + "/nexcage.json")
VARIABLE = "NEXCAGE_CONFIG"
COMMAND_LINE = "command line"
DEFAULT = "default"
# variables that are no key
OTHERS = (VARIABLE, "NEXCAGE_RUNTIME", "NEXCAGE_DEBUG", "NEXCAGE_FAILED", "NEXCAGE_REQUEST_ID")


class Config:
    """What is configured; ``path`` is the file in use, "" when there is none; ``rules`` in their order."""

    __slots__ = ("_origins", "_values", "path", "rules")

    def __init__(
        self,
        path: str = "",
        values: dict[str, str] | None = None,
        origins: dict[str, str] | None = None,
        rules: "tuple[Rule, ...]" = (),
    ) -> None:
        self.path = path
        self.rules = rules
        self._values = values or {}
        self._origins = origins or {}

    def text(self, key: str, default: str = "") -> str:
        """The value of a canonical key as text, flags as 1 and 0; ``default`` where it is not given."""
        return self._values.get(key, default)

    def origin(self, key: str) -> str:
        """Where the value is from: "command line", a variable's name, the file's path, or "default"."""
        return self._origins.get(key, DEFAULT)

    def flat(self) -> dict[str, str]:
        """The values that were given, by canonical key."""
        return dict(self._values)

    def timeout(self, default: float) -> float:
        """Seconds that a call of one of Proxmox's tools may take."""
        return float(self._values.get("proxmox.timeout", default))

    def over(self, values: dict[str, str]) -> "Config":
        """It, with ``values`` of the command line laid over it."""
        origins = dict.fromkeys(values, COMMAND_LINE)
        return Config(self.path, {**self._values, **values}, {**self._origins, **origins}, self.rules)


def file_in_use(path: str = "") -> str:
    """The file that counts, "" when there is none; one that was named counts whether it exists or not."""
    return path or os.environ.get(VARIABLE, "") or next((one for one in FILES if _is_there(one)), "")


def _is_there(path: str) -> bool:
    """Whether something is there, or cannot be seen: then reading it says why."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def load(path: str = "") -> Config:
    """The configuration of this host and environment; ``path`` is what --config names.

    `InvalidConfig` names the file and the key or the place in it, or the variable.
    """
    used = file_in_use(path)
    varied = any(name.startswith("NEXCAGE_") and name not in OTHERS for name in os.environ)
    if not used and not varied:
        return Config()
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    rules: list[Rule] = []
    after: list[Rule] = []
    if used:
        found = _document(used, path)
        values, rules, after = found.values, found.rules, found.patterns
        origins = dict.fromkeys([*values, *(["runtime.routing"] if rules or after else [])], used)
    if varied:
        from nexcage.config import environment

        texts, names, own = environment.values()
        values.update(texts)
        origins.update(names)
        rules = rules if own is None else own
    return Config(used, values, origins, (*rules, *after))


def _document(used: str, path: str) -> "Document":
    from nexcage.config.document import Document
    from nexcage.config.file import parse, read

    text = read(used)
    if text is None:
        by = f"that {'--config' if path else VARIABLE} names does not exist"
        if not (path or os.environ.get(VARIABLE)):
            by = "leads nowhere"
        raise InvalidConfig(f"{used}: the configuration {by}", code="config-missing")
    found = Document(used, parse(used, text))
    if found.problems:
        raise found.problems[0]
    return found


if TYPE_CHECKING:
    from nexcage.config.document import Document
