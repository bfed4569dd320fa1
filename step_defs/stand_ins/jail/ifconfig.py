# SPDX-License-Identifier: Apache-2.0
"""ifconfig: interfaces, who has them, their addresses. None of them carries anything."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from step_defs.stand_ins.jail.refusals import Refused

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import Facts, State


def network(state: State, jid: int) -> int:
    """The JID whose network a jail sees: its own with a vnet, else an ancestor's, 0 for the host's."""
    jail = state.find(str(jid)) if jid else None
    if jail is None or jail["params"]["vnet"] == "new":
        return jid
    return network(state, int(jail["parent"]))


def main(state: State, argv: list[str]) -> int:
    """ifconfig(8)."""
    jid = int(state.inside or 0)
    own = network(state, jid)
    words = [word for word in argv if word != "-a"]
    if words == ["-l"]:
        names = [name for name, one in state["interfaces"].items() if one["jid"] == own]
        print(" ".join(name.partition("@")[0] for name in sorted(names, key=lambda name: "@" not in name)))
    elif len(words) == 2 and words[1] == "create" and not words[0][-1].isdigit():
        print(_create(state, words[0], own))
    elif len(words) > 1:
        change(state, words, own)
    else:
        _show(state, words[0] if words else "", own, jid)
    return 0


def _create(state: State, kind: str, jid: int) -> str:
    with state.changing():
        number = 0
        ends = ("a", "b") if kind == "epair" else ("",)
        while f"{kind}{number}{ends[0]}" in state["interfaces"]:
            number += 1
        for end in ends:
            state["interfaces"][f"{kind}{number}{end}"] = {"jid": jid, "inet": [], "up": False}
        return f"{kind}{number}{ends[0]}"


def _key(state: State, name: str, own: int) -> str:
    return f"{name}@{own}" if own and f"{name}@{own}" in state["interfaces"] else name


def change(state: State, words: list[str], own: int = 0) -> None:
    """Change one. Raise `Refused`."""
    name = words[0]
    if name in state["vanishing"]:
        with state.changing():  # what a refusal undoes is not this
            state["interfaces"].pop(_key(state, name, own), None)
    with state.changing():
        key = _key(state, name, own)
        found = state["interfaces"].get(key)
        back = words[1] == "-vnet" and len(words) > 2
        if back:
            _take_back(state, name, words[2], found)
            return
        if found is None or found["jid"] != own:
            raise Refused(f"interface {name} does not exist")
        rest = words[1:]
        while rest:
            word = rest.pop(0)
            if word == "vnet":
                _give(state, found, rest.pop(0))
            elif word == "destroy":
                _destroy(state, key)
            elif word == "name":
                state["interfaces"][rest.pop(0)] = state["interfaces"].pop(key)
            elif word in ("up", "down"):
                found["up"] = word == "up"
            elif word in ("ether", "lladdr", "mtu", "description", "addm"):
                found[word] = rest.pop(0)
            elif word in ("inet", "inet6"):
                (_forget if "-alias" in rest else _address)(found, rest)
            elif word in ("alias", "-alias", "netmask", "prefixlen"):
                rest = rest[1:] if word in ("netmask", "prefixlen") else rest
            else:
                _address(found, [word])


def _give(state: State, found: Facts, word: str) -> None:
    jail = state.find(word)
    if jail is None:
        raise Refused("SIOCSIFVNET: Device not configured")
    if jail["params"]["vnet"] != "new":
        raise Refused("SIOCSIFVNET: File exists")
    found.update(jid=jail["jid"], inet=[])


def _take_back(state: State, name: str, word: str, found: Facts | None) -> None:
    jail = state.find(word)
    if jail is None or found is None or found["jid"] != jail["jid"]:
        raise Refused(f"SIOCSIFRVNET({jail['jid'] if jail else word}, {name}): Device not configured")
    found.update(jid=0, inet=[])


def _destroy(state: State, name: str) -> None:
    ends = [name[:-1] + end for end in "ab"] if name.startswith("epair") else [name]
    for end in ends:
        state["interfaces"].pop(end, None)


def _address(found: Facts, rest: list[str]) -> None:
    text = rest.pop(0)
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        raise Refused(f"{text}: bad value") from None
    found["inet"].append(text)
    found["up"] = True


def _forget(found: Facts, rest: list[str]) -> None:
    """An address goes, whatever its mask; a missing one is refused."""
    text = rest.pop(0).partition("/")[0]
    kept = [one for one in found["inet"] if one.partition("/")[0] != text]
    if len(kept) == len(found["inet"]):
        raise Refused("ioctl (SIOCDIFADDR): Can't assign requested address")
    found["inet"] = kept


def _show(state: State, name: str, own: int, jid: int) -> None:
    shown = {one: facts for one, facts in state["interfaces"].items() if facts["jid"] == own}
    key = _key(state, name, own)
    if name and key not in shown:
        raise Refused(f"interface {name} does not exist")
    for one, facts in shown.items():
        if not name or one == key:
            bare = one.partition("@")[0]
            if bare.startswith("lo"):
                print(f"{bare}: flags=1008049<UP,LOOPBACK,RUNNING,MULTICAST,LOWER_UP> metric 0 mtu 16384")
                print("\toptions=680003<RXCSUM,TXCSUM,LINKSTATE,RXCSUM_IPV6,TXCSUM_IPV6>")
            else:
                flags = "UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP"
                print(f"{bare}: flags=1008843<{flags}> metric 0 mtu 1500")
            for text in facts["inet"]:
                if _may_see(state, jid, text):
                    _inet(text, bare.startswith("lo"))
            print(f"\tgroups: {bare.rstrip('0123456789ab')}")


def _may_see(state: State, jid: int, text: str) -> bool:
    jail = state.find(str(jid)) if jid else None
    if jail is None or jail["params"]["ip4"] == "inherit":
        return True
    return str(text.partition("/")[0]) in jail["params"]["ip4.addr"].split(",")


def _inet(text: str, loop: bool) -> None:
    address = ipaddress.ip_interface(text)
    if address.version == 6:
        print(f"\tinet6 {address.ip} prefixlen {address.network.prefixlen}")
        return
    broadcast = "" if loop else f" broadcast {address.network.broadcast_address}"
    print(f"\tinet {address.ip} netmask 0x{int(address.netmask):08x}{broadcast}")
