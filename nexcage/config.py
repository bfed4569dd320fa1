"""nexcage's own configuration: a JSON file, and variables of the environment before it.

NEXCAGE_CONFIG names the file, which then has to exist. Otherwise it is the first
of two in /etc/nexcage (FreeBSD: /usr/local/etc/nexcage), and none is fine. Each
key can be given as a variable too: ``proxmox.rootfs-size`` is
NEXCAGE_PROXMOX_ROOTFS_SIZE. So far only the driver for Proxmox VE asks for it.
"""

import os
import stat

from nexcage.errors import InvalidConfig
from nexcage.jsontext import Malformed, loads
from nexcage.paths import configuration

FILES = (configuration() + "/config.json", configuration() + "/nexcage.json")
LARGEST = 1 << 20
VARIABLE = "NEXCAGE_CONFIG"

# key, and what its value has to be: those that drivers/pct/translate reads, and proxmox.timeout
KEYS = (
    ("network.bridge", "text"),
    ("network.net", "text"),
    ("proxmox.arch", "text"),
    ("proxmox.cmode", "text"),
    ("proxmox.cores", "number"),
    ("proxmox.cpulimit", "number"),
    ("proxmox.cpuunits", "number"),
    ("proxmox.debug", "flag"),
    ("proxmox.description", "text"),
    ("proxmox.features", "text"),
    ("proxmox.ha-managed", "flag"),
    ("proxmox.hookscript", "text"),
    ("proxmox.memory", "size"),
    ("proxmox.nameserver", "text"),
    ("proxmox.onboot", "flag"),
    ("proxmox.ostype", "text"),
    ("proxmox.pool", "text"),
    ("proxmox.protection", "flag"),
    ("proxmox.rootfs-size", "size"),
    ("proxmox.searchdomain", "text"),
    ("proxmox.startup", "text"),
    ("proxmox.storage", "text"),
    ("proxmox.swap", "size"),
    ("proxmox.tags", "text"),
    ("proxmox.timeout", "seconds"),
    ("proxmox.timezone", "text"),
    ("proxmox.unprivileged", "flag"),
)
_KINDS = dict(KEYS)
_MUST = {
    "text": "text",
    "flag": "true or false",
    "number": "a number",
    "size": 'a number, or text such as "512m"',
    "seconds": "a number of seconds above 0",
}
_FLAGS = {"1": "1", "true": "1", "yes": "1", "on": "1", "0": "0", "false": "0", "no": "0", "off": "0"}
# top-level keys of configurations that are in use, of which nothing is read here
ELSEWHERE = (
    "cache_dir", "container_config", "data_dir", "default_runtime", "log_file", "log_level", "profiles",
    "resources", "runtime", "runtime_type", "security", "storage", "temp_dir",
)  # fmt: skip
_SAME = {"proxmox.rootfs_size_gb": "proxmox.rootfs-size"}
_INSTEAD = {
    "network.dns_servers": "give them as proxmox.nameserver",
    "network.gateway": 'give it in network.net: "bridge=vmbr0,ip=192.0.2.10/24,gw=192.0.2.1"',
    "network.ip": 'give it in network.net: "bridge=vmbr0,ip=192.0.2.10/24,gw=192.0.2.1"',
    "proxmox.legacy_api": "remove it: nexcage uses the tools of the node that it runs on",
    "proxmox.node": "remove it: nexcage works on the node that it runs on",
    "proxmox.pct_path": "remove it: pct is taken from PATH",
}
_INFINITY = float("inf")


class Config:
    """What was configured; ``path`` is the file, "" when there is none."""

    __slots__ = ("_values", "path")

    def __init__(self, path: str = "", values: dict[str, str] | None = None) -> None:
        self.path = path
        self._values = values or {}

    def flat(self) -> dict[str, str]:
        """The values by dotted name as text, flags as 1 and 0."""
        return dict(self._values)

    def timeout(self, default: float) -> float:
        """Seconds that a call of one of Proxmox's tools may take."""
        return float(self._values.get("proxmox.timeout", default))


def load() -> Config:
    """The configuration of this host and environment.

    Raises `InvalidConfig` that names the file and the place or key, or the variable.
    """
    given = os.environ.get(VARIABLE, "")
    values: dict[str, str] = {}
    used = ""
    for path in (given,) if given else FILES:
        text = _read(path)
        if text is not None:
            used = path
            values = _flat(path, _parse(path, text))
            break
        if given:
            raise InvalidConfig(
                f"{path}: the configuration that {VARIABLE} names does not exist", code="config-missing"
            )
    return Config(used, {**values, **_environment()})


