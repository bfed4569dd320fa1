@oci @root @issue-88
Feature: The capabilities of a container's program
  A bundle gives a program five sets of capabilities. The kernel then applies its usual rules: a program of root has
  what is in the bounding set, a program of another user only what is in the ambient set.

  Rule: A program of root has the bounding set

    Scenario: The capabilities that the bundle lists, and no other
      Given a bundle that runs the probe
      And its config.json has the bounding capabilities "CAP_KILL CAP_CHOWN"
      And its config.json has the permitted capabilities "CAP_KILL CAP_CHOWN"
      And its config.json has the effective capabilities "CAP_KILL CAP_CHOWN"
      When container "web" is run
      Then the container has the bounding capabilities "CAP_KILL CAP_CHOWN"
      And the container has the permitted capabilities "CAP_KILL CAP_CHOWN"
      And the container has the effective capabilities "CAP_KILL CAP_CHOWN"
      And the container has the inheritable capabilities ""
      And the container has the ambient capabilities ""

    Scenario: No capability at all
      Given a bundle that runs the probe
      And its config.json has $.process.capabilities set to the JSON {}
      When container "web" is run
      Then the container has the bounding capabilities ""
      And the container has the permitted capabilities ""
      And the container has the effective capabilities ""

    Scenario: What a capability allows works
      Given a bundle that runs the script "touch /tmp/a && chown 1:1 /tmp/a && stat -c %u /tmp/a"
      And its config.json has the bounding capabilities "CAP_CHOWN"
      And its config.json has the permitted capabilities "CAP_CHOWN"
      And its config.json has the effective capabilities "CAP_CHOWN"
      When container "web" is run
      Then it prints "1"

    Scenario: What a missing capability allows does not work
      Given a bundle that runs the script "touch /tmp/a && chown 1:1 /tmp/a"
      When container "web" is run
      Then it exits with status 1
      And the error says "Operation not permitted"

  Rule: A program of another user has the ambient set

    Scenario: Another user without ambient capabilities
      Given a bundle that runs the probe
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      When container "web" is run
      Then the container has the effective capabilities ""
      And the container has the permitted capabilities ""
      And the container has the bounding capabilities "CAP_KILL CAP_NET_BIND_SERVICE"

    Scenario: Another user with an ambient capability
      Given a bundle that runs the probe
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      And its config.json has the inheritable capabilities "CAP_KILL"
      And its config.json has the ambient capabilities "CAP_KILL"
      When container "web" is run
      Then the container has the ambient capabilities "CAP_KILL"
      And the container has the inheritable capabilities "CAP_KILL"
      And the container has the effective capabilities "CAP_KILL"
      And the container has the permitted capabilities "CAP_KILL"

    Scenario: An inheritable capability alone gives nothing
      Given a bundle that runs the probe
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      And its config.json has the inheritable capabilities "CAP_KILL"
      When container "web" is run
      Then the container has the inheritable capabilities "CAP_KILL"
      And the container has the effective capabilities ""

  Rule: An executed program has the container's capabilities, unless it asks for others

    Scenario: Executing with the container's capabilities
      Given a running container "web"
      When the probe is executed in container "web"
      Then the container has the bounding capabilities "CAP_KILL CAP_NET_BIND_SERVICE"
      And the container has the effective capabilities "CAP_KILL CAP_NET_BIND_SERVICE"

    @nexcage
    Scenario: Executing with one capability more
      Given a running container "web"
      When the probe is executed in container "web" with "--cap CAP_CHOWN"
      Then the container has the effective capabilities "CAP_CHOWN CAP_KILL CAP_NET_BIND_SERVICE"

    Scenario: Executing with the capabilities of a process file
      Given a running container "web"
      And the process file "process.json"
        """
        {"args": ["/bin/probe"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0},
         "capabilities": {"bounding": ["CAP_SETUID"], "permitted": ["CAP_SETUID"], "effective": ["CAP_SETUID"]}}
        """
      When the process file "process.json" is executed in container "web"
      Then the container has the bounding capabilities "CAP_SETUID"
      And the container has the effective capabilities "CAP_SETUID"
