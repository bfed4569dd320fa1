@oci @root @issue-88
Feature: Signal a container
  `kill` sends a signal to the first process of a container. Whether the container stops is up to its program,
  except for KILL.

  Rule: A signal is a number, a name, or a name with SIG

    Scenario Outline: Signal <signal> reaches the program
      Given a running container "web" that obeys signal TERM
      When container "web" is sent signal "<signal>"
      Then it succeeds
      And nothing is printed
      And the output of container "web" contains "<seen>"

      Examples:
        | signal   | seen  |
        | 1        | HUP   |
        | HUP      | HUP   |
        | SIGHUP   | HUP   |
        | USR1     | USR1  |
        | SIGUSR2  | USR2  |
        | 12       | USR2  |
        | WINCH    | WINCH |
        | 2        | INT   |
        | SIGQUIT  | QUIT  |

    Scenario: Without a signal, TERM is sent
      Given a running container "web" that obeys signal TERM
      When container "web" is killed
      Then it succeeds
      And container "web" is stopped
      And the output of container "web" contains "TERM"

    Scenario Outline: <signal> ends any program
      Given a running container "web"
      When container "web" is sent signal "<signal>"
      Then it succeeds
      And container "web" is stopped
      And no process of container "web" is left

      Examples:
        | signal  |
        | KILL    |
        | SIGKILL |
        | 9       |

    @nexcage @issue-cli
    Scenario: A signal that does not exist
      Given a running container "web"
      When container "web" is sent signal "NOSUCH"
      Then it exits with status 2
      And the error says "unknown signal "NOSUCH""
      And container "web" stays running

  Rule: A signal to all processes ends the whole container

    Scenario: Killing all processes
      Given a bundle that runs the script "sleep 100 & sleep 200 & wait"
      And a running container "web"
      When container "web" is sent signal "KILL" to all its processes
      Then it succeeds
      And container "web" is stopped
      And no process of container "web" is left

  Rule: Only created and running containers can be signalled

    Scenario: Killing a created container
      Given a created container "web"
      When container "web" is sent signal "KILL"
      Then it succeeds
      And container "web" is stopped

    Scenario: Signalling a container that has stopped
      Given a stopped container "web"
      When container "web" is sent signal "TERM"
      Then it fails
      And container "web" stays stopped

    Scenario: Signalling a container that does not exist
      When container "web" is sent signal "TERM"
      Then it fails
