"""The configuration file: read so that root obeys nobody else, and parsed."""

import os
import stat

from nexcage.errors import InvalidConfig
from nexcage.jsontext import Malformed, loads

LARGEST = 1 << 20  # bytes


def read(path: str) -> bytes | None:
    """The file's text; None when it does not exist.

    `InvalidConfig`: it cannot be read, is no regular file or larger than 1 MiB, or somebody else than
    root could have written what root is to follow.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, (getattr(error, "strerror", None) or str(error)).lower()) from None
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
    directory = os.path.dirname(os.path.realpath(path))
    above = os.stat(directory)
    if above.st_mode & stat.S_IWOTH and not above.st_mode & stat.S_ISVTX:
        raise InvalidConfig(
            f"{path}: everybody may replace the configuration, so root does not follow it",
            code="config-unsafe",
            hint=f"chmod o-w {directory}",
        )


def parse(path: str, text: bytes) -> dict[str, object]:
    """The document in the file; `InvalidConfig` for what is no object of JSON, or a bundle's config.json."""
    try:
        document = loads(text)
    except Malformed as error:
        raise InvalidConfig(f"{path}: {error}", code="config-malformed") from None
    if not isinstance(document, dict):
        from nexcage.config.values import said

        raise InvalidConfig(f"{path}: must be an object, not {said(document)}", code="config-malformed")
    if "ociVersion" in document:
        raise InvalidConfig(
            f"{path}: this is the config.json of a bundle, not nexcage's configuration",
            code="config-of-bundle",
            hint="name nexcage's own file with --config before the verb, and the bundle with --bundle",
        )
    return document
