@nexcage @root @pct @issue-87 @issue-88 @needs-lxc
Feature: Delete a container of a Proxmox VE node
  `delete` destroys the container on the node, its volumes and what else there names it, and forgets it. A container
  that somebody else has now under the same number is left alone.

  Rule: A container that does not run is destroyed, with all that is its own

    Scenario Outline: Deleting a container of the node that is <status>
      Given a <status> container "web"
      When container "web" is deleted
      Then it succeeds
      And nothing is said
      And the node's tools were started at most 2 times
      And pct destroy was given "--purge 1"
      And container "web" does not exist
      And the node has no container
      And nothing is left on the node
      And nothing is left behind
      And file "{bundle}/config.json" exists

      Examples:
        | status  |
        | created |
        | stopped |

  Rule: What runs is not deleted by mistake

    Scenario Outline: Deleting a container of the node that is <status> needs force
      Given a <status> container "web"
      When container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "web" (VMID {vmid}) is running"
      And the hint says "nexcage stop web"
      And container "web" stays <status>
      When container "web" is deleted by force
      Then it succeeds
      And the node's tools were started at most 2 times
      And the node has no container
      And no process of container "web" is left
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | status  |
        | running |
        | paused  |

    Scenario: A dry run of a delete by force leaves a paused container of the node as it is
      Given a paused container "web"
      When the runtime is called with "--dry-run delete --force web"
      Then it succeeds
      And it prints something with "lxc-unfreeze"
      And it prints something with "--force 1 --purge 1"
      And the node's tools were started 0 times
      And container "web" stays paused
      And the node says that container "web" is paused

  Rule: Only force makes deleting nothing a success

    Scenario: Deleting twice on the node
      Given a created container "web"
      When container "web" is deleted
      And container "web" is deleted
      Then it exits with status 1
      And the error is the line "nexcage: delete: container "web" does not exist"
      When container "web" is deleted by force
      Then it succeeds

  Rule: What others did on the node is respected

    Scenario: A container that somebody has destroyed
      Given a created container "web"
      When somebody destroys container "web" with pct
      Then container "web" stays stopped
      When container "web" is deleted
      Then it succeeds
      And container "web" does not exist
      And nothing is left behind

    Scenario Outline: A number that somebody else has now: deleting <how>
      Given a created container "web"
      When somebody destroys container "web" with pct
      Given a guest with the number "{vmid}" of somebody else
      When <deletion>
      Then it succeeds
      And container "web" does not exist
      And the node has container "{vmid}"
      And pct destroy was called 0 times

      Examples:
        | how      | deletion                           |
        | plainly  | container "web" is deleted         |
        | by force | container "web" is deleted by force |
