@nexcage @root @no-driver @issue-cli
Feature: What a bundle needs decides at create
  A create looks at the whole bundle: at its operating system for the rules, and at what only some drivers have.

  Background:
    Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"

  Scenario: A bundle with a section for FreeBSD is planned as a jail
    Given the bundle "freebsd"
    And a file "own.json" that says "{}"
    When the bare runtime is called with "--root {root} create --dry-run --format json --bundle {bundle} web"
    Then it succeeds
    And it prints JSON with $.driver "jail"
    And nothing is left behind

  Scenario: A bundle with a section for FreeBSD is made by a jail or not at all
    Given the bundle "freebsd"
    And the caller finds only the programs "runc"
    And a file "own.json" that says "{}"
    When the bare runtime is called with "--root {root} create --bundle {bundle} web"
    Then it exits with status 1
    And the error is the line "nexcage: create: jail is not installed: this is no FreeBSD host, and $.freebsd of config.json needs it"
    And nothing is left behind

  Scenario: A rule for FreeBSD sees it too
    Given the bundle "freebsd"
    And the caller finds only the programs "runc"
    And a file "own.json" that reads
      """
      {"runtime": {"routing": [{"os": "freebsd", "runtime": "crun"}]}}
      """
    When the bare runtime is called with "--root {root} create --bundle {bundle} web"
    Then it exits with status 1
    And the error says "crun is not installed, and runtime.routing[0] of {dir}/own.json names it"
    And nothing is left behind
