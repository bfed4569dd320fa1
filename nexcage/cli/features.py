"""Print what this runtime can do, as the specification's features document.

For the driver that a new container would get, or the one named by --runtime.
The annotations io.nexcage.driver.* say of each driver its version, or why it
cannot run on this host.
"""

from nexcage.cli.call import Call
from nexcage.cli.version import describe
from nexcage.drivers import NAMES
from nexcage.drivers.choose import choose
from nexcage.errors import DriverUnavailable
from nexcage.jsontext import dumps
from nexcage.oci.features import document, generic

OPTIONS = ()
OPERANDS = ""
EXAMPLES = (("what can be put into a bundle", "nexcage features"),)


def run(call: Call) -> int:
    """features.md. Printed also where no driver can run: the annotations say why."""
    call.no_more()
    call.output_format("json")
    drivers = {name: describe(call.driver(name)) for name in NAMES}
    try:
        base = choose(call, {}).features()
    except DriverUnavailable:
        if call.text("runtime") or call.text("backend"):
            raise
        base = generic(set())
    print(dumps(document(base, drivers), 2))
    return 0
