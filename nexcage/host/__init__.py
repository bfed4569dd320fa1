"""The machine underneath: processes, files, facts."""
