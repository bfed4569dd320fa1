@nexcage @root @pct @issue-87 @issue-88 @needs-lxc @cgroup-freezer
Feature: Pause a container of a Proxmox VE node
  `pause` and `resume` freeze all processes by the kernel's freezer and let them go on; the node's own `suspend`
  would write them to disk. None of its tools is started.

  Rule: Nothing runs in a paused container

    Scenario: A program of the node stands still and goes on
      Given a bundle that runs the script "while :; do echo tick; sleep 0.02; done"
      And a running container "web"
      When container "web" is paused
      Then it succeeds
      And nothing is said
      And the node's tools were started 0 times
      And container "web" stays paused
      And the node says that container "web" is paused
      And the output of container "web" does not grow
      When container "web" is resumed
      Then it succeeds
      And the node's tools were started 0 times
      And container "web" stays running
      And the output of container "web" grows

    Scenario: A signal waits until a container of the node goes on
      Given a bundle that reports the signals it gets
      And a running container "web"
      And the output of container "web" has come
      When container "web" is paused
      And container "web" is sent signal "USR1"
      Then it succeeds
      And the output of container "web" does not grow
      When container "web" is resumed
      Then the output of container "web" contains "USR1"

    Scenario: KILL ends a paused container of the node
      Given a paused container "web"
      When container "web" is sent signal "KILL"
      Then it succeeds
      And container "web" is stopped
      And no process of container "web" is left

  Rule: Only what runs can be paused, only what is paused can be resumed

    Scenario Outline: To <verb> a container of the node that is <status>
      Given a <status> container "web"
      When the runtime is called with "<verb> web"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: <message>"
      And container "web" stays <status>

      Examples:
        | verb   | status  | message                                                              |
        | pause  | created | cannot pause container "web" that is created: container not running |
        | pause  | stopped | cannot pause container "web" that is stopped: container not running |
        | pause  | paused  | cannot pause container "web": it is already paused                  |
        | resume | running | cannot resume container "web": it is not paused but running         |
        | resume | stopped | cannot resume container "web" that is stopped: container not running |
