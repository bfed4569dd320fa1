@oci @root @issue-88
Feature: Namespaces that containers share
  A namespace with a `path` is joined instead of made: this is how the containers of one pod share network, names and
  memory. All else stays each container's own.

  Rule: The container is in the namespace that the path names

    Scenario Outline: Joining the <kind> namespace of another container
      Given a bundle that runs "sleep 100"
      And a running container "first"
      And a bundle that runs the probe
      And its config.json joins the <kind> namespace of container "first"
      When container "second" is run
      Then the container is in the <kind> namespace of container "first"
      And the container has a mount namespace of its own

      Examples:
        | kind    |
        | pid     |
        | ipc     |
        | uts     |
        | network |

    Scenario: Only what was joined is shared
      Given a bundle that runs "sleep 100"
      And a running container "first"
      And a bundle that runs the probe
      And its config.json joins the network namespace of container "first"
      When container "second" is run
      Then the container is in the network namespace of container "first"
      And the container is not in the ipc namespace of container "first"
      And the container is not in the pid namespace of container "first"

    Scenario: The host name of another container
      Given a bundle that runs "sleep 100"
      And its config.json has $.hostname set to "alpha"
      And a running container "first"
      And a bundle that runs the probe
      And its config.json joins the uts namespace of container "first"
      And its config.json has no $.hostname
      When container "second" is run
      Then the container sees the host name "alpha"

    Scenario: The processes of another container
      Given a bundle that runs "sleep 123"
      And a running container "first"
      And a bundle that runs "ps -o pid,args"
      And its config.json joins the pid namespace of container "first"
      When container "second" is run
      Then it prints a line like " *1 sleep 123"

    Scenario: The settings of another container's network
      Given a bundle that runs "sleep 100"
      And its config.json has $.linux.sysctl set to the JSON {"net.ipv4.ip_default_ttl": "77"}
      And a running container "first"
      And a bundle that runs the probe on "/proc/sys/net/ipv4/ip_default_ttl"
      And its config.json joins the network namespace of container "first"
      When container "second" is run
      Then the container sees the sysctl "net.ipv4.ip_default_ttl" as "77"

  Rule: The one who joined can go first

    Scenario: Deleting a container that joined another one
      Given a bundle that runs "sleep 100"
      And a running container "first"
      And a bundle that runs "sleep 200"
      And its config.json joins the network namespace of container "first"
      And a running container "second"
      When container "second" is deleted by force
      Then it succeeds
      And container "first" stays running
      And "sleep 100" runs in container "first"

  Rule: A path that is no namespace is refused

    Scenario Outline: Joining <what>
      Given a bundle that runs "true"
      And its config.json has no namespace of its own: network
      And its config.json has appended to $.linux.namespaces the JSON {"type": "network", "path": "<path>"}
      When container "web" is created
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone

      Examples:
        | what                        | path                |
        | a path that does not exist  | /no/such/namespace  |
        | an ordinary file            | /etc/passwd         |
        | a namespace of another kind | /proc/self/ns/ipc   |
