"""nexcage.drivers.pct.translate.mounts (upstream lost options, and wrote pseudo file systems)."""

import pytest

from nexcage.errors import Unsupported
from nexcage.oci.spec import default
from tests.unit.pct_request import Node, bare, capabilities, translated


def run(*mounts, **more):
    rows = [mount if isinstance(mount, dict) else bind(*mount) for mount in mounts]
    return translated(bare(mounts=rows), **more)


def bind(source, destination, *options):
    return {"destination": destination, "type": "bind", "source": source, "options": list(options)}


def points(out):
    return {name: text for name, text in out.create.items() if name.startswith("mp")}


def entries(out):
    return [line.partition(": ")[2] for line in out.lines if line.startswith("lxc.mount.entry")]


PASSED = ",idmap=passthrough"


@pytest.mark.parametrize(
    ("mount", "text"),
    [
        (("/srv", "/data"), "/srv,mp=/data" + PASSED),
        (("/srv", "/data", "bind", "ro"), "/srv,mp=/data,ro=1" + PASSED),
        (
            ("/srv", "/data", "rbind", "nosuid", "noexec", "rprivate"),
            "/srv,mp=/data,mountoptions=noexec;nosuid" + PASSED,
        ),
        (("vol", "/data", "rw"), "/b/vol,mp=/data" + PASSED),
        (("/a=b", "/data"), "volume=/a=b,mp=/data" + PASSED),
        (("/a b", "/c d"), "/a b,mp=/c d" + PASSED),
        (("/srv", "//data/./x/"), "/srv,mp=/data/x" + PASSED),
        (("local:vm-1-disk-0", "/data", "ro"), "local:vm-1-disk-0,mp=/data,ro=1"),
        (("local:8", "/data", "noatime"), "local:8,mp=/data,mountoptions=noatime"),
    ],
)
def test_a_directory_or_volume_is_a_mount_point(mount, text):
    out = run(mount)
    assert points(out) == {"mp0": text}
    assert entries(out) == []


@pytest.mark.parametrize(
    ("mount", "text"),
    [
        (("/etc/x", "/etc/x", "ro"), "/etc/x etc/x none ro,bind,create=file 0 0"),
        (("/a,b", "/data"), "/a,b data none bind,create=dir 0 0"),
        (("/srv", "/a,b", "bind"), "/srv a,b none bind,create=dir 0 0"),
        (("/a b\\c", "/d,e"), "/a\\040b\\134c d,e none bind,create=dir 0 0"),
        (("/srv", "/data", "rbind", "slave"), "/srv data none rbind,slave,create=dir 0 0"),
        (("/srv/../x", "/data"), "/srv/../x data none bind,create=dir 0 0"),
        (("/srv", "/dev/x"), "/srv dev/x none bind,create=dir 0 0"),
        (("/srv", "/proc/x", "rbind"), "/srv proc/x none rbind,create=dir 0 0"),
        (
            {"destination": "/tmp", "type": "tmpfs", "options": ["size=1m", "tmpcopyup"]},
            "tmpfs tmp tmpfs size=1m,create=dir 0 0",
        ),
        (
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["mode=1777"]},
            "shm dev/shm tmpfs mode=1777,create=dir 0 0",
        ),
        ({"destination": "/jail/proc", "type": "proc"}, "proc jail/proc proc create=dir 0 0"),
        (
            {"destination": "/n", "type": "nfs", "source": "host:/export"},
            "host:/export n nfs create=dir 0 0",
        ),
    ],
)
def test_all_else_is_an_entry(mount, text):
    out = run(mount, look=Node(files=("/etc/x",)))
    assert entries(out) == [text]
    assert points(out) == {}


def test_what_lxc_mounts_by_itself_is_left_out():
    out = translated(default())
    assert points(out) == {}
    kinds = [entry.split()[2] for entry in entries(out) if "optional" not in entry]
    assert kinds == ["tmpfs", "mqueue"]
    for place in ("/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup"):
        assert any(note.endswith(f"LXC mounts {place} by itself") for note in out.notes)


def test_the_order_is_kept():
    """What lies below an entry comes after it, so it is an entry too: mpN are mounted first."""
    tmpfs = {"destination": "/data", "type": "tmpfs"}
    out = run(("/a", "/data/x"), tmpfs, ("/b", "/data/y"), ("/c", "/database"))
    assert points(out) == {"mp0": "/a,mp=/data/x" + PASSED, "mp1": "/c,mp=/database" + PASSED}
    assert [entry.split()[1] for entry in entries(out)] == ["data", "data/y"]
    with pytest.raises(Unsupported, match="another mount would be mounted over the volume"):
        run(tmpfs, ("local:8", "/data/y"))


