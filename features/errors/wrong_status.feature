@nexcage @root @issue-cli @issue-88
Feature: Asking a container for what it cannot do now
  Each verb wants the container in a certain status. Asked at another time it changes nothing, says the same on every
  driver, and ends with status 1. Engines look for "container not running" where a program has ended.

  Rule: A container that has stopped

    Scenario Outline: <verb> of a stopped container
      Given a stopped container "web"
      When the runtime is called with "<verb> web <arguments>"
      Then it exits with status 1
      And nothing is printed
      And the error is the line "nexcage: <verb>: cannot <verb> container "web" that is stopped: container not running"
      And container "web" stays stopped

      Examples:
        | verb   | arguments      |
        | kill   | TERM           |
        | exec   | true           |
        | pause  |                |
        | resume |                |
        | ps     |                |
        | update | --pids-limit 9 |
        | events | --stats        |
        | stop   |                |

    Scenario: Starting a container whose program has ended
      Given a stopped container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it has stopped"
      And the hint says "nexcage delete web, then create it again"

  Rule: A container that runs

    Scenario: Starting a container that is already running
      Given a running container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: cannot start container "web": it is already running"
      And container "web" stays running

    Scenario: Deleting a container that is not stopped
      Given a running container "web"
      When container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: cannot delete container "web" that is not stopped: running"
      And the hint says "nexcage delete --force web"
      And container "web" stays running

    Scenario: Resuming a container that is not paused
      Given a running container "web"
      When container "web" is resumed
      Then it exits with status 1
      And the error is the line "nexcage: resume: cannot resume container "web": it is not paused but running"

    Scenario: Creating a container that exists
      Given a running container "web"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists"
      And the hint says "nexcage delete web"
      And container "web" stays running

  @cgroup-freezer
  Rule: A container that is paused

    Scenario Outline: <verb> while it is paused
      Given a paused container "web"
      When the runtime is called with "<verb> web <arguments>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: <message>"
      And container "web" stays paused

      Examples:
        | verb   | arguments | message                                                        |
        | pause  |           | cannot pause container "web": it is already paused             |
        | exec   | true      | cannot exec container "web": it is paused                      |
        | start  |           | cannot start container "web": it is already paused             |
        | delete |           | cannot delete container "web" that is not stopped: paused      |

  Rule: A container that waits for its start

    Scenario: Its program cannot be resumed before it has begun
      Given a created container "web"
      When container "web" is resumed
      Then it exits with status 1
      And the error is the line "nexcage: resume: cannot resume container "web": it is not paused but created"
      And container "web" stays created

    Scenario Outline: <verb> is possible before start
      Given a created container "web"
      When the runtime is called with "<verb> web <arguments>"
      Then it succeeds
      And container "web" is <status>

      Examples:
        | verb   | arguments      | status  |
        | exec   | true           | created |
        | ps     |                | created |
        | update | --pids-limit 9 | created |
        | kill   | KILL           | stopped |
        | stop   | --timeout 0    | stopped |
