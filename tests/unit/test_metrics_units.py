"""packaging/systemd and packaging/freebsd: what starts the watch as a service."""

import configparser
import http.client
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from nexcage.cli.check import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "packaging/systemd/nexcage-watch.service"
SCRIPT = ROOT / "packaging/freebsd/nexcage_watch"
LAUNCHER = ROOT / "nexcage/launcher.sh"
# what run_rc_command of rc.subr(8) does with the variables that a script sets
SUBR = """
load_rc_config() { [ ! -e {place}/rc.conf ] || . {place}/rc.conf; }
running() { pid=$(cat "$pidfile" 2>/dev/null) && kill -0 "$pid" 2>/dev/null; }
run_rc_command() {
	eval "enabled=\\$$rcvar"
	case $1 in one*) set -- "${1#one}" ;; *) [ "$enabled" = YES ] || return 0 ;; esac
	eval "own=\\${${1}_cmd}"
	case " start stop status $extra_commands " in *" $1 "*) ;; *) return 1 ;; esac
	if [ -n "$own" ]; then "$own"; return; fi
	case $1 in
	start)
		! running || { echo "$name already running?"; return 1; }
		[ -r "$required_files" ] || { echo "required file is missing" >&2; return 1; }
		echo "Starting $name."
		$command $command_args
		;;
	stop)
		running || { echo "$name not running?"; return 1; }
		echo "Stopping $name."
		kill -TERM "$pid"
		while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
		;;
	status) running && echo "$name is running as pid $pid." || { echo "$name is not running."; return 1; } ;;
	esac
}
"""
# what daemon(8) does with the options that the script gives
DAEMON = """#!/bin/sh
while getopts fR:P:p:o:t: option; do
	case $option in P) outer=$OPTARG ;; p) inner=$OPTARG ;; o) log=$OPTARG ;; f | R | t) ;; *) exit 1 ;; esac
done
shift $((OPTIND - 1))
{
	"$@" </dev/null >>"$log" 2>&1 &
	echo $! >"$inner"
	trap 'kill -TERM "$(cat "$inner")"; wait; exit' TERM
	wait
} </dev/null >/dev/null 2>&1 &
echo $! >"$outer"
"""


class Rc:
    """The script with rc.subr, daemon and its directories in ``place``."""

    def __init__(self, place):
        self.place = place
        (place / "rc.subr").write_text(SUBR.replace("{place}", str(place)))
        (place / "daemon").write_text(DAEMON)
        (place / "daemon").chmod(0o755)
        text = SCRIPT.read_text()
        for name, ours in (
            ("/etc/rc.subr", "rc.subr"),
            ("/usr/sbin/daemon", "daemon"),
            ("/var/run", ""),
            ("/var/log", ""),
        ):
            assert name in text
            text = text.replace(name, str(place / ours))
        (place / "script").write_text(text)

    def configure(self, **values):
        lines = (f'nexcage_watch_{name}="{value}"\n' for name, value in values.items())
        (self.place / "rc.conf").write_text("".join(lines))

    def __call__(self, word):
        return subprocess.run(
            ["/bin/sh", self.place / "script", word],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=20, check=False,
        )  # fmt: skip

    def log(self):
        path = self.place / "nexcage_watch.log"
        return path.read_text() if path.exists() else ""

    def until_log(self, text):
        deadline = time.monotonic() + 10
        while text not in self.log():
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)


@pytest.fixture
def rc(tmp_path):
    made = Rc(tmp_path)
    yield made
    made("onestop")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def healthy(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/-/healthy")
    return connection.getresponse().status


def test_the_shell_accepts_the_script():
    subprocess.run(["/bin/sh", "-n", SCRIPT], check=True)
    assert os.access(SCRIPT, os.X_OK)


def test_shellcheck_finds_nothing_in_the_script():
    # SC1091: rc.subr is FreeBSD's; SC2034: what it reads; SC2154, SC2086: its own way with names
    subprocess.run(["shellcheck", "-s", "sh", "-e", "SC1091,SC2034,SC2086", SCRIPT], check=True)


def test_rcorder_finds_what_it_wants():
    lines = SCRIPT.read_text().splitlines()
    assert "# PROVIDE: nexcage_watch" in lines
    assert "# REQUIRE: LOGIN NETWORKING" in lines
    assert "# KEYWORD: shutdown" in lines


def test_the_service_of_freebsd_starts_reloads_and_stops(rc):
    port = free_port()
    rc.configure(
        enable="YES",
        program=LAUNCHER,
        options=f"--interval 1h --listen 127.0.0.1:{port} --root {rc.place}/root config",
    )
    started = rc("start")
    assert (started.returncode, started.stdout) == (0, "Starting nexcage_watch.\n")
    rc.until_log(f"metrics on http://127.0.0.1:{port}/metrics")
    assert healthy(port) in (200, 503)
    assert rc("start").returncode == 1
    assert rc("status").stdout.startswith("nexcage_watch is running as pid ")
    reloaded = rc("reload")
    assert (reloaded.returncode, reloaded.stdout) == (0, "Reloading nexcage_watch.\n")
    rc.until_log("reloaded")
    assert rc("stop").returncode == 0
    rc.until_log("stopped")
    assert rc("status").returncode == 1
    with pytest.raises(ConnectionRefusedError):
        healthy(port)


def test_without_the_line_in_rc_conf_nothing_starts(rc):
    assert (rc("start").returncode, rc("start").stdout) == (0, "")
    assert not list(rc.place.glob("*.pid"))


def test_a_reload_without_a_service_is_refused(rc):
    rc.configure(enable="YES")
    reloaded = rc("reload")
    assert (reloaded.returncode, reloaded.stdout) == (1, "nexcage_watch is not running.\n")


def test_a_program_that_is_not_there_is_refused(rc):
    rc.configure(enable="YES", program="/nowhere/nexcage")
    assert rc("start").returncode == 1


# -- systemd


def unit():
    parsed = configparser.RawConfigParser(strict=False, delimiters="=")
    parsed.optionxform = str
    parsed.read(UNIT)
    return parsed


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and "CI" not in os.environ, reason="there is no systemd-analyze"
)
def test_systemd_accepts_the_unit(tmp_path):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", UNIT],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_unit_says_what_the_service_does():
    service = unit()["Service"]
    assert service["Type"] == "notify"
    words = service["ExecStart"].split()
    assert words[:4] == ["/usr/bin/env", "nexcage", "check", "--watch"]
    assert {word[2:] for word in words if word.startswith("--")} <= {option.name for option in OPTIONS}
    assert service["ExecReload"].endswith("kill -HUP $MAINPID")
    assert unit()["Install"]["WantedBy"] == "multi-user.target"


def test_the_unit_hides_nothing_that_is_looked_at():
    """A mount namespace of its own would show another table of mounts, and read-only stores."""
    hides = (
        "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateMounts", "PrivateDevices", "PrivateUsers",
        "PrivateNetwork", "ProtectProc", "ProcSubset", "ProtectControlGroups", "ProtectKernelTunables",
        "ProtectKernelModules", "ProtectKernelLogs", "ReadOnlyPaths", "InaccessiblePaths", "RootDirectory",
        "TemporaryFileSystem", "DynamicUser", "User",
    )  # fmt: skip
    assert not set(hides) & set(unit()["Service"])
