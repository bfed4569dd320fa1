# SPDX-License-Identifier: Apache-2.0
"""OCI archives in ``pct create`` (PVE::LXC::Create, PVE::RS::OCI): layers, and the image's configuration."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shlex
import tarfile
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.pve import archives, schema
from step_defs.stand_ins.pve.engine import trees
from step_defs.stand_ins.pve.refusals import Died
from step_defs.stand_ins.pve.tables import lxc_options
from step_defs.stand_ins.pve.tables.versions import OCI_USER

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call
    from step_defs.stand_ins.pve.pct.creating import Plan

ARCHITECTURES = {"amd64": "amd64", "386": "i386", "arm64": "arm64", "arm": "armhf", "riscv64": "riscv64"}
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
NOT_FOUND = "Not found in archive\ntar: Exiting with failure status due to previous errors\n"
PARSING = "Error while parsing OCI image: "
EXTRACTING = "Error while extracting OCI image: "


def unpack(call: Call, plan: Plan, path: str, tree: str) -> None:
    """Fill the tree with the layers, and the plan with what the configuration says."""
    known = archives.facts(call.state, path)
    if known:
        image: dict[str, Any] = known["oci"]
        if "missing" in image:
            call.out(f"tar: {image['missing']}: {NOT_FOUND}")
            raise Died(PARSING + "Missing image config")
        archives.model(call.state, path, tree)
        config: dict[str, Any] = image.get("config", {})
    else:
        with tarfile.open(call.state.host(path)) as tar:
            image, layers = _read(call, tar)
            config = image.get("config") or {}
            for layer in layers:
                _apply(tar, layer, tree)
    for volume in sorted(config.get("Volumes") or {}):
        call.out(f"creating base directory for volume at {volume}\n")
        os.makedirs(os.path.join(tree, volume.lstrip("/")), exist_ok=True)
    _configure(call, plan, config)


def _read(call: Call, tar: tarfile.TarFile) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The configuration and the layers' descriptors."""
    index = json.loads(_member(tar, "index.json"))
    try:
        manifest = json.loads(_blob(tar, index["manifests"][0]["digest"]))
        if "manifests" in manifest:
            manifest = json.loads(_blob(tar, manifest["manifests"][0]["digest"]))
        config = json.loads(_blob(tar, manifest["config"]["digest"]))
    except KeyError as error:
        call.out(f"tar: {error.args[0]}: {NOT_FOUND}")
        raise Died(PARSING + "Missing image config") from None
    except ValueError as error:
        raise Died(f"{PARSING}OCI spec error: {error}") from None
    if config.get("architecture") not in ARCHITECTURES:
        raise Died(PARSING + "Unsupported CPU architecture")
    return config, manifest["layers"]


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _blob(tar: tarfile.TarFile, digest: str) -> bytes:
    name = f"blobs/{digest.replace(':', '/')}"
    try:
        data = _member(tar, name)
    except KeyError:
        raise KeyError(name) from None
    if hashlib.sha256(data).hexdigest() != digest.partition(":")[2]:
        raise ValueError(f"digest mismatch of {digest}")
    return data


def _apply(tar: tarfile.TarFile, layer: dict[str, Any], tree: str) -> None:
    try:
        data = _blob(tar, layer["digest"])
    except (KeyError, ValueError) as error:
        raise Died(f"{EXTRACTING}{error}") from None
    if layer["mediaType"].endswith("gzip"):
        data = gzip.decompress(data)
    elif not layer["mediaType"].endswith("tar"):
        raise Died(EXTRACTING + "Wrong media type")
    with tarfile.open(fileobj=io.BytesIO(data)) as files:
        kept = []
        for member in files.getmembers():
            directory, _, name = member.name.rpartition("/")
            if name.startswith(".wh."):
                _whiteout(os.path.join(tree, directory), name.removeprefix(".wh."))
            else:
                kept.append(member)
        files.extractall(tree, members=kept, numeric_owner=True)  # noqa: S202  # the scenario's own


def _whiteout(directory: str, name: str) -> None:
    import shutil

    if name == ".wh..opq":
        for entry in os.listdir(directory) if os.path.isdir(directory) else []:
            _whiteout(directory, entry)
        return
    path = os.path.join(directory, name)
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def _configure(call: Call, plan: Plan, config: dict[str, Any]) -> None:
    """What the image says wins over ``--entrypoint`` and ``--env`` of the command line."""
    argv = [*(config.get("Entrypoint") or []), *(config.get("Cmd") or [])]
    if argv and argv != ["/sbin/init"]:
        plan.options["entrypoint"] = shlex.join(argv)
        plan.options["cmode"] = "console"
        for name in sorted(name for name in plan.options if re.fullmatch(r"net\d+", name)):
            parts = trees.parts(call.state, name, plan.options[name])
            if "host-managed" not in parts:
                call.out(f"Auto-Enabling host-managed network for network device {name}.\n")
                parts["host-managed"] = "1"
                rest = schema.written(lxc_options.config(call.state.version)[name], parts)
                plan.options[name] = ",".join(sorted(rest.split(","), key=_rank))
    for item in config.get("Env") or []:
        if CONTROL.search(item):
            raise Died("OCI config array-value for 'Env' contains forbidden control characters!")
    if config.get("Env"):
        plan.options["env"] = "\0".join(config["Env"])
    user = str(config.get("User") or "")
    if user and call.state.version >= OCI_USER:
        uid, _, gid = user.partition(":")
        plan.raw += [
            ("lxc.init.uid", _number(uid)),
            ("lxc.init.gid", _number(gid or "0")),
            ("lxc.init.groups", ""),
        ]
    if config.get("WorkingDir"):
        plan.raw.append(("lxc.init.cwd", config["WorkingDir"]))
    plan.raw.append(("lxc.signal.halt", config.get("StopSignal") or "SIGTERM"))


def _rank(part: str) -> tuple[bool, bool]:
    return not part.startswith("name="), not part.startswith("bridge=")


def _number(name: str) -> str:
    return name if name.isdigit() else "0"
