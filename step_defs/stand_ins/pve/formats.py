# SPDX-License-Identifier: Apache-2.0
"""Named formats of values, each with the words that Proxmox VE refuses a value with."""

from __future__ import annotations

import ipaddress
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ZONES = "/usr/share/zoneinfo"
# content type → directory below the path of a directory storage
DIRECTORIES = {"backup": "dump", "images": "images", "iso": "template/iso", "vztmpl": "template/cache"}
CONTENTS = {*DIRECTORIES, "rootdir", "snippets", "import", "none"}
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
STORAGE_ID = re.compile(r"[a-z][a-z0-9_.-]*[a-z0-9]", re.IGNORECASE)
PARENT = re.compile(r"/\.\.?/|/\.\.?$|^\.\./")
SEPARATORS = re.compile(r"[,;\s\0]+")


class Unfit(Exception):
    """Why a value does not have the format."""


def check(name: str, value: str) -> None:
    """Raise `Unfit` when the value does not have the format of this name; ``-list`` is each item."""
    if name in CHECKS:
        CHECKS[name](value)
    elif name.endswith("-list"):
        for item in split(value):
            check(name.removesuffix("-list"), item)
    elif not re.fullmatch(PATTERNS[name][0], value, re.IGNORECASE):
        raise Unfit(PATTERNS[name][1].replace("@", value))


def split(value: str) -> list[str]:
    """The items of a list: comma, semicolon, blank and NUL separate."""
    return [item for item in SEPARATORS.split(value.strip()) if item]


def _address(value: str, version: int, words: tuple[str, ...], network: str) -> None:
    if value in words:
        return
    try:
        found = ipaddress.ip_interface(value)
    except ValueError:
        raise Unfit(f"value does not look like a valid {network}") from None
    if found.version != version or "/" not in value:
        raise Unfit(f"value does not look like a valid {network}")


def _plain_address(value: str) -> None:
    try:
        ipaddress.ip_address(value.partition("%")[0])
    except ValueError:
        raise Unfit("value does not look like a valid IP address") from None


def _version(value: str, version: int) -> None:
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        found = None
    if found is None or found.version != version:
        raise Unfit(f"value does not look like a valid IPv{version} address")


def _time_zone(value: str) -> None:
    if value != "host" and (PARENT.search(value) or not os.path.isfile(os.path.join(ZONES, value))):
        raise Unfit(f"invalid time zone '{value}'")


def _startup(value: str) -> None:
    for part in value.split(","):
        if not re.fullmatch(r"(?:(?:order=)?\d+|(?:up|down)=\d+)", part.strip()):
            raise Unfit("unable to parse startup options")


def _path(value: str) -> None:
    if PARENT.search(value):
        raise Unfit(f"{value} contains illegal character sequences")


def _device(value: str) -> None:
    if PARENT.search(value) or not value.startswith("/dev/"):
        raise Unfit(f"{value} is not a valid device path")


def _volume(value: str) -> None:
    storage, colon, name = value.partition(":")
    if not colon or not STORAGE_ID.fullmatch(storage) or not name:
        raise Unfit(f"unable to parse volume ID '{value}'")


def _contents(value: str) -> None:
    for item in split(value):
        if item not in CONTENTS:
            raise Unfit(f"invalid content type '{item}'")


CHECKS: dict[str, Callable[[str], None]] = {
    "ipv4-config": lambda value: _address(value, 4, ("dhcp", "manual"), "ipv4 network configuration"),
    "ipv6-config": lambda value: _address(value, 6, ("auto", "dhcp", "manual"), "ipv6 network configuration"),
    "ipv4": lambda value: _version(value, 4),
    "ipv6": lambda value: _version(value, 6),
    "ip": _plain_address,
    "ct-timezone": _time_zone,
    "startup-order": _startup,
    "mount-path": _path,
    "device-path": _device,
    "volume-id": _volume,
    "content-list": _contents,
}
# format → pattern, and words in which @ is the value
PATTERNS = {
    "vmid": (r"[1-9][0-9]{2,8}", "value does not look like a valid VM ID"),
    "dns-name": (rf"{LABEL}(?:\.{LABEL})*", "value does not look like a valid DNS name"),
    "storage-id": (STORAGE_ID.pattern, "storage ID '@' contains illegal characters"),
    "tag": (r"[a-z0-9_][a-z0-9_+.-]*", "invalid characters in tag"),
    "configid": (r"[a-z][a-z0-9_-]+", "invalid configuration ID '@'"),
    "poolid": (r"[a-z0-9._-]+(?:/[a-z0-9._-]+){0,2}", "pool name '@' contains invalid characters"),
    "node": (LABEL, "value does not look like a valid node name"),
    "bridge-id": (r"[-_.\w]+", "value does not look like a valid bridge ID"),
    "mac-addr": (
        r"[a-f0-9][02468ace](?::[a-f0-9]{2}){5}",
        "value does not look like a valid unicast MAC address",
    ),
    "disk-size": (r"\d+(?:\.\d+)?[KMGT]?", "value does not look like a valid disk size: @"),
}
