@nexcage @root @pct @issue-87 @issue-cli @needs-lxc
Feature: Read what a container of a Proxmox VE node has written
  The node's tools keep no output. nexcage lets LXC write the console of each container of its own into a file beside
  the record, and `logs` prints it, whatever `--stdio` says.

  Rule: What the program has written can be read, also when it has ended

    Scenario: While it runs and afterwards
      Given a bundle that runs the script "echo one; echo two >&2; sleep 100"
      And a running container "web"
      And the output of container "web" has come
      When the runtime is called with "logs web"
      Then it succeeds
      And the node's tools were started 0 times
      And it prints a line like "one"
      When container "web" is sent signal "KILL"
      And the program of container "web" has ended
      And the runtime is called with "logs web"
      Then it prints 2 lines
      And it prints a line like "two"

    Scenario: The last lines of a container of the node
      Given a bundle that runs "seq 1 2000"
      And a created container "web"
      When container "web" is started
      And the program of container "web" has ended
      And the runtime is called with "logs --tail 10 web"
      Then it succeeds
      And it prints 10 lines
      And it prints a line like "2000"

    Scenario: Following a container of the node until it ends
      Given a bundle that runs the script "echo first; sleep 1; echo last"
      And a created container "web"
      When container "web" is started
      And the runtime is called with "logs --follow web"
      Then it succeeds
      And it prints a line like "first"
      And it prints a line like "last"
      And container "web" stays stopped

    Scenario: What an earlier start has written stays
      Given a bundle that runs the script "read n </count; echo start $n; echo 2 >/count"
      And its root has a file "count" that says "1"
      And a created container "web"
      When container "web" is started
      And the program of container "web" has ended
      And container "web" is started
      And the program of container "web" has ended
      And the runtime is called with "logs web"
      Then it prints a line like "start 1"
      And it prints a line like "start 2"

  Rule: A container that was told to keep nothing keeps nothing

    Scenario: Without a log on the node
      Given a bundle that runs "echo lost"
      When container "web" is created with "--stdio null"
      Then the configuration of container "web" has no line like "lxc.console.logfile.*"
      When the runtime is called with "logs web"
      Then it exits with status 1
      And the error is the line "nexcage: logs: the output of container "web" is not kept: it goes to whoever created it"

    Scenario: Before anything has been written on the node
      Given a created container "web"
      When the runtime is called with "logs web"
      Then it succeeds
      And nothing is said
