"""runc (opencontainers/runc)."""

from nexcage.drivers._ocicli import OciCli
from nexcage.errors import Unsupported


class Runc(OciCli):
    """runc's own ways."""

    name = "runc"

    def _globals(self) -> list[str]:
        if self.settings.cgroup_manager == "disabled":
            raise Unsupported(
                "runc cannot run without cgroups (--cgroup-manager disabled)", hint="use --runtime crun"
            )
        return super()._globals()
