"""What ``.nexcage/bundle.json`` says of a bundle that nexcage has made."""

import os

from nexcage.errors import InvalidBundle, from_os
from nexcage.host import files
from nexcage.jsontext import Malformed, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.oci.rules import Object

LARGEST = 16 << 20


def directory(given: str) -> str:
    """The absolute path of a bundle's directory; `InvalidBundle` when there is none."""
    path = os.path.abspath(given)
    if not files.utf8(path):
        raise InvalidBundle(f"bundle {ascii(path)[1:-1]}: the path is not UTF-8", code="bundle-missing")
    if not os.path.isdir(path):
        what = "is not a directory" if os.path.exists(path) else "does not exist"
        raise InvalidBundle(f"bundle {path} {what}", code="bundle-missing")
    return path


def read(bundle: str) -> "Object | None":
    """What bundle.json says, None when nexcage has not made this bundle; `InvalidBundle` if it is damaged."""
    path = os.path.join(bundle, ".nexcage", "bundle.json")
    try:
        values = loads(files.read(path, LARGEST, follow=False))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(path, error) from None
    except Malformed as error:
        raise InvalidBundle(f".nexcage/bundle.json: {error}", code="bundle-record-malformed") from None
    if not isinstance(values, dict):
        raise InvalidBundle(".nexcage/bundle.json: $: must be an object", code="bundle-record-malformed")
    return values


def unreadable(path: str, error: OSError) -> InvalidBundle:
    """The error for a file of ours that cannot be read."""
    told = from_os(error, f"cannot read {path}")
    return InvalidBundle(told.message, code="manifest-unreadable")
