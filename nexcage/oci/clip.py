"""Lowering what a bundle asks to what a restricted host may give.

A nested container or a locked-down virtual machine lacks CAP_SYS_RESOURCE or
other capabilities; there a driver fails on bundles that are fine elsewhere.
Lowering a limit or dropping a capability never weakens isolation, so it is
done with one warning each (``--clip auto``), or the driver's error is kept
(``--clip never``). ``always`` lowers to the host's own limits even where they
could be raised.
"""

from nexcage.errors import UsageError
from nexcage.host.facts import Facts
from nexcage.oci.rules import Object

MODES = ("auto", "always", "never")


def clip(process: Object, facts: Facts, mode: str, *, at: str, own_user_namespace: bool) -> list[str]:
    """Lower ``process`` in place; returns one sentence for each thing that was lowered.

    ``at`` is the JSON path of ``process`` for the sentences. In a user
    namespace of its own a process has every capability, so none is dropped.
    """
    if mode not in MODES:
        raise UsageError(f'--clip must be auto, always or never, not "{mode}"')
    if mode == "never":
        return []
    said: list[str] = []
    limited = process.get("rlimits") or (process.get("oomScoreAdj") or 0) < 0
    if limited and (mode == "always" or not facts.may_raise_limits()):
        said += _rlimits(process, facts, at)
        said += _oom_score(process, facts, at)
    if process.get("capabilities") and not own_user_namespace:
        said += _capabilities(process["capabilities"], facts, at)
    return said


def _rlimits(process: Object, facts: Facts, at: str) -> list[str]:
    said = []
    for i, row in enumerate(process.get("rlimits") or ()):
        limit = facts.hard_limit(row["type"])
        if limit < 0 or row["hard"] <= limit:  # unlimited, or unknown: the driver will say
            continue
        said.append(
            f"{at}.rlimits[{i}]: {row['type']} {row['hard']} lowered to {limit}, the hard limit of this host"
        )
        row["hard"] = limit
        row["soft"] = min(row["soft"], limit)
    return said


def _oom_score(process: Object, facts: Facts, at: str) -> list[str]:
    wanted = process.get("oomScoreAdj")
    lowest = facts.oom_score_adj()
    if wanted is None or wanted >= lowest:
        return []
    process["oomScoreAdj"] = lowest
    return [f"{at}.oomScoreAdj: {wanted} raised to {lowest}, the lowest that this host may give"]


def _capabilities(sets: Object, facts: Facts, at: str) -> list[str]:
    may = facts.grantable()
    dropped = set()
    for name, wanted in sets.items():
        kept = [capability for capability in wanted or () if capability in may]
        if wanted and len(kept) != len(wanted):
            dropped.update(set(wanted) - may)
            sets[name] = kept
    if not dropped:
        return []
    return [f"{at}.capabilities: {', '.join(sorted(dropped))} dropped: this host may not give it"]
