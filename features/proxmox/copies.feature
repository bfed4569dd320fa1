@nexcage @root @pct @issue-87 @needs-lxc
Feature: Copy files into and out of a container of a Proxmox VE node
  `push` and `pull` copy one file. The node's own commands exit with 0 when they fail; nexcage looks whether the copy
  is there, and whole.

  Rule: A copy has the content, the mode and the owner that were asked for

    Scenario: Into the container
      Given a running container "web"
      And a file "page" that says "hello"
      When the runtime is called with "push web {dir}/page /tmp/page --mode 0640 --user 1000 --group 50"
      Then it succeeds
      And nothing is said
      And the node's tools were started 1 times
      When "cat /tmp/page" is executed in container "web" with "--user 1000:50"
      Then it prints "hello"
      When "stat -c %a:%u:%g /tmp/page" is executed in container "web"
      Then it prints "640:1000:50"

    Scenario: Out of the container
      Given a running container "web"
      When "sh -c 'echo inside >/tmp/note'" is executed in container "web"
      And the runtime is called with "pull web /tmp/note {dir}/note --mode 0600"
      Then it succeeds
      And nothing is said
      And the node's tools were started 1 times
      And file "note" says "inside"
      And file "note" has mode 600

    Scenario: A file that is there is replaced by force only
      Given a running container "web"
      And a file "note" that says "mine"
      When "sh -c 'echo inside >/tmp/note'" is executed in container "web"
      And the runtime is called with "pull web /tmp/note {dir}/note"
      Then it exits with status 1
      And the error is the line "nexcage: pull: "{dir}/note" exists"
      And the hint says "--force"
      And file "note" says "mine"
      When the runtime is called with "pull --force web /tmp/note {dir}/note"
      Then it succeeds
      And file "note" says "inside"

  Rule: What cannot be copied is refused before the node's tools are called

    Scenario Outline: <call> is refused
      Given a running container "web"
      And a directory "folder"
      When the runtime is called with "<call>"
      Then it exits with status <status>
      And the error is the line "nexcage: <message>"
      And the node's tools were started 0 times
      And file "copy" does not exist

      Examples:
        | call                                | status | message                                                            |
        | push web {dir}/none /tmp/x          | 1      | push: the file "{dir}/none" does not exist                         |
        | push web {dir}/folder /tmp/x        | 2      | push: "{dir}/folder" is a directory                                |
        | push web {bundle}/config.json tmp/x | 2      | push: "tmp/x" is no absolute path in the container                 |
        | push --mode 9 web {bundle}/config.json /x | 2      | push: option --mode: "9" is no octal mode                          |
        | pull web /tmp/none {dir}/copy       | 1      | pull: the file "/tmp/none" does not exist in container "web"       |
        | pull web /tmp {dir}/copy            | 2      | pull: "/tmp" in container "web" is a directory                     |
        | pull web /bin/sh {dir}/nowhere/copy | 1      | pull: the directory "{dir}/nowhere" does not exist                 |

    Scenario Outline: To <verb> needs a container that runs
      Given a created container "web"
      When the runtime is called with "<verb> web <words>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: cannot <verb> container "web" that is created: container not running"

      Examples:
        | verb | words                  |
        | push | {bundle}/config.json /tmp/x   |
        | pull | /bin/sh {dir}/copy     |

  Rule: A copy that fails is a failure, and leaves nothing

    Scenario: pct push fails and exits with 0
      Given a running container "web"
      And "pct push" will exit with status 0 after it said "failed to create file: /tmp/x: Permission denied"
      When the runtime is called with "push web {bundle}/config.json /tmp/x"
      Then it exits with status 1
      And the error is one line
      And the error says "/tmp/x"

    Scenario: pct pull fails and exits with 0
      Given a running container "web"
      And "pct pull" will exit with status 0 after it said "failed to open /bin/busybox: Permission denied"
      When the runtime is called with "pull web /bin/busybox {dir}/copy"
      Then it exits with status 1
      And the error is one line
      And the error says "/bin/busybox"
      And file "copy" does not exist

    Scenario: A copy that is not there although nothing was said
      Given a running container "web"
      And "pct pull" will exit with status 0 after it said ""
      When the runtime is called with "pull web /bin/busybox {dir}/copy"
      Then it exits with status 1
      And the error is the line "nexcage: pull: "{dir}/copy" was not made, though nothing was said"
      And file "copy" does not exist
