@nexcage @root @issue-cli @issue-113 @issue-leaks
Feature: A disk that is full, or cannot be written
  A command that finds no room says so and takes back what it did; when there is room again, repair finds nothing that
  it could not mend. And who has no room can stop and delete.

  Rule: The disk becomes full in the middle of a command

    Scenario Outline: Room for few <what> during <call>
      Given the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds room for 0 to <n> <what>, each time on such a machine, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | n | what  | call                               |
        | absent  | 7 | files | create --bundle {bundle} web       |
        | absent  | 7 | pages | create --bundle {bundle} web       |
        | absent  | 7 | files | run --detach --bundle {bundle} web |
        | created | 2 | files | start web                          |
        | running | 2 | files | update --memory 64m web            |
        | running | 3 | pages | update --memory 64m web            |
        | running | 2 | files | stop --timeout 0 web               |

    @pct
    Scenario Outline: On a node: room for few <what> during <call>
      Given a Proxmox VE node where LXC is only a model
      And the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds room for 0 to <n> <what>, each time on such a machine, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | n | what  | call                               |
        | absent  | 6 | files | create --bundle {bundle} web       |
        | absent  | 5 | pages | run --detach --bundle {bundle} web |
        | running | 2 | files | update --memory 64m web            |

    @jail
    Scenario Outline: On a FreeBSD host: room for few <what> during <call>
      Given the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds room for 0 to <n> <what>, each time on such a machine, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | n | what  | call                               |
        | absent  | 9 | files | create --bundle {bundle} web       |
        | absent  | 4 | pages | run --detach --bundle {bundle} web |
        | running | 2 | files | update --pids-limit 7 web          |

  Rule: Who has no room can stop and delete

    Scenario Outline: Deleting a <status> container on a full disk
      Given the root is on a disk of its own
      And a <status> container "web"
      When the disk is full
      And container "web" is deleted by force
      Then it succeeds
      And nothing is left behind
      When there is room on the disk again
      Then nexcage lists nothing

      Examples:
        | status  |
        | running |
        | stopped |

    Scenario: Stopping a container on a full disk
      Given the root is on a disk of its own
      And a running container "web"
      When the disk is full
      And the runtime is called with "stop --timeout 0 web"
      Then it succeeds
      And container "web" is stopped

    @pct
    Scenario: On a node: starting, stopping and deleting a container on a full disk
      Given a Proxmox VE node where LXC is only a model
      And the root is on a disk of its own
      And a created container "web"
      When the disk is full
      And container "web" is started
      Then it succeeds
      And container "web" is running
      When the runtime is called with "stop --timeout 0 web"
      Then it succeeds
      And the node says that container "web" is stopped
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the node
      When there is room on the disk again
      Then nexcage lists nothing

    @jail
    Scenario: On a FreeBSD host: starting, stopping and deleting a container on a full disk
      Given the root is on a disk of its own
      And a created container "web"
      When the disk is full
      And container "web" is started
      Then it succeeds
      And container "web" is running
      When the runtime is called with "stop --timeout 0 web"
      Then it succeeds
      And container "web" is stopped
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host
      When there is room on the disk again
      Then nexcage lists nothing

  Rule: The disk cannot be written

    Scenario Outline: A read-only disk during <call>
      Given the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds the disk read-only, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                               |
        | absent  | create --bundle {bundle} web       |
        | absent  | run --detach --bundle {bundle} web |
        | created | start web                          |
        | running | stop --timeout 0 web               |
        | running | update --memory 64m web            |
        | stopped | delete web                         |
        | running | delete --force web                 |

    @pct
    Scenario Outline: On a node: a read-only disk during <call>
      Given a Proxmox VE node where LXC is only a model
      And the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds the disk read-only, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                               |
        | absent  | create --bundle {bundle} web       |
        | absent  | run --detach --bundle {bundle} web |
        | created | start web                          |
        | running | stop --timeout 0 web               |
        | running | update --memory 64m web            |
        | stopped | delete web                         |
        | running | delete --force web                 |

    @jail
    Scenario Outline: On a FreeBSD host: a read-only disk during <call>
      Given the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds the disk read-only, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                         |
        | absent  | create --bundle {bundle} web |
        | created | start web                    |
        | running | stop --timeout 0 web         |
        | running | update --pids-limit 7 web    |
        | stopped | delete web                   |
        | running | delete --force web           |
