# SPDX-License-Identifier: Apache-2.0
"""pvesh (PVE::CLI::pvesh): paths of the API, called on this node without a daemon."""
