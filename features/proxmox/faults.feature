@nexcage @root @pct @issue-90
Feature: A node in trouble
  A tool that hangs is ended, one that was killed is cleaned up after, a command that is interrupted undoes what it began;
  and no container but its own is touched by any of this.

  Background:
    Given a bundle

  Rule: A create that ends early leaves nothing

    Scenario: pct create is killed before it has done anything
      Given "pct create" will be killed
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): pct create: killed by signal 9"
      And nothing is left on the node
      And nothing is left behind

    Scenario Outline: pct create is killed in the middle, with <what>
      Given "pct create" will be killed in the middle
      When container "web" is created with "<options>"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): pct create: killed by signal 9"
      And pct destroy was given "{vmid} --force 1 --purge 1"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | what                      | options         |
        | the bundle's directory    | --cores 1       |
        | a volume of a storage     | --rootfs-size 1 |

    Scenario Outline: pct create hangs <when>
      Given the node's version is known
      And the variable "NEXCAGE_PROXMOX_TIMEOUT" of the caller is "2"
      And <fault>
      When container "web" is created with "--rootfs-size 1"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): pct create did not end within 2 s"
      And the hint says "see what the node is busy with, or set a longer proxmox.timeout"
      And it has taken less than 30 seconds
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | when          | fault                                 |
        | at once       | "pct create" will hang                |
        | in the middle | "pct create" will hang in the middle  |

    Scenario Outline: The create is interrupted by <signal>
      Given "pct create" will hang in the middle
      When "pct create" of container "web" with "<options>" hangs in the middle
      And the create of container "web" is sent signal "<signal>"
      Then the create of container "web" ends with status <status> within 30 seconds
      And the error is the line "nexcage: create: interrupted by signal <number>"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | signal | number | status | options         |
        | INT    | 2      | 130    | --cores 1       |
        | TERM   | 15     | 143    | --rootfs-size 1 |

    Scenario: Somebody destroys the container before it is finished
      Given the caller finds a program "pct" that does
        """
        {pve}/bin/pct "$@" || exit
        [ "$1" = create ] && {pve}/bin/pct destroy "$2"
        """
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: /etc/pve/lxc/4711.conf was removed meanwhile"
      And nothing is left on the node
      And nothing is left behind

  Rule: Only what nexcage made is removed

    Scenario: The number went to somebody else meanwhile
      Given the caller finds a program "pct" that does
        """
        if [ "$1" = create ]; then
            printf 'arch: amd64\nhostname: theirs\nrootfs: /srv,size=1G\n' > /etc/pve/lxc/4711.conf
            echo "CT 4711 already exists on node 'pve'" >&2
            exit 255
        fi
        exec {pve}/bin/pct "$@"
        """
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID 4711): VMID 4711 is taken by a guest on node "pve""
      And the node has container "4711"
      And nothing is left behind
      When somebody runs "rm /etc/pve/lxc/4711.conf"
      Then nothing is left on the node

    Scenario: The create failed otherwise, and somebody else has the number by then
      Given the caller finds a program "pct" that does
        """
        if [ "$1" = create ]; then
            printf 'arch: amd64\nhostname: theirs\nrootfs: /srv,size=1G\n' > /etc/pve/lxc/4711.conf
            echo "the moon is full" >&2
            exit 255
        fi
        exec {pve}/bin/pct "$@"
        """
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the node has container "4711"
      When somebody runs "rm /etc/pve/lxc/4711.conf"
      Then nothing is left on the node
      And nothing is left behind

    Scenario: Somebody's container under a number of ours is not deleted
      Given a created container "web"
      When somebody destroys container "web" with pct
      And somebody runs "tar -cf {dir}/empty.tar -T /dev/null"
      And somebody calls "pct create {vmid of web} {dir}/empty.tar --rootfs {rootfs} --unprivileged 0 --hostname theirs" on the node
      And container "web" is deleted by force
      Then it succeeds
      And the node has container "{vmid of web}"
      When somebody calls "pct destroy {vmid of web}" on the node
      Then nothing is left on the node
      And nothing is left behind

  Rule: A tool that hangs is ended after proxmox.timeout

    Scenario Outline: <tool> hangs
      Given a Proxmox VE node where LXC is only a model
      And a created container "web"
      And the variable "NEXCAGE_PROXMOX_TIMEOUT" of the caller is "1"
      And "<tool>" will hang
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: container "web" (VMID {vmid of web}): <tool> did not end within 1 s"
      And the hint says "see what the node is busy with, or set a longer proxmox.timeout"
      And it has taken less than 10 seconds
      And container "web" stays created

      Examples:
        | verb   | tool        | call                    |
        | start  | pct start   | start web               |
        | delete | pct destroy | delete web              |
        | update | pct set     | update --memory 64m web |

    Scenario: pvesh hangs
      Given the node's version is known
      And the variable "NEXCAGE_PROXMOX_TIMEOUT" of the caller is "1"
      And "pvesh get" will hang
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web": pvesh get did not end within 1 s"
      And it has taken less than 10 seconds
      And nothing is left on the node
      And nothing is left behind

  Rule: A cluster without quorum is changed by nobody

    Scenario: Nothing is created without quorum
      Given the cluster has no quorum
      When container "web" is created
      Then it exits with status 1
      And the error says "nexcage: create: the cluster has no quorum"
      And the hint says "pvecm status"
      And the node's tools were started 0 times
      And nothing is left behind

    Scenario Outline: Nothing happens by "<call>"
      Given a Proxmox VE node where LXC is only a model
      And a created container "web" on a volume
      When the cluster has no quorum
      And the runtime is called with "<call>"
      Then it exits with status 1
      And the error says "nexcage: <verb>: "
      And the error says "the cluster has no quorum"
      And pct destroy was called 0 times
      When the cluster is well again
      Then container "web" stays created
      And the volume of container "web" is there

      Examples:
        | verb   | call                    |
        | start  | start web               |
        | delete | delete web              |
        | delete | delete --force web      |
        | update | update --memory 64m web |

    Scenario: What only looks goes on
      Given a Proxmox VE node where LXC is only a model
      And a running container "web"
      When the cluster has no quorum
      Then container "web" stays running
      When the list of containers is asked for
      Then it succeeds
      And the list names container "web" as running
      When the cluster is well again
      Then container "web" stays running

  Rule: Without the cluster file system nothing is known

    Scenario: Nothing is created there
      Given pmxcfs is down
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: the cluster file system of Proxmox VE does not run: /etc/pve is empty"
      And the hint says "systemctl start pve-cluster"
      And the node's tools were started 0 times
      And nothing is left behind

    Scenario Outline: "<call>" does not take an unknown container for one that is gone
      Given a Proxmox VE node where LXC is only a model
      And a created container "web"
      When pmxcfs is down
      And the runtime is called with "<call>"
      Then it exits with status 1
      And the error says "nexcage: <verb>: the cluster file system of Proxmox VE does not run"
      And the hint says "systemctl start pve-cluster"
      When the cluster is well again
      Then container "web" stays created

      Examples:
        | verb   | call                    |
        | start  | start web               |
        | state  | state web               |
        | delete | delete web              |
        | delete | delete --force web      |
        | update | update --memory 64m web |
        | list   | list                    |
