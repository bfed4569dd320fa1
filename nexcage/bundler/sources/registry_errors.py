"""What skopeo says when it cannot fetch an image, in one line and with something to do about it."""

from nexcage.bundler.sources import invalid
from nexcage.errors import CommandFailed, DriverUnavailable, InvalidImage, NexcageError, NoSpace, NotFound
from nexcage.host.process import Completed, paste

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.image.platform import Platform

# words of skopeo 1.9 to 1.18, of the Go library and of registries: the first that fits
_DENIED = (
    "unauthorized",
    "authentication required",
    "denied:",
    "401 (",
    "403 (",
    "invalid username/password",
)
_ABSENT = ("manifest unknown", "name unknown", "repository name not known", "404 (")
_TLS = ("x509:", "tls:", "server gave HTTP response to HTTPS client", "certificate")
_HOST = ("no such host", "lookup ", "server misbehaving")
_NETWORK = (
    "connection refused",
    "network is unreachable",
    "no route to host",
    "i/o timeout",
    "connection reset",
    "EOF",
)


def explained(done: Completed, name: str, wanted: "Platform") -> NexcageError:
    """The error for a skopeo that failed to fetch ``name``."""
    said = message(done.stderr)
    what = f'cannot fetch "{name}"'
    host = name.partition("/")[0]
    if "invalid reference format" in said or "Invalid image name" in said or "references with both" in said:
        return invalid(f"docker://{name}", "that is no name of an image", "write docker://HOST/NAME:TAG")
    if "no image found in" in said:  # "... manifest list for architecture X, variant Y, OS Z"
        return InvalidImage(
            f'"{name}" has no image for {wanted}',
            code="image-platform",
            hint=f"skopeo inspect --raw docker://{name} shows what it has; choose with --platform",
        )
    if _has(said, "no space left on device"):
        return NoSpace(f"{what}: no space left on device", hint="free some space there, then try again")
    if _has(said, *_DENIED):
        return InvalidImage(
            f'{what}: the registry "{host}" denies access, or has no such image',
            code="image-denied",
            hint=f"log in: skopeo login {host}, or give --authfile FILE",
        )
    if _has(said, *_TLS):
        return _down(f"{what}: {_tail(said)}", "install its certificate, or use --src-tls-verify false")
    if _has(said, "policy.json"):
        return _down(f"{what}: {_tail(said)}", "write a policy.json: containers-policy.json(5)")
    if _has(said, *_HOST):
        return _down(
            f'{what}: the name of the registry "{host}" is not known', "check the name and the resolver"
        )
    if _has(said, *_NETWORK):
        return _down(f"{what}: {_tail(said)}", "check that the registry runs and can be reached")
    if _has(said, "Digest did not match", "does not match", "digest mismatch", "Unexpected end of"):
        return InvalidImage(
            f"{what}: {_tail(said)}", code="image-digest", hint="the registry's copy is damaged"
        )
    if _has(said, *_ABSENT):
        return NotFound(
            f'the registry has no image "{name}"', code="source-missing", hint="check the name and the tag"
        )
    if _has(said, "unsupported schema version 1", "manifest.v1+"):
        return InvalidImage(
            f'"{name}" is an image of docker schema version 1',
            code="image-unsupported",
            hint="push it again with a current docker",
        )
    return CommandFailed(
        f"{what}: {said}", code="source-failed", argv=paste(done.argv), status=done.status, stderr=done.stderr
    )


def message(stderr: str) -> str:
    """The text of skopeo's last fatal line: ``time="..." level=fatal msg="..."``."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    chosen = next(
        (line for line in reversed(lines) if "level=fatal" in line), lines[-1] if lines else "skopeo failed"
    )
    _, found, text = chosen.partition('msg="')
    if not found:
        return chosen.strip()
    return text.rstrip().removesuffix('"').replace('\\"', '"').replace("\\n", " ").replace("\\\\", "\\")


def _has(said: str, *words: str) -> bool:
    return any(word in said for word in words)


def _tail(said: str) -> str:
    """The last and most telling parts of a chain of causes."""
    return ": ".join(said.split(": ")[-2:]).rstrip(".").strip('"')


def _down(text: str, hint: str) -> DriverUnavailable:
    return DriverUnavailable(text, code="registry-unavailable", hint=hint)
