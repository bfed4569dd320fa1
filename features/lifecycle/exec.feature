@oci @root @issue-88
Feature: Execute a command in a container
  `exec` runs one more program inside a container, waits for it, and ends with its status.

  Rule: The command runs inside and its status is passed on

    Scenario: Executing a command
      Given a running container "web"
      When "hostname" is executed in container "web"
      Then it succeeds
      And it prints "box"

    Scenario Outline: A command that ends with status <status>
      Given a running container "web"
      When "sh -c 'exit <status>'" is executed in container "web"
      Then it exits with status <status>
      And container "web" stays running

      Examples:
        | status |
        | 0      |
        | 1      |
        | 42     |

    Scenario: A command that is killed
      Given a running container "web"
      When "sh -c 'kill -KILL $$'" is executed in container "web"
      Then it exits with status 137

    Scenario: Output and errors are kept apart
      Given a running container "web"
      When "sh -c 'echo to stdout; echo to stderr >&2'" is executed in container "web"
      Then it prints "to stdout"
      And the error says "to stderr"

    Scenario: A command that cannot be found
      Given a running container "web"
      When "/no/such/program" is executed in container "web"
      Then it fails
      And the error says "no/such/program"
      And container "web" stays running

  Rule: The caller chooses user, directory, environment

    Scenario: As another user
      Given a running container "web"
      When the probe is executed in container "web" with "--user 1000:50"
      Then the container sees uid 1000 and gid 50

    Scenario: In another directory
      Given a running container "web"
      When "pwd" is executed in container "web" with "--cwd /tmp"
      Then it prints "/tmp"

    Scenario: With a variable of its own
      Given a running container "web"
      When the probe is executed in container "web" with "--env COLOUR=blue"
      Then the container sees the variable "COLOUR" as "blue"

    Scenario: From a process file
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["probe"], "cwd": "/tmp", "env": ["PATH=/bin", "ORIGIN=file"], "user": {"uid": 1000, "gid": 1000}}
        """
      When the process file "process.json" is executed in container "web"
      Then the container sees uid 1000 and gid 1000
      And the container sees the working directory "/tmp"
      And the container sees the variable "ORIGIN" as "file"

  Rule: A detached command goes on by itself

    Scenario: Executing detached with a pid file
      Given a running container "web"
      When "sleep 300" is executed in container "web" with "--detach --pid-file {dir}/exec.pid"
      Then it succeeds
      And the file "exec.pid" names a process of container "web" that runs "sleep 300"

  Rule: A command may have a terminal

    Scenario: Executing on a terminal
      Given a running container "web"
      When "tty" is executed on a terminal in container "web"
      Then it succeeds
      And the terminal shows "/dev/pts/0"

  Rule: Only a container that lives can run a command

    Scenario: Executing in a container that has stopped
      Given a stopped container "web"
      When "true" is executed in container "web"
      Then it fails

    Scenario: Executing in a container that does not exist
      When "true" is executed in container "web"
      Then it fails
