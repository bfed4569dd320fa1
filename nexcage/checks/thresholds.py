"""When there is too little of something, and amounts in words."""

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


def scarce(free: int, total: int, *, floor: int, plenty: int) -> str:
    """The status of what is left: "fail", "warn" or "pass".

    Below ``floor`` nothing works; ``plenty`` is enough whatever part of ``total`` it is. Between them a
    hundredth is too little and a twentieth is a warning, as are 16 times the floor.
    """
    if free < floor or (free < total / 100 and free < plenty / 10):
        return "fail"
    if free < floor * 16 or (free < total / 20 and free < plenty):
        return "warn"
    return "pass"


def size(count: int) -> str:
    """Bytes for people: "1.5 GiB"."""
    for unit, name in ((1 << 40, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def some(names: list[str], most: int = 3) -> str:
    """A few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
