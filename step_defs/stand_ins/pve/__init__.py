# SPDX-License-Identifier: Apache-2.0
"""A Proxmox VE node that stands in for a real one: pct, pvesh, pvesm, pveversion, pveam and pvecm.

``cluster.Cluster`` makes one in a directory; ``bin/`` goes before PATH. Arguments are parsed and refused
as pve-container 5.3.5 to 6.1.10 do; containers are LXC's where it is installed, and its own tools, which
``bin/`` has too, find them. All state is in the directory
that NEXCAGE_PVE names: ``etc/pve`` has the files of the cluster file system in their own form.
"""
