"""Mounts, the read-only root, and what is seen in /dev."""

import pytest

from nexcage.drivers.jail.translate import argv
from nexcage.drivers.jail.translate.devices import OURS
from nexcage.errors import DriverUnavailable, InvalidBundle, StorageFailed, Unsupported
from tests.unit.jail_request import DEVFS, RULE_SETS, bare, facts, linux, translated


def mounted(*rows, config=None, **more):
    """The argv of each mount."""
    out = translated({**(config or bare()), "mounts": list(rows)}, **more)
    return [argv.mount(step, argv.target(out, step)) for step in out.mounts]


def row(kind, destination="/x", source="", options=()):
    found = {"destination": destination, "options": list(options)}
    return found | ({"type": kind} if kind else {}) | ({"source": source} if source else {})


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        (row("nullfs", source="/src"), "nullfs /src"),
        (row("bind", source="/src", options=["bind", "ro", "nodev", "rprivate"]), "nullfs -o ro /src"),
        (row("none", source="src", options=["rbind", "rro"]), "nullfs -o ro /b/src"),
        (row("", source="/src"), "nullfs /src"),
        (row("nullfs", source="/src/../a"), "nullfs /a"),
        (row("tmpfs", source="shm", options=["nosuid", "strictatime", "mode=1777", "size=64m"]),
         "tmpfs -o nosuid,mode=1777,size=64m tmpfs"),
        (row("tmpfs", options=["nr_inodes=100", "uid=5", "gid=6", "ro", "rw", "noexec"]),
         "tmpfs -o inodes=100,uid=5,gid=6,noexec tmpfs"),
        (row("tmpfs", options=["tmpcopyup"]), "tmpfs tmpfs"),
        (row("fdescfs"), "fdescfs fdescfs"),
        (row("fdescfs", options=["linrdlnk"]), "fdescfs -o linrdlnk fdescfs"),
        (row("procfs", source="proc", options=["noexec"]), "procfs -o noexec procfs"),
        (row("proc", source="proc", options=["nosuid", "noexec", "nodev"]),
         "linprocfs -o nosuid,noexec linprocfs"),
        (row("linprocfs"), "linprocfs linprocfs"),
        (row("sysfs", options=["ro", "relatime"]), "linsysfs -o ro linsysfs"),
        (row("linsysfs"), "linsysfs linsysfs"),
        (row("devfs", options=["ruleset=4", "nosuid"]), "devfs -o ruleset=4,nosuid devfs"),
        (row("devfs"), "devfs -o ruleset=4 devfs"),
        (row("zfs", source="tank/data"), "zfs tank/data"),
        (row("unionfs", source="/u", options=["below"]), "unionfs -o below /u"),
    ],
)  # fmt: skip
def test_the_command_of_a_mount(mount, words):
    assert mounted(mount) == [["mount", "-t", *words.split(), "/b/rootfs/x"]]


def test_a_tmpfs_on_dev_is_a_devfs():
    given = row("tmpfs", "/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"])
    assert mounted(given) == [["mount", "-t", "devfs", "-o", "ruleset=4,nosuid", "devfs", "/b/rootfs/dev"]]


def test_what_jails_have_no_mount_for_is_left_out_and_said():
    out = translated(bare(mounts=[row("cgroup"), row("mqueue", "/m"), row("devpts", "/p")]))
    assert out.mounts == []
    assert len(out.warnings) == 3


def test_copies_and_files():
    out = translated(bare(mounts=[row("tmpfs", options=["tmpcopyup"]), row("nullfs", "/f", "/src/f")]),
                     facts=facts(files=frozenset(("/src/f",))))  # fmt: skip
    assert [step.copy_up for step in out.mounts] == [True, False]
    assert [step.is_file for step in out.mounts] == [False, True]


def test_files_are_mounted_since_13_2():
    with pytest.raises(Unsupported) as caught:
        mounted(row("nullfs", source="/f"), facts=facts(files=frozenset(("/f",)), release=(13, 1)))
    assert caught.value.code == "mount-file"


def test_nothing_is_made_in_file_systems_that_make_their_own_names():
    rows = [row("nullfs", "/a", "/a"), DEVFS, row("fdescfs", "/dev/fd"), row("tmpfs", "/device")]
    out = translated(bare(mounts=rows))
    assert [step.pseudo for step in out.mounts] == [False, False, True, False]


