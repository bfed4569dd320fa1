"""Name, place and host of the jail (config-freebsd.md, "Jail"; jail(8))."""

from nexcage.drivers.jail.names import LONGEST, is_legal, jail_name
from nexcage.drivers.jail.translate.request import Request
from nexcage.drivers.jail.translate.translated import Translated, refuse, utf8
from nexcage.errors import NotFound
from nexcage.oci.rules import fail

_LONGEST_PATH = 1023
_LEAST = 34  # of a name that is a digest
_META = (15, 0)
_MOST_META = 4096
_MOST_CHILDREN = 999999  # JIDs of a host


def name(request: Request, out: Translated) -> None:
    """The id as a jail may be called; a parent's name stands before it, and counts."""
    parent = out.section.get("parent") or ""
    if parent:
        out.parent = _parent(request, parent)
    prefix = f"{out.parent}." if parent else ""
    most = LONGEST - len(prefix.encode())
    if most < _LEAST:
        raise refuse(
            "$.freebsd.jail.parent", f"leaves no room in a name of {LONGEST} bytes", code="name-long"
        )
    out.name = prefix + jail_name(request.id, most)
    out.set("name", out.name)
    out.set("persist")


def _parent(request: Request, parent: str) -> str:
    """A jail of that name, else that of the container of that id."""
    at = "$.freebsd.jail.parent"
    jails = request.facts.jails
    found = parent
    if not is_legal(parent) or (jails is not None and parent not in jails):
        found = jail_name(parent)
    if not is_legal(found):
        raise fail(at, f'"{ascii(parent)[1:-1]}" is no name of a jail', "name-invalid")
    if jails is not None and found not in jails:
        raise NotFound(
            f'config.json: {at}: there is no jail "{parent}"',
            code="parent-missing",
            hint="see what there is: jls name",
        )
    return found


def raise_parent(request: Request, out: Translated) -> None:
    """``children.max`` of the parent is the runtime's to raise (config-freebsd.md): 0 by default."""
    row = (request.facts.jails or {}).get(out.parent)
    if row is not None and row.cur >= row.max:
        out.raise_parent = (row.jid, row.cur + 1)


def path(request: Request, out: Translated) -> None:  # noqa: ARG001 -- all steps are alike
    """The rootfs, or its read-only alias: a jail without a path would be the host's root."""
    if not out.root.startswith("/"):
        raise fail("$.root.path", f'needs an absolute path of the root, not "{out.root}"')
    if len(utf8(out.root, "$.root.path")) > _LONGEST_PATH:
        raise fail("$.root.path", f"is longer than {_LONGEST_PATH} bytes", "path-long")
    out.set("path", out.root)


def host(request: Request, out: Translated) -> None:
    """``host``: new, with names or without; a config for Linux without a uts namespace has the host's.

    ``inherit`` with a name is ``new`` to jail(8), in silence: refused (runj does, too).
    """
    names = {n: request.config.get(n) or "" for n in ("hostname", "domainname")}
    given = out.section.get("host") or ""
    if not given and request.has_namespaces() and not any(names.values()):
        given = "new" if request.namespace("uts") else "inherit"
    given = given or "new"
    out.set("host", given)
    for key, text in names.items():
        if not text:
            continue
        if given == "inherit":
            raise refuse(
                "$.freebsd.jail.host", f'is "inherit", but $.{key} is set', "take one of the two out"
            )
        if len(text.encode(errors="surrogatepass")) > LONGEST:
            raise refuse(f"$.{key}", f"is longer than {LONGEST} bytes", code=f"{key}-invalid")
        if not text.isprintable() or " " in text:
            raise refuse(f"$.{key}", "has a blank or a control character", code=f"{key}-invalid")
        out.set(f"host.{key}", text)


def children(request: Request, out: Translated) -> None:
    """``children.max``, 0 by default: jails in the jail are for who asks for them."""
    wanted = request.wanted("children-max")
    if wanted is None:
        return
    if not (wanted.text.isascii() and wanted.text.isdigit() and len(wanted.text) <= len(str(_MOST_CHILDREN))):
        raise wanted.wrong(f"is no number from 0 to {_MOST_CHILDREN}", "children-invalid")
    out.set("children.max", int(wanted.text))


def release(request: Request, out: Translated) -> None:
    """``osrelease`` and ``osreldate``, which only together make uname(1) tell another release."""
    text, date = request.wanted("osrelease"), request.wanted("osreldate")
    if text is not None:
        plain = text.text.translate({ord(c): "x" for c in ".-_+"})
        if not (plain.isascii() and plain.isalnum() and len(plain) < 32):
            raise text.wrong("is no release such as 14.3-RELEASE", "osrelease-invalid")
        if date is None:
            raise text.wrong("needs osreldate, else the two would differ", "osrelease-invalid")
        out.set("osrelease", text.text)
    if date is not None:
        if not (date.text.isascii() and date.text.isdigit() and 6 <= len(date.text) <= 7):
            raise date.wrong("is no number such as 1403000", "osreldate-invalid")
        if text is None:
            raise date.wrong("needs osrelease, else the two would differ", "osreldate-invalid")
        out.set("osreldate", date.text)


def linux(request: Request, out: Translated) -> None:
    """``linux=new`` for images of Linux: settings of the ABI of its own, not those of all jails."""
    if request.os != "linux":
        return
    out.needs(request, "linux_common", "linux64")
    out.set("linux", "new")
    wanted = request.wanted("linux-osrelease")
    if wanted is not None:
        parts = wanted.text.partition("-")[0].split(".")
        if not (2 <= len(parts) <= 3 and all(p.isascii() and p.isdigit() and len(p) < 6 for p in parts)):
            raise wanted.wrong("is no release of Linux such as 5.15.0", "osrelease-invalid")
        if len(wanted.text) > 31 or not wanted.text.isprintable() or " " in wanted.text:
            raise wanted.wrong("is no release of Linux such as 5.15.0", "osrelease-invalid")
        out.set("linux.osrelease", wanted.text)


def mark(request: Request, out: Translated) -> None:
    """The owner's mark, where the release has ``meta``: records can be made again from it."""
    if request.facts.release < _META:
        return
    out.set("meta.nexcage", request.id)
    used = len(f"nexcage={request.id}\nnexcage_bundle={request.bundle}\n")
    if request.bundle.isascii() and request.bundle.isprintable() and request.bundle and used < _MOST_META:
        out.set("meta.nexcage_bundle", request.bundle)
