@nexcage @root @pct @issue-87 @needs-lxc
Feature: Snapshots of a container of a Proxmox VE node
  `snapshot` keeps a container's files under a name and lists such names, `rollback` goes back to one: where the
  storage of its root can make snapshots. A bundle's directory cannot.

  Rule: A container comes back to what it was

    Scenario: Keeping, changing, going back
      Given the storage "fast", which can make snapshots
      And a bundle
      When container "web" is created with "--storage fast"
      And container "web" is started
      And "sh -c 'echo before >/state'" is executed in container "web"
      And the runtime is called with "snapshot web first --description 'before the update'"
      Then it succeeds
      And nothing is said
      And the node's tools were started 1 times
      And container "web" stays running
      When "sh -c 'echo after >/state'" is executed in container "web"
      And the runtime is called with "rollback web first"
      Then it succeeds
      And the node's tools were started 1 times
      And container "web" stays stopped
      When container "web" is started
      And "cat /state" is executed in container "web"
      Then it prints "before"
      When the runtime is called with "rollback --start web first"
      Then it succeeds
      And container "web" stays running

    Scenario: They are listed, and removed by name
      Given the storage "fast", which can make snapshots
      And a bundle
      When container "web" is created with "--storage fast"
      And the runtime is called with "snapshot web first --description 'before the update'"
      And the runtime is called with "snapshot web second"
      And the runtime is called with "snapshot web"
      Then it succeeds
      And the node's tools were started 1 times
      And it prints 3 lines
      And it prints a line like "NAME +PARENT +TIME +DESCRIPTION"
      And it prints a line like "first +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ +before the update"
      And it prints a line like "second +first +20\d\d-.*Z"
      When the runtime is called with "snapshot --remove first web"
      Then it succeeds
      When the runtime is called with "snapshot web --format json"
      Then it prints JSON with $[0].name "second"
      And it prints JSON with $[0].parent ""
      When the runtime is called with "snapshot web second"
      Then it exits with status 1
      And the error is the line "nexcage: snapshot: container "web" (VMID {vmid}) has a snapshot "second" already"
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the node

    Scenario: The mark of the container outlives a rollback
      Given the storage "fast", which can make snapshots
      And a bundle
      When container "web" is created with "--storage fast"
      And the runtime is called with "snapshot web first"
      And the runtime is called with "rollback web first"
      Then it succeeds
      And the description of container "web" contains "nexcage id=web"
      And container "web" stays created

  Rule: What cannot be kept is refused, and says why

    Scenario: A root that is a bundle's directory
      Given a created container "web"
      When the runtime is called with "snapshot web first"
      Then it exits with status 1
      And the error is one line
      And the error says "snapshot"
      And the hint says "storage"

    Scenario Outline: A snapshot named <name>
      Given a created container "web"
      When the runtime is called with "snapshot web <name>"
      Then it exits with status 2
      And the error is the line "nexcage: snapshot: <message>"
      And the node's tools were started 0 times

      Examples:
        | name    | message                              |
        | current | the snapshot name "current" is reserved |
        | 1st     | "1st" is no name of a snapshot        |

    Scenario Outline: No snapshot to <what>
      Given a created container "web"
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error is the line "nexcage: <verb>: container "web" (VMID {vmid}) has no snapshot "none""

      Examples:
        | what       | verb     | call                       |
        | go back to | rollback | rollback web none          |
        | remove     | snapshot | snapshot web --remove none |

    @cgroup-freezer
    Scenario: A paused container is left paused
      Given a paused container "web"
      When the runtime is called with "snapshot web first"
      Then it exits with status 1
      And the error is the line "nexcage: snapshot: cannot snapshot container "web": it is paused"
      And the node's tools were started 0 times
      And container "web" stays paused
