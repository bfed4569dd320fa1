"""Say all that is wrong with a configuration file, without using it.

Without a file: the one that is in use. Each fault is one line with file and key;
what to do about it follows. Nothing is looked up on this host: that is what
"nexcage check config" does, for the file in use.

JSON: file, valid, problems (key, code, message, hint). What a value is, is only
said where its key cannot hold a secret. Exit status: 0 valid, 2 not.
"""

import os

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.errors import InvalidConfig, UsageError
from nexcage.jsontext import dumps
from nexcage.log import one_line

OPTIONS = (Option("format", "text or json", "text|json", "f", choices=("text", "json")),)
OPERANDS = "[FILE]"
EXAMPLES = (
    ("before a new file is put in place", "nexcage config check new.json"),
    ("the file in use", "nexcage config check"),
)


def run(call: Call) -> int:
    """Print what is wrong."""
    from nexcage.config import file_in_use
    from nexcage.config.checked import problems

    form = call.output_format("text", "json")
    file = call.operands.pop(0) if call.operands else file_in_use(call.config_path())
    call.no_more()
    if not file:
        raise UsageError(
            "no configuration file is in use, and none was named",
            code="config-missing", hint="name one: nexcage config check FILE",
        )  # fmt: skip
    found = problems(file)
    if form == "json":
        rows = [_row(problem) for problem in found]
        print(dumps({"file": os.path.abspath(file), "valid": not found, "problems": rows}, 2))
    else:
        for problem in found:
            hint = f" ({problem.hint})" if problem.hint else ""
            print(one_line(problem.message + hint))
        if not found:
            print(one_line(f"{file}: valid"))
    return 2 if found else 0


def _row(problem: InvalidConfig) -> dict[str, object]:
    return {
        "key": problem.data.get("key", ""),
        "code": problem.code,
        "message": one_line(problem.message),
        "hint": problem.hint,
    }
