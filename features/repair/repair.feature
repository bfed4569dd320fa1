@nexcage @root @issue-113
Feature: Repair
  Whatever ended a command in the middle, "nexcage repair" brings the host to a state as before it or as after it.
  It shows what it would do, asks, touches only what nexcage has made, and a second time finds nothing to do.

  Rule: It says what it would do, and does nothing without a yes

    Scenario: Nothing to mend
      Given a running container "web"
      And all that is below "{root}" is remembered
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints "nothing to mend"
      And nothing below "{root}" has changed

    Scenario: A dry run changes nothing
      Given a running container "web"
      And the record of container "web" is lost
      And all that is below "{root}" is remembered
      When the runtime is called with "--dry-run repair"
      Then it succeeds
      And it prints something with "write the record of container "web" again"
      And nothing below "{root}" has changed

    Scenario: Nobody is there to be asked
      Given a running container "web"
      And the record of container "web" is lost
      And all that is below "{root}" is remembered
      When the runtime is called with "repair"
      Then it exits with status 1
      And the error is the line "nexcage: repair: 1 thing to mend, and nobody to ask"
      And the hint says "nexcage repair --yes"
      And nothing below "{root}" has changed

    Scenario Outline: The answer on a terminal is <answer>
      Given a running container "web"
      And the record of container "web" is lost
      When repair is called on a terminal
      Then repair asks "Do this? [y/N]"
      When repair is answered "<answer>"
      Then repair ends with status <status>
      And file "{root}/web/record.json" <is there>

      Examples:
        | answer | status | is there       |
        | y      | 0      | exists         |
        | n      | 1      | does not exist |
        | what   | 1      | does not exist |

    Scenario: What it did, for programs
      Given a running container "web"
      And the record of container "web" is lost
      When the runtime is called with "repair --yes --format json"
      Then it succeeds
      And it prints JSON with $.done[0].found "container \"web\" is half made: its create was cut short"
      And it prints JSON with $.failed []

    Scenario: It takes no container's name
      When the runtime is called with "repair web"
      Then it exits with status 2
      And the error says "unexpected argument "web""

  Rule: A create that was cut short is undone

    Scenario: Kill -9 of nexcage while the driver works on the container
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "KILL"
      Then the create of container "web" ends with status -9 within 5 seconds
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "undo the create of container "web", which was cut short"
      And nothing is left behind
      And state has nothing left to mend

    Scenario: A create that goes on is left alone
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the runtime is called with "repair --yes"
      Then it succeeds
      And it prints "nothing to mend"
      When the create of container "web" is sent signal "TERM"
      Then the create of container "web" ends with status 143 within 10 seconds

    Scenario: A directory of which nobody knows anything
      Given a directory "{root}/web"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And file "{root}/web" does not exist

  Rule: What is recorded and what is there agree again

    Scenario Outline: The record of a <status> container is lost
      Given a <status> container "web"
      And the record of container "web" is lost
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays <status>
      And the state of container "web" names its bundle
      And state has nothing left to mend
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

      Examples:
        | status  |
        | created |
        | running |
        | paused  |
        | stopped |

    Scenario: The whole directory is lost
      Given a running container "web"
      And file or directory "{root}/web" is removed
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays running
      And "sleep 100" runs in container "web"
      When container "web" is deleted by force
      Then nothing is left behind

    Scenario: A record that is cut short is written again
      Given a running container "web"
      And the record of container "web" is cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays running

    Scenario: A record of a newer nexcage is left alone
      Given a running container "web"
      And the record of container "web" reads "{"format": 99}"
      And all that is below "{root}" is remembered
      When the runtime is called with "repair --yes"
      Then it succeeds
      And nothing below "{root}" has changed

    Scenario: A container that somebody else has removed
      Given a stopped container "web"
      And a running container "db"
      And the driver has forgotten container "web"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "remove the record of container "web""
      And container "web" does not exist
      And container "db" stays running

    Scenario: The launcher's file does not say what the record says
      Given a running container "web"
      And a file "{root}/web/launch" that says "/bin/false"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And file "{root}/web/launch" does not exist
      And container "web" stays running

  Rule: What was begun with a container is finished

    Scenario: An update that was cut short, and a journal that does not say which limits
      Given a running container "web"
      And a file "{root}/web/journal-update" that reads
        """
        {"format": 1, "pid": 1, "verb": "update", "id": "web"}
        0
        """
      When the runtime is called with "repair --yes --format json"
      Then it exits with status 1
      And it prints JSON with $.failed[0].code "journal-invalid"
      And container "web" stays running

    Scenario: A delete by force that was cut short
      Given a stopped container "web"
      And the delete of container "web" was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "delete container "web", as was begun"
      And nothing is left behind

    Scenario: A delete that has not come to its first step changes nothing
      Given a stopped container "web"
      And the delete of container "web" was cut short before its first step
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays stopped
      And state has nothing left to mend

    Scenario: A container that runs is not deleted any more
      Given a running container "web"
      And the delete of container "web" was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays running
      And state has nothing left to mend

    Scenario: An update that was cut short
      Given a running container "web"
      And the update of container "web" to 7 processes was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And the process limit of container "web" is 7
      And state has nothing left to mend

    Scenario: An update of a container that has stopped since
      Given a stopped container "web"
      And the update of container "web" to 7 processes was cut short
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays stopped
      And state has nothing left to mend

  Rule: A run in the foreground whose command was killed

    Scenario: Its container goes on, and is forgotten when it has stopped
      When container "web" is run in the background
      And the run of container "web" is sent signal "KILL"
      Then container "web" stays running
      When state is checked
      Then check state warns "the run of container "web" was cut short, and the container goes on"
      And check state hints "nexcage stop web"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" stays running
      When the first process of container "web" is killed from outside
      Then container "web" is stopped
      When the runtime is called with "repair --yes"
      Then it succeeds
      And it prints something with "remove container "web", whose run was cut short"
      And nothing is left behind

    Scenario: A run that goes on is nothing to mend
      When container "web" is run in the background
      And state is checked
      Then check state has nothing to complain of
      When the first process of container "web" is killed from outside
      Then the run of container "web" ends with status 137

  Rule: What killed commands have left is removed, and nothing else

    Scenario Outline: Left over, or not: <what>
      Given a running container "web"
      And a file "<path>" that says "left"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And file "<path>" <is there>
      And container "web" stays running

      Examples:
        | what                                      | path                                  | is there       |
        | A container that was being removed        | {root}/@gone-0011223344556677/x       | does not exist |
        | A file that was being written             | {root}/web/record.json.0011223344556677 | does not exist |
        | The version of a driver                   | {root}/@crun.version.0011223344556677 | does not exist |
        | A stranger's file                         | {root}/notes.txt                      | exists         |
        | A file of the container's owner           | {rootfs}/notes.txt                    | exists         |

    Scenario: A mount that a killed command left below the records
      Given a directory "{root}/web/mnt"
      When somebody runs "mount -t tmpfs none {root}/web/mnt"
      And the runtime is called with "repair --yes"
      Then it succeeds
      And nothing is mounted below "{root}"
      And file "{root}/web" does not exist

    Scenario: A mount in the root of a stopped container is its owner's
      Given a stopped container "web"
      And its root has a directory "/mine"
      And a file system is mounted on "{rootfs}/mine" with a file "x"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And file "{rootfs}/mine/x" exists

    @runc
    Scenario: A state that runc was writing
      Given a running container "web"
      And a file "{root}/@runc/web/state-919616626" that says "{"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And file "{root}/@runc/web/state-919616626" does not exist
      And container "web" stays running

  Rule: What cannot be mended is said, and the rest is mended

    Scenario: Another command is at work
      Given a stopped container "web"
      And a running container "db"
      And the record of container "db" is lost
      And the driver has forgotten container "web"
      And another process holds the lock of container "web"
      When the runtime is called with "repair --yes"
      Then it succeeds
      And container "db" stays running
      When the lock of container "web" is let go
      And the runtime is called with "repair --yes"
      Then it succeeds
      And container "web" does not exist
