@nexcage @root @issue-cli
Feature: A log that people and engines can read
  `--log PATH` collects what happened. Engines ask for the JSON form and show the last error of it; people read the
  text form. Standard output stays free for data.

  Rule: An error is said to the caller and kept in the log

    Scenario: A failing command with a JSON log
      When the runtime is called with "--log {dir}/log.json --log-format json start web"
      Then it exits with status 1
      And nothing is printed
      And the error is the line "nexcage: start: container "web" does not exist"
      And the last error in the JSON log "log.json" says "container "web" does not exist"
      And the last error in the JSON log "log.json" has $.code "container-missing"
      And the last error in the JSON log "log.json" has $.verb "start"

    Scenario: A failing command with a text log
      When the runtime is called with "--log {dir}/log start web"
      Then it exits with status 1
      And file "log" contains "level=error msg="container \"web\" does not exist""
      And file "log" contains "code=container-missing"

    Scenario: A wrong command line is logged too
      When the runtime is called with "--log {dir}/log.json --log-format json start --fast web"
      Then it exits with status 2
      And the last error in the JSON log "log.json" says "unknown option "--fast""
      And the last error in the JSON log "log.json" has $.code "usage"

    Scenario: The log grows, and belongs to its owner
      When the runtime is called with "--log {dir}/log.json --log-format json start web"
      And the runtime is called with "--log={dir}/log.json --log-format=json delete web"
      Then the JSON log "log.json" has 2 entries
      And file "log.json" has mode 600

    Scenario: The environment names the log
      Given the variable "NEXCAGE_LOG" of the caller is "{dir}/log.json"
      And the variable "NEXCAGE_LOG_FORMAT" of the caller is "json"
      When the runtime is called with "start web"
      Then it exits with status 1
      And the last error in the JSON log "log.json" says "container "web" does not exist"

    Scenario: The command line goes before the environment
      Given the variable "NEXCAGE_LOG" of the caller is "{dir}/other"
      When the runtime is called with "--log {dir}/log.json --log-format json start web"
      Then it exits with status 1
      And file "other" does not exist
      And the JSON log "log.json" has 1 entries

    Scenario: A log that cannot be written does not hide the error
      When the runtime is called with "--log {dir}/no/such/log start web"
      Then it exits with status 1
      And the error says "cannot write the log {dir}/no/such/log"
      And the error says "container "web" does not exist"

  Rule: The level decides what is said

    Scenario: A command that succeeds says nothing
      Given a bundle
      When container "web" is created with "--log {dir}/log.json --log-format json"
      Then it succeeds
      And file "log.json" is empty or absent

    Scenario: At level info the choice of the driver is told
      Given a bundle
      And its config.json has $.ociVersion set to "1.3.0"
      When container "web" is created with "--log {dir}/log.json --log-format json --log-level debug"
      Then it succeeds
      And the JSON log "log.json" has an entry of level debug that says "named by --runtime"

    Scenario: With --debug each command of the driver is told with status and duration
      Given a bundle
      When container "web" is created with "--debug --log {dir}/log.json --log-format json"
      Then it succeeds
      And nothing is printed
      And the JSON log "log.json" names each command of the driver with status and duration

    Scenario Outline: A setting that does not exist: <option>
      When the runtime is called with "<option> list"
      Then it exits with status 2
      And the error says "<reason>"

      Examples:
        | option             | reason                                                              |
        | --log-level loud   | option --log-level must be one of error, warning, info, debug       |
        | --log-format xml   | option --log-format must be one of text, json                       |
        | --log journald:    | --log: journald: needs a name for the lines                         |
        | --log syslog:      | --log: syslog: needs a name for the lines                           |
        | --log file:        | --log: file: names no file                                          |

    @needs-restricted-host
    Scenario: At level error there are no warnings
      Given a bundle
      And its config.json has the limit RLIMIT_NOFILE of 99999999 and at most 99999999
      When container "web" is created with "--log {dir}/log.json --log-format json --log-level error"
      Then it succeeds
      And nothing is said
      And file "log.json" is empty or absent
      When the runtime is called with "--log {dir}/log.json --log-format json --log-level error start nothing"
      Then the JSON log "log.json" has no entry of level warning
      And the JSON log "log.json" has 1 entries

  Rule: A warning goes to the log where there is one, otherwise to standard error

    @needs-restricted-host
    Scenario: The warning is only in the log
      Given a bundle
      And its config.json has the limit RLIMIT_NOFILE of 99999999 and at most 99999999
      When container "web" is created with "--log {dir}/log.json --log-format json"
      Then it succeeds
      And nothing is said
      And the JSON log "log.json" has an entry of level warning that says "RLIMIT_NOFILE 99999999 lowered to"
