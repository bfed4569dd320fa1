"""Root file system, user namespace, versions (upstream's defects 13, 14, 18, 22)."""

import pytest

from nexcage.errors import Unsupported
from tests.unit.pct_request import Node, bare, translated

DEFAULT = [{"containerID": 0, "hostID": 100000, "size": 65536}]
OTHER = [{"containerID": 0, "hostID": 300000, "size": 1000}]


def mapped(rows, gids=None):
    namespaces = [{"type": kind} for kind in ("pid", "network", "ipc", "uts", "mount", "user")]
    return bare(linux={"namespaces": namespaces, "uidMappings": rows, "gidMappings": gids or rows})


def rootfs(config=None, **more):
    out = translated(config, **more)
    return out.rootfs.way, out.create["rootfs"]


@pytest.mark.parametrize("version", ["8.4", "9.0", "9.1", "now"])
def test_a_privileged_container_runs_from_the_directory(version):
    assert rootfs(version=version, options={"unprivileged": "0"}) == ("directory", "/b/rootfs")


def test_an_unprivileged_one_where_owners_pass_through():
    assert rootfs() == ("directory", "/b/rootfs,idmap=passthrough")


@pytest.mark.parametrize("version", ["8.4", "9.0", "9.1"])
def test_an_archive_where_they_do_not(version):
    out = translated(version=version)
    assert (out.rootfs.way, out.create["rootfs"]) == ("archive", "local:4")
    assert "only since pve-container 6.1.6" in out.rootfs.reason


@pytest.mark.parametrize("kind", ["overlay", "nfs4", "fuse.sshfs"])
def test_an_archive_where_the_kernel_maps_no_owners(kind):
    out = translated(look=Node(systems={"/b/rootfs": kind}))
    assert out.rootfs.way == "archive"
    assert kind in out.rootfs.reason


@pytest.mark.parametrize("version", ["8.4", "now"])
def test_the_owners_that_a_bundle_maps_need_nothing(version):
    out = translated(mapped(DEFAULT), version=version)
    assert (out.rootfs.way, out.create["rootfs"]) == ("directory", "/b/rootfs")
    assert not any("idmap" in line for line in out.lines)
    assert out.create["unprivileged"] == "1"


def test_other_owners_are_mapped_by_lxc():
    out = translated(mapped(OTHER), look=Node(allowed=[(300000, 1000)]))
    assert [line for line in out.lines if "idmap" in line] == [
        "lxc.idmap: u 0 300000 1000",
        "lxc.idmap: g 0 300000 1000",
    ]
    with pytest.raises(Unsupported, match="root may not map the 1000 ids from 300000") as caught:
        translated(mapped(OTHER), look=Node(allowed=[(100000, 65536)]))
    assert caught.value.hint == "add the line root:300000:1000 to /etc/subuid"
    with pytest.raises(Unsupported, match="the owners that Proxmox VE maps by itself"):
        translated(mapped(OTHER), options={"storage": "data"})
    config = mapped(OTHER)
    del config["linux"]["gidMappings"]
    with pytest.raises(Unsupported, match=r"\$.linux.uidMappings: .*\$.linux.gidMappings is absent"):
        translated(config)


def test_a_storage_or_a_size_asks_for_a_volume():
    assert rootfs(options={"storage": "data"}) == ("archive", "data:4")
    assert rootfs(options={"rootfs-size": "8"}) == ("archive", "local:8")
    assert rootfs(options={"rootfs-size": "512m"}) == ("archive", "local:0.5")
    assert rootfs(bare(annotations={"io.nexcage.pct.storage": "data"})) == ("archive", "data:4")
    # the configuration only says where, if a volume is needed
    assert rootfs(configuration={"proxmox.storage": "zfs"})[0] == "directory"
    assert rootfs(configuration={"proxmox.storage": "zfs"}, version="8.4") == ("archive", "zfs:4")
    assert translated(mapped(DEFAULT), options={"storage": "data"}).rootfs.mapped


def test_a_path_that_a_property_string_cannot_hold_is_packed():
    assert rootfs(rootfs="/b/a,b")[0] == "archive"
    assert rootfs(rootfs="/b/a ")[0] == "archive"
    assert rootfs(rootfs="/b/a=b") == ("directory", "volume=/b/a=b,idmap=passthrough")
    assert rootfs(rootfs="/b/a b")[1] == "/b/a b,idmap=passthrough"


def test_what_is_mounted_below_the_rootfs_is_not_bound():
    out = translated(look=Node(busy=("/b/rootfs",)))
    assert out.warnings == ["/b/rootfs: what is mounted below it is not in the container: pct binds it alone"]


def test_read_only():
    config = bare(root={"path": "rootfs", "readonly": True})
    assert rootfs(config)[1] == "/b/rootfs,idmap=passthrough,ro=1"
    assert rootfs(config, version="8.4")[1] == "local:4,ro=1"


@pytest.mark.parametrize("version", ["8.4", "9.0", "9.1", "now"])
def test_a_bundle_is_never_written_to_and_never_privileged_by_default(version):
    """Upstream forced "ubuntu", and was privileged; Proxmox VE 8 is so by default too."""
    create = translated(version=version).create
    assert [create[name] for name in ("unprivileged", "ostype", "arch")] == ["1", "unmanaged", "amd64"]


