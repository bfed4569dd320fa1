"""What the translation writes, read and carried out by the LXC that is installed."""

import os
import shutil
import subprocess

import pytest

from tests.unit.pct_request import Node, bare, capabilities, translated
from tests.unit.test_pct_translate_quoting import read

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
    pytest.mark.skipif(not shutil.which("lxc-start"), reason="needs lxc"),
    pytest.mark.skipif(not shutil.which("busybox"), reason="needs busybox"),
]
SCRIPT = """#!/bin/sh
cd /out
for word; do printf '%s\\n' "<$word>"; done >args
env >env; id >id; cat /proc/self/status >status; cat /proc/self/limits >limits
cat /proc/self/oom_score_adj >oom; cat /proc/self/mounts >mounts
mkdir /tmp/x 2>mkdir; (cat /etc/secret; ls /etc/secrets) >secret 2>&1
(echo x >/proc/sys/kernel/hostname) 2>readonly
exit 0
"""


@pytest.fixture
def node(tmp_path):
    """A made-up container: its rootfs has a program that writes down what it sees."""
    root = tmp_path / "rootfs"
    for name in ("bin", "proc", "sys", "dev", "tmp", "out", "etc/secrets", "srv/my dir"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "out").chmod(0o777)
    (root / "tmp").chmod(0o1777)
    (root / "etc/secret").write_text("secret\n")
    (root / "etc/secrets/x").write_text("secret\n")
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    for name in ("sh", "env", "id", "cat", "mkdir", "ls", "printf"):
        (root / "bin" / name).symlink_to("busybox")
    (root / "bin/show").write_text(SCRIPT)
    (root / "bin/show").chmod(0o755)
    return tmp_path


class Kinds(Node):
    def kind(self, path):
        return "dir" if os.path.isdir(path) else "file" if os.path.exists(path) else ""


def start(node, config, argv=(), version="9.0", unprivileged="0"):
    """Write LXC's configuration as Proxmox VE does (PVE/LXC.pm, update_lxc_config), and run it."""
    out = translated(
        config,
        version=version,
        look=Kinds(),
        rootfs=str(node / "rootfs"),
        bundle=str(node),
        home=str(node),
        options={"unprivileged": unprivileged},
    )
    for name, text in out.files.items():
        (node / name).write_text(text)
    lines = [
        f"lxc.rootfs.path = dir:{node}/rootfs",
        "lxc.net.0.type = empty",
        "lxc.apparmor.profile = unconfined",
        "lxc.mount.auto = proc:mixed sys:mixed",
        "lxc.cap.drop = mac_admin mac_override sys_time sys_module sys_rawio",
    ]
    for line in out.lines:
        key, value = line.partition(":")[0], line.partition(":")[2].strip(" ")
        assert read(line)[0] == key
        if not (argv and key == "lxc.init.cmd"):
            lines.append(f"{key} = {value}")
    (node / "conf").write_text("\n".join(lines) + "\n")
    command = ["lxc-start", "-F", "-n", f"t{os.getpid()}", "-P", str(node), "-f", str(node / "conf")]
    command += ["-o", str(node / "log"), "-l", "INFO", *(["--", *argv] if argv else [])]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr + (node / "log").read_text()[-3000:]
    return lambda name: (node / "rootfs/out" / name).read_text()


def test_a_process_is_what_its_config_says(node):
    config = bare(
        linux={"maskedPaths": ["/etc/secret", "/etc/secrets", "/proc/gone"], "readonlyPaths": ["/proc/sys"]}
    )
    config["mounts"] = [{"destination": "/srv/my dir", "type": "tmpfs", "options": ["size=64k", "ro"]}]
    config["process"].update(
        args=["/bin/show"],
        env=["PATH=/bin", "EDGES= a ", 'QUOTED="x"', "EMPTY="],
        user={"uid": 7, "gid": 8, "additionalGids": [9, 10]},
        capabilities={"bounding": ["CAP_KILL", "CAP_NET_BIND_SERVICE"]},
        rlimits=[{"type": "RLIMIT_NOFILE", "soft": 99, "hard": 100}],
        noNewPrivileges=True,
        oomScoreAdj=77,
    )
    rules = [
        {"names": ["mkdir", "mkdirat", "no_such_call"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28},
        {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    ]
    config["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules}
    seen = start(node, config, ["/bin/show", "a b"])
    assert seen("args") == "<a b>\n"
    assert seen("id") == "uid=7 gid=8 groups=9,10\n"
    assert set(config["process"]["env"]) <= set(seen("env").splitlines())
    status = dict(line.split(":\t", 1) for line in seen("status").splitlines() if ":\t" in line)
    assert int(status["CapBnd"], 16) == 1 << 5 | 1 << 10
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert seen("oom") == "77\n"
    limit = next(line for line in seen("limits").splitlines() if line.startswith("Max open files"))
    assert limit.split()[3:5] == ["99", "100"]
    assert "No space left on device" in seen("mkdir")
    assert "secret\n" not in seen("secret")
    assert "x\n" not in seen("secret")
    assert "Read-only file system" in seen("readonly")
    mount = next(line for line in seen("mounts").splitlines() if "/srv/my\\040dir" in line)
    assert mount.split()[2] == "tmpfs"
    assert "size=64k" in mount


@pytest.mark.parametrize(("capability", "unprivileged"), [("CAP_NET_ADMIN", "0"), ("CAP_KILL", "1")])
def test_a_setting_of_the_kernel(node, capability, unprivileged):
    key = "net.ipv4.ip_forward"
    config = bare(linux={"sysctl": {key: "1"}, "readonlyPaths": ["/proc/sys"]})
    config["process"].update(args=["/bin/show"], env=["PATH=/bin"], capabilities=capabilities(capability))
    script = node / "rootfs/bin/show"
    script.write_text(script.read_text().replace("exit 0", f"cat /proc/sys/{key.replace('.', '/')} >value"))
    assert start(node, config, unprivileged=unprivileged)("value") == "1\n"


def version():
    text = subprocess.run(["lxc-start", "--version"], capture_output=True, text=True, check=False).stdout
    return int(text.split(".")[0])


@pytest.mark.parametrize(
    "words",
    [["plain", "a'b\"c"]]
    # lxc.init.cmd has quotes since LXC 6
    + [["a b", "it's", '"q"', "", "x\ty", "ü ß", "back\\slash \\", "$HOME `x`", "'lead", "end "]]
    * (version() >= 6)
    if shutil.which("lxc-start")
    else [],
)
def test_words_reach_the_program(node, words):
    config = bare()
    config["process"].update(args=["/bin/show", *words], env=["PATH=/bin"])
    seen = start(node, config)
    assert seen("args").splitlines() == [f"<{word}>" for word in words]
