"""nexcage bundle inspect: the description of a bundle, its masks, and its lines."""

import re
import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.bundler.inspection import MASK, document, masked
from nexcage.cli.bundle.inspect_text import pages, size
from nexcage.oci.spec import default

RECORD = {
    "source": "oci:image:1",
    "digest": "sha256:" + "ab" * 32,
    "platform": "linux/amd64",
    "rootfs": {"mode": "overlay", "layers": ["sha256:" + "cd" * 32]},
}


@pytest.fixture
def bundle(tmp_path):
    etc = tmp_path / "rootfs" / "etc"
    etc.mkdir(parents=True)
    (etc / "passwd").write_text(
        "root:x:0:0::/:/bin/sh\nweb:x:33:33::/:/bin/sh\nagain:x:33:1::/:\nbroken\n:x:\n"
    )
    (etc / "group").write_text("www:x:33:\nstaff:x:50:web\n")
    return tmp_path


def config(**process):
    values = default(rootless=False, uid=0, gid=0)
    values["process"].update(process)
    return values


def described(bundle, values, record=None, **how):
    return document(str(bundle), values, record, **how)


def text(bundle, values, record=None, width=0):
    return "\n".join(pages(described(bundle, values, record), width))


def test_users_have_the_names_that_the_root_gives_them(bundle):
    values = config(user={"uid": 33, "gid": 33, "additionalGids": [50, 51]})
    assert described(bundle, values)["process"]["user"] == {
        "uid": 33,
        "gid": 33,
        "name": "web",
        "group": "www",
        "additional": [{"gid": 50, "group": "staff"}, {"gid": 51, "group": ""}],
    }
    assert "33 (web), group 33 (www), also in 50 (staff), 51" in text(bundle, values)


def test_names_are_looked_up_inside_the_root(bundle):
    outside = bundle / "passwd"
    outside.write_text("evil:x:33:33::/:\n")
    (bundle / "rootfs" / "etc" / "passwd").unlink()
    (bundle / "rootfs" / "etc" / "passwd").symlink_to(outside)
    assert described(bundle, config(user={"uid": 33, "gid": 33}))["process"]["user"]["name"] == ""


@pytest.mark.parametrize("file", [b"\xff\xfe\0" * 100, b"x:x:\xd9\xa3:\n", b"x:x:" + b"9" * 5000 + b":\n"])
def test_a_strange_passwd_names_nobody(bundle, file):
    (bundle / "rootfs" / "etc" / "passwd").write_bytes(file)
    assert described(bundle, config())["process"]["user"]["name"] == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PATH", "/bin", "/bin"),
        ("DB_PASSWORD", "hunter2", MASK),
        ("api_key", "hunter2", MASK),
        ("GITHUB_TOKEN", "", ""),
        ("DATABASE_URL", "postgres://web:hunter2@db/x@y", f"postgres://web:{MASK}@db/x@y"),
        ("DATABASE_URL", "postgres://web:p:a@x@db", f"postgres://web:{MASK}@db"),
        ("HOME_PAGE", "http://example.org:80/a@b", "http://example.org:80/a@b"),
    ],
)
def test_secrets_are_masked(name, value, said):
    assert masked(name, value) == said


def test_secrets_are_shown_when_that_is_asked_for(bundle):
    values = config(env=["A_TOKEN=hunter2"])
    values["annotations"] = {"org.example.secret": "hunter2"}
    assert "hunter2" not in str(described(bundle, values))
    assert str(described(bundle, values, secrets=True)).count("hunter2") == 2
    assert described(bundle, values)["process"]["env"] == [{"name": "A_TOKEN", "value": MASK, "masked": True}]


def test_a_bundle_that_nexcage_has_not_made(bundle):
    found = described(bundle, config())
    assert found["source"] is None
    assert found["rootfs"]["mode"] == ""
    assert "source" not in text(bundle, config())


def test_where_the_files_come_from(bundle):
    shown = text(bundle, config(), RECORD)
    assert re.search(r"^source +oci:image:1\n +sha256:abab.*\n +linux/amd64$", shown, re.MULTILINE)
    assert re.search(r"^layers +sha256:cdcd", shown, re.MULTILINE)
    assert "(overlay, not mounted" in shown


