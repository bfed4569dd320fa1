"""The command line of the stand-ins: options, property strings, frames, and the tables behind them."""

import pytest

from step_defs.stand_ins.pve import disks, formats, frame, schema
from step_defs.stand_ins.pve.conf import Conf
from step_defs.stand_ins.pve.refusals import CallRefused, ParametersRefused
from step_defs.stand_ins.pve.tables import lxc_keys, lxc_options, pct_commands
from step_defs.stand_ins.pve.tables.versions import RELEASES

NOW = RELEASES["now"].of("pve-container")
OLD = RELEASES["8.4"].of("pve-container")
SET = pct_commands.options("set", NOW)


@pytest.mark.parametrize(
    ("argv", "words", "values"),
    [
        (["--memory", "5", "100"], ["100"], {"memory": "5"}),
        (["-memory", "5"], [], {"memory": "5"}),
        (["--memory=5"], [], {"memory": "5"}),
        (["--Memory", "5"], [], {"memory": "5"}),
        (["--mem", "5", "--memory", "6"], [], {"memory": "6"}),
        (["--swap", "-1"], [], {"swap": "-1"}),
        (["--onboot"], [], {"onboot": ""}),
        (["--onboot", "--memory", "5"], [], {"onboot": "", "memory": "5"}),
        (["100", "--", "ls", "-l"], ["100", "ls", "-l"], {}),
    ],
)
def test_options_are_read_as_getopt_long_reads_them(argv, words, values):
    assert frame.getopt(argv, SET) == (words, values)


@pytest.mark.parametrize(
    ("argv", "warning"),
    [
        (["--foo", "1"], "Unknown option: foo\n"),
        (["-x"], "Unknown option: x\n"),
        (["--memory"], "Option memory requires an argument\n"),
        (["--net32", "x"], "Unknown option: net32\n"),
        (["--h", "x"], "Option h is ambiguous (hookscript, hostname)\n"),
    ],
)
def test_what_is_no_option_is_said(argv, warning):
    with pytest.raises(CallRefused) as refused:
        frame.getopt(argv, SET)
    assert refused.value.told("USAGE") == f"{warning}400 unable to parse option\nUSAGE\n"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("1", "1"),
        ("ON", "1"),
        ("Yes", "1"),
        ("true", "1"),
        ("0", "0"),
        ("off", "0"),
        ("NO", "0"),
        ("False", "0"),
    ],
)
def test_the_words_for_yes_and_no(word, value):
    assert frame.booleans({"onboot": word}, SET) == {"onboot": value}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("memory", "15", "value must have a minimum value of 16"),
        ("memory", "abc", "type check ('integer') failed - got 'abc'"),
        ("cores", "8193", "value must have a maximum value of 8192"),
        ("cpuunits", "500001", "value must have a maximum value of 500000"),
        ("cpulimit", "x", "type check ('number') failed - got 'x'"),
        ("tty", "7", "value must have a maximum value of 6"),
        ("hostname", "a_b", "invalid format - value does not look like a valid DNS name\n"),
        ("arch", "sparc", ("value 'sparc' does not have a value in the enumeration "
         "'amd64, i386, arm64, armhf, riscv32, riscv64'")),
        ("net0", "bridge=vmbr0", ("invalid format - format error\n"
         "net0.name: property is missing and it is not optional\n")),
        ("net0", "name=a,ip=1.2.3.4", ("invalid format - format error\n"
         "net0.ip: invalid format - value does not look like a valid ipv4 network configuration\n\n")),
        ("net0", "name=a,tag=4095", ("invalid format - format error\n"
         "net0.tag: value must have a maximum value of 4094\n")),
        ("mp0", "/a,mp=/../x", ("invalid format - format error\n"
         "mp0.mp: invalid format - /../x contains illegal character sequences\n\n")),
        ("rootfs", "ro=1", ("invalid format - format error\n"
         "rootfs.volume: property is missing and it is not optional\n")),
        ("features", "nesting",
         "invalid format - value without key, but schema does not define a default key\n"),
        ("nameserver", "x", "invalid format - value does not look like a valid IP address\n"),
        ("description", "x" * 8193, "value may only be 8192 characters long"),
        ("env", "A", "value does not match the regex pattern"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_in_the_words_of_the_real_one(name, value, why):
    assert schema.problems(SET, {name: value}) == {name: why}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("net0", "name=eth0,bridge=vmbr0,ip=dhcp,ip6=auto,firewall=1,hwaddr=BC:24:11:00:00:01,mtu=1500"),
        ("rootfs", "local:8,acl=1,mountoptions=noatime;nodev"),
        ("mp255", "/srv/x,mp=/x,ro=yes,backup=0"),
        ("env", "1BAD=x"),
        ("startup", "order=1,up=5"),
        ("timezone", "host"),
        ("tags", "a;b-c,d.e"),
        ("features", "nesting=1,mount=nfs;cifs"),
        ("dev0", "/dev/fuse,mode=0666,uid=1"),
    ],
)
def test_good_values(name, value):
    assert schema.problems(SET, {name: value}) == {}


