@nexcage @root @jail @issue-108 @issue-113 @issue-leaks
Feature: A command on a FreeBSD host that is killed
  A jail with its mounts, its rule set, its limits and its interface is there as a whole or not at all: repair undoes
  a create that was cut short, and finishes all else.

  Background:
    Given the host has 2 CPUs
    And the host has the interface "epair0b"
    And a directory "{dir}/volume"
    And a file "{dir}/volume/precious" that says "mine"
    And a bundle that runs "sleep 100"
    And its config.json has the mount {"destination": "/mnt/new", "type": "tmpfs", "source": "tmpfs"}
    And its config.json has the mount {"destination": "/volume", "type": "nullfs", "source": "{dir}/volume"}
    And its config.json has $.freebsd set to the JSON {"devices": [{"path": "bpf"}], "jail": {"vnet": "new", "vnetInterfaces": ["epair0b"]}}
    And its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 5}, "cpu": {"cpus": "1"}}}

  Rule: Nexcage is killed, the host's tools go on

    Scenario Outline: On a FreeBSD host: <call> of a container that is <status>
      Given a machine on which container "web" is <status>
      When "<call>" is killed at some of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | status  | call                         |
        | absent  | create --bundle {bundle} web |
        | created | start web                    |
        | running | stop --timeout 0 web         |
        | stopped | delete web                   |
        | running | delete --force web           |
        | running | update --pids-limit 7 web    |
