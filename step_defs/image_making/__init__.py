# SPDX-License-Identifier: Apache-2.0
"""Makes images, layers and archives byte by byte, the good and the bad ones, without any container tool."""
