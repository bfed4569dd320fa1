"""nexcage.bundler.config.mounts: --mount, --volume and --tmpfs become rows of config.json."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.config.mounts import gathered, mount, tmpfs, volume
from nexcage.errors import UsageError


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "of, the host"
    path.mkdir()
    return str(path)


def bind(source, *options):
    return {"destination": "/data", "type": "bind", "source": source, "options": list(options)}


def test_a_volume_is_recursive_and_private(source):
    assert volume(f"{source}:/data") == bind(source, "rbind", "rprivate")
    assert volume(f"{source}:/data/../data/:ro,noexec,rslave") == bind(
        source, "rbind", "ro", "noexec", "rslave"
    )
    assert volume(f"{source}:/data:bind,cached") == bind(source, "bind", "rprivate")


def test_a_relative_source_starts_at_the_caller(source, monkeypatch):
    monkeypatch.chdir(source)
    assert volume("./:/data")["source"] == source
    assert mount("type=bind,src=.,dst=/data")["source"] == source


def test_a_volume_without_source_is_the_bundles_own():
    assert volume("/data") == {"destination": "/data"}
    assert mount("dst=/data") == mount("type=volume,target=/data") == {"destination": "/data"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name:/data", 'a bundle has no volume named "name"'),
        ("/:data", "must be an absolute path"),
        ("/:/", "must not be the root directory"),
        ("/:/a/..", "must not be the root directory"),
        ("/nowhere/at/all:/data", 'the source "/nowhere/at/all" does not exist'),
        ("/:/data:Z", "would have to change the host"),
        ("/:/data:idmap=x", "would have to change the host"),
        ("/:/data:bogus", 'there is no option "bogus"'),
        ("/:/data:ro:rw", "is not SOURCE:DESTINATION"),
        (":/data", "is not SOURCE:DESTINATION"),
    ],
)
def test_volumes_that_are_refused(text, words):
    with pytest.raises(UsageError, match="--volume") as caught:
        volume(text)
    assert words in caught.value.message


def test_mount_has_dockers_fields(source):
    row = mount(f'type=bind,"src={source}",dst=/data,readonly')
    assert row == bind(source, "rbind", "ro", "rprivate")
    row = mount(
        f'type=bind,"source={source}",target=/data,ro=false,bind-propagation=rshared,bind-nonrecursive'
    )
    assert row == bind(source, "bind", "rshared")
    assert mount("type=tmpfs,dst=/data,tmpfs-size=1m,tmpfs-mode=1770") == {
        "destination": "/data",
        "type": "tmpfs",
        "source": "tmpfs",
        "options": ["nosuid", "nodev", "noexec", "size=1048576", "mode=1770"],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("type=bind,src=/", "names no destination"),
        ("type=bind,dst=/data", "names no source"),
        ("type=bind,src=/,dst=data", "must be an absolute path"),
        ("type=bind,src=/nowhere/x,dst=/data", "does not exist"),
        ("type=bind,src=/,dst=/data,src=/", '"src" is given twice'),
        ("type=bind,src=/,source=/,dst=/data", '"source" is given twice'),
        ("type=bind,src=/,dst=/data,ro=maybe", "must be true or false"),
        ("type=bind,src=/,dst=/data,tmpfs-size=1m", 'type "bind" takes no size'),
        ("type=bind,src=/,dst=/data,bind-propagation=up", 'there is no propagation "up"'),
        ("type=volume,src=name,dst=/data", 'no volume named "name"'),
        ("type=volume,src=/,dst=/data", "write type=bind"),
        ("type=tmpfs,dst=/data,src=/", 'type "tmpfs" takes no source'),
        ("type=proc,dst=/data", 'there is no type "proc"'),
        ("type=bind,src=/,dst=/data,bogus=1", 'there is no field "bogus"'),
        ("type=bind,src=,dst=/data", '"src" needs a value'),
        ('type=bind,"src=/', "quoted wrongly"),
    ],
)
def test_mounts_that_are_refused(text, words):
    with pytest.raises(UsageError, match="--mount") as caught:
        mount(text)
    assert words in f"{caught.value.message} {caught.value.hint}"


def test_a_tmpfs_is_restricted_unless_said_otherwise():
    assert tmpfs("/t")["options"] == ["nosuid", "nodev", "noexec"]
    assert tmpfs("/t:exec,size=64m,mode=755,uid=5")["options"] == [
        "nosuid", "nodev", "exec", "size=67108864", "mode=755", "uid=5",
    ]  # fmt: skip
    assert tmpfs("/t:size=50%,noexec")["options"] == ["nosuid", "nodev", "noexec", "size=50%"]


@pytest.mark.parametrize(
    "text", ["t", "/", "/t:bogus", "/t:mode=888", "/t:mode=x", "/t:uid=root", "/t:size=x", "/t:size"]
)
def test_tmpfs_that_are_refused(text):
    with pytest.raises(UsageError):
        tmpfs(text)


def test_parents_come_first_and_order_is_kept_otherwise():
    rows = gathered([("tmpfs", "/a/b/c"), ("tmpfs", "/z"), ("volume", "/a/b"), ("tmpfs", "/a")])
    assert [row["destination"] for row in rows] == ["/z", "/a", "/a/b", "/a/b/c"]


def test_two_mounts_on_one_destination_are_both_named():
    with pytest.raises(UsageError) as caught:
        gathered([("tmpfs", "/a/"), ("volume", "/:/x/../a:ro")])
    assert caught.value.message == 'two mounts on "/a": --tmpfs "/a/" and --volume "/:/x/../a:ro"'


@given(
    st.sampled_from([mount, volume, tmpfs]),
    st.text(alphabet="abdeiknoprstuyz=,:/.\"'\\ \n\u00e9", max_size=40),
)
def test_any_text_is_a_row_or_an_error(parse, text):
    try:
        row = parse(text)
    except UsageError:
        return
    assert row["destination"].startswith("/")
    assert "/.." not in row["destination"]
    assert row["destination"] != "/"
