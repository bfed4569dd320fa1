@nexcage @root @issue-113 @issue-leaks
Feature: A command that is killed
  Whenever nexcage is killed, "nexcage repair" brings back what was before the command, or finishes it. Each of these
  scenarios kills a command at its effects: before it makes, changes or removes a file, starts a program, waits for
  it. With "--crash-points all" it is each effect, everywhere.

  Rule: At each effect

    @crun
    Scenario Outline: <call> of a container that is <status>
      Given a machine on which container "web" is <status>
      When "<call>" is killed at each of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                               |
        | absent  | create --bundle {bundle} web       |
        | absent  | run --detach --bundle {bundle} web |
        | running | delete --force web                 |

    @crun
    Scenario: A foreground run of a program that ends
      Given a bundle that runs "true"
      And a machine on which container "web" is absent
      When "run --bundle {bundle} web" is killed at each of its effects, and repaired when what it started has ended
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

  Rule: At some effects

    Scenario Outline: A few kills of <call> of a container that is <status>
      Given a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                               |
        | created | start web                          |
        | running | stop --timeout 0 web               |
        | stopped | delete web                         |
        | running | update --memory 64m web            |

    @runc
    Scenario Outline: With runc, a few kills of <call> of a container that is <status>
      Given a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                               |
        | absent  | create --bundle {bundle} web       |
        | absent  | run --detach --bundle {bundle} web |
        | running | delete --force web                 |

  Rule: A foreground run whose command was killed is left alone while its program runs

    Scenario: Repair during and after the program
      When container "web" is run in the background
      And the foreground run of container "web" is killed
      And what was interrupted is repaired
      Then container "web" stays running
      When container "web" is sent signal "KILL"
      And the program of container "web" has ended
      And what was interrupted is repaired
      Then container "web" does not exist
      And nothing is left behind
