"""``python -m nexcage``: the command without the launcher's short cuts."""

import os
import sys

from nexcage.cli.main import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
