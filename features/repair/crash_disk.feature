@nexcage @root @issue-cli @issue-113 @issue-leaks
Feature: A disk that is full, or cannot be written
  A command that finds no room says so and takes back what it did; when there is room again, repair finds nothing that
  it could not mend. And who has no room can delete.

  Rule: The disk becomes full in the middle of a command

    Scenario Outline: Room for few <what> during <call>
      Given the root is on a disk of its own
      And a machine on which container "web" is <status>
      When "<call>" finds room for 0 to <n> <what>, each time on such a machine, and is repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | n | what  | call                         |
        | absent  | 7 | files | create --bundle {bundle} web |
        | absent  | 7 | pages | create --bundle {bundle} web |
        | created | 2 | files | start web                    |
        | running | 2 | files | update --memory 64m web      |
        | running | 3 | pages | update --memory 64m web      |
        | running | 2 | files | stop --timeout 0 web         |

  Rule: Who has no room can delete

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

  Rule: The disk cannot be written

    Scenario Outline: A read-only disk during <call>
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
        | running | update --memory 64m web      |
        | stopped | delete web                   |
        | running | delete --force web           |
