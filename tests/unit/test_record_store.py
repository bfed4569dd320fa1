"""nexcage.state: records that survive, containers in the making, and what a crash leaves."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.errors import AlreadyExists, Locked, NotFound, StateCorrupt
from nexcage.host import files
from nexcage.jsontext import dumps, loads
from nexcage.plan import Plan
from nexcage.state.record import Record
from nexcage.state.store import LONGEST_NAME, Store, Unborn, short_name

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FACTS = {
    "id": "web",
    "driver": "runc",
    "handle": "web",
    "oci_version": "1.0.2",
    "bundle": "/srv/web",
    "rootfs": "/srv/web/rootfs",
    "created": "2026-11-22T20:49:38.155239Z",
    "owner": "root",
    "boot_id": "b",
    "stdio": "inherit",
    "cgroup_manager": "",
    "annotations": {"a": "b"},
}


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "root"))


def unborn(store, container_id="web"):
    return Unborn(
        store, Plan("create", container_id, "runc", [], store.home(container_id)), {"boot_id": "boot"}
    )


def add(store, container_id="web", **changes):
    with unborn(store, container_id):
        text = Record(**{**FACTS, "id": container_id, **changes}).to_json()
        files.write_new(store.home(container_id) + "/record.json", text)


def spoil(store, data):
    with open(store.home("web") + "/record.json", "wb") as file:
        file.write(data)


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1, max_size=20)


@given(
    st.fixed_dictionaries(
        {n: FIELD for n in FACTS if n not in ("annotations", "handle")}
        | {"handle": NAME.filter(lambda text: text not in (".", ".."))}
    ),
    st.dictionaries(TEXT, TEXT, max_size=3),
)
def test_a_record_is_read_as_it_was_written(facts, annotations):
    record = Record(**facts, annotations=annotations)
    again = Record.from_json(record.to_json(), "/x")
    assert vars(again) == vars(record)
    assert again.document("running", 7) == record.document("running", 7)


def test_a_record_knows_what_its_container_was_made_of():
    told = {"config_file": "/srv/web/config.json", "config_digest": "sha256:aa"}
    again = Record.from_json(Record(**FACTS, **told).to_json(), "/x")
    assert (again.config_file, again.config_digest) == ("/srv/web/config.json", "sha256:aa")
    assert again.document("running", 7) == Record(**FACTS).document("running", 7)


def test_a_record_of_an_older_nexcage_does_not_know_it_and_is_no_worse_for_that():
    text = Record(**FACTS).to_json()
    assert b"config" not in text
    again = Record.from_json(text, "/x")
    assert (again.config_file, again.config_digest) == (None, None)
    assert again.to_json() == text


def test_the_state_document_has_the_same_keys_in_every_status():
    record = Record(**FACTS)
    assert list(record.document("stopped", 0)) == list(record.document("running", 7)) == [
        "ociVersion", "id", "status", "pid", "bundle", "rootfs", "created", "owner", "driver", "annotations",
    ]  # fmt: skip


@given(st.data())
def test_a_record_cut_short_is_named_as_corrupt(data):
    text = Record(**FACTS).to_json().rstrip()
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(StateCorrupt, match=r"^/r/record\.json: line \d+, column \d+: "):
        Record.from_json(cut, "/r/record.json")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 0}, "not of format 1"),
        ({"format": True}, "not of format 1"),
        ({"format": "2"}, "not of format 1"),
        ({"format": None}, "not of format 1"),
        ({"driver": None}, "$.driver: must be a string"),
        ({"id": 7}, "$.id: must be a string"),
        ({"annotations": ["a"]}, "$.annotations: must be an object"),
        ({"boot_id": {}}, "$.boot_id: must be a string"),
        ({"config_digest": 7}, "$.config_digest: must be a string"),
        ({"annotations": {"a": 1}}, "$.annotations: must be an object of strings"),
        ({"rootfs": "/srv\0/web"}, "$.rootfs: has a NUL character"),
        *(({"handle": name}, "$.handle: must be the name") for name in ("", ".", "..", "a/b", "../../etc")),
    ],
)
def test_a_record_with_other_types_is_named_as_corrupt(store, change, words):
    add(store)
    values = loads(Record(**FACTS).to_json())
    spoil(store, dumps({**values, **change}).encode())
    with pytest.raises(StateCorrupt) as caught:
        store.read("web")
    assert caught.value.message.startswith(store.home("web") + "/record.json: ")
    assert words in caught.value.message
    assert "delete --force" in caught.value.hint


def test_a_record_of_a_newer_nexcage_is_not_called_damaged(store):
    add(store)
    values = loads(Record(**FACTS).to_json())
    spoil(store, dumps({**values, "format": 2, "driver": 7}).encode())
    with pytest.raises(StateCorrupt, match="of format 2, which a newer nexcage has written") as caught:
        store.read("web")
    assert caught.value.code == "state-newer"
    assert "delete" not in caught.value.hint


def test_what_nobody_knows_in_a_record_changes_nothing_of_it():
    text = loads(Record(**FACTS).to_json())
    again = Record.from_json(dumps({**text, "document": "x", "self": 1, "cls": 2}).encode(), "/x")
    assert again.document("running", 7) == Record(**FACTS).document("running", 7)


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff\xfe", b"{}", b'{"format": 1}', b"\0" * 100])
def test_any_other_file_is_named_as_corrupt(store, data):
    add(store)
    spoil(store, data)
    with pytest.raises(StateCorrupt, match=r"web/record\.json: "):
        store.read("web")


def test_the_record_of_another_container_is_refused(store):
    add(store, id="other")
    with pytest.raises(StateCorrupt, match='is the record of "other"'):
        store.read("web")


def test_a_container_that_was_never_made_does_not_exist(store):
    for look in (store.read, store.lock):
        with pytest.raises(NotFound, match=r'^container "web" does not exist$'):
            look("web")


@pytest.mark.parametrize(
    "container_id", ["x" * LONGEST_NAME, "x" * (LONGEST_NAME + 1), "y" * 1024, ".hidden", "..."]
)
def test_every_id_finds_its_own_record(store, container_id):
    add(store, container_id)
    assert store.read(container_id).id == container_id
    assert store.ids() == [container_id]
    assert len(os.path.basename(store.home(container_id))) <= LONGEST_NAME
    store.remove(container_id)
    assert store.ids() == []


@given(st.lists(st.text("ab.-_+0", min_size=1, max_size=260), unique=True, min_size=2))
def test_no_two_ids_share_a_name(container_ids):
    assert len({short_name(i) for i in container_ids}) == len(container_ids)


def test_ids_are_sorted_and_leave_out_only_what_cannot_be_one(store):
    assert store.ids() == []
    for name in ("web", "db", "@crun-like"[1:]):
        add(store, name)
    spoil(store, b"broken")
    os.mkdir(store.driver_root("crun"))
    os.symlink(store.home("web"), store.root + "/link")
    open(store.root + "/file", "w").close()
    open(store.root + "/.hidden", "w").close()
    assert store.ids() == ["crun-like", "db", "file", "link", "web"]
    for name in "file", "link":  # what has taken the place of a container's directory
        with pytest.raises(StateCorrupt, match=f"/{name} is "):
            store.read(name)


def test_a_container_in_the_making_has_a_lock_and_a_journal(store):
    with unborn(store) as making:
        making.note(3)
        assert sorted(os.listdir(store.home("web"))) == ["journal", "lock"]
        with open(store.home("web") + "/journal", "rb") as file:
            first, second = file.read().splitlines()
        assert loads(first)["verb"] == "create"
        assert second == b"3"
        with pytest.raises(Locked, match='container "web" is being created'):
            Store(store.root).read("web")
    assert os.listdir(store.home("web")) == ["lock"]
    assert os.stat(store.home("web")).st_mode & 0o777 == 0o700


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, NotFound])
def test_an_error_while_making_leaves_nothing(store, error):
    def fail():
        files.write_new(store.home("web") + "/config.json", b"{}")
        os.mkdir(store.home("web") + "/bundle")
        raise error("broken")

    with pytest.raises(error), unborn(store):
        fail()
    assert os.listdir(store.root) == []
    add(store)


def test_a_taken_id_is_refused_and_its_record_stays(store):
    add(store)
    with pytest.raises(AlreadyExists, match=r'^container "web" already exists$'), unborn(store):
        pytest.fail("entered")
    assert store.read("web").driver == "runc"


def test_a_container_whose_making_was_cut_short_is_half_made(store):
    os.makedirs(store.home("web"))
    with open(store.home("web") + "/journal", "w", encoding="ascii") as file:
        file.write('{"cgroup": "/web"}\n0\n')
    with pytest.raises(StateCorrupt) as caught:
        store.read("web")
    assert caught.value.code == "container-half-made"
    assert store.ids() == ["web"]
    assert store.intended("web", "cgroup") == "/web"
    assert store.intended("web", "other") == store.intended("none", "cgroup") == ""


def test_a_locked_container_is_still_read_and_is_gone_when_removed(store):
    add(store)
    lock = store.lock("web")
    assert store.read("web", locked=True).id == "web"
    store.remove("web")
    store.remove("web")
    assert os.listdir(store.root) == []
    lock.release()


def test_the_root_is_private(store):
    store.prepare()
    assert os.stat(store.root).st_mode & 0o777 == 0o700
