# SPDX-License-Identifier: Apache-2.0
"""Steps in which other programs write the image: docker, skopeo, umoci."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given

from step_defs.files import place
from step_defs.image_servers import daemon
from step_defs.phrases import phrase
from step_defs.runtime import BASE_ENVIRONMENT

if TYPE_CHECKING:
    from step_defs.world import World


def must(*argv: str) -> None:
    """Run another program; it has to succeed."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=BASE_ENVIRONMENT, timeout=60)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(argv)}: {done.stderr}", pytrace=False)


@given(phrase('the docker daemon has saved "{name}" to "{path}"'))
def _(world: World, dockerd: str, name: str, path: str) -> None:
    """As "docker save" does it: an image, or all tags of a repository."""
    with daemon(dockerd) as client, place(world, path).open("wb") as file:
        file.writelines(client.api.get_image(name))


@given(phrase('the docker daemon has exported a container of "{name}" to "{path}"'))
def _(world: World, dockerd: str, name: str, path: str) -> None:
    """As "docker export" does it: a tarball of the root."""
    with daemon(dockerd) as client, place(world, path).open("wb") as file:
        container = client.containers.create(name)
        try:
            file.writelines(container.export())  # type: ignore[arg-type]  # the stubs say str
        finally:
            container.remove()


@given(phrase('skopeo has copied "{source}" from the docker daemon to "{target}"'))
def _(world: World, dockerd: str, source: str, target: str) -> None:
    """For example from "app:1" to "oci:{dir}/images:app"."""
    argv = ["skopeo", "--insecure-policy", "copy", "--quiet", f"--src-daemon-host={dockerd}"]
    must(*argv, f"docker-daemon:{source}", world.expand(target))


@given(phrase('umoci has packed the tree "{tree}" into "{layout}" with the command "{command}"'))
def _(world: World, tree: str, layout: str, command: str) -> None:
    """A new image LAYOUT:TAG with one layer."""
    image = world.expand(layout)
    must("umoci", "init", "--layout", image.rpartition(":")[0])
    must("umoci", "new", "--image", image)
    must("umoci", "insert", "--image", image, str(place(world, tree)), "/")
    arguments = [word for part in command.split() for word in ("--config.cmd", part)]
    must("umoci", "config", "--image", image, *arguments)
