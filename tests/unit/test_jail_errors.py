"""nexcage.drivers.jail.errors: what FreeBSD's tools say becomes one line, a class, a stable code, a hint."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers._call import alternatives
from nexcage.drivers.jail.errors import TOOLS, UNKNOWN, classify
from nexcage.drivers.jail.texts import CHILDREN, CREATING, TABLE
from nexcage.errors import CommandFailed, NexcageError
from step_defs.classify import jail_argv, jail_error_of, jail_notes, jail_report, main
from tests.unit.jail_expected import FAILURES, SCRIPTS, WRITTEN

DATA = Path(__file__).resolve().parents[1] / "data" / "jail" / "failures.json"
RECORDINGS = json.loads(DATA.read_text(encoding="utf-8"))
SINGLE = [recording for recording in RECORDINGS if recording["argv"][0] != "sh"]
SHELL = [recording for recording in RECORDINGS if recording["argv"][0] == "sh"]
ROWS = [*TABLE, *CREATING, *CHILDREN]
SLUG = re.compile("[a-z]+(-[a-z0-9]+)*")
ENGINE_WORDS = re.compile("not found|no such file", re.IGNORECASE)
WEB = 'container "web" (JID 7)'
CREATE = ("jail", "-c", "name=web", "path=/x", "persist")


def said(stderr, *argv, status=1, stdout="", id="web", jid=7):
    argv = list(argv or CREATE)
    return classify(argv[0], argv, status, stdout, stderr, id=id, jid=jid)


def tool_of(text):
    """The tool that would print ``text``."""
    tool = text.partition(":")[0].partition(" ")[0].partition("_")[0]
    return CREATE if tool == "jail" else (tool, "x")


@pytest.mark.parametrize(("recording", "row"), list(zip(SINGLE, FAILURES, strict=True)))
def test_each_recording_is_what_the_table_says(recording, row):
    name, code, kind = row
    error = jail_error_of(recording)
    assert recording["name"] == name
    assert (error.code if error else "", type(error) if error else None) == (code, kind)
    if error is None:
        assert jail_argv(recording["argv"])[0] in ("jexec", "ps", "pkill")
        return
    assert "\n" not in error.message
    assert error.message.startswith('container "web" (JID 7)') or code == "executable-missing"
    assert not ENGINE_WORDS.search(error.message) or code == "executable-missing"
    assert not error.message.endswith(".")
    assert '""' not in error.message
    assert error.data["status"] == recording["exit"]
    assert error.data["stderr"] == recording["stderr"]


@pytest.mark.parametrize(("recording", "row"), list(zip(SHELL, SCRIPTS, strict=True)))
def test_scripts_are_noted_by_what_their_tools_said(recording, row):
    assert recording["name"] == row[0]
    assert jail_notes(recording) == row[1]


def test_the_report_counts_calls_and_only_notes_scripts(tmp_path, capsys):
    assert main(["jail", str(DATA)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == f"failed {len(SINGLE)}, unclassified 0"
    assert sum(": script: " in line for line in out) == len(SHELL)
    assert (
        "jexec t1 /bin/sh -c 'exit 42': program-status: the program in the container: exit status 42" in out
    )
    assert "pkill -TERM -j t1 .: no-process: nothing fits" in out
    odd = {"argv": ["/usr/sbin/jail", "-r", "web"], "exit": 1, "stdout": "", "stderr": "jail: it rains\n"}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps([odd, *SHELL]), encoding="utf-8")
    assert main(["jail", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "failed 1, unclassified 1"


def test_full_recordings_where_they_are():
    beside = Path(__file__).resolve().parents[3] / "shared" / "transcripts"
    path = Path(os.environ.get("NEXCAGE_TRANSCRIPTS", beside)) / "jail.json"
    if not path.exists():
        pytest.skip("the full recordings are not here")
    _, failed, unknown = jail_report(json.loads(path.read_text(encoding="utf-8")))
    assert failed > 70
    assert unknown == 0


@pytest.mark.parametrize(("text", "code"), WRITTEN)
def test_texts_of_reference_and_sources(text, code):
    error = said(text + "\n", *tool_of(text))
    assert error.code == code
    assert error.message.startswith('container "web" (JID 7)') or code == "executable-missing"
    assert '""' not in error.message
    assert not ENGINE_WORDS.search(error.message) or code == "executable-missing"


@pytest.mark.parametrize(
    ("argv", "stderr", "message", "hint"),
    [
        (
            CREATE,
            "ifconfig: interface e0b does not exist\njail: /sbin/ifconfig e0b vnet 7: failed\n",
            'container "web" (JID 7): the interface "e0b" does not exist here, or is in another jail',
            "ifconfig -l lists the interfaces that are on the host",
        ),
        (
            CREATE,
            "ifconfig: the moon is full\njail: web: /sbin/ifconfig e0b vnet 7: failed\n",
            'container "web" (JID 7): the interface "e0b" could not be set up: ifconfig: the moon is full',
            "ifconfig -l lists the interfaces that are on the host",
        ),
        (
            CREATE,
            "jail: unknown parameter: allow.mount.zfs\n",
            (
                f'{WEB}: this kernel does not know the parameter "allow.mount.zfs": '
                "its file system is not loaded"
            ),
            "kldload zfs, or leave it out",
        ),
        (
            ("jail", "-c", "name=pod.web", "path=/x", "persist"),
            "jail: jail_set: Operation not permitted\n",
            (
                f"{WEB}: the parent jail does not allow it: no room for children, "
                "or a right that it lacks itself"
            ),
            "jls -n name children.max children.cur shows the room; jail -m raises it",
        ),
        (
            ("jail", "-c", "name=" + "n" * 256, "path=/x", "persist"),
            "jail: jail_set: File name too long\n",
            'container "web" (JID 7): the parameter "name" is too long for a jail',
            "at most 255 bytes",
        ),
        (
            ("mount", "-t", "linprocfs", "linproc", "/x/proc"),
            "mount: linproc: Operation not supported by device\n",
            'container "web" (JID 7): this kernel has no file system "linprocfs"',
            "kldload linprocfs, or correct the type",
        ),
        (
            ("rctl", "-a", "jail:web:maxproc:deny=5"),
            "rctl: RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable\n",
            'container "web" (JID 7): limits cannot be set: resource accounting is disabled',
            "put kern.racct.enable=1 into /boot/loader.conf and reboot",
        ),
        (
            ("jls", "-j", "7"),
            "jls: jail 7 is dying\n",
            'container "web" (JID 7): container not running: its jail is dying',
            "jls -d jid name dying shows when its last process has been reaped",
        ),
    ],
)
def test_messages_and_hints(argv, stderr, message, hint):
    error = said(stderr, *argv)
    assert (error.message, error.hint) == (message, hint)


def test_a_missing_parent_is_not_a_missing_jail():
    text = 'jail: jail "a" not found\n'
    assert said(text, "jail", "-q", "-c", "name=a.web").code == "parent-missing"
    assert said(text, "jail", "-f", "c.conf", "-c", "web").code == "parent-missing"
    assert said(text, "jail", "-m", "name=c").code == "jail-missing"
    assert said(text, "jail", "-f", "-c", "-r", "web").code == "jail-missing"  # -c is the file's name


def test_jexec_is_told_apart_from_its_program():
    for status in (1, 2, 126, 127, 137):
        assert said("sh: x: not found\n", "jexec", "7", "sh", status=status) is None
        assert said("", "jexec", "7", "sh", status=status) is None
    own = 'jexec: jail "t1" not found\n'
    assert said(own, "jexec", "t1", "sh").code == "jail-missing"
    assert said(own, "jexec", "t1", "sh", status=2) is None  # jexec itself ends with 1
    assert said("hello\n" + own, "jexec", "t1", "sh") is None  # jexec says nothing after it has begun
    assert said(own + "hello\n", "jexec", "t1", "sh") is None
    assert said("jexec: it rains\n", "jexec", "t1", "sh").code == UNKNOWN


def test_a_missing_program_has_the_words_of_engines():
    error = said("jexec: execvp: nope: No such file or directory\n", "jexec", "7", "nope")
    assert error.message == 'executable file "nope" not found in $PATH'
    error = said("jail: t1: exec exit: No such file or directory\njail: t1: exit 3: failed\n")
    assert error.message == 'executable file "exit" not found in $PATH'
    error = said("jexec: execvp: /x: Permission denied\n", "jexec", "7", "/x")
    assert error.message == 'container "web" (JID 7): executable file "/x": permission denied'


def test_what_a_program_said_that_jail_ran_is_not_what_failed():
    text = "umount: /x: not a file system root directory\njail: web: /etc/rc.local: failed\n"
    error = said(text)
    assert (error.code, error.message) == (
        "command-failed",
        f"{WEB}: a program that jail ran failed: /etc/rc.local",
    )


def test_no_process_is_no_error():
    assert said("", "ps", "-J", "7", stdout="{ }\n") is None
    assert said("", "pkill", "-j", "7", ".") is None
    assert said("", "pkill", "-j", "7", ".", status=3).code == UNKNOWN
    assert said("anything\n", status=0) is None


def test_unknown_words_are_passed_on_whole():
    error = said("Das Haus\nist   kaputt\n\x1b[31mno such file\n", "jail", "-r", "web", status=3)
    assert type(error) is CommandFailed
    assert error.code == UNKNOWN
    assert error.message == 'container "web" (JID 7): jail -r: Das Haus; ist kaputt; ?[31mdoes not exist'
    assert error.data == {
        "argv": "jail -r web",
        "status": 3,
        "stderr": "Das Haus\nist   kaputt\n\x1b[31mno such file\n",
    }


def test_a_silent_failure_has_a_reason_too():
    assert said("", status=137).message == 'container "web" (JID 7): jail -c: killed by signal 9'
    assert said("", status=1, stdout="a\nlast words\n").message.endswith("jail -c: a; last words")


def test_calls_that_are_about_no_container():
    error = said("sysctl: unknown oid 'a.b'\n", "sysctl", "-n", "a.b", id="", jid=None)
    assert error.message == 'this kernel has no setting "a.b"'
    assert (
        said('jls: jail "x" not found\n', "jls", id="").message
        == "container (JID 7): its jail does not exist"
    )


def test_the_tables_are_in_order():
    for pattern, kind, code, message, hint in ROWS:
        compiled = re.compile(alternatives(pattern), re.MULTILINE)
        assert SLUG.fullmatch(code)
        assert issubclass(kind, NexcageError)
        names = {name.rstrip("23456789") for name in compiled.groupindex}
        known = {"what", "id", "jid", "tool", "verb", "line", "said", "long", "fstype"}
        assert set(re.findall(r"\{(\w+)\}", message + hint)) <= names | known
        assert message
        assert not message.endswith(".")
        assert not ENGINE_WORDS.search(message)


PIECES = st.sampled_from(
    [
        "jail: ",
        "jexec: ",
        "mount: ",
        "ifconfig: ",
        "rctl: failed to add rule '",
        "': ",
        ": failed",
        ": No such file or directory",
        " not found",
        'jail "',
        '"',
        "exec ",
        "path ",
        "unknown parameter: ",
        "{what}",
        "/sbin/mount ",
        "\n",
        "\x00",
        "\x1b",
        "\udcff",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=20).map("".join)
)
WORDS = st.lists(st.one_of(st.sampled_from(["-c", "-f", "-t", "--", "name=a.b", "-"]), st.text(max_size=9)))


@given(st.sampled_from(TOOLS), WORDS, TEXTS, TEXTS, st.integers(0, 255), st.sampled_from(["", "web"]))
def test_any_text_gives_one_line(tool, words, stdout, stderr, status, id):
    error = classify(tool, [tool, *words], status, stdout, stderr, id=id, jid=7)
    if error is None:
        assert status == 0 or tool in ("jexec", "ps", "pkill", "pgrep")
        return
    assert error.message.strip()
    assert len(error.message.splitlines()) == 1
    assert error.message.isprintable()
    assert error.hint.isprintable()
    assert SLUG.fullmatch(error.code)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=30))
def test_names_come_through_quoted(name):
    quoted = f'"{name}"'
    assert quoted in said(f"jail: unknown parameter: {name}\n").message
    assert quoted in said(f"ifconfig: interface {name} does not exist\n").message
    assert quoted in said(f"jail: {name}: no such user\n").message
    assert quoted in said(f"jail: path /{name}: Not a directory\n").message.replace('"/', '"')
    assert quoted in said(f"rctl: malformed rule '{name}': missing subject\n", "rctl").message
