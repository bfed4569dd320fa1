@nexcage @root @issue-113 @issue-leaks
Feature: Kills at random moments
  Whenever a command is killed, alone or with all that it has started, repair mends what it leaves. The gate throws the
  dice a few times; "pytest features/repair/random_kills.feature --crashes 1000" does it a thousand times and tells
  what came of it.

  Rule: On each driver

    Scenario: Random kills on crun and runc
      Given a bundle
      When random commands are killed at 8 random moments, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed
      And not nearly all of them were over before they could be killed

    @pct
    Scenario: Random kills on a node
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      When random commands are killed at 4 random moments, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

    @jail
    Scenario: Random kills on a FreeBSD host
      Given a bundle
      When random commands are killed at 5 random moments, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed
