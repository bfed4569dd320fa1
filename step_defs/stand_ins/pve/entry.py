# SPDX-License-Identifier: Apache-2.0
"""Where every tool begins: the name under which it was called says which one it is."""

from __future__ import annotations

import os
import sys

from step_defs.stand_ins.pve import state


def main(home: str = "") -> int:
    """Be that tool, of the cluster in this directory unless the environment names another."""
    state.belong(home)
    if os.path.basename(sys.argv[0]).startswith("lxc-"):
        from step_defs.stand_ins.pve.engine import tools

        return tools.main()
    from step_defs.stand_ins.pve import program

    return program.main()
