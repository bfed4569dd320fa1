"""``nexcage config``: what is configured and where that is from, and whether a file could be used."""
