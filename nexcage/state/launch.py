"""The file from which the launcher answers hot verbs without Python (nexcage/launcher.sh).

Program, its root, the driver's name for the container, then the state document with two lines to fill in.
The launcher gives up where it is older than the record, so it is written after that.
"""

from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.state.record import Record

NAME = "launch"
DRIVERS = ("crun", "runc")


def suits(record: "Record", rootless: str) -> bool:
    """Whether the launcher can do for the container: it knows no options of the drivers."""
    return record.driver in DRIVERS and not record.cgroup_manager and not rootless


def text(program: str, root: str, record: "Record") -> bytes:
    """What the file says; ``root`` is where the driver keeps its state."""
    return (program + "\n" + facts(root, record)).encode()


def facts(root: str, record: "Record") -> str:
    """All of it but the program, which may have been moved since."""
    return f"{root}\n{record.handle}\n{dumps(record.document('@', 0), 2)}\n"
