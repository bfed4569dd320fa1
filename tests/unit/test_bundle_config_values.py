"""nexcage.bundler.config.values: the words of the command line, in docker's forms."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.config import values
from nexcage.errors import UsageError


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1), ("512m", 512 << 20), ("512M", 512 << 20), ("512mb", 512 << 20), ("512MiB", 512 << 20),
        ("1.5g", 3 << 29), ("64k", 65536), ("10b", 10), ("2t", 2 << 40), ("1p", 1 << 50), ("0.5k", 512),
    ],
)  # fmt: skip
def test_sizes(text, size):
    assert values.size(text, "memory") == size


@pytest.mark.parametrize(
    "text",
    ["", "m", "-1", "0", "0m", "1x", "1mm", "1bb", "1ib", "1e3", "1..5m", ".5m", "1,5m", "9999999p", "5 m b",
     "\u0661m", "nan", "0.0001b", "1" * 30],
)  # fmt: skip
def test_what_is_no_size(text):
    with pytest.raises(UsageError, match="option --memory takes a size such as 512m"):
        values.size(text, "memory")


@given(st.integers(1, 2**40), st.sampled_from(["", "b", "k", "m"]))
def test_whole_sizes_are_exact(number, unit):
    assert values.size(f"{number}{unit}", "memory") == number << {"": 0, "b": 0, "k": 10, "m": 20}[unit]


@given(st.text(max_size=12))
def test_any_text_is_a_size_or_an_error(text):
    try:
        assert 0 < values.size(text, "memory") < 2**63
    except UsageError:
        return


@pytest.mark.parametrize(
    ("text", "quota"), [("1.5", 150000), ("0.01", 1000), ("2", 200000), ("0.333", 33300)]
)
def test_processors(text, quota):
    assert values.quota(text) == quota


@pytest.mark.parametrize("text", ["", "0", "0.001", "-1", "x", "1.", "1e2", "inf", "9" * 19])
def test_what_is_no_number_of_processors(text):
    with pytest.raises(UsageError, match="option --cpus takes a number of processors"):
        values.quota(text)


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("100", 100), ("0", -1), ("-1", -1)])
def test_processes(text, limit):
    assert values.pids(text) == limit


@pytest.mark.parametrize("text", ["", "-2", "1.5", "x", "--1", "1" * 12])
def test_what_is_no_number_of_processes(text):
    with pytest.raises(UsageError, match="option --pids"):
        values.pids(text)


def test_pairs():
    assert values.pair("a=b=c", "annotation") == ("a", "b=c")
    assert values.pair("a=", "annotation") == ("a", "")


@pytest.mark.parametrize("text", ["a", "=secret"])
def test_what_is_no_pair_and_no_value_is_repeated(text):
    with pytest.raises(UsageError) as caught:
        values.pair(text, "annotation")
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("text", ["net_admin", "NET_ADMIN", "CAP_NET_ADMIN", "cap_net_admin"])
def test_capabilities_by_any_of_their_names(text):
    assert values.capability(text) == "NET_ADMIN"


def test_an_unknown_capability_has_its_nearest_as_hint():
    with pytest.raises(UsageError, match='there is no capability "CAP_NET_ADMN"') as caught:
        values.capability("CAP_NET_ADMN")
    assert caught.value.hint == "did you mean NET_ADMIN?"
    with pytest.raises(UsageError) as caught:
        values.capability("zzz")
    assert caught.value.hint == "see capabilities(7)"


@pytest.mark.parametrize("text", ["web", "web-1", "web.example", "1"])
def test_host_names(text):
    assert values.hostname(text) == text


@pytest.mark.parametrize(
    "text", ["invalid@hostname", "-web", ".web", "a..b", "a b", "w\u00e9b", "a" * 65, "--", "a_b"]
)
def test_what_is_no_host_name(text):
    with pytest.raises(UsageError, match="is no host name"):
        values.hostname(text)


@pytest.mark.parametrize("text", [":", "a:", ":b", "a:b:c"])
def test_what_is_no_user(text):
    with pytest.raises(UsageError, match="is not USER or USER:GROUP"):
        values.user(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/dev/null", ("/dev/null", "/dev/null", "rwm")),
        ("/dev/null:r", ("/dev/null", "/dev/null", "r")),
        ("/dev/null:/dev/x", ("/dev/null", "/dev/x", "rwm")),
        ("/dev/null:/dev/../dev/x:rw", ("/dev/null", "/dev/x", "rw")),
    ],
)
def test_forms_of_a_device(text, expected):
    found = values.device(text)
    assert (found.source, found.path, found.access) == expected


@pytest.mark.parametrize(
    "text", ["dev/null", "/dev/null:/x:rr", "/dev/null:/x:z", "/dev/null:x", "/a:/b:r:w", "/dev/null:"]
)
def test_what_is_no_device(text):
    with pytest.raises(UsageError, match="is not PATH"):
        values.device(text)


def test_a_device_is_what_the_host_says():
    (found,) = values.examined(values.device("/dev/zero:/dev/z:r"))
    assert (found.kind, found.major, found.minor, found.path) == ("c", 1, 5, "/dev/z")
    assert found.mode == os.stat("/dev/zero").st_mode & 0o777


def test_a_device_that_is_none_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for path, words in (
        ("file", "is no device"),
        ("nowhere", "no such file or directory"),
        (".", "has no devices"),
    ):
        with pytest.raises(UsageError, match=words) as caught:
            values.examined(values.device(f"{tmp_path}/{path}"))
        assert caught.value.code == "device-missing"


def test_a_directory_stands_for_its_devices(tmp_path):
    if os.geteuid():
        pytest.skip("making a device takes root")
    (tmp_path / "sub").mkdir()
    os.mknod(tmp_path / "sub" / "b", 0o020600, os.makedev(1, 5))
    os.mknod(tmp_path / "a", 0o020600, os.makedev(1, 3))
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("/dev/kmsg")
    found = values.examined(values.device(f"{tmp_path}:/dev/snd:rw"))
    assert [(d.path, d.minor, d.access) for d in found] == [
        ("/dev/snd/a", 3, "rw"),
        ("/dev/snd/sub/b", 5, "rw"),
    ]


def test_an_entrypoint_is_a_word_or_a_list():
    assert values.words("/bin/my prog") == ["/bin/my prog"]
    assert values.words('["sh", "-c"]') == ["sh", "-c"]
    assert values.words("[]") == []
    for text in ("[", "[1]", '["a\\u0000"]', '[["a"]]'):
        with pytest.raises(UsageError, match="--entrypoint is no JSON array"):
            values.words(text)


def test_settings_are_strings_or_json():
    assert values.setting("port=80") == ("port", "80")
    assert values.setting("port:=80") == ("port", 80)
    assert values.setting('list:=["a"]') == ("list", ["a"])
    assert values.setting("a=b:=c") == ("a", "b:=c")
    for text in ("a.b=1", "a b=1", "1a=1", ":=1", "config=1", "image:={}", "name=x", "a:=x", "a"):
        with pytest.raises(UsageError):
            values.setting(text)
