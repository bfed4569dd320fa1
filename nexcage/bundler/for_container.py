"""The bundle that was made for one container of an image, and goes with it."""

import os

from nexcage.bundler.transient import discard
from nexcage.state.store import short_name

PREFIX = "bundle-"


def place(root: str, container_id: str) -> str:
    """Where the bundle of a container lies, below the driver's ``root``."""
    return f"{root}/{PREFIX}{short_name(container_id)}"


def forget(root: str, container_id: str) -> None:
    """Remove the bundle, if there is one."""
    directory = place(root, container_id)
    if os.path.isdir(directory):
        discard(directory)
