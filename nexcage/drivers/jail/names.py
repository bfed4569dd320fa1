"""Container ids as names of jails, and back.

An id is its own name where a jail may have it (config-freebsd.md: the name SHOULD be the id). What jails do
not take (jail(8), recorded with FreeBSD 15.1): a dot parts the names of a hierarchy; a name that strtoul(3)
reads as a number to its end is a JID or refused ("0123", also "+5"); a leading "-" is an option to jexec(8);
255 bytes are the most, with those of the parents. ``@`` and ``%``, which no id has, stand for the dot and
for "the name follows"; both mean nothing to rctl(8), devfs(8) and the shell.
"""

LONGEST = 255
_DOT = "@"
_GUARD = "%"
_DIGEST = 32  # hexadecimal digits


def jail_name(container_id: str, most: int = LONGEST) -> str:
    """The name of the container's jail within its parent; one that is too long ends in ``%DIGEST``."""
    name = container_id.replace(".", _DOT)
    if name[:1] == "-" or _is_number(name):
        name = _GUARD + name
    if len(name) > most:
        from hashlib import sha256

        digest = sha256(container_id.encode()).hexdigest()[:_DIGEST]
        name = name[: max(most - _DIGEST - 1, 0)] + _GUARD + digest
    return name


def container_id(name: str) -> str | None:
    """The id that ``name`` was made of; None for a digest (the mark has it) and what is not ours."""
    from nexcage.errors import UsageError
    from nexcage.ids import check

    found = name.removeprefix(_GUARD).replace(_DOT, ".")
    try:
        check(found)
    except UsageError:
        return None
    return found if jail_name(found) == name else None


def is_legal(name: str) -> bool:
    """Whether a jail may have ``name`` and every tool takes it, each part of a hierarchy for itself."""
    parts = name.split(".")
    return len(name.encode(errors="replace")) <= LONGEST and all(
        part
        and part[0] != "-"
        and not _is_number(part)
        and part.isprintable()
        and not set(part) & set(" :=/*,")
        for part in parts
    )


def _is_number(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()
