"""What a version of crun or runc does not do with a property of config.json.

Neither says a word of a property that it does not know: the container simply runs without it. `unsupported`
finds those, and what a driver refuses in words that do not name the property ("write to sync socket: Broken
pipe"). Each row gives the first versions of crun and of runc that honour the property, and the loss before:
"isolation" or "limits" (dropped: less confined than asked for), "function" (dropped: nothing is less safe),
"refused" (the driver fails by itself).

Sources: NEWS of crun to 1.26, its source 1.8.1 and 1.21; CHANGELOG of runc to 1.5.0-rc.1, its source 1.1.5,
1.1.15, 1.3.6; runs of crun 1.8.1 and runc 1.1.5 on cgroup v1. Specification 1.3.0. Where no first version was
found, the row has a later one and says so. Release candidates count as the release.

Absent, since every version honours them or the host decides: capabilities, rlimits, oomScoreAdj, sysctl,
consoleSize, devices, maskedPaths, readonlyPaths, selinuxLabel, apparmorProfile, cgroup namespaces, mountLabel
(without SELinux crun drops it, runc fails), resources.devices, .pids, .blockIO, .hugepageLimits.
"""

Version = tuple[int, int, int]
Found = list[tuple[str, str, str]]
ALWAYS: Version = (0, 0, 0)
NEVER: Version = (999, 0, 0)

_FOREIGN = "it is for another platform than Linux"
_CACHE = "its share of cache and memory bandwidth would not be limited"
_V1 = "cgroup v2 has no such setting"
_UNKNOWN = "it does not know this value"
_FLAG = "SECCOMP_FILTER_FLAG_"

