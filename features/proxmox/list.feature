@nexcage @root @pct @issue-87 @needs-lxc
Feature: List containers of a Proxmox VE node
  `list` shows containers of the node among all others, with their numbers and the node that has them. One call of
  the node's tools is enough for any number of them.

  Rule: Each container has its number, its node and its own status

    Scenario: Containers of the node in each status
      Given a created container "one"
      And a stopped container "two"
      And a paused container "three"
      And a running container "zoe"
      When the runtime is called with "list"
      Then it succeeds
      And the node's tools were started 1 times
      And it prints a line like "ID +PID +STATUS +DRIVER +BUNDLE +CREATED +OWNER +VMID +NODE"
      And it prints a line like "one +0 +created +pct +{bundle} .* root +{vmid of one} +{node}"
      And it prints a line like "two +0 +stopped +pct .* root +{vmid of two} +{node}"
      And it prints a line like "three +[1-9]\d* +paused +pct .* root +{vmid of three} +{node}"
      And it prints a line like "zoe +[1-9]\d* +running +pct .* root +{vmid of zoe} +{node}"

    Scenario: As JSON, and as bare names
      Given a created container "web"
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints JSON with $[0].id "web"
      And it prints JSON with $[0].status "created"
      And it prints JSON with $[0].node "pve"
      And it prints JSON with $[0].vmid
      When the runtime is called with "list --format tsv"
      Then it prints a line like "web\t0\tcreated\tpct\t.*\troot\t{vmid}\t{node}"
      When the runtime is called with "list -q"
      Then it prints "web"

    Scenario: A container that the node has started after a boot
      Given a running container "web"
      And the record of container "web" has $.boot_id "00000000-0000-4000-8000-000000000000"
      When the runtime is called with "list"
      Then it succeeds
      And it prints a line like "web +[1-9]\d* +running +pct .* root +{vmid} +{node}"
      And container "web" stays running

  Rule: What is not on this node any more is said

    Scenario: A container that somebody has moved
      Given a created container "web"
      When somebody moves container "web" to node "pve2"
      And the runtime is called with "list"
      Then it succeeds
      And it prints a line like "web +0 +unknown +pct .* root +{vmid} +pve2"

    Scenario: A container that is gone, and one whose number somebody else has
      Given a created container "web"
      When somebody destroys container "web" with pct
      And the runtime is called with "list"
      Then it succeeds
      And it prints a line like "web +0 +stopped +pct .* root +{vmid} +-"
      Given a running container "db"
      When the runtime is called with "list"
      Then it succeeds
      And it prints a line like "db +[1-9]\d* +running +pct .* root +{vmid} +{node}"
      And it prints a line like "web +0 +stopped +pct .* root +{vmid} +-"

  Rule: What cannot be found out is an error, never an empty table

    Scenario: The node does not answer
      Given a created container "web"
      And "pvesh get" will fail with "proxy handler failed: Connection refused"
      When the runtime is called with "list"
      Then it exits with status 1
      And the error is one line
      And it prints a line like "web +0 +unknown +pct .*"
