"""The verbs of ``nexcage bundle``: one file each."""
