# SPDX-License-Identifier: Apache-2.0
"""pvesm (PVE::CLI::pvesm, pve-storage)."""
