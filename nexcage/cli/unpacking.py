"""A bundle of an image, for a node that takes no images itself: before Proxmox VE 9.1."""

import os

from nexcage import log
from nexcage.drivers import Image
from nexcage.oci import bundle as bundles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.making import Making


def place(root: str, container_id: str) -> str:
    """Where the bundle of a container lies, below the driver's ``root``; it goes with the container."""
    from nexcage.state.store import short_name

    return f"{root}/bundles/{short_name(container_id)}"


def bundle_of(making: "Making", image: Image) -> bundles.Bundle:
    """Make the bundle, with a tree of its own: an overlay would be gone after a boot."""
    from nexcage.bundler.build import Order, make
    from nexcage.bundler.cache import default_directory
    from nexcage.bundler.config import Wishes
    from nexcage.bundler.sources import SourceWishes

    call = making.call
    source = f"oci-archive:{image.text}" if image.kind == "archive" else image.text
    directory = place(making.store.driver_root(making.driver.name), making.id)
    log.info(f"{making.driver.title()} takes no images: making a bundle of {source} in {directory}")
    os.makedirs(os.path.dirname(directory), 0o711, exist_ok=True)
    tls = call.text("src-tls-verify")
    cache = os.path.abspath(os.environ.get("NEXCAGE_CACHE") or default_directory())
    sources = SourceWishes(
        authfile=call.text("authfile"), tls_verify=None if not tls else tls == "true", cache=cache
    )
    made = make(Order(source, directory, sources=sources, wishes=Wishes(), mode="copy"))
    for sentence in made.warnings:
        log.warning(sentence, code="not-as-in-the-image")
    return bundles.load(directory)


def forget(root: str, container_id: str) -> None:
    """Remove the bundle, if there is one."""
    directory = place(root, container_id)
    if os.path.isdir(directory):
        from nexcage.bundler.transient import discard

        discard(directory)
