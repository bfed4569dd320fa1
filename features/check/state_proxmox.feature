@nexcage @root @pct @issue-113 @needs-lxc
Feature: Check the state on a Proxmox VE node
  Containers of the node bear nexcage's mark, so that both sides can be compared: configurations are files, and one tool of
  the node tells the status of all.

  Rule: One call of the node's tools is enough for any number of containers

    Scenario: All is well with containers of the node in each status
      Given a created container "one"
      And a running container "two"
      And a stopped container "three"
      When state is checked
      Then it succeeds
      And check state passes "3 containers as recorded"
      And check state has nothing to complain of
      And the node's tools were started at most 1 times

    Scenario: A thousand containers
      Given 1000 containers of driver pct have records
      When state is checked
      Then it has taken less than 2 seconds
      And check state passes "1000 containers as recorded"
      And the node's tools were started at most 1 times

  Rule: Each record has its container

    Scenario: A container that somebody destroyed
      Given a created container "web"
      And a created container "db"
      When somebody destroys container "web" with pct
      And state is checked
      Then it exits with status 2
      And check state fails "container "web" (VMID {vmid of web}) does not exist on this node any more"
      And check state hints "nexcage delete web"
      And check state does not speak of "db"

    Scenario: A container whose number somebody else has
      Given a created container "web"
      When somebody destroys container "web" with pct
      Given a created container "db"
      When state is checked
      Then it exits with status 2
      And check state fails "container "web" is gone: VMID {vmid of web} belongs to somebody else now"

    Scenario: Check names the node that has a container now
      Given a created container "web"
      When somebody moves container "web" to node "pve2"
      And state is checked
      Then it exits with status 1
      And check state warns "container "web" (VMID {vmid of web}) is on node "pve2" now"
      And check state hints "pct migrate"

    Scenario: A container that Proxmox VE has locked
      Given a created container "web"
      And container "web" is locked by "backup"
      When state is checked
      Then it exits with status 1
      And check state warns "container "web" (VMID {vmid of web}) is locked by Proxmox VE: backup"
      And check state hints "pct unlock {vmid of web}"

    Scenario: Nobody can tell of containers while the node does not answer
      Given a created container "web"
      And "pvesh get" will fail with "proxy handler failed: Connection refused"
      When state is checked
      Then it exits with status 2
      And check state fails "pct cannot tell of 1 container: "

  Rule: Each container with our mark has its record

    Scenario: A container of the node whose record is lost
      Given a created container "web"
      And a created container "db"
      And the record of container "web" is gone
      When state is checked
      Then it exits with status 1
      And check state warns "VMID {vmid of web} bears the mark of container "web", of which {root} has no record"
      And check state hints "pct destroy {vmid of web} --purge 1"
      And check state does not speak of "db"

    Scenario: Containers of somebody else are nobody's business
      Given container 4711 of somebody else
      And a created container "web"
      When state is checked
      Then check state has nothing to complain of

    Scenario: A copy bears the mark too
      Given a created container "web"
      And container 4711 of somebody else
      And somebody copies the description of container "web" to container 4711
      When state is checked
      Then it exits with status 1
      And check state warns "VMID 4711 bears the mark of container "web", which is VMID {vmid of web}"

  Rule: Nothing is left behind

    Scenario: A create that was killed while pct worked
      Given a bundle that runs "sleep 100"
      And "pct create" will hang in the middle
      When "pct create" of container "web" with "--rootfs-size 1" hangs in the middle
      And state is checked
      Then check state has nothing to complain of
      When the create of container "web" is sent signal "KILL"
      And state is checked
      Then it exits with status 2
      And check state fails "container "web" is half made: its create was cut short"

    Scenario: The bundle of a container that does not exist
      Given a created container "web"
      And a directory "{root}/@pct/bundle-db/rootfs"
      When state is checked
      Then it exits with status 1
      And check state warns "{root}/@pct/bundle-db is the bundle of a container that does not exist"
      Given file or directory "{root}/@pct/bundle-db" is removed
      When state is checked
      Then check state has nothing to complain of
