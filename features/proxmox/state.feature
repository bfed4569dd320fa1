@nexcage @root @pct @issue-87 @issue-88 @needs-lxc
Feature: The state of a container of a Proxmox VE node
  `state` and `ps` say what the kernel and LXC know, with pids of the host. They start none of the node's tools.

  Rule: The status is the container's, whoever changed it

    Scenario: From created to stopped
      Given a created container "web"
      When the state of container "web" is asked for
      Then it prints JSON with $.status "created"
      And it prints JSON with $.pid 0
      And the node's tools were started 0 times
      When container "web" is started
      And the state of container "web" is asked for
      Then it prints JSON with $.status "running"
      And the node's tools were started 0 times
      And the state of container "web" names its first process
      When somebody calls "pct stop {vmid of web}" on the node
      Then container "web" stays stopped
      And the state of container "web" has $.pid 0
      When somebody calls "pct start {vmid of web}" on the node
      Then container "web" stays running

    Scenario: A container of the node whose program has ended by itself
      Given a bundle that runs the script "sleep 0.3; exit 3"
      And a created container "web"
      When container "web" is started
      Then container "web" is stopped
      And the node says that container "web" is stopped

  Rule: ps shows the container's processes by their pids on the host

    Scenario: Processes of the program and of exec
      Given a bundle that runs the script "sleep 200 & sleep 100"
      And a running container "web"
      When "sleep 300" is executed in container "web" with "--detach"
      And the runtime is called with "ps web -eo pid,args"
      Then it succeeds
      And the node's tools were started 0 times
      And it prints a line like " *PID COMMAND"
      And it prints a line like " *\d+ sleep 200"
      And it prints a line like " *\d+ sleep 300"
      And it prints nothing with "ps -eo"
      And ps of container "web" lists its processes

    Scenario Outline: ps of a container of the node that is <status>
      Given a <status> container "web"
      When the runtime is called with "ps web"
      Then it exits with status 1
      And the error is the line "nexcage: ps: cannot ps container "web" that is <status>: container not running"

      Examples:
        | status  |
        | created |
        | stopped |

  Rule: A container on another node is said to be there

    Scenario Outline: <call> of a container that was moved away
      Given a created container "web"
      When somebody moves container "web" to node "pve2"
      And the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: container "web" (VMID {vmid}) is on node "pve2" now"
      And the hint says "run nexcage there, or move it back: pct migrate {vmid} {node}"
      And the node's tools were started 0 times

      Examples:
        | verb   | call           |
        | state  | state web      |
        | start  | start web      |
        | stop   | stop web       |
        | kill   | kill web       |
        | exec   | exec web true  |
        | pause  | pause web      |
        | ps     | ps web         |
        | delete | delete web     |
        | delete | delete -f web  |
