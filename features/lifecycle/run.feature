@oci @root @issue-88
Feature: Run a container in the foreground
  `run` creates and starts a container, waits for its end, ends with the same status and leaves nothing behind.
  To its caller it is the program.

  Rule: The status of the program is the status of run

    Scenario Outline: A program that ends with status <status>
      Given a bundle that runs the script "exit <status>"
      When container "web" is run
      Then it exits with status <status>
      And container "web" does not exist
      And the cgroup of container "web" is gone

      Examples:
        | status |
        | 0      |
        | 1      |
        | 7      |
        | 127    |
        | 255    |

    Scenario Outline: A program that is ended by signal <signal>
      Given a bundle that runs "sleep 100"
      When container "web" is run in the background
      And container "web" is sent signal "<signal>"
      Then the run of container "web" ends with status <status>
      And container "web" does not exist

      Examples:
        | signal | status |
        | KILL   | 137    |

    Scenario: The program's output is the output of run
      Given a bundle that runs the script "echo to stdout; echo to stderr >&2"
      When container "web" is run
      Then it succeeds
      And it prints "to stdout"
      And the error says "to stderr"

    Scenario: A program that cannot be found
      Given a bundle that runs "/no/such/program"
      When container "web" is run
      Then it fails
      And the error says "no/such/program"
      And container "web" does not exist

  Rule: Signals to run reach the program

    Scenario Outline: <signal> is passed on
      Given a bundle that reports the signals it gets
      When container "web" is run in the background
      And the program of container "web" is ready
      And the run of container "web" is sent signal "<signal>"
      Then the output of container "web" contains "<signal>"
      When the run of container "web" is sent signal "TERM"
      Then the run of container "web" ends with status 0
      And container "web" does not exist

      Examples:
        | signal |
        | HUP    |
        | INT    |
        | USR1   |
        | QUIT   |

  Rule: While it runs, the container is like any other

    Scenario: Looking at a foreground container
      Given a bundle that runs "sleep 100"
      When container "web" is run in the background
      Then container "web" is running
      And "sleep 100" runs in container "web"
      When container "web" is sent signal "KILL"
      Then the run of container "web" ends with status 137

  Rule: A detached run returns as soon as the program has begun

    Scenario: Running detached
      Given a bundle that runs "sleep 100"
      When container "web" is run with "--detach --pid-file {dir}/web.pid"
      Then it succeeds
      And nothing is printed
      And container "web" is running
      And the file "web.pid" names the first process of container "web"

    Scenario: A detached container stays when its program has ended
      Given a bundle that runs "true"
      When container "web" is run with "--detach"
      Then it succeeds
      And container "web" is stopped
