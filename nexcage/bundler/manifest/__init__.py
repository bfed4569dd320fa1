"""The manifest of a bundle: what every file was at creation, and what has changed since.

Nothing is imported here: making a bundle only writes lines (`entry`, `writing`),
and reading them back costs more than all of that.
"""