@pytest.mark.parametrize(
    "mount",
    [
        row("tmpfs", options=["size=half"]),
        row("tmpfs", options=["size=50%"]),
        row("tmpfs", options=["size="]),
        row("tmpfs", options=["mode=999"]),
        row("tmpfs", options=["mode="]),
        row("tmpfs", options=["uid=root"]),
        row("tmpfs", options=["ro,size=1"]),
        row("tmpfs", options=["ro\n"]),
        row("tmpfs", options=["ro=1"]),
        row("tmpfs", options=["linrdlnk"]),
        row("nullfs", source="/a", options=["size=1"]),
        row("nullfs", source="/a", options=["bogus"]),
        row("nullfs", source="/a", options=["remount"]),
        row("procfs", options=["hidepid=2"]),
        row("fdescfs", options=["linrdlnk=1"]),
        row("devfs", options=["ruleset=0"]),
        row("devfs", options=["ruleset=-1"]),
        row("devfs", options=["ruleset=65536"]),
        row("devfs", options=["rule=include 1"]),
        row("devfs", options=["rule="]),
        row("devfs", options=["rule=path"]),
        row("overlay"),
        row("ext4"),
        row("bind", source="/a", options=["idmap"]),
    ],
)
def test_what_mount_would_refuse_is_refused_before(mount):
    with pytest.raises(Unsupported, match=r"\$\.mounts\[0\]"):
        mounted(mount)
    assert all("bogus" not in word for words in mounted(mount, permissive=True) for word in words)


@pytest.mark.parametrize(
    "mount",
    [
        row("nullfs"),
        row("tmpfs", "/"),
        row("tmpfs", "/a/.."),
        row("tmpfs", "/a\nb"),
        row("tmpfs", "/" + "x" * 1023),
        row("tmpfs", "/\ud800"),
        row("nullfs", source="/\ud800"),
        row("zfs"),
        row("zfs", source="-o"),
    ],
)
def test_places_that_cannot_be(mount):
    with pytest.raises(InvalidBundle, match=r"\$\.mounts\[0\]"):
        mounted(mount)


def test_a_destination_is_clean():
    assert mounted(row("tmpfs", "//a/./b/../c/"))[0][-1] == "/b/rootfs/a/c"


class TestReadonlyRoot:
    def made(self, *rows, **more):
        return translated(bare(root={"path": "rootfs", "readonly": True}, mounts=list(rows)), **more)

    def test_it_is_a_nullfs_of_itself_and_all_else_lies_on_it(self):
        out = self.made(row("tmpfs", "/tmp"))
        assert "path=/run/home/root" in out.parameters
        assert [argv.mount(step, argv.target(out, step)) for step in out.mounts] == [
            ["mount", "-t", "nullfs", "-o", "ro", "/b/rootfs", "/run/home/root"],
            ["mount", "-t", "tmpfs", "tmpfs", "/run/home/root/tmp"],
        ]

    def test_it_needs_a_place(self):
        with pytest.raises(InvalidBundle):
            self.made(home="")

    def test_one_that_is_left_is_not_mounted_over(self):
        with pytest.raises(StorageFailed) as caught:
            self.made(facts=facts(mounts=frozenset(("/run/home/root",))))
        assert caught.value.code == "mount-busy"


def test_mounts_do_not_stack():
    with pytest.raises(StorageFailed, match="/b/rootfs/dev") as caught:
        mounted(DEVFS, facts=facts(mounts=frozenset(("/b/rootfs/dev",))))
    assert caught.value.hint.endswith("umount /b/rootfs/dev")


def test_modules():
    rows = [row("nullfs", "/a", "/a"), row("tmpfs", "/t"), DEVFS, row("proc", "/proc")]
    out = translated(bare(mounts=rows), facts=facts(modules=frozenset(("nullfs",))))
    assert out.modules == ["linprocfs"]


class TestLinux:
    def test_descriptors_are_added(self):
        out = translated(linux("mount") | {"mounts": [row("tmpfs", "/dev"), row("tmpfs", "/t")]})
        assert [(s.kind, s.destination) for s in out.mounts] == [
            ("devfs", "/dev"), ("fdescfs", "/dev/fd"), ("tmpfs", "/t"),
        ]  # fmt: skip
        assert out.mounts[1].options == ["linrdlnk"]

    def test_unless_they_are_there(self):
        out = translated(linux("mount") | {"mounts": [DEVFS, row("fdescfs", "/dev/fd")]})
        assert [s.options for s in out.mounts] == [["ruleset=4"], ["linrdlnk"]]

    def test_shared_memory_has_its_directory(self):
        out = translated(linux("mount") | {"mounts": [DEVFS, row("tmpfs", "/dev/shm")]})
        assert out.rules.rules[3:] == [["path", "shm", "unhide"], ["path", "shm/*", "unhide"]]
        assert out.mounts[2].pseudo