def test_what_is_mounted_below_the_source_comes_along_with_rbind():
    look = Node(busy=("/srv",))
    assert points(run(("/srv", "/data", "rbind"), look=look)) == {}
    assert entries(run(("/srv", "/data", "rbind"), look=look)) == ["/srv data none rbind,create=dir 0 0"]
    assert len(points(run(("/srv", "/data", "bind"), look=look))) == 1


def test_a_destination_behind_a_link_of_the_rootfs():
    out = run(("/srv", "/var/run/x"), look=Node(links={"/var/run/x": "/run/x"}))
    assert points(out) == {"mp0": "/srv,mp=/run/x" + PASSED}


def test_numbers_that_are_taken_are_left_alone():
    out = run(("/a", "/a"), ("/b", "/b"), used=(0, 2))
    assert list(points(out)) == ["mp1", "mp3"]


def test_there_are_256_mount_points():
    rows = [(f"/s{i}", f"/d{i}") for i in range(257)]
    assert len(points(run(*rows[:256]))) == 256
    with pytest.raises(Unsupported, match=r"\$.mounts\[256\]: .*one too many: Proxmox VE has mp0 to mp255"):
        run(*rows)


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        (("/srv", "/"), "the root is not to be mounted over"),
        (("/srv", "/data", "rro"), "LXC does not know this option"),
        (("local:8", "/data", "slave"), 'mount points of volumes have no option "slave"'),
        (("local:8", "/a,b"), "has a character that mpN cannot hold"),
        ({"destination": "/x", "type": "overlay", "options": ["lowerdir=/a,b"]}, "has a comma"),
        ({"destination": "/x", "type": "ramfs", "source": "#x"}, 'begins with "#"'),
    ],
)
def test_what_cannot_be_said(mount, words):
    with pytest.raises(Unsupported, match=r"config.json: \$.mounts\[0\]") as caught:
        run(mount)
    assert words in caught.value.message


def test_owners_of_an_unprivileged_container():
    out = run(("/srv", "/data"), version="9.1")
    assert points(out) == {"mp0": "/srv,mp=/data"}
    assert "appear as nobody's" in out.warnings[0]
    out = run(("/srv", "/data"), look=Node(systems={"/srv": "nfs4"}))
    assert points(out) == {"mp0": "/srv,mp=/data"}
    assert "nfs4" in out.warnings[0]
    out = run(("/etc/x", "/etc/x"), look=Node(files=("/etc/x",)))
    assert "only mpN pass owners through" in out.warnings[0]
    out = run(("/srv", "/data"), options={"unprivileged": "0"})
    assert (points(out), out.warnings) == ({"mp0": "/srv,mp=/data"}, [])


def test_masked_and_read_only_paths():
    look = Node(files=("/proc/kcore",), absent=("/proc/gone",))
    paths = ["/proc/kcore", "/proc/acpi", "/proc/gone", "/my dir"]
    out = translated(bare(linux={"maskedPaths": paths, "readonlyPaths": ["/proc/sys"]}), look=look)
    options = "ro,nosuid,nodev,noexec,size=4k,optional 0 0"
    assert entries(out) == [
        "/dev/null proc/kcore none bind,optional 0 0",
        f"tmpfs proc/acpi tmpfs {options}",
        "/dev/null proc/gone none bind,optional 0 0",
        f"tmpfs proc/gone tmpfs {options}",
        f"tmpfs my\\040dir tmpfs {options}",
        "proc/sys proc/sys none rbind,ro,relative,optional 0 0",
    ]


def test_a_kernel_setting_without_the_capability_for_it():
    config = bare(linux={"sysctl": {"net.ipv4.ip_forward": "1"}})
    config["process"]["capabilities"] = capabilities("CAP_KILL")
    assert "lxc.mount.auto: proc:rw" in translated(config).lines
    with pytest.raises(Unsupported, match="without CAP_NET_ADMIN LXC has /proc/sys/net read-only"):
        translated(config, options={"unprivileged": "0"})
    config["process"]["capabilities"] = capabilities("CAP_NET_ADMIN")
    lines = translated(config, options={"unprivileged": "0"}).lines
    assert not any("mount.auto" in line for line in lines)


def test_a_kernel_setting_needs_its_directory_writable():
    config = bare(linux={"sysctl": {"net/ipv4/ip_forward": "1"}, "readonlyPaths": ["/proc/sys", "/proc/bus"]})
    out = translated(config)
    assert out.files["lxc.conf"] == "lxc.sysctl.net.ipv4.ip_forward = 1\n"
    assert [entry.split()[0] for entry in entries(out)] == ["proc/bus"]
    assert "$.linux.readonlyPaths[0]: is not read-only where" in out.warnings[0]
