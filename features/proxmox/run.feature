@nexcage @root @pct @issue-87 @issue-158 @needs-lxc
Feature: Run a container of a Proxmox VE node in the foreground
  `run` is its program to the caller: its output, its exit status, its signals. Proxmox VE keeps none of them, so
  nexcage reads them where LXC leaves them.

  Rule: Output and exit status of the program are those of run

    Scenario Outline: A program of the node that ends with status <status> after <rest> s
      Given a bundle that runs the script "echo to stdout; echo to stderr >&2; sleep <rest>; exit <status>"
      When container "web" is run
      Then it exits with status <status>
      And it prints the lines
        """
        to stdout
        to stderr
        """
      And container "web" does not exist
      And the node has no container
      And nothing is left on the node

      Examples:
        | status | rest |
        | 0      | 0.5  |
        | 7      | 0.5  |
        | 0      | 0    |
        | 7      | 0    |

    Scenario: Blanks and returns of the program itself come through
      Given a bundle that runs the script "printf 'one\r\ntwo\rthree\n\nfour'"
      When container "web" is run
      Then it succeeds
      And container "web" has printed the bytes "one\r\ntwo\rthree\n\nfour"

    Scenario: A program of the node that is ended by a signal
      Given a bundle that runs "sleep 100"
      When container "web" is run in the background
      And container "web" is sent signal "KILL"
      Then the run of container "web" ends with status 137
      And the node has no container

    Scenario: More output than a pipe holds
      Given a bundle that runs "seq 1 40000"
      When container "web" is run
      Then it succeeds
      And it prints 40000 lines
      And it prints a line like "40000"

  Rule: Signals to run reach the program

    Scenario: A program that handles them
      Given a bundle that reports the signals it gets
      When container "web" is run in the background
      And the program of container "web" is ready
      And the run of container "web" is sent signal "USR1"
      Then the output of container "web" contains "USR1"
      When the run of container "web" is sent signal "TERM"
      Then the run of container "web" ends with status 0
      And it prints something with "TERM"
      And the node has no container

    Scenario: A program that says which signal ended it
      Given a bundle that runs the script "trap 'exit 143' TERM; echo ready; while :; do sleep 0.05; done"
      When container "web" is run in the background
      And the program of container "web" is ready
      And the run of container "web" is sent signal "TERM"
      Then the run of container "web" ends with status 143
      And nothing is left on the node

  Rule: With --detach or --keep the container stays

    Scenario: In the background
      Given a bundle that runs the script "echo begun; sleep 100"
      When container "web" is run with "--detach"
      Then it succeeds
      And nothing is said
      And container "web" stays running

    Scenario: Kept on the node after its end
      Given a bundle that runs the script "echo done; exit 3"
      When container "web" is run with "--keep"
      Then it exits with status 3
      And it prints "done"
      And container "web" stays stopped
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the node

  Rule: A run that comes to nothing leaves nothing

    Scenario: Running a program whose interpreter is missing
      Given a bundle that runs "odd"
      And its root has a file "bin/odd" that says "#!/no/such/interpreter"
      And "{rootfs}/bin/odd" has mode 755
      When container "web" is run
      Then it exits with status 1
      And the error is one line
      And the error says "odd"
      And container "web" does not exist
      And nothing is left on the node
      And nothing is left behind

    Scenario: pct start fails
      Given a bundle
      And "pct start" will fail with "startup for container '100' failed"
      When container "web" is run
      Then it exits with status 1
      And the error is one line
      And container "web" does not exist
      And nothing is left on the node
      And nothing is left behind
