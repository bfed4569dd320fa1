"""push and pull: checks, command lines, and that a copy is whole or absent, whatever pct says of it."""

import os
import re
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli import pull as pull_verb
from nexcage.cli import push as push_verb
from nexcage.cli.call import Call
from nexcage.drivers.pct import copies
from nexcage.errors import AlreadyExists, CommandFailed, NexcageError, NotFound, UsageError, WrongStatus
from nexcage.plan import Run


@pytest.fixture
def file(tmp_path):
    """A file of this host."""
    path = tmp_path / "source"
    path.write_bytes(b"hello\n")
    return str(path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], []),
        (["--user", "www-data"], ["--user", "www-data"]),
        (["--group", "0", "--mode", "644"], ["--group", "0", "--perms", "0644"]),
        (["--user", "33", "--group", "33", "--mode", "4755"],
         ["--user", "33", "--group", "33", "--perms", "04755"]),
    ],
)  # fmt: skip
def test_command_lines(file, options, words):
    assert copies.words("push", "105", options, [file, "/a b"]) == [
        "pct",
        "push",
        "105",
        file,
        "/a b",
        *words,
    ]
    back = copies.words("pull", "105", options, ["/-x", "/nowhere/y"])
    assert back == ["pct", "pull", "105", "/-x", "/nowhere/y", *words]


def test_paths_of_this_host_become_absolute(monkeypatch, file):
    monkeypatch.chdir(os.path.dirname(file))
    assert copies.push("105", "source", "/x")[3] == file
    assert copies.pull("105", "/x", "-back")[4] == os.path.join(os.path.dirname(file), "-back")


@pytest.mark.parametrize(
    ("text", "octal"), [("0", "00"), ("7", "07"), ("0644", "0644"), ("00600", "0600"), ("07777", "07777")]
)
def test_modes(text, octal):
    assert copies.mode(text) == octal


@pytest.mark.parametrize(
    "text", ["", "8", "0o644", "0x1ff", "10000", "-1", "u+x", " 644", "644\n", "000644", "٣", "6_4"]
)
def test_what_is_no_mode(text):
    with pytest.raises(UsageError, match=r"(?s)option --mode: .* is no octal mode"):
        copies.mode(text)


@given(st.text(max_size=6))
def test_any_mode_is_refused_or_what_it_says(text):
    octal = ""
    try:
        octal = copies.mode(text)
    except UsageError as error:
        message = error.message
    else:
        message = ""
    assert bool(octal) != bool(message)
    assert not octal or (octal[0] == "0" and int(octal, 8) == int(text, 8) <= 0o7777)


@pytest.mark.parametrize("path", ["", "x", "./x", "../x", "~", "-x", "C:/x"])
def test_what_is_no_absolute_path(file, path):
    for make in (copies.push, copies.pull):
        words = (file, path) if make is copies.push else (path, file)
        with pytest.raises(UsageError, match="is no absolute path in the container"):
            make("105", *words)


def test_a_destination_that_names_a_directory(file):
    with pytest.raises(UsageError, match='"/root/" names a directory'):
        copies.push("105", file, "/root/")


@pytest.mark.parametrize("name", ["1000:1000", "-x", "a b", "a\nb"])
@pytest.mark.parametrize("option", ["user", "group"])
def test_what_is_no_owner(file, option, name):
    with pytest.raises(UsageError, match=f"^option --{option}: "):
        copies.push("105", file, "/x", **{option: name})


