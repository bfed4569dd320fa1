@nexcage @root @issue-cli
Feature: What a container may be called
  An id is a name of 1 to 1024 letters, digits, and _ . + -. It becomes part of paths, so it cannot be a path itself.

  Rule: An id that cannot be one is refused before anything else, by every verb

    Scenario Outline: Refused, because of this: <why>
      When the runtime is called with "create --bundle {dir} -- '<id>'"
      Then it exits with status 2
      And the error is the line "nexcage: create: invalid container id "<shown>": <reason>"
      And nothing is left behind

      Examples:
        | id     | shown  | why                  | reason                                    |
        | a/b    | a/b    | It is a path         | '/' is not one of A-Z a-z 0-9 _ . + -     |
        | ../b   | ../b   | It climbs out        | '/' is not one of A-Z a-z 0-9 _ . + -     |
        | .      | .      | It is the directory  | it names a directory                      |
        | ..     | ..     | It is the parent     | it names a directory                      |
        | a b    | a b    | It has a blank       | ' ' is not one of A-Z a-z 0-9 _ . + -     |
        | @crun  | @crun  | It has an at sign    | '@' is not one of A-Z a-z 0-9 _ . + -     |
        | é      | \xe9   | It is not ASCII      | '\xe9' is not one of A-Z a-z 0-9 _ . + -  |
        |        |        | It is empty          | it is empty                               |

    Scenario: It has a line break
      When the runtime is called with "create --bundle {dir} $'a\nb'"
      Then it exits with status 2
      And the error is one line

    Scenario Outline: <verb> knows no such id either
      When the runtime is called with "<verb> a/b <arguments>"
      Then it exits with status 2
      And the error says "nexcage: <verb>: invalid container id "a/b""

      Examples:
        | verb   | arguments |
        | run    |           |
        | start  |           |
        | state  |           |
        | kill   | TERM      |
        | delete |           |
        | delete | --force   |
        | exec   | true      |
        | pause  |           |
        | resume |           |
        | ps     |           |
        | update | --pids-limit 5 |
        | events | --stats   |
        | stop   |           |
        | logs   |           |

    Scenario: An id of 1025 characters
      When the runtime is called with an id of 1025 characters
      Then it exits with status 2
      And the error says "it has 1025 characters, 1024 is the most"
      And nothing is left behind

  Rule: Whatever is allowed works with every verb

    Scenario Outline: A container called <id>
      Given a running container "<id>"
      When "true" is executed in container "<id>"
      Then it succeeds
      And container "<id>" is running
      When container "<id>" is sent signal "KILL"
      Then container "<id>" is stopped
      When container "<id>" is deleted
      Then it succeeds
      And nothing is left behind

      Examples:
        | id      |
        | -web    |
        | --force |
        | .hidden |
        | a..b    |
        | 0       |
        | long-1  |

    Scenario: An id of 1024 characters
      Given a running container with an id of 1024 characters
      Then the list names the container with the long id as running
      When the container with the long id is deleted by force
      Then it succeeds
      And nothing is left behind
