"""Texts about the node: its cluster file system, quorum, permissions, and calls it does not know."""

from nexcage.errors import (
    DriverUnavailable,
    InvalidConfig,
    Locked,
    NetworkFailed,
    NotFound,
    PermissionDenied,
    QuorumLost,
    UsageError,
)

_ROOT = "run it as root"
_QUORUM = "pvecm status shows which nodes are missing"

CLUSTER = (
    # pmxcfs is down: every tool but pveversion, even for help
    (
        (
            r"ipcc_send_rec\[\d+\] failed: (?:Connection refused|Transport endpoint|No such file)",
            "Unable to load access control list: (?:Connection refused|Transport endpoint|No such file)",
        ),
        DriverUnavailable,
        "cluster-fs-down",
        "the cluster file system of Proxmox VE does not run",
        "systemctl start pve-cluster",
    ),
    (
        r"(?:ipcc_send_rec\[\d+\] failed|Unable to load access control list): |^please run as root",
        PermissionDenied,
        "root-needed",
        "{tool} is for root alone",
        _ROOT,
    ),
    (
        (r"[Oo]nly root can ", "only (?:allowed|possible|available) (?:for|to) root"),
        PermissionDenied,
        "root-needed",
        "Proxmox VE refuses it to this user: {line}",
        _ROOT,
    ),
    (
        (
            r"Permission check failed \(pool '(?P<pool>[^']*)' does not exist\)",
            "^pool '(?P<pool2>[^']*)' does not exist",
        ),
        NotFound,
        "pool-missing",
        'the pool "{pool}" does not exist',
        "pvesh get /pools lists them",
    ),
    (
        (
            r"^40[13] (?:Permission check failed \()?(?P<rest>.+?)\)?$",
            r"^(?:4\d\d )?Permission check failed \((?P<rest2>.*)\)",
        ),
        PermissionDenied,
        "permission-denied",
        "Proxmox VE refuses it to this user: {rest}",
        _ROOT,
    ),
    # without quorum /etc/pve is read-only, also for root
    (
        r"cluster not ready - no quorum|error: no quorum|^no quorum",
        QuorumLost,
        "quorum-lost",
        "the cluster has no quorum",
        _QUORUM,
    ),
    (
        r"'(?P<path>/etc/pve/[^']*)'.* - (?:Permission denied|Read-only file system)",
        QuorumLost,
        "quorum-lost",
        'the cluster has no quorum: "{path}" cannot be written',
        _QUORUM,
    ),
    (
        (
            "cfs-lock '(?P<cfs>[^']*)' error: (?P<rest>.+)$",
            "trying to acquire cfs lock '(?P<cfs2>[^']*)'",
            "error with cfs lock '(?P<cfs3>[^']*)': (?P<rest2>.+)$",
            "got no lock for '?(?P<cfs4>[^']*)",
        ),
        Locked,
        "cluster-busy",
        'the cluster\'s lock "{cfs}" is held by another task: {rest}',
        "try it again when that task has ended",
    ),
    (
        r"Corosync config '[^']*' does not exist",
        NotFound,
        "cluster-missing",
        "this node is not part of a cluster",
        "pvecm create NAME makes one",
    ),
    (
        r"invalid corosync\.conf|(?:error in|unable to parse) cluster config",
        InvalidConfig,
        "cluster-invalid",
        "the cluster's corosync.conf cannot be used",
        "look at /etc/pve/corosync.conf",
    ),
    (
        (
            r"Can't exec \"(?P<program>[^\"]*)\"",
            "unable to exec '?(?P<program2>[^' ]+)'? ",
            r"open3: exec of (?P<program3>\S+).* failed: No such file",
            "(?:can't find|no such) (?:command|program|binary) '(?P<program4>[^']*)'",
        ),
        DriverUnavailable,
        "program-missing",
        'the program "{program}" is not installed',
        "apt install the package that has it",
    ),
    # nodes
    (
        (
            "no such cluster node '(?P<node>[^']*)'",
            "hostname lookup '(?P<node2>[^']*)' failed",
            r"^(?:Node/IP: )?(?P<node3>\S+) is not a known host of the cluster",
        ),
        NotFound,
        "node-missing",
        'no node "{node}" in this cluster',
        "pvesh get /nodes lists them",
    ),
    (
        "node '(?P<node>[^']*)' (?:is )?(?:not online|offline)",
        NetworkFailed,
        "node-offline",
        'the node "{node}" is not online',
        "pvecm status shows which nodes are there",
    ),
    (
        r"target is local node|target node is local",
        UsageError,
        "node-invalid",
        "the target is this node itself",
        "name another node",
    ),
    # calls that this version of the tool does not know
    (
        r"^ERROR: no command specified",
        UsageError,
        "command-missing",
        "{tool} was called without a command",
        "{tool} help lists them",
    ),
    (
        r"^ERROR: (?:unknown|incomplete) command '(?P<command>[^']*)'",
        UsageError,
        "command-unknown",
        '{tool} has no command "{command}"',
        "{tool} help lists them",
    ),
    (
        r"^[Nn]o '(?P<method>[^']*)' handler (?:defined )?for '(?P<path>[^']*)'",
        UsageError,
        "path-unknown",
        'the API has no {method} of "{path}"',
        "pvesh ls shows what is there",
    ),
    (
        r"^no such resource '(?P<path>[^']*)'|^resource '(?P<path2>[^']*)' does not define child links",
        UsageError,
        "path-unknown",
        'the API has nothing to list at "{path}"',
        "pvesh ls shows what is there",
    ),
    (
        r"^501 |not implemented$|no such method",
        UsageError,
        "path-unknown",
        "this version of Proxmox VE does not know the call",
        "pveversion shows the version",
    ),
    (
        r"^USAGE: (?P<usage>\w+.*)$",
        UsageError,
        "arguments-invalid",
        "{tool} does not take these arguments: {usage}",
        "",
    ),
    (
        r"unable to parse worker upid|invalid upid|no such task",
        NotFound,
        "task-missing",
        "the task does not exist",
        "pvesh get /nodes/localhost/tasks lists them",
    ),
)
