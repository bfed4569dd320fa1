@oci @root @issue-88
Feature: Namespaces: what a container has to itself
  For each namespace in `linux.namespaces` the container gets a new one. Where the list has none of a kind, the
  container shares the caller's: its processes, its network or its names are then the host's.

  Rule: A namespace in the list is the container's own

    Scenario Outline: A <kind> namespace of its own
      Given a bundle that runs the probe
      When container "web" is run
      Then the container has a <kind> namespace of its own

      Examples:
        | kind    |
        | pid     |
        | ipc     |
        | uts     |
        | mount   |
        | network |
        | cgroup  |

    Scenario: Two containers share nothing
      Given a bundle that runs "sleep 100"
      And a running container "db"
      And a bundle that runs the probe
      When container "web" is run
      Then the container is not in the pid namespace of container "db"
      And the container is not in the network namespace of container "db"
      And the container is not in the mount namespace of container "db"

    Scenario: Only its own processes are seen
      Given a bundle that runs the script "echo /proc/[0-9]*"
      When container "web" is run
      Then it prints "/proc/1"

    Scenario: Its network begins with nothing but loopback
      Given a bundle that runs the probe
      When container "web" is run
      Then the container sees only the network interfaces "lo"

    Scenario: Its cgroup is the root of what it sees
      Given a bundle that runs the script "grep -v ':/$' /proc/self/cgroup || echo root everywhere"
      When container "web" is run
      Then it prints "root everywhere"

  Rule: A namespace that is not in the list is the caller's

    Scenario Outline: The <kind> namespace of the host
      Given a bundle that runs the probe
      And its config.json has no namespace of its own: <kind>
      When container "web" is run
      Then the container is in the host's <kind> namespace

      Examples:
        | kind    |
        | pid     |
        | ipc     |
        | network |
        | cgroup  |

    Scenario: The host's names
      Given a bundle that runs the probe
      And its config.json has no namespace of its own: uts
      And its config.json has no $.hostname
      When container "web" is run
      Then the container is in the host's uts namespace

    Scenario: A container among the host's processes ends as a whole
      Given a bundle that runs the script "sleep 200 & sleep 100"
      And its config.json has no namespace of its own: pid
      And a running container "web"
      When container "web" is deleted by force
      Then it succeeds
      And no process of container "web" is left

  Rule: What belongs to a namespace needs one

    Scenario: A host name without names of its own is refused
      Given a bundle that runs "true"
      And its config.json has no namespace of its own: uts
      When container "web" is created
      Then it fails
      And container "web" does not exist
