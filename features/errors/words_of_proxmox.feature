@nexcage @no-driver @issue-90 @issue-cli
Feature: What the words of Proxmox VE's tools mean
  The tools say why they failed in words only. Each row is such a failure: the call, its words, and what nexcage says
  instead. The code stays the same from version to version; "nexcage help errors CODE" explains it. `{what}` is the
  container, with its id and VMID.

  Rule: Guests

    Scenario: Words of Proxmox VE: guests
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                      | words                                                        | code                 | message |
        | pct start 100                             | CT 100 already running                                       | already-running      | {what} is already running |
        | pct suspend 4711                          | lxc-checkpoint: 4711: criu.c: do_dump: 1 criu failed\ncommand 'lxc-checkpoint -n 4711' failed: exit code 1 | checkpoint-failed    | {what}: CRIU failed: criu.c: do_dump: 1 criu failed |
        | pct clone 4711 4712                       | Linked clone feature for 'local:122/base-122-disk-0.raw' is not available | clone-unavailable    | {what}: "local:122/base-122-disk-0.raw" cannot be cloned this way |
        | pct start 150                             | can't lock file '/run/lock/lxc/pve-config-150.lock' - got timeout | ct-busy              | {what}: another task holds "/run/lock/lxc/pve-config-150.lock" |
        | pct set 4711 --memory 64                  | detected modified configuration - file changed by other user? Try again. | ct-changed           | {what} was changed by somebody else meanwhile |
        | pct list                                  | vm 400 - unable to parse config: lxc.foo: bar                | ct-config-invalid    | {what}: its configuration has a bad line "lxc.foo: bar" |
        | pct destroy 150                           | unable to remove CT 150 - used in HA resources and purge parameter not set. | ct-in-ha             | {what} is managed by high availability |
        | pct start 122                             | you can't start a CT if it's a template                      | ct-is-template       | {what} is a template |
        | pct start 4711                            | CT is locked                                                 | ct-locked            | {what} is locked |
        | pct status 200                            | Configuration file 'nodes/pve/lxc/200.conf' does not exist   | ct-missing           | {what} does not exist on this node |
        | pct clone 4711 4712                       | CT 4711 is not a template                                    | ct-no-template       | {what} is not a template |
        | pct destroy 4711                          | can't remove CT 4711 - protection mode enabled               | ct-protected         | {what} is protected |
        | pct destroy 4711                          | unable to remove CT 4711 - used in replication job '4711-0'  | ct-replicated        | {what} has a replication job |
        | pct fsck 100                              | cannot run fsck when container is running                    | ct-running           | {what} is running: cannot run fsck when container is running |
        | pct unlock 100                            | no lock found trying to remove any lock                      | ct-unlocked          | {what} is not locked |
        | pct fsck 4711                             | unable to run fsck for 'tank:subvol-4711-disk-0' (format == subvol) | fsck-unavailable     | {what}: "tank:subvol-4711-disk-0" cannot be checked: format == subvol |
        | pct set 100 --mp1 local:0.1,mp=/data2     | 400 Parameter verification failed.\nmp1: unable to hotplug mp1: failed to change apparmor profile: Invalid argument\n\npct set <vmid> [OPTIONS] | hotplug-failed       | {what}: mp1 cannot be changed while it runs: failed to change apparmor profile: Invalid argument |
        | pct start 100                             | unable to get PID for CT 100 (not running?)                  | init-ended           | {what}: its first process has ended: container not running |
        | pct migrate 4711 other                    | can't migrate local disk 'local:1/d.raw': storage 'local' is not there | migration-failed     | {what} was not migrated: can't migrate local disk 'local:1/d.raw': storage 'local' is not there |
        | pct set 100 --unprivileged 0              | unable to modify read-only option: 'unprivileged'            | option-read-only     | {what}: "unprivileged" cannot be changed after create |
        | pct set 100 --delete rootfs               | unable to delete required option 'rootfs'                    | option-required      | {what}: "rootfs" cannot be removed |
        | pct set 121                               | no options specified                                         | options-missing      | {what}: nothing to change was given |
        | pct start 4711                            | the moon is full                                             | pct-failed           | {what}: pct start: the moon is full |
        | pvecm status                              | Can't exec "corosync-quorumtool": No such file or directory at /usr/share/perl5/PVE/CLI/pvecm.pm line 566, <DATA> line 960. | program-missing      | {what}: the program "corosync-quorumtool" is not installed |
        | pct snapshot 4711 s1                      | snapshot name 's1' already used                              | snapshot-exists      | {what} has a snapshot "s1" already |
        | pct snapshot 100 current                  | unable to use snapshot name 'current' (reserved name)        | snapshot-invalid     | {what}: the snapshot name "current" is reserved |
        | pct config 100 --snapshot nosuch          | snapshot 'nosuch' does not exist                             | snapshot-missing     | {what} has no snapshot "nosuch" |
        | pct snapshot 121 s1                       | snapshot feature is not available                            | snapshot-unavailable | {what}: its storage cannot make snapshots |
        | pct rollback 4711 s1                      | can't rollback, more recent snapshots exist                  | snapshot-unusable    | {what}: the snapshot cannot be used: can't rollback, more recent snapshots exist |
        | pct shutdown 500 --timeout 3              | container did not stop                                       | stop-timeout         | {what} did not stop in time |
        | pct template 300                          | Template feature is not available for '/srv/t1/rootfs'       | template-unavailable | {what}: "/srv/t1/rootfs" cannot become a template |
        | pvesh get /cluster/nextid                 | unable to get any free VMID in range [5000, 5001]            | vmid-exhausted       | {what}: no free VMID from 5000 to 5001, the end excluded |
        | pct create 100 local:vztmpl/alpine.tar.gz | CT 100 already exists on node 'pve'                          | vmid-exists          | {what}: VMID 100 is taken by a guest on node "pve" |
        | pct create abc local:vztmpl/alpine.tar.gz | 400 Parameter verification failed.\nvmid: type check ('integer') failed - got 'abc'\npct create <vmid> <ostemplate> [OPTIONS] | vmid-invalid         | {what}: vmid: "abc" is no integer |

  Rule: Values

    Scenario: Words of Proxmox VE: values
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                                         | words                                                        | code                 | message |
        | pct create 4711 local:vztmpl/a.tar.gz --arch vax             | 400 Parameter verification failed.\narch: value 'vax' does not have a value in the enumeration 'amd64, arm64'\npct create <vmid> <ostemplate> [OPTIONS] | arch-invalid         | {what}: arch "vax" is none of: amd64, arm64 |
        | pveversion x                                                 | USAGE: pveversion [--verbose]                                | arguments-invalid    | {what}: pveversion does not take these arguments: pveversion [--verbose] |
        | pvesm path                                                   | 400 not enough arguments\npvesm path <volume>                | arguments-missing    | {what}: pvesm path needs more arguments: pvesm path <volume> |
        | pvesm status local                                           | 400 too many arguments\npvesm status  [OPTIONS]              | arguments-surplus    | {what}: pvesm status takes fewer arguments: pvesm status [OPTIONS] |
        | pvesh delete /nodes/pve/lxc/100 --force 2                    | 400 unable to parse boolean option\npvesh delete <api_path> [OPTIONS] [FORMAT_OPTIONS] | boolean-invalid      | {what}: an option that is on or off has another value: --force |
        | pct                                                          | ERROR: no command specified                                  | command-missing      | {what}: pct was called without a command |
        | pct foo                                                      | ERROR: unknown command 'pct foo'                             | command-unknown      | {what}: pct has no command "pct foo" |
        | pct create 200 local:vztmpl/alpine.tar.gz --hostname a.b.example.com --cores 0 | 400 Parameter verification failed.\ncores: value must have a minimum value of 1\npct create <vmid> <ostemplate> [OPTIONS] | cores-invalid        | {what}: cores "0" must be at least 1 |
        | pct create 4711 local:vztmpl/a.tar.gz --cpulimit many        | 400 Parameter verification failed.\ncpulimit: type check ('number') failed - got 'many'\npct create <vmid> <ostemplate> [OPTIONS] | cpu-invalid          | {what}: cpulimit: "many" is no number |
        | pct create 200 local:vztmpl/alpine.tar.gz --dev0 /dev/fuse,mode=9999 | 400 Parameter verification failed.\ndev0: invalid format - format error\ndev0.mode: value does not match the regex pattern\n\npct create <vmid> <ostemplate> [OPTIONS] | device-invalid       | {what}: dev0.mode "9999" is not written as Proxmox VE wants it |
        | pct create 200 local:vztmpl/alpine.tar.gz --entrypoint ''    | 400 Parameter verification failed.\nentrypoint: value does not match the regex pattern\npct create <vmid> <ostemplate> [OPTIONS] | entrypoint-invalid   | {what}: entrypoint "" is not written as Proxmox VE wants it |
        | pct create 200 local:vztmpl/alpine.tar.gz --env novalue      | 400 Parameter verification failed.\nenv: value does not match the regex pattern\npct create <vmid> <ostemplate> [OPTIONS] | env-invalid          | {what}: env "novalue" is not written as Proxmox VE wants it |
        | pct create 200 local:vztmpl/alpine.tar.gz --features nesting | 400 Parameter verification failed.\nfeatures: invalid format - value without key, but schema does not define a default key\n\npct create <vmid> <ostemplate> [OPTIONS] | features-invalid     | {what}: features "nesting": value without key, but schema does not define a default key |
        | pct create 4711 local:vztmpl/a.tar.gz --hookscript x         | 400 Parameter verification failed.\nhookscript: invalid format - unable to parse volume ID 'x'\npct create <vmid> <ostemplate> [OPTIONS] | hookscript-invalid   | {what}: hookscript "x": unable to parse volume ID 'x' |
        | pct create 200 local:vztmpl/alpine.tar.gz --hookscript local:snippets/x.sh | script 'local:snippets/x.sh' does not exist                  | hookscript-missing   | {what}: the hook script "local:snippets/x.sh" does not exist, or is not executable |
        | pct create 200 local:vztmpl/alpine.tar.gz --hostname bad_name | 400 Parameter verification failed.\nhostname: invalid format - value does not look like a valid DNS name\n\npct create <vmid> <ostemplate> [OPTIONS] | hostname-invalid     | {what}: the hostname "bad_name" is no DNS name: letters, digits, "-" and "." only |
        | pct create 200 local:vztmpl/alpine.tar.gz --swap -1          | 400 Parameter verification failed.\nswap: value must have a minimum value of 0\npct create <vmid> <ostemplate> [OPTIONS] | memory-invalid       | {what}: swap "-1" must be at least 0 |
        | pct set 300 --mp0 /srv/src1                                  | 400 Parameter verification failed.\nmp0: invalid format - format error\nmp0.mp: property is missing and it is not optional\n\npct set <vmid> [OPTIONS] | mount-invalid        | {what}: mp0.mp is missing |
        | pct create 200 local:vztmpl/alpine.tar.gz --nameserver notanip | 400 Parameter verification failed.\nnameserver: invalid format - value does not look like a valid IP address\n\npct create <vmid> <ostemplate> [OPTIONS] | nameserver-invalid   | {what}: nameserver "notanip" is not a valid IP address |
        | pct start 4711                                               | net0: SLAAC is not supported for host-managed network configuration. | net-invalid          | {what}: net0: a network that the host manages cannot have ip6=auto |
        | pct create 4711 local:vztmpl/a.tar.gz --m 1                  | Option m is ambiguous (memory, mp[n])                        | option-invalid       | {what}: --m cannot be given like this |
        | pvesm add dir nopath                                         | missing value for required option 'path'                     | option-missing       | {what}: the option "path" is needed |
        | pveversion --foo                                             | Unknown option: foo                                          | option-unknown       | {what}: this version of pveversion has no option --foo |
        | pvesh get /cluster/nextid --vmid                             | Option vmid requires an argument\n400 unable to parse option\npvesh get <api_path> [OPTIONS] [FORMAT_OPTIONS] | option-value-missing | {what}: --vmid needs a value |
        | pct set 400 --memory 90 --delete memory                      | 400 Parameter verification failed.\ndelete: you can't use '-memory' and -delete memory' at the same time\npct set <vmid> [OPTIONS] | options-conflict     | {what}: "memory" cannot be set and removed at once |
        | pct create 200 local:vztmpl/alpine.tar.gz --ostype windows   | 400 Parameter verification failed.\nostype: value 'windows' does not have a value in the enumeration 'debian, devuan, ubuntu, centos, fedora, opensuse, archlinux, alpine, gentoo, nixos, unmanaged'\npct create <vmid> <ostemplate> [OPTIONS] | ostype-invalid       | {what}: ostype "windows" is none of: debian, devuan, ubuntu, centos, fedora, opensuse, archlinux, alpine, gentoo, nixos, unmanaged |
        | pct console 200 --escape '!!'                                | 400 Parameter verification failed.\nescape: value does not match the regex pattern\npct console <vmid> [OPTIONS] | parameter-invalid    | {what}: escape "!!" is not written as Proxmox VE wants it |
        | pct push 4711 /a /b                                          | 400 Parameter verification failed.\nperms: property is missing and it is not optional\npct push <vmid> <file> <destination> [OPTIONS] | parameter-missing    | {what}: perms is missing |
        | pct create 200 local:vztmpl/alpine.tar.gz --features foo=1   | 400 Parameter verification failed.\nfeatures: invalid format - format error\nfeatures.foo: property is not defined in schema and the schema does not allow additional properties\n\npct create <vmid> <ostemplate> [OPTIONS] | parameter-unknown    | {what}: features.foo is unknown to this version of Proxmox VE |
        | pct set 400 --memory 1 --cores 0                             | 400 Parameter verification failed.\ncores: value must have a minimum value of 1\nmemory: value must have a minimum value of 16\npct set <vmid> [OPTIONS] | parameters-invalid   | {what}: cores "0" must be at least 1; memory "1" must be at least 16 |
        | pct create 4711 local:vztmpl/a.tar.gz --password abc         | 400 Parameter verification failed.\npassword: value must be at least 5 characters long\npct create <vmid> <ostemplate> [OPTIONS] | password-invalid     | {what}: the password is shorter than 5 characters |
        | pvesh delete /nosuch                                         | No 'delete' handler defined for '/nosuch'                    | path-unknown         | {what}: the API has no delete of "/nosuch" |
        | pct create 4711 local:vztmpl/a.tar.gz --pool a/b/c/d         | 400 Parameter verification failed.\npool: invalid format - value 'a/b/c/d' does not look like a valid pool ID\npct create <vmid> <ostemplate> [OPTIONS] | pool-invalid         | {what}: pool "a/b/c/d": value 'a/b/c/d' does not look like a valid pool ID |
        | pvesh create /nodes/pve/storage/local/oci-registry-pull --reference ghcr.io/x/y | 400 Parameter verification failed.\nreference: value does not match the regex pattern\npvesh create <api_path> --reference <string> [OPTIONS] | reference-invalid    | {what}: reference "ghcr.io/x/y" is not written as Proxmox VE wants it |
        | pct create 300 /srv/empty.tar --rootfs volume=/srv/t3/rootfs,idmap=foo --unprivileged 1 | 400 Parameter verification failed.\nrootfs: invalid format - format error\nrootfs.idmap: value does not match the regex pattern\n\npct create <vmid> <ostemplate> [OPTIONS] | rootfs-invalid       | {what}: rootfs.idmap "foo" is not written as Proxmox VE wants it |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - unable to create image: qemu-img: x: The image size is too large | size-invalid         | {what}: the disk is larger than its format can be |
        | pct create 200 local:vztmpl/alpine.tar.gz --storage '9bad!'  | 400 Parameter verification failed.\nstorage: invalid format - storage ID '9bad!' contains illegal characters\n\npct create <vmid> <ostemplate> [OPTIONS] | storage-invalid      | {what}: storage "9bad!": storage ID '9bad!' contains illegal characters |
        | pct create 200 local:vztmpl/alpine.tar.gz --tags 'bad tag;ä' | 400 Parameter verification failed.\ntags: invalid format - invalid characters in tag\n\npct create <vmid> <ostemplate> [OPTIONS] | tags-invalid         | {what}: tags "bad tag;ä": invalid characters in tag |
        | pct create 200 local:vztmpl/alpine.tar.gz --timezone Mars/Phobos | 400 Parameter verification failed.\ntimezone: invalid format - invalid time zone 'Mars/Phobos'\n\npct create <vmid> <ostemplate> [OPTIONS] | timezone-invalid     | {what}: timezone "Mars/Phobos": invalid time zone 'Mars/Phobos' |
        | pct start 4711                                               | unable to parse frobnication '7'                             | value-invalid        | {what}: the frobnication "7" is invalid: unable to parse frobnication '7' |

  Rule: Storages, disks, templates

    Scenario: Words of Proxmox VE: storages, disks, templates
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                                         | words                                                        | code                 | message |
        | pct create 4711 local:vztmpl/a.tar.gz                        | command '/usr/bin/lxc-usernsexec -- tar xpf - ' failed: exit code 2 | archive-invalid      | {what}: the archive cannot be unpacked: exit code 2 |
        | pct restore 4711 local:backup/a.tar.zst                      | rootfs configuration could not be recovered, please specify it | backup-invalid       | {what}: the backup does not say how the container was made |
        | pct restore 200 local:backup/nosuch.tar.gz                   | unable to restore CT 200 - volume 'local:backup/nosuch.tar.gz' does not exist | backup-missing       | {what}: the storage "local" has no backup "nosuch.tar.gz" |
        | pct resize 4711 mp9 +1G                                      | cannot run command on non-existing mount point mp9           | disk-missing         | {what} has no disk "mp9" |
        | pct resize 100 rootfs +0                                     | disk is already at specified size                            | disk-same-size       | {what}: the disk has this size already |
        | pct resize 100 rootfs 500M                                   | unable to shrink disk size                                   | disk-shrink          | {what}: a disk cannot become smaller |
        | pveam update                                                 | update failed - see /var/log/pveam.log for details           | download-failed      | {what}: the download failed: update failed - see /var/log/pveam.log for details |
        | pveam download local a.tar.zst                               | wget: server returned error: HTTP/1.1 404 Not Found          | download-missing     | {what}: the server does not have the file: a.tar.zst |
        | pct mount 4711                                               | Failed to setup mount entries\nstartup for container '4711' failed | mount-failed         | {what}: a mount failed while it started |
        | pct move-volume 4711 rootfs data                             | you can't move a volume with snapshots and delete the source | move-failed          | {what}: the volume was not moved: you can't move a volume with snapshots and delete the source |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - unable to detect OS distribution  | os-unknown           | {what}: Proxmox VE does not know the distribution in the rootfs |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - unsupported debian version '99.1' | os-unsupported       | {what}: Proxmox VE does not support "debian 99.1" |
        | pvesh create /nodes/pve/storage/local/oci-registry-pull --reference ghcr.io/x/y:1 | command 'skopeo copy docker://ghcr.io/x/y:1 oci-archive:/x.tar' failed: exit code 1 | pull-failed          | {what}: skopeo failed (exit code 1): ghcr.io/x/y:1 |
        | pvesh create /nodes/pve/storage/local/oci-registry-pull --reference ghcr.io/x/y:1 | denied: requested access to the resource is denied           | registry-denied      | {what}: the registry refuses it: ghcr.io/x/y:1 |
        | pvesh create /nodes/pve/storage/local/oci-registry-pull --reference ghcr.io/x/y:1 | pinging container registry ghcr.io: dial tcp 192.0.2.1:443: connection refused | registry-unreachable | {what}: the registry cannot be reached (connection refused): ghcr.io/x/y:1 |
        | pct resize 120 rootfs 1G                                     | can't resize this image format                               | resize-failed        | {what}: the disk or its file system did not change its size |
        | pveam list tiny                                              | Storage does not support templates!                          | storage-content      | {what}: the storage is not for templates |
        | pveam list off                                               | storage 'off' is disabled                                    | storage-disabled     | {what}: the storage "off" is disabled |
        | pvesm alloc data 900 '' 8M                                   | storage 'data' is not available on node 'pve'                | storage-elsewhere    | {what}: the storage "data" is not there on node "pve" |
        | pvesm add dir scratch --path /srv/scratch                    | create storage failed: storage ID 'scratch' already defined  | storage-exists       | {what}: the storage "scratch" exists already |
        | pct create 4711 local:vztmpl/a.tar.gz                        | rbd error: rbd: listing images failed: (110) Connection timed out | storage-failed       | {what}: the storage failed: rbd error: rbd: listing images failed: (110) Connection timed out |
        | pveam list nosuch                                            | storage 'nosuch' does not exist                              | storage-missing      | {what}: the storage "nosuch" does not exist |
        | pct create 4711 local:vztmpl/a.tar.gz                        | storage 'nfs' is not online                                  | storage-offline      | {what}: the storage "nfs" cannot be used now |
        | pct set 4711 --mp0 local:1/d.raw,mp=/srv                     | volume 'local:1/d.raw' is already used by CT 4711            | volume-busy          | {what}: the volume "local:1/d.raw" is used by CT 4711 |
        | pvesm alloc data 900 vm-900-disk-0.raw 8M                    | disk image '/srv/data/images/900/vm-900-disk-0.raw' already exists | volume-exists        | {what}: the volume "/srv/data/images/900/vm-900-disk-0.raw" exists already |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - command 'mkfs.ext4 -O mmp /dev/x' failed: exit code 1 | volume-failed        | {what}: the disk cannot be made: mkfs.ext4 |
        | pct migrate 4711 other                                       | no matching import/export format found for storage 'data'    | volume-format        | {what}: the volume's format does not allow it: no matching import/export format found for storage 'data' |
        | pct resize 300 rootfs +1G                                    | unable to parse volume ID '/srv/t1/rootfs'                   | volume-invalid       | {what}: "/srv/t1/rootfs" is no volume |
        | pct start 121                                                | volume 'local:121/vm-121-disk-9.raw' does not exist          | volume-missing       | {what}: the volume "local:121/vm-121-disk-9.raw" does not exist |

  Rule: Cluster, nodes, network

    Scenario: Words of Proxmox VE: cluster, nodes, network
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                        | words                                                        | code             | message |
        | pct start 4711                              | no physical interface on bridge 'vmbr1'                      | bridge-invalid   | {what}: the bridge "vmbr1" has no physical interface, which a VLAN tag needs |
        | pct set 170 --net1 name=eth1,bridge=nosuch0 | 400 Parameter verification failed.\nnet1: unable to hotplug net1: bridge 'nosuch0' does not exist\n\npct set <vmid> [OPTIONS] | bridge-missing   | {what}: the bridge "nosuch0" does not exist on this node |
        | pct start 4711                              | got no lock for 'x'                                          | cluster-busy     | {what}: the cluster's lock "x" is held by another task |
        | pct list                                    | ipcc_send_rec[1] failed: Connection refused\nipcc_send_rec[2] failed: Connection refused\nipcc_send_rec[3] failed: Connection refused\nUnable to load access control list: Connection refused | cluster-fs-down  | {what}: the cluster file system of Proxmox VE does not run |
        | pvecm addnode x                             | invalid corosync.conf\nerror0: no nodes found                | cluster-invalid  | {what}: the cluster's corosync.conf cannot be used |
        | pvecm expected 1                            | Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster? | cluster-missing  | {what}: this node is not part of a cluster |
        | pvesm cifsscan x                            | unable to resolve address for server 'x'                     | host-unresolved  | {what}: the name "x" has no address |
        | pct start 121                               | net0: MTU size '9000' is bigger than bridge MTU '1500'       | mtu-invalid      | {what}: the MTU "9000" of net0 is bigger than the bridge's, "1500" |
        | pct pull 4711 /a /b                         | Connection refused                                           | network-failed   | {what}: pct pull: Connection refused |
        | pct migrate 4711 other                      | target: target is local node.                                | node-invalid     | {what}: the target is this node itself |
        | pct migrate 4711 other                      | no such cluster node 'x'                                     | node-missing     | {what}: no node "x" in this cluster |
        | pct migrate 4711 other                      | target node 'other' not online                               | node-offline     | {what}: the node "other" is not online |
        | pct migrate 4711 other                      | ssh: connect to host 192.0.2.1 port 22: No route to host     | node-unreachable | {what}: the other node cannot be reached: ssh: connect to host 192.0.2.1 port 22: No route to host |
        | pct create 4711 local:vztmpl/a.tar.gz       | 403 Permission check failed (pool 'nosuch' does not exist)   | pool-missing     | {what}: the pool "nosuch" does not exist |
        | pct start 100                               | cluster not ready - no quorum?                               | quorum-lost      | {what}: the cluster has no quorum |
        | pct start 4711                              | unable to add node: node 'x' already exists                  | resource-exists  | {what}: the node "x" exists already |
        | pct start 4711                              | mapping 'x' does not exist                                   | resource-missing | {what}: the mapping "x" does not exist |
        | pct start 4711                              | please run as root                                           | root-needed      | {what}: pct is for root alone |
        | pvesh get /nodes/pve/tasks/x/status         | no such task                                                 | task-missing     | {what}: the task does not exist |
        | pct start 4711                              | not supported on this system                                 | unsupported      | {what}: Proxmox VE cannot do it: not supported on this system |

  Rule: Jails

    Scenario: Words of Proxmox VE: jails
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call           | words                                                  | code           | message |
        | pct start 4711 | command '/usr/sbin/frobnicate -x' failed: got signal 9 | command-failed | {what}: "frobnicate", started by pct start, failed: got signal 9 |

  Rule: The container and what runs in it

    Scenario: Words of Proxmox VE: the container and what runs in it
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                              | words                                                        | code              | message |
        | pct push 100 /tmp/hello.txt /root                 | failed to create file: /root: Is a directory                 | copy-failed       | {what}: the file was not copied: /root: Is a directory |
        | pct push 100 /tmp/hello.txt /nodir/x              | failed to create file: /nodir/x: No such file or directory   | directory-missing | {what}: the directory of "/nodir/x" does not exist |
        | pct exec 4711 -- true                             | lxc-attach: 4711: ../src/lxc/attach.c: lxc_attach: 993 Failed to enter namespace | exec-failed       | {what}: lxc-attach: Failed to enter namespace |
        | pct exec 100 -- /etc/hosts                        | lxc-attach: 100: ../src/lxc/attach.c: lxc_attach_run_command: 1845 Permission denied - Failed to exec "/etc/hosts" | executable-denied | {what}: executable file "/etc/hosts": permission denied |
        | pct start 4711                                    | can't open '/x' - No such file or directory                  | file-missing      | {what}: the file "/x" does not exist |
        | pct push 184 /nosuch /x                           | failed to open /nosuch for reading                           | file-unreadable   | {what}: the file "/nosuch" on this node does not exist or cannot be read |
        | pct stop 200                                      | CT 200 not running                                           | not-running       | {what}: container not running |
        | pct start 4711                                    | lxc-start: 4711: Unknown resource memlocks\nstartup for container '4711' failed | rlimit-invalid    | {what}: the limit "memlocks" is unknown or above the host's |
        | pct start 121                                     | startup for container '121' failed                           | start-failed      | {what} did not start |
        | pct push 100 /tmp/hello.txt /root/x --user nosuch | failed to get uid for: nosuch                                | user-missing      | {what}: "nosuch" is no user or group there |

  Rule: What is in the bundle

    Scenario: Words of Proxmox VE: what is in the bundle
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                  | words                                                        | code             | message |
        | pct start 121                         | Device /dev/nosuch does not exist                            | device-missing   | {what}: the device "/dev/nosuch" does not exist on this node |
        | pct create 4711 local:vztmpl/a.tar.gz | unable to create CT 4711 - mount points configured, but 'rootfs' not set - aborting | rootfs-missing   | {what}: mounts need a rootfs of their own |
        | pct create 200 -                      | pipe can only be used with restore tasks                     | template-invalid | {what}: a container cannot be made from standard input |
        | pct create 200 nosuchfile             | unable to create CT 200 - can't find file 'nosuchfile'       | template-missing | {what}: the template "nosuchfile" does not exist |

  Rule: Images

    Scenario: Words of Proxmox VE: images
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                                         | words                                                        | code             | message |
        | pct create 146 local:vztmpl/badctrl-oci_latest.tar --rootfs local:0.1 --net0 name=eth0,bridge=vmbr0,ip=10.99.0.140/24 | unable to create CT 146 - OCI config array-value for 'Env' contains forbidden control characters! | image-denied     | {what}: the image's "Env" has control characters, which Proxmox VE refuses |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - Error while extracting OCI image: OCI spec error: x | image-malformed  | {what}: the OCI image cannot be used (extracting): OCI spec error: x |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - Error while parsing OCI image: Wrong media type | image-media-type | {what}: the image has a part of an unknown kind: Wrong media type |
        | pvesh get /nodes/pve/query-oci-repo-tags --reference ghcr.io/x/nosuch | fetching tags list: name unknown: repository name not known to registry | image-missing    | {what}: the registry has no such image or tag: ghcr.io/x/nosuch |
        | pct create 4711 local:vztmpl/a.tar.gz                        | unable to create CT 4711 - Error while parsing OCI image: Unsupported CPU architecture | image-platform   | {what}: the image is for another platform: Unsupported CPU architecture |

  Rule: Mounts, interfaces, devices, limits

    Scenario: Words of Proxmox VE: mounts, interfaces, devices, limits
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call           | words                                          | code             | message |
        | pct start 4711 | can't add interface veth4711i0 to bridge vmbr0 | interface-failed | {what}: the network interface cannot be made: can't add interface veth4711i0 to bridge vmbr0 |

  Rule: The host itself

    Scenario: Words of Proxmox VE: the host itself
      Then for container "web" with VMID 4711 the words of Proxmox VE's tools mean
        | call                                  | words                                                        | code              | message |
        | pct create 4711 local:vztmpl/a.tar.gz | zfs error: cannot create 'tank/subvol-1-disk-0': out of space | no-space          | {what}: no space left on the storage: zfs error: cannot create 'tank/subvol-1-disk-0': out of space |
        | pct start 4711                        | 401 No ticket                                                | permission-denied | {what}: Proxmox VE refuses it to this user: No ticket |
        | pct start 4711                        | got timeout                                                  | timeout           | {what}: pct start waited too long: got timeout |
