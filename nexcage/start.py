"""How the launcher enters: hot imports, the command, and a quick way out."""

import gc
import posix
import sys

from nexcage import hot


def main() -> None:
    """Run the command of ``sys.argv``; does not return."""
    gc.disable()  # a command ends before there is garbage worth collecting
    is_hot = hot.install()
    from nexcage.cli.main import main as command

    status = command(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:
        status = status or 1  # the reader has gone, or the disk is full
    if not is_hot:
        hot.save()
    posix._exit(status)  # freeing every object one by one helps nobody
