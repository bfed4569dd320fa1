"""vagrant/freebsd.sh and freebsd.rb, where FreeBSD's tools only keep a note: what is done, once, and undone.

What only FreeBSD can tell, freebsd.sh finds out itself at its end, in its step "check".
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SCRIPT = TOP / "vagrant/freebsd.sh"
FIRST = ("freebsd", "loader", "services", "network", "packages")
MODULES = "nullfs tmpfs fdescfs procfs linprocfs linsysfs if_bridge if_epair"
BRIDGE = "bridge0: flags=1008843\\n\\tinet 10.98.1.1 netmask 0xffffff00 broadcast 10.98.1.255"

# name → what it does; $0.x are files beside it, so that a test can change its mind
TOOLS = {
    "uname": "case $1 in -s) echo FreeBSD ;; -p | -m) echo amd64 ;; esac",
    "id": "echo 0",
    "freebsd-version": "echo 15.1-RELEASE-p2",
    "sysctl": """case $2 in
kern.racct.enable) cat "$0.racct" ;; kern.features.vimage) echo 1 ;; security.jail.jailed) echo 0 ;;
compat.linux.osrelease) echo 5.15.0 ;; *) exit 1 ;; esac""",
    "pkg": """case "$1 $2" in
"-N ") [ -e "$0.is" ] ;;
bootstrap*) echo "$ASSUME_ALWAYS_YES" >"$0.is" ;;
"info -e") [ -e "$0.$3" ] ;;
"install -y") touch "$0.$3" ;;
*) exit 64 ;; esac""",
    "ifconfig": f"""echo "ifconfig $*" >>"$(dirname "$0")/log"
case "$*" in
bridge0) printf '{BRIDGE}\\n' ;; "epair create") echo epair7a ;; esac""",
    "jail": """echo "jail $*" >>"$(dirname "$0")/log"
case $1 in -i) echo 42 ;; esac""",
    "jexec": """echo "jexec $*" >>"$(dirname "$0")/log"
case "$*" in
*"exit 3") exit 3 ;; *true*) [ -e "$0.unlimited" ] || exit 2 ;; *ping*) [ ! -e "$0.far" ] ;; esac""",
    "rctl": """echo "rctl $*" >>"$(dirname "$0")/log" """,
    "devfs": """[ "$3" = 4 ] && [ -e "$0.empty" ] || echo '100 hide'""",
    "kldstat": '[ ! -e "$0.none" ]',
    "lsvfs": '[ "$1" != "$(cat "$0.none" 2>/dev/null)" ]',
    "fetch": """while [ "$1" != -o ]; do shift; done
echo "$3" >>"$0.asked"; cp "$(dirname "$0")/release/${3##*/}" "$2" """,
    "sha256": """sha256sum "$2" | cut -d' ' -f1""",
    "chflags": """echo "chflags $*" >>"$(dirname "$0")/log" """,
    "sleep": ":",
    "python3.11": "echo 3.11.13",
    **dict.fromkeys(("jls", "mount", "umount", "kldload", "ps", "pkill"), ":"),
}  # fmt: skip

# sysrc(8) on one file: values, "+=", and -c that only compares (a value that is not set is a failure)
SYSRC = f"""#!{sys.executable}
import pathlib, sys
words, file = sys.argv[1:], pathlib.Path(__file__ + ".conf")
only = words[0] == "-c" and bool(words.pop(0))
kept = dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {{}}
name, _, value = words[0].partition("=")
if name.endswith("+"):
    name = name[:-1]
    here = kept.get(name, "").split()
    value = " ".join(here + [word for word in value.split() if word not in here])
if only:
    sys.exit(kept.get(name) != value)
