"""The verbs: name, group and one line each.

A verb's module has the same name; of two words, as in ``bundle create``, the
first is a package.
"""

GROUPS = {
    "oci": "OCI runtime",
    "daily": "Every day",
    "bundle": "Bundles",
    "proxmox": "Proxmox VE",
    "host": "The host",
    "help": "Help",
}

VERBS = {
    "create": ("oci", "make a container from a bundle; its program waits for start"),
    "start": ("oci", "run the program of a created container"),
    "state": ("oci", "print the state of a container as JSON"),
    "kill": ("oci", "send a signal to a container"),
    "delete": ("oci", "remove a container that has stopped"),
    "run": ("oci", "create and start a container, and wait for it"),
    "exec": ("oci", "run another program in a container"),
    "pause": ("oci", "freeze all processes of a container"),
    "resume": ("oci", "let a paused container go on"),
    "ps": ("oci", "show the processes of a container"),
    "list": ("oci", "list all containers"),
    "update": ("oci", "change the resource limits of a container"),
    "events": ("oci", "print resource usage and out-of-memory events as JSON"),
    "checkpoint": ("oci", "save a running container to disk"),
    "restore": ("oci", "bring a saved container back"),
    "spec": ("oci", "write a config.json to start from"),
    "features": ("oci", "print what this runtime can do as JSON"),
    "stop": ("daily", "stop a container: signal, wait, kill"),
    "logs": ("daily", "print what a container has written"),
    "route": ("daily", "say which driver a container would get, and why"),
    "snapshot": ("proxmox", "keep the state of a container's files, list what is kept, or remove it"),
    "rollback": ("proxmox", "make a container's files what they were"),
    "push": ("proxmox", "copy a file into a running container"),
    "pull": ("proxmox", "copy a file out of a running container"),
    "bundle create": ("bundle", "make a bundle from an image, an archive, a directory or this host"),
    "bundle validate": ("bundle", "say all that is wrong with a bundle, and what each driver refuses"),
    "bundle inspect": ("bundle", "show what a bundle would run"),
    "bundle verify": ("bundle", "compare a bundle's files with what it was made of"),
    "bundle delete": ("bundle", "unmount and remove bundles that nexcage made"),
    "bundle prune": ("bundle", "free layers that no bundle uses, and what killed commands left"),
    "bundle template": ("bundle", "list the profiles that a bundle can be made with"),
    "config show": ("host", "print the configuration that a command would use, and where it is from"),
    "config check": ("host", "say all that is wrong with a configuration file"),
    "check": ("host", "say what is right and wrong on this host and with all that nexcage keeps"),
    "health": ("host", "the same as check"),
    "metrics": ("host", "print numbers about containers, commands and checks for Prometheus"),
    "repair": ("host", "finish or undo what was interrupted, and remove what is left of it"),
    "completion": ("help", "print what makes bash, zsh or fish complete nexcage's words"),
    "version": ("help", "print versions"),
    "help": ("help", "explain a verb"),
}

PACKAGES = tuple(dict.fromkeys(verb.partition(" ")[0] for verb in VERBS if " " in verb))


def module_name(verb: str) -> str:
    """The name of the verb's module."""
    return "nexcage.cli." + verb.replace(" ", ".")
