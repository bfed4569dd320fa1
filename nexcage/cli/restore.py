"""Bring back a container that checkpoint has saved, where the driver can."""

import os

from nexcage.cli.call import Call
from nexcage.cli.checkpoint import OPTIONS as SAVED_OPTIONS
from nexcage.cli.making import CREATE_OPTIONS, Making
from nexcage.cli.options import Option

OPTIONS = (
    *CREATE_OPTIONS,
    *(o for o in SAVED_OPTIONS if o.name not in ("leave-running", "pre-dump", "page-server", "status-fd")),
    Option("detach", "do not wait for the program", short="d"),
    Option("no-subreaper", "accepted for runc's callers; nexcage never becomes a subreaper"),
)
OPERANDS = "ID [BUNDLE]"
EXAMPLES = (("bring container web back", "nexcage restore --image-path /srv/web --bundle web web"),)


def run(call: Call) -> int:
    """runc's verb, handed to a driver that has it."""
    passed = tuple(o.name for o in SAVED_OPTIONS)
    for option in ("image-path", "work-path", "parent-path"):
        if call.text(option):
            call.values[option] = [os.path.abspath(call.text(option))]
    making = Making(call, detached=call.flag("detach"), extra=passed)
    making.driver.require_verb("restore")
    return making.make("restore")
