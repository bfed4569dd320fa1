"""The service of check --watch: looks that hang or die, clients that do, signals, what systemd is told."""

import contextlib
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

LIB = Path(__file__).resolve().parents[2]
SERVICE = f"""
import os, sys, time
sys.path.insert(0, {str(LIB)!r})
from nexcage import log
from nexcage.cli.call import Call
from nexcage.host import process
from nexcage.watch import gather, listening, server
from nexcage.watch.service import Service

place = sys.argv[1]
interval, patience, server.PATIENCE = map(float, sys.argv[2:])

def look(call, groups):
    how = open(place + "/how").read()
    if how == "hang":
        process.run(["/bin/sh", "-c", "echo $$ >" + place + "/tool; exec sleep 1000"], timeout=1000)
    if how == "raise":
        raise ValueError("odd\\nword")
    if how == "die":
        os.abort()
    found = gather.Look()
    found.results = {{"state": {{"pass": 1, "warn": 0, "fail": int(how == "fail")}}}}
    if how in ("fail", "warn"):
        found.problems = {{("state", "records", "web"): (how, how + " of web")}}
    if how == "large":
        found.containers = {{"x" * 1000 + str(n): {{"running": n}} for n in range(5000)}}
    found.time = time.time()
    return found

log.configure(level="info")
listener = listening.listener("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
Service(Call("check", {{"root": [place]}}, []), (), interval=interval, patience=patience,
        listener=listener, look=look).run("here we are")
"""


class Watch:
    """A service whose looks do what the file ``how`` says."""

    def __init__(self, place, *, how="pass", interval=1000.0, patience=60.0, clients=1.0, env=None):
        self.place = place
        self.how(how)
        self.errors = (place / "errors").open("w+")
        seconds = [str(one) for one in (interval, patience, clients)]
        self.process = subprocess.Popen(
            [sys.executable, "-IS", "-c", SERVICE, str(place), *seconds],
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, **(env or {})},
        )
        self.port = int(self.process.stdout.readline())

    def how(self, word):
        (self.place / "how").write_text(word)

    def get(self, path, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path)
        answer = connection.getresponse()
        return answer, answer.read().decode()

    def metrics(self):
        samples = {}
        for family in text_string_to_metric_families(self.get("/metrics")[1]):
            for sample in family.samples:
                samples[(sample.name, *sample.labels.values())] = sample.value
        return samples

    def runs(self, result="ok"):
        return self.metrics()["nexcage_check_runs_total", result]

    def health(self):
        answer, text = self.get("/-/healthy")
        return answer.status, text.strip()

    def said(self):
        lines = (self.place / "errors").read_text().replace("nexcage: ", "").splitlines()
        return [line for line in lines if line != "info: here we are"]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        began = time.monotonic()
        status = self.process.wait(5)
        return status, time.monotonic() - began

    def again(self, word="", result="ok"):
        """Another look, which does what the word says."""
        if word:
            self.how(word)
        before = self.runs(result)
        self.process.send_signal(signal.SIGHUP)
        until(lambda: self.runs(result) > before)


def until(fits, seconds=10):
    deadline = time.monotonic() + seconds
    while not fits():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.fixture
def watch(tmp_path):
    made = []

    def start(**more):
        made.append(Watch(tmp_path, **more))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()
        one.errors.close()