# section, property, a value besides 0, false, empty that asks for nothing, crun, runc, loss, what happens
PROPERTIES: tuple[tuple[str, str, object, Version, Version, str, str], ...] = (
    ("", "domainname", None, (1, 7, 0), (1, 2, 0), "function", "the domain name would stay unset"),
    # crun 1.8.1 cannot load a windows section without layerFolders nor a vm section without kernel.
    ("", "windows", None, NEVER, NEVER, "function", _FOREIGN),
    ("", "solaris", None, NEVER, NEVER, "function", _FOREIGN),
    ("", "vm", None, NEVER, NEVER, "function", _FOREIGN),
    ("", "zos", None, NEVER, NEVER, "function", _FOREIGN),
    ("", "freebsd", None, NEVER, NEVER, "function", _FOREIGN),
    ("hooks", "createRuntime", None, (0, 12, 0), (1, 0, 0), "isolation", "the hooks would not run"),
    ("hooks", "createContainer", None, (0, 12, 0), (1, 0, 0), "isolation", "the hooks would not run"),
    ("hooks", "startContainer", None, (0, 12, 0), (1, 0, 0), "isolation", "the hooks would not run"),
    ("process", "commandLine", None, NEVER, NEVER, "function", _FOREIGN),
    # runc: in 1.3.6; 1.3.0 extends both to exec, so they came with 1.2 (source not seen).
    ("process", "scheduler", None, (1, 8, 5), (1, 2, 0), "function", "it would run with the default policy"),
    ("process", "ioPriority", None, (1, 8, 6), (1, 2, 0), "function", "it would have the default priority"),
    ("process", "execCPUAffinity", None, (1, 19, 0), (1, 3, 0), "function", "exec would use any CPU"),
    ("process.user", "umask", 0o022, (0, 11, 0), (1, 0, 0), "isolation", "it would be 0022"),
    ("process.user", "username", None, NEVER, NEVER, "function", _FOREIGN),
    # crun before 1.8.4 knows time namespaces only by an annotation.
    ("linux", "timeOffsets", None, (1, 8, 4), (1, 2, 0), "isolation", "it would see the clocks of the host"),
    ("linux", "memoryPolicy", None, (1, 24, 0), (1, 4, 0), "function", "memory would come from any node"),
    ("linux", "netDevices", None, (1, 22, 0), (1, 4, 0), "function", "the devices would stay on the host"),
    ("linux.intelRdt", "closID", None, (1, 10, 0), (1, 1, 0), "limits", _CACHE),
    ("linux.intelRdt", "l3CacheSchema", None, (1, 10, 0), (1, 0, 0), "limits", _CACHE),
    ("linux.intelRdt", "memBwSchema", None, (1, 10, 0), (1, 0, 0), "limits", _CACHE),
    ("linux.intelRdt", "schemata", None, (1, 22, 0), (1, 4, 0), "limits", _CACHE),
    ("linux.intelRdt", "enableMonitoring", None, (1, 24, 0), (1, 4, 0), "function", "nothing is measured"),
    ("linux.intelRdt", "enableCMT", None, NEVER, NEVER, "function", "nothing is measured"),
    ("linux.intelRdt", "enableMBM", None, NEVER, NEVER, "function", "nothing is measured"),
    ("linux.personality", "domain", "LINUX", (0, 11, 0), (1, 2, 0), "function", "it would see the host's"),
    ("linux.personality", "flags", None, NEVER, NEVER, "function", "no driver has any flag"),
    # 1 is EPERM, the default. runc: first version not found, 1.1.5 has it.
    ("linux.seccomp", "defaultErrnoRet", 1, (0, 19, 0), (1, 1, 0), "function", "calls would fail with EPERM"),
    ("linux.seccomp", "listenerPath", None, (0, 19, 0), (1, 1, 0), "isolation", "no agent would judge calls"),
    ("linux.seccomp", "listenerMetadata", None, (0, 19, 0), (1, 1, 0), "function", "it is not passed on"),
    # crun: no such code in 1.21, nothing in NEWS.
    ("linux.resources", "rdma", None, NEVER, (1, 1, 0), "limits", "RDMA resources would not be limited"),
    ("linux.resources", "unified", None, (0, 15, 0), (1, 0, 0), "limits", "the values would not be written"),
    ("linux.resources.cpu", "idle", None, (1, 5, 0), (1, 2, 0), "limits", "it would take CPU like any other"),
    ("linux.resources.cpu", "burst", None, (1, 11, 0), (1, 2, 0), "function", "quota would not accumulate"),
    # crun has it on cgroup v2; on v1 the kernel refuses such updates.
    ("linux.resources.memory", "checkBeforeUpdate", None, (1, 7, 0), (1, 2, 0), "function", "no check"),
    ("linux.resources.memory", "useHierarchy", None, (1, 0, 0), NEVER, "function", "Linux 5.11 always does"),
    # Deprecated, "may be ignored by runtimes" (specs-go); recent kernels ignore the limit as well.
    ("linux.resources.memory", "kernel", None, ALWAYS, NEVER, "function", "only memory.limit counts it"),
    ("linux.resources.memory", "kernelTCP", None, ALWAYS, NEVER, "function", "only memory.limit counts it"),
)

# where, member of each element, value, crun, runc, loss, what happens
VALUES: tuple[tuple[str, str, str, Version, Version, str, str], ...] = (
    # crun 1.8.1: "Broken pipe", or status 255 without a word; runc 1.1.5: "does not exist".
    ("linux.namespaces", "type", "time", (1, 8, 4), (1, 2, 0), "refused", "it makes no time namespaces"),
    ("linux.seccomp.flags", "", f"{_FLAG}TSYNC", (0, 9, 0), (1, 2, 0), "refused", _UNKNOWN),
    ("linux.seccomp.flags", "", f"{_FLAG}LOG", (0, 9, 0), (1, 2, 0), "refused", _UNKNOWN),
    ("linux.seccomp.flags", "", f"{_FLAG}SPEC_ALLOW", (0, 9, 0), (1, 2, 0), "refused", _UNKNOWN),
    # crun: first version not found, 1.8.1 has it.
    ("linux.seccomp.flags", "", f"{_FLAG}WAIT_KILLABLE_RECV", (1, 8, 1), (1, 4, 1), "refused", _UNKNOWN),
    # runc: also in 1.2.7. Without: stays private, or "flags: 0x5000: invalid argument".
    ("linux.rootfsPropagation", "", "shared", ALWAYS, (1, 3, 1), "function", "the root would be private"),
    ("linux.rootfsPropagation", "", "rshared", ALWAYS, (1, 3, 1), "function", "the root would be private"),
    ("linux.rootfsPropagation", "", "unbindable", ALWAYS, (1, 3, 1), "refused", _UNKNOWN),
    ("linux.rootfsPropagation", "", "runbindable", ALWAYS, (1, 3, 1), "refused", _UNKNOWN),
)

