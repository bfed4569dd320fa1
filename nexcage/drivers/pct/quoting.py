r"""How words are written where pct and LXC read them, so that exactly they come out.

Three readers, none with an escape character:

- a line of the container's .conf, ``KEY: VALUE``: Proxmox VE (PVE/LXC/Config.pm, ``parse_pct_config``) and
  LXC (confile.c, ``parse_line``) cut the blanks around a value, and LXC one pair of quotes around all of it;
- ``lxc.init.cmd``: split at blanks; a word that begins with a quote ends at the same quote
  (string_utils.c, ``lxc_string_split_quoted``; since LXC 6.0, which Proxmox VE has from 8.2);
- ``lxc.mount.entry``: fields of fstab(5), a blank is ``\040``.
"""

BLANKS = " \t"
QUOTES = "'\""


class Inexpressible(ValueError):
    """Word number ``index`` cannot be written."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


def control(text: str) -> str:
    """The first control character in ``text`` that no line can hold, "" for none; a tab is a blank."""
    return next((c for c in text if (c < " " and c != "\t") or c == "\x7f"), "")


def value(text: str) -> str:
    """``text`` as the value of a line: within a pair of quotes where its ends would be lost without."""
    if text and (text[0] in QUOTES or text[0] in BLANKS or text[-1] in BLANKS):
        return f'"{text}"'
    return text


def word(text: str) -> str:
    """``text`` as a word of ``lxc.init.cmd``; "" when there is no way.

    Quotes come around whatever another reader could take for something else,
    though LXC needs them only for blanks and a quote in front.
    """
    needed = not text or text[0] in QUOTES or any(blank in text for blank in BLANKS)
    if needed or any(c in text for c in "'\"\\"):
        for quote in QUOTES:
            if quote not in text:
                return f"{quote}{text}{quote}"
    return "" if needed else text


def command(args: list[str]) -> str:
    """``args`` for ``lxc.init.cmd``, not yet as a `value`; `Inexpressible` for both quotes and a blank."""
    words = [word(arg) for arg in args]
    if "" in words:
        raise Inexpressible(words.index(""))
    return " ".join(words)


def is_plain(args: list[str]) -> bool:
    """Whether a shell, Perl's shellwords and LXC read `command` alike: then it may be an entrypoint."""
    text = command(args)
    if text[:1] in QUOTES:
        return False
    for arg in args:
        written = word(arg)
        specials = "\\$`" if written[0] == '"' else "\\"
        if any(c in arg for c in specials) or (written == arg and any(c in arg for c in QUOTES)):
            return False
    return True


def field(text: str) -> str:
    """``text`` as a field of ``lxc.mount.entry`` (getmntent(3))."""
    for plain, escape in (("\\", "\\134"), (" ", "\\040"), ("\t", "\\011")):
        text = text.replace(plain, escape)
    return text


def dns_fault(name: str) -> str:
    """What keeps ``name`` from being a host name for Proxmox VE; "" when nothing does.

    Labels of letters, digits and inner "-" (pve-common, ``pve_verify_dns_name``), and
    the 64 bytes of sethostname(2).
    """
    labels = name.split(".")
    for label in labels:
        plain = label.replace("-", "")
        if not (plain.isascii() and plain.isalnum()) or label[0] == "-" or label[-1] == "-":
            return 'letters, digits, "-" and "." only, and a letter or digit at both ends of each part'
        if len(label) > 63:
            return "63 characters are the most between two dots"
    return "64 characters are the most" if len(name) > 64 else ""
