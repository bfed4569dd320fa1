"""nexcage.bundler.config.seccomp: the filter for a set of capabilities."""

import pytest

from nexcage.bundler.config import syscalls
from nexcage.bundler.config.seccomp import profile
from nexcage.host.facts import CAPABILITIES


def outcomes(filter, name):
    """Actions for a call without regard to its arguments, and how many rules look at them."""
    rules = [rule for rule in filter["syscalls"] if name in rule["names"]]
    plain = {(rule["action"], rule.get("errnoRet")) for rule in rules if "args" not in rule}
    return plain, sum("args" in rule for rule in rules)


ALLOW = {("SCMP_ACT_ALLOW", None)}
EPERM = {("SCMP_ACT_ERRNO", 1)}


@pytest.mark.parametrize(
    "name", ["read", "execve", "futex", "openat2", "ptrace", "epoll_wait", "setuid", "statx"]
)
def test_what_programs_do_is_allowed(name):
    assert outcomes(profile([], "amd64"), name) == (ALLOW, 0)


@pytest.mark.parametrize(
    "name", ["mount", "bpf", "keyctl", "unshare", "setns", "reboot", "init_module", "chroot", "userfaultfd"]
)
def test_what_is_too_powerful_fails_as_for_a_user(name):
    assert outcomes(profile([], "amd64"), name) == (EPERM, 0)


@pytest.mark.parametrize("name", ["io_uring_setup", "clone3"])
def test_what_has_an_older_form_is_not_there(name):
    filter = profile([], "amd64")
    assert (filter["defaultAction"], filter["defaultErrnoRet"]) == ("SCMP_ACT_ERRNO", 38)
    assert outcomes(filter, name) == (set(), 0)


@pytest.mark.parametrize("capability", sorted(syscalls.BY_CAPABILITY))
def test_a_capability_allows_its_calls(capability):
    assert capability in CAPABILITIES
    filter = profile([capability], "amd64")
    for name in syscalls.BY_CAPABILITY[capability].split():
        assert outcomes(filter, name) == (ALLOW, 0)


def test_new_namespaces_are_refused_by_the_flags_of_clone():
    rules = [rule for rule in profile([], "amd64")["syscalls"] if rule["names"] == ["clone"]]
    allowed = [rule for rule in rules if rule["action"] == "SCMP_ACT_ALLOW"]
    assert [rule["args"] for rule in allowed] == [
        [{"index": 0, "value": 0x7E020000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]
    ]
    assert len(rules) == 8
    s390 = [rule for rule in profile([], "s390x")["syscalls"] if rule["names"] == ["clone"]]
    assert {rule["args"][0]["index"] for rule in s390} == {1}


def test_no_call_is_both_allowed_and_refused():
    for held in ([], ["SYS_ADMIN"], ["SYS_PTRACE"], list(CAPABILITIES)):
        for strict in (False, True):
            names = [
                n
                for rule in profile(held, "amd64", strict=strict)["syscalls"]
                if "args" not in rule
                for n in rule["names"]
            ]
            assert len(names) == len(set(names))


def test_strict_refuses_tracing_unless_it_was_asked_for():
    assert outcomes(profile([], "amd64", strict=True), "ptrace") == (EPERM, 0)
    assert outcomes(profile(["SYS_PTRACE"], "amd64", strict=True), "ptrace") == (ALLOW, 0)


def test_architectures_with_those_that_the_kernel_also_runs():
    assert profile([], "amd64")["architectures"] == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]
    assert profile([], "arm64")["architectures"] == ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]
    assert "architectures" not in profile([], "loong64")


def test_it_is_the_same_every_time():
    assert profile(["CHOWN", "SYS_ADMIN"], "amd64") == profile(["SYS_ADMIN", "CHOWN"], "amd64")
