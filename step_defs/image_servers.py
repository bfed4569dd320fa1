# SPDX-License-Identifier: Apache-2.0
"""A real registry and a real docker daemon, started once when a scenario first needs them.

Both keep everything in a directory of this session and listen on loopback or a socket there; the daemon
gets no bridge and no packet filter, so that the machine's network stays as it is.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import docker
import pytest
from pytest_bdd import given

from step_defs.files import place
from step_defs.image_making import saving
from step_defs.phrases import phrase
from step_defs.runtime import BASE_ENVIRONMENT
from step_defs.world import PREFIX, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from step_defs.images import Images
    from step_defs.world import World

USER = "user"
PASSWORD = "secret"  # noqa: S105  # of a registry that lives for one test session
# htpasswd -Bbn user secret: docker-registry takes bcrypt only
HTPASSWD = "user:$2b$04$nR5y9S437uj4bwwsX2KYXO7NqenvkHetYLrrHvyWu7.JDDnAoRafG"


@contextmanager
def server(
    argv: Sequence[str], directory: Path, ready: Callable[[], bool], seconds: float = 20
) -> Iterator[None]:
    """Run a program until the block ends; it has to become ready in time."""
    log = directory / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, cwd=directory, env=BASE_ENVIRONMENT
        )
    try:
        deadline = time.monotonic() + seconds
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{argv[0]} did not start:\n{log.read_text('utf-8', 'replace')}", pytrace=False)
            time.sleep(0.02)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server_dir(_clean_machine: None) -> Iterator[Path]:
    """Where servers keep their data; named so that a session that was killed is swept by the next."""
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-servers"))
    yield directory
    sweep(directory, "/nexcage-test/none")


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Tell whether an HTTP server answers at all; a refusal is an answer."""
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  # loopback
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def registry_in(directory: Path, **more: object) -> Iterator[str]:
    """Run docker-registry; gives HOST:PORT."""
    directory.mkdir()
    address = f"127.0.0.1:{free_port()}"
    document = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(directory / "data")}},
        "http": {"addr": address},
        **more,
    }
    config = directory / "config.yml"
    config.write_text(json.dumps(document))  # JSON is YAML
    with server(
        ["docker-registry", "serve", str(config)], directory, lambda: answers(f"http://{address}/v2/")
    ):
        yield address


@pytest.fixture(scope="session")
def registry(server_dir: Path) -> Iterator[str]:
    """A registry that anybody may use."""
    with registry_in(server_dir / "registry") as address:
        yield address


@pytest.fixture(scope="session")
def guarded_registry(server_dir: Path) -> Iterator[str]:
    """A registry that wants a user and a password."""
    passwords = server_dir / "htpasswd"
    passwords.write_text(HTPASSWD + "\n")
    auth = {"htpasswd": {"realm": "nexcage", "path": str(passwords)}}
    with registry_in(server_dir / "guarded", auth=auth) as address:
        yield address


@pytest.fixture(scope="session")
def dockerd(server_dir: Path) -> Iterator[str]:
    """A docker daemon; gives the address for DOCKER_HOST."""
    directory = server_dir / "dockerd"
    directory.mkdir()
    address = f"unix://{directory}/socket"
    name = server_dir.name
    argv = [
        *(
            "dockerd",
            "--host",
            address,
            "--data-root",
            f"{directory}/data",
            "--exec-root",
            f"{directory}/run",
        ),
        *("--pidfile", f"{directory}/pid", "--bridge=none", "--iptables=false", "--ip6tables=false"),
        *("--ip-masq=false", "--storage-driver=vfs", "--exec-opt=native.cgroupdriver=cgroupfs"),
        # a machine's own containerd is used when it runs: keep apart from the machine's own docker there
        *(f"--containerd-namespace={name}", f"--containerd-plugins-namespace={name}-plugins"),
        *("--config-file", f"{directory}/none.json", "--log-level=warn"),
    ]
    (directory / "none.json").write_text("{}")

    def ready() -> bool:
        if not (directory / "socket").exists():
            return False
        try:
            client = docker.DockerClient(base_url=address, timeout=5)
        except docker.errors.DockerException:
            return False
        client.close()
        return True

    with server(argv, directory, ready):
        yield address


