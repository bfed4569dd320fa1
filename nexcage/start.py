"""How the launcher enters: hot imports, the command, and a quick way out."""

import posix
import sys

from nexcage import hot


def main() -> None:
    """Run the command of ``sys.argv``; does not return."""
    is_hot = hot.install()
    import gc

    gc.disable()  # a command ends before there is garbage worth collecting
    from nexcage.cli.main import main as command

    status = command(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:
        status = status or 1  # the reader has gone, or the disk is full
    if not is_hot:
        hot.save()
    posix._exit(status)  # freeing every object one by one helps nobody
