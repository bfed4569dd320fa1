@oci @root @issue-88
Feature: Change the limits of a container that runs
  `update` changes limits while the programs go on, by options or by a document like `linux.resources`. What is not
  named stays as it was.

  Rule: An option changes one limit

    @cgroup-memory
    Scenario: More memory
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with "--memory 67108864"
      Then it succeeds
      And nothing is printed
      And the memory limit of container "web" is 67108864
      And container "web" stays running

    @cgroup-pids
    Scenario: Fewer processes
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with "--pids-limit 10"
      Then it succeeds
      And the process limit of container "web" is 10

    @cgroup-cpu
    Scenario: Another quota
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with "--cpu-period 50000 --cpu-quota 20000"
      Then it succeeds
      And the CPU quota limit of container "web" is 20000
      And the CPU period limit of container "web" is 50000

    @cgroup-cpu
    Scenario: Another share
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with "--cpu-share 256"
      Then it succeeds
      And the CPU share of container "web" is 256

    @cgroup-memory @cgroup-pids @cgroup-cpu
    Scenario: What is not named stays
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with "--memory 67108864"
      Then the process limit of container "web" is 20
      And the CPU quota limit of container "web" is 50000

  Rule: A document changes all that it names

    @cgroup-memory @cgroup-pids
    Scenario: A document on standard input
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with the resources
        """
        {"memory": {"limit": 67108864}, "pids": {"limit": 30}}
        """
      Then it succeeds
      And the memory limit of container "web" is 67108864
      And the process limit of container "web" is 30

    @cgroup-memory
    Scenario: A document in a file
      Given the bundle "limits"
      And a file "resources.json" that reads
        """
        {"memory": {"limit": 67108864}}
        """
      And a running container "web"
      When container "web" is updated with "--resources {dir}/resources.json"
      Then it succeeds
      And the memory limit of container "web" is 67108864

  Rule: A new limit holds at once

    @cgroup-pids
    Scenario: Forking after the limit was lowered
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with "--pids-limit 3"
      And "sh -c 'for n in 1 2 3 4; do sleep 100 >/dev/null 2>&1 & done'" is executed in container "web"
      Then it fails
      And the error says "Resource temporarily unavailable"

  Rule: What cannot be changed is an error and changes nothing

    @cgroup-memory
    Scenario: A document that is not JSON
      Given the bundle "limits"
      And a running container "web"
      When container "web" is updated with the resources
        """
        {"memory": {"limit":
        """
      Then it fails
      And the memory limit of container "web" is 33554432

    Scenario: Updating a container that does not exist
      When container "web" is updated with "--memory 67108864"
      Then it fails