def alive(place):
    """Whether the tool still runs; who adopts the dead may be slow to bury them."""
    try:
        stat = Path(f"/proc/{int((place / 'tool').read_text())}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


# -- looks


def test_changes_are_said_once_each_and_nothing_else(watch):
    one = watch()
    until(lambda: one.runs() == 1)
    for word in ("pass", "warn", "warn", "fail", "fail", "pass", "pass"):
        one.again(word)
    assert [line for line in one.said() if line != "info: reloaded"] == [
        "warning: state: warn of web status=warn name=records",
        "warning: state: fail of web status=fail name=records",
        "info: state: over: fail of web status=pass name=records",
    ]


def test_looks_come_by_themselves(watch):
    one = watch(interval=0.2)
    until(lambda: one.runs() >= 4, 3)


def test_a_look_that_hangs_is_ended_with_its_tools_while_clients_are_answered(watch, tmp_path):
    one = watch(how="hang", patience=1.0)
    until((tmp_path / "tool").exists)
    began = time.monotonic()
    assert one.health() == (503, "no check has ended yet")
    assert time.monotonic() - began < 0.5
    assert alive(tmp_path)
    until(lambda: one.runs("timeout") == 1)
    until(lambda: not alive(tmp_path))
    one.again("pass")
    assert one.health() == (200, "all is well")
    assert [line for line in one.said() if "the check" in line] == [
        "warning: the check: did not end within 1 s",
        "info: the check: over: did not end within 1 s",
    ]


@pytest.mark.parametrize(("how", "text"), [("raise", "ValueError: odd word"), ("die", "killed by signal 6")])
def test_a_look_that_dies_is_said_and_the_next_one_comes(watch, how, text):
    one = watch(how=how, interval=0.2)
    until(lambda: one.runs("failed") >= 2)
    assert one.health()[0] == 503
    one.how("pass")
    until(lambda: one.runs() == 1)
    lines = [line for line in one.said() if "the check" in line]
    assert lines == [f"warning: the check: failed: {text}", f"info: the check: over: failed: {text}"]


def test_health_is_lost_with_failures_and_with_time(watch):
    one = watch(interval=0.1, patience=0.5)
    until(lambda: one.health() == (200, "all is well"))
    one.how("warn")
    one.again()
    assert one.health()[0] == 200
    one.how("fail")
    until(lambda: one.health() == (503, "failures: state"))
    success = one.metrics()["nexcage_check_last_success_timestamp_seconds",]
    one.how("hang")
    until(lambda: "ended" in one.health()[1])
    assert one.metrics()["nexcage_check_last_success_timestamp_seconds",] == success > 0


def test_what_commands_have_done_is_read_when_it_is_asked_for(watch, tmp_path):
    one = watch()
    assert ("nexcage_operations_total", "kill", "crun", "ok") not in one.metrics()
    (tmp_path / "@operations").write_text("kill\tcrun\tok\t7\n")
    assert one.metrics()["nexcage_operations_total", "kill", "crun", "ok"] == 1
    (tmp_path / "@operations.json").write_text("{")
    for _ in range(2):
        assert one.metrics()["nexcage_operations_total", "kill", "crun", "ok"] == 1
    damaged = [line for line in one.said() if "damaged" in line]
    assert damaged == [f"warning: the operations: {tmp_path}/@operations.json is damaged: counted anew"]
    (tmp_path / "@operations").unlink()
    (tmp_path / "@operations").mkdir()
    assert one.metrics()["nexcage_operations_total", "kill", "crun", "ok"] == 1  # as it was known before


# -- the end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("how", ["pass", "hang"])
def test_it_ends_within_a_second_and_leaves_nothing(watch, tmp_path, number, how):
    one = watch(how=how)
    until((tmp_path / "tool").exists if how == "hang" else lambda: one.runs() == 1)
    status, seconds = one.stop(number)
    assert (status, seconds < 1) == (0, True)
    assert one.said()[-1] == "info: stopped"
    if how == "hang":
        until(lambda: not alive(tmp_path), 1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", one.port))


def test_a_storm_of_signals_does_no_harm(watch):
    one = watch(interval=0.05)
    until(lambda: one.runs() == 1)
    for _ in range(300):
        one.process.send_signal(signal.SIGHUP)
    until(lambda: one.runs() >= 3)
    assert one.stop()[0] == 0


# -- clients


def connect(one):
    return socket.create_connection(("127.0.0.1", one.port), timeout=10)


def test_clients_that_say_nothing_keep_nobody_from_the_metrics(watch):
    one = watch(clients=1000.0)  # nobody is dropped for being slow
    with contextlib.ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connect(one))
        assert one.get("/metrics")[0].status == 200


def test_a_slow_client_is_dropped(watch):
    one = watch()
    with connect(one) as client:
        client.sendall(b"GET /metrics HT")
        began = time.monotonic()
        assert client.recv(100) == b""
        assert 0.8 < time.monotonic() - began < 3


def test_a_client_that_does_not_read_is_dropped(watch):
    one = watch(how="large")
    until(lambda: one.runs() == 1)
    with connect(one) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        time.sleep(1.5)
        assert one.get("/-/healthy")[0].status == 200
        handles = len(os.listdir(f"/proc/{one.process.pid}/fd"))
    until(lambda: len(os.listdir(f"/proc/{one.process.pid}/fd")) <= handles)


def test_a_large_answer_comes_whole_to_a_slow_reader(watch):
    one = watch(how="large")
    until(lambda: one.runs() == 1)
    text = one.get("/metrics")[1]
    assert len(text) > 5_000_000
    with connect(one) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        time.sleep(0.3)
        with client.makefile("rb") as file:
            assert file.read().partition(b"\r\n\r\n")[2].decode() == text


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200), (b"GET /metrics HTTP/1.0\n\n", 200),
        (b"GET /metrics?a=b HTTP/1.1\r\n\r\n", 200), (b"HEAD /metrics HTTP/1.1\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\n\r\n", 404), (b"GET /metrics/ HTTP/1.1\r\n\r\n", 404),
        (b"GET /../metrics HTTP/1.1\r\n\r\n", 404), (b"HEAD /x HTTP/1.1\r\n\r\n", 404),
        (b"POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 405), (b"PUT / HTTP/1.1\r\n\r\n", 405),
        (b"\r\n\r\n", 400), (b"GET\r\n\r\n", 400), (b"GET /metrics\r\n\r\n", 400), (b"\xff\0\x80\n\n", 400),
        (b"GET  /metrics HTTP/1.1\r\n\r\n", 400), (b"GET /metrics HTTP/2\r\n\r\n", 400),
        (b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 9000, 431), (b"x" * 100_000, 431),
    ],
)  # fmt: skip
def test_every_request_has_an_answer(watch, request_, status):
    one = watch()
    with connect(one) as client:
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        with client.makefile("rb") as file:
            head, _, body = file.read().partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0].split(" ", 2)[:2] == ["HTTP/1.1", str(status)]
    fields = dict(line.split(": ", 1) for line in lines[1:])
    assert fields["Connection"] == "close"
    length = int(fields["Content-Length"])
    assert len(body) == (0 if request_.startswith(b"HEAD") else length)
    assert length > 0
    assert ("Allow" in fields) == (status == 405)
    if status == 200:
        assert fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_a_client_that_hangs_up_does_no_harm(watch):
    one = watch()
    for text in (b"", b"GET", b"GET /metrics HTTP/1.1\r\n\r\n"):
        client = connect(one)
        client.sendall(text)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
        client.close()
    assert one.get("/metrics")[0].status == 200


# -- systemd


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(watch, tmp_path, abstract):
    name = f"\0nexcage-{tmp_path}-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(name)

        def next_one():
            assert select.select([told], [], [], 10)[0]
            return told.recv(200).decode()

        one = watch(env={"NOTIFY_SOCKET": name.replace("\0", "@")})
        assert next_one() == "READY=1"
        one.process.send_signal(signal.SIGHUP)
        first, second = next_one().split("\n")
        assert first == "RELOADING=1"
        now = time.monotonic_ns() // 1000
        assert now - 10_000_000 < int(second.removeprefix("MONOTONIC_USEC=")) <= now
        assert next_one() == "READY=1"
        one.stop()
        assert next_one() == "STOPPING=1"


def test_a_socket_that_nobody_reads_is_a_warning(watch, tmp_path):
    one = watch(env={"NOTIFY_SOCKET": str(tmp_path / "nothing")})
    until(lambda: one.runs() == 1)
    assert one.said()[0] == f"warning: cannot notify {tmp_path}/nothing: no such file or directory"
