"""What lies in the place of our own files: no link is followed, no pipe waited for, no stranger believed."""

import os
import socket
import stat
import time

import pytest

from nexcage.drivers.jail import holding, made
from nexcage.errors import NexcageError, NotFound, PermissionDenied, StateCorrupt
from nexcage.host import files
from nexcage.jsontext import dumps, loads
from nexcage.state.record import Record
from nexcage.state.store import Store

TOLD = "a secret that nobody may print"
RECORD = {
    name: "" for name in Record.__annotations__ if name not in ("annotations", "config_file", "config_digest")
}


def text_of(container_id, driver="runc"):
    return Record(
        **{**RECORD, "id": container_id, "handle": container_id, "driver": driver, "annotations": {}}
    ).to_json()


@pytest.fixture
def store(tmp_path):
    made_store = Store(str(tmp_path / "root"))
    made_store.prepare()
    for name in ("web", "db"):
        os.mkdir(made_store.home(name), 0o700)
        files.write_new(f"{made_store.home(name)}/record.json", text_of(name))
        files.write_new(f"{made_store.home(name)}/lock", b"")
    (tmp_path / "secret").write_text(TOLD)
    return made_store


def away(path):
    if os.path.isdir(path) and not os.path.islink(path):
        files.remove_tree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def pipe(path):
    os.mkfifo(path, 0o600)


def listener(path):
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(path)


KINDS = {
    "a pipe": (pipe, "is not a"),
    "a socket": (listener, "is not a"),
    "a device": (lambda path: os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5)), "is not a"),
    "a device without a driver": (
        lambda path: os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(254, 254)),
        "is not a",
    ),
    "a link to nowhere": (lambda path: os.symlink("/nowhere/at/all", path), "is a symbolic link"),
    "a link to itself": (lambda path: os.symlink(path, path), "is a symbolic link"),
    "a link to a secret": (lambda path: os.symlink(f"{path}/../../../secret", path), "is a symbolic link"),
}
AS_FILES = {**KINDS, "a directory": (os.mkdir, "is not a")}


@pytest.fixture(autouse=True)
def _needs_root():
    if os.geteuid() != 0 and "CI" not in os.environ:
        pytest.skip("devices and other users' files need root")


def spoil(path, kinds, kind):
    make, words = kinds[kind]
    away(path)
    make(path)
    return words


def refused(act, path, words):
    began = time.monotonic()
    with pytest.raises(StateCorrupt) as caught:
        act()
    assert time.monotonic() - began < 1
    assert caught.value.message.startswith(path)
    assert words in caught.value.message
    assert TOLD not in caught.value.message
    assert caught.value.hint.startswith('remove the container with "nexcage delete --force web"')


