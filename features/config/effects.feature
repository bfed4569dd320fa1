@nexcage @root @issue-cli @issue-96
Feature: The configuration reaches every driver
  Where records and layers are kept, and whether root file systems can be written to, is the same for all drivers.

  Rule: runtime.root_path is where new containers are kept; the usual places are still looked into

    Background:
      Given a bundle
      And a file "own.json" that reads
        """
        {"runtime": {"root_path": "{dir}/own"}}
        """

    Scenario: A container is made there, and found there without being told
      When container "web" is made by the call "--config {dir}/own.json create --bundle {bundle} web"
      Then it succeeds
      And file "{dir}/own/web/record.json" exists
      When the bare runtime is called with "--config {dir}/own.json state web"
      Then it succeeds
      And it prints JSON with $.id "web"
      When the bare runtime is called with "--config {dir}/own.json delete --force web"
      Then it succeeds
      And file "{dir}/own/web" does not exist

    Scenario: --root means that place only
      When container "web" is made by the call "--config {dir}/own.json create --bundle {bundle} web"
      Then it succeeds
      When the bare runtime is called with "--config {dir}/own.json --root {root} state web"
      Then it fails
      And the error is the line "nexcage: state: container "web" does not exist"
      When the bare runtime is called with "--config {dir}/own.json delete --force web"
      Then it succeeds

  Rule: security.read_only makes root file systems read-only

    @crun @runc
    Scenario Outline: A program that writes to its root, with read_only <value>
      Given a bundle that runs the script "touch /new 2>/dev/null && echo written || echo refused"
      And a file "own.json" that reads
        """
        {"security": {"read_only": <value>}}
        """
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
        When container "web" is run
      Then it prints "<said>"

      Examples:
        | value | said    |
        | true  | refused |
        | false | written |

    @crun @runc
    Scenario: The log tells what the configuration has changed
      Given a bundle
      And a file "own.json" that reads
        """
        {"security": {"read_only": true}}
        """
      When container "web" is made by the call "--config {dir}/own.json --log-level info --root {root} create --bundle {bundle} web"
      Then it succeeds
      And the error says "security.read_only"

  @no-driver
  Scenario: cache_dir is where layers are kept
    Given a file "own.json" that reads
      """
      {"cache_dir": "{dir}/layers"}
      """
    When the bare runtime is called with "--config {dir}/own.json --dry-run bundle prune --format json"
    Then it succeeds
    And it prints JSON with $.cache "{dir}/layers"
