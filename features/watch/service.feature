@nexcage @root @issue-113
Feature: Watch over a host
  "nexcage check --watch" is a service: it looks again and again, logs what changes, and answers at /metrics and
  /-/healthy. It ends when it is told to, and a look that hangs or fails is only that look.

  Rule: It answers

    @crun
    Scenario: Containers are counted as they come
      Given a running container "one"
      And the host is watched with "--interval 1h"
      When the watch is asked for its metrics
      Then the metric nexcage_containers is 1 for "driver={driver} status=running"
      And the metric nexcage_check_results is 0 for "group=state status=fail"
      And the metric nexcage_check_runs_total is 1 for "result=ok"
      And the watch answers 200 at "/-/healthy": all is well
      And the watch answers 404 at "/": /metrics
      Given a running container "two"
      When the watch looks again
      And the watch is asked for its metrics
      Then the metric nexcage_containers is 2 for "driver={driver} status=running"

    @crun
    Scenario: What commands did is known at once
      Given the host is watched with "--interval 1h state"
      And a created container "web"
      When the watch is asked for its metrics
      Then the metric nexcage_operations_total is 1 for "verb=create driver={driver} result=ok"

    @no-driver
    Scenario: It looks by itself
      Given the host is watched with "--interval 1s config"
      Then the watch looks 2 times by itself
      When the watch is asked for its metrics
      Then the metric nexcage_check_last_success_timestamp_seconds is the time of now
      And there is no metric nexcage_check_results for "group=state"

    @no-driver
    Scenario: It serves nothing where that is not wanted
      When the shell runs "timeout --preserve-status 1 "$@"" with the runtime as its arguments "check --watch --listen none config"
      Then it succeeds
      And the error says "nexcage: check: info: looking at config every 60 s"
      And the error does not say "http"

  Rule: It says what changes, and that once

    @crun
    Scenario: A record becomes damaged, and is mended
      Given a created container "web"
      And the host is watched with "--interval 1h state"
      And the record of container "web" reads "{"
      When the watch looks again
      And the watch looks again
      Then the watch has said "warning: state: {root}/web/record.json: line 1, column 2" 1 times
      And the watch answers 503 at "/-/healthy": failures: state
      When the watch is asked for its metrics
      Then the metric nexcage_check_results is 1 for "group=state status=fail"
      When container "web" is deleted by force
      And the watch looks again
      Then the watch has said "info: state: over: {root}/web/record.json: line 1, column 2" 1 times
      And the watch answers 200 at "/-/healthy": all is well

    @no-driver
    Scenario: In JSON for programs
      Given the host is watched with "--log-format json --interval 1h config"
      When the watch looks again
      Then the watch says nothing but lines in JSON

  Rule: It reads its configuration again

    @no-driver
    Scenario: A configuration that is broken, and mended
      Given a file "nexcage.json" that says "{}"
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/nexcage.json"
      And the host is watched with "--interval 1h config"
      And a file "nexcage.json" that says "{"
      When the watch looks again
      Then the watch says "warning: reloaded, but the configuration cannot be used: {dir}/nexcage.json: line 2"
      And the watch says "warning: config: {dir}/nexcage.json: line 2"
      And the watch answers 503 at "/-/healthy": failures: config
      Given a file "nexcage.json" that says "{}"
      When the watch looks again
      Then the watch says "info: reloaded"
      And the watch answers 200 at "/-/healthy": all is well

  Rule: It lasts

    @crun
    Scenario: Hundreds of looks
      Given a created container "web"
      And the host is watched with "--interval 1h config state"
      Then 240 more looks cost the watch neither memory nor files

    @no-driver
    Scenario: A program of the host that hangs
      Given the caller finds a program "runc" that does
        """
        exec sleep 1000
        """
      And the host begins to be watched with "--interval 1h --timeout 1s drivers"
      Then the watch answers 503 at "/-/healthy": no check has ended yet
      And the watch says "warning: the check: did not end within 1 s"
      When the watch is asked for its metrics
      Then the metric nexcage_check_runs_total is 1 for "result=timeout"
      When the watch is sent signal TERM
      Then the watch ends with status 0 within 1 seconds

    @no-driver
    Scenario Outline: It stops when it is told to by <signal>, in the midst of a look too
      Given the caller finds a program "runc" that does
        """
        exec sleep 1000
        """
      And the host begins to be watched with "drivers"
      When the watch is sent signal <signal>
      Then the watch ends with status 0 within 1 seconds
      And the watch says "info: stopped"
      And the address of the watch is free

      Examples:
        | signal |
        | TERM   |
        | INT    |

  Rule: What means nothing is refused

    @no-driver
    Scenario: A port that is in use
      Given the host is watched with "config"
      When the host is watched at the same address with "config"
      Then it exits with status 1
      And the error says "nexcage: check: cannot listen on 127.0.0.1:"
      And the error says "address already in use"
      And the hint says "--listen"

    @no-driver
    Scenario Outline: Refused: check <arguments>
      When the runtime is called with "check <arguments>"
      Then it exits with status 2
      And the error says "<message>"

      Examples:
        | arguments                    | message                                                      |
        | --watch --interval 0         | option --interval takes a time from 1s to 24h, not "0"       |
        | --watch --interval 500ms     | option --interval takes a time from 1s to 24h, not "500ms"   |
        | --watch --timeout never      | option --timeout takes a time from 1s to 24h, not "never"    |
        | --watch --listen :9787       | --listen :9787: no address is named                          |
        | --watch --listen web:80      | option --listen takes ADDRESS:PORT                           |
        | --watch --format json        | --format means nothing with --watch                          |
        | --watch --deep               | --deep means nothing with --watch                            |
        | --watch --quiet              | --quiet means nothing with --watch                           |
        | --watch nonsense             | unknown group "nonsense"                                     |
        | --watch --frequency 5        | unknown option "--frequency"                                 |
        | --interval 5s                | --interval is for --watch                                    |
        | --listen none                | --listen is for --watch                                      |

    @no-driver
    Scenario: An address that others can reach is used when it is named, and that is said
      When the shell runs "timeout --preserve-status 1 "$@"" with the runtime as its arguments "check --watch --listen 0.0.0.0:0 config"
      Then it succeeds
      And the error says "warning: the metrics can be read by whoever reaches 0.0.0.0:"
