# SPDX-License-Identifier: Apache-2.0
"""jexec: become a program in a jail. Everything of its own exits with 1."""

from __future__ import annotations

import getopt
import os
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail import running
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import State

USAGE = """usage: jexec [-l] [-d working-directory] [-u username] jail [command ...]
       jexec [-l] [-d working-directory] [-U username] jail [command ...]
"""


def main(state: State, argv: list[str]) -> int:
    """jexec."""
    try:
        options, rest = getopt.getopt(argv, "+d:lnu:U:")
    except getopt.GetoptError:
        raise Usage(USAGE) from None
    found = dict(options)
    if not rest or ("-u" in found and "-U" in found):
        raise Usage(USAGE)
    jail = state.one(rest[0])
    if state.uid:
        raise Refused(f"jail_attach({jail['jid']}): Operation not permitted")
    login, user = "-l" in found, found.get("-u", found.get("-U", ""))
    ids: tuple[int, int] | None = None
    home = "/root"
    if user or login:
        uid, gid, home = running.user_id(state, user or "root", None if "-u" in found else jail)
        ids = (uid, gid) if user else None
    environment = running.clean(user or "root", home) if login else dict(os.environ)
    cwd = found.get("-d", home if login and user else "/")
    command = rest[1:] or [environment.get("SHELL", "/bin/sh"), "-i"]
    try:
        running.enter(state, jail, command, environment, cwd, ids)
    except OSError as error:
        raise Refused(f"execvp: {command[0]}: {error.strerror}") from None
    return 0
