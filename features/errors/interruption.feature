@nexcage @root @issue-cli @issue-leaks
Feature: A create that is interrupted
  Whatever ends a create before it is done, nothing of the container stays: nexcage undoes its steps, or leaves a
  trace by which "delete --force" does it.

  Rule: Signals that ask nexcage to end undo everything

    Scenario Outline: <name> during a hook that takes long
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "<name>"
      Then the create of container "web" ends with status <status> within 10 seconds
      And the error says "nexcage: create: interrupted by signal <number>"
      And nothing is left behind
      When container "web" is deleted
      Then the error is the line "nexcage: delete: container "web" does not exist"

      Examples:
        | name | number | status |
        | TERM | 15     | 143    |
        | INT  | 2      | 130    |
        | HUP  | 1      | 129    |

    Scenario: While it is being made, nobody else can use it
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the state of container "web" is asked for
      Then it exits with status 1
      And the error is the line "nexcage: state: container "web" is being created"
      When the list of containers is asked for
      Then it succeeds
      And the list is empty
      When the create of container "web" is sent signal "TERM"
      Then the create of container "web" ends with status 143 within 10 seconds
      And nothing is left behind

  Rule: A nexcage that is killed leaves what can be removed by force

    Scenario: Kill -9 of nexcage while the driver works
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "KILL"
      Then the create of container "web" ends with status -9 within 5 seconds
      When the state of container "web" is asked for
      Then the error is the line "nexcage: state: container "web" is half made: its create was cut short"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

    Scenario: Kill -9 of everybody
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "KILL"
      And the driver that runs container "web" is killed
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left behind

  Rule: A foreground run whose driver is killed takes its container along

    Scenario: The driver of a run is killed
      When container "web" is run in the background
      And the driver that runs container "web" is killed
      Then the run of container "web" ends with status 137
      And nothing is left behind

  Rule: A driver that fails takes everything back

    Scenario: A hook says no
      Given a bundle
      And its config.json has a createRuntime hook that notes "gate" and fails with status 1
      When container "web" is created
      Then it exits with status 1
      And the error says "nexcage: create: "
      And nothing is left behind
