"""Show what a bundle would run: command, user, environment, rootfs, mounts, limits, security.

It reads any bundle, also one that nexcage has not made. Values of variables
and annotations whose names look secret (PASSWORD, TOKEN, SECRET, KEY) and
passwords in URLs are masked, in JSON too, unless --show-secrets.

JSON: bundle, ociVersion, hostname; source (null, or source, digest, platform);
rootfs (path, exists, readonly, mode "copy", "reflink", "overlay" or "",
mounted true, false or null where it needs no mount, layers); process (args,
cwd, terminal, user with uid, gid, name, group and additional, env as name,
value and masked, capabilities by set, rlimits); mounts; devices; namespaces
(type, path); mappings (uid, gid); limits (memory and swap in bytes, cpus,
shares, cpuset, pids; null for none); security (seccomp null or defaultAction
and rules, noNewPrivileges, readonlyRoot, maskedPaths, readonlyPaths, apparmor,
selinux); hooks by name (path, args); annotations; freebsd as in config.json.
"""

import os

from nexcage.bundler.inspection import document
from nexcage.bundler.record import directory, read
from nexcage.cli.bundle.inspect_text import pages
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.jsontext import dumps
from nexcage.oci import check
from nexcage.oci.bundle import read_config

OPTIONS = (
    Option("format", "text or json", "text|json", "f"),
    Option("show-secrets", "do not mask values that look secret"),
)
OPERANDS = "DIR"
EXAMPLES = (
    ("what the bundle web would run", "nexcage bundle inspect web"),
    ("the same for programs", "nexcage bundle inspect --format json web"),
)


def run(call: Call) -> int:
    """Print it; a config.json that no driver would take is the error."""
    given = call.operand("the bundle's directory")
    call.no_more()
    form = call.output_format("text", "json")
    bundle = directory(given)
    config = read_config(os.path.join(bundle, "config.json"))
    check.config(config)
    found = document(bundle, config, read(bundle), secrets=call.flag("show-secrets"))
    print(dumps(found, 2) if form == "json" else "\n".join(pages(found, _width())))
    return 0


def _width() -> int:
    """Columns of the terminal, or of the variable COLUMNS; 0 for as wide as it comes."""
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit():
        return int(given[:6])
    try:
        return os.get_terminal_size(1).columns
    except OSError:
        return 0  # a pipe or a file: a line stays one, for grep
