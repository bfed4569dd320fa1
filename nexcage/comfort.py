"""Libraries that only cold verbs use, imported when they are needed.

The launcher starts Python without ``site`` (a third of the start-up time), so
what is installed beside the standard library is not on ``sys.path`` until
somebody asks here.
"""

import os
import sys

from nexcage.errors import DriverUnavailable
from nexcage.paths import FREEBSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

# module → package on PyPI, package in Debian
PACKAGES = {
    "docker": ("docker", "python3-docker"),
    "isal": ("isal", "python3-isal"),
    "jinja2": ("jinja2", "python3-jinja2"),
    "rich": ("rich", "python3-rich"),
}
_searched = False


def optional(name: str) -> "ModuleType | None":
    """Import module ``name`` of a library, or give None where it is not installed."""
    _search()
    try:
        __import__(name)
    except ImportError as error:
        if error.name and error.name.partition(".")[0] != name.partition(".")[0]:
            raise  # the library is there, what it needs is not
        return None
    return sys.modules[name]


def need(name: str) -> "ModuleType":
    """Import module ``name`` of a library; `DriverUnavailable` says how to get it."""
    module = optional(name)
    if module is None:
        pypi, debian = PACKAGES[name.partition(".")[0]]
        package = installing(debian, f"py3{sys.version_info[1]}-{pypi}")
        raise DriverUnavailable(
            f'the Python library "{pypi}" is not installed',
            code="library-missing",
            hint=f"install it: {package}, or pip install 'nexcage[cold]'",
        )
    return module


def installing(debian: str, freebsd: str) -> str:
    """The command that installs a package, as this system calls it."""
    return f"pkg install {freebsd}" if FREEBSD else f"apt install {debian}"


def _search() -> None:
    """Put the places of installed libraries on the path, once."""
    global _searched
    if _searched:
        return
    _searched = True
    import site

    checkout = __file__.rpartition("/nexcage/")[0]  # a checkout keeps its libraries in .venv
    own = f"{checkout}/.venv/lib/python3.{sys.version_info[1]}/site-packages"
    # without site.addsitedir: a .pth file is code of anybody's, and some of it takes longer than all of ours
    for directory in (own, *site.getsitepackages()):
        if os.path.isdir(directory) and directory not in sys.path:
            sys.path.append(directory)
