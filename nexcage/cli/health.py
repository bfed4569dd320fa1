"""Say what is right and what is wrong: another name of check, see "nexcage help check"."""

from nexcage.cli.check import OPERANDS, OPTIONS, run

EXAMPLES = (("everything", "nexcage health"), ("only what is not right", "nexcage health --quiet"))

__all__ = ["EXAMPLES", "OPERANDS", "OPTIONS", "run"]
