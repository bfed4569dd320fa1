# SPDX-License-Identifier: Apache-2.0
"""Steps of the specification, one module per domain concept, and the machinery that runs and reports it."""
