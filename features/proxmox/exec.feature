@nexcage @root @pct @issue-87 @issue-90 @needs-lxc
Feature: Execute a command in a container of a Proxmox VE node
  `exec` runs one more program inside, as `pct exec` does it, and says user, directory and environment, which that
  one cannot. It starts none of the node's tools.

  Rule: The command runs inside, and its status is passed on

    Scenario: Executing in a container of the node
      Given a running container "web"
      When "hostname" is executed in container "web"
      Then it succeeds
      And it prints "box"
      And the node's tools were started 0 times

    Scenario Outline: A command on the node that ends with <how>
      Given a running container "web"
      When "<command>" is executed in container "web"
      Then it exits with status <status>
      And the error is one line

      Examples:
        | how         | command                                | status |
        | status 3    | sh -c 'echo no >&2; exit 3'            | 3      |
        | signal TERM | sh -c 'echo no >&2; kill -TERM $$'     | 143    |
        | signal KILL | sh -c 'echo no >&2; kill -KILL $$'     | 137    |

    Scenario: A command that is not there
      Given a running container "web"
      When "nothing-here" is executed in container "web"
      Then it exits with status 127
      And the error is the line "nexcage: exec: executable file "nothing-here" not found in $PATH"
      And container "web" stays running

    Scenario: A command that cannot be executed
      Given a bundle
      And its root has a file "plain" that says "text"
      And a running container "web"
      When "/plain" is executed in container "web"
      Then it exits with status 126
      And the error is the line "nexcage: exec: executable file "/plain": permission denied"

    Scenario: Output, errors and input go their ways
      Given a running container "web"
      When "sh -c 'cat; echo wrong >&2'" is executed in container "web" and given the input "given"
      Then it succeeds
      And it prints "given"
      And the error is the line "wrong"

  Rule: What follows the id belongs to the command

    Scenario Outline: Words of the command stay its own: <words>
      Given a running container "web"
      When the runtime is called with "exec web <words>"
      Then it succeeds
      And it prints "<printed>"

      Examples:
        | words                                | printed          |
        | -- echo -l --detach -- x             | -l --detach -- x |
        | echo -l --user 5 x                   | -l --user 5 x    |
        | -- sh -c 'echo $1,$2' sh 'two words' | two words,       |

  Rule: Without options it runs as the container's own process does

    Scenario: User, directory and environment of the container
      Given a bundle
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 50}
      And its config.json has $.process.cwd set to "/tmp"
      And its config.json has the environment variable COLOUR=blue
      And a running container "web"
      When the probe is executed in container "web"
      Then it succeeds
      And the container sees uid 1000 and gid 50
      And the container sees the working directory "/tmp"
      And the container sees the variable "COLOUR" as "blue"

    Scenario: Nothing of the caller's environment comes in
      Given a running container "web"
      And the variable "SECRET" of the caller is "x"
      When the probe is executed in container "web"
      Then it succeeds
      And the container does not see the variable "SECRET"

  Rule: The caller chooses otherwise

    Scenario: With user, directory and variables of its own
      Given a running container "web"
      When the probe is executed in container "web" with "--user 1000:50 --cwd /tmp --env A=one --env B='two words'"
      Then it succeeds
      And the container sees uid 1000 and gid 50
      And the container sees the working directory "/tmp"
      And the container sees the variable "A" as "one"
      And the container sees the variable "B" as "two words"

    Scenario: By a process document
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["/bin/probe"], "cwd": "/tmp", "env": ["PATH=/bin", "ORIGIN=file"], "user": {"uid": 1000, "gid": 1000}}
        """
      When the process file "process.json" is executed in container "web"
      Then it succeeds
      And the container sees uid 1000 and gid 1000
      And the container sees the working directory "/tmp"
      And the container sees the variable "ORIGIN" as "file"

    Scenario: Detached
      Given a running container "web"
      When "sleep 300" is executed in container "web" with "--detach"
      Then it succeeds
      And nothing is said
      And "sleep 300" runs in container "web"

  Rule: What LXC cannot give is refused by name

    Scenario Outline: exec <option> on the node
      Given a running container "web"
      When "true" is executed in container "web" with "<option>"
      Then it exits with status <status>
      And the error is the line "nexcage: exec: <message>"
      And the hint says "<hint>"

      Examples:
        | option                    | status | message                                                           | hint                  |
        | --additional-gids 60      | 1      | pct has no exec --additional-gids: a program gets what the container has | leave out --additional-gids |
        | --cap CAP_SYS_ADMIN       | 1      | pct has no exec --cap: a program gets what the container has      | leave out --cap       |
        | --pid-file {dir}/exec.pid | 1      | pct has no exec --pid-file: a program gets what the container has | leave out --pid-file  |
        | --tty                     | 2      | --tty needs a terminal at standard input and output               | leave out --tty       |

  Rule: There has to be a process to enter

    Scenario Outline: Executing in a container of the node that is <status>
      Given a <status> container "web"
      When "true" is executed in container "web"
      Then it exits with status 1
      And the error is the line "nexcage: exec: <message>"

      Examples:
        | status  | message                                                                  |
        | created | cannot exec container "web" that is created: container not running      |
        | stopped | cannot exec container "web" that is stopped: container not running      |
        | paused  | cannot exec container "web": it is paused                               |