kept[name] = value
file.write_text("".join(f"{{key}}={{kept[key]}}\\n" for key in kept))
"""


class Machine:
    """A directory of tools, and the script with its places below it."""

    def __init__(self, home):
        self.home = home
        self.bin = home / "bin"
        self.bin.mkdir()
        for name, text in TOOLS.items():
            self.tool(name, f"#!/bin/sh\n{text}\n")
        self.tool("sysrc", SYSRC)
        (self.bin / "sysctl.racct").write_text("1\n")
        text = SCRIPT.read_text()
        for place in ("/boot/loader.conf.d", "/usr/local/share/nexcage/base"):
            assert place in text
            text = text.replace(place, f"{home}{place}")
        self.script = home / "freebsd.sh"
        self.script.write_text(text)
        self.base = home / "usr/local/share/nexcage/base"

    def tool(self, name, text):
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def note(self, name, text=""):
        (self.bin / name).write_text(text)

    def release(self, digest=""):
        """Publish a base.txz that holds one program."""
        place = self.bin / "release"
        place.mkdir()
        with tarfile.open(place / "base.txz", "w:xz") as archive:
            (self.home / "sh").write_text("#!/bin/sh\n")
            (self.home / "sh").chmod(0o755)
            archive.add(self.home / "sh", "./bin/sh")
        digest = digest or hashlib.sha256((place / "base.txz").read_bytes()).hexdigest()
        (place / "MANIFEST").write_text(
            f'base-dbg.txz\t{"0" * 64}\t1\tbase_dbg\t"debug"\toff\n'
            f'base.txz\t{digest}\t28000\tbase\t"Base system (MANDATORY)"\ton\n'
        )

    def log(self):
        log = self.bin / "log"
        return log.read_text().splitlines() if log.exists() else []

    def run(self, *steps):
        """(status, lines on standard error)."""
        done = subprocess.run(
            ["sh", self.script, *steps],
            env={**os.environ, "PATH": f"{self.bin}:/usr/bin:/bin"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.stdout == ""
        return done.returncode, done.stderr.splitlines()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_a_machine_is_made_and_made_again_without_a_change(machine):
    status, lines = machine.run(*FIRST)

    assert status == 0, lines
    assert lines == [
        f"freebsd.sh: changed: {machine.home}/boot/loader.conf.d/nexcage.conf",
        f"freebsd.sh: changed: rc.conf: kld_list+={MODULES}",
        "freebsd.sh: changed: rc.conf: linux_enable=YES",
        "freebsd.sh: changed: rc.conf: linux_mounts_enable=NO",
        "freebsd.sh: changed: rc.conf: devfs_load_rulesets=YES",
        "freebsd.sh: changed: rc.conf: cloned_interfaces+=bridge0",
        "freebsd.sh: changed: rc.conf: ifconfig_bridge0=inet 10.98.1.1/24 up",
        "freebsd.sh: changed: pkg",
        "freebsd.sh: changed: package python311",
    ]
    loader = machine.home / "boot/loader.conf.d/nexcage.conf"
    assert loader.read_text() == 'kern.racct.enable="1"\n'
    assert (machine.bin / "pkg.is").read_text() == "yes\n"
    assert machine.run(*FIRST) == (0, [f"freebsd.sh: {' '.join(FIRST)}: nothing to change"])


def test_what_the_user_has_set_stays(machine):
    machine.note("sysrc.conf", "kld_list=zfs tmpfs\ncloned_interfaces=lo1\n")
    assert machine.run("services", "network")[0] == 0

    settings = dict(line.split("=", 1) for line in (machine.bin / "sysrc.conf").read_text().splitlines())
    assert settings["kld_list"] == "zfs tmpfs nullfs fdescfs procfs linprocfs linsysfs if_bridge if_epair"
    assert settings["cloned_interfaces"] == "lo1 bridge0"


def test_the_tree_is_fetched_once_and_its_digest_checked(machine):
    machine.release()
    first, second = machine.run("base"), machine.run("base")

    assert first == (0, [f"freebsd.sh: changed: {machine.base}: FreeBSD 15.1-RELEASE"])
    assert second == (0, ["freebsd.sh: base: nothing to change"])
    place = "https://download.freebsd.org/releases/amd64/amd64/15.1-RELEASE"
    assert (machine.bin / "fetch.asked").read_text().split() == [f"{place}/MANIFEST", f"{place}/base.txz"]
    assert os.access(machine.base / "bin/sh", os.X_OK)
    assert os.listdir(machine.base.parent) == ["base"]


def test_a_new_release_replaces_the_tree(machine):
    machine.release()
    machine.run("base")
    machine.tool("freebsd-version", "#!/bin/sh\necho 15.2-RELEASE\n")

    assert machine.run("base") == (0, [f"freebsd.sh: changed: {machine.base}: FreeBSD 15.2-RELEASE"])
    assert os.listdir(machine.base.parent) == ["base"]
    assert f"chflags -R noschg {machine.base}" in machine.log()


def test_a_tree_with_another_digest_is_refused_and_nothing_of_it_stays(machine):
    machine.release(digest="0" * 64)
    status, lines = machine.run("base")

    assert status == 1
    assert lines[0].startswith("freebsd.sh: base: base.txz does not have the digest of https://download")
    assert lines[1:] == ["freebsd.sh: failed: base"]
    assert os.listdir(machine.base.parent) == []


@pytest.fixture
def based(machine):
    machine.release()
    assert machine.run("base")[0] == 0
    return machine


TAKEN_AWAY = [
    "ifconfig epair7b -vnet 42",
    "jail -R 42",
    "ifconfig epair7a destroy",
    "rctl -r jail:nexcage_check",
]


def test_the_check_names_each_thing_that_works_and_leaves_nothing(based):
    status, lines = based.run("booted", "check")

    assert status == 0, lines
    assert lines == [
        "freebsd.sh: jails: jail 42 ran a program",
        "freebsd.sh: VNET: jail 42 reaches 10.98.1.1 over epair7b",
        "freebsd.sh: rctl: a limit of jail 42 holds",
        "freebsd.sh: devfs: rule sets 1 to 4 have rules",
        "freebsd.sh: Linux ABI: Linux 5.15.0",
        "freebsd.sh: Python: 3.11.13",
        "freebsd.sh: this host holds jails",
        "freebsd.sh: booted check: nothing to change",
    ]
    assert based.log()[-4:] == TAKEN_AWAY


@pytest.mark.parametrize(
    ("note", "complaint"),
    [
        ("jexec.far", "jail 42 does not reach 10.98.1.1"),
        ("jexec.unlimited", "maxproc=1 lets a second process be"),
        ("devfs.empty", "devfs rule set 4 has no rules"),
        ("kldstat.none", "linux64 is not loaded"),
    ],
)
def test_a_check_that_fails_says_what_and_leaves_nothing_either(based, note, complaint):
    based.note(note)
    status, lines = based.run("check")

    assert status == 1
    assert lines[-2:] == [f"freebsd.sh: check: {complaint}", "freebsd.sh: failed: check"]
    limited = "rctl -a jail:nexcage_check:maxproc:deny=1" in based.log()
    assert [line for line in based.log() if line in TAKEN_AWAY] == TAKEN_AWAY[: 3 + limited]


def test_a_file_system_that_is_missing_is_named(based):
    based.note("lsvfs.none", "linprocfs")
    status, lines = based.run("check")

    assert status == 1
    assert "freebsd.sh: check: file system linprocfs is not loaded" in lines


@pytest.mark.parametrize(
    ("steps", "tools", "complaint"),
    [
        ([], {}, "starting: no step; see the head of this file"),
        (["nonsense"], {}, "nonsense: no such step"),
        (["freebsd"], {"uname": "echo Linux"}, "freebsd: this is Linux, not FreeBSD"),
        (["freebsd"], {"id": "echo 1001"}, "freebsd: not root"),
        (["freebsd"], {"freebsd-version": "echo 13.5-RELEASE"}, "freebsd: FreeBSD 13.5-RELEASE is no"),
        (["freebsd"], {"freebsd-version": "echo 16.0-CURRENT"}, "freebsd: FreeBSD 16.0-CURRENT is no"),
        (["freebsd"], {"sysctl": "echo 1"}, "freebsd: this is a jail itself"),
        (["booted"], {"sysctl": "echo 0"}, "booted: kern.racct.enable is not 1: boot the machine"),
        (["booted"], {"ifconfig": "exit 1"}, "booted: bridge0 has no address 10.98.1.1"),
        (["packages"], {"pkg": "exit 1"}, "packages: pkg bootstrap"),
        (["check"], {}, "check: no tree in "),
        (["base"], {"fetch": "exit 1"}, "base: cannot fetch https://download.freebsd.org/releases/amd64/amd64/"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(machine, steps, tools, complaint):
    for name, text in tools.items():
        machine.tool(name, f"#!/bin/sh\n{text}\n")
    status, lines = machine.run(*steps)

    assert status == 1
    assert any(line.startswith(f"freebsd.sh: {complaint}") for line in lines), lines
    assert lines[-1].startswith("freebsd.sh: failed: ")


# freebsd.rb: Vagrant waits until the machine has been down and is up again

REBOOT = """
module Vagrant
  def self.plugin(_) = Class.new { def self.name(*) = nil; def self.guest_capability(*) = nil }
  module Errors; class MachineGuestNotReady < StandardError; end; end
