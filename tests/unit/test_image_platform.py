"""nexcage.bundler.image.platform: what runs where."""

import pytest

from nexcage.bundler.image.platform import Platform, choose, host, parse
from nexcage.errors import UsageError


@pytest.mark.parametrize(
    ("wanted", "offered", "chosen"),
    [
        ("linux/amd64", ["linux/arm64", "linux/amd64"], "linux/amd64"),
        ("linux/amd64", ["linux/amd64/v3", "linux/amd64"], "linux/amd64"),
        ("linux/amd64", ["linux/amd64/v2"], None),
        ("linux/amd64/v3", ["linux/amd64", "linux/amd64/v2"], "linux/amd64/v2"),
        ("linux/amd64/v3", ["linux/amd64/v4", "linux/amd64"], "linux/amd64"),
        ("linux/arm64", ["linux/arm64/v8"], "linux/arm64"),
        ("linux/arm64/v8", ["linux/arm64"], "linux/arm64"),
        ("linux/arm64/v9", ["linux/arm64"], "linux/arm64"),
        ("linux/arm64", ["linux/arm64/v9"], None),
        ("linux/arm/v7", ["linux/arm/v5", "linux/arm/v6"], "linux/arm/v6"),
        ("linux/arm", ["linux/arm/v6", "linux/arm/v7"], "linux/arm/v7"),
        ("linux/arm/v6", ["linux/arm/v7"], None),
        ("linux/arm/v6", ["linux/arm/v5"], "linux/arm/v5"),
        ("linux/arm64", ["linux/arm/v7"], None),
        ("linux/x86_64", ["linux/amd64"], "linux/amd64"),
        ("linux/aarch64", ["linux/arm64"], "linux/arm64"),
        ("linux/armhf", ["linux/arm/v7"], "linux/arm/v7"),
        ("linux/arm/7", ["linux/arm/v7"], "linux/arm/v7"),
        ("freebsd/amd64", ["linux/amd64"], None),
        ("LINUX/AMD64", ["linux/amd64"], "linux/amd64"),
        ("linux/riscv64", ["linux/riscv64"], "linux/riscv64"),
        ("linux/386", ["linux/i686", "linux/amd64"], "linux/386"),
        ("linux/amd64", [], None),
    ],
)
def test_the_best_is_chosen(wanted, offered, chosen):
    platforms = [Platform(*one.split("/")) for one in offered]
    index = choose(platforms, parse(wanted))
    assert (str(platforms[index]) if index >= 0 else None) == chosen


def test_the_first_of_equals_is_chosen():
    assert choose([Platform("linux", "arm64"), Platform("linux", "arm64", "v8")], parse("linux/arm64")) == 0


@pytest.mark.parametrize(
    "text", ["linux", "linux/", "/amd64", "linux/a/b/c", "linux/a b", "linux/../x", "linux/ä"]
)
def test_what_is_no_platform_is_refused(text):
    with pytest.raises(UsageError) as found:
        parse(text)
    assert found.value.code == "platform-invalid"


def test_without_a_wish_it_is_the_host():
    assert str(parse("")) == str(host())
    assert host().os in ("linux", "freebsd")
