@oci @root @issue-88
Feature: Ask for a container's state
  `state` prints one JSON document about a container: who it is, how it is, where it came from.
  Engines and scripts decide by it, so it is the truth at the moment of asking.

  Rule: The status follows the container's life

    Scenario: From created to gone
      Given a created container "web"
      Then container "web" is created
      When container "web" is started
      Then container "web" is running
      When container "web" is sent signal "KILL"
      Then container "web" is stopped
      When container "web" is deleted
      Then container "web" does not exist

    @cgroup-freezer
    Scenario: A paused container says so
      Given a running container "web"
      When container "web" is paused
      Then it succeeds
      And container "web" is paused
      When container "web" is resumed
      Then it succeeds
      And container "web" is running

    Scenario: A first process that is killed from outside is noticed
      Given a running container "web"
      When the first process of container "web" is killed from outside
      Then container "web" is stopped

  Rule: The document names what an engine needs

    Scenario: Identity and origin
      Given a created container "web"
      When the state of container "web" is asked for
      Then it succeeds
      And it prints JSON with $.id "web"
      And it prints JSON with $.ociVersion
      And the state of container "web" names its bundle
      And the state of container "web" names its first process

    Scenario: A stopped container has no process
      Given a stopped container "web"
      Then the state of container "web" has $.pid 0
      And no process of container "web" is left

    Scenario: The annotations of config.json are in the state
      Given the bundle "annotated"
      And a created container "web"
      Then the state of container "web" has $.annotations["org.example.owner"] "operations"
      And the state of container "web" has $.annotations["org.example.tier"] "2"

    Scenario: Asking changes nothing
      Given a created container "web"
      When the state of container "web" is asked for
      And the state of container "web" is asked for
      Then container "web" stays created

  Rule: There is no state of what does not exist

    Scenario: Asking for the state of an unknown container
      When the state of container "web" is asked for
      Then it fails
      And nothing is printed

  Rule: The list holds every container below the same root

    Scenario: Listing containers with their status
      Given a created container "web"
      And a running container "db"
      And a stopped container "old"
      When the list of containers is asked for
      Then it succeeds
      And the list names container "web" as created
      And the list names container "db" as running
      And the list names container "old" as stopped

    Scenario: Listing where there is no container
      When the list of containers is asked for
      Then it succeeds
      And the list is empty
