@nexcage @root @jail @issue-108
Feature: The life of a container on a FreeBSD host
  FreeBSD's tools cannot hold a program back, so nexcage's own process waits in the jail and becomes the program at
  start, with the same number. What was made goes with the container, however little of it is left.

  Rule: A created container is a process that waits in the jail

    Scenario: A jail from create to delete
      Given a bundle that runs the script "echo begun >/begun; exec sleep 100"
      When container "web" is created with "--pid-file {dir}/web.pid"
      Then it succeeds
      And nothing is said
      And container "web" stays created
      And the file "web.pid" names the process of container "web" in its jail
      And file "{rootfs}/begun" does not exist
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists"
      And the hint says "nexcage delete web"
      When container "web" is started
      Then it succeeds
      And nothing is said
      And container "web" stays running
      And file "{rootfs}/begun" says "begun"
      And the file "web.pid" names the process of container "web" in its jail
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it is already running"
      When container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: cannot delete container "web" that is not stopped: running"
      And the hint says "nexcage delete --force web"
      And container "web" stays running
      When container "web" is deleted by force
      Then it succeeds
      And nothing is said
      And container "web" does not exist
      And nothing is left on the host
      And nothing is left behind
      When container "web" is deleted by force
      Then it succeeds
      And nothing is said
      When container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "web" does not exist"

    Scenario: One that has ended is not started again
      Given a stopped container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it has stopped"
      And the hint says "nexcage delete web, then create it again"
      And the jail of container "web" has 0 processes

    Scenario: The program's output in a file of nexcage's
      Given a bundle that runs the script "echo to stdout; echo to stderr >&2"
      When container "web" is created with "--stdio log"
      And container "web" is started
      Then container "web" is stopped
      When the runtime is called with "logs web"
      Then it prints the lines
        """
        to stdout
        to stderr
        """

  Rule: The program gets what config.json says, and nothing of the host's

    Scenario: Numbers of user and groups, directory, limits, umask and environment
      Given a bundle that runs the script "id -u; id -g; id -G; pwd; umask; ulimit -Sn; ulimit -Hn; env; touch made; stat -c '%a %u:%g' made"
      And the variable "SECRET" of the caller is "of the host"
      And the umask of the caller is 077
      And its config.json has $.process.cwd set to "/srv/own"
      And its config.json has $.process.user set to the JSON {"uid": 0, "gid": 1001, "additionalGids": [5, 6], "umask": 23}
      And its config.json has the limit RLIMIT_NOFILE of 20 and at most 30
      And its config.json has $.process.env set to the JSON ["PATH=/bin", "A=b c"]
      When container "web" is run
      Then it succeeds
      And it prints the lines
        """
        0
        1001
        1001 5 6
        /srv/own
        0027
        20
        30
        SHLVL=1
        A=b c
        PATH=/bin
        PWD=/srv/own
        640 0:1001
        """
      And nothing is left on the host

    Scenario: An ordinary user on a root that cannot be written
      Given a bundle that runs the script "id -u; touch /x; exec sleep 100"
      And its config.json has $.root.readonly set to the JSON true
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      When container "web" is created with "--stdio log"
      And container "web" is started
      Then container "web" is running
      And nullfs is mounted on "{root}/web/root" with "ro"
      And the process of container "web" in its jail can gain no privileges
      When "touch /x" is executed in container "web" with "--user 0:0"
      Then it exits with status 1
      And the error says "Read-only file system"
      When the runtime is called with "logs web"
      Then it prints something with "1000"
      And it prints something with "touch: /x: Read-only file system"
      When container "web" is deleted by force
      Then it succeeds
      And the root of container "web" holds what it held before
      And nothing is left on the host

    Scenario: Descriptors of the caller's
      Given a bundle that runs the script "cat <&3; cat <&4"
      And a file "offer" that says "offered"
      And the caller has "{dir}/offer" open as descriptor 3
      And the caller has "{dir}/offer" open as descriptor 4
      When container "web" is created with "--preserve-fds 1"
      And container "web" is started
      Then container "web" is stopped
      And the output of container "web" is "offered"

    Scenario: A terminal that goes to the caller's socket
      Given the bundle "terminal" that runs the script "stty size; read word; echo got $word; trap 'echo interrupted' INT; echo ready; while :; do sleep 0.05; done"
      And its config.json has $.process.consoleSize set to the JSON {"height": 12, "width": 34}
      When container "web" is created on a terminal
      And container "web" is started
      And "hello" is typed on the terminal
      Then the terminal shows "12 34"
      And the terminal shows "got hello"
      And the terminal shows "ready"
      When the interrupt key is typed on the terminal
      Then the terminal shows "interrupted"

    Scenario: A terminal without a socket that takes it
      Given the bundle "terminal" that runs "sleep 100"
      When container "web" is created with "--console-socket {dir}/absent.sock"
      Then it exits with status 1
      And the error is the line "nexcage: create: cannot make the terminal: nothing is there"
      And nothing is left on the host
      And nothing is left behind

  Rule: What cannot run is told by create, in the words that engines know

    Scenario Outline: The program <program>
      Given a bundle that runs "<program>"
      And its root has a file "bin/plain" that says "no program"
      And its config.json has the mount {"destination": "/hidden", "type": "tmpfs", "source": "tmpfs"}
      And its root has a program "hidden/tool" that says "#!/bin/sh"
      When container "web" is created
      Then it exits with status <status>
      And the error is the line "nexcage: create: <message>"
      And container "web" does not exist
      And the root of container "web" holds what it held before
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | program      | status | message                                                                                  |
        | /no/such     | 2      | config.json: $.process.args[0]: "/no/such": no such file or directory in the rootfs |
        | nosuch       | 2      | config.json: $.process.args[0]: executable file "nosuch" not found in $PATH         |
        | plain        | 126    | executable file "plain": permission denied                                          |
        | /hidden/tool | 127    | executable file "/hidden/tool" not found in $PATH                                   |

    Scenario: A working directory that cannot be made
      Given a bundle that runs "sleep 100"
      And its config.json has $.process.cwd set to "/bin/busybox/x"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: process.cwd "/bin/busybox/x": not a directory"
      And nothing is left on the host
      And nothing is left behind

    Scenario: A program whose interpreter is missing
      Given a bundle that runs "odd"
      And its root has a file "bin/odd" that says "#!/no/such/interpreter"
      And "{rootfs}/bin/odd" has mode 755
      And a created container "web"
      When container "web" is started
      Then it exits with status 127
      And the error is the line "nexcage: start: executable file "odd" not found in $PATH"
      And container "web" stays stopped
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

  Rule: An id has one container, whoever asks for it at the same time

    Scenario: Two creates of one id
      Given a bundle that runs "sleep 100"
      When 2 creates of container "web" run at once
      Then container "web" stays created
      And the host has 1 jails
      And the jail of container "web" has 1 processes
      And the host has 1 mounts below "{rootfs}"

    Scenario: Ten creates of ten ids
      Given a bundle that runs "sleep 100"
      And the bundle has a copy for each of 10 containers
      When 10 containers are created at the same time
      Then all containers are created
      And the host has 10 jails
      When all containers are deleted by force
      Then nothing is left on the host
      And nothing is left behind

  Rule: Delete takes away what is left, whatever that is

    Scenario Outline: A create that was killed while jail <when>
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/made/for/it", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}}
      And its config.json has $.freebsd.devices set to the JSON [{"path": "zero", "mode": 420}]
      And the host's "jail -c" will <when>
      When container "web" is being created while "jail -c" hangs
      And the create of container "web" is sent signal "KILL"
      Then the create of container "web" ends with status -9 within 20 seconds
      When the host is well again
      And the state of container "web" is asked for
      Then it exits with status 1
      And the error is the line "nexcage: state: container "web" is half made: its create was cut short"
      And the hint says "nexcage delete --force web"
      When container "web" is deleted
      Then it exits with status 1
      And the host has 2 mounts below "{rootfs}"
      When container "web" is deleted by force
      Then it succeeds
      And the host has no jail
      And the root of container "web" holds what it held before
      And nothing is left on the host
      And nothing is left behind
      When container "web" is deleted by force
      Then it succeeds
      When container "web" is created
      Then it succeeds

      Examples:
        | when                       |
        | hang                       |
        | hang when its work is done |

    Scenario: A container whose jail and mounts somebody has removed
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When somebody calls "jail -R {jid of web}" on the FreeBSD host
      And somebody calls "umount {rootfs}/dev" on the FreeBSD host
      Then container "web" is stopped
      When container "web" is deleted by force
      Then it succeeds
      And nothing is said
      And nothing is left on the host
      And nothing is left behind

  Rule: A start that the held process cannot follow says why, with a code

    Scenario: A directory that is closed to the program's user
      Given a bundle that runs "sleep 100"
      And its root has a directory "/closed"
      And "{rootfs}/closed" has mode 700
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      And its config.json has $.process.cwd set to "/closed"
      And a created container "web"
      Then these calls fail, each with its code
        | call      | code           | status |
        | start web | process-failed | 1      |

    Scenario: More open files than the kernel has for anybody
      Given the host has 2 CPUs
      And a bundle that runs "sleep 100"
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_NOFILE", "soft": 4000000000, "hard": 4000000000}]
      And a created container "web"
      Then these calls fail, each with its code
        | call      | code          | status |
        | start web | rlimit-failed | 1      |

    Scenario: Somebody answers in the place of a container's process
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When somebody runs "sh -c 'echo nonsense >{root}/web/answer'"
      Then these calls fail, each with its code
        | call      | code        | status |
        | start web | held-failed | 1      |
