@nexcage @root @jail @issue-108
Feature: Further programs in a container on a FreeBSD host
  jexec(8) knows names of users only and says status 1 for whatever goes wrong. So nexcage enters the jail itself, with
  numbers, and tells its own failures from those of the program.

  Rule: The status of the program is the status of exec

    Scenario: Statuses, signals, and failures that are no status of a program
      Given a running container "web"
      When "true" is executed in container "web"
      Then it exits with status 0
      When "sh -c 'exit 3'" is executed in container "web"
      Then it exits with status 3
      And nothing is said
      When "sh -c 'echo mine >&2; exit 1'" is executed in container "web"
      Then it exits with status 1
      And the error is the line "mine"
      When "sh -c 'kill -TERM $$'" is executed in container "web"
      Then it exits with status 143
      And nothing is said
      When "sh -c 'exit 127'" is executed in container "web"
      Then it exits with status 127
      And nothing is said
      When "nosuch" is executed in container "web"
      Then it exits with status 127
      And the error is the line "nexcage: exec: executable file "nosuch" not found in $PATH"
      When "/etc" is executed in container "web"
      Then it exits with status 126
      And the error is the line "nexcage: exec: executable file "/etc": permission denied"
      When "nosuch" is executed in container "web" with "--detach"
      Then it exits with status 127
      And the error is the line "nexcage: exec: executable file "nosuch" not found in $PATH"
      And the jail of container "web" has 1 processes

    Scenario: What it reads and writes is the caller's
      Given a running container "web"
      When "sh -c 'cat; echo to stderr >&2'" is executed in container "web" and given the input "from outside"
      Then it succeeds
      And it prints "from outside"
      And the error is the line "to stderr"

  Rule: It gets what the container's program has, unless something else is said

    Scenario: Inherited from config.json, and changed by options
      Given a bundle that runs "sleep 100"
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1001, "additionalGids": [5], "umask": 23}
      And its config.json has $.process.cwd set to "/srv"
      And its config.json has $.process.env set to the JSON ["PATH=/bin", "A=b"]
      And its config.json has the limit RLIMIT_NOFILE of 20 and at most 30
      And the variable "SECRET" of the caller is "of the host"
      And a running container "web"
      When "sh -c 'id -u; id -g; id -G; pwd; umask; ulimit -Sn; ulimit -Hn; echo $A$SECRET'" is executed in container "web"
      Then it succeeds
      And it prints the lines
        """
        1000
        1001
        1001 5
        /srv
        0027
        20
        30
        b
        """
      When "sh -c 'id -u; id -g; id -G; pwd; echo $A $B'" is executed in container "web" with "--user 7:8 --additional-gids 9 --cwd /bin --env B=c --env A=d"
      Then it succeeds
      And it prints the lines
        """
        7
        8
        8 5 9
        /bin
        d c
        """

    Scenario: A process document
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["sh", "-c", "id -u; id -G; pwd; umask; ulimit -Sn; echo $A; exit 5"], "cwd": "/bin",
         "env": ["PATH=/bin", "A=of the file"], "user": {"uid": 70, "gid": 71, "additionalGids": [72], "umask": 7},
         "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 40, "hard": 50}], "noNewPrivileges": true}
        """
      When the process file "process.json" is executed in container "web"
      Then it exits with status 5
      And it prints the lines
        """
        70
        71 72
        /bin
        0007
        40
        of the file
        """

    Scenario: Descriptors of the caller's, and none of nexcage's
      Given a running container "web"
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      And the caller has "{dir}/offer" open as descriptor 5
      When "sh -c 'cat <&3; cat <&5'" is executed in container "web" with "--preserve-fds 1"
      Then it exits with status 1
      And it prints "offered"

    Scenario: A terminal
      Given a running container "web"
      When "sh -c 'test -t 0 && test -t 1 && echo a terminal; read word; echo got $word'" is executed on a terminal in container "web"
      Then the terminal shows "a terminal"
      When "hello" is typed on the terminal
      Then the terminal shows "got hello"

  Rule: With --detach it goes on, and its number is known

    Scenario: In the background with a pid file
      Given a running container "web"
      When "sleep 200" is executed in container "web" with "--detach --pid-file {dir}/more.pid"
      Then it succeeds
      And nothing is said
      And the file "more.pid" names another process in the jail of container "web"
      And the jail of container "web" has 2 processes
      When container "web" is sent signal "KILL"
      Then container "web" is stopped
      And the jail of container "web" has 1 processes
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host
      And nothing is left behind

  Rule: It needs a container that has a process

    Scenario: Before start, and after the end
      Given a created container "web"
      When "echo hello" is executed in container "web"
      Then it succeeds
      And it prints "hello"
      And container "web" stays created
      When container "web" is sent signal "KILL"
      And "echo hello" is executed in container "web"
      Then it exits with status 1
      And the error is the line "nexcage: exec: cannot exec container "web" that is stopped: container not running"
      And nothing is printed

    Scenario Outline: A jail has no <option>
      Given a created container "web"
      When "true" is executed in container "web" with "--<option> <value>"
      Then it exits with status <status>
      And the error is the line "nexcage: exec: <message>"
      And the hint says "<hint>"

      Examples:
        | option        | value    | status | message                                | hint                               |
        | cap           | CAP_KILL | 1      | jail has no exec --cap                 | leave out --cap                    |
        | process-label | x        | 1      | jail has no exec --process-label       | leave out --process-label          |
        | apparmor      | x        | 1      | jail has no exec --apparmor            | leave out --apparmor               |
        | cgroup        | x        | 1      | jail has no exec --cgroup              | leave out --cgroup                 |
        | user          | bob      | 2      | option --user takes numbers, not "bob" | a user id and a group id: 1000:1000 |