def test_sources_that_pct_would_copy_as_nothing(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, reason in (("", "is a directory"), ("pipe", "is no regular file")):
        with pytest.raises(UsageError, match=reason):
            copies.push("105", str(tmp_path / name), "/x")
    with pytest.raises(UsageError, match="is no regular file"):
        copies.push("105", "/dev/null", "/x")
    with pytest.raises(NotFound, match=r"absent.* does not exist"):
        copies.push("105", str(tmp_path / "absent"), "/x")


# the verbs: the "container" is this process, and its root ours


class Driver:
    """pct as the verbs see it: a shell that gets source and destination, and fails by its words."""

    def __init__(self, script="cp $1 $2", lacks=False):
        self.script = script
        self.lacks = lacks

    def require_verb(self, verb):
        if self.lacks:
            raise NexcageError(f"crun 1.8.1 has no {verb}", code="unsupported-verb", hint="none")

    def plan_verb(self, verb, handle, options, after):
        words = copies.words(verb, handle, options, after)
        return Run(["/bin/sh", "-c", self.script, *words[2:]], stdio="capture", judge=self.judge)

    def judge(self, done):
        return CommandFailed(done.stderr.strip()) if done.stderr else None


class Record:
    id = "web"
    handle = "105"
    driver = "pct"
    rootfs = "/srv/web"


class Target:
    """A container with a status, seen through process ``pid``."""

    def __init__(self, call, driver, status, pid):
        self.call = call
        self.driver = driver
        self.status = status
        self.pid = pid
        self.record = Record()

    def require(self, verb, *allowed):
        if self.status not in allowed:
            raise self.refusal(verb, self.status)
        return self.pid

    def refusal(self, verb, status):
        return WrongStatus(f"cannot {verb} that is {status}: container not running")


@pytest.fixture
def on(monkeypatch):
    """Run a verb's module on a container that is made up."""

    def go(module, *operands, script="cp $1 $2", status="running", pid=0, lacks=False, **values):
        call = Call(module.__name__.rpartition(".")[2], values, list(operands))
        target = Target(call, Driver(script, lacks), status, pid or os.getpid())
        monkeypatch.setattr(module, "find", lambda _, name: target if name == "web" else None)
        assert module.run(call) == 0

    return go


@pytest.fixture
def place(tmp_path):
    """The directory where pulled files go."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def names(directory):
    return sorted(entry.name for entry in directory.iterdir())


def test_push(on, file, tmp_path):
    on(push_verb, "web", file, f"{tmp_path}/there")
    assert (tmp_path / "there").read_bytes() == b"hello\n"


def test_push_of_a_file_that_has_been_taken_at_once(on, file, tmp_path):
    on(push_verb, "web", file, f"{tmp_path}/there", script=":")
    assert not (tmp_path / "there").exists()


def test_push_onto_a_full_disk_says_nothing_and_is_noticed(on, file, tmp_path):
    with pytest.raises(CommandFailed, match=r'there" is not complete: 3 of 6 bytes') as caught:
        on(push_verb, "web", file, f"{tmp_path}/there", script="head -c 3 $1 > $2")
    assert caught.value.code == "copy-incomplete"


def test_push_that_fails_with_status_0(on, file, tmp_path):
    with pytest.raises(CommandFailed, match=r"^failed to create file$"):
        on(push_verb, "web", file, f"{tmp_path}/there", script="echo failed to create file >&2")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_dry_run_copies_nothing(on, capsys, file, tmp_path, place, form):
    flags = {"dry-run": [""], "format": [form]}
    on(push_verb, "web", file, f"{tmp_path}/there", **flags)
    on(pull_verb, "web", file, f"{place}/back", **flags)
    assert not (tmp_path / "there").exists()
    assert names(place) == []
    assert f"{tmp_path}/there" in capsys.readouterr().out


def test_pull(on, file, place):
    on(pull_verb, "web", file, f"{place}/back")
    assert (place / "back").read_bytes() == b"hello\n"
    assert names(place) == ["back"]


@pytest.mark.usefixtures("file")
def test_pull_through_links_of_the_container(on, tmp_path, place):
    (tmp_path / "link").symlink_to("source")
    on(pull_verb, "web", f"{tmp_path}/link", f"{place}/back")
    assert (place / "back").read_bytes() == b"hello\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo half > $2; echo failed to read >&2", "^failed to read$"),
        ("echo failed to create file: $2 >&2", r"^failed to create file: .*/place/back$"),
        ("echo half > $2; exit 1; ", r'place/back" is not complete: 5 of 6 bytes'),
        (": > $2", r'place/back" is not complete: 0 of 6 bytes'),
        (":", r'place/back" was not made'),
        ("rm $1; cp /dev/null $2", "does not exist in container"),
    ],
)
def test_a_pull_that_failed_leaves_nothing(on, file, place, script, said):
    with pytest.raises(NexcageError) as caught:
        on(pull_verb, "web", file, f"{place}/back", script=script)
    assert re.search(said, caught.value.message)
    assert names(place) == []


def test_a_log_may_grow_or_shrink_meanwhile(on, file, place):
    on(pull_verb, "web", file, f"{place}/grown", script="cp $1 $2; echo more >> $1")
    on(pull_verb, "web", file, f"{place}/shrunk", script=": > $1; cp $1 $2")
    assert [(place / name).read_bytes() for name in ("grown", "shrunk")] == [b"hello\n", b""]


def test_a_file_is_replaced_only_by_force(on, file, place):
    (place / "back").write_bytes(b"mine")
    with pytest.raises(AlreadyExists, match=r'place/back" exists') as caught:
        on(pull_verb, "web", file, f"{place}/back", script="echo ran >&2")
    assert "--force" in caught.value.hint
    assert (place / "back").read_bytes() == b"mine"
    (place / "back").chmod(0o600)
    on(pull_verb, "web", file, f"{place}/back", force=[""])
    assert (place / "back").read_bytes() == b"hello\n"
    assert stat.S_IMODE((place / "back").stat().st_mode) == 0o600
    on(pull_verb, "web", file, f"{place}/back", force=[""], mode=["0640"], script="cp $1 $2; chmod 0640 $2")
    assert stat.S_IMODE((place / "back").stat().st_mode) == 0o640
    assert names(place) == ["back"]


def test_a_pull_that_failed_leaves_the_old_file(on, file, place):
    (place / "back").write_bytes(b"mine")
    with pytest.raises(CommandFailed):
        on(pull_verb, "web", file, f"{place}/back", force=[""], script="echo half > $2; echo no >&2")
    assert (place / "back").read_bytes() == b"mine"
    assert names(place) == ["back"]


def test_a_file_that_somebody_makes_meanwhile_is_not_replaced(on, file, place):
    with pytest.raises(AlreadyExists):
        on(pull_verb, "web", file, f"{place}/back", script=f"cp $1 $2; echo mine > {place}/back")
    assert (place / "back").read_bytes() == b"mine\n"
    assert names(place) == ["back"]


def test_a_link_is_replaced_itself(on, file, tmp_path, place):
    (tmp_path / "other").write_bytes(b"other")
    (place / "back").symlink_to(tmp_path / "other")
    with pytest.raises(AlreadyExists):
        on(pull_verb, "web", file, f"{place}/back")
    on(pull_verb, "web", file, f"{place}/back", force=[""])
    assert not (place / "back").is_symlink()
    assert (tmp_path / "other").read_bytes() == b"other"


def test_places_that_cannot_be_written(on, file, tmp_path, place):
    for path in (str(place), f"{place}/back/", f"{place}/."):
        with pytest.raises(UsageError, match="is a directory"):
            on(pull_verb, "web", file, path, force=[""])
    with pytest.raises(NotFound, match=r'the directory ".*/nowhere" does not exist'):
        on(pull_verb, "web", file, f"{tmp_path}/nowhere/back")
    with pytest.raises(UsageError, match="is no regular file"):
        on(pull_verb, "web", file, "/dev/null", force=[""])


@pytest.mark.parametrize(
    ("name", "said"),
    [("absent", "does not exist in"), ("", "is a directory"), ("source/x", "does not exist in")],
)
@pytest.mark.usefixtures("file")
def test_what_cannot_be_pulled(on, tmp_path, place, name, said):
    with pytest.raises(NexcageError, match=said):
        on(pull_verb, "web", f"{tmp_path}/{name}".rstrip("/"), f"{place}/back", script="echo ran >&2")
    with pytest.raises(UsageError, match="is no regular file"):
        on(pull_verb, "web", "/dev/zero", f"{place}/back", script="echo ran >&2")
    assert names(place) == []


@pytest.mark.parametrize("status", ["created", "paused", "stopped"])
def test_the_container_has_to_run(on, file, place, status):
    for module, words in ((push_verb, (file, "/x")), (pull_verb, (file, f"{place}/back"))):
        with pytest.raises(WrongStatus, match="container not running"):
            on(module, "web", *words, status=status)


def test_a_container_that_ends_meanwhile(on, file, place):
    with pytest.raises(WrongStatus, match="stopped: container not running"):
        on(pull_verb, "web", file, f"{place}/back", pid=(1 << 22) + 1)


def test_drivers_that_have_none(on, file, place):
    for module, words in ((push_verb, (file, "/x")), (pull_verb, (file, f"{place}/back"))):
        with pytest.raises(NexcageError, match=r"crun 1\.8\.1 has no ") as caught:
            on(module, "web", *words, lacks=True)
        assert "/srv/web" in caught.value.hint


@pytest.mark.parametrize("operands", [(), ("web",), ("web", "a"), ("web", "a", "b", "c")])
@pytest.mark.parametrize("module", [push_verb, pull_verb])
def test_calls_that_make_no_sense(on, module, operands):
    with pytest.raises(UsageError):
        on(module, *operands)
