"""A config.json with each property of the specification 1.3, all of them right."""

import json

_IDS = [{"containerID": 0, "hostID": 100000, "size": 65536}]
_HOOK = {"path": "/bin/true", "args": ["true"], "env": ["A=1"], "timeout": 2}
_ALLOW = ("setHostname", "rawSockets", "chflags", "quotas", "socketAf", "mlock", "reservedPorts", "suser")
_RATE = [{"major": 8, "minor": 0, "rate": 600}]
_CAPABILITIES = ("bounding", "effective", "inheritable", "permitted", "ambient")

PROCESS = {
    "terminal": True,
    "consoleSize": {"height": 24, "width": 80},
    "user": {"uid": 1000, "gid": 1000, "umask": 18, "additionalGids": [5, 6]},
    "args": ["sh", "-c", "true"],
    "env": ["PATH=/bin", "A=b"],
    "cwd": "/",
    "capabilities": {name: ["CAP_KILL", "CAP_SYS_ADMIN"] for name in _CAPABILITIES},
    "rlimits": [
        {"type": "RLIMIT_NOFILE", "soft": 1, "hard": 2},
        {"type": "RLIMIT_CORE", "soft": 0, "hard": 0},
    ],
    "noNewPrivileges": True,
    "apparmorProfile": "profile",
    "oomScoreAdj": 5,
    "scheduler": {
        "policy": "SCHED_DEADLINE",
        "nice": 0,
        "priority": 0,
        "flags": ["SCHED_FLAG_RECLAIM"],
        "runtime": 10_000_000,
        "deadline": 20_000_000,
        "period": 30_000_000,
    },
    "selinuxLabel": "label",
    "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 4},
    "execCPUAffinity": {"initial": "0-3", "final": "0,2"},
    "commandLine": "x",
}
SECCOMP = {
    "defaultAction": "SCMP_ACT_ERRNO",
    "defaultErrnoRet": 38,
    "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"],
    "flags": ["SECCOMP_FILTER_FLAG_LOG"],
    "listenerPath": "/run/agent.sock",
    "listenerMetadata": "m",
    "syscalls": [
        {
            "names": ["read", "write"],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": 1, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}],
        },
        {"names": ["mount"], "action": "SCMP_ACT_NOTIFY"},
        {"names": ["umount"], "action": "SCMP_ACT_TRACE", "errnoRet": 1},
    ],
}
RESOURCES = {
    "devices": [{"allow": True, "type": "c", "major": 10, "minor": 229, "access": "rwm"}],
    "memory": {
        "limit": 1 << 30,
        "reservation": 1 << 29,
        "swap": 1 << 31,
        "swappiness": 5,
        "disableOOMKiller": False,
        "useHierarchy": True,
        "checkBeforeUpdate": True,
    },
    "cpu": {
        "shares": 1024,
        "quota": 100_000,
        "burst": 1000,
        "period": 100_000,
        "realtimeRuntime": 95_000,
        "realtimePeriod": 100_000,
        "cpus": "0-3,7",
        "mems": "0",
        "idle": 0,
    },
    "pids": {"limit": 7},
    "blockIO": {
        "weight": 10,
        "leafWeight": 10,
        "weightDevice": [{"major": 8, "minor": 0, "weight": 500, "leafWeight": 30}],
        "throttleReadBpsDevice": _RATE,
        "throttleWriteBpsDevice": _RATE,
        "throttleReadIOPSDevice": _RATE,
        "throttleWriteIOPSDevice": _RATE,
    },
    "hugepageLimits": [{"pageSize": "2MB", "limit": 1}, {"pageSize": "64KB", "limit": 2}],
    "network": {"classID": 1, "priorities": [{"name": "eth0", "priority": 5}]},
    "rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 4}},
    "unified": {"memory.high": "1"},
}
LINUX = {
    "namespaces": [{"type": t} for t in ("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time")],
    "uidMappings": _IDS,
    "gidMappings": _IDS,
    "timeOffsets": {"monotonic": {"secs": -5, "nanosecs": 6}, "boottime": {"secs": 1}},
    "devices": [
        {"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 0, "gid": 0},
        {"path": "/dev/pipe", "type": "p"},
    ],
    "netDevices": {"eth1": {"name": "data"}, "eth2": {}},
    "cgroupsPath": "/a",
    "resources": RESOURCES,
    "rootfsPropagation": "rslave",
    "seccomp": SECCOMP,
    "sysctl": {"net.ipv4.ip_forward": "1", "kernel.sem": "1", "net/ipv4/conf/eth0.1/forwarding": "1"},
    "maskedPaths": ["/proc/kcore"],
    "readonlyPaths": ["/proc/sys"],
    "mountLabel": "label",
    "intelRdt": {
        "closID": "group",
        "l3CacheSchema": "L3:0=7f0",
        "memBwSchema": "MB:0=20",
        "schemata": ["L2:0=f"],
        "enableMonitoring": True,
        "enableCMT": True,
        "enableMBM": True,
    },
    "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0-1", "flags": ["MPOL_F_STATIC_NODES"]},
    "personality": {"domain": "LINUX32", "flags": []},
}
FREEBSD = {
    "devices": [{"path": "pf", "mode": 448}],
    "jail": {
        "parent": "other",
        "host": "new",
        "ip4": "inherit",
        "ip6": "inherit",
        "ip4Addr": ["10.11.12.13"],
        "ip6Addr": ["fd10::1/64"],
        "interface": "lo1",
        "sysvmsg": "new",
        "sysvsem": "inherit",
        "sysvshm": "disable",
        "enforceStatfs": 1,
        "vnet": "inherit",
        "allow": {
            **dict.fromkeys(_ALLOW, True),
            "mount": ["tmpfs"],
        },
    },
}
_RICH = {
    "ociVersion": "1.3.0",
    "root": {"path": "rootfs", "readonly": True},
    "hostname": "box",
    "domainname": "example",
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {
            "destination": "/data",
            "type": "bind",
            "source": "/srv",
            "options": ["rbind", "ro", "idmap"],
            "uidMappings": _IDS,
            "gidMappings": _IDS,
        },
    ],
    "process": PROCESS,
    "hooks": {
        n: [_HOOK] for n in ("createRuntime", "createContainer", "startContainer", "poststart", "poststop")
    },
    "annotations": {"a": "b"},
    "linux": LINUX,
    "freebsd": FREEBSD,
    "windows": {"layerFolders": ["C:\\a"], "servicing": False, "devices": [], "network": {}, "resources": {}},
    "vm": {
        "hypervisor": {"path": "/bin/qemu", "parameters": ["-x"]},
        "kernel": {"path": "/vmlinuz", "parameters": ["ro"], "initrd": "/initrd"},
        "image": {"path": "/image", "format": "raw"},
    },
    "solaris": {
        "milestone": "m",
        "limitpriv": "p",
        "maxShmMemory": "1g",
        "cappedCPU": {},
        "cappedMemory": {},
        "anet": [],
    },
    "zos": {"namespaces": [{"type": "pid", "path": "/x"}]},
}


def rich():
    """A copy of it."""
    return json.loads(json.dumps(_RICH))
