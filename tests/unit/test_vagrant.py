# SPDX-License-Identifier: Apache-2.0
"""The machines of the Vagrantfile: what they are made of, and what their scripts do.

What only Proxmox's packages can tell, proxmox.sh finds out itself at its end, in its step "check".
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from step_defs.stand_ins.pve.cluster import Cluster

TOP = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((TOP / "vagrant").glob("*.sh"))
PROXMOX = TOP / "vagrant/proxmox.sh"
TEMPLATE = "alpine-3.22-default_20250617_amd64.tar.xz"

# The Vagrantfile itself, run with something that only writes down what it asks for.
RECORDER = """
require "json"
class Noted
  attr_reader :set, :called
  def initialize; @set = {}; @called = []; end
  def method_missing(name, *words, **named)
    return @set[name.to_s.delete_suffix("=")] = words.first if name.end_with?("=")
    return @set[name.to_s] ||= Noted.new if words.empty? && named.empty? && !block_given?
    noted = [Noted.new, Noted.new]
    @called << [name, words, named, noted]
    yield(*noted) if block_given?
  end
  def respond_to_missing?(*) = true
  def to_h = {set: set.transform_values { |v| v.is_a?(Noted) ? v.to_h : v },
              called: called.map { |name, words, named, noted| [name, words, named, noted.map(&:to_h)] }}
end
module Vagrant
  ROOT = Noted.new
  def self.configure(_) = yield(ROOT)
  def self.plugin(_) = Class.new { def self.name(*) = nil; def self.guest_capability(*) = nil }
