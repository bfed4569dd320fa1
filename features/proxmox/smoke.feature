@nexcage @root @pct @issue-88
Feature: A container on a Proxmox VE node
  nexcage makes, starts, stops and destroys containers of Proxmox VE. It asks the node before it acts, tells what the
  node says, and leaves the node as it was.

  Rule: A container has a number, a configuration and a life that the node knows

    @needs-lxc
    Scenario: A container runs on the node and leaves nothing there
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And pct create was given "--hostname box"
      And pct create was not given "--start 1"
      And pct create was called 1 times
      And the node's tools were started at most 4 times
      And the node has container "{vmid}"
      And the configuration of container "web" has the line "hostname: box"
      And the configuration of container "web" has a line like "lxc.log.file: {root}/.*"
      And the configuration of container "web" has no line like "lock: .*"
      And the description of container "web" contains "nexcage id=web"
      When container "web" is started
      Then it succeeds
      And the node's tools were started 1 times
      And container "web" is running
      And the node says that container "web" is running
      And the cgroup of container "web" exists
      When container "web" is deleted by force
      Then it succeeds
      And the node has no container
      And nothing is left on the node

    Scenario Outline: The node is of version <version>
      Given a Proxmox VE <version> node
      And a Proxmox VE node where LXC is only a model
      And a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And the node has 1 containers

      Examples:
        | version |
        | 8.4     |
        | 9.0     |
        | 9.1     |

    Scenario: Guests of others keep their numbers
      Given container 131 on node "pve2"
      And container 132 of somebody else
      And virtual machine 130
      And a guest with the number "{vmid}" of somebody else
      And a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And the node has container "131"
      And the node has container "{vmid of web}"
      And the node has 3 containers
      When container "web" is deleted by force
      Then it succeeds
      And the node has 2 containers

  Rule: What the node refuses is told, and nothing is left

    Scenario Outline: pct create is <fault>
      Given a bundle that runs "sleep 100"
      And "pct create" will <fault>
      When container "web" is created
      Then it fails
      And the error is one line
      And the node has no container
      And nothing is left on the node

      Examples:
        | fault                                                               |
        | fail with "no space left on the moon"                               |
        | always fail with "no space left on the moon"                        |
        | exit with status 25 after it said "out of cheese"                   |
        | exit with status 255 after it printed "TASK ERROR: out of cheese"   |
        | be killed                                                           |
        | be killed in the middle                                             |

    Scenario: The words of the tool are in the error
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When "pct start" will fail with "the moon is full"
      And container "web" is started
      Then it fails
      And the error says "the moon is full"

    Scenario: Without a quorum nothing is made
      Given a bundle that runs "sleep 100"
      And the cluster has no quorum
      When container "web" is created
      Then it fails
      And the error says "quorum"
      And the node has no container
      When the cluster is well again
      And container "web" is created
      Then it succeeds

    Scenario: A quorum that is lost later
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When the cluster has no quorum
      And container "web" is started
      Then it fails
      And the error says "quorum"

    Scenario: The cluster file system is down
      Given a bundle that runs "sleep 100"
      And pmxcfs is down
      When container "web" is created
      Then it fails
      And the error says "/etc/pve is empty"

    Scenario: The cluster file system goes down
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When pmxcfs is down
      And container "web" is started
      Then it fails

    Scenario: A container that is being saved
      Given a bundle that runs "sleep 100"
      And a created container "web"
      And container "web" is locked by "backup"
      When container "web" is started
      Then it fails
      And the error says "backup"
      When container "web" is locked by ""
      And container "web" is locked by "migrate"
      And container "web" is started
      Then the error says "is locked by a migration"

    Scenario: A container that is protected
      Given a bundle that runs "sleep 100"
      And a created container "web"
      And container "web" is protected
      When container "web" is deleted by force
      Then it fails
      And the error says "protect"
      And the node has container "{vmid of web}"

    Scenario: Somebody works on a container's configuration
      Given a bundle that runs "sleep 100"
      And a created container "web"
      And somebody works on the configuration of container "web"
      When container "web" is started
      Then it fails
      And the error says "lock"

  Rule: What others do on the node is seen

    Scenario: Somebody moves a container
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When somebody moves container "web" to node "pve2"
      And container "web" is started
      Then it fails
      And the error says "pve2"

    Scenario: Somebody destroys a container
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When somebody destroys container "web" with pct
      And container "web" is started
      Then it fails
      And the node has no container

    Scenario: Somebody changes a container
      Given the node has the bridge "vmbr9"
      And a bundle that runs "sleep 100"
      And a created container "web"
      And somebody calls "pct set {vmid of web} --memory 300" on the node
      When somebody calls "pct set {vmid of web} --net0 name=eth0,bridge=vmbr9" on the node
      Then the configuration of container "web" has the line "memory: 300"
      And the configuration of container "web" has a line like "net0: .*bridge=vmbr9.*"
      And no call of the node's tools has "vmbr9"

  Rule: Storages hold what they are made for, and as much as fits

    Scenario: A container on a storage that the bundle names
      Given the storage "data"
      And a bundle that runs "sleep 100"
      And its config.json has $.annotations["io.nexcage.pct.storage"] set to "data"
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has a line like "rootfs: data:.*"

    @needs-lxc
    Scenario Outline: <what> that is full
      Given the storage "data" of <storage>
      And a bundle that runs "sleep 100"
      And its config.json has $.annotations["io.nexcage.pct.storage"] set to "data"
      And its config.json has $.annotations["io.nexcage.pct.rootfs-size"] set to "<volume>"
      When container "web" is created
      Then it fails
      And the error says "space"
      And nothing is left on the node

      Examples:
        | what      | storage | volume |
        | A storage | 1M      | 0      |
        | A volume  | 100M    | 1M     |

    Scenario: A storage that holds images of disks alone
      Given the storage "isoonly" holds only "iso"
      And a bundle that runs "sleep 100"
      And its config.json has $.annotations["io.nexcage.pct.storage"] set to "isoonly"
      When container "web" is created
      Then it fails
      And the error says "isoonly"
      And nothing is left on the node

    Scenario: A template
      Given a bundle that runs "sleep 100"
      And a template "box.tar.gz" of the bundle's rootfs in storage "local"
      When container "web" is made by the call "--root {root} create --runtime pct --name web --image local:vztmpl/box.tar.gz"
      Then it succeeds
      And pct create was given "local:vztmpl/box.tar.gz"

  Rule: A tool that takes its time is waited for, but not for ever

    Scenario: A tool that hangs
      Given a bundle that runs "sleep 100"
      And a created container "web"
      And the variable "NEXCAGE_PROXMOX_TIMEOUT" of the caller is "1"
      And "pct start" will hang
      When container "web" is started
      Then it fails
      And it has taken less than 10 seconds
      And the error says "pct start"
      And none of the node's tools is at work

    Scenario: A node that is slow
      Given a bundle that runs "sleep 100"
      And each of the node's tools takes 0.6 seconds
      When container "web" is created
      Then it succeeds

  Rule: A create that is interrupted takes back what it made

    Scenario: The signal comes while pct works
      Given a bundle that runs "sleep 100"
      And its config.json has $.annotations["io.nexcage.pct.storage"] set to "local"
      And "pct create" will hang in the middle
      When container "web" is being created by pct
      And the create of container "web" is sent signal "TERM"
      Then the create of container "web" ends with status 143 within 20 seconds
      And none of the node's tools is at work
      And the node has no container
      And nothing is left on the node
