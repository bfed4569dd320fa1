@nexcage @root @pct @issue-103
Feature: Where the files of a container are
  A container of a bundle runs from the bundle's own directory where the node can pass owners through, and nothing is
  copied; otherwise the directory is packed, unpacked on a storage, and the archive removed. The choice is logged.

  Background:
    Given a bundle
    And its config.json has no $.process.capabilities
    And its root has a file "data/hello" that says "hello"
    And the variable "NEXCAGE_LOG" of the caller is "{dir}/log.json"
    And the variable "NEXCAGE_LOG_FORMAT" of the caller is "json"
    And the variable "NEXCAGE_LOG_LEVEL" of the caller is "info"

  Rule: In its place where that is possible

    @needs-lxc
    Scenario: What the container writes is in the bundle, with the owner it has inside
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has a line like "rootfs: {rootfs},idmap=passthrough.*"
      And the configuration of container "web" has the line "unprivileged: 1"
      And the JSON log "log.json" has an entry of level info that says "rootfs: directory: owners pass through the user namespace"
      When container "web" is started
      Then it succeeds
      When "sh -c 'cat /data/hello; echo written >/data/new; stat -c %u:%g /data/hello /data/new; chown 1000:50 /data/new'" is executed in container "web"
      Then it prints the lines
        """
        hello
        0:0
        0:0
        """
      And file "bundle/rootfs/data/new" says "written"
      And file "bundle/rootfs/data/new" has the owners 1000:50 on the host

    Scenario: A privileged container
      When container "web" is created with "--unprivileged 0"
      Then it succeeds
      And the configuration of container "web" has the line "rootfs: {rootfs}"
      And the configuration of container "web" has no line like "unprivileged: .*"
      And the JSON log "log.json" has an entry of level info that says "rootfs: directory: a privileged container has the owners of the host"

    Scenario: A bundle that maps the ids of every unprivileged container
      Given its config.json has appended to $.linux.namespaces the JSON {"type": "user"}
      And its config.json has $.linux.uidMappings set to the JSON [{"containerID": 0, "hostID": 100000, "size": 65536}]
      And its config.json has $.linux.gidMappings set to the JSON [{"containerID": 0, "hostID": 100000, "size": 65536}]
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has the line "rootfs: {rootfs}"
      And the JSON log "log.json" has an entry of level info that says "rootfs: directory: its files have the owners that the bundle maps"

    Scenario: Nothing in the bundle is changed or copied
      Given all that is below "bundle" is remembered
      When container "web" is created
      Then it succeeds
      And nothing below "bundle" has changed
      And file "{root}/web/empty.tar" does not exist
      And the configuration of container "web" has no line like ".*local:.*"
      When container "web" is deleted
      Then it succeeds
      And nothing below "bundle" has changed

    @needs-lxc
    Scenario: Two containers of one bundle
      When the runtime is called with "create --bundle {bundle} one"
      Then it succeeds
      When the runtime is called with "create --bundle {bundle} two"
      Then it succeeds
      When the runtime is called with "start one"
      And the runtime is called with "start two"
      And the runtime is called with "exec one sh -c 'echo from one >/data/new'"
      And the runtime is called with "exec two cat /data/new"
      Then it prints "from one"
      When the runtime is called with "delete --force one"
      And the runtime is called with "exec two cat /data/new"
      Then it prints "from one"
      When the runtime is called with "delete --force two"
      Then it succeeds
      And nothing is left on the node
      And nothing is left behind

  Rule: Packed and unpacked otherwise

    @needs-lxc
    Scenario Outline: <what>: the volume has the files with their owners and modes
      Given a Proxmox VE <version> node
      When somebody runs "chown 1000:50 {rootfs}/data/hello"
      And somebody runs "chmod 4750 {rootfs}/data/hello"
      And container "web" is created with "<options>"
      Then it succeeds
      And the configuration of container "web" has a line like "rootfs: <storage>:.*,size=<size>"
      And the JSON log "log.json" has an entry of level info that says "rootfs: archive: <reason>"
      And file "{root}/web/rootfs.tar" does not exist
      When container "web" is started
      Then it succeeds
      When "sh -c 'stat -c %a,%u:%g /data/hello; cat /data/hello; echo written >/data/new'" is executed in container "web"
      Then it prints the lines
        """
        4750,1000:50
        hello
        """
      And file "bundle/rootfs/data/new" does not exist
      When container "web" is deleted by force
      Then it succeeds
      And file "bundle/rootfs/data/hello" exists
      And nothing is left on the node

      Examples:
        | what                         | version | options                         | storage | size | reason                                              |
        | Before owners can be passed  | 9.1     | --cores 1                       | local   | 4G   | Proxmox VE maps owners of mounts only since pve-container 6.1.6 |
        | A size is asked for          | now     | --rootfs-size 0.5               | local   | 512M | option --rootfs-size asks for a volume              |

    Scenario: A storage is asked for
      Given the storage "fast"
      When container "web" is created with "--storage fast --rootfs-size 1.5G"
      Then it succeeds
      And pct create was given "--rootfs fast:1.5"
      And the configuration of container "web" has a line like "rootfs: fast:.*,size=1536M"
      And the JSON log "log.json" has an entry of level info that says "rootfs: archive: option --storage asks for a volume"

    Scenario: A configured storage does not take the place of the bundle's directory
      Given the storage "fast"
      And the variable "NEXCAGE_PROXMOX_STORAGE" of the caller is "fast"
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has a line like "rootfs: {rootfs},.*"
      When container "db" is created with "--rootfs-size 1"
      Then it succeeds
      And the configuration of container "db" has a line like "rootfs: fast:.*"

    Scenario: No space for the archive
      Given the root is on a file system of 256 KiB
      When container "web" is created with "--rootfs-size 1"
      Then it exits with status 1
      And the error is the line "nexcage: create: no space left for the archive of the rootfs"
      And the hint says "free some, or use a --root with space"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A read-only root in its place
      Given its config.json has $.root.readonly set to the JSON true
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has a line like "rootfs: {rootfs},idmap=passthrough,ro=1"

  Rule: Deleting a container never removes the bundle's files

    Scenario Outline: Deleted by "<call>"
      Given all that is below "bundle" is remembered
      When container "web" is created with "<options>"
      Then it succeeds
      When the runtime is called with "<call>"
      Then it succeeds
      And nothing below "bundle" has changed
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | call               | options         |
        | delete web         | --cores 1       |
        | delete --force web | --rootfs-size 1 |

  Rule: --dry-run says which way it is

    Scenario: The directory
      When the runtime is called with "--dry-run create --bundle {bundle} web"
      Then it succeeds
      And it prints something with "--rootfs {rootfs},idmap=passthrough "
      And nothing is left on the node

    Scenario: An archive
      When the runtime is called with "--dry-run create --bundle {bundle} --storage fast web"
      Then it succeeds
      And it prints a line like "  run    .*/tar --create --file {root}/web/rootfs.tar --directory {rootfs} .*"
      And it prints something with "--rootfs fast:4 "
      And it prints a line like "  remove {root}/web/rootfs.tar"
      And nothing is left on the node
