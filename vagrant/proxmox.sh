#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: proxmox.sh STEP...
#
# Make this Debian machine a node of Proxmox VE (on Debian 13: 9, on Debian 12: 8.4) from Proxmox's official
# repository without subscription. A step that is done again changes nothing. The steps, in their order:
#   debian      refuse a machine that is no Debian 12 or 13
#   repository  Proxmox's key, checked, and its repository
#   network     vmbr0: a bridge for containers, with a way out
#   name        a host name that resolves to vmbr0's address
#   packages    Proxmox VE and its kernel; then the machine has to boot
#   booted      refuse another kernel than Proxmox's
#   storage     "local" takes disks, templates and snippets of containers
#   template    the newest Alpine Linux
#   check       all of it works: a container is made, started, reaches the outside, and is destroyed
set -eu

NODE=pve
DOMAIN=nexcage.test # reserved: RFC 6761
BRIDGE=vmbr0
NETWORK=10.98.0.0/24
ADDRESS=10.98.0.1 # the node's, on the bridge; it outlives every lease of the outer network
INSIDE=10.98.0.250
KEYRING=/etc/apt/keyrings/proxmox-release.gpg # no package owns it, so nothing but this script replaces it
REPOSITORY=/etc/apt/sources.list.d/proxmox.sources
KEYS=https://enterprise.proxmox.com/debian
CONTENT="rootdir images vztmpl snippets iso backup"

self=${0##*/}
step=starting
changes=0
vmid=
download=

say() {
    printf '%s: %s\n' "$self" "$*" >&2
}

die() {
    say "$step: $*"
    exit 1
}

changed() {
    changes=$((changes + 1))
    say "changed: $*"
}

# Whatever ends the script: no container of ours stays, and a failure says in which step.
ended() {
    status=$?
    [ -z "$download" ] || rm -f "$download"
    [ -z "$vmid" ] || pct destroy "$vmid" --force 1 --purge 1 >/dev/null 2>&1 || say "container $vmid is left"
    [ "$status" = 0 ] || say "failed: $step"
}
trap ended EXIT
trap 'exit 1' HUP INT TERM

# put FILE TEXT: FILE holds TEXT; it is replaced at once, and only when it differs.
put() {
    if [ "$(cat "$1" 2>/dev/null)" = "$2" ]; then
        return
    fi
    mkdir -p "${1%/*}"
    new=$(mktemp "$1.XXXXXX")
    printf '%s\n' "$2" >"$new"
    chmod 644 "$new"
    mv -f "$new" "$1"
    changed "$1"
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" >&2
}

# need_packages NAME...: install what is missing, and only that.
need_packages() {
    missing=
    for package; do
        seen=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$seen" = installed ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    apt update
    # shellcheck disable=SC2086  # a list of words
    apt --no-install-recommends install $missing
    changed "packages$missing"
}

release() {
    # shellcheck disable=SC1091  # of the machine
    (. /etc/os-release && echo "$VERSION_CODENAME")
}

debian() {
    [ "$(id -u)" = 0 ] || die "not root"
    case $(release) in
    trixie | bookworm) ;;
    *) die "Debian \"$(release)\" is neither trixie nor bookworm" ;;
    esac
    [ "$(dpkg --print-architecture)" = amd64 ] || die "Proxmox VE is for amd64 only"
}

# The keys and digests are those that Proxmox publishes in "Install Proxmox VE on Debian 13 Trixie" (12 Bookworm).
repository() {
    case $(release) in
    trixie) set -- proxmox-archive-keyring-trixie.gpg sha256sum \
        136673be77aba35dcce385b28737689ad64fd785a797e57897589aed08db6e45 ;;
    bookworm) set -- proxmox-release-bookworm.gpg sha512sum \
        7da6fe34168adc6e479327ba517796d4702fa2f8b4f0a9833f5ea6e6b48f6507a6da403a274fe201595edc86a84463d50383d07f64bdde2e3658108db7d6dc87 ;;
    *) die "no key for Debian \"$(release)\"" ;;
    esac
    before=$changes
    no_enterprise
    if ! echo "$3  $KEYRING" | "$2" --check --status 2>/dev/null; then
        need_packages ca-certificates curl
        download=$(mktemp)
        curl --fail --silent --show-error --location --proto =https --retry 3 --output "$download" "$KEYS/$1" ||
            die "cannot fetch $KEYS/$1"
        echo "$3  $download" | "$2" --check --status || die "$1 does not have the digest that Proxmox publishes"
        mkdir -p "${KEYRING%/*}"
        install -m 644 "$download" "$KEYRING"
        rm -f "$download"
        changed "$KEYRING"
    fi
    put "$REPOSITORY" "Types: deb
