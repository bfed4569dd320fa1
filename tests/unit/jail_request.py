"""Requests for the translation to jails, on a FreeBSD that is made up."""

from nexcage.drivers.jail.translate import Facts, Request, translate

# `devfs rule -s N show` of a FreeBSD 15.1 as it is installed
RULE_SETS = {
    1: ("100 hide",),
    2: ("100 path null unhide", "200 path zero unhide"),
    3: ("100 path ptmx unhide",),
    4: (
        "100 include 1",
        "200 include 2",
        "300 include 3",
        "400 path fuse unhide",
        "500 path zfs unhide",
    ),
    5: ("100 include 4", "200 path pf unhide"),
}
DEVFS = {"destination": "/dev", "type": "devfs", "source": "devfs", "options": ["ruleset=4"]}


def facts(**more):
    return Facts(**{"rule_sets": RULE_SETS, "interfaces": frozenset(("em0", "lo0", "epair0b")), **more})


def bare(**more):
    """The least config that can run."""
    return {
        "ociVersion": "1.3.0",
        "root": {"path": "rootfs"},
        "process": {"args": ["sh"], "cwd": "/"},
        **more,
    }


def jail(**section):
    return bare(freebsd={"jail": section})


def allowing(**allow):
    return jail(allow=allow)


def limited(**resources):
    return bare(linux={"resources": resources}, freebsd={})


def linux(*kinds, **more):
    """A config as engines write it for Linux."""
    return bare(linux={"namespaces": [{"type": kind} for kind in kinds], **more})


def request(config=None, **more):
    given = {
        "id": "web",
        "bundle": "/b",
        "rootfs": "/b/rootfs",
        "home": "/run/home",
        "facts": facts(),
        **more,
    }
    return Request(bare() if config is None else config, **given)


def translated(config=None, **more):
    return translate(request(config, **more))


def parameters(config=None, **more):
    return translated(config, **more).parameters
