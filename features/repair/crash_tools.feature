@nexcage @root @crun @runc @issue-113 @issue-leaks
Feature: A driver that is killed
  crun and runc die too. Nexcage, when it lives on, brings everything in order by itself; when it dies as well, repair
  does.

  Rule: The driver is killed

    Scenario Outline: The driver's <verb> during <call> is killed
      Given a machine on which container "web" is <status>
      When the driver's "<verb>" is killed at some of its effects during "<call>"
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | verb   | call                         |
        | absent  | create | create --bundle {bundle} web |
        | created | start  | start web                    |
        | running | delete | delete --force web           |

  Rule: Both are killed

    Scenario Outline: The driver's <verb> and nexcage are killed during <call>
      Given a machine on which container "web" is <status>
      When nexcage and the driver's "<verb>" are killed at some of its effects during "<call>"
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | verb   | call                         |
        | absent  | create | create --bundle {bundle} web |
        | created | start  | start web                    |
        | running | delete | delete --force web           |
        | running | update | update --memory 64m web      |

  Rule: The driver fails without a reason

    Scenario Outline: The driver's <verb> during <call> fails
      Given a machine on which container "web" is <status>
      When the driver's "<verb>" says 77 before and after its work during "<call>"
      Then each time all was so before repair was called
      And each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | verb   | call                               |
        | absent  | create | create --bundle {bundle} web       |
        | absent  | run    | run --detach --bundle {bundle} web |
        | created | start  | start web                          |
        | running | kill   | stop --timeout 0 web               |
        | running | update | update --memory 64m web            |
        | running | delete | delete --force web                 |

  Rule: The driver hangs

    Scenario Outline: The driver's <verb> during <call> hangs, and the caller gives up
      Given a machine on which container "web" is <status>
      When the driver's "<verb>" hangs before and after its work during "<call>", and is given up
      Then each time all was so before repair was called
      And each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | verb   | call                               |
        | absent  | create | create --bundle {bundle} web       |
        | absent  | run    | run --detach --bundle {bundle} web |
        | created | start  | start web                          |
        | running | kill   | stop --timeout 0 web               |
        | running | update | update --memory 64m web            |

    Scenario Outline: The driver's <verb> during <call> hangs, and repair finishes what was given up
      Given a machine on which container "web" is <status>
      When the driver's "<verb>" hangs before and after its work during "<call>", and is given up
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | verb   | call               |
        | running | delete | delete --force web |
        | stopped | delete | delete web         |
