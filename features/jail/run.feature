@nexcage @root @jail @issue-108
Feature: Run a container on a FreeBSD host in the foreground
  `run` is its program to the caller: its streams, its status, its signals. When the program has ended, neither the jail
  nor anything that was made for it is left.

  Rule: Streams and status of the program are those of run

    Scenario Outline: A program that <ends>
      Given a bundle that runs the script "echo to stdout; echo to stderr >&2; <end>"
      When container "web" is run
      Then it exits with status <status>
      And it prints "to stdout"
      And the error is the line "to stderr"
      And container "web" does not exist
      And the root of container "web" holds what it held before
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | ends                    | end                  | status |
        | succeeds                | exit 0               | 0      |
        | fails                   | exit 7               | 7      |
        | is ended by a signal    | kill -KILL $$        | 137    |
        | leaves others behind    | sleep 300 & exit 4   | 4      |

    Scenario: Its input is the caller's, and more output than a pipe holds comes through
      Given a bundle that runs the script "cat; seq 1 40000"
      When container "web" is run with the input "from outside"
      Then it succeeds
      And it prints a line like "from outside.*"
      And it prints a line like "40000"

  Rule: Signals to run reach the program

    Scenario: One that handles them, and one after the other
      Given a bundle that reports the signals it gets
      When container "web" is run in the background
      And the program of container "web" is ready
      And the run of container "web" is sent signal "USR1"
      Then the output of container "web" contains "USR1"
      When the run of container "web" is sent signal "INT"
      Then the output of container "web" contains "INT"
      When the run of container "web" is sent signal "TERM"
      Then the run of container "web" ends with status 0
      And it prints something with "TERM"
      And nothing is left on the host
      And nothing is left behind

    Scenario Outline: One that <signal> ends
      Given a bundle that runs "sleep 100"
      When container "web" is run in the background
      And the run of container "web" is sent signal "<signal>"
      Then the run of container "web" ends with status <status>
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | signal | status |
        | TERM   | 143    |
        | INT    | 130    |

    Scenario: Other commands know it while it runs
      Given a bundle that runs "sleep 100"
      When container "web" is run in the background
      And "echo hello" is executed in container "web"
      Then it prints "hello"
      When container "web" is sent signal "KILL"
      Then the run of container "web" ends with status 137
      And nothing is left on the host

    Scenario: Somebody deletes it meanwhile
      Given a bundle that runs "sleep 100"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is run in the background
      And container "web" is deleted by force
      Then it succeeds
      And the run of container "web" ends with status 137
      And the hooks have noted "poststop"
      And nothing is left on the host
      And nothing is left behind

  Rule: With --detach or --keep the container stays

    Scenario: A jail in the background
      Given a bundle that runs the script "echo begun; exec sleep 100"
      When container "web" is run with "--detach --pid-file {dir}/web.pid"
      Then it succeeds
      And container "web" stays running
      And the output of container "web" is "begun"
      And the file "web.pid" names the process of container "web" in its jail

    Scenario: A jail kept after the end of its program
      Given a bundle that runs the script "echo done; exit 3"
      When container "web" is run with "--keep"
      Then it exits with status 3
      And it prints "done"
      And container "web" stays stopped
      And the host has 1 jails
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host
      And nothing is left behind

  Rule: A run that comes to nothing leaves nothing

    Scenario Outline: It is interrupted while <tool> hangs
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/made/for/it", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}}
      And the host's "<tool>" will hang
      When container "web" is being run while "<tool>" hangs
      And the run of container "web" is sent signal "INT"
      Then the run of container "web" ends with status 130
      And none of the host's tools is at work
      And the root of container "web" holds what it held before
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | tool        |
        | mount tmpfs |
        | rctl -a     |
        | jail -c     |

    Scenario: A program whose interpreter is missing, in the foreground and in the background
      Given a bundle that runs "odd"
      And its root has a file "bin/odd" that says "#!/no/such/interpreter"
      And "{rootfs}/bin/odd" has mode 755
      When container "web" is run
      Then it exits with status 127
      And the error is the line "nexcage: run: executable file "odd" not found in $PATH"
      And nothing is left on the host
      And nothing is left behind
      When container "web" is run with "--detach"
      Then it exits with status 127
      And nothing is left on the host
      And nothing is left behind

    Scenario: The foreground run itself is killed
      Given a bundle that runs "sleep 100"
      When container "web" is run in the background
      And the foreground run of container "web" is killed
      Then container "web" stays running
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host
      And nothing is left behind