end
load ARGV.first
puts JSON.generate(Vagrant::ROOT.to_h)
"""


def asked(top):
    """What the Vagrantfile asks for: machine → (box, memory, cpus) by provider, and its provisioners."""
    if shutil.which("ruby") is None:
        pytest.skip("ruby is not installed")
    done = subprocess.run(
        ["ruby", "-", str(top / "Vagrantfile")],
        input=RECORDER,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {}
    for call, words, _, (machine, _) in json.loads(done.stdout)["set"]["vm"]["called"]:
        if call != "define":
            continue
        calls = machine["set"]["vm"]["called"]
        found[words[0]] = (
            {
                words[0]: (override["set"]["vm"]["set"]["box"], hardware["set"])
                for what, words, _, (hardware, override) in calls
                if what == "provider"
            },
            [named for what, _, named, _ in calls if what == "provision"],
        )
    return found


def test_every_machine_has_its_boxes_sizes_and_scripts():
    found = asked(TOP)

    assert {"proxmox", "proxmox8", "debian", "freebsd", "freebsd14"} <= set(found)
    for name, (providers, parts) in found.items():
        # nobody makes a box of FreeBSD 15 for VirtualBox
        assert set(providers) == ({"libvirt"} if name == "freebsd" else {"libvirt", "virtualbox"})
        for box, hardware in providers.values():
            assert re.fullmatch(r"[a-z]+/[a-z0-9.-]+", box)
            assert hardware["memory"] >= 1024
            assert hardware["cpus"] >= 1
        assert [Path(part["path"]) for part in parts] == [
            path for part in parts for path in SCRIPTS if path.name == Path(part["path"]).name
        ]


@pytest.mark.parametrize("machine", ["proxmox", "proxmox8", "freebsd", "freebsd14"])
def test_a_machine_boots_with_what_it_was_given_before_it_is_used(machine):
    first, second = asked(TOP)[machine][1]

    assert (first["reboot"], second["reboot"]) == (True, False)
    assert first["args"][-1] == "packages"
    assert second["args"][0] == "booted"
    assert second["args"][-1] == "check"


def test_a_further_machine_is_a_further_entry(tmp_path):
    shutil.copy(TOP / "Vagrantfile", tmp_path)
    shutil.copytree(TOP / "vagrant", tmp_path / "vagrant")
    with (tmp_path / "vagrant/machines.yaml").open("a") as file:
        file.write(
            "further:\n  box: {libvirt: freebsd/FreeBSD-14.2-RELEASE}\n  memory: 1024\n  cpus: 1\n"
            "  nested: true\n  provision: [{script: freebsd.sh}]\n"
        )
    providers, parts = asked(tmp_path)["further"]

    memory = {"memory": 1024, "cpus": 1, "nested": True}
    assert providers == {"libvirt": ("freebsd/FreeBSD-14.2-RELEASE", memory)}
    assert parts == [{"path": str(tmp_path / "vagrant/freebsd.sh"), "args": [], "reboot": False}]


@pytest.mark.skipif(shutil.which("vagrant") is None, reason="vagrant is not installed")
def test_vagrant_takes_the_file(tmp_path):
    environment = os.environ | {"VAGRANT_HOME": f"{tmp_path}/home", "VAGRANT_DOTFILE_PATH": f"{tmp_path}/dot"}
    done = subprocess.run(
        ["vagrant", "validate", "--ignore-provider", "--no-tty", "--no-color"],
        cwd=TOP,
        env=environment | {"VAGRANT_CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_step_that_a_machine_names_is_one_of_its_script():
    named = re.findall(r"script: ([\w.]+), steps: \[([\w, ]+)\]", (TOP / "vagrant/machines.yaml").read_text())
    assert named
    for script, steps in named:
        text = (TOP / "vagrant" / script).read_text()
        known = re.search(r"^    ([a-z |]+)\) \"\$step\" ;;$", text, re.MULTILINE)
        assert known
        assert set(steps.split(", ")) <= set(known[1].split(" | "))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_plain_sh_that_stops_at_the_first_failure(script):
    assert os.access(script, os.X_OK)
    assert "\nset -eu\n" in script.read_text()
    subprocess.run(["sh", "-n", script], check=True)
    if shutil.which("shellcheck"):
        done = subprocess.run(["shellcheck", script], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stdout


def test_nothing_but_proxmox_and_freebsd_themselves_is_named_to_fetch_from():
    texts = [path.read_text() for path in (*(TOP / "vagrant").iterdir(), TOP / "Vagrantfile")]
    hosts = {host for text in texts for host in re.findall(r"https?://([\w.-]+)", text)}

    assert hosts == {"enterprise.proxmox.com", "download.proxmox.com", "download.freebsd.org"}


# proxmox.sh, on the stand-in of a node


@pytest.fixture
def node(tmp_path):
    made = Cluster.make(tmp_path / "pve", version="now", containers="model")
    yield made
    made.end()


def proxmox(node, *steps, **programs):
    """Run steps; (status, lines on standard error). ``programs``: shell scripts found before the tools."""
    front = node.home / "front"
    front.mkdir(exist_ok=True)
    for name, text in programs.items():
        (front / name).write_text(f"#!/bin/sh\n{text}\n")
        (front / name).chmod(0o755)
    tools = node.environment()
    done = subprocess.run(
        [PROXMOX, *steps],
        env={**os.environ, **tools, "PATH": f"{front}:{tools['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.splitlines()


def test_the_storage_is_told_once_to_hold_all_that_containers_need(node):
    node.run("pvesm", "set", "local", "--content", "iso,vztmpl,backup")
    first, second = proxmox(node, "storage"), proxmox(node, "storage")

    took = "proxmox.sh: changed: storage local takes rootdir images vztmpl snippets iso backup"
    assert first == (0, [took])
    assert second == (0, ["proxmox.sh: storage: nothing to change"])


def test_a_template_that_did_not_come_is_a_failure_although_pveam_exits_0(node):
    status, lines = proxmox(node, "template")

    assert status == 1
    assert lines[-2:] == [
        "proxmox.sh: template: pveam knows no template of Alpine Linux; see /var/log/pveam.log",
        "proxmox.sh: failed: template",
    ]


# what `pveam` does with a network, as recorded; the stand-in has none
PVEAM = f"""
case $1 in
update) ;;
available) printf '%-15s %-60s\\n' system alpine-3.9-default_20190224_amd64.tar.xz system {TEMPLATE} \\
    system archlinux-base_20240911-1_amd64.tar.zst ;;
