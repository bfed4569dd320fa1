"""Print the versions of nexcage and of the specification.

The first line is what engines show. --format json adds the drivers of this host.
"""

from nexcage import SPEC_VERSION, __version__, paths
from nexcage.cli.call import Call
from nexcage.drivers import NAMES
from nexcage.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.drivers import Driver

OPTIONS = ()
OPERANDS = ""
EXAMPLES = (("versions, with the drivers", "nexcage version --format json"),)


def run(call: Call) -> int:
    """The lines that runc's and crun's callers parse."""
    call.no_more()
    root = call.root() or paths.run_root()
    if call.output_format("text", "json") == "json":
        drivers = [call.driver(name) for name in NAMES]
        print(dumps({"version": __version__, "spec": SPEC_VERSION, "rundir": root,
                     "drivers": {d.name: describe(d) for d in drivers}}, 2))  # fmt: skip
        return 0
    print(f"nexcage version {__version__}\nspec: {SPEC_VERSION}\nrundir: {root}")
    return 0


def describe(driver: "Driver") -> str:
    """A driver's name and version, or why it cannot run here."""
    reason = driver.fingerprint()
    return f"unusable: {reason.message}" if reason else driver.title()
