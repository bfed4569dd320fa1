@nexcage @root @issue-cli
Feature: Read what a container has written
  With `--stdio log` nexcage keeps the output of a container beside its record, and `logs` prints it. Otherwise the
  output goes to whoever created the container; where that is a file, `logs` reads it while the container runs.

  Rule: Output is kept when it is asked for

    Scenario: Both streams, in their order
      Given a bundle that runs the script "echo one; echo two >&2; echo three"
      When container "web" is created with "--stdio log"
      And container "web" is started
      And the program of container "web" has ended
      And the runtime is called with "logs web"
      Then it succeeds
      And it prints 3 lines
      And it prints a line like "two"
      And the error does not say "two"

    Scenario Outline: The last lines: <tail>
      Given a bundle that runs the script "seq 1 50000"
      When container "web" is created with "--stdio log"
      And container "web" is started
      And the program of container "web" has ended
      And the runtime is called with "logs --tail <tail> web"
      Then it succeeds
      And it prints <n> lines
      And it prints a line like "50000"

      Examples:
        | tail  | n     |
        | 1     | 1     |
        | 10    | 10    |
        | 20000 | 20000 |
        | 99999 | 50000 |

    Scenario: None of the last lines
      Given a bundle that runs the script "echo something"
      When container "web" is created with "--stdio log"
      And container "web" is started
      And the program of container "web" has ended
      And the runtime is called with "logs --tail 0 web"
      Then it succeeds
      And nothing is said

    Scenario: Following until the program ends
      Given a bundle that runs the script "echo first; sleep 1; echo last"
      When container "web" is created with "--stdio log"
      And container "web" is started
      And the runtime is called with "logs --follow web"
      Then it succeeds
      And it prints a line like "first"
      And it prints a line like "last"
      And container "web" stays stopped

    Scenario: A container that has written nothing
      When container "web" is created with "--stdio log"
      And the runtime is called with "logs web"
      Then it succeeds
      And nothing is said

    Scenario: Nobody else reads the output
      When container "web" is created with "--stdio log"
      Then file "{root}/web/output.log" has mode 600

    Scenario: A container in the background
      Given a bundle that runs "echo from the background"
      When container "web" is run with "--detach --stdio log"
      Then it succeeds
      And nothing is said
      When the program of container "web" has ended
      And the runtime is called with "logs web"
      Then it prints "from the background"

  Rule: Output that went elsewhere

    Scenario: To a file, while the container runs
      Given a bundle that runs the script "echo to a file; sleep 100"
      And a running container "web"
      And the output of container "web" has come
      When the runtime is called with "logs web"
      Then it succeeds
      And it prints "to a file"

    Scenario: To nowhere
      Given a bundle that runs "echo lost"
      When container "web" is created with "--stdio null"
      And the runtime is called with "logs web"
      Then it exits with status 1
      And the error is the line "nexcage: logs: the output of container "web" is not kept: it goes to whoever created it"
      And the hint says "--stdio log"

    Scenario: A container that does not exist has no logs
      When the runtime is called with "logs web"
      Then it exits with status 1
      And the error is the line "nexcage: logs: container "web" does not exist"
