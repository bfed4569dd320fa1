@oci @root @issue-88
Feature: What an executed program is like
  `exec` starts a further program beside the first one: in the same namespaces, root and cgroup, with the properties
  of `process` in config.json unless the caller names others, by options or by a process file.

  Rule: It is in the container

    Scenario Outline: It shares the <kind> namespace
      Given a running container "web"
      When the probe is executed in container "web"
      Then the container is in the <kind> namespace of container "web"

      Examples:
        | kind    |
        | pid     |
        | ipc     |
        | uts     |
        | mount   |
        | network |
        | cgroup  |

    Scenario: It is in the container's cgroup
      Given a running container "web"
      When "sleep 300" is executed in container "web" with "--detach"
      Then "sleep 300" runs in container "web"

    Scenario: It sees the other processes
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When "ps -o pid,args" is executed in container "web"
      Then it prints a line like " *1 sleep 100"

    Scenario: ps lists it beside the first process
      Given a running container "web"
      When "sleep 300" is executed in container "web" with "--detach"
      Then ps of container "web" lists its processes

    Scenario: It ends with the container
      Given a running container "web"
      When "sleep 300" is executed in container "web" with "--detach"
      And container "web" is sent signal "KILL"
      Then container "web" is stopped
      And no process of container "web" is left

    Scenario: It runs in a container that was created but not started
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When "hostname" is executed in container "web"
      Then it succeeds
      And it prints "box"
      And container "web" stays created

  Rule: Without options it has the properties of config.json

    @nexcage
    Scenario: User, directory and environment of config.json
      Given a bundle that runs "sleep 100"
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 50}
      And its config.json has $.process.cwd set to "/tmp"
      And its config.json has the environment variable COLOUR=blue
      And a running container "web"
      When the probe is executed in container "web"
      Then the container sees uid 1000 and gid 50
      And the container sees the working directory "/tmp"
      And the container sees the variable "COLOUR" as "blue"
      And the container can gain no new privileges

  Rule: Options change one property each

    Scenario: A user without a group
      Given a running container "web"
      When the probe is executed in container "web" with "--user 1000"
      Then the container sees uid 1000 and gid 0

    Scenario: Several variables for one command
      Given a running container "web"
      When the probe is executed in container "web" with "--env A=1 --env B=2"
      Then the container sees the variable "A" as "1"
      And the container sees the variable "B" as "2"

    @nexcage
    Scenario: A variable is added to those of config.json
      Given a running container "web"
      When the probe is executed in container "web" with "--env A=1"
      Then the container sees the variable "A" as "1"
      And the container sees the variable "TERM" as "xterm"

    @nexcage
    Scenario: A variable that config.json sets already
      Given a running container "web"
      When "sh -c 'echo $TERM'" is executed in container "web" with "--env TERM=dumb"
      Then it prints "dumb"

    Scenario: Options of the command are the command's
      Given a running container "web"
      When "echo --user -d --cwd" is executed in container "web"
      Then it prints "--user -d --cwd"

    Scenario: A working directory that does not exist
      Given a running container "web"
      When "true" is executed in container "web" with "--cwd /no/such"
      Then it fails
      And container "web" stays running

  Rule: A process file replaces all of process

    Scenario: Groups, limits and privileges of a process file
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["/bin/probe"], "cwd": "/", "env": ["PATH=/bin"], "noNewPrivileges": false,
         "user": {"uid": 1000, "gid": 1000, "additionalGids": [50]},
         "rlimits": [{"type": "RLIMIT_CORE", "soft": 100, "hard": 200}]}
        """
      When the process file "process.json" is executed in container "web"
      Then the container sees uid 1000 and gid 1000
      And the container sees the groups "50"
      And the container has the limit RLIMIT_CORE of 100 and at most 200
      And the container may gain new privileges
      And the container does not see the variable "TERM"

    Scenario: The status of a program from a process file
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["sh", "-c", "exit 9"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}
        """
      When the process file "process.json" is executed in container "web"
      Then it exits with status 9

    Scenario: Detached, as an engine does it
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["sleep", "300"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}
        """
      When the process file "process.json" is executed in container "web" with "--detach --pid-file {dir}/exec.pid"
      Then it succeeds
      And nothing is printed
      And the file "exec.pid" names a process of container "web" that runs "sleep 300"

    Scenario: Executing a process file that is not there
      Given a running container "web"
      When the process file "absent.json" is executed in container "web"
      Then it fails
      And container "web" stays running

  Rule: A program on a terminal writes to it

    Scenario: On a terminal, from a process file
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["sh", "-c", "tty; sleep 300"], "cwd": "/", "env": ["PATH=/bin"], "terminal": true,
         "user": {"uid": 0, "gid": 0}}
        """
      When the process file "process.json" is executed on a terminal in container "web"
      Then it succeeds
      And the terminal shows "/dev/pts/0"

    Scenario: Typing to an executed program
      Given a running container "web"
      When "sh -c 'read word; echo got $word'" is executed on a terminal in container "web"
      And "hello" is typed on the terminal
      Then the terminal shows "got hello"

  Rule: Many programs can be executed, one after the other and at once

    Scenario: Ten programs at once
      Given a running container "web"
      When "sh -c 'echo done'" is executed 10 times at once in container "web"
      Then it succeeds
      And it prints "done"
      And container "web" stays running
