"""Container ids: what a caller may call a container."""

from nexcage.errors import UsageError

LONGEST = 1024
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+-")


def check(container_id: str) -> str:
    """Return ``container_id`` or raise `UsageError` that says what is wrong with it.

    1 to 1024 characters of ``[A-Za-z0-9_.+-]``, but neither ``.`` nor ``..``
    (runc's rule; the id becomes part of paths).
    """
    reason = ""
    if not container_id:
        reason = "it is empty"
    elif len(container_id) > LONGEST:
        reason = f"it has {len(container_id)} characters, {LONGEST} is the most"
        container_id = container_id[:32] + "..."
    elif container_id in (".", ".."):
        reason = "it names a directory"
    elif not _PLAIN.issuperset(container_id):
        wrong = next(c for c in container_id if c not in _PLAIN)
        reason = f"{wrong!a} is not one of A-Z a-z 0-9 _ . + -"
    if reason:
        shown = ascii(container_id)[1:-1]
        raise UsageError(f'invalid container id "{shown}": {reason}', code="invalid-id")
    return container_id
