"""``docker://REF``: an image of any registry, fetched by skopeo with its credentials.

Blobs go to the cache and stay there, so that what a second image shares with
the first is not fetched again. What lay there before is not trusted: skopeo
takes it by its name, so it is read and compared here.
"""

import hashlib
import os

from nexcage import comfort, log
from nexcage.bundler.image import Image, layout, platform
from nexcage.bundler.image.manifest import described
from nexcage.bundler.image.words import Words, digest_fault, parse
from nexcage.bundler.sources import SourceWishes, invalid, registry_errors
from nexcage.errors import DriverUnavailable, InvalidImage, NotFound, UsageError, from_os
from nexcage.host import process

PATIENCE = 24 * 3600.0  # large images over thin lines; skopeo itself gives up a dead connection
_STEP = 1 << 20
# what skopeo may know of its surroundings, besides what every program is given
_HANDED_ON = (
    "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "XDG_CONFIG_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "CONTAINERS_REGISTRIES_CONF", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip


def open(rest: str, work: str, wishes: SourceWishes) -> Image:
    """The image ``rest`` of a registry, for the platform that is wanted."""
    reference = "docker://" + rest
    if not rest.isascii() or not rest.isprintable() or " " in rest or rest.startswith(("-", "/", ":", "@")):
        raise invalid(reference, "that is no name of an image")
    wanted = platform.parse(wishes.platform)
    skopeo = program(wishes)
    blobs = os.path.join(wishes.cache or work, "blobs")
    try:
        os.makedirs(blobs, 0o700, exist_ok=True)
    except OSError as error:
        raise from_os(error, f'cannot make "{blobs}"') from None
    wishes.progress.say(f"fetching {rest}")
    image = _sound(_Fetch(skopeo, rest, work, blobs, wanted, wishes))
    image.name = reference
    return image


def _sound(fetch: "_Fetch") -> Image:
    """The image, fetched again without what was damaged in the cache before."""
    known = _names(fetch.blobs)
    try:
        image = fetch.image()
    except InvalidImage as error:
        if error.code in ("image-corrupt", "image-digest") and _purged(fetch.blobs, known, known):
            return fetch.image()
        raise
    used = {layer.digest for layer in image.layers}
    return fetch.image() if _purged(fetch.blobs, known, used) else image


class _Fetch:
    """One image that skopeo copies from a registry into a layout in ``work``."""

    def __init__(
        self, skopeo: str, name: str, work: str, blobs: str, wanted: platform.Platform, wishes: SourceWishes
    ) -> None:
        self.blobs = blobs
        self._name = name
        self._wanted = wanted
        self._layout = os.path.join(work, "layout")
        if ":" in self._layout:
            raise UsageError(
                f'skopeo cannot write to "{self._layout}": it takes the colon for the end of the name',
                code="source-invalid",
                hint="choose a --cache without a colon",
            )
        source = "docker://" + pinned(name)
        self._copy = command(skopeo, source, self._layout, blobs, wanted, wishes)
        self._look = [skopeo, "inspect", "--raw", *access(wishes, ""), source]
        self._env = {**environment(), "TMPDIR": work}

    def image(self) -> Image:
        """Copy and open it; what is in the cache is not copied."""
        done = process.run(self._copy, timeout=PATIENCE, env=self._env)
        if done.status != 0:
            error = registry_errors.explained(done, self._name, self._wanted)
            offered = self._offered() if error.code == "image-platform" else []
            raise platform.none_fits(self._name, self._wanted, offered) if offered else error
        return layout.image(layout.Directory(self._layout, self.blobs), self._name, "", self._wanted)

    def _offered(self) -> list[platform.Platform]:
        """The platforms that the registry has it for; [] when that cannot be told."""
        done = process.run(self._look, env=self._env)
        try:
            index = Words(parse(done.stdout.encode(), "index"), "index")
            found = [described(one) for one in index.objects("manifests")]
            return [where for where in found if where is not None and where.os != "unknown"]
        except InvalidImage:
            return []


def environment() -> dict[str, str]:
    """The environment of skopeo."""
    return {**process.probe_environment(), **{k: os.environ[k] for k in _HANDED_ON if k in os.environ}}


def program(wishes: SourceWishes) -> str:
    """The path of skopeo, once it is clear that it can be called as is wished."""
    if wishes.authfile and not os.path.isfile(wishes.authfile):
        raise NotFound(f'the authfile "{wishes.authfile}" does not exist', code="authfile-missing")
    skopeo = process.which("skopeo")
    if not skopeo:
        raise DriverUnavailable(
            "skopeo is not installed, which fetches images from registries",
            code="skopeo-missing",
            hint="install it: " + comfort.installing("skopeo", "skopeo"),
        )
    return skopeo


def pinned(name: str) -> str:
    """``name`` without the tag if it has a digest as well: skopeo refuses both, docker goes by the digest."""
    path, at, digest = name.partition("@")
    if not at:
        return name
    host, slash, last = path.rpartition("/")
    return f"{host}{slash}{last.partition(':')[0]}@{digest}"


def command(
    skopeo: str, reference: str, target: str, blobs: str, wanted: platform.Platform, wishes: SourceWishes
) -> list[str]:
    """The argv of skopeo copy."""
    argv = [skopeo, f"--override-os={wanted.os}", f"--override-arch={wanted.arch}"]
    if wanted.variant and (wanted.arch != "amd64" or wanted.variant != "v1"):
        argv.append(f"--override-variant={wanted.variant}")
    argv += ["copy", "--quiet", "--remove-signatures", "--dest-oci-accept-uncompressed-layers"]
    argv += [f"--dest-shared-blob-dir={blobs}", *access(wishes, "src-")]
    return [*argv, reference, f"oci:{target}:image"]


def access(wishes: SourceWishes, prefix: str) -> list[str]:
    """Options for the registry; ``prefix`` is "src-" where there is a destination as well."""
    argv = []
    if wishes.authfile:
        argv.append(f"--{prefix}authfile={os.path.abspath(wishes.authfile)}")
    if wishes.tls_verify is not None:
        argv.append(f"--{prefix}tls-verify={'true' if wishes.tls_verify else 'false'}")
    return argv


def _names(blobs: str) -> set[str]:
    """The blobs that are there, as digests."""
    found: set[str] = set()
    for algorithm in os.listdir(blobs):
        directory = os.path.join(blobs, algorithm)
        if os.path.isdir(directory):
            digests = (f"{algorithm}:{name}" for name in os.listdir(directory))
            found.update(digest for digest in digests if not digest_fault(digest))
    return found


def _purged(blobs: str, known: set[str], used: set[str]) -> bool:
    """Remove what is ``used``, was ``known`` before and is not what it is called; whether anything was."""
    removed = False
    for digest in sorted(known.intersection(used)):
        path = os.path.join(blobs, *digest.split(":"))
        try:
            if _holds(path, digest):
                continue
            log.warning(f'"{path}" is damaged and fetched again')
            os.unlink(path)
        except FileNotFoundError:  # pruned meanwhile
            log.debug(f'"{path}" is gone')
        except OSError as error:
            raise from_os(error, f'cannot check "{path}"') from None
        removed = True
    return removed


def _holds(path: str, digest: str) -> bool:
    algorithm, _, expected = digest.partition(":")
    actual = hashlib.new(algorithm)
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        while block := os.read(handle, _STEP):
            actual.update(block)
    finally:
        os.close(handle)
    return actual.hexdigest() == expected
