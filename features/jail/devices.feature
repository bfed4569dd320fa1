@nexcage @root @jail @issue-108
Feature: Devices in a jail
  A container sees the devices that rule set 4 shows, and those that its bundle adds by a rule set of its own, with a
  number from 20000 to 29999. It is looked at before it is used, and goes with the container.

  Rule: A rule set of its own for each container that wants devices

    Scenario: Two containers at once have two
      Given a bundle that runs "sleep 100"
      And its config.json has $.freebsd.devices set to the JSON [{"path": "zero", "mode": 384}]
      And a created container "web"
      And a second bundle "second" that runs "sleep 100"
      And its config.json has $.freebsd.devices set to the JSON [{"path": "zero", "mode": 384}]
      And a created container "other"
      Then the host has 2 rule sets of nexcage
      When "ls -l /dev/zero /dev/null" is executed in container "web"
      Then it prints a line like "crw------- .* /dev/zero"
      And it prints a line like "crw-rw-rw- .* /dev/null"
      When container "web" is deleted by force
      Then the host has 1 rule sets of nexcage
      And a rule set of nexcage has the rule "path zero unhide mode 600"
      When container "other" is deleted by force
      Then the host has 0 rule sets of nexcage
      And nothing is left on the host

    Scenario: A number that somebody has is passed over, and his set stays
      Given the host has the rule set 28689 without rules
      And somebody calls "devfs rule -s 28689 add path null unhide" on the FreeBSD host
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.devices set to the JSON [{"path": "bpf"}]
      When container "web" is created
      Then it succeeds
      And the host was asked "devfs rule -s 28690 add path bpf unhide"
      And the jail of container "web" has devfs_ruleset "28690"
      When container "web" is deleted by force
      Then it succeeds
      And the host was never asked "devfs rule -s 28689 delset"
      And the host has 1 rule sets of nexcage

    Scenario: A rule that got lost is noticed before anything is mounted
      Given a bundle that runs "sleep 100"
      And its config.json has $.freebsd.devices set to the JSON [{"path": "bpf"}]
      And the host's "devfs add include 1" will exit with status 0 after it printed ""
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: devfs rule set 28689 has 3 rules in place of 4"
      And the host was never asked "mount -t"
      And the host was never asked "jail -c"
      And the host has 0 rule sets of nexcage
      And nothing is left on the host
      And nothing is left behind

  Rule: A rule set of the host's is used as it is, and stays

    Scenario: A set that hides what it should
      Given somebody calls "devfs rule -s 77 add include 1" on the FreeBSD host
      And somebody calls "devfs rule -s 77 add path zero unhide" on the FreeBSD host
      And a bundle that runs "sleep 100"
      And its config.json has $.mounts[0].options set to the JSON ["ruleset=77"]
      And a created container "web"
      When "ls /dev" is executed in container "web"
      Then it prints "zero"
      And the jail of container "web" has devfs_ruleset "77"
      And the host has 0 rule sets of nexcage
      When container "web" is deleted by force
      Then it succeeds
      And the host was never asked "devfs delset"
      And nothing is left on the host

  Rule: Without a devfs there is nothing to add to

    Scenario: A bundle that mounts no devfs
      Given a bundle that runs "sleep 100"
      And its config.json has $.mounts set to the JSON []
      And its config.json has $.freebsd.devices set to the JSON [{"path": "bpf"}]
      When container "web" is created
      Then it succeeds
      And it warns "$.freebsd.devices: is ignored: no devfs is mounted in the container"
      And the host has 0 rule sets of nexcage
      And the jail of container "web" has devfs_ruleset "4"
