@oci @root @issue-88
Feature: A container on a terminal
  With `process.terminal` the program gets a terminal of its own. The runtime hands the other end to the caller
  through the Unix socket that `--console-socket` names, before `create` returns.

  Rule: The program's standard streams are the terminal

    Scenario: The program sees a terminal
      Given the bundle "terminal" that runs the script "tty; test -t 0 && test -t 1 && test -t 2 && echo all three"
      When container "web" is created on a terminal
      And container "web" is started
      Then the terminal shows "/dev/pts/0"
      And the terminal shows "all three"

    Scenario: What is typed reaches the program
      Given the bundle "terminal" that runs the script "read word; echo got $word"
      When container "web" is created on a terminal
      And container "web" is started
      And "hello" is typed on the terminal
      Then the terminal shows "got hello"
      And container "web" is stopped

    Scenario: The terminal controls the program
      Given the bundle "terminal" that runs the script "trap 'echo interrupted' INT; echo ready; while :; do sleep 0.05; done"
      When container "web" is created on a terminal
      And container "web" is started
      Then the terminal shows "ready"
      When the interrupt key is typed on the terminal
      Then the terminal shows "interrupted"

    Scenario: The console is a device of the container
      Given the bundle "terminal" that runs the script "echo to the console >/dev/console"
      When container "web" is created on a terminal
      And container "web" is started
      Then the terminal shows "to the console"

    Scenario: The terminal has the size that the bundle asks for
      Given the bundle "terminal" that runs "stty size"
      And its config.json has $.process.consoleSize set to the JSON {"height": 12, "width": 34}
      When container "web" is created on a terminal
      And container "web" is started
      Then the terminal shows "12 34"

    Scenario: The terminal belongs to the program's user
      Given the bundle "terminal" that runs "stat -c %u /dev/pts/0"
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      When container "web" is created on a terminal
      And container "web" is started
      Then the terminal shows "1000"

  Rule: Without a socket to hand it to there is no terminal

    Scenario: Creating on a terminal without a console socket
      Given the bundle "terminal" that runs "tty"
      When container "web" is created
      Then it fails
      And container "web" does not exist

    Scenario: Naming a console socket that does not exist
      Given the bundle "terminal" that runs "tty"
      When container "web" is created with "--console-socket {dir}/absent.sock"
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone

    Scenario: A program without a terminal
      Given a bundle that runs the script "test -t 0 || echo no terminal"
      When container "web" is run
      Then it prints "no terminal"