URIs: http://download.proxmox.com/debian/pve
Suites: $(release)
Components: pve-no-subscription
Signed-By: $KEYRING"
    # without --error-on a repository that cannot be fetched is only a warning
    [ "$changes" = "$before" ] || apt update --error-on=any || die "apt-get update"
}

# Packages of Proxmox VE bring the repository of subscribers, and without a subscription apt fails at it.
no_enterprise() {
    for list in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        grep -qs enterprise.proxmox.com "$list" || continue
        case $list in
        *.list) lines=$(sed '/enterprise\.proxmox\.com/ s/^[[:space:]]*deb/# &/' "$list") ;;
        *) lines=$(sed '/^Enabled:/d; s/^Types:/Enabled: no\n&/' "$list") ;;
        esac
        put "$list" "$lines"
    done
}

# The file of the bridge. Its NAT is for any way out, whichever interface that is.
interfaces() {
    main=/etc/network/interfaces
    [ -e "$main" ] || put "$main" "auto lo
iface lo inet loopback"
    # ifupdown2 brings up at boot what is "auto"
    lines=$(sed 's/^allow-hotplug /auto /' "$main")
    case $lines in
    *"source /etc/network/interfaces.d/"* | *"source-directory /etc/network/interfaces.d"*) ;;
    *) lines="$lines

