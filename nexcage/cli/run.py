"""Create and start a container, and wait until its program ends.

In the foreground signals are passed on, the program's exit status becomes
nexcage's, and the container is gone afterwards. With --detach or --keep it
stays until ``delete``.
"""

from nexcage.cli.call import Call
from nexcage.cli.making import CREATE_OPTIONS, Making
from nexcage.cli.options import Option

OPTIONS = (
    *CREATE_OPTIONS,
    Option("detach", "do not wait for the program", short="d"),
    Option("keep", "leave the container, stopped, when its program has ended"),
    Option("no-subreaper", "accepted for runc's callers; nexcage never becomes a subreaper"),
)
OPERANDS = "ID [BUNDLE]"
EXAMPLES = (
    ("run the bundle in this directory", "nexcage run web"),
    ("in the background, output kept for logs", "nexcage run --detach --stdio log --bundle web web"),
)


def run(call: Call) -> int:
    """`create` and `start` in one; the status of the program when it is waited for."""
    making = Making(call, detached=call.flag("detach"))
    if making.keep:
        making.driver.require_option("run", "keep")
    if not making.driver.held_start:
        from nexcage.cli.attend import run as attend

        return attend(making)
    return making.make("run")
