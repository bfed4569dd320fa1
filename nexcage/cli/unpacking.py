"""A bundle of an image, for a node that takes no images itself: before Proxmox VE 9.1."""

import os

from nexcage import log
from nexcage.bundler.for_container import forget, place
from nexcage.drivers import Image
from nexcage.host import files
from nexcage.oci import bundle as bundles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.cli.making import Making


def bundle_of(making: "Making", image: Image) -> bundles.Bundle:
    """Make the bundle, with a tree of its own: an overlay would be gone after a boot."""
    from nexcage.bundler.build import Order, make
    from nexcage.bundler.config import Wishes
    from nexcage.bundler.sources import SourceWishes, verification

    call = making.call
    source = f"oci-archive:{image.text}" if image.kind == "archive" else image.text
    directory = place(making.store.driver_root(making.driver.name), making.id)
    log.info(f"{making.driver.title()} takes no images: making a bundle of {source} in {directory}")
    os.makedirs(os.path.dirname(directory), 0o711, exist_ok=True)
    sources = SourceWishes(
        authfile=call.text("authfile"),
        tls_verify=verification(call.text("src-tls-verify")),
        cache=call.cache(),
    )
    made = make(Order(source, directory, sources=sources, wishes=Wishes(), mode="copy"))
    for sentence in made.warnings:
        log.warning(sentence, code="not-as-in-the-image")
    try:
        bundle = bundles.load(directory)
        bundle.config.pop("hostname", None)  # the directory's; the id makes a better one
        _own_hosts(bundle)
    except BaseException:
        forget(making.store.driver_root(making.driver.name), making.id)
        raise
    return bundle


def _own_hosts(bundle: bundles.Bundle) -> None:
    """Put the bundle's hosts(5) into its root: LXC mounts as a user who may not come here."""
    mounts = bundle.config.get("mounts") or []
    own = next((m for m in mounts if (m["destination"], m.get("source")) == ("/etc/hosts", "hosts")), None)
    if own is None:
        return
    mounts.remove(own)
    text = files.read(f"{bundle.path}/hosts", 1 << 16)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        etc = os.open(f"{bundle.rootfs}/etc", files.DIRECTORY)
        try:
            handle = os.open("hosts", flags, 0o644, dir_fd=etc)
        finally:
            os.close(etc)
    except OSError as error:  # a link of the image's own could lead anywhere
        log.warning(f"the image gets no /etc/hosts: {(error.strerror or '').lower()}")
        return
    with open(handle, "wb") as file:
        file.write(text)
