@nexcage @root @issue-cli @issue-88
Feature: List containers
  `list` shows every container of the root, in the order of their ids: as a table for people, as JSON, as
  tab-separated lines or bare names for programs.

  Rule: The form is the caller's choice

    Scenario: A table
      Given a created container "web"
      When the runtime is called with "list"
      Then it succeeds
      And it prints a line like "ID +PID +STATUS +DRIVER +BUNDLE +CREATED +OWNER"
      And it prints a line like "web +[1-9][0-9]* +created +(crun|runc) +/.* +2.*Z +root"

    Scenario: JSON documents, as state prints them
      Given a running container "web"
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints JSON with $[0].id "web"
      And it prints JSON with $[0].status "running"
      And it prints JSON with $[0].ociVersion
      And it prints JSON with $[0].annotations
      And it prints JSON with $[0].driver

    Scenario: Tab-separated lines
      Given a created container "web"
      When the runtime is called with "list -f tsv"
      Then it succeeds
      And it prints a line like "ID\tPID\tSTATUS\tDRIVER\tBUNDLE\tCREATED\tOWNER"
      And it prints a line like "web\t[0-9]+\tcreated\t.*"

    Scenario Outline: Only ids, by <option>
      Given a created container "web"
      And a stopped container "db"
      When the runtime is called with "list <option>"
      Then it succeeds
      And it prints 2 lines
      And it prints a line like "db"
      And it prints a line like "web"

      Examples:
        | option         |
        | -q             |
        | --quiet        |
        | --format names |

    Scenario: No containers
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints "[]"

    Scenario: A form that does not exist
      When the runtime is called with "list --format xml"
      Then it exits with status 2
      And the error is the line "nexcage: list: list cannot print the format "xml""
      And the hint says "table, json, tsv, names"

  Rule: What cannot be found out is an error, never an empty table

    Scenario: The driver is not there any more
      Given a running container "web"
      And the caller finds only the programs ""
      When the runtime is called with "list"
      Then it exits with status 1
      And it prints a line like "web +0 +unknown .*"
      And the error says "is not installed"
