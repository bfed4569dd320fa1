"""Paths in ``--from``, and the tag behind them."""

import os

from nexcage.errors import InvalidImage, NotFound, from_os


def split(rest: str) -> tuple[str, str]:
    """``PATH[:TAG]`` as path and tag ("" without): the longest that exists is the path. Raise `NotFound`."""
    if os.path.exists(rest):
        return rest, ""
    at = rest.rfind(":")
    while at > 0:
        if os.path.exists(rest[:at]):
            return rest[:at], rest[at + 1 :]
        at = rest.rfind(":", 0, at)
    raise missing(rest)


def missing(path: str) -> NotFound:
    """The error for a path that is not there."""
    return NotFound(f'the source "{path}" does not exist', code="source-missing", hint="check the path")


def directory(path: str) -> str:
    """``path``, which must be a directory."""
    return _existing(path, os.path.isdir(path), "directory")


def file(path: str) -> str:
    """``path``, which must be a regular file."""
    return _existing(path, os.path.isfile(path), "regular file")


def _existing(path: str, fits: bool, what: str) -> str:
    if fits:
        return path
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise missing(path) from None
    except OSError as error:
        raise from_os(error, f'cannot read "{path}"') from None
    raise InvalidImage(f'the source "{path}" is not a {what}', code="image-malformed")
