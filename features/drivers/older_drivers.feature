@nexcage @root @issue-cli @issue-88
Feature: Run newer bundles on older drivers
  A bundle is written for a version of the specification, a driver is what the distribution has. nexcage hands the
  driver a copy that it takes, warns of properties that it would silently ignore, and refuses those that isolation or
  limits depend on. The user's config.json is never changed.

  Rule: The version is lowered for a driver that refuses it

    Scenario: A bundle of version 1.3.0
      Given a bundle that runs the probe
      And its config.json has $.ociVersion set to "1.3.0"
      When container "web" is run
      Then it succeeds
      And the container sees uid 0 and gid 0

    Scenario: The state names the bundle's own version
      Given a bundle
      And its config.json has $.ociVersion set to "1.3.0"
      And the bundle is kept in mind
      When container "web" is created
      Then it succeeds
      And the state of container "web" has $.ociVersion "1.3.0"
      And the state of container "web" names its bundle
      And the bundle is unchanged

  Rule: A harmless property that this version of the driver does not know is warned of

    @needs-older-drivers
    Scenario: A memory policy
      Given a bundle
      And its config.json has $.linux.memoryPolicy set to the JSON {"mode": "MPOL_INTERLEAVE", "nodes": "0"}
      When container "web" is created
      Then it succeeds
      And it warns "config.json: $.linux.memoryPolicy is ignored by"

    Scenario: A property of another platform
      Given a bundle
      And its config.json has $.zos set to the JSON {"namespaces": []}
      When container "web" is created
      Then it succeeds
      And it warns "config.json: $.zos is ignored by"

    Scenario: A property that no version of the specification knows
      Given a bundle
      And its config.json has $.moonPhase set to "full"
      When container "web" is created
      Then it succeeds
      And nothing is said

  Rule: A property that isolation or limits depend on is refused

    @needs-older-drivers
    Scenario: A cache allocation by schemata
      Given a bundle
      And its config.json has $.linux.intelRdt set to the JSON {"schemata": ["L3:0=f"]}
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.linux.intelRdt.schemata: not supported by"
      And the hint says "--permissive"
      And nothing is left behind

    @needs-older-drivers
    Scenario: The same with --permissive is a warning
      Given a bundle
      And its config.json has $.linux.intelRdt set to the JSON {"schemata": ["L3:0=f"]}
      When container "web" is created with "--permissive --dry-run"
      Then it succeeds
      And it warns "config.json: $.linux.intelRdt.schemata is ignored by"

    @needs-older-drivers
    Scenario: A time namespace is refused before the driver fails obscurely
      Given a bundle
      And its config.json has appended to $.linux.namespaces the JSON {"type": "time"}
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.linux.namespaces["
      And the error says "not supported by"
      And nothing is left behind
