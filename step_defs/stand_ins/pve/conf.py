# SPDX-License-Identifier: Apache-2.0
"""A container's configuration file (PVE::LXC::Config): options, raw lxc lines, pending changes, snapshots."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from step_defs.stand_ins.pve.tables import lxc_keys, lxc_options
from step_defs.stand_ins.pve.tables.versions import CGROUP_DEPRECATED, Version

SECTION = re.compile(r"\[([a-z][a-z0-9_:-]+)\]\s*", re.IGNORECASE)
RAW = re.compile(r"(lxc\.[a-z0-9_.-]+)(?::|\s*=)\s*(.*?)\s*", re.IGNORECASE)
LINE = re.compile(r"([a-z][a-z_]*\d*):\s*(.+?)\s*")
PLAIN = set(range(0x20, 0x7F)) - {ord("%"), ord(":")}
RUNTIME = "lxc.environment.runtime"
PENDING = "pve:pending"


def encoded(text: str) -> str:
    """A description as the file and ``pct config`` have it."""
    return "".join(chr(byte) if byte in PLAIN else f"%{byte:02X}" for byte in text.encode())


@dataclass
class Section:
    """The options of one state: now, or of a snapshot."""

    options: dict[str, str] = field(default_factory=dict)
    raw: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Conf(Section):
    """A whole file; ``warnings`` are what every command that reads it says."""

    pending: dict[str, str] = field(default_factory=dict)
    snapshots: dict[str, Section] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    invalid: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, vmid: int | str, version: Version) -> Conf:
        """Read a file; what cannot be read is a warning, not an error."""
        conf = cls()
        known = lxc_options.config(version)
        section: Section = conf
        into, about = conf.options, ""
        for line in text.splitlines():
            if not line.strip():
                continue
            if head := SECTION.fullmatch(line):
                conf._describe(section, about)
                about = ""
                if head[1].lower() == PENDING:
                    section, into = Section(conf.pending), conf.pending
                else:
                    section = conf.snapshots[head[1]] = Section()
                    into = section.options
            elif line.startswith("#"):
                about += unquote(line[1:]) + "\n"
            elif raw := RAW.fullmatch(line):
                conf._raw(section, raw[1], raw[2], f"vm {vmid} - ", line, version)
            elif found := LINE.fullmatch(line):
                key, value = found[1], found[2]
                if key == "description":
                    about += unquote(value)
                    continue
                into[key] = value
                option = known.get(key)
                why = option.problem(value) if option else ""
                if why and option and not option.properties and section is conf:
                    conf.warnings.append(f"vm {vmid} - unable to parse value of '{key}' - {why}")
                    conf.invalid[key] = why
            else:
                conf.warnings.append(f"vm {vmid} - unable to parse config: {line}")
        conf._describe(section, about)
        return conf

    @staticmethod
    def _describe(section: Section, about: str) -> None:
        if about:
            section.options["description"] = about

    def _raw(self, section: Section, key: str, value: str, who: str, line: str, version: Version) -> None:
        if key == RUNTIME:
            known = section.options.get("env")
            section.options["env"] = f"{known}\0{value}" if known else value
            return
        verdict = lxc_keys.verdict(key)
        if verdict is None:
            self.warnings.append(f"{who}unable to parse config: {line}")
            return
        if verdict == lxc_keys.DEPRECATED and version < CGROUP_DEPRECATED:
            verdict = ""
        if verdict:
            joined = " " if verdict.startswith("is ") else ": "
            self.warnings.append(f"{who}{key}{joined}{verdict}")
        if not verdict or verdict == lxc_keys.DEPRECATED:
            section.raw.append((key, value))

    def text(self) -> str:
        """The file, in the order in which Proxmox writes it."""
        parts = [_section_text(self)]
        if self.pending:
            parts.append(f"\n[{PENDING}]\n" + _section_text(Section(self.pending)))
        parts += [f"\n[{name}]\n{_section_text(kept)}" for name, kept in sorted(self.snapshots.items())]
        return "".join(parts)

    def get(self, key: str, default: str = "") -> str:
        """An option's value now."""
        return self.options.get(key, default)

    def with_pending(self) -> Section:
        """What it will be after the next stop and start."""
        shown = {**self.options}
        for key, value in self.pending.items():
            if key == "delete":
                for name in value.split(","):
                    shown.pop(name, None)
            else:
                shown[key] = value
        return Section(shown, self.raw)

    def apply_pending(self) -> None:
        """The pending changes come into force."""
        self.options = self.with_pending().options
        self.pending = {}


def _section_text(section: Section) -> str:
    lines = [f"#{encoded(line)}" for line in section.options.get("description", "").splitlines()]
    plain = sorted(set(section.options) - {"description", "env"})
    lines += [f"{key}: {section.options[key]}" for key in plain]
    lines += [f"{key}: {value}" for key, value in section.raw]
    env = section.options.get("env")
    lines += [f"{RUNTIME}: {one}" for one in env.split("\0")] if env else []
    return "".join(f"{line}\n" for line in lines)
