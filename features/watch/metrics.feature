@nexcage @root @issue-113
Feature: Numbers for Prometheus
  "nexcage metrics" prints how many containers there are, what commands came to and what the checks say, in the text format
  of Prometheus. Commands that make or change something leave a line each in the root of the records.

  Rule: All is there, also where nothing is

    @no-driver
    Scenario: Where no container has ever been
      When the metrics are printed
      Then the metrics have the families
        """
        nexcage_build_info gauge
        nexcage_containers gauge
        nexcage_check_results gauge
        nexcage_check_timestamp_seconds gauge
        nexcage_check_last_success_timestamp_seconds gauge
        nexcage_check_duration_seconds gauge
        nexcage_operations counter
        nexcage_errors counter
        nexcage_operation_duration_seconds histogram
        """
      And the metric nexcage_containers is 0 for "driver=runc status=running"
      And the metric nexcage_check_results is 0 for "group=state status=fail"
      And the metric nexcage_check_timestamp_seconds is the time of now
      And file "root" does not exist

    @crun
    Scenario: Containers by status
      Given a created container "one"
      And a running container "two"
      And a running container "three"
      And a stopped container "four"
      When the metrics are printed
      Then the metric nexcage_containers is 1 for "driver={driver} status=created"
      And the metric nexcage_containers is 2 for "driver={driver} status=running"
      And the metric nexcage_containers is 1 for "driver={driver} status=stopped"
      And the metric nexcage_containers is 0 for "driver={driver} status=paused"
      And the metric nexcage_check_last_success_timestamp_seconds is the time of now

    @pct
    Scenario: Containers of a Proxmox VE node, for one call of its tools more than check takes
      Given a Proxmox VE node where LXC is only a model
      And 20 containers of driver pct have records
      When the metrics are printed
      Then the metric nexcage_containers is 20 for "driver=pct status=stopped"
      And the node's tools were started at most 3 times

    @crun
    Scenario: What the checks find
      Given a created container "web"
      And the record of container "web" reads "{"
      When the metrics are printed
      Then it succeeds
      And the metric nexcage_check_results is 1 for "group=state status=fail"
      And the metric nexcage_check_last_success_timestamp_seconds is 0

    @no-driver
    Scenario: Nothing is changed by it
      Given a directory "root"
      And all that is below "root" is remembered
      When the metrics are printed
      Then nothing below "root" has changed

  Rule: Commands are counted by what they came to

    @crun @runc
    Scenario: A life from create to delete
      Given a bundle that runs "sleep 100"
      When container "web" is created
      And container "web" is started
      And container "web" is sent signal "KILL"
      And the program of container "web" has ended
      And container "web" is deleted
      And the metrics are printed
      Then the metric nexcage_operations_total is 1 for "verb=create driver={driver} result=ok"
      And the metric nexcage_operations_total is 1 for "verb=start driver={driver} result=ok"
      And the metric nexcage_operations_total is 1 for "verb=kill driver={driver} result=ok"
      And the metric nexcage_operations_total is 1 for "verb=delete driver={driver} result=ok"
      And the metric nexcage_operation_duration_seconds_count is 1 for "verb=create"
      And the metric nexcage_operation_duration_seconds_bucket is 1 for "verb=kill le=+Inf"

    @crun
    Scenario: Failures have the code of the error
      Given a created container "web"
      When container "web" is created
      And container "web" is paused
      And container "nobody" is started
      And container "nothing" is started
      And the metrics are printed
      Then the metric nexcage_operations_total is 1 for "verb=create result=container-exists"
      And the metric nexcage_errors_total is 1 for "code=container-exists"
      And the metric nexcage_operations_total is 2 for "verb=start driver=- result=container-missing"
      And the metric nexcage_errors_total is 2 for "code=container-missing"

    @crun
    Scenario: What waits for a program is counted without the duration of that
      Given a bundle that runs "sh -c 'exit 3'"
      When container "web" is run
      And the metrics are printed
      Then the metric nexcage_operations_total is 1 for "verb=run driver={driver} result=ok"
      And there is no metric nexcage_operation_duration_seconds_count for "verb=run"

    @crun
    Scenario: What only looks, or only says what it would do, is not counted
      Given a created container "web"
      When the state of container "web" is asked for
      And the list of containers is asked for
      And state is checked
      And the runtime is called with "delete --dry-run web"
      And the metrics are printed
      Then the metric nexcage_operations_total is 1

    @no-driver
    Scenario: Where nothing has been made, nothing is counted
      When the runtime is called with "delete --force nobody"
      Then it succeeds
      And file "root" does not exist

  Rule: Counting never harms a command

    @crun
    Scenario Outline: The lines cannot be written: <what>
      Given a created container "web"
      And file or directory "root/@operations" is removed
      And <what>
      When container "web" is started
      Then it succeeds
      And nothing is said
      When container "web" is sent signal "KILL"
      Then it succeeds
      And nothing is said

      Examples:
        | what                                                        |
        | a directory "root/@operations"                              |
        | "root/@operations" is a symbolic link to "{dir}/elsewhere"  |

    @crun
    Scenario: A disk without room
      Given a running container "web"
      And there is no room left for what is counted
      When container "web" is sent signal "KILL"
      Then it succeeds
      And nothing is said
      When the program of container "web" has ended
      And container "web" is deleted
      Then it succeeds
      And nothing is said

    @no-driver
    Scenario: Numbers that somebody has damaged
      Given a file "root/@operations.json" that says "nonsense"
      When the metrics are printed
      Then the error says "nexcage: metrics: warning: {root}/@operations.json is damaged: operations are counted anew"
      And there is no metric nexcage_operations_total for "verb=create"

  Rule: What it cannot do is refused

    @no-driver
    Scenario Outline: Refused: metrics <arguments>
      When the runtime is called with "metrics <arguments>"
      Then it exits with status 2
      And the error says "<message>"

      Examples:
        | arguments     | message                                  |
        | --format json | metrics cannot print the format "json"   |
        | web           | unexpected argument "web"                |
        | --watch       | unknown option "--watch"                 |

    @no-driver
    Scenario: An ordinary user has numbers too
      When an ordinary user calls the runtime with "--root {dir}/nowhere metrics"
      Then it succeeds
      And it prints a line like "nexcage_build_info.version=.*"
