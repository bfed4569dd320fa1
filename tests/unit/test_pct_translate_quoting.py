"""nexcage.drivers.pct.quoting: what is written comes out as it was, by models of the readers."""

import re
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexcage.drivers.pct import quoting
from tests.unit.pct_request import bare, translated

TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)
HARD = st.text("ab '\"\\=,:#\t$`ü", max_size=8)
LINE = (TEXT | HARD).filter(lambda text: not quoting.control(text))
# the keys that Proxmox VE reads: PVE/LXC/Config.pm, parse_pct_config; \s without /u
CONF = re.compile(r"^(lxc\.[a-z0-9_\-.]+)(:|[ \t\r\f\v]*=)[ \t\r\f\v]*(.*?)[ \t\r\f\v]*$")


def lxc_line(line):
    """confile.c, parse_line: (key, value)."""
    key, _, value = line.partition("=")
    value = value.strip(" \t")
    if value[:1] in ("'", '"') and len(value) > 1 and value[-1] == value[0]:
        value = value[1:-1]
    return key.strip(" \t"), value


def read(line):
    """A line of the container's .conf, through Proxmox VE to LXC."""
    found = CONF.match(line)
    assert found, line
    return lxc_line(f"{found[1]} = {found[3]}")


def lxc_words(text):
    """string_utils.c, lxc_string_split_quoted."""
    words, state, begin = [], " ", 0
    for i, c in enumerate(text):
        if state == " ":
            if not c.isascii() or not c.isspace():
                state = c if c in "'\"" else "a"
                begin = i
        elif state == "a":
            if c.isascii() and c.isspace():
                words.append(text[begin:i])
                state = " "
        elif c == state:
            words.append(text[begin + 1 : i])
            state = " "
    if state == "a":
        words.append(text[begin:])
    return words


def fstab(text):
    """getmntent(3)."""
    fields = []
    for field in re.split("[ \t]+", text):
        plain = field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n")
        fields.append(plain.replace("\\134", "\\"))
    return fields


@settings(max_examples=500, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=5))
def test_words_come_out_of_a_line_as_they_were(args):
    try:
        line = f"lxc.init.cmd: {quoting.value(quoting.command(args))}"
    except quoting.Inexpressible as error:
        word = args[error.index]
        assert "'" in word
        assert '"' in word
        assert " " in word or "\t" in word or word[0] in "'\""
        return
    key, value = read(line)
    assert key == "lxc.init.cmd"
    assert lxc_words(value) == args


@settings(max_examples=500, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=5))
def test_an_entrypoint_is_read_alike_by_a_shell_too(args):
    try:
        plain = quoting.is_plain(args)
    except quoting.Inexpressible:
        return
    if plain:
        assert lxc_line(f"x = {quoting.command(args)}")[1] == quoting.command(args)
        assert shlex.split(quoting.command(args)) == args


@settings(max_examples=300, deadline=None)
@given(LINE)
def test_a_value_comes_out_of_a_line_as_it_was(text):
    assert read(f"lxc.init.cwd: {quoting.value('/' + text)}")[1] == "/" + text
    assert read(f"lxc.environment: {quoting.value(text or 'x')}")[1] == (text or "x")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), LINE), max_size=4), st.sampled_from(["8.4", "9.1", "now"]))
def test_the_environment_comes_out_as_it_was(pairs, version):
    env = [f"{name}={value}" for name, value in pairs]
    config = bare()
    config["process"]["env"] = env
    lines = [line for line in translated(config, version=version).lines if line.startswith("lxc.environment")]
    assert [read(line)[1] for line in lines] == env


@settings(max_examples=300, deadline=None)
@given(LINE.filter(lambda t: t.strip("/. ") and "/../" not in f"/{t}/" and "/./" not in f"/{t}/"), LINE)
def test_a_mount_entry_has_the_fields_that_were_meant(destination, source):
    mount = {"destination": "/" + destination, "type": "ramfs", "source": source, "options": ["nosuid"]}
    if source.startswith("#") or not destination.strip("/"):
        return
    lines = translated(bare(mounts=[mount])).lines
    fields = fstab(read(next(line for line in lines if "mount.entry" in line))[1])
    import posixpath

    place = posixpath.normpath("/" + destination.lstrip("/")).lstrip("/")
    assert fields == [source or "ramfs", place, "ramfs", "nosuid,create=dir", "0", "0"]


@settings(max_examples=300, deadline=None)
@given(LINE.filter(bool), LINE.filter(bool))
def test_no_comma_gets_into_a_property_string(source, destination):
    """What a property string cannot hold becomes an entry, which can."""
    mounts = [{"destination": f"/x/{destination}", "type": "bind", "source": f"/s/{source}"}]
    if ".." in f"/s/{source}".split("/") or destination.strip("/. ") == "":
        return
    out = translated(bare(mounts=mounts))
    options = [text for name, text in out.create.items() if name.startswith("mp")]
    for text in options:
        first, *others = text.split(",")
        found = {"volume": first.removeprefix("volume="), **dict(part.split("=", 1) for part in others)}
        assert set(found) == {"volume", "mp", "idmap"}
        assert found["mp"].startswith("/x")
        assert found["volume"].startswith("/s")
    assert len(options) + sum("mount.entry" in line for line in out.lines) == 1


@pytest.mark.parametrize(
    ("args", "written"),
    [
        (["/bin/sh", "-c", "echo hi; exec x"], "/bin/sh -c 'echo hi; exec x'"),
        (["/bin/sh", "-c", "it's"], '/bin/sh -c "it\'s"'),
        (["a", ""], "a ''"),
        (["a b", "c d"], "'a b' 'c d'"),
        (["x", "a'b\"c"], "x a'b\"c"),
        (["x", "back\\slash"], "x 'back\\slash'"),
        (["x", "größer"], "x größer"),
    ],
)
def test_command(args, written):
    assert quoting.command(args) == written


def test_words_that_lxc_cannot_hold_are_named():
    with pytest.raises(quoting.Inexpressible) as caught:
        quoting.command(["sh", "-c", "echo \"a\" 'b'"])
    assert caught.value.index == 2


@pytest.mark.parametrize(
    ("name", "good"),
    [
        *((name, True) for name in ("a", "a-b.example", "1x", "x" * 63)),
        *((name, False) for name in ("a_b", "-a", "a-", "invalid@hostname", "a..b", "", "é")),
        *((name, False) for name in ("x" * 64, "a." * 32 + "a")),
    ],
)
def test_dns_names(name, good):
    assert (quoting.dns_fault(name) == "") is good
