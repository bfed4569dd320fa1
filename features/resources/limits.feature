@oci @root @issue-88
Feature: What a container may use
  `linux.resources` limits the memory, processes, processor time and devices of all programs of a container together.
  The kernel enforces it in the container's cgroup.

  Rule: Memory beyond the limit is not given

    @cgroup-memory
    Scenario: The limit is in the cgroup
      Given the bundle "limits"
      When container "web" is created
      Then the memory limit of container "web" is 33554432

    @cgroup-memory
    Scenario: A program that takes too much memory is killed
      Given the bundle "limits" that runs the script "head -c 100000000 /dev/zero | tail"
      When container "web" is run
      Then it exits with status 137
      And container "web" does not exist
      And the cgroup of container "web" is gone

    @cgroup-memory
    Scenario: A program that is content with less
      Given the bundle "limits" that runs the script "head -c 10000000 /dev/zero | tail | wc -c"
      When container "web" is run
      Then it prints "10000000"

    @cgroup-memory
    Scenario: An executed program counts too, and the kernel counts its kill
      Given the bundle "limits"
      And a running container "web"
      When "sh -c 'head -c 100000000 /dev/zero | tail'" is executed in container "web"
      Then it exits with status 137
      And container "web" has run out of memory

  Rule: No more processes can be started than the limit allows

    @cgroup-pids
    Scenario: The process limit is in the cgroup
      Given the bundle "limits"
      When container "web" is created
      Then the process limit of container "web" is 20

    @cgroup-pids
    Scenario: A program that starts too many processes
      Given the bundle "limits" that runs the script "for n in $(seq 30); do sleep 100 & done; echo all 30"
      When container "web" is run
      Then it fails
      And nothing is printed
      And the error says "Resource temporarily unavailable"

    @cgroup-pids
    Scenario: A program that starts a few processes
      Given the bundle "limits" that runs the script "for n in $(seq 10); do sleep 100 & done; echo all 10"
      When container "web" is run
      Then it succeeds
      And it prints "all 10"

    @cgroup-pids
    Scenario: A bundle without a process limit
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then the process limit of container "web" is not set

  Rule: Processor time is a quota, a share, or certain processors

    @cgroup-cpu
    Scenario: Quota, period and share are in the cgroup
      Given the bundle "limits"
      When container "web" is created
      Then the CPU quota limit of container "web" is 50000
      And the CPU period limit of container "web" is 100000
      And the CPU share of container "web" is 512

    @cgroup-cpu
    Scenario: A busy program is held back
      Given the bundle "limits" that runs the script "while :; do :; done"
      And its config.json has $.linux.resources.cpu.quota set to the JSON 2000
      And its config.json has $.linux.resources.cpu.period set to the JSON 10000
      And a running container "web"
      Then container "web" has been held back

    @cgroup-cpu
    Scenario: Only certain processors
      Given a bundle that runs "awk '/Cpus_allowed_list/ { print $2 }' /proc/self/status"
      And its config.json has $.linux.resources.cpu set to the JSON {"cpus": "0"}
      When container "web" is run
      Then it prints "0"

  Rule: Without limits there are none

    @cgroup-memory
    Scenario: A bundle without memory and processor limits
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then the memory limit of container "web" is not set
      And the CPU quota limit of container "web" is not set
