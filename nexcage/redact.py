"""Passwords, tokens and keys that must not get into a message, a log or a record."""

import re

HIDDEN = "***"
# options whose value is a secret; pct takes any case, one or two dashes, and prefixes
_OPTIONS = (
    "password",
    "apitoken",
    "token",
    "secret",
    "keyring",
    "master-pubkey",
    "encryption-key",
    "ssh-public-keys",
)
_SHORTEST = 4  # of an option's prefix
# what looks like a secret in any text: NAME=VALUE, and user:password@ of an address
_NAMED = re.compile(
    r"((?:passw(?:or)?d|passphrase|token|secret|api[_-]?key|private[_-]?key|credentials?)[\w-]{,64})"
    r"=([^\s\0,;'\"]+)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<=://)[^/\s@:'\"]{,256}:[^/\s@'\"]{,256}(?=@)")


def secrets(argv: list[str]) -> list[str]:
    """The values in ``argv`` that are secrets."""
    found = []
    for place, word in enumerate(argv):
        name, equals, value = word.lstrip("-").partition("=")
        if word.startswith("-") and _is_secret(name):
            found += [value] if equals else argv[place + 1 : place + 2]
        found += [match[2] for match in _NAMED.finditer(word)]
    return sorted({value for value in found if value}, key=len, reverse=True)


def _is_secret(name: str) -> bool:
    name = name.lower()
    return len(name) >= _SHORTEST and any(option.startswith(name) for option in _OPTIONS)


def hide(text: str, values: list[str]) -> str:
    """``text`` without the secret ``values``, and without what looks like a secret itself."""
    for value in values:
        # a short one may be part of any word; alone it still tells
        text = (
            re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text)
            if len(value) < 3
            else text.replace(value, HIDDEN)
        )
    return _ADDRESS.sub(HIDDEN, _NAMED.sub(rf"\1={HIDDEN}", text))


def shown(argv: list[str], values: list[str]) -> list[str]:
    """``argv`` as it may be shown."""
    hidden = []
    follows = False
    for word in argv:
        name, equals, _ = word.lstrip("-").partition("=")
        secret = word.startswith("-") and _is_secret(name)
        if follows:
            hidden.append(HIDDEN)
        elif secret and equals:
            hidden.append(word[: word.index("=") + 1] + HIDDEN)
        else:
            hidden.append(hide(word, values))
        follows = secret and not equals and not follows
    return hidden
