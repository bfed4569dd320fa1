"""Spans of time as people write them: 30s, 5m, 2h; a plain number is of seconds."""

from nexcage.errors import UsageError

UNITS = {"s": 1, "m": 60, "h": 3600}
LONGEST = 24 * 3600


def seconds(text: str, option: str) -> int:
    """Whole seconds, from one to a day; `UsageError` that names the option for anything else."""
    number, unit = (text[:-1], text[-1]) if text[-1:] in UNITS else (text, "s")
    plain = number.isascii() and number.isdigit() and len(number) <= 6
    if not plain or not 1 <= int(number) * UNITS[unit] <= LONGEST:
        raise UsageError(
            f'option --{option} takes a time from 1s to 24h, not "{text[:64]}"',
            hint=f"with a unit: --{option} 30s, --{option} 5m",
        )
    return int(number) * UNITS[unit]
