@nexcage @root @pct @issue-87 @issue-88 @needs-lxc
Feature: Signals to a container of a Proxmox VE node, and its end
  `kill` reaches the container's first process from the host, by none of the node's tools. `stop` asks it to end as
  the node would, and kills it when it does not.

  Rule: Any signal, by number or name

    Scenario Outline: Signal <signal> reaches a program of the node
      Given a running container "web" that obeys signal TERM
      When container "web" is sent signal "<signal>"
      Then it succeeds
      And nothing is said
      And the node's tools were started 0 times
      And the output of container "web" contains "<seen>"

      Examples:
        | signal  | seen |
        | 1       | HUP  |
        | SIGUSR2 | USR2 |

    Scenario: TERM to a program that handles it
      Given a running container "web" that obeys signal TERM
      When container "web" is killed
      Then it succeeds
      And container "web" is stopped

    Scenario: TERM to a first process without a handler does nothing
      Given a running container "web"
      When container "web" is sent signal "TERM"
      Then it succeeds
      And "sleep 100" runs in container "web"
      And container "web" stays running
      When container "web" is sent signal "KILL"
      Then it succeeds
      And container "web" is stopped
      And no process of container "web" is left

    Scenario: All processes, those of exec too
      Given a running container "web"
      When "sleep 300" is executed in container "web" with "--detach"
      Then "sleep 300" runs in container "web"
      When container "web" is sent signal "TERM" to all its processes
      Then it succeeds
      And "sleep 300" does not run in container "web"
      And "sleep 100" runs in container "web"

    Scenario Outline: Signalling a container of the node that is <status>
      Given a <status> container "web"
      When container "web" is sent signal "KILL"
      Then it exits with status 1
      And the error is the line "nexcage: kill: <message>"
      And container "web" stays <status>

      Examples:
        | status  | message                                                             |
        | created | cannot kill container "web" that is created: container not running |
        | stopped | cannot kill container "web" that is stopped: container not running |

  Rule: stop waits for the end that it has asked for

    Scenario: A program of the node that obeys
      Given a running container "web" that obeys signal TERM
      When the runtime is called with "stop web"
      Then it succeeds within 8 seconds
      And nothing is said
      And the node's tools were started at most 2 times
      And container "web" stays stopped
      And the output of container "web" contains "TERM"

    Scenario: The stop signal of the image, on the node
      Given a bundle that runs the script "trap 'echo got QUIT; exit 0' QUIT; echo ready; while :; do sleep 0.05; done"
      And its config.json has $.annotations["org.opencontainers.image.stopSignal"] set to "SIGQUIT"
      And a running container "web"
      When the program of container "web" is ready
      And the runtime is called with "stop web"
      Then it succeeds within 8 seconds
      And the output of container "web" contains "got QUIT"

    Scenario: Another signal for this time, on the node
      Given a running container "web" that obeys signal TERM
      When the runtime is called with "stop --signal USR1 --timeout 1 web"
      Then it succeeds
      And the output of container "web" contains "USR1"
      And container "web" stays stopped

    Scenario: A program of the node that does not end is killed
      Given a running container "web"
      When the runtime is called with "stop --timeout 1 web"
      Then it succeeds
      And pct shutdown was given "--timeout 1 --forceStop 1"
      And container "web" stays stopped
      And no process of container "web" is left

    @cgroup-freezer
    Scenario: A paused container of the node goes on, so that it can end
      Given a running container "web" that obeys signal TERM
      When container "web" is paused
      And the runtime is called with "stop --timeout 5 web"
      Then it succeeds within 4 seconds
      And container "web" stays stopped
      And the output of container "web" contains "TERM"

    Scenario Outline: Stopping a container of the node that is <status>
      Given a <status> container "web"
      When the runtime is called with "stop web"
      Then it exits with status 1
      And the error is the line "nexcage: stop: cannot stop container "web" that is <status>: container not running"
      And the node's tools were started 0 times

      Examples:
        | status  |
        | created |
        | stopped |
