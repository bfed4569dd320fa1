@oci @root @issue-88 @cgroup-devices
Feature: Which devices a container may use
  A device node is only a name. Whether a program may open it is decided by the rules in `linux.resources.devices`,
  the last one that fits.

  Rule: What no rule allows cannot be opened

    Scenario: A device that no rule allows
      Given the bundle "fuse_device" that runs the script ": </dev/fuse"
      When container "web" is run
      Then it fails
      And the error says "Operation not permitted"

    Scenario: A device that a rule allows
      Given the bundle "fuse_device" that runs the script ": </dev/fuse && echo opened"
      And its config.json has appended to $.linux.resources.devices the JSON {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rwm"}
      When container "web" is run
      Then it prints "opened"

    Scenario: A device that may only be read
      Given the bundle "fuse_device" that runs the script ": </dev/fuse && echo read; : >/dev/fuse && echo written"
      And its config.json has appended to $.linux.resources.devices the JSON {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "r"}
      When container "web" is run
      Then it prints "read"
      And the error says "Operation not permitted"

    Scenario: A rule for all minor numbers
      Given the bundle "fuse_device" that runs the script ": </dev/fuse && echo opened"
      And its config.json has appended to $.linux.resources.devices the JSON {"allow": true, "type": "c", "major": 10, "access": "rw"}
      When container "web" is run
      Then it prints "opened"

    Scenario: An executed program has the same rules
      Given the bundle "fuse_device"
      And a running container "web"
      When "sh -c ': </dev/fuse'" is executed in container "web"
      Then it fails
      And the error says "Operation not permitted"

  Rule: The default devices can always be used

    Scenario: The default devices, though all are forbidden
      Given the bundle "fuse_device" that runs the probe on "/dev/null /dev/zero /dev/urandom"
      When container "web" is run
      Then the container can write "/dev/null"
      And the container can read "/dev/zero"
      And the container can read "/dev/urandom"
