@nexcage @no-driver @root @issue-92 @issue-leaks
Feature: A creation of a bundle that is interrupted
  A bundle is made beside its place and renamed at the end. Whatever comes before that, there is no half bundle; and what
  a kill -9 leaves, the next creation or prune removes.

  Rule: Signals that ask nexcage to end undo everything

    Scenario Outline: <name> after <n> files, with <rootfs>
      Given an image "app" without layers
      And its next layer holds 8000 files of 10 bytes
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is being created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      And the creation of bundle "web" has made <n> files
      And the creation of bundle "web" is sent signal "<name>"
      Then the creation of bundle "web" ends with status <status> within 10 seconds
      And the error says "nexcage: bundle create: interrupted by signal <number>"
      And nothing of bundle "web" is left

      Examples:
        | name | number | status | n     | rootfs  |
        | INT  | 2      | 130    | 1     | auto    |
        | INT  | 2      | 130    | 1000  | copy    |
        | INT  | 2      | 130    | 4000  | overlay |
        | TERM | 15     | 143    | 1000  | copy    |
        | HUP  | 1      | 129    | 1000  | overlay |

    @needs-registry
    Scenario: Interrupted while the registry does not answer
      Given a registry that never answers
      When bundle "web" is being created from "docker://{registry}/app:1" with "--src-tls-verify false"
      And the registry has been asked
      And the creation of bundle "web" is sent signal "INT"
      Then the creation of bundle "web" ends with status 130 within 10 seconds
      And nothing of bundle "web" is left

  Rule: A kill -9 leaves no bundle, and what it leaves is removed

    Scenario Outline: Killed after <n> files with <rootfs>, then <what>
      Given an image "app" without layers
      And its next layer holds 8000 files of 10 bytes
      And it is saved as "oci:{dir}/images:app"
      And an image "small" of busybox
      And it is saved as "oci:{dir}/images:small"
      When bundle "web" is being created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      And the creation of bundle "web" has made <n> files
      And the creation of bundle "web" is sent signal "KILL"
      Then the creation of bundle "web" ends with status -9 within 5 seconds
      And bundle "web" does not exist
      And a half bundle "web" is left beside it or in the cache
      When <next>
      Then it succeeds
      And no half bundle "web" is left
      And the cache holds less than 100 files

      Examples:
        | what           | rootfs  | n    | next                                                  |
        | a prune        | copy    | 1    | the cache is pruned                                   |
        | a prune        | copy    | 3000 | the cache is pruned                                   |
        | a prune        | overlay | 3000 | the cache is pruned                                   |
        | a new creation | copy    | 3000 | bundle "web" is created from "oci:{dir}/images:small" |
        | a new creation | overlay | 3000 | bundle "web" is created from "oci:{dir}/images:small" |

  Rule: A place that cannot be used is refused before anything is made

    Background:
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"

    Scenario: The directory exists and holds something
      Given the tree "web" holds
        """
        file precious text=precious
        """
      And all that is below "web" is remembered
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/web"
      And nothing below "web" has changed
      And the cache is empty

    Scenario: The directory exists and is empty
      Given a directory "web"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      And file "web/config.json" exists

    Scenario: There is a file in its place
      Given a file "web" that says "precious"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/web"
      And file "web" says "precious"

    Scenario: There is a link in its place
      Given a directory "elsewhere"
      And "web" is a symbolic link to "elsewhere"
      And all that is below "elsewhere" is remembered
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/web"
      And nothing below "elsewhere" has changed
      And the cache is empty

    Scenario: The directory that is to hold it is missing
      When bundle "nowhere/web" is created from "oci:{dir}/images:app"
      Then it exits with status 2
      And the error is one line
      And the error says "{dir}/nowhere"
      And file "nowhere" does not exist
      And nothing of bundle "nowhere/web" is left

    Scenario: Nobody reads what is printed
      When the shell runs "{ sleep 0.3; NEXCAGE_CACHE={dir}/cache "$@"; echo $? >{dir}/status; } | true" with the runtime as its arguments "bundle create --rootfs copy --from oci:{dir}/images:app {dir}/web"
      Then file "status" says "1"
      And nothing is said
      And nothing of bundle "web" is left
