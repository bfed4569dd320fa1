"""Snapshots: names, command lines, the tree of pct listsnapshot, the verbs over a driver that is made up."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.cli import rollback as rollback_verb
from nexcage.cli import snapshot as snapshot_verb
from nexcage.cli.call import Call
from nexcage.drivers.pct import snapshots
from nexcage.errors import CommandFailed, NexcageError, UsageError, WrongStatus
from nexcage.plan import Run

# what print_snapshot_tree prints: "%s %-{30-length(prefix)}s %-23s %s\n", one blank more a level
CURRENT = "`-> current                                             You are here!\n"


def row(depth, name, time, description):
    prefix = " " * depth + "`->"
    width = max(30 - len(prefix), 0)
    return f"{prefix} {name:<{width}} {time:<23} {description}\n"


def described(text):
    return [(s.name, s.parent, s.time, s.description) for s in snapshots.listed(text)]


def test_the_row_is_that_of_a_real_node():
    assert row(0, "current", "", "You are here!") == CURRENT


def test_no_snapshot():
    assert described(CURRENT) == []
    assert described("") == []


def test_a_tree():
    text = (
        row(0, "first", "2026-01-01 00:00:01", "before the update")
        + row(1, "second", "2026-01-02 10:20:30", "no-description")
        + row(2, "deep", "2026-01-03 10:20:30", "a `-> b  c ")
        + row(1, "other", "2026-01-04 10:20:30", "")
        + row(2, "current", "", "You are here!")
        + row(0, "untimed", "1970-01-01 00:00:00", "no-description")
    )
    assert described(text) == [
        ("first", "", "2026-01-01T00:00:01Z", "before the update"),
        ("second", "first", "2026-01-02T10:20:30Z", ""),
        ("deep", "second", "2026-01-03T10:20:30Z", "a `-> b  c "),
        ("other", "first", "2026-01-04T10:20:30Z", ""),
        ("untimed", "", "", ""),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "snapshot feature is not available",
        "first                parent               no-description",
        "`->",
        "`-> ",
        "x `-> first  2026-01-01 00:00:00  no-description",
        "`->first 2026-01-01 00:00:00  no-description",
    ],
)
def test_what_is_no_line_of_the_tree(line):
    with pytest.raises(CommandFailed, match="none of its tree") as caught:
        snapshots.listed(f"{line}\n{CURRENT}")
    assert caught.value.code == "output-invalid"


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAMES = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from(LETTERS),
    st.text(LETTERS + "0123456789_-", min_size=1, max_size=39),
).filter(lambda name: name not in snapshots.RESERVED)
DESCRIPTIONS = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(st.integers(0, 40), NAMES, st.booleans(), DESCRIPTIONS), unique_by=lambda r: r[1]))
def test_what_was_printed_is_read_back(rows):
    text = ""
    expected = []
    above = []
    for wanted, name, timed, description in rows:
        depth = min(wanted, len(above))  # a child is one level below its parent
        del above[depth:]
        text += row(depth, name, "2026-01-01 00:00:00" if timed else "", description)
        shown = "" if description == "no-description" else description
        expected.append((name, above[-1] if above else "", "2026-01-01T00:00:00Z" if timed else "", shown))
        above.append(name)
    assert described(text + row(len(above), "current", "", "You are here!")) == expected


@given(st.text())
def test_no_text_is_worse_than_an_error(text):
    message = ""
    try:
        snapshots.listed(text)
    except CommandFailed as error:
        message = error.message
    assert message.isprintable()


@pytest.mark.parametrize(
    ("verb", "options", "after", "words"),
    [
        ("snapshot", [], ["before"], ["snapshot", "105", "before"]),
        (
            "snapshot", ["--description", "--force\nand more"], ["a1"],
            ["snapshot", "105", "a1", "--description", "--force\nand more"],
        ),
        ("snapshots", [], [], ["listsnapshot", "105"]),
        ("delsnapshot", [], ["vzdump"], ["delsnapshot", "105", "vzdump"]),
        ("delsnapshot", ["--force"], ["a-b_C"], ["delsnapshot", "105", "a-b_C", "--force", "1"]),
        ("rollback", [], ["before"], ["rollback", "105", "before"]),
        ("rollback", ["--start"], ["before"], ["rollback", "105", "before", "--start", "1"]),
    ],
)  # fmt: skip
def test_command_lines(verb, options, after, words):
    assert snapshots.words(verb, "105", options, after) == ["pct", *words]


@given(NAMES)
def test_every_configid_is_a_name(name):
    assert snapshots.snapshot("105", name)[-1] == name


@pytest.mark.parametrize(
    "name",
    ["", "a", "1a", "_a", "-a", "a b", "a.b", "a/b", "äb", "aä", "ab\n", "a" * 41, "--force", "a\x1bm", "a٣"],
)  # fmt: skip
@pytest.mark.parametrize("make", [snapshots.snapshot, snapshots.remove, snapshots.rollback])
def test_what_is_no_name(make, name):
    with pytest.raises(UsageError, match="is no name of a snapshot") as caught:
        make("105", name)
    assert caught.value.code == "snapshot-invalid"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("name", snapshots.RESERVED)
def test_reserved_names(name):
    with pytest.raises(UsageError, match=f'the snapshot name "{name}" is reserved'):
        snapshots.snapshot("105", name)


def test_a_description_with_a_control_character():
    with pytest.raises(UsageError, match="control character"):
        snapshots.snapshot("105", "before", "a\x1bb")


# the verbs


class Driver:
    """pct as the verbs see it; its program prints what it is told to."""

    def __init__(self, prints="", error=None, lacks=False):
        self.prints = prints
        self.error = error
        self.lacks = lacks

    def require_verb(self, verb):
        if self.lacks:
            raise NexcageError(f"crun 1.8.1 has no {verb}", code="unsupported-verb", hint="none")

    def plan_verb(self, verb, handle, options, after):
        snapshots.words(verb, handle, options, after)
        script = 'printf %s "$TZ " >&2; printf %s "$1"'
        return Run(["/bin/sh", "-c", script, "sh", self.prints], stdio="capture", judge=self.judge)

    def judge(self, done):
        assert done.stderr == "UTC "
        return self.error


class Record:
    id = "web"
    handle = "105"
    driver = "pct"
    rootfs = "/srv/web"


class Target:
    """A container with a status; remembers what it was told to do."""

    def __init__(self, call, driver, status):
        self.call = call
        self.driver = driver
        self.status = status
        self.record = Record()
        self.done = []

    def require(self, verb, *allowed):
        if self.status not in allowed:
            raise WrongStatus(f"cannot {verb}: {self.status}")
        return 1

    def perform(self, verb, options, after):
        self.done.append((verb, options, after))
        return 0


@pytest.fixture
def on(monkeypatch):
    """Run a verb's module on a container that is made up; its target."""

    def go(module, operands, *, status="running", driver=None, **values):
        call = Call(module.__name__.rpartition(".")[2], values, operands)
        target = Target(call, driver or Driver(), status)
        monkeypatch.setattr(module, "find", lambda _, name: target if name == "web" else None)
        assert module.run(call) == 0
        return target

    return go


