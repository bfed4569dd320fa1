@nexcage @root @issue-cli
Feature: What nexcage remembers of a container
  `create` writes down which driver holds a container and what it was made from. Every later verb obeys this record,
  which lies in the root (`--root`, NEXCAGE_ROOT, or /run/nexcage) and is readable for its owner only.

  Rule: A record is private and complete

    Scenario: The files of a container
      Given a created container "web"
      Then file "{root}/web" has mode 700
      And file "{root}/web/record.json" has mode 600
      And file "{root}/web/lock" has mode 600
      And file "{root}/web/journal" does not exist

    Scenario: Deleting removes everything
      Given a stopped container "web"
      When container "web" is deleted
      Then it succeeds
      And file "{root}/web" does not exist

  Rule: Later verbs obey the record

    Scenario: Another driver in the environment changes nothing
      Given a running container "web"
      And the variable "NEXCAGE_RUNTIME" of the caller is "moon"
      When "true" is executed in container "web"
      Then it succeeds
      When container "web" is deleted by force
      Then it succeeds

    Scenario: The bundle may be gone when the container is deleted
      Given a running container "web"
      And its config.json is missing
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist

  Rule: A container of an earlier boot, or one that its driver has forgotten, has stopped

    Scenario: The host has been booted since
      Given a stopped container "web"
      And the record of container "web" has $.boot_id "earlier"
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints JSON with $[0].status "stopped"
      And it prints JSON with $[0].pid 0

    Scenario: The driver has forgotten the container
      Given a stopped container "web"
      And the driver has forgotten container "web"
      Then container "web" is stopped
      When the list of containers is asked for
      Then the list names container "web" as stopped
      When container "web" is deleted
      Then it succeeds
      And container "web" does not exist

  Rule: Each root is a world of its own

    Scenario: The same id in two roots
      Given a created container "web"
      When the bare runtime is called with "--root {dir}/other list --format names"
      Then it succeeds
      And nothing is printed
      When the bare runtime is called with "--root {dir}/other state web"
      Then it exits with status 1

    Scenario: A root that is relative to the working directory
      Given a created container "web"
      When the bare runtime is called in directory "{root}" with "--root . list --format names"
      Then it succeeds
      And it prints "web"

    Scenario: The root from the environment
      Given a created container "web"
      And the variable "NEXCAGE_ROOT" of the caller is "{root}"
      When the bare runtime is called with "list --quiet"
      Then it succeeds
      And it prints "web"
