# SPDX-License-Identifier: Apache-2.0
"""Facts of Proxmox VE as data: options with types and ranges, subcommands with usage, versions."""
