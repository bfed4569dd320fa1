@nexcage @root @issue-cli
Feature: Nowhere to write
  A full or read-only disk is named with the path, and the container that could not be written down does not exist.

  Rule: A root without space

    Scenario Outline: The root's file system is full: <why>
      Given a bundle
      And the root is on a file system <limit>
      When container "web" is created
      Then it exits with status 1
      And the error says "no space left on device"
      And the hint says "free some space there"
      And nothing is left behind
      When the list of containers is asked for
      Then it succeeds
      And the list is empty

      Examples:
        | limit                  | why            |
        | with room for 2 files  | no inode left  |
        | with room for 3 files  | one inode left |
        | of 4 KiB               | one page       |

  Rule: A root that cannot be written

    Scenario: The root's file system is read-only
      Given a bundle
      And the root is on a file system that cannot be written
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: cannot make {root}/web: read-only file system"
      And the hint says "--root on a writable file system"
      And nothing is left behind

    Scenario: The directory for records is a file
      Given a bundle
      And a file "root" that says "no directory"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: {root} is not a directory"
      Given file or directory "root" is removed
      When the list of containers is asked for
      Then the list is empty

  Rule: An output that cannot be written fails the command

    Scenario: Standard output is full
      When the shell runs "exec "$@" >/dev/full" with the runtime as its arguments "list"
      Then it exits with status 1
      And the error is the line "nexcage: list: cannot write the output: no space left on device"

    Scenario: Nobody reads standard output
      When the shell runs "{ sleep 0.3; "$@"; echo $? >{dir}/status; } | true" with the runtime as its arguments "list"
      Then nothing is said
      And file "status" says "1"

    Scenario: Standard output and error are closed
      Given a stopped container "web"
      When the shell runs "exec "$@" >&- 2>&- <&-" with the runtime as its arguments "delete web"
      Then it succeeds
      And nothing is said
      And nothing is left behind

  Rule: An ordinary user is told what is missing

    Scenario: A root that belongs to somebody else
      Given a stopped container "web"
      When an ordinary user calls the runtime with "--root {root} state web"
      Then it exits with status 1
      And the error says "nexcage: state: cannot read {root}/web/record.json: permission denied"
      And the hint says "run it as root, or choose a --root that is yours"

    Scenario: Creating below a root that belongs to somebody else
      Given a stopped container "web"
      And a bundle
      When an ordinary user calls the runtime with "--root {root} create --bundle {bundle} db"
      Then it exits with status 1
      And the error says "nexcage: create: cannot make {root}/db: permission denied"

    Scenario: An ordinary user's own root and a bundle that needs root
      Given a bundle
      And a directory "own"
      And "own" has mode 1777
      When an ordinary user calls the runtime with "--root {dir}/own/root create --bundle {bundle} db"
      Then it fails
      And the error says "nexcage: create: "
      And file "own/root/db" does not exist
