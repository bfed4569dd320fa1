"""What a bundle's config.json can begin as."""

from nexcage.bundler.config.profiles import SUMMARIES
from nexcage.cli.call import Call
from nexcage.errors import UsageError

OPTIONS = ()
OPERANDS = "list"
EXAMPLES = (("the profiles, a line each", "nexcage bundle template list"),)


def run(call: Call) -> int:
    """The names for ``bundle create --profile``; the first is the default."""
    if call.operands[:1] != ["list"]:
        given = f'not "{call.operands[0]}"' if call.operands else "and it has to be said"
        raise UsageError(
            f'the only word after template is "list", {given}', hint="nexcage bundle template list"
        )
    call.operands.pop(0)
    call.no_more()
    if call.output_format("text", "json") == "json":
        from nexcage.jsontext import dumps

        print(dumps([{"name": name, "summary": summary} for name, summary in SUMMARIES.items()], 2))
        return 0
    for name, summary in SUMMARIES.items():
        print(f"{name:<10}{summary}")
    return 0
