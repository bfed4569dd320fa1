@nexcage @root @issue-cli
Feature: What the driver is given
  Where a bundle has to be changed for a driver or a host, the driver gets a copy of its config.json. The bundle
  itself, its files and their times, stays as the user made it; hooks and state go on naming it.

  Rule: The user's bundle is only read

    Scenario Outline: Nothing in the bundle changes: <why>
      Given a bundle that runs "true"
      And its config.json has $.ociVersion set to "1.3.0"
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_CORE", "soft": 9, "hard": 10}]
      And all that is below "{dir}/bundle" is remembered
      When container "web" is run with "<options>"
      Then it succeeds
      And nothing below "{dir}/bundle" has changed

      Examples:
        | why                              | options       |
        | Limits that are lowered          | --clip always |
        | Limits that are left as they are | --clip never  |

    Scenario: A bundle that needs no change is read in place
      Given a bundle
      When container "web" is created with "--dry-run"
      Then it prints something with "--bundle {bundle}"
      And the output does not say "write  {root}/web/config.json"
      And the output does not say "write  {root}/web/bundle/config.json"

    Scenario: A bundle that is changed is read from the record's directory
      Given a bundle
      And the limits of this host for open files are below 99999999
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_NOFILE", "soft": 99999999, "hard": 99999999}]
      When container "web" is created with "--clip always"
      Then it succeeds
      And the driver of container "web" was given the limit RLIMIT_NOFILE of this host
      And file "{bundle}/config.json" contains "99999999"

  Rule: Hooks and state name the user's bundle

    @crun
    Scenario: A hook of a bundle that was changed for crun
      Given a bundle
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_NOFILE", "soft": 99999999, "hard": 99999999}]
      And its config.json has a createRuntime hook that notes "made"
      When container "web" is created with "--clip always"
      Then it succeeds
      And the hook "made" was given a state with $.bundle "{bundle}"

    Scenario: The state of a container whose config.json was changed
      Given a bundle
      And its config.json has $.process.rlimits set to the JSON [{"type": "RLIMIT_NOFILE", "soft": 99999999, "hard": 99999999}]
      When container "web" is created with "--clip always"
      Then the state of container "web" names its bundle
      And the state of container "web" has $.rootfs "{rootfs}"

  Rule: What would weaken isolation needs the user's word

    @needs-older-drivers
    Scenario: A time offset that the driver would ignore
      Given a bundle
      And its config.json has $.linux.timeOffsets set to the JSON {"monotonic": {"secs": 100, "nanosecs": 0}}
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.linux.timeOffsets: not supported by"
      And the error says "it would see the clocks of the host"
      And the hint says "--permissive"
      And nothing is left behind
      When container "web" is created with "--permissive"
      Then it succeeds
      And it warns "config.json: $.linux.timeOffsets is ignored by"
      And container "web" is created

    @needs-older-drivers
    Scenario: What the driver refuses by itself is not offered to be ignored
      Given a bundle
      And its config.json has appended to $.linux.namespaces the JSON {"type": "time"}
      When container "web" is created with "--permissive"
      Then it exits with status 2
      And the error says "not supported by"
      And the error does not say "--permissive"
      And nothing is left behind
