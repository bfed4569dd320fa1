"""``docker-daemon:IMAGE``: an image of a docker daemon (DOCKER_HOST is honoured), which it saves for us."""

import errno
import os

from nexcage import comfort
from nexcage.bundler.image import Image, archive, platform
from nexcage.bundler.image.tarindex import TarIndex
from nexcage.bundler.sources import SourceWishes, invalid
from nexcage.bundler.sources.docker_archive import saved
from nexcage.errors import (
    DriverUnavailable,
    InvalidImage,
    NexcageError,
    NotFound,
    PermissionDenied,
    Timeout,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PATIENCE = 120  # seconds between two answers
_DEFAULT = "unix:///var/run/docker.sock"


def open(rest: str, work: str, wishes: SourceWishes) -> Image:
    """The image that the daemon knows as ``rest`` (name, name:tag, or id)."""
    if not rest.isascii() or not rest.isprintable() or " " in rest:
        raise invalid(f"docker-daemon:{rest}", "that is no name of an image")
    wanted = platform.parse(wishes.platform)
    docker = comfort.need("docker")
    comfort.need("docker.errors")
    copy = os.path.join(work, "docker.tar")
    try:
        client = docker.APIClient(timeout=PATIENCE, version="auto", **_environment(docker))
    except docker.errors.DockerException as error:
        raise _unreachable(error) from None
    try:
        facts = client.inspect_image(rest)
        _fits(int(facts.get("Size") or 0), rest, wishes.max_size)
        wishes.progress.say(f"saving {rest} from the docker daemon")
        # by id: a name without a tag would save every image of that name
        archive.write(copy, _blocks(client, facts["Id"]), _archive_limit(wishes), f'the image "{rest}"')
    except docker.errors.ImageNotFound:
        raise NotFound(
            f'the docker daemon has no image "{rest}"',
            code="source-missing",
            hint=f"docker pull {rest}, or use docker://{rest}",
        ) from None
    except docker.errors.APIError as error:
        raise NexcageError(
            f'the docker daemon does not give "{rest}": {_words(error.explanation or error)}',
            code="source-failed",
        ) from None
    except OSError as error:
        raise _unreachable(error) from None
    finally:
        client.close()
    image = saved(TarIndex(copy), f"docker-daemon:{rest}", "", wanted)
    image.digest = ""
    return image


def _environment(docker: "Any") -> "dict[str, Any]":  # noqa: ANN401
    """DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, as the docker command reads them."""
    settings: dict[str, Any] = docker.utils.kwargs_from_env()
    return settings


def _archive_limit(wishes: SourceWishes) -> int:
    """Headers and documents come on top of the files."""
    return wishes.max_size + wishes.max_size // 8 + (16 << 20)


def _fits(size: int, name: str, limit: int) -> None:
    if size > limit:
        raise InvalidImage(
            f'the image "{name}" has {size} bytes, more than {limit}',
            code="image-too-large",
            hint="allow more with --max-size",
        )


def _blocks(client: "Any", image_id: str) -> "Iterator[bytes]":  # noqa: ANN401
    try:
        yield from client.get_image(image_id, chunk_size=1 << 20)
    except OSError as error:  # all that requests raises is one
        raise _unreachable(error) from None


def _unreachable(error: BaseException) -> NexcageError:
    """Why the daemon cannot be talked to: the OSError somewhere inside of what the libraries raise."""
    host = os.environ.get("DOCKER_HOST") or _DEFAULT
    cause = _os_error(error)
    what = f'cannot reach the docker daemon at "{host}"'
    if cause is None and ("timed out" in str(error).lower() or isinstance(error, TimeoutError)):
        return Timeout(f"{what}: no answer within {PATIENCE} s")
    if cause is None:
        return DriverUnavailable(
            f"{what}: {_words(error)}", code="daemon-unavailable", hint="check DOCKER_HOST"
        )
    reason = (cause.strerror or str(cause)).lower()
    if cause.errno in (errno.EACCES, errno.EPERM):
        return PermissionDenied(f"{what}: {reason}", hint="run it as root or join the group docker")
    return DriverUnavailable(
        f"{what}: {reason}", code="daemon-unavailable", hint="start docker, or set DOCKER_HOST to where it is"
    )


def _os_error(error: BaseException | None, depth: int = 8) -> OSError | None:
    """The first error of the operating system among an error's causes and arguments."""
    if error is None or depth == 0:
        return None
    if isinstance(error, OSError) and error.errno:
        return error
    inner = [arg for arg in (*error.args, getattr(error, "reason", None)) if isinstance(arg, BaseException)]
    for one in (*inner, error.__cause__, error.__context__):
        found = _os_error(one, depth - 1)
        if found is not None:
            return found
    return None


def _words(error: object) -> str:
    return " ".join(str(error).split()).rstrip(".")[:300]
