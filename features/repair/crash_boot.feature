@nexcage @root @issue-113 @issue-leaks
Feature: A machine that boots again
  A boot ends all containers. Those of crun, runc and jail are known as stopped until they are deleted, as far as their
  records outlive the boot; those of Proxmox VE are still there, and can be started again.

  Rule: What was there before the boot is stopped

    Scenario Outline: A container that was <status>
      Given a <status> container "web"
      When the machine boots again
      Then container "web" is stopped
      When the list of containers is asked for
      Then the list names container "web" as stopped
      When container "web" is started
      Then it exits with status 1
      And the error says "container "web""
      When container "web" is deleted
      Then it succeeds
      And nothing is left behind

      Examples:
        | status  |
        | created |
        | running |
        | stopped |

    Scenario: The root was in memory
      Given a running container "web"
      When the machine boots again with an empty root
      Then nexcage lists nothing
      When what was interrupted is repaired
      Then nothing is left behind
      And nexcage lists nothing

    @pct
    Scenario: A container of a node is still there, and starts again
      Given a Proxmox VE node where LXC is only a model
      And a running container "web"
      When the machine boots again
      And what was interrupted is repaired
      Then the node has container "{vmid of web}"
      When container "web" is started
      Then it succeeds
      And container "web" is running

    @jail
    Scenario: A jail is gone after a boot
      Given a running container "web"
      When the machine boots again
      Then container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

  Rule: What was cut short by the crash of the machine is repaired

    Scenario Outline: The machine crashes during <call> of a container that is <status>
      Given a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, and repaired after the next boot
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                               |
        | absent  | create --bundle {bundle} web       |
        | running | delete --force web                 |

    @pct
    Scenario Outline: A node crashes during <call> of a container that is <status>
      Given a Proxmox VE node where LXC is only a model
      And a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, and repaired after the next boot
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                         |
        | running | delete --force web           |

    @jail
    Scenario Outline: A FreeBSD host crashes during <call> of a container that is <status>
      Given a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, and repaired after the next boot
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                         |
        | absent  | create --bundle {bundle} web |
