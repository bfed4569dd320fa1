"""crun (containers/crun)."""

import os

from nexcage.drivers._ocicli import OciCli
from nexcage.errors import DriverUnavailable, NexcageError
from nexcage.jsontext import dumps
from nexcage.oci.bundle import Bundle, read_config
from nexcage.oci.rules import Object
from nexcage.plan import Step, Write


class Crun(OciCli):
    """crun's own ways: a config beside the bundle, and no hybrid cgroups."""

    name = "crun"
    kept = ("status", "pid")

    def fingerprint(self) -> NexcageError | None:
        """crun exits at once where cgroup v1 and v2 are mounted side by side."""
        missing = super().fingerprint()
        if missing:
            return missing
        if self.facts.cgroup_mode() == "hybrid" and self.settings.cgroup_manager != "disabled":
            return DriverUnavailable(
                "crun cannot run here: cgroup v1 and v2 are mounted side by side (hybrid mode)",
                hint="use --runtime runc, --cgroup-manager disabled, or boot with cgroup v2 only",
            )
        return None

    def exec_base(self, handle: str) -> Object | None:
        """crun starts an exec from nothing: no user, environment or limits of the container's."""
        return read_config(f"{self.root}/{handle}/config.json")["process"]  # type: ignore[no-any-return]

    def _globals(self) -> list[str]:
        manager, rootless = self.settings.cgroup_manager, self.settings.rootless
        return ([f"--cgroup-manager={manager}"] if manager else []) + (
            [f"--rootless={rootless}"] if rootless else []
        )

    def _bundle_steps(self, bundle: Bundle, changed: bool, home: str) -> tuple[list[Step], list[str]]:
        # crun takes a config from elsewhere, so hooks and state keep the user's bundle path
        if not changed:
            config = [] if os.path.basename(bundle.file) == "config.json" else ["--config", bundle.file]
            return [], ["--bundle", bundle.path, *config]
        copy = home + "/config.json"
        return [Write(copy, dumps(bundle.config).encode())], ["--bundle", bundle.path, "--config", copy]
