@nexcage @root @pct @issue-90
Feature: Input that a node cannot use
  What is wrong is said in one line that names it, before anything is made where nexcage can know it, and nothing is left
  where only Proxmox VE can.

  Background:
    Given a bundle

  Rule: A template that is not there

    Scenario: A template of a storage that is not there
      When the runtime is called with "create --image local:vztmpl/nosuch.tar.gz web"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): the storage "local" has no template "nosuch.tar.gz""
      And the hint says "pveam list local shows what is there"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A template file that is not there
      When the runtime is called with "create --image {dir}/nosuch.tar.gz web"
      Then it exits with status 1
      And the error is the line "nexcage: create: the template "{dir}/nosuch.tar.gz" does not exist"
      And the hint says "a bundle is a directory; pveam list STORAGE shows templates"
      And the node's tools were started 0 times
      And nothing is left behind

    Scenario: A template of a storage that the node has not
      When the runtime is called with "create --image nosuch:vztmpl/box.tar.gz web"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): the storage "nosuch" does not exist"
      And the hint says "pvesm status lists them"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A volume that is no template
      When the runtime is called with "create --image local:iso/box.iso web"
      Then it exits with status 2
      And the error is the line "nexcage: create: "local:iso/box.iso" is no template"
      And the hint says "write STORAGE:vztmpl/FILE; pveam list STORAGE shows what is there"
      And the node's tools were started 0 times
      And nothing is left on the node
      And nothing is left behind

    Scenario: A directory that is no bundle
      Given a directory "empty"
      When the runtime is called with "create --bundle {dir}/empty web"
      Then it exits with status 2
      And the error is one line
      And the error says "{dir}/empty"
      And the error says "config.json"
      And the node's tools were started 0 times
      And nothing is left behind

  Rule: A name that is none, or is taken

    Scenario: A host name of the bundle
      Given its config.json has $.hostname set to "invalid@hostname"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.hostname: not supported by pct: pct takes only DNS names, and "invalid@hostname" is none: letters, digits, "-" and "." only, and a letter or digit at both ends of each part"
      And nothing is left on the node
      And nothing is left behind

    Scenario: The same name twice
      Given a created container "web"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists"
      And the hint says "choose another id, or remove it with "nexcage delete web""
      And the node's tools were started 0 times
      And the node has 1 containers

    Scenario: A name that a container on another node has
      Given a created container "web"
      When somebody moves container "web" to node "other"
      And the runtime is called with "--root {dir}/second create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists on node "other" (VMID {vmid of web})"
      And the hint says "choose another id, or delete it there"
      And the node has 0 containers

  Rule: Storages that cannot hold it

    Scenario: A storage that does not exist
      When container "web" is created with "--storage nosuch"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): the storage "nosuch" does not exist"
      And the hint says "pvesm status lists them"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A storage that is not for containers
      Given the storage "discs"
      And the storage "discs" holds only "iso"
      When container "web" is created with "--storage discs"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): the storage "discs" is not for container directories"
      And the hint says "pvesm status --content rootdir lists those for containers"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A storage that is disabled
      Given the storage "off"
      And somebody calls "pvesm set off --disable 1" on the node
      When container "web" is created with "--storage off"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): the storage "off" is disabled"
      And the hint says "pvesm set off --disable 0"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A volume too small for the files
      When somebody runs "dd if=/dev/urandom of={rootfs}/data/big bs=1M count=12"
      And container "web" is created with "--rootfs-size 8m"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): no space left on the storage while pct create wrote to it"
      And the hint says "ask for a larger --rootfs-size, or choose another --storage"
      And nothing is left on the node
      And nothing is left behind

    Scenario Outline: A storage of the configuration that is none: <name>
      Given the variable "NEXCAGE_PROXMOX_STORAGE" of the caller is "<name>"
      When container "web" is created with "--rootfs-size 1"
      Then it exits with status 2
      And the error is the line "nexcage: create: configuration proxmox.storage: "<name>" is no name of a storage"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | name    |
        | local:4 |
        | x       |

  Rule: Mounts that cannot be

    Scenario Outline: A mount: <what>
      Given its config.json has the mount <mount>
      When container "web" is created
      Then it exits with status <status>
      And the error is one line
      And the error says "<message>"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | what                                | status | mount                                                                                                      | message                                        |
        | A source that is not there          | 2      | {"destination": "/data", "type": "none", "source": "/nosuch", "options": ["bind"]}                         | "/nosuch" on "/data": the source does not exist |
        | A volume with an option it has not  | 2      | {"destination": "/data", "source": "local:1", "options": ["relatime"]}                                     | mount points of volumes have no option "relatime" |
        | A volume that is hidden             | 2      | {"destination": "/proc/data", "source": "local:1"}                                                         | another mount would be mounted over the volume |
        | The root itself                     | 2      | {"destination": "/", "type": "tmpfs", "source": "tmpfs"}                                                   | the root is not to be mounted over             |

  Rule: A bridge that is not there is known when the container starts

    Scenario: A bridge of an option
      Given a Proxmox VE node where LXC is only a model
      When container "web" is created with "--bridge vmbr7"
      Then it succeeds
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" (VMID {vmid of web}): the bridge "vmbr7" does not exist on this node"
      And the hint says "ip link show type bridge lists them"
      And container "web" stays created
      Given the node has the bridge "vmbr7"
      When container "web" is started
      Then it succeeds

  Rule: A container that others hold

    Scenario Outline: A locked container: <verb>
      Given a Proxmox VE node where LXC is only a model
      And a created container "web"
      And container "web" is locked by "backup"
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: container "web" (VMID {vmid of web}) is locked by a backup"
      And the hint says "when nothing works on it any more: pct unlock {vmid of web}"
      And container "web" stays created

      Examples:
        | verb     | call                 |
        | start    | start web            |
        | delete   | delete web           |
        | delete   | delete --force web   |
        | update   | update --memory 64m web |
        | snapshot | snapshot web before  |

    Scenario: A locked container that runs is not stopped
      Given a Proxmox VE node where LXC is only a model
      And a running container "web"
      And container "web" is locked by "backup"
      When the runtime is called with "stop web"
      Then it exits with status 1
      And the error is the line "nexcage: stop: container "web" (VMID {vmid of web}) is locked by a backup"
      And container "web" stays running

    Scenario Outline: A protected container: <call>
      Given a created container "web"
      And container "web" is protected
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "web" (VMID {vmid of web}) is protected"
      And the hint says "pct set {vmid of web} --protection 0"
      And container "web" stays created

      Examples:
        | call               |
        | delete web         |
        | delete --force web |

    Scenario: A container that somebody is changing right now
      Given a created container "web"
      And somebody works on the configuration of container "web"
      When container "web" is deleted
      Then it exits with status 1
      And the error says "nexcage: delete: container "web" (VMID {vmid of web}): another task holds "/run/lock/lxc/pve-config-{vmid of web}.lock""
      And container "web" stays created

  Rule: Where pct cannot be used

    Scenario: An ordinary user
      When an ordinary user calls the runtime with "--root {dir}/own --runtime pct create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: pct is for root alone"
      And the hint says "run it as root"
      And nothing is left on the node

    Scenario: No Proxmox VE host
      Given the caller finds only the programs "sh env dirname readlink python3"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: pct is not installed: this is no node of Proxmox VE"
      And the hint says "run nexcage on a node, or choose another driver: --runtime crun"
      And nothing is left behind

    Scenario Outline: A node without <tool>
      Given the caller finds only the programs "sh env dirname readlink python3 <others>"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: <tool> is not installed: this is no node of Proxmox VE"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | tool       | others         |
        | pvesh      | pct pveversion |
        | pveversion | pct pvesh      |
