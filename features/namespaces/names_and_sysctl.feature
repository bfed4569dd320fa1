@oci @root @issue-88
Feature: Host name and kernel settings of a container
  `hostname` and `linux.sysctl` set what belongs to the container's own namespaces. A setting that would reach the
  whole machine is refused.

  Rule: The host name is the container's own

    Scenario: The host name of the bundle
      Given a bundle that runs the probe
      And its config.json has $.hostname set to "alpha"
      When container "web" is run
      Then the container sees the host name "alpha"

    Scenario: Two containers have two host names
      Given a bundle that runs "sleep 100"
      And its config.json has $.hostname set to "alpha"
      And a running container "first"
      And a bundle that runs "sleep 200"
      And its config.json has $.hostname set to "beta"
      And a running container "second"
      When "hostname" is executed in container "first"
      Then it prints "alpha"
      When "hostname" is executed in container "second"
      Then it prints "beta"

  Rule: Kernel settings are made in the container's namespaces

    Scenario Outline: The setting <name>
      Given a bundle that runs the probe on "<path>"
      And its config.json has $.linux.sysctl set to the JSON {"<name>": "<value>"}
      When container "web" is run
      Then the container sees the sysctl "<name>" as "<value>"

      Examples:
        | name                         | path                                    | value       |
        | net.ipv4.ip_forward          | /proc/sys/net/ipv4/ip_forward           | 1           |
        | net.ipv4.ping_group_range    | /proc/sys/net/ipv4/ping_group_range     | 0 1000      |
        | net.core.somaxconn           | /proc/sys/net/core/somaxconn            | 77          |
        | kernel.shmmax                | /proc/sys/kernel/shmmax                 | 1048576     |
        | kernel.msgmax                | /proc/sys/kernel/msgmax                 | 4096        |
        | fs.mqueue.msg_max            | /proc/sys/fs/mqueue/msg_max             | 7           |

    Scenario: Several settings at once
      Given a bundle that runs the probe on "/proc/sys/kernel/shmmax /proc/sys/kernel/shmall"
      And its config.json has $.linux.sysctl set to the JSON {"kernel.shmmax": "1048576", "kernel.shmall": "4242"}
      When container "web" is run
      Then the container sees the sysctl "kernel.shmmax" as "1048576"
      And the container sees the sysctl "kernel.shmall" as "4242"

    Scenario: The host keeps its own
      Given a bundle that runs "sleep 100"
      And its config.json has $.linux.sysctl set to the JSON {"kernel.shmmax": "1048576"}
      And a running container "web"
      Then the host's sysctl "kernel.shmmax" is not "1048576"

  Rule: A setting of the whole machine is refused

    Scenario: A setting that belongs to no namespace
      Given a bundle that runs "true"
      And its config.json has $.linux.sysctl set to the JSON {"vm.swappiness": "60"}
      When container "web" is created
      Then it fails
      And container "web" does not exist

    Scenario Outline: <name> without a namespace of its own
      Given a bundle that runs "true"
      And its config.json has no namespace of its own: <kind>
      And its config.json has $.linux.sysctl set to the JSON {"<name>": "<value>"}
      When container "web" is created
      Then it fails
      And container "web" does not exist

      Examples:
        | name                | kind    | value   |
        | net.core.somaxconn  | network | 4096    |
        | kernel.shmmni       | ipc     | 4096    |
