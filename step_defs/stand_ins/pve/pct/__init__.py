# SPDX-License-Identifier: Apache-2.0
"""pct (PVE::CLI::pct and PVE::API2::LXC): one module for a group of subcommands."""
