@nexcage @root @issue-cli
Feature: Records that a crash or a disk has damaged
  nexcage remembers each container in a record. What cannot be read is said, never guessed: the other containers go
  on, and deleting by force removes the damaged one with all that belongs to it.

  Rule: A damaged record is named, with what is wrong

    Scenario Outline: <verb> of a container whose record is cut short
      Given a running container "web"
      And the record of container "web" is cut short
      When the runtime is called with "<verb> web <arguments>"
      Then it exits with status 1
      And the error says "{root}/web/record.json: line "
      And the error is one line
      And the hint says "nexcage delete --force"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

      Examples:
        | verb   | arguments |
        | exec   | true      |
        | kill   | KILL      |
        | pause  |           |
        | delete |           |

    Scenario Outline: A record that reads <text>
      Given a running container "web"
      And the record of container "web" reads "<text>"
      When the runtime is called with "ps web"
      Then it exits with status 1
      And the error is the line "nexcage: ps: {root}/web/record.json: <message>"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

      Examples:
        | text                      | message                                          |
        | []                        | not an object                                    |
        | {"format": "1"}           | not of format 1                                  |
        | {"format": 99}            | of format 99, which a newer nexcage has written  |
        | {"format": 1}             | $.id: must be a string                           |
        | {"format": 1, "id": "db"} | $.driver: must be a string                       |

    Scenario: A record that belongs to another container
      Given a running container "web"
      And the record of container "web" has $.id "db"
      When the runtime is called with "ps web"
      Then it exits with status 1
      And the error is the line "nexcage: ps: {root}/web/record.json: is the record of "db""
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

  Rule: The list shows the others, and says that something is missing

    Scenario: Listing with one damaged record
      Given a running container "web"
      And a running container "db"
      And the record of container "web" is cut short
      When the list of containers is asked for
      Then it exits with status 1
      And the list names container "db" as running
      And the error says "{root}/web/record.json"

  Rule: A container whose making was cut short can only be removed

    Scenario: A directory without a record
      Given a running container "web"
      And the record of container "web" is lost
      When the state of container "web" is asked for
      Then it exits with status 1
      And the error is the line "nexcage: state: container "web" is half made: its create was cut short"
      And the hint says "nexcage delete --force web"
      When the list of containers is asked for
      Then it exits with status 1
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists"
      And the hint says "nexcage delete --force web"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

    Scenario: Trying out the removal removes nothing
      Given a running container "web"
      And the record of container "web" is lost
      When the runtime is called with "--dry-run delete --force web"
      Then "sleep 100" runs in container "web"
      When container "web" is deleted by force
      Then nothing is left behind

  Rule: One command at a time changes a container

    @runc
    Scenario: Another command holds the container's lock
      Given a stopped container "web"
      And another process holds the lock of container "web"
      When the runtime is called with "delete --force web"
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "web" is locked by another command"
      And the hint says "try again"
      And container "web" stays stopped
      When the lock of container "web" is let go
      And container "web" is deleted
      Then it succeeds

    Scenario: A lock that nobody holds any more is no obstacle
      Given a stopped container "web"
      And a file "{root}/web/lock" that says "left by a crash"
      When container "web" is deleted
      Then it succeeds
      And nothing is left behind
