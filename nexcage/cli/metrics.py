"""Print numbers for Prometheus: containers, what commands came to, and what the checks say.

The checks are made once for it, as "nexcage check" does without --deep. The text
is for the textfile collector of the node exporter; "nexcage check --watch" is a
service that can be asked for the same. What commands did is counted in the root
of the records, from the time that it exists.
"""

from nexcage import log
from nexcage.cli.call import Call

OPTIONS = ()
OPERANDS = ""
EXAMPLES = (("print them", "nexcage metrics"),)


def run(call: Call) -> int:
    """The text format of Prometheus, version 0.0.4; the exit status says nothing of what the checks found."""
    from nexcage.watch import gather, metrics

    call.no_more()
    call.output_format("text")
    found = gather.look(call, ())
    done = metrics.operations(store.root for store in call.stores())
    for path in done.damaged:
        log.warning(f"{path} is damaged: operations are counted anew", code="operations-damaged")
    print(metrics.page(found, done, 0 if found.failures else found.time), end="")
    return 0
