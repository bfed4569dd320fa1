# SPDX-License-Identifier: Apache-2.0
"""Steps that make a bundle and change its config.json."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, when

from step_defs import documents
from step_defs.phrases import phrase

if TYPE_CHECKING:
    from step_defs.world import World


def edit(world: World, change: Any, path: str, *value: Any) -> None:
    """Apply one change of ``documents`` to the current bundle's config.json."""
    document = world.bundle.read()
    change(document, path, *value)
    world.bundle.write(document)


@given(phrase("a bundle"))
def _(world: World) -> None:
    world.bundles.render("bundle", "base")


@given(phrase('a bundle that runs "{command:text}"'))
def _(world: World, command: str) -> None:
    world.bundles.render("bundle", "base", args=shlex.split(command))


@given(phrase('a bundle that runs the script "{script:text}"'))
def _(world: World, script: str) -> None:
    world.bundles.render("bundle", "base", args=["sh", "-c", script])


@given(phrase("a bundle that runs the probe"))
def _(world: World) -> None:
    world.bundles.render("bundle", "base", args=["probe"])


@given(phrase('a bundle that runs the probe on "{paths}"'))
def _(world: World, paths: str) -> None:
    world.bundles.render("bundle", "base", args=["probe", *paths.split()])


@given(phrase('the bundle "{template}"'))
def _(world: World, template: str) -> None:
    """Render bundles/TEMPLATE.json.j2; it sleeps unless the template says otherwise."""
    world.bundles.render(template.replace("/", "-"), template)


@given(phrase('the bundle "{template}" that runs "{command:text}"'))
def _(world: World, template: str, command: str) -> None:
    world.bundles.render(template.replace("/", "-"), template, args=shlex.split(command))


@given(phrase('the bundle "{template}" that runs the script "{script:text}"'))
def _(world: World, template: str, script: str) -> None:
    world.bundles.render(template.replace("/", "-"), template, args=["sh", "-c", script])


@given(phrase('the bundle "{template}" that runs the probe'))
def _(world: World, template: str) -> None:
    world.bundles.render(template.replace("/", "-"), template, args=["probe"])


@given(phrase('the bundle "{template}" that runs the probe on "{paths}"'))
def _(world: World, template: str, paths: str) -> None:
    world.bundles.render(template.replace("/", "-"), template, args=["probe", *paths.split()])


@given(phrase('a second bundle "{name}" that runs "{command:text}"'))
def _(world: World, name: str, command: str) -> None:
    world.bundles.render(name, "base", args=shlex.split(command))


@given(phrase('its config.json has {path:path} set to "{text:text}"'))
def _(world: World, path: str, text: str) -> None:
    """Set a string; {dir}, {bundle} and the like are replaced."""
    edit(world, documents.put, path, world.expand(text))


@given(phrase("its config.json has {path:path} set to the JSON {value:text}"))
def _(world: World, path: str, value: str) -> None:
    edit(world, documents.put, path, json.loads(world.expand(value)))


@given(phrase("its config.json has no {path:path}"))
def _(world: World, path: str) -> None:
    edit(world, documents.remove, path)


@given(phrase("its config.json has appended to {path:path} the JSON {value:text}"))
def _(world: World, path: str, value: str) -> None:
    edit(world, documents.append, path, json.loads(world.expand(value)))


@given(phrase("its config.json has the environment variable {assignment:text}"))
def _(world: World, assignment: str) -> None:
    edit(world, documents.append, "$.process.env", assignment)


@given(phrase("its config.json has the mount {value:text}"))
def _(world: World, value: str) -> None:
    edit(world, documents.append, "$.mounts", json.loads(world.expand(value)))


@given(phrase('its config.json has the {which:capset} capabilities "{names}"'))
def _(world: World, which: str, names: str) -> None:
    edit(world, documents.put, f"$.process.capabilities.{which}", names.split())


@given(phrase("its config.json has the limit {name:word} of {soft:int} and at most {hard:int}"))
def _(world: World, name: str, soft: int, hard: int) -> None:
    edit(world, documents.append, "$.process.rlimits", {"type": name, "soft": soft, "hard": hard})


@given(phrase("its config.json has no namespace of its own: {kind:word}"))
def _(world: World, kind: str) -> None:
    document = world.bundle.read()
    spaces = document["linux"]["namespaces"]
    document["linux"]["namespaces"] = [space for space in spaces if space["type"] != kind]
    world.bundle.write(document)


@given(phrase('its config.json joins the {kind:word} namespace of container "{id}"'))
def _(world: World, kind: str, id: str) -> None:
    document = world.bundle.read()
    spaces = [space for space in document["linux"]["namespaces"] if space["type"] != kind]
    file = {"mount": "mnt", "network": "net"}.get(kind, kind)
    pid = (world.state(id) or {})["pid"]
    document["linux"]["namespaces"] = [*spaces, {"type": kind, "path": f"/proc/{pid}/ns/{file}"}]
    world.bundle.write(document)


@given(phrase("its config.json reads"))
def _(world: World, docstring: str) -> None:
    """Replace config.json by this text, be it JSON or not."""
    world.bundle.config.write_text(world.expand(docstring), "utf-8")


@given(phrase("its config.json is missing"))
def _(world: World) -> None:
    world.bundle.config.unlink()


@when(phrase('the bundle is changed to run "{command:text}"'))
def _(world: World, command: str) -> None:
    """After a create: what has been made must not follow."""
    edit(world, documents.put, "$.process.args", shlex.split(command))
