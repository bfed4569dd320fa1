@nexcage @root @needs-restricted-host @issue-cli
Feature: Run on hosts that may not give everything
  In a nested container or a locked-down machine, limits can be lowered but not raised. nexcage lowers what a bundle
  asks too much, with one warning each, so that the bundle runs; `--clip never` leaves it to the driver, which fails.
  Nothing is ever raised.

  Rule: What exceeds the host is lowered, with one warning each

    Scenario: A limit above the host's hard limit
      Given a bundle that runs the probe
      And its config.json has the limit RLIMIT_NOFILE of 99999999 and at most 99999999
      And the bundle is kept in mind
      When container "web" is run
      Then it succeeds
      And it warns "config.json: $.process.rlimits[0]: RLIMIT_NOFILE 99999999 lowered to"
      And the bundle is unchanged

    Scenario: A limit below the host's stays as it is
      Given a bundle that runs the probe
      And its config.json has the limit RLIMIT_NOFILE of 100 and at most 200
      When container "web" is run
      Then it succeeds
      And the container has the limit RLIMIT_NOFILE of 100 and at most 200

    Scenario: A negative OOM score adjustment
      Given a bundle that runs the probe
      And its config.json has $.process.oomScoreAdj set to the JSON -900
      When container "web" is run
      Then it succeeds
      And it warns "config.json: $.process.oomScoreAdj: -900 raised to"

    Scenario: A capability that this host may not give
      Given a bundle that runs the probe
      And its config.json has the bounding capabilities "CAP_KILL CAP_SYS_RESOURCE"
      And its config.json has the permitted capabilities "CAP_KILL CAP_SYS_RESOURCE"
      And its config.json has the effective capabilities "CAP_KILL CAP_SYS_RESOURCE"
      When container "web" is run
      Then it succeeds
      And it warns "config.json: $.process.capabilities: CAP_SYS_RESOURCE dropped: this host may not give it"
      And the container has the bounding capabilities "CAP_KILL"
      And the container has the effective capabilities "CAP_KILL"

    Scenario: A process that is executed
      Given a running container "web"
      And the process file "p.json"
        """
        {"args": ["/bin/true"], "cwd": "/", "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 99999999, "soft": 99999999}]}
        """
      When the process file "p.json" is executed in container "web"
      Then it succeeds
      And it warns "p.json: $.rlimits[0]: RLIMIT_NOFILE 99999999 lowered to"

  Rule: The caller can forbid it

    Scenario: The driver's failure is kept with --clip never
      Given a bundle
      And its config.json has the limit RLIMIT_NOFILE of 99999999 and at most 99999999
      When container "web" is created with "--clip never"
      Then it exits with status 1
      And nothing is left behind

    Scenario: A mode that does not exist
      Given a bundle
      When container "web" is created with "--clip sometimes"
      Then it exits with status 2
      And the error says "--clip must be auto, always or never, not "sometimes""
