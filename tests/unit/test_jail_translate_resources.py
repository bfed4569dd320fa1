"""Resources, the process that is held, and hooks."""

import pytest

from nexcage.errors import InvalidBundle, Unsupported
from tests.unit.jail_request import bare, facts, jail, limited, translated

RATES = [{"major": 8, "minor": 0, "rate": 600}, {"major": 8, "minor": 16, "rate": 500}]


@pytest.mark.parametrize(
    ("resources", "rules"),
    [
        ({}, []),
        ({"memory": {"limit": 1 << 25}}, ["memoryuse:sigkill=33554432"]),
        ({"memory": {"limit": 1 << 25, "swap": 1 << 26}},
         ["memoryuse:sigkill=33554432", "swapuse:deny=67108864"]),
        ({"memory": {"limit": -1, "swap": -1}}, []),
        ({"cpu": {"quota": 50_000, "period": 100_000}}, ["pcpu:deny=50"]),
        ({"cpu": {"quota": 250_000}}, ["pcpu:deny=250"]),
        ({"cpu": {"quota": 1000, "period": 1_000_000}}, ["pcpu:deny=1"]),
        ({"cpu": {"quota": 12_500}}, ["pcpu:deny=12"]),
        ({"cpu": {"quota": -1}}, []),
        ({"cpu": {"quota": 2**63 - 1, "period": 1}}, ["pcpu:deny=9223372036854775807"]),
        ({"pids": {"limit": 7}}, ["maxproc:deny=7"]),
        ({"pids": {"limit": -1}}, []),
        ({"blockIO": {"throttleReadBpsDevice": RATES}}, ["readbps:throttle=500"]),
        ({"blockIO": {"throttleWriteBpsDevice": RATES}}, ["writebps:throttle=500"]),
        ({"blockIO": {"throttleReadIOPSDevice": RATES}}, ["readiops:throttle=500"]),
        ({"blockIO": {"throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 0}]}}, []),
    ],
)  # fmt: skip
def test_rules(resources, rules):
    assert translated(limited(**resources)).limits == [f"jail:web:{rule}" for rule in rules]


def test_rules_name_the_whole_name():
    config = jail(parent="pod") | {"linux": {"resources": {"pids": {"limit": 7}}}}
    assert translated(config, id="a.b").limits == ["jail:pod.a@b:maxproc:deny=7"]


def test_throttles_are_said_to_hold_for_the_jail():
    out = translated(limited(blockIO={"throttleReadBpsDevice": RATES}))
    assert any("throttleReadBpsDevice: holds for all I/O" in note for note in out.notes)


def test_without_racct_a_limit_is_refused_with_the_line_to_write():
    config = limited(memory={"limit": 1 << 25})
    with pytest.raises(Unsupported) as caught:
        translated(config, facts=facts(racct=False))
    assert caught.value.code == "racct-disabled"
    assert "kern.racct.enable=1" in caught.value.hint
    assert "/boot/loader.conf" in caught.value.hint
    out = translated(config, facts=facts(racct=False), permissive=True)
    assert out.limits == []
    assert any("memory.limit is" in w or "memory.limit: is ignored" in w for w in out.warnings)
    assert translated(limited(cpu={"cpus": "0"}), facts=facts(racct=False)).cpus == "0"


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("0-3,7", "0-3,7"), (" 1 ", "1"), ("0-6:2", "0,2,4,6"), ("3,2,1", "1-3"), ("0-1,1-2", "0-2"), ("", "")],
)
def test_cpus(text, cpus):
    assert translated(limited(cpu={"cpus": text})).cpus == cpus


@pytest.mark.parametrize("text", ["4", "0-4", "0-3:0", "99999999", "3-1", "a", "1,,2", "-1", "9" * 5000])
def test_cpus_that_are_none_or_not_there(text):
    with pytest.raises(InvalidBundle, match=r"resources\.cpu"):
        translated(limited(cpu={"cpus": text}), facts=facts(cpus=4))


class TestProcess:
    def held(self, **process):
        return translated(bare(process={"args": ["sh"], "cwd": "/", **process})).held

    def test_all_of_it(self):
        held = self.held(
            args=["/bin/x", "a b", ""], cwd="/tmp", env=["A=1", "B="], noNewPrivileges=True, terminal=True,
            consoleSize={"height": 24, "width": 80},
            user={"uid": 5, "gid": 6, "umask": 0o77, "additionalGids": [7, None, 8]},
        )  # fmt: skip
        assert (held.args, held.cwd, held.env) == (["/bin/x", "a b", ""], "/tmp", ["A=1", "B="])
        assert (held.uid, held.gid, held.groups, held.umask) == (5, 6, [7, 8], 0o77)
        assert (held.no_new_privileges, held.terminal, held.size) == (True, True, (24, 80))

    def test_what_is_usual(self):
        held = self.held()
        assert (held.uid, held.gid, held.groups, held.umask) == (0, 0, [], 0o22)
        assert (held.no_new_privileges, held.terminal, held.size, held.env) == (False, False, None, [])
        assert self.held(user={"umask": 0}).umask == 0

    def test_limits(self):
        rows = [
            {"type": "RLIMIT_NOFILE", "soft": 5, "hard": 2**64 - 1},
            {"type": "RLIMIT_SWAP", "soft": 2**63 - 1, "hard": 2**63},
        ]
        assert self.held(rlimits=rows).limits == [("RLIMIT_NOFILE", 5, None), ("RLIMIT_SWAP", None, None)]

    @pytest.mark.parametrize("name", ["RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_BOGUS"])
    def test_limits_that_freebsd_has_not(self, name):
        with pytest.raises(Unsupported, match=r"rlimits\[0\]"):
            self.held(rlimits=[{"type": name, "soft": 1, "hard": 1}])

    def test_too_many_groups(self):
        with pytest.raises(Unsupported):
            self.held(user={"additionalGids": list(range(1, 1026))})

    @pytest.mark.parametrize("process", [{"args": ["\ud800"]}, {"env": ["A=\ud800"]}, {"cwd": "/\ud800"}])
    def test_half_characters(self, process):
        with pytest.raises(InvalidBundle, match="half a character"):
            self.held(**process)


def test_hooks_run_in_their_order_and_place():
    stages = ("poststop", "poststart", "startContainer", "createContainer", "createRuntime", "prestart")
    given = {stage: [{"path": f"/{stage}"}] for stage in stages}
    found = [(h.stage, h.where, h.hook["path"]) for h in translated(bare(hooks=given)).hooks]
    assert found == [
        (stage, "jail" if stage == "startContainer" else "host", f"/{stage}") for stage in reversed(stages)
    ]


@pytest.mark.parametrize(
    "linux",
    [
        {"seccomp": {"defaultAction": "SCMP_ACT_ERRNO"}},
        {"namespaces": [{"type": "user"}]},
        {"maskedPaths": ["/etc/x"]},
        {"resources": {"unified": {"a": "b"}}},
        {"intelRdt": {"closID": "x"}},
    ],
)
def test_what_a_jail_cannot_give_is_refused_by_name(linux):
    with pytest.raises(Unsupported, match=r"\$\.linux\.[a-zA-Z.]+.*not supported by jail"):
        translated(bare(linux=linux))
    assert translated(bare(linux=linux), permissive=True).warnings
