"""nexcage.cli.bundle.wishes: the options of bundle create that change config.json."""

import pytest

from nexcage import log
from nexcage.cli.bundle.wishes import OPTIONS, wishes
from nexcage.cli.call import Call
from nexcage.cli.options import parse
from nexcage.errors import UsageError


def asked(*words):
    return wishes(Call("bundle create", *parse(words, OPTIONS, stop_early=False)))


def test_nothing_said_is_nothing_asked():
    wished = asked()
    assert wished.entrypoint is None
    assert not any(getattr(wished, name) for name in wished.__slots__)


def test_arguments_are_those_of_the_option_and_then_the_operands():
    assert asked("--arg", "-x", "--arg=y", "--", "z", "--env").args == ["-x", "y", "z", "--env"]


def test_every_option_arrives(tmp_path):
    (tmp_path / "t.j2").write_text("{{ config | tojson }}")
    wished = asked(
        "--profile", "hardened", "--entrypoint", '["a", "b"]', "--env", "A=b=c", "--user", "1:2",
        "--cwd", "/a/../b", "--hostname", "web", "--mount", "type=tmpfs,dst=/m", "--volume", "/:/v:ro",
        "--tmpfs", "/t", "--memory", "1g", "--cpus", "2", "--pids", "7", "--cap-add", "net_raw",
        "--cap-drop", "all", "--read-only", "--annotation", "k=v", "--device", "/dev/null:r",
        "--network", "host", "--template", f"{tmp_path}/t.j2", "--set", "n:=1",
    )  # fmt: skip
    assert (wished.profile, wished.entrypoint, wished.environment) == ("hardened", ["a", "b"], ["A=b=c"])
    assert (wished.user, wished.cwd, wished.hostname, wished.network) == ("1:2", "/b", "web", "host")
    assert [row["destination"] for row in wished.mounts] == ["/m", "/v", "/t"]
    assert (wished.memory, wished.cpu_quota, wished.pids) == (1 << 30, 200000, 7)
    assert (wished.cap_add, wished.cap_drop, wished.read_only) == (["NET_RAW"], ["ALL"], True)
    assert wished.annotations == {"k": "v"}
    assert [(device.minor, device.access) for device in wished.devices] == [(3, "r")]
    assert (wished.template, wished.settings) == ("{{ config | tojson }}", {"n": 1})


def test_a_variable_without_a_value_is_the_callers(monkeypatch):
    said = []
    monkeypatch.setattr(log, "warning", lambda message, **_: said.append(message))
    monkeypatch.setenv("NX_GIVEN", "secret")
    monkeypatch.delenv("NX_ABSENT", raising=False)
    assert asked("--env", "NX_GIVEN", "--env", "NX_ABSENT", "--env", "NX_EMPTY=").environment == [
        "NX_GIVEN=secret",
        "NX_EMPTY=",
    ]
    assert said == ["--env NX_ABSENT: the caller has no such variable, so it is left out"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--env", "=secret"], "option --env takes NAME=VALUE or NAME"),
        (["--cwd", "srv"], '--cwd "srv" must be an absolute path'),
        (["--network", "bridge"], '--network must be none, host or ns:PATH, not "bridge"'),
        (["--network", "ns:rel"], "must be none, host or ns:PATH"),
        (["--network", "ns:/nowhere"], "there is no such namespace"),
        (["--set", "a=b"], "--set is for a template"),
        (["--template", "/nowhere.j2"], 'cannot read --template "/nowhere.j2": no such file or directory'),
        (["--profile", "bogus"], "must be one of default, hardened, minimal, freebsd"),
        (["--tmpfs", "/a", "--tmpfs", "/a"], 'two mounts on "/a"'),
        (["--hostname", "a@b"], "is no host name"),
        (["--cap-add", "bogus"], "there is no capability"),
        (["--user", "a:"], "is not USER or USER:GROUP"),
        (["--arg", "\udcff"], "--arg is not UTF-8"),
        (["--", "\udcff"], "arguments are not UTF-8"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_fetched(words, message):
    with pytest.raises(UsageError) as caught:
        asked(*words)
    assert message in caught.value.message
    assert "secret" not in caught.value.message


def test_a_template_is_read_before_anything_is_fetched(tmp_path):
    for text, words in (("\n{% if %}", "t.j2:2: "), (" \n", "is empty")):
        (tmp_path / "t.j2").write_text(text)
        with pytest.raises(UsageError, match=words):
            asked("--template", f"{tmp_path}/t.j2")


def test_a_device_of_a_jail_is_not_looked_for_on_this_host():
    assert asked("--profile", "freebsd", "--device", "/dev/nowhere").devices[0].path == "/dev/nowhere"


def test_every_option_has_help():
    assert all(option.help and (option.metavar or option.name == "read-only") for option in OPTIONS)
