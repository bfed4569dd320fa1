@nexcage @root @pct @issue-113
Feature: Repair on Proxmox VE
  Containers of Proxmox VE outlive a boot and nexcage's own records. What a killed command left is undone or finished,
  and a record that was lost is written again from the mark that the container bears.

  Background:
    Given a bundle

  Rule: A create that was cut short is undone

    Scenario: Nexcage and pct are killed in the middle
      Given "pct create" will hang in the middle
      When "pct create" of container "web" with "--rootfs-size 1" hangs in the middle
      And the create of container "web" is sent signal "KILL"
      And pct and its worker are killed
      And the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "undo the create of container "web", which was cut short"
      And nothing is left on the node
      And nothing is left behind
      And state has nothing left to mend

    Scenario: Nexcage is killed and pct goes on
      Given "pct create" will hang in the middle
      When "pct create" of container "web" with "--cores 1" hangs in the middle
      And the create of container "web" is sent signal "KILL"
      And pct has not come to its end
      And the runtime is called with "repair --yes"
      Then it exits with status 1
      And it prints something with "Proxmox VE still makes it"
      When pct and its worker are killed
      And the runtime is called with "repair --yes"
      Then it succeeds
      And nothing is left on the node
      And nothing is left behind

    Scenario: The power was cut while pct made it
      Given "pct create" will hang in the middle
      When "pct create" of container "web" with "--rootfs-size 1" hangs in the middle
      And the create of container "web" is sent signal "KILL"
      And the power is cut while pct works
      And the runtime is called with "repair --yes"
      Then it succeeds
      And pct unlock was given "{vmid}"
      And nothing is left on the node
      And nothing is left behind

  Rule: The record is written again from the container's mark

    Scenario Outline: The record of a <status> container is gone with all that lay beside it
      Given a <status> container "web"
      And the record of container "web" is gone
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "write the record of container "web" again, as pct knows it"
      And container "web" stays <status>
      And the state of container "web" names its bundle
      And state has nothing left to mend
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | status  |
        | created |
        | running |

    Scenario: A container of which the record is gone can be started
      Given a created container "web"
      And the record of container "web" is gone
      When the runtime is called with "repair --yes"
      And container "web" is started
      Then it succeeds
      And container "web" is running

    Scenario: Hooks and the seccomp profile come back with it
      Given its config.json has a poststop hook that notes "gone"
      And its config.json has $.linux.seccomp set to the JSON {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}
      When container "web" is created
      Given the record of container "web" is gone
      When the runtime is called with "repair --yes"
      Then it succeeds
      And file "{root}/web/seccomp" contains "mount"
      When container "web" is deleted
      Then it succeeds
      And the hooks have noted "gone"

    Scenario: A container of somebody else gets no record
      Given container 150 of somebody else
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints "nothing to mend"
      And the node has container "150"

  Rule: A record whose container is gone is removed

    Scenario: Somebody has destroyed it
      Given a created container "web"
      And a running container "db"
      When somebody destroys container "web" with pct
      And the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" does not exist
      And container "db" stays running

    Scenario: Its number belongs to somebody else now
      Given a created container "web"
      When somebody destroys container "web" with pct
      Given a guest with the number "{vmid of web}" of somebody else
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" does not exist
      And the node has 1 containers

    Scenario: One that was moved to another node keeps its record
      Given a created container "web"
      When somebody moves container "web" to node "pve2"
      And the runtime is called with "repair --yes"
      Then it succeeds
      And it prints "nothing to mend"

  Rule: What was begun is finished

    Scenario: A change of its configuration
      Given a created container "web"
      And a file "/etc/pve/nodes/{node}/lxc/{vmid}.conf.0123456789abcdef" that says "arch: amd64"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with ".conf.0123456789abcdef"
      And state has nothing left to mend
      When container "web" is deleted
      Then nothing is left on the node

    Scenario: A destroy that was cut short behind the volumes
      Given a created container "web"
      And container "web" is locked by "destroyed"
      And the delete of container "web" was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And pct unlock was given "{vmid}"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A delete
      Given a created container "web"
      And the delete of container "web" was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And nothing is left on the node
      And nothing is left behind

    Scenario: A stop of a paused container, which had let it go on
      Given a running container "web"
      And the stop of container "web" was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" is stopped
      And state has nothing left to mend

    Scenario: A container that was started again since is not deleted
      Given a created container "web"
      And the delete of container "web" was cut short
      When container "web" is started
      And the first process of container "web" is killed from outside
      Then container "web" is stopped
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays stopped
      And state has nothing left to mend

    Scenario Outline: A run <how> that was killed before the start
      Given a created container "web"
      And the run of container "web" until its <until> was cut short
      When the runtime is called with "check state"
      Then it exits with status 1
      And it prints something with "the create of container "web" was cut short"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "remove container "web", whose run was cut short"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | how               | until |
        | in the foreground | end   |
        | in the background | start |

    Scenario: A run in the foreground that was killed
      When container "web" is run in the background
      And the run of container "web" is sent signal "KILL"
      Then container "web" stays running
      When the first process of container "web" is killed from outside
      Then container "web" is stopped
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "remove container "web", whose run was cut short"
      And nothing is left on the node
      And nothing is left behind
