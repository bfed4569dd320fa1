@oci @root @issue-88
Feature: Start a container
  `start` lets the program of a created container begin, exactly once.

  Rule: The program runs from start until its own end

    Scenario: Starting a created container
      Given a bundle that runs "sleep 100"
      And a created container "web"
      When container "web" is started
      Then it succeeds
      And nothing is printed
      And container "web" is running
      And the host runs the first process of container "web" as "sleep 100"

    Scenario: A program that ends leaves a stopped container
      Given a bundle that runs "true"
      And a created container "web"
      When container "web" is started
      Then it succeeds
      And container "web" is stopped
      And no process of container "web" is left

    Scenario: A program that fails is not a failure of start
      Given a bundle that runs the script "exit 3"
      And a created container "web"
      When container "web" is started
      Then it succeeds
      And container "web" is stopped

  Rule: Only a created container can be started

    Scenario: Starting a container that runs already
      Given a running container "web"
      When container "web" is started
      Then it fails
      And container "web" stays running

    Scenario: Starting a container that has stopped
      Given a stopped container "web"
      When container "web" is started
      Then it fails
      And container "web" stays stopped

    @cgroup-freezer
    Scenario: Starting a container that is paused
      Given a paused container "web"
      When container "web" is started
      Then it fails
      And container "web" stays paused

    Scenario: Starting a container that does not exist
      When container "web" is started
      Then it fails