@pytest.mark.parametrize("kind", AS_FILES)
def test_a_record_that_is_none_is_refused_by_name(store, kind):
    path = store.home("web") + "/record.json"
    words = spoil(path, AS_FILES, kind)
    refused(lambda: store.read("web"), path, words)
    assert store.read("db").id == "db"
    assert store.ids() == ["db", "web"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_directory_that_is_none_is_refused_by_name(store, kind):
    home = store.home("web")
    words = spoil(home, KINDS, kind)
    refused(lambda: store.read("web"), home, words)
    refused(lambda: store.lock("web"), home, words)
    store.lock("web", force=True).release()
    assert store.intended("web", "handle") == ""
    store.remove("web")
    assert not os.path.lexists(home)
    assert store.read("db").id == "db"


def test_a_directory_that_leads_to_another_is_not_that(store):
    away(store.home("web"))
    os.symlink(store.home("db"), store.home("web"))
    before = sorted(os.listdir(store.home("db")))
    refused(lambda: store.read("web"), store.home("web"), "is a symbolic link")
    assert made.read(store.home("web")) is None
    store.lock("web", force=True).release()
    store.remove("web")
    assert sorted(os.listdir(store.home("db"))) == before


@pytest.mark.parametrize("kind", AS_FILES)
def test_a_lock_that_is_none_is_refused_and_made_anew_by_force(store, kind):
    path = store.home("web") + "/lock"
    words = spoil(path, AS_FILES, kind)
    refused(lambda: store.lock("web"), path, words)
    assert not files.Lock(path).is_held()
    lock = store.lock("web", force=True)
    assert files.Lock(path).is_held()
    lock.release()
    assert stat.S_ISREG(os.lstat(path).st_mode)


@pytest.mark.parametrize("kind", AS_FILES)
def test_a_journal_that_is_none_says_nothing(store, kind):
    path = store.home("web") + "/journal"
    spoil(path, AS_FILES, kind)
    began = time.monotonic()
    assert store.intended("web", "handle") == store.intended("web", "driver") == ""
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("handle", ["../db", "..", ".", "", "a/b", 7, ["web"], None])
def test_a_journal_names_no_other_place(store, handle):
    intent = {"format": 1, "handle": handle, "driver": "runc"}
    files.write_new(store.home("web") + "/journal", dumps(intent).encode())
    assert store.intended("web", "handle") == ""
    assert store.intended("web", "driver") == "runc"


@pytest.mark.parametrize(
    "change", [lambda path: os.chown(path, 1234, 1234), lambda path: os.chmod(path, 0o666)]
)
@pytest.mark.parametrize("what", ["", "/record.json"])
def test_what_others_can_write_is_not_believed(store, what, change):
    path = store.home("web") + what
    change(path)
    with pytest.raises(StateCorrupt, match=r"belongs to user 1234|can be written by others"):
        store.read("web")
    assert store.read("db").id == "db"


def test_a_record_of_100_mib_is_not_read(store):
    os.truncate(store.home("web") + "/record.json", 100 << 20)
    refused(lambda: store.read("web"), store.home("web"), "is larger than 4 mebibytes")


@pytest.mark.parametrize("mode", [0o777, 0o773])
def test_a_root_in_which_everybody_can_rename_is_refused(store, mode):
    os.chmod(store.root, mode)
    again = Store(store.root)
    for act in (again.ids, again.prepare, lambda: again.read("web"), lambda: again.lock("web", force=True)):
        with pytest.raises(PermissionDenied, match="can be written by everybody"):
            act()
    os.chmod(store.root, 0o1777)  # nobody can rename what is another's
    assert Store(store.root).read("web").id == "web"


@pytest.mark.parametrize("make", [pipe, listener, lambda path: os.symlink("/nowhere/at/all", path)])
def test_a_root_that_is_none_is_refused(tmp_path, make):
    path = str(tmp_path / "root")
    make(path)
    store = Store(path)
    for act in (store.ids, store.prepare, lambda: store.read("web"), lambda: store.lock("web")):
        with pytest.raises(NexcageError, match=f"^{path} is ") as caught:
            act()
        assert caught.value.hint


def test_a_root_that_is_not_there_holds_nothing(tmp_path):
    store = Store(str(tmp_path / "root"))
    assert store.ids() == []
    for act in (store.read, store.lock):
        with pytest.raises(NotFound):
            act("web")


@pytest.mark.parametrize("kind", AS_FILES)
@pytest.mark.parametrize("name", ["jail.json", "process.json"])
def test_what_is_kept_of_a_jail_is_refused_by_name(store, kind, name):
    home = store.home("web")
    words = spoil(f"{home}/{name}", AS_FILES, kind)
    act = (lambda: made.read(home)) if name == "jail.json" else (lambda: holding.kept(made.Made(home)))
    refused(act, f"{home}/{name}", words)


def jail(store):
    kept = made.Made(store.home("web"))
    kept.name, kept.jid, kept.root = "web", 7, "/srv/web"
    kept.write()
    return loads(files.read(kept.home + "/jail.json", 1 << 20))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("points", [["/a"]]), ("points", [["/a", 1]]), ("points", ["/a"]), ("aliases", [["lo0"]]),
        ("aliases", [["lo0", "inet", 7]]), ("before", [7]), ("targets", [None]), ("interfaces", [[]]),
        ("hooks", {"poststop": {}}), ("hooks", {"poststop": ["x"]}), ("jid", "7"), ("jid", True),
        ("claimed", 1),
    ],
)  # fmt: skip
def test_members_of_a_jails_file_have_their_kinds(store, name, value):
    values = {**jail(store), name: value}
    files.replace(store.home("web") + "/jail.json", dumps(values).encode())
    refused(
        lambda: made.read(store.home("web")),
        f"{store.home('web')}/jail.json: $.{name}: of the wrong kind",
        "",
    )


@pytest.mark.parametrize("name", ["name", "jid", "pid", "root", "claimed"])
def test_a_jails_file_that_does_not_say_which_jail_is_damaged(store, name):
    values = jail(store)
    del values[name]
    files.replace(store.home("web") + "/jail.json", dumps(values).encode())
    refused(lambda: made.read(store.home("web")), f"{store.home('web')}/jail.json: $.{name}: missing", "")


def test_a_jails_file_of_a_newer_nexcage_is_not_called_damaged(store):
    files.replace(store.home("web") + "/jail.json", dumps({**jail(store), "format": 2}).encode())
    with pytest.raises(StateCorrupt, match="of format 2, which a newer nexcage has written") as caught:
        made.read(store.home("web"))
    assert caught.value.code == "state-newer"


def test_a_new_file_is_seen_whole_or_not_at_all(tmp_path, monkeypatch):
    path = str(tmp_path / "record.json")
    seen = []
    write = os.write

    def slow(handle, data):
        seen.append(os.path.lexists(path))
        return write(handle, bytes(data[:3]))

    monkeypatch.setattr(os, "write", slow)
    files.write_new(path, b"whole text")
    assert seen == [False] * 4
    assert (tmp_path / "record.json").read_bytes() == b"whole text"
    assert os.listdir(tmp_path) == ["record.json"]
    with pytest.raises(NexcageError, match="file exists"):
        files.write_new(path, b"other")
    assert os.listdir(tmp_path) == ["record.json"]


def test_a_new_file_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    files.write_new(str(tmp_path / "a"), b"text")
    assert (tmp_path / "a").read_bytes() == b"text"
    with pytest.raises(NexcageError, match="file exists"):
        files.write_new(str(tmp_path / "a"), b"other")
    assert os.listdir(tmp_path) == ["a"]
