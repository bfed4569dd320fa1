"""The scripts of nexcage completion in the shells themselves: what a Tab makes of a line."""

import os
import shutil
import subprocess

import pytest

from tests.unit.made_containers import made
from tests.unit.shells import NEXCAGE, Shell, need

STATUSES = {"web": "running", "db": "created", "old": "stopped"}
LINES = [
    ("nexcage stat", "nexcage state"),
    ("nexcage --log-level deb", "nexcage --log-level debug"),
    ("nexcage list --form", "nexcage list --format"),
    ("nexcage list --format js", "nexcage list --format json"),
    ("nexcage list --format=js", "nexcage list --format=json"),
    ("nexcage bundle ins", "nexcage bundle inspect"),
    ("nexcage help bundle ver", "nexcage help bundle verify"),
    ("nexcage check stor", "nexcage check storage"),
    ("nexcage kill web KI", "nexcage kill web KILL"),
    ("nexcage kill --signal WIN", "nexcage kill --signal WINCH"),
    # ids by the status that the verb works on
    ("nexcage start ", "nexcage start db"),
    ("nexcage pause w", "nexcage pause web"),
    ("nexcage pause o", "nexcage pause o"),
    ("nexcage delete ", "nexcage delete old"),
    ("nexcage delete --force w", "nexcage delete --force web"),
    ("nexcage delete old ", "nexcage delete old"),
    ('nexcage exec "w', "nexcage exec web"),
    ("nexcage --root elsewhere state w", "nexcage --root elsewhere state w"),
    ("nexcage --root=root state w", "nexcage --root=root state web"),
    # files and directories, also behind an equals sign
    ("nexcage create --bundle bun", "nexcage create --bundle bundle one"),
    ("nexcage create --bundle=bun", "nexcage create --bundle=bundle one"),
    ("nexcage create new bun", "nexcage create new bundle one"),
    ("nexcage update --resources co", "nexcage update --resources conf.json"),
    ("nexcage create --bundle co", "nexcage create --bundle co"),
    # what nobody knows stays as it is
    ("nexcage nonsense w", "nexcage nonsense w"),
    ("nexcage state --nonsense=w", "nexcage state --nonsense=w"),
    ("nexcage exec web ho", "nexcage exec web ho"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A working directory with a root, a bundle, files and a program named crun."""
    directory = tmp_path_factory.mktemp("shell")
    made(directory, STATUSES)
    (directory / "bundle one").mkdir()
    (directory / "conf.json").write_text("{}")
    return directory


@pytest.fixture(scope="module", params=["bash", "zsh"])
def shell(request, place):
    started = Shell(request.param, place, place / "bin", env={"NEXCAGE_ROOT": str(place / "root")})
    yield started
    started.close()


def in_fish(place, command):
    """What fish says; the script is where fish looks for completions."""
    need("fish")
    where = place / "fish" / "completions"
    if not where.exists():
        where.mkdir(parents=True)
        (place / "fish-path").mkdir()
        (place / "fish-path" / "nexcage").symlink_to(NEXCAGE)
        script = subprocess.run([NEXCAGE, "completion", "fish"], capture_output=True, check=True)
        (where / "nexcage.fish").write_bytes(script.stdout)
    path = ":".join(map(str, (place / "fish-path", place / "bin", os.environ["PATH"])))
    env = {"HOME": str(place), "XDG_CONFIG_HOME": str(place), "PATH": path, "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["fish", "--command", command], capture_output=True, text=True, timeout=30, check=False, cwd=place,
        env=env | {"NEXCAGE_ROOT": str(place / "root")},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(("line", "completed"), LINES)
def test_a_tab_completes(shell, line, completed):
    seen = " ".join(shell.completed(line)).rstrip("/")
    assert seen == completed.rstrip()


def test_two_tabs_show_what_there_is(shell):
    assert {"start", "state"} <= shell.offered("nexcage sta", "start", "state")
    assert {"web", "db", "old"} <= shell.offered("nexcage state ", "web", "db", "old")
    assert "old" not in shell.offered("nexcage exec ", "web", "db")


@pytest.mark.parametrize(("line", "completed"), LINES)
def test_fish_completes(place, line, completed):
    typed = line.replace("'", "\\'")
    found = [said.partition("\t")[0].rstrip("/") for said in in_fish(place, f"complete -C '{typed}'")]
    # fish's own names for what a quote has opened, a path's blanks and directories
    last = completed.rpartition(" ")[2] if "bundle one" not in completed else "bundle one"
    found = [word.replace("\\ ", " ").rpartition("=")[2] if "=" in word else word for word in found]
    last = last.rpartition("=")[2] if "=" in last else last
    unchanged = line.rstrip() == completed
    assert last not in found if unchanged else last in found


def test_fish_says_what_a_word_means(place):
    assert "state\tprint the state of a container as JSON" in in_fish(place, "complete -C 'nexcage stat'")
    assert in_fish(place, "complete -C 'nexcage exec w'") == ["web\trunning, crun"]


def test_zsh_finds_the_script_in_its_path(place):
    directory = place / "functions"
    directory.mkdir()
    script = subprocess.run([NEXCAGE, "completion", "zsh"], capture_output=True, check=True).stdout
    (directory / "_nexcage").write_bytes(script)
    shell = Shell("zsh", place, place / "bin", env={"NEXCAGE_ROOT": str(place / "root")})
    shell._type(f"compdef -d nexcage; unfunction _nexcage; fpath=({directory} $fpath); compinit -u -D\n")
    assert " ".join(shell.completed("nexcage start ")) == "nexcage start db"
    assert " ".join(shell.completed("nexcage stat")) == "nexcage state"
    shell.close()


def test_bash_completes_after_a_pipe_and_an_assignment(place):
    shell = Shell("bash", place, place / "bin")
    assert shell.completed("NEXCAGE_ROOT=root nexcage stat")[-1] == "state"
    assert "state" in shell.offered("true | nexcage sta", "start", "state")
    shell.close()


@pytest.mark.parametrize("name", ["bash", "zsh"])
@pytest.mark.parametrize(
    "program", ["nexcage-in-path/nexcage", "./nexcage-in-path/nexcage", "~/nexcage-in-path/nexcage"]
)
def test_the_program_that_was_typed_is_asked(place, name, program):
    shell = Shell(name, place, place / "bin", env={"NEXCAGE_ROOT": str(place / "root")})
    shell._type("PATH=/usr/bin:/bin; hash -r\n")  # no other nexcage can answer
    assert shell.completed(f"{program} stat")[1:] == ["state"]
    shell.close()


def test_bash_with_other_word_breaks(place):
    shell = Shell("bash", place, place / "bin")
    shell._type("COMP_WORDBREAKS=${COMP_WORDBREAKS//=}\n")
    assert shell.completed("nexcage list --format=js") == ["nexcage", "list", "--format=json"]
    shell.close()


def test_an_error_is_never_shown_at_a_prompt(place):
    shell = Shell("bash", place, env={"NEXCAGE_CONFIG": "/nowhere.json", "NEXCAGE_ROOT": "/dev/null"})
    shell.completed("nexcage state w")
    assert "nexcage: " not in shell.seen
    shell.close()


@pytest.mark.skipif(
    not shutil.which("shellcheck") and "CI" not in os.environ, reason="shellcheck is not installed"
)
def test_shellcheck_has_nothing_to_say_of_the_bash_script(tmp_path):
    script = tmp_path / "nexcage.bash"
    script.write_bytes(
        subprocess.run([NEXCAGE, "completion", "bash"], capture_output=True, check=True).stdout
    )
    done = subprocess.run(["shellcheck", "-s", "bash", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""
