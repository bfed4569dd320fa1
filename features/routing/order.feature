@nexcage @root @no-driver @issue-78
Feature: What decides about the driver of a container
  The command line, then NEXCAGE_RUNTIME, then the annotation io.nexcage.runtime of the bundle, then the rules, then what
  the bundle cannot do without, then `runtime.default`, then the first driver that can run here: pct, jail, crun, runc.
  A driver that was named is never replaced by another.

  Background:
    Given a bundle
    And the caller finds only the programs "runc"
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"

  Rule: Each goes before what comes after it

    Scenario: The command line before the environment
      Given a file "own.json" that says "{}"
      And the variable "NEXCAGE_RUNTIME" of the caller is "jail"
      When the bare runtime is called with "route web --runtime runc --bundle {bundle} --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.decided_by "option"
      And it prints JSON with $.reason "named by --runtime"

    Scenario: NEXCAGE_RUNTIME before the annotation
      Given a file "own.json" that says "{}"
      And its config.json has $.annotations["io.nexcage.runtime"] set to "jail"
      And the variable "NEXCAGE_RUNTIME" of the caller is "runc"
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.reason "named by NEXCAGE_RUNTIME"

    Scenario: The annotation before the rules
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "*", "runtime": "jail"}]}}
        """
      And its config.json has $.annotations["io.nexcage.runtime"] set to "runc"
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.reason "named by annotation io.nexcage.runtime"

    Scenario: The rules before what the bundle needs
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "*", "runtime": "runc"}]}}
        """
      And the bundle "freebsd"
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.decided_by "rule"

    Scenario: What the bundle needs before the default
      Given a file "own.json" that reads
        """
        {"runtime": {"default": "runc"}}
        """
      And the bundle "freebsd"
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it exits with status 1
      And it prints JSON with $.driver "jail"
      And it prints JSON with $.decided_by "capability"
      And it prints JSON with $.reason "$.freebsd of config.json needs it"

    Scenario: An agent that judges system calls needs crun, or runc where that can do it
      Given a file "own.json" that reads
        """
        {"runtime": {"default": "jail"}}
        """
      And its config.json has $.linux.seccomp set to the JSON {"defaultAction": "SCMP_ACT_NOTIFY", "listenerPath": "/run/agent"}
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.reason "$.linux.seccomp.listenerPath of config.json needs it"

    Scenario Outline: The default before the first that can run here: <key>
      Given a file "own.json" that reads
        """
        <key>
        """
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it exits with status 1
      And it prints JSON with $.driver "jail"
      And it prints JSON with $.decided_by "default"
      And it prints JSON with $.reason "named by runtime.default of {dir}/own.json"

      Examples:
        | key                                           |
        | {"runtime": {"default": "jail"}}              |
        | {"default_runtime": "jail"}                   |

    Scenario: The first that can run here
      Given a file "own.json" that says "{}"
      When the bare runtime is called with "route web --bundle {bundle} --format json"
      Then it succeeds
      And it prints JSON with $.driver "runc"
      And it prints JSON with $.reason "the first that can run here"

  Rule: A create that cannot follow says who has named the driver

    Scenario: A rule
      Given a file "own.json" that reads
        """
        {"runtime": {"routing": [{"pattern": "web", "runtime": "crun"}]}}
        """
      When the bare runtime is called with "--root {root} create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: crun is not installed, and runtime.routing[0] of {dir}/own.json names it"
      And the hint says "apt install crun"
      And nothing is left behind

    Scenario: The default
      Given a file "own.json" that reads
        """
        {"runtime": {"default": "crun"}}
        """
      When the bare runtime is called with "--root {root} create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: crun is not installed, and runtime.default of {dir}/own.json names it"
      And nothing is left behind

    Scenario: The annotation names what is no driver
      Given a file "own.json" that says "{}"
      And its config.json has $.annotations["io.nexcage.runtime"] set to "moon"
      When the bare runtime is called with "--root {root} create --bundle {bundle} web"
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.annotations["io.nexcage.runtime"]: unknown runtime "moon""
      And nothing is left behind

    Scenario: Two different names on the command line
      Given a file "own.json" that says "{}"
      When the bare runtime is called with "--root {root} --backend crun create --runtime runc --bundle {bundle} web"
      Then it exits with status 2
      And the error is the line "nexcage: create: two runtimes are named: --runtime runc and --backend crun"
      And nothing is left behind