end
require ARGV.shift
NEWS = ARGV
class Machine
  def communicate = self
  def ui = self
  def info(_) = nil
  def sudo(text, **named) = puts(text, named)
  def ready? = (@now = NEWS.shift || "down").then { |now| now == "gone" ? raise(IOError) : now != "down" }
  def test(_) = @now == "up"
  def reset! = puts("reset")
end
def FreeBSDReboot.sleep(_) = nil
begin
  FreeBSDReboot.reboot(Machine.new)
  puts "up, then #{NEWS.size}"
rescue Vagrant::Errors::MachineGuestNotReady
  puts "never"
end
"""


@pytest.mark.skipif(shutil.which("ruby") is None and "CI" not in os.environ, reason="ruby is not installed")
@pytest.mark.parametrize(
    ("news", "said"),
    [
        (["still", "gone", "down", "up", "up"], ["reset", "up, then 1"]),
        (["up"], ["up, then 0"]),
        ([], ["never"]),
        (["still"] * 100, ["never"]),
    ],
)
def test_vagrant_waits_for_the_boot(news, said):
    done = subprocess.run(
        ["ruby", "-e", REBOOT, "--", str(TOP / "vagrant/freebsd.rb"), *news],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "touch /var/run/nexcage-reboot && shutdown -r now"
    assert lines[2:] == said
