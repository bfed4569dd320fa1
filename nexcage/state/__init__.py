"""What nexcage remembers of its containers between two commands.

Below a root (``/run/nexcage``, or ``--root``) each container has a directory::

    ID/record.json   the record; when it exists, create has succeeded
    ID/journal       what is being done right now; present after a crash
    ID/lock          taken by commands that change the record
    ID/launch        the same facts for the launcher, as lines for a shell
    ID/config.json   the bundle's config as the driver got it, when it had to differ
    @crun, @runc     the drivers' own state ("@" cannot begin an id)
"""
