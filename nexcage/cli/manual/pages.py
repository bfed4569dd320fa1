"""All pages: path below the manual's directory → text."""

from nexcage.cli.manual import configuration, errors, verbs

DATE = "November 23, 2026"  # of the texts; pages must not change with the day they are made on


def pages() -> dict[str, str]:
    """``man1/nexcage.1``, a page for each verb, and those about the configuration and errors."""
    made = {
        "man1/nexcage.1": verbs.overview(DATE),
        "man5/nexcage-config.5": configuration.page(DATE),
        "man7/nexcage-errors.7": errors.page(DATE),
    }
    for verb, name in verbs.names().items():
        made[f"man1/{name}.1"] = verbs.verb_page(verb, DATE)
    return made
