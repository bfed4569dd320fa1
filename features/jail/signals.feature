@nexcage @root @jail @issue-108
Feature: Signals, stop and pause on a FreeBSD host
  The processes of a jail are the host's, so signals go to their numbers and need no program of the image. A jail has no
  first process that takes the others with it, and no freezer: pause stops each process by a signal.

  Rule: kill reaches the first process, with --all whatever lives in the jail

    Scenario: By name and number
      Given a bundle that reports the signals it gets
      And a running container "web"
      When the program of container "web" is ready
      And container "web" is sent signal "USR1"
      Then it succeeds
      And nothing is said
      And the output of container "web" contains "USR1"
      When container "web" is sent signal "1"
      Then the output of container "web" contains "HUP"
      When container "web" is killed
      Then the output of container "web" contains "TERM"
      And container "web" is stopped
      When container "web" is sent signal "TERM"
      Then it exits with status 1
      And the error is the line "nexcage: kill: cannot kill container "web" that is stopped: container not running"
      And the host was never asked "jexec"
      And the host was never asked "pkill"

    Scenario: What the first process has left behind
      Given a bundle that runs the script "sleep 300 & exec sleep 100"
      And a running container "web"
      And container "web" also runs "sleep 200"
      Then the jail of container "web" has 3 processes
      When container "web" is sent signal "KILL"
      Then container "web" is stopped
      And the jail of container "web" has 2 processes
      When container "web" is sent signal "TERM" to all its processes
      Then it succeeds
      And the jail of container "web" has 0 processes
      When container "web" is sent signal "KILL" to all its processes
      Then it succeeds
      And nothing is said
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

    Scenario: A process that was never started is ended by its number, too
      Given a bundle that runs the script "echo begun >/begun"
      And a created container "web"
      When container "web" is sent signal "KILL"
      Then container "web" is stopped
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it has stopped"
      And file "{rootfs}/begun" does not exist
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

  Rule: stop asks, waits, and kills

    Scenario: A program that ends when it is asked to
      Given a bundle that reports the signals it gets
      And a running container "web"
      When the program of container "web" is ready
      And the runtime is called with "stop --timeout 5 web"
      Then it succeeds within 4 seconds
      And container "web" stays stopped
      And the output of container "web" contains "TERM"

    Scenario: A program that does not listen
      Given a bundle that runs the script "trap '' TERM; echo ready; while :; do sleep 0.05; done"
      And a running container "web"
      When the program of container "web" is ready
      And the runtime is called with "stop --timeout 1 web"
      Then it succeeds within 4 seconds
      And container "web" stays stopped

  Rule: A paused container stands still, all of it

    Scenario: From pause to resume
      Given a bundle that runs the script "while :; do echo tick; sleep 0.02; done"
      And a running container "web"
      And container "web" also runs "sleep 200"
      When container "web" is paused
      Then it succeeds
      And nothing is said
      And container "web" stays paused
      And the output of container "web" does not grow
      When container "web" is paused
      Then it exits with status 1
      And the error is the line "nexcage: pause: cannot pause container "web": it is already paused"
      When "true" is executed in container "web"
      Then it exits with status 1
      And the error is the line "nexcage: exec: cannot exec container "web": it is paused"
      And the hint says "resume it: nexcage resume web"
      When container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: cannot delete container "web" that is not stopped: paused"
      When container "web" is resumed
      Then it succeeds
      And container "web" stays running
      And the output of container "web" grows
      When container "web" is resumed
      Then it exits with status 1
      And the error is the line "nexcage: resume: cannot resume container "web": it is not paused but running"

    Scenario: Every process is stopped, and goes on
      Given a bundle that runs the script "sleep 300 & exec sleep 100"
      And a running container "web"
      And container "web" also runs "sleep 200"
      When container "web" is paused
      Then all 3 processes in the jail of container "web" stand still
      When container "web" is resumed
      Then none of 3 processes in the jail of container "web" stands still

    Scenario: KILL ends one that is paused, and stop does
      Given a paused container "web"
      When container "web" is sent signal "KILL"
      Then it succeeds
      And container "web" is stopped
      Given a second bundle "other" that runs "sleep 100"
      And a paused container "db"
      When the runtime is called with "stop --timeout 5 db"
      Then it succeeds within 4 seconds
      And container "db" stays stopped

    Scenario Outline: To <verb> one that is <status>
      Given a <status> container "web"
      When the runtime is called with "<verb> web"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: <message>"
      And container "web" stays <status>

      Examples:
        | verb   | status  | message                                                             |
        | pause  | stopped | cannot pause container "web" that is stopped: container not running  |
        | resume | stopped | cannot resume container "web" that is stopped: container not running |
        | stop   | stopped | cannot stop container "web" that is stopped: container not running   |

    Scenario: Processes that go on, whatever is done to them
      Given a bundle that runs "sleep 100"
      And a running container "web"
      And ps of the host says that container "web" goes on, whatever is done to it
      Then these calls fail, each with its code
        | call      | code         | status |
        | pause web | pause-failed | 1      |

  Rule: What jails have not is refused by name

    Scenario Outline: A jail cannot <verb>
      Given a created container "web"
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: jail has no <verb>"
      And container "web" stays created

      Examples:
        | verb       | call             |
        | checkpoint | checkpoint web   |
        | snapshot   | snapshot web one |
        | push       | push web /a /b   |
