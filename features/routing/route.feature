@nexcage @root @no-driver @issue-cli @issue-78
Feature: Ask which driver a container would get
  `nexcage route NAME` says which driver a new container of that name would get, what decided, and of each other driver
  why not. `--bundle DIR` looks at the bundle too: its annotations, its operating system, what it needs. Nothing is made.
  Where a create could not have the driver, route says the rest and fails with the same error.

  Background:
    Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    And the caller finds only the programs "runc"
    And a file "own.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "db-*", "runtime": "runc"}, {"pattern": "^kube-", "runtime": "crun"}]}}
      """

  Scenario: As text
    When the bare runtime is called with "route db-1"
    Then it succeeds
    And it prints a line like "container "db-1" goes to runc: named by runtime.routing.0. of {dir}/own.json .pattern "db-.".*"
    And it prints something with "  pct    pct is not installed: this is no node of Proxmox VE"
    And it prints something with "  jail   jail is not installed: this is no FreeBSD host"
    And it prints something with "  crun   crun is not installed"

  Scenario: As JSON
    When the bare runtime is called with "route db-1 --format json"
    Then it succeeds
    And it prints JSON with $.name "db-1"
    And it prints JSON with $.bundle null
    And it prints JSON with $.driver "runc"
    And it prints JSON with $.decided_by "rule"
    And it prints JSON with $.reason "named by runtime.routing[0] of {dir}/own.json (pattern \"db-*\")"
    And it prints JSON with $.rule {"where": "runtime.routing[0]", "pattern": "db-*", "annotation": null, "os": null, "runtime": "runc"}
    And it prints JSON with $.rejected[0].driver "pct"
    And it prints JSON with $.rejected[1].driver "jail"
    And it prints JSON with $.rejected[2] {"driver": "crun", "reason": "crun is not installed"}
    And it prints JSON with $.error null
    And it prints JSON with $.held_by null

  Scenario: A driver that could hold it, but another was named
    When the bare runtime is called with "route kube-1"
    Then it exits with status 1
    And it prints something with "container "kube-1" goes to crun, which cannot run here: named by runtime.routing[1]"
    And it prints something with "  runc   can run here, but runtime.routing[1] of {dir}/own.json names another"
    And the error is the line "nexcage: route: crun is not installed, and runtime.routing[1] of {dir}/own.json names it"
    And the hint says "apt install crun"

  Scenario: What a create would end with is in the JSON too
    When the bare runtime is called with "route kube-1 --format json"
    Then it exits with status 1
    And it prints JSON with $.driver "crun"
    And it prints JSON with $.error.code "driver-unavailable"
    And it prints JSON with $.error.message "crun is not installed, and runtime.routing[1] of {dir}/own.json names it"
    And it prints JSON with $.rejected[2] {"driver": "runc", "reason": "can run here, but runtime.routing[1] of {dir}/own.json names another"}

  Scenario: No driver can run, so none is named
    Given file or directory "few/runc" is removed
    When the bare runtime is called with "route web --format json"
    Then it exits with status 1
    And it prints JSON with $.driver null
    And the error says "nexcage: route: no runtime can run here: "

  Scenario: A bundle that cannot be read
    When the bare runtime is called with "route web --bundle {dir}/nowhere"
    Then it exits with status 2
    And the error is the line "nexcage: route: config.json: does not exist in {dir}/nowhere"
    And nothing is printed

  Scenario: A bundle with a fault
    Given a bundle
    And its config.json has $.annotations set to the JSON ["a"]
    When the bare runtime is called with "route web --bundle {bundle}"
    Then it exits with status 2
    And the error is the line "nexcage: route: config.json: $.annotations: must be an object"

  Scenario: A name that no container can have
    When the bare runtime is called with "route web/1"
    Then it exits with status 2
    And the error says "nexcage: route: invalid container id "web/1""

  Scenario: Files of the working directory are not nexcage's configuration
    Given a bundle
    And the variable "NEXCAGE_CONFIG" of the caller is ""
    And a directory "place"
    And a file "place/config.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "*", "runtime": "jail"}]}}
      """
    When the bare runtime is called in directory "{dir}/place" with "route db-1 --format json"
    Then it succeeds
    And it prints JSON with $.driver "runc"
    And it prints JSON with $.decided_by "host"

  Scenario: The config.json of the bundle in the working directory is not read, unless it is asked for
    Given a bundle
    And the variable "NEXCAGE_CONFIG" of the caller is ""
    And its config.json has $.annotations["io.nexcage.runtime"] set to "jail"
    When the bare runtime is called in directory "{bundle}" with "route web --format json"
    Then it succeeds
    And it prints JSON with $.driver "runc"
    When the bare runtime is called in directory "{bundle}" with "route web --bundle . --format json"
    Then it exits with status 1
    And it prints JSON with $.driver "jail"
