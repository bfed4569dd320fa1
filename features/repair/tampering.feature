@nexcage @root @issue-113
Feature: Records that somebody has tampered with
  What is in the place of a record, a lock or a container's directory is used only if it is a file of nexcage's own:
  no link is followed, no pipe waited for, nothing read that others can write. It is refused by name, at once, the
  other containers go on, check names it, and deleting by force removes it with the container behind it.

  Rule: A record

    @crun
    Scenario Outline: The record is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/record.json" becomes <what>
      Then "state kill pause exec ps delete" of container "web" are refused: {root}/web/<message>
      And container "db" goes on beside the error: {root}/web/<message>
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/<message>"
      And check state hints "nexcage delete --force web"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is said
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples: what it holds
        | what            | message                                          |
        | empty           | record.json: line 1, column 1: expecting value   |
        | half of it      | record.json: line                                |
        | random bytes    | record.json: line 1, column 1: not UTF-8         |
        | 100000 brackets | record.json: line 1, column 1: nested too deeply |
        | 100 MiB large   | record.json is larger than 4 mebibytes           |

      Examples: what it is
        | what              | message                              |
        | a pipe            | record.json is not a regular file    |
        | a socket          | record.json is not a regular file    |
        | a device          | record.json is not a regular file    |
        | another user's    | record.json belongs to user 1234     |

    @crun
    Scenario Outline: What everybody can write is not believed: <path>
      Given a running container "web"
      And a running container "db"
      And "{root}/<path>" becomes open to everybody
      Then "kill pause exec ps delete" of container "web" are refused: {root}/<path> can be written by others
      And container "db" goes on beside the error: {root}/<path> can be written by others
      When state is checked
      Then check state fails "{root}/<path> can be written by others"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind

      Examples:
        | path            |
        | web             |
        | web/record.json |

    @crun
    Scenario Outline: The record is a link to <target>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/record.json" becomes a link to <target>
      Then "state kill delete" of container "web" are refused: {root}/web/record.json is a symbolic link
      And container "db" goes on beside the error: {root}/web/record.json is a symbolic link
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And what links lead to is as it was, and was not printed
      And container "db" goes on

      Examples:
        | target                |
        | {root}/db/record.json |
        | /etc/shadow           |
        | /nowhere/at/all       |

    @crun
    Scenario Outline: A record whose handle is <handle>
      Given a running container "web"
      And a running container "db"
      And the record of container "web" has $.handle "<handle>"
      Then "kill delete" of container "web" are refused: {root}/web/record.json: $.handle: must be the name of
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | handle |
        | ../db  |
        | ..     |
        | db     |

    @crun
    Scenario: The record of a container that has stopped
      Given a stopped container "web"
      And "{root}/web/record.json" becomes half of it
      Then "state delete" of container "web" are refused: {root}/web/record.json: line 
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

  Rule: What a newer nexcage has written is neither damaged nor guessed

    Scenario: A record of the next format
      Given a running container "web"
      And a running container "db"
      And "{root}/web/record.json" becomes of a newer nexcage
      Then "state kill exec delete" of container "web" are left to a newer nexcage: {root}/web/record.json: of format 2, which a newer nexcage has written
      And container "db" goes on beside the error: {root}/web/record.json: of format 2
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json: of format 2, which a newer nexcage has written"
      And check state hints "use the nexcage that has made the container"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind

    @crun
    Scenario: A record of a driver that this nexcage has not
      Given a running container "web"
      And a running container "db"
      And the record of container "web" has $.driver "lmctfy"
      Then "kill exec delete" of container "web" are left to a newer nexcage: {root}/web/record.json: there is no driver "lmctfy"
      And container "db" goes on beside the error: there is no driver "lmctfy"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind

  Rule: The directory of a container

    @crun
    Scenario Outline: A container's directory is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web" becomes <what>
      Then "state kill exec delete" of container "web" are refused: {root}/web <message>
      And container "db" goes on beside the error: {root}/web <message>
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web <message>"
      And check state hints "nexcage delete --force web"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | what              | message                 |
        | a pipe            | is not a directory      |
        | another user's    | belongs to user 1234    |

    @crun
    Scenario Outline: A container's directory is a link to <target>
      Given a running container "web"
      And a running container "db"
      And "{root}/web" becomes a link to <target>
      Then "state kill delete" of container "web" are refused: {root}/web is a symbolic link
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And what links lead to is as it was, and was not printed
      And container "db" goes on

      Examples:
        | target       |
        | {root}/db    |
        | /etc/default |
        | /nowhere     |

  Rule: The lock, the journal and the launcher's file

    @crun
    Scenario Outline: The lock is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/lock" becomes <what>
      Then "delete" of container "web" are refused: {root}/web/lock <message>
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/lock <message>"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | what              | message                  |
        | a pipe            | is not a regular file    |
        | a directory       | is not a regular file    |
        | another user's    | belongs to user 1234     |

    @crun
    Scenario: The lock is a link to another container's
      Given a running container "web"
      And a running container "db"
      And "{root}/web/lock" becomes a link to {root}/db/lock
      Then "delete" of container "web" are refused: {root}/web/lock is a symbolic link
      When container "web" is deleted by force
      Then it succeeds
      And what links lead to is as it was, and was not printed
      And container "db" goes on

    @crun
    Scenario Outline: A journal that is <what>
      Given a running container "web"
      And a file "{root}/web/journal" that says "{}"
      And "{root}/web/journal" becomes <what>
      Then container "web" goes on
      When state is checked
      Then it fails
      And it has taken less than 2 seconds
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

      Examples:
        | what                  |
        | random bytes          |
        | 100 MiB large         |
        | a pipe                |
        | a directory           |
        | a link to /etc/shadow |

    @crun
    Scenario Outline: The journal of a create that was killed is <what>
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "KILL"
      Then the create of container "web" ends with status -9 within 5 seconds
      Given "{root}/web/journal" becomes <what>
      Then "state" of container "web" are refused: container "web" is half made
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

      Examples:
        | what                  |
        | half of it            |
        | a pipe                |
        | a link to /etc/shadow |

    @crun
    Scenario Outline: The launcher's file is <what>
      Given a running container "web"
      And a running container "db"
      And "{root}/web/launch" becomes <what>
      Then container "web" goes on
      And container "db" goes on
      And the state of container "web" has $.id "web"
      When container "web" is deleted by force
      Then it succeeds
      And nothing of container "web" is left behind
      And container "db" goes on

      Examples:
        | what                         |
        | half of it                   |
        | random bytes                 |
        | a pipe                       |
        | a link to {root}/db/launch   |
        | a link to /etc/shadow        |

  Rule: The root of all records

    @crun
    Scenario Outline: The root is <what>
      Given a bundle
      And a directory "{root}"
      And "{root}" becomes <what>
      Then listing, checking and creating refuse the root: {root} <message>

      Examples:
        | what                 | message                            |
        | a pipe               | is not a directory                 |
        | a socket             | is not a directory                 |
        | a link to {dir}/none | is a symbolic link to no directory |
        | another user's       | belongs to user 1234               |
        | open to everybody    | can be written by everybody        |
