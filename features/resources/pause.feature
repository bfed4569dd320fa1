@oci @root @issue-88 @cgroup-freezer
Feature: Pause and resume a container
  `pause` stops all programs of a container where they are; `resume` lets them go on as if nothing had been.

  Rule: A paused program makes no progress

    Scenario: The program stands still
      Given a bundle that runs the script "while :; do echo tick; sleep 0.01; done"
      And a running container "web"
      Then the output of container "web" grows
      When container "web" is paused
      Then it succeeds
      And nothing is printed
      And the output of container "web" does not grow

    Scenario: The program goes on
      Given a bundle that runs the script "while :; do echo tick; sleep 0.01; done"
      And a paused container "web"
      When container "web" is resumed
      Then it succeeds
      And the output of container "web" grows
      And container "web" stays running

    Scenario: It goes on where it was
      Given a bundle that runs the script "echo begin; sleep 0.2; echo end"
      And a paused container "web"
      When container "web" is resumed
      Then container "web" is stopped
      And the output of container "web" contains "end"

    Scenario: Executed programs are paused too
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When "sh -c 'while :; do echo tick; sleep 0.01; done >/tmp/ticks'" is executed in container "web" with "--detach"
      And file "{rootfs}/tmp/ticks" has begun to grow
      And container "web" is paused
      Then file "{rootfs}/tmp/ticks" does not grow

  Rule: A container can be paused and resumed as often as one likes

    Scenario: Pausing and resuming again
      Given a running container "web"
      When container "web" is paused
      And container "web" is resumed
      And container "web" is paused
      Then it succeeds
      And container "web" is paused
      When container "web" is resumed
      Then it succeeds
      And container "web" is running

  Rule: Nothing can be executed in a paused container

    Scenario: Executing in a paused container
      Given a paused container "web"
      When "true" is executed in container "web"
      Then it fails
      And container "web" stays paused

  Rule: Only a container that lives can be paused

    Scenario: Pausing a container that has stopped
      Given a stopped container "web"
      When container "web" is paused
      Then it fails
      And container "web" stays stopped

    Scenario: Pausing a container that does not exist
      When container "web" is paused
      Then it fails