def test_limits_in_units_of_people(bundle):
    values = config(rlimits=[])
    values["linux"]["resources"] = {
        "memory": {"limit": 512 << 20, "swap": -1},
        "cpu": {"quota": 150000, "period": 100000, "cpus": "0-1"},
        "pids": {"limit": 100},
    }
    assert described(bundle, values)["limits"] == {
        "memory": 512 << 20,
        "swap": None,
        "cpus": 1.5,
        "shares": None,
        "cpuset": "0-1",
        "pids": 100,
    }
    shown = re.sub(r"\s+", " ", text(bundle, values))
    assert "limits memory 512 MiB processor time 1.5 CPUs processors 0-1 processes 100 " in shown
    values["linux"]["resources"] = {}
    assert re.search(r"^limits +none$", text(bundle, values), re.MULTILINE)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 B"),
        (1000, "1000 B"),
        (1024, "1 KiB"),
        (1536 << 20, "1.5 GiB"),
        (4 << 30, "4 GiB"),
        (1025, "1025 B"),
    ],
)
def test_sizes(count, said):
    assert size(count) == said


def test_namespaces_that_are_shared_with_the_host_are_named(bundle):
    values = config()
    values["linux"]["namespaces"] = [{"type": "pid"}, {"type": "network", "path": "/run/netns/x"}]
    shown = text(bundle, values)
    assert "own: pid\n" in shown
    assert "joined: network of /run/netns/x\n" in shown
    assert "of the host: mount, ipc, uts, user, cgroup, time\n" in shown


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        ({}, "capabilities   none"),
        ({"bounding": [], "effective": []}, "capabilities   none"),
        (
            {name: ["CAP_KILL", "CAP_CHOWN"] for name in ("bounding", "effective", "permitted")},
            "capabilities   KILL CHOWN",
        ),
        ({"bounding": ["CAP_KILL"], "ambient": []}, "capabilities   bounding: KILL"),
    ],
)
def test_capabilities(bundle, sets, said):
    assert said in text(bundle, config(capabilities=sets)).splitlines()


def test_a_terminal_is_never_given_orders(bundle):
    values = config(args=["sh", "\x1b[31m\n"], env=["A=\x1b[2J\x9b"])
    values["mounts"].append({"destination": "/x\x07", "source": "a\nb", "options": ["\x1b"]})
    values["hostname"] = "\u202eabc"
    assert all(line.isprintable() for line in pages(described(bundle, values), 0))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=5))
def test_the_command_can_be_pasted(argv):
    """Into bash, broken over lines or not."""
    for width in (0, 50):
        lines = pages(described("/nowhere", config(args=argv)), width)
        begin = next(i for i, line in enumerate(lines) if line.startswith("runs "))
        end = next(i for i, line in enumerate(lines) if line.startswith("user "))
        command = "\n".join(lines[begin:end]).removeprefix("runs")
        done = subprocess.run(
            ["bash", "-c", "printf '%s\\0' " + command.lstrip(" ")],
            capture_output=True,
            check=True,
            env={"LC_ALL": "C.UTF-8"},
        )
        assert done.stdout.decode().split("\0")[:-1] == argv


@given(st.integers(60, 200))
def test_lines_fit_the_terminal(width):
    values = config(
        args=["/bin/sh", "-c", *["word"] * 60],
        env=["PATH=" + ":".join(["/usr/local/bin"] * 20), "LONG=" + "x" * 300],
    )
    values["mounts"].append(
        {"destination": "/d" * 40, "source": "/s" * 50, "options": ["bind", "rprivate", "nosuid"] * 5}
    )
    lines = pages(described("/nowhere", values, RECORD), width)
    assert max(map(len, lines)) <= width
    assert "word" * 2 not in "".join(lines)


def test_without_a_terminal_no_line_is_broken(bundle):
    values = config(env=["LONG=" + "x y" * 300])
    assert "LONG=" + "x y" * 300 in text(bundle, values)


def test_hooks_devices_and_mappings(bundle):
    values = config()
    values["hooks"] = {"poststop": [{"path": "/bin/tidy up", "args": ["tidy", "-a"]}]}
    values["linux"]["devices"] = [
        {"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 0o666}
    ]
    values["linux"]["uidMappings"] = [{"containerID": 0, "hostID": 1000, "size": 1}]
    shown = text(bundle, values)
    assert "poststop       '/bin/tidy up' -a" in shown
    assert shlex.split("'/bin/tidy up' -a") == ["/bin/tidy up", "-a"]
    assert "/dev/fuse (c 10:229, mode 0666)" in shown
    assert "0 is 1000 of the host, 1 of them" in shown
