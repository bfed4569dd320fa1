"""``docker://`` and ``docker-daemon:``: what skopeo is given, and what its and the daemon's words mean."""

import os
import socket

import pytest

from nexcage.bundler.image.platform import parse
from nexcage.bundler.sources import SourceWishes, docker, docker_daemon, registry_errors
from nexcage.errors import DriverUnavailable, NexcageError, NotFound, PermissionDenied, UsageError
from nexcage.host.process import Completed
from tests.unit.image_maker import Maker, digest

NAME = "127.0.0.1:5000/a/box:one"


def test_the_reference_is_one_word_that_is_no_option():
    argv = docker.command(
        "skopeo", "docker://x", "/w/layout", "/c/blobs", parse("linux/arm/v6"), SourceWishes()
    )
    assert argv[-2:] == ["docker://x", "oci:/w/layout:image"]
    assert argv[1:4] == ["--override-os=linux", "--override-arch=arm", "--override-variant=v6"]
    assert not any("tls" in word or "authfile" in word for word in argv)
    wishes = SourceWishes(tls_verify=False, authfile="/a/b")
    argv = docker.command("skopeo", "docker://x", "/w/layout", "/c/blobs", parse("linux/amd64"), wishes)
    assert {"--src-tls-verify=false", "--src-authfile=/a/b", "--dest-shared-blob-dir=/c/blobs"} <= set(argv)
    assert not any("variant" in word for word in argv)


@pytest.mark.parametrize("rest", ["--help", "a b", "a\nb", "", "ä", "/x", "@x"])
def test_what_cannot_be_a_reference_is_refused(tmp_path, rest):
    with pytest.raises(UsageError, match="no name of an image"):
        docker.open(rest, str(tmp_path), SourceWishes())


@pytest.mark.parametrize(
    ("name", "pinned"),
    [
        ("h:1/a:t@sha256:x", "h:1/a@sha256:x"),
        ("h:1/a@sha256:x", "h:1/a@sha256:x"),
        ("a:t", "a:t"),
        ("a", "a"),
    ],
)
def test_with_a_digest_the_tag_is_left_out(name, pinned):
    assert docker.pinned(name) == pinned


# of skopeo 1.9.3, docker-registry 2.8 and a hub; the first line is noise that comes before
NOISE = 'time="2026-01-01T00:00:00Z" level=warning msg="something"\n'
FATAL = 'time="2026-01-01T00:00:00Z" level=fatal msg="{}"\n'
READING = r"initializing source docker://x: reading manifest one in 127.0.0.1:5000/a/box: "
PINGING = r"pinging container registry 127.0.0.1:5000: Get \"https://127.0.0.1:5000/v2/\": "
NO_PLATFORM = (
    r"choosing image: no image found in manifest list for architecture arm64, variant \"v8\", OS linux"
)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (READING + "manifest unknown: manifest unknown", "source-missing", f'has no image "{NAME}"'),
        (READING + "name unknown: repository name not known to registry", "source-missing", "has no image"),
        (READING + "unauthorized: authentication required", "image-denied", '"127.0.0.1:5000" denies access'),
        (READING + "denied: requested access to the resource is denied", "image-denied", "denies access"),
        (PINGING + "dial tcp: connect: connection refused", "registry-unavailable", "refused"),
        (PINGING + "http: server gave HTTP response to HTTPS client", "registry-unavailable", "HTTPS client"),
        (PINGING + "x509: signed by unknown authority", "registry-unavailable", "unknown authority"),
        (PINGING + "dial tcp: lookup x.invalid: no such host", "registry-unavailable", "is not known"),
        (PINGING + "dial tcp 1.2.3.4:443: i/o timeout", "registry-unavailable", "i/o timeout"),
        ("Invalid source name docker://A: invalid reference format", "source-invalid", "no name of an image"),
        (NO_PLATFORM, "image-platform", "has no image for linux/arm64"),
        ("writing blob: write /c/x: no space left on device", "no-space", "no space left"),
        ("writing blob: Digest did not match, expected sha256:1", "image-digest", "did not match"),
        ("something quite new", "source-failed", "something quite new"),
    ],
)
def test_the_words_of_skopeo(text, code, words):
    done = Completed(["skopeo"], 1, "", NOISE + FATAL.format(text))
    error = registry_errors.explained(done, NAME, parse("linux/arm64"))
    assert (error.code, words in error.message) == (code, True), error.message
    assert "\n" not in error.message
    assert error.hint or code == "source-failed"