source /etc/network/interfaces.d/*" ;;
    esac
    put "$main" "$lines"
    rule="POSTROUTING -s $NETWORK ! -d $NETWORK -j MASQUERADE"
    put "/etc/network/interfaces.d/$BRIDGE" "auto $BRIDGE
iface $BRIDGE inet static
    address $ADDRESS/24
    bridge-ports none
    bridge-stp off
    bridge-fd 0
    post-up echo 1 > /proc/sys/net/ipv4/ip_forward
    post-up iptables -t nat -C $rule 2>/dev/null || iptables -t nat -A $rule
    post-down iptables -t nat -D $rule || true"
}

network() {
    need_packages ifupdown2 bridge-utils isc-dhcp-client iptables
    interfaces
    bridge_is_up || {
        mkdir -p /run/network # its lock lies there
        ifup "$BRIDGE" >&2 || die "ifup $BRIDGE"
        bridge_is_up || die "$BRIDGE has no address $ADDRESS"
        changed "$BRIDGE is up"
    }
}

bridge_is_up() {
    ip -oneline -4 address show up dev "$BRIDGE" 2>/dev/null | grep -qF " $ADDRESS/24 "
}

# Proxmox VE keeps a node's files under its name and refuses one that resolves to 127.0.1.1, as Debian has it.
name() {
    put /etc/hostname "$NODE"
    [ "$(hostname)" = "$NODE" ] || {
        hostname "$NODE"
        changed "host name $NODE"
    }
    lines=$(awk -v name="$NODE" -v full="$NODE.$DOMAIN" -v address="$ADDRESS" '
        /^[ \t]*(#|$)/ { print; next }
        {
            others = ""; ours = 0
            for (i = 2; i <= NF; i++) if ($i == name || $i == full) ours = 1; else others = others " " $i
            if (!ours) print; else if (others != "") print $1 others
        }
        END { print address, full, name }' /etc/hosts)
    put /etc/hosts "$lines"
    [ "$(getent ahostsv4 "$NODE" | awk '{print $1; exit}')" = "$ADDRESS" ] || die "$NODE does not resolve to $ADDRESS"
}

packages() {
    if ! dpkg-query --show proxmox-ve >/dev/null 2>&1; then
        # what they would ask: mail stays on the machine
        need_packages debconf
        echo "postfix postfix/main_mailer_type select Local only" | debconf-set-selections
        echo "postfix postfix/mailname string $NODE.$DOMAIN" | debconf-set-selections
        apt dist-upgrade || die "upgrading Debian's packages"
    fi
    need_packages proxmox-ve proxmox-default-kernel postfix open-iscsi chrony python3 python3-venv tar
    no_enterprise
}

booted() {
    case $(uname -r) in
    *-pve) ;;
    *) die "kernel $(uname -r) is not Proxmox's: boot the machine" ;;
    esac
    bridge_is_up || die "$BRIDGE is not up after booting"
}

# holds KIND: the storage is active and takes this kind of content.
holds() {
    pvesm status --storage local --content "$1" | grep -Eq '^local +dir +active '
}

storage() {
    for kind in $CONTENT; do
        holds "$kind" && continue
        pvesm set local --content "$(echo "$CONTENT" | tr ' ' ,)" || die "pvesm set local"
        holds "$kind" || die "\"local\" is not active or does not take $kind"
        changed "storage local takes $CONTENT"
    done
}

# The newest Alpine Linux among the templates that "pveam $@" lists, as a file name.
alpine() {
    pveam "$@" | grep -Eo 'alpine-[^ /]+\.tar\.[a-z]+' | sort -V | tail -n 1
}

template() {
    [ -z "$(alpine list local)" ] || return 0
    # both exit 0 also when they fail
    pveam update >&2
    newest=$(alpine available --section system)
    [ -n "$newest" ] || die "pveam knows no template of Alpine Linux; see /var/log/pveam.log"
    pveam download local "$newest" >&2
    [ "$(alpine list local)" = "$newest" ] || die "pveam download local $newest did not bring it"
    changed "template $newest"
}

check() {
    for tool in pct pvesh pvesm pveam pvecm lxc-info lxc-attach lxc-freeze lxc-wait python3 tar; do
        command -v "$tool" >/dev/null || die "$tool is missing"
    done
    pveversion || die "pveversion"
    pct list >&2 || die "pct list"
    holds rootdir || die "storage local is not active"
    bridge_is_up || die "$BRIDGE is not up"
    newest=$(alpine list local)
    [ -n "$newest" ] || die "no template of Alpine Linux"
    free=$(pvesh get /cluster/nextid) || die "pvesh get /cluster/nextid"
    pct create "$free" "local:vztmpl/$newest" --hostname check --memory 64 --unprivileged 1 --rootfs local:1 \
        --net0 "name=eth0,bridge=$BRIDGE,ip=$INSIDE/24,gw=$ADDRESS" >&2 || die "pct create"
    vmid=$free # not before: another's container may have come first
    pct start "$vmid" >&2 || die "pct start"
    [ "$(pct status "$vmid")" = "status: running" ] || die "container $vmid does not run"
    outside
    pct stop "$vmid" >&2 || die "pct stop"
    pct destroy "$vmid" --purge 1 >&2 || die "pct destroy"
    vmid=
    say "this node works"
}

# The node's own gateway knows nothing of the bridge's network: its answer proves the NAT.
outside() {
    gateway=$(ip -4 route show default | awk '{print $3; exit}')
    [ -n "$gateway" ] || die "this machine has no default route"
    tries=0
    until pct exec "$vmid" -- ping -c 1 -W 2 "$gateway" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 20 ] || die "container $vmid does not reach $gateway"
        sleep 1
    done
}

[ $# -gt 0 ] || die "no step; see the head of this file"
for step; do
    case $step in
    debian | repository | network | name | packages | booted | storage | template | check) "$step" ;;
    *) die "no such step" ;;
    esac
done
[ "$changes" -gt 0 ] || say "$*: nothing to change"
