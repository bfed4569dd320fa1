# SPDX-License-Identifier: Apache-2.0
"""Containers of Proxmox VE: what nexcage adds to the node's own tools, of which each takes half a second."""

from __future__ import annotations

import json
import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from benchmarks import proxmox_node, test_list
from benchmarks.proxmox_node import OnNode
from benchmarks.timing import Rivals, Spread, call
from step_defs.bundle_store import BundleStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.budgets import Budget
    from step_defs.proxmox_node import StandIn

    Judge = Callable[[str, Spread, str, Budget | None], None]

# calls of Proxmox VE's tools: a create asks for a number first, and everything else is one or none
TOOLS = {
    ("create", "--bundle", "{bundle}", "box"): 2,
    ("start", "box"): 1,
    ("state", "box"): 0,
    ("exec", "box", "true"): 0,
    ("ps", "box"): 0,
    ("pause", "box"): 0,
    ("resume", "box"): 0,
    ("list",): 1,
    ("stop", "box"): 1,
    ("delete", "box"): 1,
}
DELAY = 0.5  # seconds that a tool of a node takes to load (pvesh and pct: 0.5 to 0.8)
PAIRS = 9
SMALL, LARGE = (1_000, 0), (20_000, 10)  # files of 8 kB, and sparse ones of a GiB
COUNT = 1_000
FIRST = 500_000
PYTHON = ["/usr/bin/python3", "-IS", "-c", "pass"]


@pytest.fixture(scope="module")
def node(work: Path) -> Iterator[StandIn]:
    with proxmox_node.node(work) as made:
        yield made


@pytest.fixture(scope="module")
def nexcage(launcher: str, roots: Path, node: StandIn) -> OnNode:
    made = OnNode(launcher, roots / "pct", node)
    made.call("list")  # pct's version becomes known, byte code is written
    return made


def milliseconds(spread: Spread) -> Spread:
    return Spread(tuple(value * 1000 for value in spread.values))


def test_tools(nexcage: OnNode, judge: Judge, bundles: BundleStore) -> None:
    bundle = bundles.render("pct-tools", "base", args=["sleep", "1000"])
    nexcage.make(bundle.dir)
    counted = {}
    for words in TOOLS:
        called = nexcage.tools(*(word.format(bundle=bundle.dir) for word in words))
        counted[words] = called
        judge(f"pct: tools of the node in {words[0]}", Spread((called,)), "calls", None)
    assert counted == TOOLS


def test_state(
    nexcage: OnNode, judge: Judge, budgets: dict[str, Budget], bundles: BundleStore, rounds: int
) -> None:
    bundle = bundles.render("pct-state", "base", args=["sleep", "1000"])
    nexcage.call("create", "--bundle", str(bundle.dir), "box")
    nexcage.call("start", "box")
    state = json.loads(nexcage.said("state", "box"))
    assert state["status"] == "running", state
    vmid = json.loads((nexcage.root / "box/record.json").read_text("utf-8"))["handle"]
    info = [str(nexcage.node.cluster.home / "bin/lxc-info"), "-n", vmid, "-s", "-p"]

    def least() -> None:
        call(PYTHON)
        call(info)

    rivals = Rivals({"state": partial(nexcage.call, "state", "box"), "least": least})
    rivals.rounds(rounds)
    nexcage.call("delete", "--force", "box")
    judge("pct: state", milliseconds(rivals.spread("state")), "ms", None)
    judge("pct: python3 -IS + lxc-info", milliseconds(rivals.spread("least")), "ms", None)
    ratio = rivals.spread("state").over(rivals.spread("least"))
    judge("pct: state / python3 -IS + lxc-info", ratio, "ratio", budgets["pct_state"])