def devices(*rows, mounts=(DEVFS,), **more):
    return translated(bare(freebsd={"devices": list(rows)}, mounts=list(mounts)), **more)


class TestDevices:
    def test_without_any_the_rule_set_is_the_one_named(self):
        known = facts(rule_sets={**RULE_SETS, 77: ("100 include 1", "200 path null unhide")})
        out = devices(mounts=[DEVFS | {"options": ["ruleset=77"]}], facts=known)
        assert out.rules is None
        assert out.ruleset == 77
        assert "devfs_ruleset=77" in out.parameters

    def test_a_set_whose_parts_include_others_would_hide_nothing_and_is_made_anew(self):
        out = devices(mounts=[DEVFS | {"options": ["ruleset=5"]}])
        assert out.ruleset in OURS
        assert out.rules.rules[:3] == [["include", "1"], ["include", "2"], ["include", "3"]]
        assert out.rules.rules[-1] == ["path", "pf", "unhide"]

    def test_our_own_rule_set_includes_the_parts_of_4_directly(self):
        out = devices({"path": "pf", "mode": 448}, {"path": "dri/card0"})
        number = out.rules.number
        assert number in OURS
        assert out.rules.rules == [
            ["include", "1"],
            ["include", "2"],
            ["include", "3"],
            ["path", "pf", "unhide", "mode", "0700"],
            ["path", "dri/card0", "unhide"],
        ]
        assert out.mounts[0].options == [f"ruleset={number}"]
        assert f"devfs_ruleset={number}" in out.parameters

    def test_numbers_of_others_are_left_alone(self):
        first = devices({"path": "pf"}).rules.number
        taken = facts(rule_sets={**RULE_SETS, first: ("100 hide",)})
        assert devices({"path": "pf"}, facts=taken).rules.number not in (first, *RULE_SETS)
        full = facts(rule_sets={**RULE_SETS, **dict.fromkeys(OURS, ("100 hide",))})
        with pytest.raises(DriverUnavailable):
            devices({"path": "pf"}, facts=full)

    def test_another_rule_set_is_taken_apart(self):
        out = devices({"path": "pf"}, mounts=[DEVFS | {"options": ["ruleset=5"]}])
        assert [" ".join(words) for words in out.rules.rules] == [
            "include 1", "include 2", "include 3", "path fuse unhide", "path zfs unhide", "path pf unhide",
            "path pf unhide",
        ]  # fmt: skip

    def test_rule_sets_that_include_each_other_end(self):
        loop = facts(rule_sets={**RULE_SETS, 8: ("100 include 9",), 9: ("100 include 8",)})
        assert devices({"path": "pf"}, mounts=[DEVFS | {"options": ["ruleset=8"]}], facts=loop).rules

    def test_one_of_which_nothing_is_known_takes_no_devices(self):
        with pytest.raises(Unsupported):
            devices({"path": "pf"}, mounts=[DEVFS | {"options": ["ruleset=8"]}], facts=facts(rule_sets=None))

    def test_rules_of_ocijail_become_ours(self):
        out = devices(mounts=[DEVFS | {"options": ["ruleset=4", "rule=path zero hide"]}])
        assert out.rules.rules[3:] == [["path", "zero", "hide"]]

    @pytest.mark.parametrize("number", [6, 77])
    def test_a_rule_set_without_rules_hides_nothing(self, number):
        known = facts(rule_sets={**RULE_SETS, 6: ()})
        with pytest.raises(Unsupported, match=f"rule set {number} has no rules") as caught:
            devices(mounts=[DEVFS | {"options": [f"ruleset={number}"]}], facts=known)
        assert caught.value.code == "ruleset-missing"

    @pytest.mark.parametrize("number", [1, 2, 3, 4])
    def test_the_host_s_own_have_to_be_there(self, number):
        known = facts(rule_sets={n: rules for n, rules in RULE_SETS.items() if n != number})
        with pytest.raises(DriverUnavailable) as caught:
            devices({"path": "pf"}, facts=known)
        assert caught.value.code == "ruleset-missing"

    def test_two_of_them_are_too_many(self):
        with pytest.raises(Unsupported):
            devices({"path": "pf"}, mounts=[DEVFS, row("devfs", "/d", options=["ruleset=5"])])

    def test_without_devfs_they_are_nowhere(self):
        assert any("no devfs" in w for w in devices({"path": "pf"}, mounts=[]).warnings)

    @pytest.mark.parametrize("path", ["a b", "*", "a?", "x\n", "é", "/pf", "..", "", "#"])
    def test_paths_that_are_patterns_or_none(self, path):
        with pytest.raises(InvalidBundle, match=r"\$\.freebsd\.devices\[0\]"):
            devices({"path": path})