def test_several_bad_parameters_come_in_any_order():
    seen = {ParametersRefused({"a": "x", "b": "y"}).told("U") for _ in range(200)}
    assert seen == {
        f"400 Parameter verification failed.\n{lines}U\n" for lines in ("a: x\nb: y\n", "b: y\na: x\n")
    }


@pytest.mark.parametrize("name", ["entrypoint", "env", "ha-managed"])
def test_an_option_is_unknown_before_its_version(name):
    known = [version for version, release in RELEASES.items()
             if name in pct_commands.options("create", release.of("pve-container"))]  # fmt: skip
    assert known == ["9.1", "now"]


def test_parts_of_properties_have_versions_too():
    assert "idmap" in lxc_options.config(NOW)["mp0"].properties
    assert "idmap" not in lxc_options.config(RELEASES["9.1"].of("pve-container"))["mp0"].properties
    assert "host-managed" not in lxc_options.config(OLD)["net0"].properties


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (4 << 30, "1048576 4k blocks and 262144 inodes"),
        (106954752, "104448 1k blocks and 26104 inodes"),
        (1287651328, "314368 4k blocks and 78720 inodes"),
        (10485760, "10240 1k blocks and 2560 inodes"),
        (1048576, "1024 1k blocks and 128 inodes"),
    ],
)
def test_mke2fs_is_counted_right(size, words):
    assert f"Creating filesystem with {words}\n" in disks.formatted(size)


@pytest.mark.parametrize(
    ("text", "size"), [("0.1", 106954752), ("4", 4 << 30), ("0", 0), ("0.0001", 1 << 20), ("1.2", 1228 << 20)]
)
def test_gibibytes_are_whole_mebibytes(text, size):
    assert disks.gibibytes(text) == size


def test_a_configuration_survives_reading_and_writing():
    text = (
        '#mark%3A {"a"%3A 1}\n#é\nhostname: a\nmemory: 64\nlxc.init.cmd: /bin/sleep 5\n'
        "lxc.environment.runtime: A=1\nlxc.environment.runtime: B=2\n\n[pve:pending]\nostype: debian\n"
        "\n[s1]\nmemory: 32\n"
    )  # fmt: skip
    conf = Conf.parse(text, 100, NOW)
    assert conf.options["env"] == "A=1\0B=2"
    assert conf.options["description"] == 'mark: {"a": 1}\né\n'
    assert conf.with_pending().options["ostype"] == "debian"
    assert conf.snapshots["s1"].options == {"memory": "32"}
    assert Conf.parse(conf.text(), 100, NOW).text() == conf.text()


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("lxc.foo: bar", "vm 9 - unable to parse config: lxc.foo: bar"),
        ("lxc.sysctl.net.core.somaxconn: 5",
         "vm 9 - unable to parse config: lxc.sysctl.net.core.somaxconn: 5"),
        ("lxc.id_map: u 0 1 1", "vm 9 - lxc.id_map is deprecated and was renamed to lxc.idmap"),
        ("lxc.cgroup.pids.max: 6",
         "vm 9 - lxc.cgroup.pids.max is deprecated, this will be a hard error in the future!"),
        ("garbage", "vm 9 - unable to parse config: garbage"),
        ("memory: abc",
         "vm 9 - unable to parse value of 'memory' - type check ('integer') failed - got 'abc'"),
    ],
)  # fmt: skip
def test_what_a_configuration_must_not_have_is_a_warning(line, warning):
    assert Conf.parse(f"{line}\n", 9, NOW).warnings == [warning]


@pytest.mark.parametrize(
    "key", ["lxc.init.cmd", "lxc.mount.entry", "lxc.cgroup2.pids.max", "lxc.prlimit.nofile"]
)
def test_raw_keys_that_are_known(key):
    assert lxc_keys.verdict(key) == ""


def test_a_format_that_nobody_knows_is_a_mistake_of_the_table():
    with pytest.raises(KeyError):
        formats.check("nosuch", "x")