@pytest.mark.parametrize("delay", [DELAY, 0.0], ids=["node", "bare"])
def test_create(
    nexcage: OnNode, judge: Judge, budgets: dict[str, Budget], bundles: BundleStore, delay: float
) -> None:
    """The bundle's directory becomes the root; nothing looks at what is in it."""
    places = {}
    for name, (files, holes) in {"small": SMALL, "large": LARGE}.items():
        bundle = bundles.render(f"pct-{name}-{delay:g}", "base", args=["sleep", "1000"])
        size = proxmox_node.grow(bundle.rootfs, files, holes)
        assert (size > 10 * proxmox_node.GIB) if holes else (8_000_000 < size < 20_000_000), size
        places[name] = bundle.dir
    nexcage.node.cluster.set(delay=delay)
    try:
        rivals = Rivals({name: partial(nexcage.make, place) for name, place in places.items()})
        rivals.warm_up()
        for number in range(PAIRS):
            rivals.take(*(("small", "large") if number % 2 else ("large", "small")))
    finally:
        nexcage.node.cluster.set(delay=0.0)
    what = f"pct: create, a tool {'takes 0.5 s' if delay else 'of the stand-in'}"
    for name in places:
        judge(f"{what}, {name} tree", milliseconds(rivals.spread(name)), "ms", None)
    ratio = rivals.spread("large").over(rivals.spread("small"))
    judge(f"{what}, 10 GB / 10 MB", ratio, "ratio", budgets["pct_create"] if delay else None)


def test_create_walks_no_tree(nexcage: OnNode, roots: Path, cgroup: str) -> None:
    """Exact, where the clock is not: a directory that is read is marked so (mount(8), "relatime")."""
    bundle = BundleStore(roots, cgroup).render("pct-walk", "base", args=["sleep", "1000"])
    proxmox_node.grow(bundle.rootfs, 2_000, 0)
    data = bundle.rootfs / "data"
    proxmox_node.unread(data)
    nexcage.call("create", "--bundle", str(bundle.dir), "box")
    read = proxmox_node.was_read(data)
    nexcage.call("delete", "--force", "box")
    assert read == [], "create has read directories of the tree"
    os.listdir(data / "002")
    assert proxmox_node.was_read(data) == ["002"], "mounted with noatime: nothing would be seen"


def test_list_of_many(
    nexcage: OnNode, judge: Judge, budgets: dict[str, Budget], roots: Path, launcher: str, rounds: int
) -> None:
    """The tool's own time is left out: it answers at once."""
    many = OnNode(launcher, roots / "pct-many", nexcage.node)
    places = {"pct": many.root, "crun": roots / "crun-many"}
    test_list.fill(places["crun"], COUNT)
    said = fill(places["pct"], nexcage.node)
    argv = {name: [launcher, "--root", str(place), "list"] for name, place in places.items()}
    path = os.environ["PATH"]
    with proxmox_node.answering(nexcage.node, "pvesh", said) as calls:
        table = many.said("list").splitlines()
        assert len(calls.read_text().splitlines()) == 1, "one tool for all"
        assert [line.split()[2] for line in table[1:]] == ["running", "stopped"] * (COUNT // 2)
        rivals = Rivals({name: partial(call, words, os.devnull, path) for name, words in argv.items()})
        rivals.rounds(max(rounds // 2, 5))
    for name in argv:
        judge(f"{name}: list of 1,000", milliseconds(rivals.spread(name)), "ms", None)
    ratio = rivals.spread("pct").over(rivals.spread("crun"))
    judge("list of 1,000, pct / crun", ratio, "ratio", budgets["pct_list"])


def fill(root: Path, node: StandIn) -> str:
    """Records of containers, and the node's files; what its tool says of them, every second running."""
    test_list.fill(root, COUNT)
    (root / "@crun").rename(root / "@pct")
    for number in range(COUNT):
        vmid = FIRST + number
        record = root / f"container-{number:05d}" / "record.json"
        values = json.loads(record.read_text("utf-8"))
        record.write_text(json.dumps({**values, "driver": "pct", "handle": str(vmid)}))
        log = record.with_name("lxc.log")
        log.write_text("lxc 0 20250101000000.000 INFO start - start.c\n")
        text = f"#nexcage id={values['id']}\narch: amd64\nhostname: box\nmemory: 512\nostype: unmanaged\n"
        (node.cluster.etc / f"nodes/{node.cluster.state.node}/lxc/{vmid}.conf").write_text(
            f"{text}rootfs: {root}\nswap: 512\ntags: nexcage\nlxc.log.file: {log}\n"
        )
    done = node.run("pvesh", "get", f"/nodes/{node.cluster.state.node}/lxc", "--output-format", "json")
    rows = sorted(json.loads(done.stdout), key=lambda row: int(row["vmid"]))
    assert len(rows) == COUNT, done.stderr
    for row in rows[::2]:
        row.update(status="running", pid=os.getpid())
    return json.dumps(rows)
