"""nexcage.drivers.pct.vmids: a number for each container, and never the same for two."""

import contextlib
import os
import signal

import pytest

from nexcage.drivers.pct import node
from nexcage.drivers.pct.vmids import LAST, Reserved
from nexcage.errors import AlreadyExists, NexcageError
from tests.unit.pct_node import at


@pytest.fixture
def etc(monkeypatch, tmp_path):
    return at(monkeypatch, tmp_path)


@contextlib.contextmanager
def child(work):
    """Do ``work`` in a process that lives until the context ends; gives its answer."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        os.close(read)
        try:
            os.write(write, str(work()).encode())
        except NexcageError as error:
            os.write(write, error.code.encode())
        os.close(write)
        while True:
            signal.pause()
    os.close(write)
    try:
        with os.fdopen(read) as file:
            yield file.read()
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.mark.usefixtures("etc")
def test_two_processes_never_get_the_same_number(tmp_path):
    def work():
        return Reserved(f"{tmp_path}/@pct").next(lambda: 760)  # each is told the same by the cluster

    with child(work) as first:
        with child(work) as second, child(work) as third:
            assert [first, second, third] == ["760", "761", "762"]
        # whoever ends without a container gives its number back
        with child(work) as again, child(lambda: Reserved(f"{tmp_path}/@pct").this(760)) as refused:
            assert (again, refused) == ("761", "vmid-exists")


@pytest.mark.usefixtures("etc")
def test_at_the_same_time(tmp_path):
    """Some at once, from one start: what one gets no other has."""
    begin_read, begin_write = os.pipe()
    hold_read, hold_write = os.pipe()
    said_read, said_write = os.pipe()
    children = []
    for _ in range(8):
        pid = os.fork()
        if pid == 0:
            signal.alarm(60)
            os.close(begin_write)
            os.close(hold_write)
            os.read(begin_read, 1)
            number = Reserved(f"{tmp_path}/@pct").next(lambda: 760)
            os.write(said_write, f"{number}\n".encode())
            os.read(hold_read, 1)  # with the number in hand until all have one
            os._exit(0)
        children.append(pid)
    for handle in (begin_read, begin_write, hold_read, said_write):
        os.close(handle)
    text = ""
    while text.count("\n") < len(children):
        text += os.read(said_read, 4096).decode()
    os.close(hold_write)
    os.close(said_read)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * len(children)
    assert sorted(map(int, text.split())) == list(range(760, 768))


def test_numbers_of_guests_are_left_out(etc, tmp_path):
    etc.conf(760, "")
    etc.machine(761)
    etc.conf(762, "", on="two")
    reserved = Reserved(f"{tmp_path}/@pct")
    assert reserved.next(lambda: 760) == 763
    assert reserved.this(764) == 764
    for taken in (760, 761, 762):
        with pytest.raises(AlreadyExists, match=f"VMID {taken} is in use") as caught:
            reserved.this(taken)
        assert caught.value.code == "vmid-exists"


def test_after_the_last_number_there_is_none(etc, tmp_path):
    reserved = Reserved(f"{tmp_path}/@pct")
    assert reserved.next(lambda: LAST) == LAST
    etc.conf(LAST, "")
    with pytest.raises(NexcageError, match="no VMID is free") as caught:
        reserved.next(lambda: LAST)
    assert caught.value.code == "vmids-exhausted"


@pytest.mark.usefixtures("etc")
def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NexcageError, match=f"cannot lock {tmp_path}/file/@pct/.vmids"):
        Reserved(f"{tmp_path}/file/@pct").next(lambda: 760)
    (tmp_path / "@pct").mkdir()
    (tmp_path / "@pct/.vmids").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NexcageError, match=r"cannot lock .*symbolic links"):
        Reserved(f"{tmp_path}/@pct").this(760)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("next-id: lower=200,upper=300\n", 299),
        ("keyboard: de\nnext-id: upper=150\n", 149),
        ("next-id: lower=200\n", 999_999_999),
        ("next-id: upper=²\n", 999_999_999),
        ("", 999_999_999),
    ],
)
def test_the_clusters_own_range_ends_below_upper(tmp_path, monkeypatch, line, last):
    monkeypatch.setattr(node, "ETC", str(tmp_path))
    assert node.last_id() == 999_999_999
    (tmp_path / "datacenter.cfg").write_text(line)
    assert node.last_id() == last
