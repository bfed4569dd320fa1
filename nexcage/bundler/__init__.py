"""Making bundles: from a directory, an archive, an image or nothing to a rootfs with its config.json.

Cold code: nothing here is imported by the verbs that engines call.
"""
