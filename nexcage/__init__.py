"""nexcage: one command for containers on crun, runc, Proxmox LXC and FreeBSD jails."""

__version__ = "0.7.0"
SPEC_VERSION = "1.3.0"
"""Newest OCI runtime-spec version whose bundles are read."""
