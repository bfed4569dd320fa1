"""Containers of Proxmox VE, held by ``pct``: what its tools say, as errors and as values."""
