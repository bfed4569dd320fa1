@nexcage @no-driver @issue-cli
Feature: Where the lines of the log go, and which belong together
  A file, the journal or syslog, as crun takes them: `--log PATH`, `file:PATH`, `journald:NAME`, `syslog:NAME`. The command
  line goes before the environment (NEXCAGE_LOG, NEXCAGE_LOG_LEVEL, NEXCAGE_LOG_FORMAT), that before the configuration
  (runtime.log_path, log_level, log_format). An error is on standard error as well, always.

  Rule: Places

    Scenario: A file by its prefix
      When the runtime is called with "--log file:{dir}/log.json --log-format json start web"
      Then it exits with status 1
      And the last error in the JSON log "log.json" says "container "web" does not exist"

    @root
    Scenario: The journal
      Given the host has a journal
      When the runtime is called with "--log journald:shop start web"
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" does not exist"
      And the journal has an entry of "shop" with MESSAGE "container "web" does not exist"
      And the journal has an entry of "shop" with PRIORITY "3"
      And the journal has an entry of "shop" with NEXCAGE_CODE "container-missing"
      And the journal has an entry of "shop" with NEXCAGE_VERB "start"

    @root
    Scenario: A journal that is not there
      Given the host has no journal
      When the runtime is called with "--log journald:shop start web"
      Then it exits with status 2
      And the error is the line "nexcage: start: --log: the journal does not run here: /run/systemd/journal/socket is missing"
      And the hint says "name a file instead: --log PATH"
      And these calls fail, each with its code
        | call                           | code            |
        | --log journald:shop list       | log-unavailable |

    Scenario: A relative path is one of the caller's directory
      When the shell runs "cd {dir} && exec "$@"" with the runtime as its arguments "--log own.log start web"
      Then it exits with status 1
      And file "own.log" contains "code=container-missing"

  Rule: The configuration says where, unless somebody closer does

    Background:
      Given a file "own.json" that reads
        """
        {"runtime": {"log_level": "debug", "log_path": "{dir}/own.log", "log_format": "json"}}
        """

    Scenario: The configuration alone
      When the runtime is called with "--config {dir}/own.json start web"
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" does not exist"
      And the last error in the JSON log "own.log" has $.code "container-missing"
      And the JSON log "own.log" has an entry of level debug that says "began"

    Scenario: The environment goes before it
      Given the variable "NEXCAGE_LOG" of the caller is "{dir}/env.log"
      And the variable "NEXCAGE_LOG_LEVEL" of the caller is "error"
      When the runtime is called with "--config {dir}/own.json start web"
      Then the JSON log "env.log" has 1 entries
      And file "own.log" does not exist

    Scenario: The command line goes before both, also with what is usual
      Given the variable "NEXCAGE_LOG_LEVEL" of the caller is "debug"
      When the runtime is called with "--config {dir}/own.json --log-level warning --log-format text --log {dir}/line.log start web"
      Then file "line.log" contains "level=error msg="container"
      And file "own.log" does not exist

    Scenario: Upstream's names of keys and levels
      Given a file "old.json" that reads
        """
        {"log_level": "warn", "log_file": "{dir}/old.log"}
        """
      When the runtime is called with "--config {dir}/old.json start web"
      Then file "old.log" contains "level=error"

    Scenario: A configuration that cannot be used does not keep the error from the log
      Given a file "broken.json" that reads
        """
        {"log_level": 5}
        """
      When the runtime is called with "--config {dir}/broken.json --log {dir}/log.json --log-format json list"
      Then it exits with status 2
      And the last error in the JSON log "log.json" has $.code "config-invalid"

  Rule: What was understood of a wrong command line is enough to find the log

    Scenario Outline: <arguments>
      When the runtime is called with "--log {dir}/log.json --log-format json <arguments>"
      Then it exits with status 2
      And the last error in the JSON log "log.json" has $.code "usage"

      Examples:
        | arguments            |
        | --frobnicate list    |
        | lsit                 |
        | bundle craete        |
        | list --frobnicate    |

    Scenario: An environment that is wrong
      Given the variable "NEXCAGE_LOG_LEVEL" of the caller is "loud"
      When the runtime is called with "--log {dir}/log.json --log-format json list"
      Then it exits with status 2
      And the last error in the JSON log "log.json" has $.code "config-invalid"

  Rule: The lines of one command have one request

    Scenario: A request that the caller names
      Given the variable "NEXCAGE_REQUEST_ID" of the caller is "deploy-17"
      When the runtime is called with "--debug --log {dir}/log.json --log-format json start web"
      Then every entry in the JSON log "log.json" has $.request "deploy-17"
      And the last error in the JSON log "log.json" has $.request "deploy-17"

    Scenario: A request that nobody names
      When the runtime is called with "--debug --log {dir}/log.json --log-format json start web"
      And the runtime is called with "--debug --log {dir}/log.json --log-format json start web"
      Then the JSON log "log.json" has 2 requests

    Scenario: With --debug it is on standard error too
      Given the variable "NEXCAGE_REQUEST_ID" of the caller is "deploy-17"
      When the runtime is called with "--debug start web"
      Then it exits with status 1
      And the error says "nexcage: start: debug: began version="
      And the error says "request=deploy-17"
      And the error says "nexcage: start: debug: ended status=1 duration_ms="

  Rule: Standard output is for data

    Scenario: All that can be said, on a command that prints JSON
      When the runtime is called with "--debug list --format json"
      Then it succeeds
      And it prints "[]"

  Rule: The file may be shared and rotated

    Scenario: A rotated log is made anew
      When the runtime is called with "--log {dir}/log --log-format json start web"
      And the shell runs "mv {dir}/log {dir}/log.1 && exec "$@"" with the runtime as its arguments "--log {dir}/log --log-format json start web"
      Then the JSON log "log" has 1 entries
      And the JSON log "log.1" has 1 entries
      And file "log" has mode 600

    Scenario: Commands that log at once
      When 20 commands log at once to "{dir}/log.json"
      Then the JSON log "log.json" has 20 requests
