"""Show the processes of a container.

As a table (through ps of the host, with the options that follow the id), as a
JSON array of host pids, or with -q as host pids one a line. On a terminal a
line ends where the terminal does.
"""

from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.cli.output import columns, say, shortened
from nexcage.cli.target import find
from nexcage.errors import CommandFailed
from nexcage.host import process
from nexcage.jsontext import dumps

OPTIONS = (
    Option("format", "table or json", "table|json", "f"),
    Option("quiet", "only host pids, one a line", short="q"),
)
OPERANDS = "ID [PS-OPTION...]"
STOP_EARLY = True
EXAMPLES = (
    ("the processes of container web", "nexcage ps web"),
    ("their host pids", "nexcage ps --format json web"),
    ("with columns of ps", "nexcage ps web -o pid,rss,args"),
)


def run(call: Call) -> int:
    """runc's verb."""
    target = find(call, call.operand("the container id"))
    form = call.output_format("table", "json")
    target.require("ps", "created", "running", "paused")
    pids = target.driver.pids(target.record.handle)
    if call.flag("quiet"):
        print(*pids, sep="\n")
        return 0
    if form == "json":
        print(dumps(pids))
        return 0
    program = process.which("ps")
    if not program:
        raise CommandFailed("ps is not installed", hint="apt install procps, or use --format json")
    usual = ["-ef"] if target.driver.linux else ["-ax", "-o", "user,pid,ppid,state,time,args"]
    done = process.run([program, *(call.operands or usual)])
    if done.status != 0:
        raise CommandFailed(f"ps: {done.stderr.strip().splitlines()[0] if done.stderr else 'failed'}")
    room = columns()
    for line in _rows(done.stdout.splitlines(), {str(pid) for pid in pids}):
        say(shortened(line, room) if room else line)
    return 0


def _rows(lines: list[str], pids: set[str]) -> list[str]:
    """The heading and the lines of ``ps`` whose PID column is among ``pids``."""
    heading = lines[0].split() if lines else []
    if "PID" not in heading:
        raise CommandFailed(
            "ps printed no PID column", hint="give ps options that show it, such as -o pid,args"
        )
    column = heading.index("PID")
    return lines[:1] + [line for line in lines[1:] if pids.intersection(line.split()[column : column + 1])]
