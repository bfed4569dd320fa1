@nexcage @root @pct @issue-372 @issue-88
Feature: A container of Proxmox VE stays with its node
  Rules decide when a container is made. A rule that changes afterwards sends no verb to another driver, so nothing is
  asked of crun or runc about a container of the node.

  Scenario: The rules change after the create on a node
    Given a Proxmox VE node where LXC is only a model
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
    And a file "own.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "^(kube-.*|cilium-.*)$", "runtime": "crun"}, {"pattern": ".*", "runtime": "lxc"}]}}
      """
    And a bundle that runs "sleep 100"
    When container "web" is made by the call "--root {root} create --bundle {bundle} web"
    Then it succeeds
    And the state of container "web" has $.driver "pct"
    And the node has 1 containers
    Given a file "own.json" that reads
      """
      {"runtime": {"routing": [{"pattern": "*", "runtime": "runc"}]}}
      """
    When the bare runtime is called with "--root {root} state web"
    Then it succeeds
    And it prints JSON with $.driver "pct"
    When the bare runtime is called with "--root {root} list --format names"
    Then it prints "web"
    When the bare runtime is called with "--root {root} delete --force web"
    Then it succeeds
    And the node has no container
    And nothing is left on the node
