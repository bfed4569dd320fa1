"""What unit tests put in the place of a real host."""

# the drivers of Debian 12
CRUN, RUNC = ("crun", (1, 8, 1)), ("runc", (1, 1, 5))


class Host:
    """Facts of a host that gives what it is told to."""

    def __init__(self, *, may_raise=False, limits=None, oom=0, capabilities=("CAP_KILL",)):
        self._may_raise = may_raise
        self._limits = limits or {}
        self._oom = oom
        self._capabilities = set(capabilities)

    def may_raise_limits(self):
        return self._may_raise

    def hard_limit(self, name):
        return self._limits.get(name, -2)

    def oom_score_adj(self):
        return self._oom

    def grantable(self):
        return self._capabilities
