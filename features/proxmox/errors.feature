@nexcage @root @pct @issue-90
Feature: What Proxmox VE says when it fails
  The tools' exit statuses are accidents, so their words decide: each becomes one line that names the container by its id
  and number, a code for programs, and a hint with one action. Words that nobody knows are passed on whole.

  Background:
    Given a Proxmox VE node where LXC is only a model
    And a bundle
    And the variable "NEXCAGE_LOG" of the caller is "{dir}/log.json"
    And the variable "NEXCAGE_LOG_FORMAT" of the caller is "json"

  Rule: A create that fails leaves nothing

    Scenario Outline: pct create says "<text>"
      Given "pct create" will fail with "<text>"
      When container "web" is created with "--vmid 4711"
      Then it exits with status <status>
      And the error is the line "nexcage: create: container "web" (VMID 4711): <message>"
      And the hint says "<hint>"
      And the last error in the JSON log "log.json" has $.code "<code>"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | status | code              | text                                                                   | message                                                          | hint                                        |
        | 1      | storage-missing   | storage 'nosuch' does not exist                                        | the storage "nosuch" does not exist                              | pvesm status lists them                     |
        | 1      | storage-disabled  | storage 'off' is disabled                                              | the storage "off" is disabled                                    | pvesm set off --disable 0                   |
        | 1      | storage-elsewhere | storage 'data' is not available on node 'pve'                          | the storage "data" is not there on node "pve"                    | pvesm status lists them                     |
        | 2      | volume-invalid    | unable to parse volume ID 'foo'                                        | "foo" is no volume                                               | write STORAGE:VOLUME                        |
        | 1      | volume-missing    | unable to create CT 4711 - volume 'local:4711/vm-4711-disk-7.raw' does not exist | the volume "local:4711/vm-4711-disk-7.raw" does not exist | pvesm list STORAGE shows what is there      |
        | 1      | directory-missing | unable to create CT 4711 - directory '/x' does not exist               | the directory "/x" does not exist                                | ls -ld /x                                   |
        | 2      | rootfs-missing    | mount points configured, but 'rootfs' not set - aborting               | mounts need a rootfs of their own                                | add --rootfs-size or --storage              |
        | 2      | size-invalid      | unable to create CT 4711 - unable to create image: qemu-img: x: The image size is too large for file format 'raw' | the disk is larger than its format can be | ask for a smaller --rootfs-size |
        | 1      | archive-invalid   | unable to create CT 4711 - command 'tar xpf - -z --totals' failed: exit code 2 | the archive cannot be unpacked: exit code 2              | fetch or make the archive again             |
        | 1      | os-unknown        | unable to create CT 4711 - unable to detect OS distribution            | Proxmox VE does not know the distribution in the rootfs          | pass --ostype unmanaged                     |
        | 1      | no-space          | unable to create CT 4711 - insufficient free space                     | no space left on the storage: insufficient free space            | free some space there                       |
        | 1      | pool-missing      | 403 Permission check failed (pool 'nosuch' does not exist)             | the pool "nosuch" does not exist                                 | pvesh get /pools lists them                 |
        | 1      | device-missing    | Device /dev/nosuch does not exist                                      | the device "/dev/nosuch" does not exist on this node             | ls -l /dev/nosuch                           |
        | 2      | net-invalid       | net0: SLAAC is not supported for host-managed network configuration.   | net0: a network that the host manages cannot have ip6=auto       | give an ip6 address                         |
        | 2      | option-unknown    | Unknown option: entrypoint                                             | this version of pct has no option --entrypoint                   | pveversion shows the version                |
        | 1      | quorum-lost       | cluster not ready - no quorum?                                         | the cluster has no quorum                                        | pvecm status shows which nodes are missing  |
        | 1      | cluster-fs-down   | ipcc_send_rec[1] failed: Connection refused                            | the cluster file system of Proxmox VE does not run               | systemctl start pve-cluster                 |
        | 1      | root-needed       | ipcc_send_rec[1] failed: Unknown error -1                              | pct is for root alone                                            | run it as root                              |
        | 1      | image-platform    | unable to create CT 4711 - Error while parsing OCI image: Unsupported CPU architecture | the image is for another platform: Unsupported CPU architecture | choose an image for this machine's architecture |
        | 1      | image-media-type  | unable to create CT 4711 - Error while extracting OCI image: Wrong media type | the image has a part of an unknown kind: Wrong media type | copy it with: skopeo copy --format oci      |

    Scenario Outline: pct create says "<text>", which has no action
      Given "pct create" will fail with "<text>"
      When container "web" is created with "--vmid 4711"
      Then it exits with status <status>
      And the error is the line "nexcage: create: container "web" (VMID 4711): <message>"
      And the last error in the JSON log "log.json" has $.code "<code>"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | status | code              | text                                                    | message                                                              |
        | 1      | hookscript-missing | script 'local:snippets/x.sh' does not exist            | the hook script "local:snippets/x.sh" does not exist, or is not executable |
        | 2      | boolean-invalid   | 400 unable to parse boolean option                      | an option that is on or off has another value: --hostname --memory --swap --cores --rootfs --net0 --unprivileged --ostype --arch --cmode --entrypoint --tags --description |
        | 1      | pct-failed        | the moon is full at /usr/share/perl5/PVE/CLI/pct.pm line 7. | pct create: the moon is full                                     |

  Rule: A start that fails says why, and the container stays as it was

    Scenario Outline: pct start says "<text>"
      Given a created container "web"
      And "pct start" will fail with "<text>"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" (VMID <message>"
      And the hint says "<hint>"
      And the last error in the JSON log "log.json" has $.code "<code>"
      And container "web" stays created

      Examples:
        | code            | text                                                         | message                                                    | hint                                       |
        | ct-locked | CT is locked (backup) | {vmid of web}) is locked by a backup | when nothing works on it any more: pct unlock {vmid of web} |
        | ct-locked | CT is locked (mounted) | {vmid of web}) is locked by pct mount | pct unmount {vmid of web} |
        | ct-busy | can't lock file '/run/lock/lxc/pve-config-1.lock' - got timeout | {vmid of web}): another task holds "/run/lock/lxc/pve-config-1.lock" | try it again when that task has ended |
        | start-failed | startup for container '{vmid of web}' failed | {vmid of web}) did not start | pct start {vmid of web} --debug 1 shows why |
        | bridge-missing | bridge 'nosuch0' does not exist | {vmid of web}): the bridge "nosuch0" does not exist on this node | ip link show type bridge lists them |
        | mtu-invalid | net0: MTU size '9000' is bigger than bridge MTU '1500' | {vmid of web}): the MTU "9000" of net0 is bigger than the bridge's, "1500" | set an MTU of at most 1500 |
        | device-missing | Device /dev/nosuch does not exist | {vmid of web}): the device "/dev/nosuch" does not exist on this node | ls -l /dev/nosuch |
        | volume-missing | volume 'local:121/vm-121-disk-9.raw' does not exist | {vmid of web}): the volume "local:121/vm-121-disk-9.raw" does not exist | pvesm list STORAGE shows what is there |
        | ct-is-template | you can't start a CT if it's a template | {vmid of web}) is a template | clone it: pct clone {vmid of web} NEWID |
        | quorum-lost | cluster not ready - no quorum? | {vmid of web}): the cluster has no quorum | pvecm status shows which nodes are missing |
        | ct-missing | Configuration file 'nodes/pve/lxc/{vmid of web}.conf' does not exist | {vmid of web}) does not exist on this node | shows which node has it |

  Rule: A delete that fails leaves the container and its record

    Scenario Outline: pct destroy says "<text>"
      Given a created container "web"
      And "pct destroy" will fail with "<text>"
      When container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "web" (VMID <message>"
      And the hint says "<hint>"
      And the last error in the JSON log "log.json" has $.code "<code>"
      And container "web" stays created

      Examples:
        | code         | text                                                       | message                              | hint                                          |
        | ct-locked | CT is locked (migrate) | {vmid of web}) is locked by a migration | pct unlock {vmid of web} |
        | ct-protected | can't remove CT {vmid of web} - protection mode enabled | {vmid of web}) is protected | pct set {vmid of web} --protection 0 |
        | ct-in-ha | unable to remove CT {vmid of web} - used in HA resources and purge parameter not set. | {vmid of web}) is managed by high availability | ha-manager remove ct:{vmid of web} |
        | ct-running | unable to destroy CT {vmid of web} - container is running | {vmid of web}) is running | nexcage stop web |
        | quorum-lost | unable to open file '/etc/pve/nodes/pve/lxc/1.conf.tmp.9' - Permission denied | {vmid of web}): the cluster has no quorum: "/etc/pve/nodes/pve/lxc/1.conf.tmp.9" cannot be written | pvecm status |

  Rule: An update that fails changes nothing

    Scenario Outline: pct set says "<text>"
      Given a created container "web"
      And "pct set" will fail with "<text>"
      When container "web" is updated with "--memory 64m"
      Then it exits with status <status>
      And the error is the line "nexcage: update: container "web" (VMID <message>"
      And the last error in the JSON log "log.json" has $.code "<code>"
      And the configuration of container "web" has the line "memory: 512"

      Examples:
        | status | code             | text                                                                   | message                                              |
        | 1 | ct-changed | detected modified configuration - file changed by other user? Try again. | {vmid of web}) was changed by somebody else meanwhile |
        | 1 | ct-locked | CT is locked (snapshot) | {vmid of web}) is locked by a snapshot |
        | 2 | option-read-only | unable to modify read-only option: 'unprivileged' | {vmid of web}): "unprivileged" cannot be changed after create |
        | 1 | hotplug-failed | unable to hotplug memory: no such cgroup | {vmid of web}): memory cannot be changed while it runs: no such cgroup |

  Rule: Other verbs

    Scenario Outline: <tool> says "<text>"
      Given a running container "web"
      And "<tool>" will fail with "<text>"
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: container "web" (VMID <message>"
      And the hint says "<hint>"
      And the last error in the JSON log "log.json" has $.code "<code>"

      Examples:
        | verb     | call                | tool         | code                 | text                               | message                              | hint                              |
        | stop | stop web | pct shutdown | stop-timeout | container did not stop | {vmid of web}) did not stop in time | pct stop {vmid of web} |
        | stop | stop web | pct shutdown | ct-locked | CT is locked (backup) | {vmid of web}) is locked by a backup | pct unlock {vmid of web} |
        | snapshot | snapshot web before | pct snapshot | snapshot-unavailable | snapshot feature is not available | {vmid of web}): its storage cannot make snapshots | pct move-volume {vmid of web} rootfs STORAGE |
        | rollback | rollback web before | pct rollback | snapshot-missing | snapshot 'before' does not exist | {vmid of web}) has no snapshot "before" | pct listsnapshot {vmid of web} |

  Rule: Several bad parameters are told in one line, in the same order each time

    Scenario: Two parameters
      Given "pct create" will fail and say
        """
        400 Parameter verification failed.
        swap: type check ('integer') failed - got 'x'
        memory: value must have a minimum value of 16
        pct create <vmid> <ostemplate> [OPTIONS]
        """
      When container "web" is created with "--vmid 4711"
      Then it exits with status 2
      And the error is the line "nexcage: create: container "web" (VMID 4711): memory "512" must be at least 16; swap: "x" is no integer"
      And the last error in the JSON log "log.json" has $.code "parameters-invalid"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A property string has a line for itself and one for what is wrong in it
      Given "pct create" will fail and say
        """
        400 Parameter verification failed.
        net0: invalid format - format error
        net0.bridge: invalid format - value does not look like a valid bridge
        net0.foo: property is not defined in schema and the schema does not allow additional properties

        pct create <vmid> <ostemplate> [OPTIONS]
        """
      When container "web" is created with "--vmid 4711"
      Then it exits with status 2
      And the error is the line "nexcage: create: container "web" (VMID 4711): net0.bridge "vmbr0" is not a valid bridge; net0.foo is unknown to this version of Proxmox VE"
      And nothing is left on the node
      And nothing is left behind

  Rule: Words that nobody knows are passed on whole

    Scenario: Several lines of nonsense
      Given "pct create" will fail and say
        """
        the moon is full
        and the tide is high
        """
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID 4711): pct create: the moon is full; and the tide is high"
      And the last error in the JSON log "log.json" has $.stderr "the moon is full\nand the tide is high\n"
      And nothing is left on the node
      And nothing is left behind

    Scenario: Nothing is said at all
      Given "pct create" will exit with status 255 after it said ""
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID 4711): pct create: exit status 255"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A task that says why on its standard output
      Given "pct create" will exit with status 255 after it printed "TASK ERROR: the moon is full"
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error says "the moon is full"
      And nothing is left on the node
      And nothing is left behind

  Rule: Warnings of a call that succeeded are warnings

    Scenario: A warning of a change
      Given a created container "web"
      And "pct set" will exit with status 0 after it said "cannot delete 'mp9' - not set in current configuration!"
      When container "web" is updated with "--memory 64m"
      Then it succeeds
      And the JSON log "log.json" has an entry of level warning that says "pct: cannot delete 'mp9' - not set in current configuration!"

    Scenario: A start that warns and starts nothing
      Given a created container "web"
      And "pct start" will exit with status 0 after it printed "WARN: DHCP failed - got no address"
      When container "web" is started
      Then it exits with status 1
      And the JSON log "log.json" has an entry of level warning that says "pct: DHCP failed - got no address"
      And the error is the line "nexcage: start: container "web" (VMID {vmid of web}): pct start succeeded, but nothing runs"
      And the hint says "see why: pct start {vmid of web} --debug 1"
