"""The names of drivers, in the order in which a host is asked for them, and what else people call them."""

NAMES = ("pct", "jail", "crun", "runc")
ALIASES = {"lxc": "pct", "proxmox-lxc": "pct"}
MACHINES = ("vm", "qemu", "proxmox", "proxmox-vm")  # virtual machines, which no driver makes