def test_the_type_of_a_template_is_not_guessed():
    out = translated({}, source="template")
    assert "ostype" not in out.create
    assert "arch" not in out.create
    assert translated({}, source="template", options={"ostype": "ubuntu"}).create["ostype"] == "ubuntu"
    assert (out.rootfs.way, out.create["rootfs"]) == ("template", "local:4")


def test_a_user_namespace_asks_for_an_unprivileged_container():
    config = mapped(DEFAULT)
    assert translated(config, configuration={"proxmox.unprivileged": "1"}).create["unprivileged"] == "1"
    with pytest.raises(Unsupported, match=r"\$.linux.namespaces\[5\].*option --unprivileged"):
        translated(config, options={"unprivileged": "0"})


def test_features():
    assert "features" not in translated(mapped(DEFAULT)).create
    config = mapped(DEFAULT)
    config["process"]["capabilities"] = {
        name: ["CAP_SYS_ADMIN"] for name in ("bounding", "effective", "permitted")
    }
    assert translated(config).create["features"] == "keyctl=1,nesting=1"
    options = {"features": "nesting=yes,mount=nfs;cifs"}
    assert translated(config, options=options).create["features"] == "mount=nfs;cifs,nesting=1"


def test_keyctl_is_not_for_privileged_containers():
    from nexcage.errors import UsageError

    with pytest.raises(UsageError, match="keyctl, which is for unprivileged"):
        translated(options={"unprivileged": "0", "features": "keyctl=1"})


def test_32_bits():
    config = bare(linux={"personality": {"domain": "LINUX32"}})
    assert translated(config).create["arch"] == "i386"
    assert translated(config, arch="arm64").create["arch"] == "armhf"


def test_a_user_beyond_the_mapped_ids():
    config = bare()
    config["process"]["user"] = {"uid": 70000, "gid": 5}
    with pytest.raises(Unsupported, match=r"\$.process.user.uid: .*70000 is none of the 65536"):
        translated(config)
    lines = translated(config, options={"unprivileged": "0"}).lines
    assert "lxc.init.uid: 70000" in lines


def process(version, **more):
    config = bare()
    config["process"].update(args=["/bin/sh", "-c", "sleep 5"], cwd="/srv", env=["A=1", "B=x y"])
    config["process"].update(user={"uid": 5, "gid": 6, "additionalGids": [7, 8]}, **more)
    return translated(config, version=version)


def test_the_entrypoint_of_each_version():
    out = process("now")
    assert out.create["entrypoint"] == "/bin/sh -c 'sleep 5'"
    assert out.lines == [
        "lxc.environment.runtime: A=1",
        "lxc.environment.runtime: B=x y",
        "lxc.init.cwd: /srv",
        "lxc.init.uid: 5",
        "lxc.init.gid: 6",
        "lxc.init.groups: 7,8",
    ]
    assert out.files == {}


def test_lines_before_and_an_included_file_for_what_proxmox_does_not_let_through():
    out = process("9.1")
    assert out.create["entrypoint"] == "/bin/sh -c 'sleep 5'"
    assert out.files == {"lxc.conf": "lxc.init.uid = 5\nlxc.init.gid = 6\nlxc.init.groups = 7,8\n"}
    for version in ("8.4", "9.0"):
        out = process(version)
        assert "entrypoint" not in out.create
        assert out.lines == [
            "lxc.init.cmd: /bin/sh -c 'sleep 5'",
            "lxc.environment: A=1",
            "lxc.environment: B=x y",
            "lxc.include: /run/home/lxc.conf",
        ]
        assert out.files["lxc.conf"].splitlines()[0] == "lxc.init.cwd = /srv"


def test_words_that_only_lxc_reads_right_go_to_lxc():
    config = bare()
    config["process"]["args"] = ["/bin/my prog", "x"]
    out = translated(config)
    assert "entrypoint" not in out.create
    assert out.lines == ["lxc.init.cmd: \"'/bin/my prog' x\""]


def test_an_image_of_its_own_gets_ours_after():
    """create takes the image's entrypoint instead of the one it is given."""
    out = translated(source="oci")
    assert "entrypoint" not in out.create
    assert out.after == [["--entrypoint", "sh"]]
    config = bare()
    config["process"]["args"] = ["a b", "c"]
    out = translated(config, source="oci")
    assert out.after == [["--delete", "entrypoint"]]
    assert out.lines[0] == "lxc.init.cmd: \"'a b' c\""
    assert translated({}, source="oci").after == []


def test_limits_and_privileges():
    config = bare()
    config["process"].update(noNewPrivileges=True, oomScoreAdj=-5, apparmorProfile="unconfined")
    config["process"]["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 1, "hard": 2**64 - 1}]
    config["process"]["capabilities"] = {"bounding": []}
    out = translated(config)
    assert out.files["lxc.conf"] == "lxc.no_new_privs = 1\nlxc.proc.oom_score_adj = -5\n"
    assert out.lines == [
        "lxc.prlimit.nofile: 1:unlimited",
        "lxc.cap.drop:",
        "lxc.cap.keep: none",
        "lxc.apparmor.profile: unconfined",
        "lxc.include: /run/home/lxc.conf",
    ]
