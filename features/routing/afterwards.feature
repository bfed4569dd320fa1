@nexcage @root @runc @issue-372 @issue-88
Feature: A container stays with its driver
  Rules decide when a container is made. Its record says which driver has made it, and every later verb asks that driver,
  whatever the rules have become.

  Background:
    Given the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    And a file "own.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "web", "runtime": "runc"}]}}
      """
    And a bundle that runs "sleep 100"

  Scenario: The rules change after the create
    When container "web" is made by the call "--root {root} create --bundle {bundle} web"
    Then it succeeds
    And the state of container "web" has $.driver "runc"
    Given a file "own.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "*", "runtime": "jail"}]}}
      """
    When the bare runtime is called with "--root {root} start web"
    Then it succeeds
    And the state of container "web" has $.driver "runc"
    When the bare runtime is called with "--root {root} route web --format json"
    Then it exits with status 1
    And it prints JSON with $.driver "jail"
    And it prints JSON with $.held_by "runc"
    When the bare runtime is called with "--root {root} route web"
    Then it prints something with "there is a container "web" already, which stays with runc"
    When the bare runtime is called with "--root {root} kill web KILL"
    Then it succeeds
    And container "web" is stopped
    When the bare runtime is called with "--root {root} delete web"
    Then it succeeds
    And nothing is left behind

  Scenario: The rules become unusable after the create
    When container "web" is made by the call "--root {root} create --bundle {bundle} web"
    Then it succeeds
    Given a file "own.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "^(", "runtime": "moon"}]}}
      """
    When the bare runtime is called with "--root {root} state web"
    Then it succeeds
    And it prints JSON with $.driver "runc"
    When the bare runtime is called with "--root {root} delete --force web"
    Then it succeeds
    And nothing is left behind
