"""Texts about networks: a container's interfaces, and what is fetched from elsewhere."""

from nexcage.errors import CommandFailed, InvalidImage, NetworkFailed, NotFound, PermissionDenied, UsageError

_PLUG = "restart the container, a change waits for that: pct reboot {vmid}"
_REACH = "see whether this node has a network and a resolver"

NETWORK = (
    # interfaces of a container
    (
        r"bridge '(?P<bridge>[^']*)' does not exist",
        NetworkFailed,
        "bridge-missing",
        'the bridge "{bridge}" does not exist on this node',
        "ip link show type bridge lists them",
    ),
    (
        r"(?P<net>net\d+): MTU size '(?P<mtu>\d+)' is bigger than bridge MTU '(?P<limit>\d+)'",
        NetworkFailed,
        "mtu-invalid",
        'the MTU "{mtu}" of {net} is bigger than the bridge\'s, "{limit}"',
        "set an MTU of at most {limit}",
    ),
    (
        r"(?P<net>net\d+): SLAAC is not supported for host-managed",
        UsageError,
        "net-invalid",
        "{net}: a network that the host manages cannot have ip6=auto",
        "give an ip6 address, or host-managed=0",
    ),
    (
        r"no physical interface on bridge '(?P<bridge>[^']*)'",
        NetworkFailed,
        "bridge-invalid",
        'the bridge "{bridge}" has no physical interface, which a VLAN tag needs',
        "leave out tag=, or make the bridge VLAN-aware",
    ),
    (
        (
            r"(?:can't|unable to|cannot|failed to) (?:add|create|attach|connect|activate|bring up)"
            r"[^:\n]*(?:interface|bridge|veth|link|network)"
        ),
        NetworkFailed,
        "interface-failed",
        "the network interface cannot be made: {line}",
        "",
    ),
    (
        r"unable to hotplug (?P<option>[\w-]+): (?P<rest>.+)$",
        CommandFailed,
        "hotplug-failed",
        "{what}: {option} cannot be changed while it runs: {rest}",
        _PLUG,
    ),
    # registries: skopeo's words
    (
        r"manifest unknown|name unknown|repository name not known|(?:tag|manifest) .*not found",
        NotFound,
        "image-missing",
        "the registry has no such image or tag: {wanted}",
        "skopeo list-tags docker://NAME",
    ),
    (
        (
            "unauthorized",
            "authentication required",
            "denied: ",
            "requested access to the resource is denied",
            "invalid username/password",
        ),
        PermissionDenied,
        "registry-denied",
        "the registry refuses it: {wanted}",
        "skopeo login REGISTRY",
    ),
    (
        (
            r"(?:registry|docker://|skopeo|dial tcp).*?(?P<rest>network is unreachable|connection refused)",
            r"(?:registry|docker://|skopeo|dial tcp).*?(?P<rest2>no such host|no route to host|i/o timeout)",
            r"(?:registry|docker://|skopeo|dial tcp).*?(?P<rest3>connection reset|server misbehaving)",
            r"(?:registry|docker://|skopeo|dial tcp).*?(?P<rest4>certificate.*|gave HTTP response)",
            r"(?:registry|docker://|skopeo|dial tcp).*?(?P<rest5>lookup \S+)",
        ),
        NetworkFailed,
        "registry-unreachable",
        "the registry cannot be reached ({rest}): {wanted}",
        _REACH,
    ),
    (
        r"command 'skopeo (?P<rest>.+)' failed: (?P<end>.+)$",
        NetworkFailed,
        "pull-failed",
        "skopeo failed ({end}): {wanted}",
        "skopeo inspect docker://NAME shows why",
    ),
    # downloads
    (
        r"checksum mismatch: got '(?P<got>[^']*)' != expect '(?P<want>[^']*)'",
        InvalidImage,
        "image-digest",
        'what was downloaded has the checksum "{got}", not "{want}"',
        "fetch it again, or correct the checksum",
    ),
    (
        r"ERROR 404|404 (?:File )?[Nn]ot [Ff]ound",
        NotFound,
        "download-missing",
        "the server does not have the file: {wanted}",
        "",
    ),
    (
        (
            "^download failed: (?P<rest>.+)$",
            "^(?P<rest2>wget: .+)$",
            r"^(?P<rest3>update failed\b.*)$",
            r"^(?P<rest4>.*\bdownload(?:ing)? .*failed.*)$",
        ),
        NetworkFailed,
        "download-failed",
        "the download failed: {rest}",
        _REACH,
    ),
    (
        r"unable to resolve (?:host )?(?:address|name)(?: for (?:server|host))? '(?P<host>[^']*)'",
        NetworkFailed,
        "host-unresolved",
        'the name "{host}" has no address',
        _REACH,
    ),
    # other nodes
    (
        (
            "^ssh: ",
            "[Hh]ost key verification failed",
            "proxy handler failed",
            "^59[5-9] ",
            "No route to host",
        ),
        NetworkFailed,
        "node-unreachable",
        "the other node cannot be reached: {line}",
        "pvecm status shows which nodes are there",
    ),
)
