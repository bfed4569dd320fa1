"""Texts of ifconfig(8): interfaces that are not there, in the wrong jail, or refused."""

from nexcage.errors import AlreadyExists, DriverUnavailable, NetworkFailed, PermissionDenied, UsageError

_SIOC = r"^ifconfig: (?:ioctl )?\(?SIOC"
_LIST = "ifconfig -l lists the interfaces that are on the host"

NETWORK = (
    (
        (
            r"^ifconfig: interface (?P<interface>\S+) does not exist$",
            r"^ifconfig: (?P<interface2>\S+): (?:no such interface|Device not configured)$",
            rf"{_SIOC}(?!SIFRVNET)\w+\)?(?: \((?P<interface3>\S+)\))?: Device not configured$",
        ),
        NetworkFailed,
        "interface-missing",
        'the interface "{interface}" does not exist here, or is in another jail',
        _LIST,
    ),
    (
        rf"{_SIOC}SIFRVNET\)?(?:\(\d+, (?P<interface>[^)\n]*)\))?: Device not configured$",
        NetworkFailed,
        "interface-moved",
        'the interface "{interface}" is not in its jail any more',
        _LIST,
    ),
    (
        rf"{_SIOC}SIFVNET\)?(?:\(.*\))?: File exists$",
        NetworkFailed,
        "vnet-missing",
        "its jail has no network of its own to move an interface into",
        "set freebsd.jail.vnet to new",
    ),
    (
        r"^ifconfig: (?:interface (?P<interface>\S+) already exists|.*SIOCSIFNAME.*: File exists)$",
        AlreadyExists,
        "interface-exists",
        'an interface "{interface}" exists already',
        _LIST,
    ),
    (
        rf"{_SIOC}DIFADDR\w*\)?(?: \(.*\))?: Can't assign requested address$",
        NetworkFailed,
        "address-missing",
        "the address is not on its interface any more",
        "ifconfig shows which it has",
    ),
    (
        r"^ifconfig: .*\bSIOC[AS]I\w*ADDR\w*.*: (?:File exists|Address already in use)$",
        NetworkFailed,
        "address-taken",
        "an address is on an interface already",
        "ifconfig shows on which",
    ),
    (
        r"^ifconfig: (?P<value>.*): bad (?:value|address)\b",
        UsageError,
        "address-invalid",
        '"{value}" is no address, number or name that ifconfig knows',
        "correct it in config.json",
    ),
    (
        r"^ifconfig: SIOCIFCREATE2?(?: \((?P<interface>\S+)\))?: Invalid argument$",
        DriverUnavailable,
        "module-missing",
        'this kernel cannot make an interface "{interface}"',
        "kldload if_{interface}",
    ),
    (
        r"^ifconfig: (?:.*: )?(?:Operation not permitted|[Pp]ermission denied)$",
        PermissionDenied,
        "not-root",
        "interfaces are refused to this user, or in this jail",
        "run it as root, on the host",
    ),
    (
        r"^jail: (?:.*: )?/sbin/ifconfig (?P<interface>\S+).*: failed$",
        NetworkFailed,
        "interface-failed",
        'the interface "{interface}" could not be set up: {said}',
        _LIST,
    ),
)
