# SPDX-License-Identifier: Apache-2.0
"""Images from a registry into a storage: skopeo does it, as on the real node."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from step_defs.stand_ins.pve import storages
from step_defs.stand_ins.pve.refusals import Died

if TYPE_CHECKING:
    from step_defs.stand_ins.pve.call import Call, Task
    from step_defs.stand_ins.pve.schema import Values

CONTENT = "vztmpl"
EXISTS = 25


def pull(call: Call, given: Values) -> Task:
    """Into ``NAME_TAG.tar``, or ``FILENAME.tar``; what is there is not replaced."""
    name, reference = given["storage"], given["reference"]
    storage = storages.usable(call.state, name)
    if CONTENT not in storage.contents:
        raise Died(f"storage '{name}' is not configured for content-type '{CONTENT}'")
    if not call.state.settings.get("skopeo", shutil.which("skopeo")):
        raise Died("Install 'skopeo' to pull OCI images from registries.", 2)
    file = os.path.basename(given.get("filename") or reference.rpartition("/")[2].replace(":", "_")) + ".tar"
    path = f"{storage.path}/template/cache/{file}"
    if os.path.exists(call.state.host(path)):
        raise Died(f"refusing to override existing file '{file}'", EXISTS)
    return call.task("ociregistrypull", file, lambda: _copy(call, reference, path))


def _copy(call: Call, reference: str, path: str) -> None:
    temporary = f"{path}.tmp.{os.getpid()}"
    shown = ["skopeo", "copy", f"docker://{reference}", f"oci-archive:{temporary}"]
    argv = ["skopeo", "copy", *_options(call, "--src-tls-verify=false"), *shown[2:]]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    call.out(done.stdout + done.stderr)
    if done.returncode:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise Died(f"command '{' '.join(shown)}' failed: exit code {done.returncode}")
    os.replace(temporary, path)


def _options(call: Call, insecure: str) -> list[str]:
    """The node's registries.conf may call a registry insecure: the setting stands for it."""
    return [insecure] if call.state.settings.get("insecure_registries") else []


def tags(call: Call, given: Values) -> list[str]:
    """Which tags a repository has."""
    if not call.state.settings.get("skopeo", shutil.which("skopeo")):
        raise Died("Install 'skopeo' to list tags from OCI registries.", 2)
    import json

    shown = ["skopeo", "list-tags", f"docker://{given['reference']}"]
    argv = [*shown[:2], *_options(call, "--tls-verify=false"), shown[2]]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        call.err(done.stderr)
        raise Died(f"command '{' '.join(shown)}' failed: exit code {done.returncode}", 1)
    found: list[str] = json.loads(done.stdout)["Tags"]
    return found
