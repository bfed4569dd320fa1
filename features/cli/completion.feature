@nexcage @root @issue-cli
Feature: What a shell can complete
  "nexcage completion SHELL" prints a script for bash, zsh or fish. The script asks "nexcage completion words" what the
  last word of a line can become: verbs, options, values, ids of containers that the verb works on, places of files. The
  first line of the answer says whether files or directories fit; each further one is a word, a tab and its meaning.

  Rule: Ids are those that the verb works on

    @cgroup-freezer
    Scenario: Containers in four statuses
      Given a created container "c1"
      And a running container "r1"
      And a paused container "p1"
      And a stopped container "s1"
      When the runtime is called with "completion words -- --root {root} start ''"
      Then the words that fit are "c1"
      When the runtime is called with "completion words -- --root {root} exec ''"
      Then the words that fit are "c1 r1"
      When the runtime is called with "completion words -- --root {root} resume ''"
      Then the words that fit are "p1"
      When the runtime is called with "completion words -- --root {root} delete ''"
      Then the words that fit are "s1"
      When the runtime is called with "completion words -- --root {root} delete --force ''"
      Then the words that fit are "c1 p1 r1 s1"
      When the runtime is called with "completion words -- --root {root} create ''"
      Then the words that fit are ""

    Scenario: Each id is shown with its status and driver
      Given a created container "web"
      When the runtime is called with "completion words -- --root {root} state w"
      Then it prints a line like "web\tcreated, (crun|runc)"

  Rule: Words come from the tables that the parser reads

    @no-driver
    Scenario Outline: <line>
      When the runtime is called with "completion words -- <line>"
      Then it succeeds
      And the words that fit are "<words>"

      Examples:
        | line                       | words                  |
        | li                         | list                   |
        | bundle v                   | validate verify        |
        | config ''                  | show check             |
        | list --col                 | --columns              |
        | list --format ''           | table json tsv names   |
        | --log-level=w              | --log-level=warning    |
        | check stat                 | state                  |
        | config show runtime.log_l  | runtime.log_level      |
        | help errors container-mis  | container-missing      |
        | nonsense ''                |                        |

    @no-driver
    Scenario Outline: Places: <line>
      When the runtime is called with "completion words -- <line>"
      Then it prints a line like "<places>"

      Examples:
        | line                 | places |
        | create --bundle ''   | dirs   |
        | create web ''        | dirs   |
        | --config ''          | files  |
        | config check ''      | files  |
        | state web ''         | none   |

  Rule: Somebody who is typing is told of no error

    @no-driver
    Scenario: Records that cannot be read
      Given a file "root" that says "no directory"
      When the runtime is called with "completion words -- --root {root} state ''"
      Then it succeeds
      And nothing is said

    @no-driver
    Scenario: A shell that is not known
      When the runtime is called with "completion tcsh"
      Then it exits with status 2
      And the error says "unknown shell "tcsh""
