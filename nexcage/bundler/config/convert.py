"""What an image asks for: image specification 1.1, conversion.md.

An image is not trusted: what its configuration has of a wrong type is `InvalidImage`, and annotations that
runtimes obey are left out, each with a warning, as conversion.md allows ("Annotations").
"""

import os

from nexcage import log
from nexcage.errors import InvalidImage
from nexcage.oci.rules import Object

_PREFIX = "org.opencontainers.image."
# implicit annotation → property of the image's configuration
_FIELDS = ("os", "architecture", "variant", "os.version", "author", "created")
# Labels that tell crun, runc, criu, a jail manager or nexcage to do something on the host.
OBEYED = (
    "run.oci.",
    "org.systemd.property.",
    "org.criu.",
    "org.freebsd.",
    "io.nexcage.",
    "io.podman.annotations.",
)


def section(image: Object) -> Object:
    """The ``config`` of an image's configuration; {} without one."""
    return _object(image, "config", "")


def _wrong(name: str, reason: str) -> InvalidImage:
    return InvalidImage(f"the image's configuration: {name} {reason}")


def _object(parent: Object, name: str, at: str) -> Object:
    value = parent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(at + name, "must be an object")
    return value


def text(parent: Object, name: str, at: str = "config.") -> str:
    """The string ``name``, "" when absent."""
    value = parent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(at + name, "must be a string")
    if "\0" in value:
        raise _wrong(at + name, "must not contain a NUL character")
    return value


def texts(parent: Object, name: str, at: str = "config.") -> list[str]:
    """The array of strings ``name``, [] when absent."""
    values = parent.get(name)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _wrong(at + name, "must be an array of strings")
    if any("\0" in value for value in values):
        raise _wrong(at + name, "must not contain a NUL character")
    return list(values)


def _keys(image: Object, name: str) -> list[str]:
    """The keys of an object that is used as a set."""
    keys = sorted(_object(section(image), name, "config."))
    if any("\0" in key for key in keys):
        raise _wrong("config." + name, "must not contain a NUL character")
    return keys


def environment(image: Object) -> list[str]:
    """``Env`` without what no program could read: entries without a name or a value."""
    kept = []
    for i, entry in enumerate(texts(section(image), "Env")):
        if entry.find("=") < 1:
            log.warning(
                f"the image's configuration: config.Env[{i}] is no NAME=VALUE and left out", code="image-env"
            )
        else:
            kept.append(entry)
    return kept


def directory(image: Object) -> str:
    """``WorkingDir``, absolute; "/" when absent."""
    return absolute(text(section(image), "WorkingDir"))


def absolute(path: str) -> str:
    """``path`` from the root on, without ``.``, ``..`` and double slashes."""
    return "/" + os.path.normpath("/" + path).lstrip("/")


def annotations(image: Object) -> dict[str, str]:
    """Labels, and the implicit annotations where no label has the same key; in the order of their keys."""
    found = {}
    for name in _FIELDS:
        if value := text(image, name, ""):
            found[_PREFIX + name] = value
    if features := texts(image, "os.features", ""):
        found[_PREFIX + "os.features"] = ",".join(features)
    if signal := text(section(image), "StopSignal"):
        found[_PREFIX + "stopSignal"] = signal
    if ports := _keys(image, "ExposedPorts"):
        found[_PREFIX + "exposedPorts"] = ",".join(ports)
    labels = _object(section(image), "Labels", "config.")
    for key in labels:
        value = text(labels, key, "config.Labels.")
        if not key or "\0" in key or key.startswith(OBEYED):
            why = "runtimes act upon it" if key else "it has no name"
            log.warning(f'label "{key[:80]}" of the image is left out: {why}', code="image-label")
            continue
        found[key] = value
    return dict(sorted(found.items()))


def volumes(image: Object) -> list[str]:
    """The paths of ``Volumes``, absolute; parents first."""
    paths = sorted({absolute(path) for path in _keys(image, "Volumes")})
    if "/" in paths:
        raise _wrong("config.Volumes", "must not contain the root directory")
    return paths