@pytest.mark.parametrize("status", ["created", "running", "stopped"])
def test_making_one(on, status):
    target = on(snapshot_verb, ["web", "before"], status=status, description=["why"])
    assert target.done == [("snapshot", ["--description", "why"], ["before"])]


def test_a_paused_container_is_not_let_go_on(on):
    with pytest.raises(WrongStatus):
        on(snapshot_verb, ["web", "before"], status="paused")


@pytest.mark.parametrize(("values", "options"), [({}, []), ({"force": [""]}, ["--force"])])
def test_removing_one(on, values, options):
    target = on(snapshot_verb, ["web"], status="paused", remove=["before"], **values)
    assert target.done == [("delsnapshot", options, ["before"])]


@pytest.mark.parametrize(("values", "options"), [({}, []), ({"start": [""]}, ["--start"])])
def test_going_back(on, values, options):
    target = on(rollback_verb, ["web", "before"], **values)
    assert target.done == [("rollback", options, ["before"])]


TREE = row(0, "first", "2026-01-01 00:00:00", "a\x1b[1mb") + row(1, "second", "", "no-description")


TABLE = """\
NAME     PARENT   TIME                   DESCRIPTION
first             2026-01-01T00:00:00Z   a\\x1b[1mb
second   first
"""
TABS = "NAME\tPARENT\tTIME\tDESCRIPTION\nfirst\t\t2026-01-01T00:00:00Z\ta\\x1b[1mb\nsecond\tfirst\t\t\n"


