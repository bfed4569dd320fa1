"""nexcage.bundler.config.compose: profile, image, wishes and template make one config.json."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage import log
from nexcage.bundler.config import Wishes, values
from nexcage.bundler.config.compose import compose
from nexcage.bundler.config.linux import capabilities
from nexcage.bundler.config.profiles import SUMMARIES
from nexcage.errors import InvalidImage, NexcageError, UsageError
from nexcage.jsontext import dumps
from nexcage.oci import check

FILES = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nweb:x:101:102:web:/srv/web:/bin/sh\n",
    "etc/group": b"www:x:102:\ntape:x:26:web\n",
}
IMAGE = {
    "architecture": "amd64",
    "os": "linux",
    "config": {
        "User": "web",
        "Env": ["PATH=/bin", "A=1", "A=2"],
        "Entrypoint": ["/entry"],
        "Cmd": ["serve"],
        "WorkingDir": "/srv",
        "Volumes": {"/data": {}, "/data/sub": {}, "/var/lib/a b": {}},
        "Labels": {"a": "b"},
    },
}


@pytest.fixture
def warnings(monkeypatch):
    said = []
    monkeypatch.setattr(log, "warning", lambda message, **_: said.append(message))
    return said


def built(image=IMAGE, *, rootless=None, runs=(), platform="linux/amd64", hostname="box", **asked):
    wishes = Wishes()
    for name, value in asked.items():
        assert hasattr(wishes, name)
        setattr(wishes, name, value)
    return compose(
        image=image, wishes=wishes, read_file=FILES.get, hostname=hostname, platform=platform,
        rootless=rootless, args=list(runs),
    )  # fmt: skip


def made(*arguments, **named):
    return built(*arguments, **named).config


def mounts(result):
    return {row["destination"]: row for row in result["mounts"]}


def namespaces(result):
    return [space["type"] for space in result["linux"]["namespaces"]]


# the image


def test_an_image_runs_as_under_docker():
    process = made()["process"]
    assert process["args"] == ["/entry", "serve"]
    assert process["env"] == ["PATH=/bin", "A=2", "HOME=/srv/web"]
    assert process["cwd"] == "/srv"
    assert process["user"] == {"uid": 101, "gid": 102, "umask": 0o022, "additionalGids": [102, 26]}
    assert made()["annotations"]["a"] == "b"


def test_without_an_image_the_tree_says_what_runs():
    process = made({}, runs=["/bin/busybox", "sh"])["process"]
    assert process["args"] == ["/bin/busybox", "sh"]
    assert process["env"] == [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/root",
    ]
    assert process["user"] == {"uid": 0, "gid": 0, "umask": 0o022}
    assert process["cwd"] == "/"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"args": ["x", "y"]}, ["/entry", "x", "y"]),
        ({"entrypoint": ["/e"]}, ["/e"]),
        ({"entrypoint": ["/e"], "args": ["x"]}, ["/e", "x"]),
        ({"entrypoint": [], "args": ["x"]}, ["x"]),
    ],
)
def test_arguments_replace_cmd_and_an_entrypoint_both(asked, expected):
    assert made(**asked)["process"]["args"] == expected


@pytest.mark.parametrize("asked", [{"image": {}}, {"entrypoint": []}, {"entrypoint": [""]}])
def test_without_a_program_the_error_says_how_to_name_one(asked):
    with pytest.raises(UsageError) as caught:
        made(**asked)
    assert caught.value.code == "no-program"
    assert caught.value.hint


def test_an_unknown_user_is_the_fault_of_who_named_it():
    with pytest.raises(InvalidImage, match='user "nobody" is not in etc/passwd'):
        made({"config": {"User": "nobody", "Cmd": ["x"]}})
    with pytest.raises(UsageError, match='user "nobody" is not in etc/passwd'):
        made(user="nobody")


def test_volumes_get_names_of_their_own_and_parents_come_first():
    result = built()
    assert result.volumes == [("data", "data"), ("data-sub", "data/sub"), ("var-lib-a-b", "var/lib/a b")]
    assert mounts(result.config)["/data"] == {
        "destination": "/data",
        "type": "bind",
        "source": "volumes/data",
        "options": ["rbind", "rprivate", "rw"],
    }
    paths = ("/a-b", "/a b", "/a+b", "/..x")
    image = {"config": {"Cmd": ["x"], "Volumes": {path: {} for path in paths}}}
    assert [name for name, _ in built(image).volumes] == ["x", "a-b", "a-b-2", "a-b-3"]


def test_a_mount_of_the_users_replaces_a_volume():
    row = {"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": []}
    result = built(mounts=[row])
    assert [path for _, path in result.volumes] == ["data/sub", "var/lib/a b"]
    destinations = [mount["destination"] for mount in result.config["mounts"]]
    assert destinations.count("/data") == 1
    assert destinations.index("/data") < destinations.index("/data/sub")


def test_a_volume_of_an_image_does_not_hide_the_kernels_file_systems(warnings):
    image = {
        "config": {"Cmd": ["x"], "Volumes": {"/proc": {}, "/sys/fs/cgroup": {}, "/dev": {}, "/devices": {}}}
    }
    assert [path for _, path in built(image).volumes] == ["devices"]
    assert len(warnings) == 3


def test_an_anonymous_volume_is_the_bundles_own():
    result = built({}, runs=["x"], mounts=[{"destination": "/data"}])
    assert result.volumes == [("data", "data")]


# wishes


def test_a_mount_of_the_users_takes_the_place_of_the_profiles():
    row = {"destination": "/dev/shm", "type": "tmpfs", "source": "tmpfs", "options": ["size=1"]}
    plain, changed = made()["mounts"], made(mounts=[row])["mounts"]
    assert [mount["destination"] for mount in plain] == [mount["destination"] for mount in changed]
    assert mounts({"mounts": changed})["/dev/shm"] == row


def test_wishes_change_what_they_name():
    result = made(
        environment=["A=3", "PATH=/x", "HOME=/y"], cwd="/w", hostname="web", memory=1 << 20,
        cpu_quota=150000, pids=5, read_only=True, annotations={"a": "c"}, user="7:8",
    )  # fmt: skip
    assert result["process"]["env"] == ["PATH=/x", "A=3", "HOME=/y"]
    assert result["process"]["cwd"] == "/w"
    assert result["process"]["user"] == {"uid": 7, "gid": 8, "umask": 0o022, "additionalGids": [8]}
    assert result["hostname"] == "web"
    assert result["root"] == {"path": "rootfs", "readonly": True}
    assert result["annotations"]["a"] == "c"
    resources = result["linux"]["resources"]
    assert resources["memory"] == {"limit": 1 << 20}
    assert resources["cpu"] == {"quota": 150000, "period": 100000}
    assert resources["pids"] == {"limit": 5}
    assert "pids" not in made(pids=-1)["linux"]["resources"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("web", "web"),
        ("my bundle", "my-bundle"),
        ("\u00fc", "nexcage"),
        ("-a.b-", "a-b"),
        ("x" * 80, "x" * 63),
        ("", "nexcage"),
    ],
)
def test_any_name_of_a_directory_makes_a_host_name(given, name):
    assert values.hostname(made(hostname=given)["hostname"]) == name


def test_capabilities_of_root_and_of_others():
    root = made(user="0")["process"]["capabilities"]
    assert root["bounding"] == root["effective"] == root["permitted"]
    assert "CAP_SYS_CHROOT" in root["bounding"]
    assert set(root) == {"bounding", "effective", "permitted"}
    other = made()["process"]["capabilities"]
    assert other == {"bounding": root["bounding"], "effective": [], "permitted": []}
    asked = made(cap_add=["NET_RAW"])["process"]["capabilities"]
    assert asked["ambient"] == asked["inheritable"] == asked["effective"] == ["CAP_NET_RAW"]


def test_adding_and_dropping_capabilities():
    assert capabilities(["CHOWN", "KILL"], ["NET_RAW"], ["CHOWN"]) == ["KILL", "NET_RAW"]
    assert capabilities(["CHOWN"], ["KILL"], ["ALL"]) == ["KILL"]
    assert capabilities(["CHOWN"], ["ALL"], ["SYS_ADMIN"])[0] == "CHOWN"
    assert "SYS_ADMIN" not in capabilities([], ["ALL"], ["SYS_ADMIN"])
    assert "ALL" not in capabilities([], ["ALL"], [])
    with pytest.raises(UsageError, match="both name KILL"):
        capabilities([], ["KILL"], ["KILL"])


def test_networks(tmp_path):
    own = made()
    assert {"type": "network"} in own["linux"]["namespaces"]
    assert own["linux"]["sysctl"] == {"net.ipv4.ping_group_range": "0 0"}
    assert "/etc/resolv.conf" not in mounts(own)
    assert made(network="none") == own
    host = made(network="host")
    assert "network" not in namespaces(host)
    assert "sysctl" not in host["linux"]
    joined = made(network=f"ns:{tmp_path}")
    assert {"type": "network", "path": str(tmp_path)} in joined["linux"]["namespaces"]
    assert mounts(joined)["/etc/hosts"]["source"] == "hosts"
    assert "sysctl" not in joined["linux"]


def test_localhost_is_known_also_where_the_image_has_no_hosts(monkeypatch):
    assert built().files == {"hosts": "127.0.0.1 localhost box\n::1 localhost box\n"}
    assert mounts(made())["/etc/hosts"]["source"] == "hosts"
    monkeypatch.setitem(FILES, "etc/hosts", b"127.0.0.1 localhost\n")
    known = built()
    assert known.files == {}
    assert "/etc/hosts" not in mounts(known.config)
    for destination in ("/etc", "/etc/hosts"):
        row = {"destination": destination, "type": "bind", "source": "/x", "options": []}
        assert built(mounts=[row]).files == {}
    assert built(template='{"root": {"path": "rootfs"}}').files == {}


def test_the_hosts_network_comes_with_its_name_resolution_unless_mounted_over(monkeypatch):
    monkeypatch.setattr("os.path.isfile", lambda path: path in ("/etc/resolv.conf", "/etc/hosts"))
    rows = mounts(made(network="host"))
    assert rows["/etc/resolv.conf"]["options"] == rows["/etc/hosts"]["options"]
    assert "ro" in rows["/etc/hosts"]["options"]
    row = {"destination": "/etc/hosts", "type": "bind", "source": "/x", "options": []}
    rows = mounts(made(network="host", mounts=[row]))
    assert rows["/etc/hosts"] == row
    row = {**row, "destination": "/etc"}
    assert "/etc/resolv.conf" not in mounts(made(network="host", mounts=[row]))


def test_a_device_comes_with_its_rule():
    device = values.examined(values.device("/dev/zero:/dev/z:r"))[0]
    linux = made(devices=[device])["linux"]
    assert [(row["path"], row["type"], row["major"], row["minor"]) for row in linux["devices"]] == [
        ("/dev/z", "c", 1, 5)
    ]
    assert linux["resources"]["devices"] == [
        {"allow": False, "access": "rwm"},
        {"allow": True, "type": "c", "major": 1, "minor": 5, "access": "r"},
    ]
    without = made(devices=[device], rootless=(1000, 1000))
    assert "devices" not in without["linux"]
    assert mounts(without)["/dev/z"]["source"] == "/dev/zero"


# profiles


@pytest.mark.parametrize("profile", SUMMARIES)
@pytest.mark.parametrize("rootless", [None, (1000, 1001)])
def test_every_profile_makes_a_config_that_is_valid_and_always_the_same(profile, rootless):
    if profile == "freebsd" and rootless:
        with pytest.raises(UsageError, match="is for root"):
            made(profile=profile, rootless=rootless)
        return
    one, two = (made({}, runs=["x"], profile=profile, rootless=rootless) for _ in range(2))
    check.config(one)
    assert dumps(one) == dumps(two)
    assert next(iter(one)) == "ociVersion"


def test_the_default_profile_is_podmans():
    result = made()
    assert namespaces(result) == ["pid", "network", "ipc", "uts", "mount", "cgroup"]
    assert len(result["process"]["capabilities"]["bounding"]) == 11
    assert result["process"]["noNewPrivileges"] is False
    assert result["process"]["terminal"] is False
    assert "rlimits" not in result["process"]
    assert result["linux"]["resources"]["pids"] == {"limit": 2048}
    assert "/proc/kcore" in result["linux"]["maskedPaths"]
    assert "/proc/sys" in result["linux"]["readonlyPaths"]


def test_hardened_takes_away():
    result = made({}, runs=["x"], profile="hardened")
    assert result["process"]["noNewPrivileges"] is True
    assert result["process"]["capabilities"]["bounding"] == []
    assert result["root"]["readonly"] is True
    assert mounts(result)["/tmp"]["type"] == "tmpfs"
    assert set(made()["linux"]["maskedPaths"]) < set(result["linux"]["maskedPaths"])


def test_an_image_may_have_a_volume_where_hardened_has_a_tmpfs():
    image = {"config": {"Cmd": ["x"], "Volumes": {"/run": {}}}}
    assert mounts(made(image, profile="hardened"))["/run"]["source"] == "volumes/run"


def test_minimal_is_upstreams():
    result = made({}, profile="minimal")
    assert result["ociVersion"] == "1.0.2"
    assert result["process"]["args"] == ["/bin/sh"]
    assert "TERM=xterm" in result["process"]["env"]
    assert [row["destination"] for row in result["mounts"]] == ["/proc", "/dev", "/sys"]
    assert "seccomp" not in result["linux"]


def test_without_root_there_is_one_user(warnings):
    result = made(rootless=(1000, 1001))
    assert result["linux"]["uidMappings"] == [{"containerID": 0, "hostID": 1000, "size": 1}]
    assert result["linux"]["gidMappings"] == [{"containerID": 0, "hostID": 1001, "size": 1}]
    assert result["process"]["user"] == {"uid": 0, "gid": 0, "umask": 0o022}
    assert "resources" not in result["linux"]
    assert len(warnings) == 1
    with pytest.raises(UsageError, match='--user "web" takes root'):
        made(rootless=(1000, 1001), user="web")
    assert "network" in namespaces(made(rootless=(1000, 1001), user="0", network="none"))


def test_a_jail_by_specification_1_3():
    row = {"destination": "/data", "type": "bind", "source": "/x", "options": ["rbind", "ro", "rprivate"]}
    result = made(profile="freebsd", mounts=[row], memory=1 << 20, devices=[values.device("/dev/zfs:r")])
    assert result["ociVersion"] == "1.3.0"
    assert result["freebsd"]["jail"]["vnet"] == "new"
    assert result["freebsd"]["jail"]["allow"]["setHostname"] is False
    assert result["freebsd"]["devices"] == [{"path": "zfs", "mode": 0o444}]
    assert mounts(result)["/dev"]["options"] == ["ruleset=4"]
    assert mounts(result)["/data"] == {
        "destination": "/data",
        "type": "nullfs",
        "source": "/x",
        "options": ["ro"],
    }
    assert result["linux"] == {"resources": {"memory": {"limit": 1 << 20}}}
    assert "capabilities" not in result["process"]
    host = made(profile="freebsd", network="host")["freebsd"]["jail"]
    assert (host["ip4"], host["ip6"], "vnet" in host) == ("inherit", "inherit", False)
    for asked in ({"cap_add": ["KILL"]}, {"network": "ns:/x"}, {"devices": [values.device("/dev/a:/dev/b")]}):
        with pytest.raises(UsageError):
            made(profile="freebsd", **asked)


def test_the_platform_chooses_the_profile():
    assert "freebsd" in made(platform="freebsd/amd64")
    with pytest.raises(UsageError, match='profile "hardened" is for linux'):
        made(platform="freebsd/amd64", profile="hardened")
    with pytest.raises(UsageError, match='there is no profile "bogus"'):
        made(profile="bogus")


# templates


def test_a_template_has_the_last_word_and_drops_volumes_that_it_does_not_mount():
    text = '{{ config | merge({"hostname": name ~ "-" ~ n, "mounts": [], "os": image.os}) | tojson }}'
    result = built(template=text, template_name="t.j2", settings={"n": 1})
    assert result.config["hostname"] == "box-1"
    assert result.config["os"] == "linux"
    assert result.volumes == []
    assert built(template="{{ config | tojson }}").volumes == built().volumes


@pytest.mark.parametrize("mounts", ["5", "null", '"x"', "{}", "[1]", '[{"source": ["volumes/data"]}]'])
def test_what_a_template_gives_may_be_anything_until_it_is_checked(mounts):
    result = built(template='{"mounts": ' + mounts + "}", template_name="t.j2")
    assert result.volumes == []


# whatever an image says

word = st.text(max_size=6) | st.sampled_from(
    ["/", "..", "/data", "/proc", "A=1", "=", "web", "0:0", "a:b", "\0"]
)
junk = st.none() | st.integers() | st.lists(st.integers(), max_size=2)
fields = {
    "User": word | junk,
    "Env": st.lists(word, max_size=3) | junk,
    "Entrypoint": st.lists(word, max_size=2) | junk,
    "Cmd": st.lists(word, max_size=2) | junk,
    "WorkingDir": word | junk,
    "Volumes": st.dictionaries(word, st.just({}), max_size=3) | junk,
    "Labels": st.dictionaries(word, word, max_size=3) | junk,
    "StopSignal": word | junk,
    "ExposedPorts": st.dictionaries(word, st.just({}), max_size=2) | junk,
}


@given(st.fixed_dictionaries({}, optional=fields), st.sampled_from(list(SUMMARIES)), st.booleans())
def test_any_image_makes_a_valid_config_or_one_error(section, profile, rootless):
    try:
        result = built({"config": section}, profile=profile, rootless=(1000, 1000) if rootless else None)
    except NexcageError as error:
        assert error.code  # noqa: PT017 -- most examples are refused
        return
    check.config(result.config)
    assert [p for p in check.problems(result.config) if p.data["severity"] == "error"] == []
    names = [name for name, _ in result.volumes]
    assert len(set(names)) == len(names)
    assert not any("/" in name or name in (".", "..", "") for name in names)
