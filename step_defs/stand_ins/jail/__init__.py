# SPDX-License-Identifier: Apache-2.0
"""A stand-in FreeBSD host: jail, jls, jexec and what a jail driver calls beside them.

Its words, streams and exit statuses were recorded on FreeBSD 15.1. ``Host`` is what scenarios use. With
``containers="real"`` (root) a jail's processes run in its root directory and in namespaces of their own, and
mounts are mounts; in a model mounts are directories and programs are this machine's, or stand-ins too.
"""
