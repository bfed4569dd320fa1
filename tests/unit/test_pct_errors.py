"""nexcage.drivers.pct.errors: what Proxmox's tools say becomes one line, a class, a stable code, a hint."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexcage.drivers._call import alternatives
from nexcage.drivers.pct.errors import UNKNOWN, classify, warnings
from nexcage.drivers.pct.frames import ARGUMENTS
from nexcage.drivers.pct.texts import TABLE
from nexcage.drivers.pct.texts.causes import CAUSES, SILENT
from nexcage.drivers.pct.texts.parameters import CODES, SCHEMA, SPECIFIC
from nexcage.errors import CommandFailed, NexcageError, NotFound
from nexcage.redact import HIDDEN
from step_defs.classify import error_of, main, report
from tests.unit.pct_expected import EXPECTED

DATA = Path(__file__).resolve().parents[1] / "data" / "pct"
ROWS = [*TABLE, *CAUSES, *ARGUMENTS, *SPECIFIC, *SCHEMA, *(row for _, row in SILENT)]
SLUG = re.compile("[a-z]+(-[a-z0-9]+)*")
ENGINE_WORDS = re.compile("not found|no such file", re.IGNORECASE)
FRAME = "400 Parameter verification failed.\n{}\npct create <vmid> <ostemplate> [OPTIONS]\n"


def recordings(area):
    return json.loads((DATA / f"{area}.json").read_text(encoding="utf-8"))


def said(stderr, *argv, status=255, stdout="", tool="pct", vmid=100):
    argv = [tool, *(argv or ("start", "100"))]
    return classify(tool, argv, status, stdout, stderr, id="web", vmid=vmid)


CASES = [
    pytest.param(recording, row, id=f"{area}: {row[0]}")
    for area, rows in EXPECTED.items()
    for recording, row in zip(recordings(area), rows, strict=True)
]


@pytest.mark.parametrize(("recording", "row"), CASES)
def test_each_recording_is_what_the_table_says(recording, row):
    name, code, kind = row
    error = error_of(recording)
    assert recording["name"] == name
    assert (error.code if error else "", type(error) if error else None) == (code, kind)
    if error is not None:
        assert "\n" not in error.message
        assert error.message.startswith('container "web"') or code == "executable-missing"
        assert not ENGINE_WORDS.search(error.message) or code == "executable-missing"
        assert not error.message.endswith(".")
        assert '""' not in error.message or "''" in str(error.data["argv"])
        assert error.data["status"] == recording["exit"]


@pytest.mark.parametrize("recording", recordings("warnings"))
def test_success_with_words_on_stderr_is_success_with_warnings(recording):
    assert error_of(recording) is None
    assert warnings(recording["stdout"], recording["stderr"]) == recording["warnings"]


def test_no_recording_in_the_checkout_is_unknown(tmp_path, capsys):
    everything = [r for area in EXPECTED for r in recordings(area)] + recordings("warnings")
    path = tmp_path / "all.json"
    path.write_text(json.dumps(everything), encoding="utf-8")
    assert main(["pct", str(path)]) == 0
    failed = len(everything) - len(recordings("warnings"))
    assert capsys.readouterr().out.splitlines()[-1] == f"failed {failed}, unclassified 0"


@pytest.mark.parametrize("name", ["pct", "pve-tools"])
def test_full_recordings_where_they_are(name):
    beside = Path(__file__).resolve().parents[3] / "shared" / "transcripts"
    path = Path(os.environ.get("NEXCAGE_TRANSCRIPTS", beside)) / f"{name}.json"
    if not path.exists():
        pytest.skip("the full recordings are not here")
    _, failed, unknown = report(json.loads(path.read_text(encoding="utf-8")))
    assert failed > 100
    assert unknown == 0


def test_more_than_three_percent_unknown_is_a_failure(tmp_path, capsys):
    path = tmp_path / "new.json"
    odd = {"argv": ["pct", "start", "100"], "exit": 255, "stdout": "", "stderr": "the moon is full\n"}
    fine = {**odd, "stderr": "CT 100 already running\n"}
    path.write_text(json.dumps([odd] + [fine] * 32), encoding="utf-8")
    assert main(["pct", str(path)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f'pct start 100: {UNKNOWN}: container "web" (VMID 100): pct start: the moon is full'
    assert out[-1] == "failed 33, unclassified 1"


# texts of the tools' sources that nobody has recorded here
WRITTEN = [
    ("CT is locked", "ct-locked"),
    ("CT is locked (suspended)", "ct-locked"),
    ("can't remove CT 121 - protection mode enabled", "ct-protected"),
    ("can't remove snapshot - protection mode enabled", "ct-protected"),
    ("unable to find configuration file for CT 100 on node 'pve'", "ct-missing"),
    ("unable to create CT 200 - Could not reserve ID 200, already taken", "vmid-exists"),
    ("net0: SLAAC is not supported for host-managed network configuration.", "net-invalid"),
    ("Linked clone feature for 'local:122/base-122-disk-0.raw' is not available", "clone-unavailable"),
    ("detected modified configuration - file changed by other user? Try again.", "ct-changed"),
    ("no such cluster node 'x'", "node-missing"),
    ("target: target is local node.", "node-invalid"),
    ("403 Permission check failed (pool 'nosuch' does not exist)", "pool-missing"),
    ("403 Permission check failed (/vms/100, VM.Allocate)", "permission-denied"),
    ("can't open '/x' - No such file or directory", "file-missing"),
    ("unable to create CT 1 - mount points configured, but 'rootfs' not set - aborting", "rootfs-missing"),
    ("unable to create CT 120 - unable to detect OS distribution", "os-unknown"),
    ("unable to create CT 120 - unsupported debian version '99.1'", "os-unsupported"),
    ("unable to create CT 1 - Error while parsing OCI image: Unsupported CPU architecture", "image-platform"),
    ("unable to create CT 1 - Error while parsing OCI image: Wrong media type", "image-media-type"),
    ("unable to create CT 1 - Error while extracting OCI image: OCI spec error: x", "image-malformed"),
    (
        "unable to create CT 1 - unable to create image: qemu-img: x: The image size is too large",
        "size-invalid",
    ),
    ("unable to create CT 1 - command 'mkfs.ext4 -O mmp /dev/x' failed: exit code 1", "volume-failed"),
    ("lvcreate 'pve/vm-1-disk-0' error: Volume group has insufficient free space", "no-space"),
    ("zfs error: cannot create 'tank/subvol-1-disk-0': out of space", "no-space"),
    ("zfs error: cannot open 'tank': no such pool", "storage-offline"),
    ("storage 'nfs' is not online", "storage-offline"),
    (
        "unable to activate storage 'nfs' - directory '/mnt/nfs' does not exist or is unreachable",
        "storage-offline",
    ),
    ("cfs-lock 'file-storage_cfg' error: no quorum!", "quorum-lost"),
    ("cfs-lock 'file-user_cfg' error: got lock request timeout", "cluster-busy"),
    ("please run as root", "root-needed"),
    ("snapshot name 's1' already used", "snapshot-exists"),
    ("you can't convert a CT to a template if the CT is running", "ct-running"),
    ("cannot run fsck when container is running", "ct-running"),
    ("ssh: connect to host 192.0.2.1 port 22: No route to host", "node-unreachable"),
    ("rbd error: rbd: listing images failed: (110) Connection timed out", "storage-failed"),
    ("command '/usr/bin/lxc-usernsexec -- tar xpf - ' failed: exit code 2", "archive-invalid"),
    ("command '/usr/sbin/frobnicate -x' failed: got signal 9", "command-failed"),
    ("mapping 'x' does not exist", "resource-missing"),
    ("target node 'other' not online", "node-offline"),
    ("can't migrate local disk 'local:1/d.raw': storage 'local' is not there", "migration-failed"),
    ("volume 'local:1/d.raw' is already used by CT 1", "volume-busy"),
    ("cannot run command on non-existing mount point mp9", "disk-missing"),
    ("fstrim is only possible for running containers", "not-running"),
    ("got no lock for 'x'", "cluster-busy"),
    ("unable to add node: node 'x' already exists", "resource-exists"),
    ("401 No ticket", "permission-denied"),
    ("mount: /x: wrong fs type, bad option, bad superblock on /dev/loop0.", "storage-failed"),
    ("unable to parse frobnication '7'", "value-invalid"),
]


@pytest.mark.parametrize(("text", "code"), WRITTEN)
def test_texts_of_the_sources(text, code):
    error = said(text + "\n")
    assert error.code == code
    assert error.message.startswith('container "web" (VMID 100)')
    assert '""' not in error.message


@pytest.mark.parametrize(
    ("stderr", "message", "hint"),
    [
        (
            "CT is locked (backup)\n",
            'container "web" (VMID 100) is locked by a backup',
            "when nothing works on it any more: pct unlock 100",
        ),
        ("CT is locked (mounted)\n", 'container "web" (VMID 100) is locked by pct mount', "pct unmount 100"),
        ("CT 100 not running\n", 'container "web" (VMID 100): container not running', "nexcage start web"),
        (
            "storage 'nosuch' does not exist\n",
            'container "web" (VMID 100): the storage "nosuch" does not exist',
            "pvesm status lists them",
        ),
        (
            "missing command at /usr/share/perl5/PVE/CLI/pct.pm line 246.\n",
            'container "web" (VMID 100): no command was given',
            "nexcage exec web COMMAND",
        ),
        (
            "ipcc_send_rec[1] failed: Connection refused\nUnable to load access control list: x\n",
            'container "web" (VMID 100): the cluster file system of Proxmox VE does not run',
            "systemctl start pve-cluster",
        ),
    ],
)
def test_messages_and_hints(stderr, message, hint):
    error = said(stderr)
    assert (error.message, error.hint) == (message, hint)


@pytest.mark.parametrize("status", [1, 2, 4, 11, 13, 25, 39, 111, 255])
def test_the_exit_status_is_an_accident(status):
    assert said("CT is locked (backup)\n", status=status).code == "ct-locked"


_NO = "invalid format - value does not look like a valid"
BAD = [
    ("memory", "value must have a minimum value of 16"),
    ("cores", "type check ('integer') failed - got 'x'"),
    ("hostname", f"{_NO} DNS name"),
    ("net0.ip", f"{_NO} ipv4 network configuration"),
]


@given(st.permutations(BAD))
def test_several_bad_parameters_read_the_same_in_any_order(bad):
    lines = [f"{name}: {text}\n" for name, text in bad]
    head = "net0: invalid format - format error\n"
    argv = ("create", "100", "T", "--memory", "1", "--cores", "x", "--hostname", "a_b", "--net0", "ip=1.2")
    error = said(FRAME.format(head + "".join(lines)), *argv)
    assert error.code == "parameters-invalid"
    assert error.data["parameters"] == ["cores", "hostname", "memory", "net0.ip"]
    assert error.message == (
        'container "web" (VMID 100): cores: "x" is no integer; the hostname "a_b" is no DNS name: '
        'letters, digits, "-" and "." only; memory "1" must be at least 16; '
        'net0.ip "1.2" is not a valid ipv4 network configuration'
    )


def test_a_task_that_ran_out_of_space_says_so_on_stdout():
    stdout = "tar: ./big: Cannot write: No space left on device\ntar: Exiting with failure status\n"
    stderr = "unable to create CT 100 - command 'tar xpf - -z' failed: exit code 2\n"
    assert said(stderr, "create", "100", "T", stdout=stdout).code == "no-space"
    assert said(stderr, "create", "100", "T").code == "archive-invalid"
    # what the task says is asked only when its error does not: here the log is of something else
    assert said("CT is locked (disk)\n", stdout=stdout).code == "ct-locked"


@pytest.mark.parametrize("verb", ["push", "pull", "template"])
def test_exit_0_with_an_error_is_an_error(verb):
    assert said("failed to open /x: Permission denied\n", verb, "100", "/x", "/y", status=0) is not None
    assert said("", verb, "100", "/x", "/y", status=0) is None
    assert said("something new\n", verb, "100", "/x", "/y", status=0).code == UNKNOWN


def test_a_program_in_the_container_may_say_and_return_what_it_likes():
    for status in (0, 1, 126, 127, 137, 255):
        assert said("storage 'x' does not exist\n", "exec", "100", "--", "sh", status=status) is None
    error = said(
        'lxc-attach: 100: x.c: f: 1 No such file or directory - Failed to exec "nope"\n', "exec", "100"
    )
    assert error.message == 'executable file "nope" not found in $PATH'
    error = said('lxc-attach: 100: x.c: f: 1 Permission denied - Failed to exec "/x"\n', "exec", "100")
    assert error.message == 'container "web" (VMID 100): executable file "/x": permission denied'
    error = said(
        "lxc-attach: 100: ../src/lxc/attach.c: get_attach_context: 1 Failed to get init pid\n", "exec", "1"
    )
    assert error.code == "exec-failed"


def test_unknown_words_are_passed_on_whole():
    error = said("Das Backup\nist   kaputt\n\x1b[31mrot\n", status=3)
    assert type(error) is CommandFailed
    assert error.code == UNKNOWN
    assert error.message == 'container "web" (VMID 100): pct start: Das Backup; ist kaputt; ?[31mrot'
    assert error.data == {
        "argv": "pct start 100",
        "status": 3,
        "stderr": "Das Backup\nist   kaputt\n\x1b[31mrot\n",
    }


def test_a_silent_failure_has_a_reason_too():
    assert said("", status=137).message.endswith("pct start: killed by signal 9")
    assert said("", status=1, stdout="a\nlast words\n").message.endswith("pct start: a; last words")


def test_calls_that_are_about_no_container():
    error = classify(
        "pvesm", ["/usr/sbin/pvesm", "list", "x"], 255, "", "storage 'x' does not exist\n", id="", vmid=None
    )
    assert error.message == 'the storage "x" does not exist'
    assert isinstance(error, NotFound)


def test_the_tables_are_in_order():
    for pattern, kind, code, message, hint in ROWS:
        compiled = re.compile(alternatives(pattern), re.MULTILINE)
        assert SLUG.fullmatch(code)
        assert issubclass(kind, NexcageError)
        names = {name.rstrip("23456789") for name in compiled.groupindex}
        known = {"what", "id", "vmid", "tool", "verb", "wanted", "line", "name", "value", "usage", "options"}
        assert set(re.findall(r"\{(\w+)\}", message + hint)) <= names | known
        assert message
        assert not message.endswith(".")
        assert not ENGINE_WORDS.search(message)
    assert all(SLUG.fullmatch(code) for code in CODES.values())


TOOLS = st.sampled_from(["pct", "pvesh", "pvesm", "pveam", "pveversion", "pvecm"])
VERBS = st.sampled_from(["create", "start", "exec", "push", "get", "free", "update", "", "resize"])
PIECES = st.sampled_from(
    [
        "400 Parameter verification failed.\n",
        "CT ",
        "storage '",
        "' does not exist",
        "\n",
        "{what}",
        "memory: ",
        "unable to ",
        "command '",
        "failed: exit code 1",
        "net0.ip: ",
        "\x00",
        "\x1b",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=20).map("".join)
)


@given(TOOLS, VERBS, TEXTS, TEXTS, st.integers(0, 255), st.sampled_from(["", "web"]))
def test_any_text_gives_one_line(tool, verb, stdout, stderr, status, id):
    error = classify(tool, [tool, verb, "100"], status, stdout, stderr, id=id, vmid=100)
    if error is None:
        assert status == 0 or verb == "exec" or tool == "pvesm"
        return
    assert error.message.strip()
    assert len(error.message.splitlines()) == 1
    assert error.message.isprintable()
    assert error.hint.isprintable()
    assert SLUG.fullmatch(error.code)
    assert all(line.isprintable() and line for line in warnings(stdout, stderr))


@given(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=30))
def test_names_come_through_quoted(name):
    quoted = f'"{name}"'
    assert quoted in said(f"storage '{name}' does not exist\n").message
    assert quoted in said(
        f"unable to create CT 1 - directory '/srv/{name}' does not exist\n"
    ).message.replace("/srv/", "")
    assert quoted in said(f"bridge '{name}' does not exist\n").message
    assert quoted in said(f"snapshot '{name}' does not exist\n").message
    assert quoted in said(f"unable to parse volume ID '{name}'\n").message


SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, categories=("L", "N", "P")), min_size=5, max_size=20
)


@given(
    SECRETS.filter(
        lambda s: s.lower() not in "container web vmid parameter verification failed" and "*" not in s
    )
)
def test_secrets_do_not_come_through(secret):
    for argv in (
        ["create", "100", "T", "--password", secret],
        ["create", "100", "T", f"--password={secret}"],
        ["create", "100", "T", "-PASSWORD", secret],
    ):
        for text in (
            secret,
            f"bad value '{secret}'",
            FRAME.format(f"password: invalid format - got '{secret}'"),
        ):
            error = said(text + "\n", *argv)
            shown = f"{error.message} {error.hint} {error.data}".replace(repr(HIDDEN), "")
            assert secret not in shown


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD=hunter2 is bad",
        "cannot reach https://me:hunter2@host/",
        "api_token=hunter2",
        "x --secret=hunter2",
    ],
)
def test_what_looks_like_a_secret_is_hidden_everywhere(text):
    error = said(text + "\n", "set", "100", "--env", "DB_PASSWORD=hunter2")
    assert "hunter2" not in f"{error.message} {error.data}"
    assert HIDDEN in error.message
    assert all("hunter2" not in line for line in warnings(f"WARN: {text}\n", text))
