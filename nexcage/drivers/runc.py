"""runc (opencontainers/runc)."""

import os

from nexcage.drivers import Create
from nexcage.drivers._ocicli import OciCli
from nexcage.errors import CommandFailed, NexcageError, Unsupported
from nexcage.jsontext import dumps
from nexcage.oci.bundle import Bundle, read_config
from nexcage.oci.rules import Object
from nexcage.plan import Step, Write


class Runc(OciCli):
    """runc's own ways."""

    name = "runc"

    def exec_base(self, handle: str) -> Object | None:
        """What create has kept: runc would read the bundle's config.json again, be it moved or changed.

        None for a container that was made before there was such a file.
        """
        kept = f"{os.path.dirname(self.root)}/{handle}/process.json"
        return read_config(kept) if os.path.exists(kept) else None

    def plan_create(self, verb: str, bundle: Bundle, changed: bool, call: Create) -> list[Step]:
        """As any, and what `exec_base` reads: once the container is there, or before it is waited for."""
        steps = super().plan_create(verb, bundle, changed, call)
        kept = Write(call.home + "/process.json", dumps(bundle.config["process"]).encode())
        steps.insert(len(steps) - call.foreground, kept)
        return steps

    def _globals(self) -> list[str]:
        if self.settings.cgroup_manager == "disabled":
            raise Unsupported(
                "runc cannot run without cgroups (--cgroup-manager disabled)", hint="use --runtime crun"
            )
        return super()._globals()

    def classify(self, said: str, status: int, verb: str, container_id: str) -> NexcageError:
        """As any, and runc's own need: it goes to the root's directory on the host before it joins."""
        if "fork/exec /proc/self/exe: no such file" in said:
            return CommandFailed(
                f'container "{container_id}": runc {verb} needs the root file system where it was at create,'
                " but it has been moved or removed",
                code="rootfs-moved",
                hint="move the bundle back",
                status=status,
            )
        return super().classify(said, status, verb, container_id)
