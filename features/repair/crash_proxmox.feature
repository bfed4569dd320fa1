@nexcage @root @pct @issue-90 @issue-113 @issue-leaks
Feature: A command on a Proxmox VE node that is killed
  A container of the node outlives a crash of nexcage and a reboot. Repair undoes a create that was cut short, with the
  container that the node may have by then, and finishes all else.

  Rule: Nexcage is killed, the node's tools go on

    Scenario Outline: On a node: <call> of a container that is <status>
      Given a Proxmox VE node where LXC is only a model
      And a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                         |
        | absent  | create --bundle {bundle} web |
        | absent  | run --detach --bundle {bundle} web |
        | created | start web                    |
        | running | stop --timeout 0 web         |
        | stopped | delete web                   |
        | running | delete --force web           |
        | running | update --memory 64m web      |
