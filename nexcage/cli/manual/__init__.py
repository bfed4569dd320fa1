"""The manual pages, made from what the program itself knows: verbs, options, configuration, errors.

``python -m nexcage.cli.manual DIR`` writes them, with ``--check`` it compares.
"""
