@oci @root @issue-88
Feature: Delete a container
  `delete` removes a stopped container and all that was made for it: its cgroup, its mounts, its record.
  The bundle stays.

  Rule: A stopped container can be deleted

    Scenario: Deleting a stopped container
      Given a stopped container "web"
      When container "web" is deleted
      Then it succeeds
      And nothing is printed
      And container "web" does not exist
      And the cgroup of container "web" is gone
      And nothing is mounted below "{bundle}"
      And file "{bundle}/config.json" exists

    Scenario: Deleting a container whose program ended by itself
      Given a bundle that runs "true"
      And a created container "web"
      When container "web" is started
      And the program of container "web" has ended
      And container "web" is deleted
      Then it succeeds
      And container "web" does not exist

    Scenario: Deleting a container that was never started
      Given a created container "web"
      When container "web" is deleted
      Then it succeeds
      And container "web" does not exist
      And no process of container "web" is left

  Rule: A running container is not deleted by mistake

    Scenario: Deleting a running container
      Given a running container "web"
      When container "web" is deleted
      Then it fails
      And container "web" stays running

    Scenario: Deleting a running container by force
      Given a running container "web"
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist
      And no process of container "web" is left
      And the cgroup of container "web" is gone

    @cgroup-freezer
    Scenario: Deleting a paused container
      Given a paused container "web"
      When container "web" is deleted
      Then it fails
      And container "web" stays paused

    @cgroup-freezer
    Scenario: Deleting a paused container by force
      Given a paused container "web"
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist
      And no process of container "web" is left

    Scenario: Deleting a created container by force
      Given a created container "web"
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist

    Scenario: Deleting a stopped container by force
      Given a stopped container "web"
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist

  Rule: Only force makes deleting what does not exist a success

    Scenario: Deleting a container that does not exist
      When container "web" is deleted
      Then it fails

    Scenario: Deleting a container that does not exist by force
      When container "web" is deleted by force
      Then it succeeds

    Scenario: Deleting twice
      Given a stopped container "web"
      When container "web" is deleted
      And container "web" is deleted
      Then it fails
