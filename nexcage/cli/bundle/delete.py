"""Unmount and remove bundles that nexcage has made.

Refused while a container is made from one, and for directories that are not
from "bundle create".
"""

import os

from nexcage.bundler import lease, overlay
from nexcage.bundler.cache import STAGE
from nexcage.bundler.record import read
from nexcage.bundler.transient import discard, refuse_mounts
from nexcage.cli.call import Call
from nexcage.errors import InvalidBundle, NexcageError, NotFound, from_os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

OPTIONS = ()
OPERANDS = "DIR..."
EXAMPLES = (("remove the bundle box", "nexcage bundle delete box"),)


def run(call: Call) -> int:
    """Each directory in turn; the first that cannot be removed ends it."""
    directories = [os.path.abspath(call.operand("the bundle's directory"))]
    directories += map(os.path.abspath, call.operands)
    for directory in directories:
        _delete(call, directory)
    return 0


def _delete(call: Call, directory: str) -> None:
    if not os.path.isdir(directory):
        raise NotFound(f"bundle {directory} does not exist", code="bundle-missing")
    if os.path.islink(directory):
        raise InvalidBundle(
            f"{directory} is a link, so it is not removed",
            code="bundle-foreign",
            hint=f"name the bundle itself: {os.path.realpath(directory)}",
        )
    directory = os.path.realpath(directory)
    values = read(directory)
    if values is None or not _is_ours(directory, values):
        raise InvalidBundle(
            f"{directory} was not made by nexcage, so it is not removed",
            code="bundle-foreign",
            hint="remove it by hand if you mean it",
        )
    _refuse_used(call, directory)
    if not overlay.is_mounted(directory + "/rootfs"):
        refuse_mounts(directory)
    parent, name = os.path.split(directory)
    hidden = f"{parent}/.{name}{STAGE}{os.urandom(8).hex()}"  # swept if we do not come to the end
    try:
        os.rename(directory, hidden)
        discard(hidden)
    except OSError as error:
        raise from_os(error, f"cannot remove {directory}") from None
    if values.get("lease"):
        lease.drop(str(values.get("cache")), str(values["lease"]))


def _is_ours(directory: str, values: "Object") -> bool:
    """Whether the record is one that "bundle create" writes, with the manifest that it names."""
    return (
        values.get("version") == 1
        and isinstance(values.get("rootfs"), dict)
        and isinstance(values.get("config"), str)
        and os.path.isfile(directory + "/.nexcage/manifest.mtree")
    )


def _refuse_used(call: Call, directory: str) -> None:
    for store in call.stores():
        for container_id in store.ids():
            try:
                used = store.read(container_id).bundle
            except NexcageError:
                continue  # no container that could be told of
            if os.path.realpath(used) == directory:
                raise NexcageError(
                    f'bundle {directory} is in use by container "{container_id}"',
                    code="bundle-in-use",
                    hint=f'remove the container first: "nexcage delete {container_id}"',
                )