# Of cgroup v1, on a host with v2: crun refuses them without their path, runc drops them.
V1_ONLY = (
    ("linux.resources", "network"),
    ("linux.resources.blockIO", "leafWeight"),
    ("linux.resources.cpu", "realtimePeriod"),
    ("linux.resources.cpu", "realtimeRuntime"),
    ("linux.resources.memory", "disableOOMKiller"),
    ("linux.resources.memory", "swappiness"),
)

# Mount options that every version applies, or the engine already has (z, Z).
PLAIN = frozenset(
    (
        *("", "defaults", "bind", "rbind", "remount", "tmpcopyup", "z", "Z"),
        *("ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "async", "nomand", "nolazytime"),
        *("atime", "noatime", "diratime", "nodiratime"),
        *("relatime", "norelatime", "strictatime", "nostrictatime", "shared", "rshared", "slave", "rslave"),
        *("private", "rprivate", "unbindable", "runbindable"),
    )
)

# names; crun: first version for bind mounts, for other mounts, loss; runc: the same; what happens. In mounts
# of other kinds a name unknown to the driver goes to the file system, which says "Invalid argument".
Option = tuple[tuple[str, ...], Version, Version, str, Version, Version, str, str]
_C4, _C81, _C9 = (1, 4, 0), (1, 8, 1), (1, 9, 0)
_R1, _R2 = (1, 1, 0), (1, 2, 0)
_LOOSE = "it would be less restricted"
_TIGHT = "it would stay restricted"
_TIMES = "access times may differ"
_OWNERS = "files would have other owners"
_LINKS = "links would be followed"
_SHARED_FLAG = "it belongs to the file system, which a bind mount shares with its source"
OPTIONS: tuple[Option, ...] = (
    # mount(2): a remount of a bind mount changes nothing but the flags of the mount itself
    (
        ("sync", "dirsync", "mand", "lazytime"),
        NEVER,
        ALWAYS,
        "function",
        NEVER,
        ALWAYS,
        "function",
        _SHARED_FLAG,
    ),
    # runc applies recursive options and id maps to bind mounts only (1.3.6, later not seen).
    (("rro", "rnosuid", "rnodev", "rnoexec"), _C4, _C4, "isolation", _R1, NEVER, "isolation", _LOOSE),
    (("rrw", "rsuid", "rdev", "rexec"), _C4, _C4, "function", _R1, NEVER, "function", _TIGHT),
    # crun (1.8.1 to 1.21, later not seen) gives mount_setattr the bits of mount: mostly "Invalid argument",
    (("rnoatime", "rdiratime"), NEVER, NEVER, "refused", _R1, NEVER, "function", _TIMES),
    (("rnodiratime", "rstrictatime"), NEVER, NEVER, "refused", _R1, NEVER, "function", _TIMES),
    (("ratime", "rnostrictatime"), NEVER, NEVER, "refused", (1, 4, 1), NEVER, "refused", _TIMES),
    (("rsync", "rasync", "rmand", "rnomand"), NEVER, NEVER, "refused", NEVER, NEVER, "function", _UNKNOWN),
    # ... else another attribute: rrelatime sets nosymfollow, rdirsync nodiratime.
    (("rrelatime", "rnorelatime"), NEVER, NEVER, "function", _R1, NEVER, "function", _TIMES),
    (("rdirsync",), NEVER, NEVER, "function", NEVER, NEVER, "function", _UNKNOWN),
    # runc: first version not found, 1.1.5 has them.
    (("nosymfollow",), NEVER, NEVER, "isolation", _R1, _R1, "isolation", _LINKS),
    (("rnosymfollow",), NEVER, NEVER, "isolation", _R1, NEVER, "isolation", _LINKS),
    (("symfollow",), NEVER, NEVER, "function", _R1, _R1, "function", _TIGHT),
    (("rsymfollow",), NEVER, NEVER, "function", _R1, NEVER, "function", _TIGHT),
    (("silent", "loud", "iversion", "noiversion"), NEVER, NEVER, "function", ALWAYS, ALWAYS, "", _UNKNOWN),
    # crun before 1.8.1 read the mapping the other way round; before 1.9 it fails on other than bind mounts.
    (("idmap", "uidMappings", "gidMappings"), _C81, _C9, "isolation", _R2, NEVER, "isolation", _OWNERS),
    (("ridmap",), _C9, _C9, "isolation", _R2, NEVER, "isolation", _OWNERS),
    (("idmap=",), _C81, _C9, "isolation", NEVER, NEVER, "isolation", _OWNERS),
    (("ridmap=",), _C9, _C9, "isolation", NEVER, NEVER, "isolation", _OWNERS),
    (("copy-symlink",), (1, 10, 0), (1, 10, 0), "function", NEVER, NEVER, "function", _LINKS),
    # crun #1762 of May 2025: 1.22 or 1.23.
    (("src-nofollow",), (1, 23, 0), (1, 23, 0), "isolation", NEVER, NEVER, "isolation", _LINKS),
    (("dest-nofollow",), (1, 23, 0), (1, 23, 0), "function", NEVER, NEVER, "function", _LINKS),
)
# crun applies linux.rootfsPropagation (absent: rprivate) last, and where it is recursive to every mount: what
# it then takes from them (1.8.1). Mounts that are slave stay it under rslave, private ones under rprivate.
_SHARED = frozenset(("shared", "rshared"))
_TAKEN = {
    "": _SHARED | {"slave", "rslave", "unbindable", "runbindable"},
    "rslave": _SHARED,
    "rshared": frozenset(("private", "rprivate", "unbindable", "runbindable")),
}
_TAKEN["rprivate"] = _TAKEN[""]
_STRAY: Option = ((), NEVER, NEVER, "function", NEVER, NEVER, "function", "bind mounts have no such option")


def accepted_version(declared: str, driver: str, version: Version) -> str:
    """Return the ``ociVersion`` to hand to the driver: ``declared``, or the highest that it accepts.

    crun before 1.14.3 wants "1.0" somewhere in it (strstr): 1.1.0 has that by chance, 1.2.0 has not. runc
    does not look at it.
    """
    if driver == "crun" and version < (1, 14, 3) and "1.0" not in declared:
        return "1.1.0"
    return declared


def unsupported(
    config: dict[str, object], driver: str, version: Version, cgroup2: bool | None = None
) -> Found:
    """List what this driver version does not honour of a checked config: path, loss, what happens then.

    ``cgroup2`` says which cgroups the host has; None leaves out what depends on it. Only crun and runc are
    known here. Wrong types are the business of `nexcage.oci.check`, which comes first.
    """
    found: Found = []
    if driver not in ("crun", "runc"):
        return found
    crun = driver == "crun"
    at, node = "", _node(config, "")
    for section, name, quiet, crun_since, runc_since, loss, what in PROPERTIES:
        if section != at:
            at, node = section, _node(config, section)
        if isinstance(node, dict):
            value = node.get(name)
            if value and value != quiet and version < (crun_since if crun else runc_since):
                found.append((f"$.{at}.{name}" if at else f"$.{name}", loss, what))
    for at, member, wanted, crun_since, runc_since, loss, what in VALUES:
        if version < (crun_since if crun else runc_since):
            node = _node(config, at)
            if node == wanted:
                found.append((f"$.{at}", loss, what))
            elif isinstance(node, list):
                for i, item in enumerate(node):
                    if (item.get(member) if member else item) == wanted:
                        found.append((f"$.{at}[{i}]", loss, what))
    _mounts(config.get("mounts"), crun, version, found)
    if crun:
        _propagation(config, found)
    if cgroup2:
        for at, name in V1_ONLY:
            node = _node(config, at)
            if isinstance(node, dict) and node.get(name):
                found.append((f"$.{at}.{name}", "refused" if crun else "function", _V1))
    elif cgroup2 is False and _node(config, "linux.resources.unified"):
        found.append(("$.linux.resources.unified", "refused", "it needs cgroup v2"))
    return found


def _node(config: object, section: str) -> object:
    """Return what is at a dotted path; None when it or a section above it is absent."""
    for name in section.split(".") if section else ():
        if not isinstance(config, dict):
            return None
        config = config.get(name)
    return config


def _mounts(mounts: object, crun: bool, version: Version, found: Found) -> None:
    if not isinstance(mounts, list):
        return
    for i, mount in enumerate(mounts):
        options = mount.get("options") or ()
        if crun and mount.get("type") in ("proc", "sysfs") and _is_deep(mount["destination"]):
            what = f"it mounts {mount['type']} only directly below the root"  # 1.8.1
            found.append((f"$.mounts[{i}]", "refused", what))
        mapped = mount.get("uidMappings") or mount.get("gidMappings")
        if not mapped and PLAIN.issuperset(options):
            continue
        bind = "bind" in options or "rbind" in options
        if mapped:
            name = "uidMappings" if mount.get("uidMappings") else "gidMappings"
            _option(f"$.mounts[{i}].{name}", name, bind, crun, version, found)
        for j, option in enumerate(options):
            if option not in PLAIN:
                _option(f"$.mounts[{i}].options[{j}]", option, bind, crun, version, found)


def _is_deep(path: str) -> bool:
    """Whether a path of the container is below a directory other than the root."""
    names: list[str] = []
    for name in path.split("/"):
        if name == "..":
            names = names[:-1]
        elif name not in ("", "."):
            names.append(name)
    return len(names) > 1


def _propagation(config: dict[str, object], found: Found) -> None:
    whole = str(_node(config, "linux.rootfsPropagation") or "")
    taken, mounts = _TAKEN.get(whole), config.get("mounts")
    if not taken or not isinstance(mounts, list):
        return
    what = f"its propagation would be {whole[1:]}, as of the whole root" if whole else "it would be private"
    for i, mount in enumerate(mounts):
        options: list[str] = mount.get("options") or []
        if not taken.isdisjoint(options):
            found += [
                (f"$.mounts[{i}].options[{j}]", "function", what) for j, o in enumerate(options) if o in taken
            ]


def _option(path: str, name: str, bind: bool, crun: bool, version: Version, found: Found) -> None:
    known = name[: name.find("=") + 1] or name
    for row in OPTIONS:
        if known in row[0]:
            break
    else:
        if not bind:  # data for the file system
            return
        row = _STRAY
    for_binds, for_others, loss = row[1:4] if crun else row[4:7]
    if version >= (for_binds if bind else for_others):
        return
    if path.endswith("]") and (
        (version >= (1, 2, 0) and not crun and for_binds == NEVER) if bind else version < for_binds
    ):
        loss = "refused"  # runc since 1.2: "bind mounts cannot have any filesystem-specific options applied"
    found.append((path, loss, row[7]))