download) echo "$3" >>"$0.asked"; [ -e "$0.broken" ] || touch "$0.have" ;;
list) echo 'NAME SIZE'; [ ! -e "$0.have" ] || echo "local:vztmpl/{TEMPLATE} 3.00MB" ;;
esac
"""


def test_the_newest_template_is_fetched_once(node):
    first, second = proxmox(node, "template", pveam=PVEAM), proxmox(node, "template", pveam=PVEAM)

    assert first == (0, [f"proxmox.sh: changed: template {TEMPLATE}"])
    assert second == (0, ["proxmox.sh: template: nothing to change"])
    assert (node.home / "front/pveam.asked").read_text() == f"{TEMPLATE}\n"


def test_a_download_that_brings_nothing_is_a_failure(node):
    (node.home / "front").mkdir()
    (node.home / "front/pveam.broken").touch()
    status, lines = proxmox(node, "template", pveam=PVEAM)

    assert status == 1
    assert f"proxmox.sh: template: pveam download local {TEMPLATE} did not bring it" in lines


@pytest.mark.parametrize(
    ("steps", "programs", "complaint"),
    [
        ([], {}, "starting: no step; see the head of this file"),
        (["nonsense"], {}, "nonsense: no such step"),
        (
            ["booted"],
            {"uname": "echo 6.12.0-amd64"},
            "booted: kernel 6.12.0-amd64 is not Proxmox's: boot the machine",
        ),
        (["booted"], {"uname": "echo 6.17.2-1-pve", "ip": ""}, "booted: vmbr0 is not up after booting"),
        (["debian"], {"id": "echo 1000"}, "debian: not root"),
        (["debian"], {"id": "echo 0", "dpkg": "echo arm64"}, "debian: Proxmox VE is for amd64 only"),
        (["check"], {"pct": "exit 255"}, "check: "),
    ],
)
def test_what_is_wrong_is_named(node, steps, programs, complaint):
    status, lines = proxmox(node, *steps, **programs)

    assert status == 1
    assert any(line.startswith(f"proxmox.sh: {complaint}") for line in lines), lines
    assert lines[-1].startswith("proxmox.sh: failed: ")


# A bridge, a gateway, and a container whose ping gets an answer: the stand-in has no network.
NETWORK = {
    "ip": """
case $* in
*route*) echo default via 192.0.2.1 dev eth0 ;;
*) echo '4: vmbr0    inet 10.98.0.1/24 brd 10.98.0.255 scope global vmbr0' ;;
esac""",
    "ping": "exit 0",
}


@pytest.fixture
def templated(node, tmp_path):
    (tmp_path / "root/etc").mkdir(parents=True)
    (tmp_path / "root/etc/alpine-release").write_text("3.22.0\n")
    archive = tmp_path / TEMPLATE
    subprocess.run(["tar", "-cJf", archive, "-C", tmp_path / "root", "."], check=True)
    node.template(archive)
    return node


def test_the_check_takes_a_container_through_its_life_and_leaves_none(templated):
    status, lines = proxmox(templated, "check", **NETWORK)

    assert status == 0, lines
    assert lines[-2:] == ["proxmox.sh: this node works", "proxmox.sh: check: nothing to change"]
    verbs = [call["argv"][1] for call in templated.calls() if Path(call["argv"][0]).name == "pct"]
    assert verbs == ["list", "create", "start", "status", "exec", "stop", "destroy"]
    assert templated.guests() == {}


def test_a_check_that_fails_leaves_no_container_either(templated):
    templated.fault("pct", "start", text="no such bridge\n")
    status, lines = proxmox(templated, "check", **NETWORK)

    assert status == 1
    assert lines[-2:] == ["proxmox.sh: check: pct start", "proxmox.sh: failed: check"]
    assert templated.guests() == {}


PLACE = """
set -eu
mkdir -p "$1/upper" "$1/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc
printf '127.0.0.1 localhost\\n127.0.1.1 pve.old pve box # its box\\n# kept\\n' >/etc/hosts
for turn in 1 2; do "$2" name; sha256sum /etc/hosts /etc/hostname; done
hostname
cat /etc/hosts
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="not root")
def test_the_nodes_name_resolves_to_the_bridge_and_to_no_loopback_address(tmp_path):
    (tmp_path / "etc").mkdir()
    # an overlay's upper tree cannot lie on every file system
    inside = f'mount -t tmpfs etc "{tmp_path}/etc"; exec sh -c "$@"'
    unshare = ["unshare", "--mount", "--uts", "--propagation", "private", "sh", "-c", inside, "sh"]
    done = subprocess.run(
        [*unshare, PLACE, "sh", f"{tmp_path}/etc", str(PROXMOX)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == lines[2:4]
    assert lines[4:] == [
        "pve",
        "127.0.0.1 localhost",
        "127.0.1.1 pve.old box # its box",
        "# kept",
        "10.98.0.1 pve.nexcage.test pve",
    ]
    assert done.stderr.splitlines()[-1] == "proxmox.sh: name: nothing to change"