def _read(path: str) -> bytes | None:
    """The file's text; None when it does not exist."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, (error.strerror or str(error)).lower()) from None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise _unreadable(path, "is a directory" if stat.S_ISDIR(facts.st_mode) else "no regular file")
        _refuse_foreign(path, facts)
        text = b""
        while len(text) <= LARGEST and (block := os.read(handle, LARGEST + 1 - len(text))):
            text += block
    except OSError as error:
        raise _unreadable(path, (error.strerror or str(error)).lower()) from None
    finally:
        os.close(handle)
    if len(text) > LARGEST:
        raise _unreadable(path, f"larger than {LARGEST >> 20} MiB")
    return text


def _unreadable(path: str, reason: str) -> InvalidConfig:
    return InvalidConfig(f"{path}: the configuration cannot be read: {reason}", code="config-unreadable")


def _refuse_foreign(path: str, facts: os.stat_result) -> None:
    """What root is told to do must not come from somebody else."""
    if os.geteuid() != 0:
        return
    if facts.st_uid != 0:
        raise InvalidConfig(
            f"{path}: the configuration belongs to user {facts.st_uid}, so root does not follow it",
            code="config-unsafe",
            hint=f"chown root {path}",
        )
    if facts.st_mode & stat.S_IWOTH:
        raise InvalidConfig(
            f"{path}: everybody may write to the configuration, so root does not follow it",
            code="config-unsafe",
            hint=f"chmod o-w {path}",
        )


def _parse(path: str, text: bytes) -> dict[str, object]:
    try:
        document = loads(text)
    except Malformed as error:
        raise InvalidConfig(f"{path}: {error}", code="config-malformed") from None
    if not isinstance(document, dict):
        raise InvalidConfig(f"{path}: must be an object, not {_said(document)}", code="config-malformed")
    if "ociVersion" in document:
        raise InvalidConfig(
            f"{path}: this is the config.json of a bundle, not nexcage's configuration",
            code="config-of-bundle",
            hint=f"name nexcage's own file with {VARIABLE}, and the bundle with --bundle",
        )
    return document


def _flat(path: str, document: dict[str, object]) -> dict[str, str]:
    values: dict[str, str] = {}
    for section, members in document.items():
        if section in ELSEWHERE:
            continue
        if section not in ("network", "proxmox"):
            raise _unknown(path, section, ["network", "proxmox", *ELSEWHERE])
        if not isinstance(members, dict):
            raise _wrong(path, section, "an object", members)
        for name, value in members.items():
            written = f"{section}.{name}"
            key = _SAME.get(written, written.replace("_", "-"))
            if key not in _KINDS:
                raise _unknown(path, written, [known for known, _ in KEYS])
            if key in values:
                raise InvalidConfig(f"{path}: {_shown(written)}: {key} is given twice")
            values[key] = _text(path, written, _KINDS[key], value)
    return values


def _text(path: str, key: str, kind: str, value: object) -> str:
    """``value`` of the file as text; a number that is whole without a fraction."""
    if isinstance(value, bool):
        if kind == "flag":
            return "1" if value else "0"
    elif isinstance(value, str):
        if "\0" in value:
            raise InvalidConfig(f"{path}: {key}: has a NUL character")
        if kind in ("text", "size"):
            return value
    elif isinstance(value, int | float) and kind in ("number", "size", "seconds"):
        finite = value == value and abs(value) != _INFINITY
        if finite and (kind != "seconds" or 0 < value < 1e9):
            return str(int(value)) if value == int(value) else str(value)
    raise _wrong(path, key, _MUST[kind], value)


def _environment() -> dict[str, str]:
    """The values of variables; an empty one counts as none."""
    values: dict[str, str] = {}
    for key, kind in KEYS:
        name = "NEXCAGE_" + key.upper().replace(".", "_").replace("-", "_")
        text = os.environ.get(name, "")
        if not text:
            continue
        number = text.isascii() and text.replace(".", "", 1).isdigit()
        if kind == "flag":
            fits = text.lower() in _FLAGS
            text = _FLAGS.get(text.lower(), text)
        elif kind == "seconds":
            fits = number and 0 < float(text) < 1e9
        elif kind == "number":
            fits = number
        else:
            fits = not any("\ud800" <= c <= "\udfff" for c in text)  # bytes that are no UTF-8
        if not fits:
            raise InvalidConfig(f'{name}: "{_shown(text)}" must be {_MUST[kind]}')
        values[key] = text
    return values


def _wrong(path: str, key: str, must: str, value: object) -> InvalidConfig:
    return InvalidConfig(f"{path}: {_shown(key)}: must be {must}, not {_said(value)}")


def _said(value: object) -> str:
    """What a value of JSON is, for a message."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {str(value)[:20]}"
    return {"str": "text", "list": "a list", "dict": "an object"}.get(type(value).__name__, "null")


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:100])


def _unknown(path: str, key: str, known: list[str]) -> InvalidConfig:
    hint = _INSTEAD.get(key, "")
    if not hint:
        from difflib import get_close_matches

        near = get_close_matches(key[:100], known, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else ""
    return InvalidConfig(f'{path}: unknown key "{_shown(key)}"', code="config-key-unknown", hint=hint)