@pytest.mark.parametrize(
    ("form", "printed"),
    [("table", TABLE), ("text", TABLE), ("names", "first\nsecond\n"), ("tsv", TABS)],
)
def test_listing(on, capsys, form, printed):
    on(snapshot_verb, ["web"], status="paused", driver=Driver(TREE), format=[form])
    assert capsys.readouterr().out == printed


def test_listing_for_programs(on, capsys):
    on(snapshot_verb, ["web"], driver=Driver(TREE), format=["json"])
    rows = json.loads(capsys.readouterr().out)
    assert rows[0] == {
        "name": "first",
        "parent": "",
        "time": "2026-01-01T00:00:00Z",
        "description": "a\x1b[1mb",
    }
    assert [found["name"] for found in rows] == ["first", "second"]
    on(snapshot_verb, ["web"], driver=Driver(CURRENT), format=["json"])
    assert json.loads(capsys.readouterr().out) == []


def test_a_list_that_cannot_be_had(on, capsys):
    error = CommandFailed("locked", code="ct-locked")
    with pytest.raises(CommandFailed, match="locked"):
        on(snapshot_verb, ["web"], driver=Driver(TREE, error))
    with pytest.raises(UsageError, match='cannot print the format "xml"'):
        on(snapshot_verb, ["web"], driver=Driver(TREE), format=["xml"])
    assert capsys.readouterr().out == ""


def test_a_dry_run_lists_nothing(on, capsys):
    on(snapshot_verb, ["web"], driver=Driver(TREE), **{"dry-run": [""]})
    out = capsys.readouterr().out
    assert out.startswith('snapshot container "web" with pct:\n  run    /bin/sh -c ')
    assert "\nfirst" not in out


@pytest.mark.parametrize(
    ("operands", "values", "said"),
    [
        ([], {}, "the container id is missing"),
        (["web", "a1", "b2"], {}, 'unexpected argument "b2"'),
        (["web", "a1"], {"remove": ["b2"]}, 'unexpected argument "a1"'),
        (["web"], {"force": [""]}, "--force is for --remove"),
        (["web", "a1"], {"force": [""]}, "--force is for --remove"),
        (["web"], {"description": ["x"]}, "--description is for a new snapshot"),
        (["web"], {"remove": ["a1"], "description": ["x"]}, "--description is for a new snapshot"),
    ],
)
def test_calls_that_make_no_sense(on, operands, values, said):
    with pytest.raises(UsageError, match=said):
        on(snapshot_verb, operands, **values)


@pytest.mark.parametrize("operands", [["web"], ["web", "a1", "b2"]])
def test_a_rollback_wants_one_name(on, operands):
    with pytest.raises(UsageError):
        on(rollback_verb, operands)


@pytest.mark.parametrize("module", [snapshot_verb, rollback_verb])
def test_drivers_that_have_none(on, module):
    with pytest.raises(NexcageError, match=r"crun 1\.8\.1 has no ") as caught:
        on(module, ["web", "a1"], driver=Driver(lacks=True))
    assert "--runtime pct" in caught.value.hint
