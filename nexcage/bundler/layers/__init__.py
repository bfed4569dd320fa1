"""Layers: verified while they are read, and written below a directory that nothing can leave.

image-spec, layer.md: a layer is a tar of changes; ``.wh.NAME`` removes NAME of
the layers below, ``.wh..wh..opq`` everything that they have in the directory.
"""
