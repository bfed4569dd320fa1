"""nexcage.cli.completing: what could stand at the end of a line."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli.call import GLOBALS
from nexcage.cli.completing import containers, engine, values
from nexcage.cli.completing.line import split
from nexcage.cli.main import main
from nexcage.cli.options import parse
from nexcage.cli.verbs import GROUPS, PACKAGES, VERBS, module_name
from nexcage.state.record import Record
from tests.unit.made_containers import made

MODULES = {verb: importlib.import_module(module_name(verb)) for verb in VERBS}
STATUSES = {"c1": "created", "r1": "running", "p1": "paused", "s1": "stopped"}


def words(*typed):
    return [word for word, _ in engine.answer(typed).words]


@pytest.fixture
def known(tmp_path, monkeypatch):
    """Containers of each status, and of Proxmox VE."""
    root, programs = made(tmp_path, STATUSES)
    monkeypatch.setenv("PATH", str(programs))

    def with_one_of_pct(call, failures, wanted):
        rows = [*list_containers(call, failures, wanted)]
        if wanted("n1") and call.root() == str(root):
            rows.append((Record(id="n1", driver="pct"), {"status": "stopped"}))
        return sorted(rows, key=lambda row: row[0].id)

    list_containers = containers.containers
    monkeypatch.setattr(containers, "containers", with_one_of_pct)
    monkeypatch.setenv("NEXCAGE_ROOT", str(root))
    return root


def test_every_verb_is_offered_with_its_meaning():
    found = dict(engine.answer([""]).words)
    assert list(found) == list(dict.fromkeys(verb.partition(" ")[0] for verb in VERBS))
    assert found["state"] == VERBS["state"][1]
    assert words("re") == [verb for verb in found if verb.startswith("re")]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_second_words_of_a_package(package):
    assert words(package, "") == [v.partition(" ")[2] for v in VERBS if v.startswith(package + " ")]


@pytest.mark.parametrize("verb", VERBS)
def test_all_options_of_a_verb_are_offered_once(verb):
    found = words(*verb.split(), "--")
    expected = {f"--{option.name}" for option in (*MODULES[verb].OPTIONS, *GLOBALS)}
    assert set(found) == expected
    assert len(found) == len(expected)
    assert VERBS[verb][0] in GROUPS


def test_an_option_is_offered_again_only_if_it_may_be_repeated():
    assert "--env" in words("exec", "--env", "A=1", "--")
    assert "--tty" not in words("exec", "--tty", "--")
    assert "--tty" not in words("exec", "-t", "--")
    assert "--root" not in words("--root", "/r", "exec", "--ro")


def test_after_the_id_of_exec_and_after_two_dashes_there_are_no_options():
    assert words("exec", "web", "--") == []
    assert words("delete", "--", "--") == []


@pytest.mark.parametrize("verb", VERBS)
def test_each_value_that_is_offered_is_taken(verb):
    for option in (*MODULES[verb].OPTIONS, *GLOBALS):
        if not option.metavar or (verb, option.name) == ("spec", "rootless"):  # a flag there, as in runc
            continue
        offered = words(*verb.split(), f"--{option.name}", "")
        assert [f"--{option.name}={word}" for word in offered] == words(*verb.split(), f"--{option.name}=")
        for word in offered:
            parse([f"--{option.name}", word], (option,), stop_early=False)
        if option.choices:
            assert offered == list(option.choices)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        (["create", "--bundle", ""], "dirs"),
        (["create", "--config", ""], "files"),
        (["create", "-f", ""], "files"),
        (["create", "-dt", ""], "none"),
        (["create", "web", ""], "dirs"),
        (["create", ""], "none"),
        (["create", "--log", ""], "files"),
        (["create", "--log="], "files"),
        (["push", "web", ""], "files"),
        (["push", "web", "file", ""], "none"),
        (["pull", "web", ""], "none"),
        (["pull", "web", "/etc/hosts", ""], "files"),
        (["exec", "--cwd", ""], "none"),
        (["bundle", "inspect", ""], "dirs"),
        (["bundle", "create", "--template", ""], "files"),
        (["bundle", "delete", "one", ""], "dirs"),
        (["nonsense", ""], "none"),
        (["list", "more", ""], "none"),
    ],
)
def test_where_places_fit(typed, places):
    assert engine.answer(typed).places == places


def test_operands():
    assert words("kill", "web", "KI") == ["KILL"]
    assert words("check", "st") == ["storage", "state"]
    assert words("check", "storage", "st") == ["state"]
    assert words("completion", "") == ["bash", "zsh", "fish"]
    assert words("bundle", "template", "") == ["list"]
    assert words("help", "bundle", "ver") == ["verify"]
    assert "create" in words("help", "")
    assert words("list", "--columns", "u") == ["upstream"]
    assert words("exec", "--cap", "CAP_SYS_PT") == ["CAP_SYS_PTRACE"]
    assert words("bundle", "create", "--cap-add", "SYS_PT") == ["SYS_PTRACE"]
    assert words("list", "") == []
    assert words("nonsense", "") == []


IDS = {
    "create": [], "run": [], "restore": [],
    "start": ["c1", "n1"],
    "kill": ["c1", "p1", "r1"], "stop": ["c1", "p1", "r1"], "ps": ["c1", "p1", "r1"],
    "update": ["c1", "p1", "r1"], "events": ["c1", "p1", "r1"], "checkpoint": ["c1", "p1", "r1"],
    "delete": ["n1", "s1"],
    "exec": ["c1", "r1"], "pause": ["c1", "r1"],
    "resume": ["p1"],
    "state": ["c1", "n1", "p1", "r1", "s1"], "logs": ["c1", "n1", "p1", "r1", "s1"],
    "snapshot": ["n1"], "rollback": ["n1"], "push": [], "pull": [],
}  # fmt: skip


def test_each_verb_that_takes_an_id_is_known_here():
    firsts = {verb: values.OPERAND.findall(module.OPERANDS)[:1] for verb, module in MODULES.items()}
    assert {verb for verb, first in firsts.items() if first in (["ID"], ["ID..."])} == set(IDS)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("verb", IDS)
def test_ids_of_containers_that_the_verb_works_on(verb):
    assert words(verb, "") == IDS[verb]


@pytest.mark.usefixtures("known")
def test_more_ids():
    assert words("delete", "--force", "") == ["c1", "n1", "p1", "r1", "s1"]
    assert words("delete", "-f", "c1", "r1", "") == ["n1", "p1", "s1"]
    assert words("exec", "--ignore-paused", "p") == ["p1"]
    assert words("state", "r") == ["r1"]
    assert dict(engine.answer(["state", "r"]).words) == {"r1": "running, crun"}
    assert words("--root", "/nowhere", "state", "") == []
    assert words("state", "--root=/nowhere", "") == []


def test_a_status_that_cannot_be_found_out_is_no_reason_to_hide_an_id(known, monkeypatch):
    assert words("resume", "") == ["p1"]
    monkeypatch.setenv("PATH", str(known / "no programs"))
    assert words("resume", "") == ["c1", "p1", "r1"]


@pytest.mark.parametrize("name", ["$(reboot)", "a b", "a\x1b[31m", "`x`", "a;b", "a\nb"])
def test_a_name_that_a_shell_could_obey_is_not_offered(tmp_path, monkeypatch, capsys, name):
    root, programs = made(tmp_path, {name: "stopped", "web": "stopped"})
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("NEXCAGE_ROOT", str(root))
    assert words("state", "") == ["web"]
    assert main(["list", "-q"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_statuses_are_those_that_the_verbs_require():
    """Against their source: ``target.require("pause", "created", "running")``."""
    import ast
    import inspect

    seen = set()
    for verb, module in MODULES.items():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "require":
                given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                if given[1:]:
                    assert containers.STATUSES[verb] == tuple(given[1:]), verb
                    seen.add(verb)
    assert {"pause", "resume", "ps", "update", "push"} <= seen


@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.sampled_from([*VERBS, "--", "-", "--root", "-f", "--format="]))
    )
)
def test_nothing_typed_is_an_error(typed):
    found = engine.answer(["--root", "/nowhere", *typed])
    assert all(isinstance(word, str) for word, _ in found.words)


@pytest.mark.parametrize(
    ("line", "expected", "kept"),
    [
        ("nexcage ", ["nexcage", ""], ""),
        ("nexcage sta", ["nexcage", "sta"], ""),
        ("nexcage  state 'a b' c", ["nexcage", "state", "a b", "c"], ""),
        ("nexcage state 'a b", ["nexcage", "state", "a b"], ""),
        ('nexcage "" x', ["nexcage", "", "x"], ""),
        (r"nexcage a\ b", ["nexcage", "a b"], ""),
        ("nexcage --root=/v", ["nexcage", "--root=/v"], "--root="),
        ("nexcage --root=", ["nexcage", "--root="], "--root="),
        ("nexcage '--root=/v", ["nexcage", "--root=/v"], ""),
        ("nexcage --a=b x", ["nexcage", "--a=b", "x"], ""),
        ("nexcage oci:a:b", ["nexcage", "oci:a:b"], "oci:a:"),
    ],
)
def test_a_line_of_bash(line, expected, kept):
    assert split(line, "=:@") == (expected, kept)


def test_what_the_scripts_read(capsys):
    assert main(["completion", "words", "--", "stat"]) == 0
    assert capsys.readouterr().out == f"none\nstate\t{VERBS['state'][1]}\n"
    assert main(["completion", "line", "--", "nexcage list --format=js", "=:"]) == 0
    assert capsys.readouterr().out == "none\njson\t\n"
    assert main(["completion", "words", "--", "create", "--bundle", ""]) == 0
    assert capsys.readouterr().out == "dirs\n"


def test_an_error_is_no_output(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("NEXCAGE_ROOT", str(tmp_path))
    tmp_path.chmod(0o777)
    assert main(["completion", "words", "--", "state", ""]) == 0
    assert capsys.readouterr().err == ""


def test_shells(capsys):
    assert main(["completion", "tcsh"]) == 2
    assert "unknown shell" in capsys.readouterr().err
    assert main(["completion"]) == 2
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        assert "completion" in capsys.readouterr().out
