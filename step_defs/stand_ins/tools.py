# SPDX-License-Identifier: Apache-2.0
"""The programs of a stand-in: small scripts that find their host also with an empty environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

REPOSITORY = str(Path(__file__).resolve().parents[2])
PYTHON = os.path.realpath(sys.executable)
SCRIPT = """#!{python} -IS
import sys

sys.path.insert(0, {repository!r})
from step_defs.stand_ins.{module} import main

sys.exit(main({home!r}))
"""


def write(folder: Path, names: Iterable[str], module: str, home: Path) -> None:
    """Make them; ``main`` of a module below stand_ins gets the host's directory and sees its own name."""
    folder.mkdir(exist_ok=True)
    text = SCRIPT.format(python=PYTHON, repository=REPOSITORY, module=module, home=str(home))
    for name in names:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