def push(world: World, images: Images, address: str, name: str, *options: str) -> None:
    """Let skopeo copy the current image, or the index saved last, into a registry."""
    layout = world.dir / "pushed"
    family, images.current.family = images.current.family, "oci"  # layouts know no other
    saving.save(images.current, f"oci:{layout}:pushed")
    images.current.family = family
    form = "v2s2" if family == "docker" else "oci"
    copy(f"oci:{layout}:pushed", address, name, f"--format={form}", *options)
    shutil.rmtree(layout)


def copy(source: str, address: str, name: str, *options: str) -> None:
    """Let skopeo fill a registry."""
    argv = ["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", *options]
    done = subprocess.run(
        [*argv, source, f"docker://{address}/{name}"],
        capture_output=True,
        text=True,
        check=False,
        env=BASE_ENVIRONMENT,
        timeout=60,
    )
    if done.returncode != 0:
        pytest.fail(f"skopeo cannot fill the registry: {done.stderr}", pytrace=False)


@given(phrase('the registry has it as "{name}"'))
def _(world: World, images: Images, registry: str, name: str) -> None:
    """Without a password; {registry} is its HOST:PORT."""
    world.places["{registry}"] = registry
    push(world, images, registry, name)


@given(phrase('the registry has the index "{layout}" as "{name}"'))
def _(world: World, registry: str, layout: str, name: str) -> None:
    """All platforms of LAYOUT:TAG."""
    world.places["{registry}"] = registry
    copy(f"oci:{world.expand(layout)}", registry, name, "--all")


@given(phrase('the guarded registry has it as "{name}"'))
def _(world: World, images: Images, guarded_registry: str, name: str) -> None:
    """It wants user "user" with the password "secret"; {registry} is its HOST:PORT."""
    world.places["{registry}"] = guarded_registry
    push(world, images, guarded_registry, name, f"--dest-creds={USER}:{PASSWORD}")


@given(phrase("the registry is down"))
def _(world: World) -> None:
    """Nobody listens at {registry}."""
    world.places["{registry}"] = f"127.0.0.1:{free_port()}"


@given(phrase('the authfile "{path}" says that the password of "{user}" is "{password}"'))
def _(world: World, path: str, user: str, password: str) -> None:
    """For {registry}, as "skopeo login" writes it."""
    secret = base64.b64encode(f"{user}:{password}".encode()).decode()
    document = {"auths": {str(world.places["{registry}"]): {"auth": secret}}}
    place(world, path).write_text(json.dumps(document))


@given(phrase('the docker daemon has it as "{name}"'))
def _(world: World, images: Images, dockerd: str, name: str) -> None:
    """The caller's DOCKER_HOST leads to the daemon."""
    world.env["DOCKER_HOST"] = dockerd
    archive = world.dir / "loaded.tar"
    saving.save(images.current, f"docker-archive:{archive}:{name}")
    with daemon(dockerd) as client, archive.open("rb") as file:
        client.images.load(file)
    archive.unlink()


@given(phrase('the docker daemon has imported its last layer as "{name}"'))
def _(world: World, images: Images, dockerd: str, name: str) -> None:
    """By "docker import": an image without a command."""
    world.env["DOCKER_HOST"] = dockerd
    repository, _, tag = name.partition(":")
    with daemon(dockerd) as client:
        client.api.import_image_from_data(images.current.layers[-1], repository=repository, tag=tag)


@given(phrase("the docker daemon is there"))
def _(world: World, dockerd: str) -> None:
    world.env["DOCKER_HOST"] = dockerd


@given(phrase("the docker daemon is down"))
def _(world: World) -> None:
    """The caller's DOCKER_HOST leads nowhere."""
    world.env["DOCKER_HOST"] = f"unix://{world.dir}/nobody"


@contextmanager
def daemon(address: str) -> Iterator[docker.DockerClient]:
    """A client of the daemon."""
    client = docker.DockerClient(base_url=address, timeout=30)
    try:
        yield client
    finally:
        client.close()
