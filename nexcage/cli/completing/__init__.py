"""Completing words in a shell.

The shells' scripts beside this file know nothing of verbs and options: they ask
``nexcage completion words``, which looks into the tables that the parser reads
too. So they never grow old.
"""
