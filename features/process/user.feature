@oci @root @issue-88
Feature: The user and groups of a container's program
  `process.user` names numbers: a user, a group, and further groups. They need not be in the container's /etc/passwd,
  and the groups in its /etc/group add nothing. `umask` is the mode bits that files of the program never get.

  Rule: The program runs as the bundle's user and group

    Scenario Outline: A program of user <uid> and group <gid>
      Given a bundle that runs the probe
      And its config.json has $.process.user set to the JSON {"uid": <uid>, "gid": <gid>}
      When container "web" is run
      Then the container sees uid <uid> and gid <gid>
      And the container sees the groups "<groups>"

      Examples:
        | uid   | gid   | groups |
        | 0     | 0     |        |
        | 1000  | 1000  |        |
        | 4321  | 0     |        |
        | 0     | 65534 |        |

    Scenario: Additional groups
      Given a bundle that runs the probe
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000, "additionalGids": [50, 60]}
      When container "web" is run
      Then the container sees uid 1000 and gid 1000
      And the container sees the groups "50 60"

    Scenario: A file made by the program belongs to its user
      Given a bundle that runs the script "touch /tmp/mine; stat -c %u:%g /tmp/mine"
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 50}
      When container "web" is run
      Then it prints "1000:50"

    Scenario: Another user cannot read what is root's alone
      Given a bundle that runs "cat /etc/secret"
      And its root has a file "/etc/secret" that says "for root"
      And "{rootfs}/etc/secret" has mode 600
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      When container "web" is run
      Then it exits with status 1
      And the error says "Permission denied"

  Rule: The umask is the bundle's

    Scenario Outline: The umask <decimal> is <octal> as mode bits
      Given a bundle that runs the probe
      And its config.json has $.process.user.umask set to the JSON <decimal>
      When container "web" is run
      Then the container sees the umask <octal>

      Examples:
        | decimal | octal |
        | 63      | 0077  |
        | 2       | 0002  |

    Scenario: The caller's umask does not change the container's
      Given a bundle that runs the probe
      And its config.json has $.process.user.umask set to the JSON 18
      And the umask of the caller is 077
      When container "web" is run
      Then the container sees the umask 0022

  Rule: The program may be executed as its user only

    Scenario: A program that its user may not execute
      Given a bundle that runs "/opt/greet"
      And its root has a program "/opt/greet" that says "hello"
      And "{rootfs}/opt/greet" has mode 700
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      When container "web" is run
      Then it fails
      And the error says "ermission denied"
      And container "web" does not exist
