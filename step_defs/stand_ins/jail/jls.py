# SPDX-License-Identifier: Apache-2.0
"""jls: tables, parameters, JSON."""

from __future__ import annotations

import getopt
import sys
from typing import TYPE_CHECKING, Any

from step_defs.stand_ins.jail import libxo, parameters
from step_defs.stand_ins.jail.refusals import Refused, Usage

if TYPE_CHECKING:
    from step_defs.stand_ins.jail.state import Facts, State

USAGE = "usage: jls [-c] [-d] [-j jail] [-hNnqsv] [--libxo ...] [param ...]\n"
HEAD = "   JID  IP Address      Hostname                      Path"
NAMES_HEAD = " JID             IP Address      Hostname                      Path"
LONG_HEAD = """   JID  Hostname                      Path
        Name                          State
        CPUSetID
        IP Address(es)"""


def main(state: State, argv: list[str]) -> int:
    """jls(8)."""
    how, rest = libxo.style(argv)
    try:
        options, names = getopt.gnu_getopt(rest, "acdhj:Nnqsv")
    except getopt.GetoptError:
        raise Usage(USAGE) from None
    flags = dict(options)
    old = state.is_before(15, 0)
    dying = "-d" in flags or "-a" in flags
    jails, problem = _chosen(state, flags.get("-j", ""), dying)
    if "-c" in flags:
        return 1 if problem else 0
    if "all" in names or ({"-s", "-n", "-h", "-q"} & set(flags) and not names):
        names = [name for name in parameters.ALL if not (old and parameters.is_store(name))]
    for name in names:
        if not _is_known(name, old):
            raise Refused(f"unknown parameter: {name}")
    rows = [values(state, jail) for jail in jails]
    if how == "xml":
        _xml(rows, names)
    elif how != "text":
        _json(rows, names, flags, how)
    elif names:
        _parameters(rows, names, flags)
    else:
        _table(rows, flags)
    if problem:
        sys.stdout.flush()
        raise Refused(problem)
    return 0


def _is_known(name: str, old: bool) -> bool:
    if parameters.is_store(name):
        return not old
    return _bare(name) in parameters.ALL


def _bare(name: str) -> str:
    return parameters.negated(name) or name


def _chosen(state: State, word: str, dying: bool) -> tuple[list[Facts], str]:
    inside = state.find(str(state.inside)) if state.inside else None
    visible = state.jails(dying) if inside is None else state.children(inside)
    if not word:
        return visible, ""
    try:
        found = state.find(word, dying=True) if dying else None
        return [found or state.one(word)], ""
    except Refused as refused:
        return [], refused.text


def values(state: State, jail: Facts) -> dict[str, Any]:
    """All that jls can say about a jail."""
    found = dict(jail["params"])
    root = state.find(str(state.inside)) if state.inside else None
    if root is not None:
        found["path"] = "/" + found["path"][len(root["path"]) :].strip("/")
        found["name"] = found["name"][len(root["name"]) + 1 :]
    found |= {
        "jid": str(jail["jid"]),
        "dying": "true" if jail["dying"] else "false",
        "parent": str(jail["parent"]),
    }
    found |= {"children.cur": str(len(state.children(jail))), "cpuset.id": str(jail["cpuset"])}
    found["name"] = jail["name"] if root is None else found["name"]
    for store in ("meta", "env"):
        pairs = [
            f"{key[len(store) + 1 :]}={value}\n"
            for key, value in found.items()
            if key.startswith(f"{store}.")
        ]
        found[store] = found.get(store) or "".join(pairs)
    return found


def _addresses(row: dict[str, Any], name: str) -> list[str]:
    return [one for one in row[name].split(",") if one]


def _json(rows: list[dict[str, Any]], names: list[str], flags: dict[str, str], how: str) -> None:
    shown: list[dict[str, Any]] = []
    for row in rows:
        if names:
            shown.append({name: _json_value(row, name, "-n" in flags) for name in names})
        elif "-v" in flags:
            one = {
                "jid": int(row["jid"]),
                "hostname": row["host.hostname"],
                "path": row["path"],
                "name": row["name"],
            }
            one |= {
                "state": "DYING" if row["dying"] == "true" else "ACTIVE",
                "cpusetid": int(row["cpuset.id"]),
            }
            one |= {f"ipv{n}_addrs": _addresses(row, f"ip{n}.addr") for n in (4, 6)}
            shown.append(one)
        else:
            first = {"name": row["name"]} if "-N" in flags else {"jid": int(row["jid"])}
            address = (_addresses(row, "ip4.addr") or [""])[0]
            shown.append({**first, "ipv4": address, "hostname": row["host.hostname"], "path": row["path"]})
    document = {"__version": "2", "jail-information": {"jail": shown}}
    print(libxo.render(document, how), end="")


def _json_value(row: dict[str, Any], name: str, typed: bool) -> Any:
    positive = parameters.negated(name)
    if positive:
        return row[positive] == "false" if typed else "true" if row[positive] == "false" else "false"
    if typed and name in parameters.BOOLEANS:
        return row[name] == "true"
    if typed and name in parameters.LISTS:
        return _addresses(row, name)
    return row.get(name, "")


def _xml(rows: list[dict[str, Any]], names: list[str]) -> None:
    names = names or ["jid", "name", "path"]
    inner = "".join(
        "<jail>" + "".join(f"<{name}>{_escaped(row.get(name, ''))}</{name}>" for name in names) + "</jail>"
        for row in rows
    )
    print(f'<jail-information version="2">{inner}</jail-information>', end="")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parameters(rows: list[dict[str, Any]], names: list[str], flags: dict[str, str]) -> None:
    skip, named = "-s" in flags, "-n" in flags or "-s" in flags
    quoted = "-q" in flags or skip
    if "-h" in flags:
        print(" ".join(names))
    for row in rows:
        words = []
        for name in names:
            if skip and not _set_by_hand(row, name):
                continue
            words.append(_word(row, name, named, quoted))
        print(" ".join(words))


def _set_by_hand(row: dict[str, Any], name: str) -> bool:
    if name in parameters.READ_ONLY:
        return False
    return not name.startswith(("ip4.", "ip6.")) or bool(row[f"{name[:3]}.addr"])


def _word(row: dict[str, Any], name: str, named: bool, quoted: bool) -> str:
    value = str(row.get(name, row.get(_bare(name), "")))
    if named and _bare(name) in parameters.BOOLEANS:
        bare = _bare(name)
        head, dot, last = bare.rpartition(".")
        return bare if row[bare] == "true" else f"{head}{dot}no{last}"
    if quoted and (not value or " " in value or "\t" in value):
        value = f'"{value}"'
    if named:
        return f"{name}={value}"
    return value or "-"


def _table(rows: list[dict[str, Any]], flags: dict[str, str]) -> None:
    print(LONG_HEAD if "-v" in flags else NAMES_HEAD if "-N" in flags else HEAD)
    for row in rows:
        host, path = row["host.hostname"][:29], row["path"]
        if "-v" in flags:
            word = "DYING" if row["dying"] == "true" else "ACTIVE"
            print(f"{row['jid']:>6}  {host:<29} {path:.74}\n        {row['name']:<29.29} {word}")
            print(f"        {row['cpuset.id']}")
            for address in [*_addresses(row, "ip4.addr"), *_addresses(row, "ip6.addr")]:
                print(f"        {address}")
            continue
        address = (_addresses(row, "ip4.addr") or [""])[0]
        first = f" {row['name']:<15.15}" if "-N" in flags else f"{row['jid']:>6} "
        print(f"{first} {address:<15.15} {host:<29} {path:.74}")
