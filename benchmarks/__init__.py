# SPDX-License-Identifier: Apache-2.0
"""How fast and how small nexcage is, and that it loses nothing: see README.md."""
