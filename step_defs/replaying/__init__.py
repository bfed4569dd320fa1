# SPDX-License-Identifier: Apache-2.0
"""Replays of recorded runs on the stand-ins: build the situation, call, compare what is not volatile."""
