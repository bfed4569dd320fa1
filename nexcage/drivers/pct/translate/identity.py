"""Name, owner's mark, VMID."""

from nexcage.drivers.pct.quoting import dns_fault
from nexcage.drivers.pct.translate import checks, mark
from nexcage.drivers.pct.translate.request import Request, Wanted
from nexcage.drivers.pct.translate.translated import Translated, refuse
from nexcage.errors import UsageError

_TAG_SIGNS = "-_+."


def hostname(request: Request, out: Translated) -> None:
    """--hostname: of the option, the bundle, else made of the id (pct would take CT<vmid>)."""
    own = request.config.get("hostname") or ""
    wanted = request.option("hostname")
    if wanted is None and own:
        fault = dns_fault(own)
        if fault:
            raise refuse("$.hostname", f'"{own}" is no DNS name: {fault}', code="hostname-invalid")
        out.create["hostname"] = own
        return
    if wanted is None:
        out.create["hostname"] = from_id(request.id)
        return
    fault = dns_fault(wanted.text)
    if fault:
        raise wanted.wrong(f"is no DNS name: {fault}", "hostname-invalid", "give another one with --hostname")
    out.create["hostname"] = wanted.text


def from_id(id: str) -> str:
    """A legal host name of a container id: what DNS has not becomes "-", the rest is cut off."""
    text = "".join(c if c.isalnum() else "." if c == "." else "-" for c in id)
    labels = [label[:63].strip("-") for label in text.split(".")]
    name = ".".join(label for label in labels if label)[:63].strip("-.")
    return name or "nexcage"


def tags(request: Request, out: Translated) -> None:
    """--tags: ``nexcage`` and the user's; Proxmox VE stores them lower-case and sorted."""
    found = [mark.TAG]
    for wanted in (request.option("tags"), request.annotation("tags"), request.configured("tags")):
        if wanted is None:
            continue
        for tag in wanted.text.replace(",", " ").replace(";", " ").split():
            given = Wanted(tag, wanted.at, wanted.error)
            if tag[0] == "_" and len(tag) > 1:
                given = Wanted(tag[1:], wanted.at, wanted.error)
            checks.plain(given, _TAG_SIGNS, "tags-invalid", 'tag: letters, digits and "-_+." only')
            if tag.lower() not in found:
                found.append(tag.lower())
    out.create["tags"] = ";".join(sorted(found))


def description(request: Request, out: Translated) -> None:
    """--description: the user's text and the mark, at most 8192 characters."""
    wanted = request.wanted("description")
    fields = {"bundle": request.bundle} if request.bundle else {}
    text = mark.mark(wanted.text if wanted else "", request.id, **fields)
    bad = [c for c in text if (c < " " and c not in "\t\n") or c == "\x7f"]
    if wanted and (bad or len(text) > 8192):
        reason = "has a control character" if bad else "is too long: 8192 characters are the most"
        raise wanted.wrong(reason, "description-invalid")
    if len(text) > 8192:
        raise UsageError("the id and the bundle's path do not fit a description", code="description-invalid")
    out.create["description"] = text


def vmid(request: Request, out: Translated) -> None:
    """The VMID that was asked for; None leaves it to the next free one."""
    wanted = request.option("vmid") or request.annotation("vmid")
    out.vmid = checks.vmid(wanted) if wanted else None