def test_a_skopeo_that_says_nothing_is_an_error():
    assert "skopeo failed" in registry_errors.explained(Completed(["skopeo"], 1), NAME, parse("")).message


def test_without_skopeo_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(docker.process, "which", lambda _program: "")
    with pytest.raises(DriverUnavailable, match="skopeo is not installed") as found:
        docker.open(NAME, str(tmp_path), SourceWishes())
    assert "apt install skopeo" in found.value.hint


class Skopeo:
    """Does to the disk what skopeo copy does: blobs that are there are not written."""

    def __init__(self, maker):
        self.files = maker.files
        self.runs = 0

    def __call__(self, argv, **_options):
        self.runs += 1
        blobs = next(word for word in argv if word.startswith("--dest-shared-blob-dir=")).partition("=")[2]
        target = argv[-1].split(":")[1]
        os.makedirs(target, exist_ok=True)
        for name, data in self.files.items():
            path = os.path.join(target, name)
            if name.startswith("blobs/"):
                path = blobs + name.removeprefix("blobs")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                if os.path.exists(path) and not data.startswith(b"{"):
                    continue
            with open(path, "wb") as file:
                file.write(data)
        return Completed(argv, 0)


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    maker = Maker()
    skopeo = Skopeo(maker.root(maker.image()))
    monkeypatch.setattr(docker.process, "which", lambda _program: "/usr/bin/skopeo")
    monkeypatch.setattr(docker.process, "run", skopeo)

    def fetched():
        work = tmp_path / f"work{skopeo.runs}"
        work.mkdir()
        cache = str(tmp_path / "cache")
        return docker.open(NAME, str(work), SourceWishes(cache=cache, platform="linux/amd64")), skopeo.runs

    return fetched


@pytest.mark.parametrize("damage", [b"LAYER", b"lay"])
def test_a_blob_of_the_cache_is_not_trusted(fetch, damage, capfd):
    image, runs = fetch()
    assert (image.name, runs) == (f"docker://{NAME}", 1)
    path = image.layers[0].blob.path
    assert fetch()[1] == 2
    with open(path, "wb") as file:
        file.write(damage)
    image, runs = fetch()
    assert runs == 4
    with open(path, "rb") as file:
        assert digest(file.read()) == image.layers[0].digest
    assert "is damaged and fetched again" in capfd.readouterr().err


def test_a_cache_with_a_colon_is_refused(tmp_path):
    (tmp_path / "a:b").mkdir()
    with pytest.raises(NexcageError, match="colon"):
        docker.open(NAME, str(tmp_path / "a:b"), SourceWishes())


def test_an_authfile_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NotFound, match='authfile "/nosuch"'):
        docker.open(NAME, str(tmp_path), SourceWishes(authfile="/nosuch"))


@pytest.mark.parametrize(
    ("host", "kind", "words"),
    [
        ("unix://{}/gone.sock", DriverUnavailable, "no such file or directory"),
        ("tcp://127.0.0.1:1", DriverUnavailable, "connection refused"),
        ("bogus://", DriverUnavailable, "bogus"),
    ],
)
def test_a_daemon_that_cannot_be_reached_is_named(tmp_path, monkeypatch, host, kind, words):
    monkeypatch.setenv("DOCKER_HOST", host.format(tmp_path))
    with pytest.raises(kind) as found:
        docker_daemon.open("box", str(tmp_path), SourceWishes())
    assert words in found.value.message
    assert host.format(tmp_path) in found.value.message
    assert found.value.hint


def test_a_socket_that_may_not_be_used_is_said(tmp_path, monkeypatch):
    def refused(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    with pytest.raises(PermissionDenied, match="permission denied"):
        docker_daemon.open("box", str(tmp_path), SourceWishes())
