@nexcage @no-driver @issue-cli
Feature: Command lines that nexcage does not understand
  A mistyped option or verb is refused, never skipped: its value would become somebody's container id. The message
  names the word, the hint the nearest one that exists. The status is 2.

  Rule: Every word has to be understood

    Scenario Outline: Refused: <arguments>
      When the runtime is called with "<arguments>"
      Then it exits with status 2
      And nothing is printed
      And the error is the line "nexcage: <message>"
      And the hint says "<hint>"

      Examples: Verbs and options
        | arguments                     | message                                     | hint                     |
        | strt web                      | strt: unknown verb "strt"                   | did you mean start?      |
        | frobnicate                    | frobnicate: unknown verb "frobnicate"       | see "nexcage help"       |
        | create --bundel /b web        | create: unknown option "--bundel"           | did you mean --bundle?   |
        | --log-levle debug start web   | unknown option "--log-levle"                | did you mean --log-level? |
        | list -x                       | list: unknown option "-x"                   | see "nexcage help"       |
        | --runtime foo features        | features: unknown runtime "foo"             | the runtimes are: pct, jail, crun, runc |
        | --runtime qemu features       | features: runtime "qemu": virtual machines are not containers | use qm for them |
        | help strt                     | help: unknown verb "strt"                   | did you mean start?      |
        | bundel create /b              | bundel: unknown verb "bundel"               | did you mean bundle?     |
        | bundle craete /b              | bundle: unknown verb "bundle craete"        | did you mean bundle create? |
        | create -bundle=/b -pidfile=/p web | create: unknown option "-pidfile"       | did you mean --pid-file? |
        | --log-level warn list         | option --log-level must be one of error, warning, info, debug, not "warn" | did you mean warning? |
        | --log-format jsn list         | option --log-format must be one of text, json, not "jsn" | did you mean json? |

      Examples: Verbs of other programs
        | arguments | message                               | hint                      |
        | rm web    | rm: unknown verb "rm"                 | it is called delete here  |
        | ls        | ls: unknown verb "ls"                 | it is called list here    |
        | top web   | top: unknown verb "top"               | it is called ps here      |
        | status web | status: unknown verb "status"        | it is called state here   |

      Examples: Operands
        | arguments          | message                              | hint                     |
        | start              | start: the container id is missing   | see nexcage start --help |
        | state              | state: the container id is missing   | see nexcage state --help |
        | create             | create: the container id is missing  | see nexcage create --help |
        | start web db       | start: unexpected argument "db"      | see nexcage start --help |
        | list web           | list: unexpected argument "web"      | see nexcage list --help  |
        | kill web 9 10      | kill: unexpected argument "10"       | see nexcage kill --help  |
        | version 2          | version: unexpected argument "2"     | see nexcage version --help |

      Examples: Signals
        | arguments        | message                            | hint                                        |
        | kill web FOO     | kill: unknown signal "FOO"         | a number from 1 to 64 or a name             |
        | kill web 0       | kill: unknown signal "0"           | a number from 1 to 64 or a name             |
        | kill web 65      | kill: unknown signal "65"          | a number from 1 to 64 or a name             |
        | kill web -- -1   | kill: unknown signal "-1"          | a number from 1 to 64 or a name             |
        | kill web SIGSIGTERM | kill: unknown signal "SIGSIGTERM" | a number from 1 to 64 or a name            |
        | kill web RTMIN+31 | kill: unknown signal "RTMIN+31"   | a number from 1 to 64 or a name             |
        | kill -s BAR web  | kill: unknown signal "BAR"         | a number from 1 to 64 or a name             |
        | kill web _       | kill: unknown signal "_"           | a number from 1 to 64 or a name             |

    Scenario Outline: Values that do not fit: <arguments>
      When the runtime is called with "<arguments>"
      Then it exits with status 2
      And nothing is printed
      And the error is the line "nexcage: <message>"

      Examples:
        | arguments                       | message                                                                      |
        | start --log                     | start: option --log needs a value: PATH                                      |
        | exec --user '' web true         | exec: option --user needs a value: UID[:GID]                                 |
        | list --debug=maybe              | list: option --debug takes no value                                          |
        | list --format yaml              | list: list cannot print the format "yaml"                                    |
        | --log-level loud list           | option --log-level must be one of error, warning, info, debug, not "loud"    |
        | --systemd-cgroup --cgroup-manager cgroupfs features | features: --systemd-cgroup contradicts --cgroup-manager cgroupfs |
        | --log journald: list            | list: --log: journald: needs a name for the lines                            |
        | stop --timeout soon web         | stop: option --timeout takes a whole number from 0, not "soon"               |
        | stop --timeout -1 web           | stop: option --timeout takes a whole number from 0, not "-1"                 |
        | update --memory lots web        | update: option --memory takes a number, not "lots"                           |
        | update web                      | update: nothing to update                                                    |
        | events --interval 0 web         | events: --interval must be more than 0, not "0"                              |
        | kill --regex [ TERM             | kill: "[" is no regular expression: unterminated character set at position 0 |
        | create --bundle a --image b web | create: two bundles are named: "a" and "b"                                   |

  Rule: Without any verb there is nothing to do

    Scenario: No arguments at all
      When the shell runs "exec $1" with the runtime as its arguments ""
      Then it exits with status 2
      And nothing is printed
      And the error is the line "nexcage: no verb given"
      And the hint says "see "nexcage help""

  Rule: Settings in the environment are checked as well

    Scenario Outline: <name>=<value>
      Given the variable "<name>" of the caller is "<value>"
      When the runtime is called with "list"
      Then it exits with status 2
      And the error says "nexcage: list: <name>: "<value>" is not one of"

      Examples:
        | name               | value |
        | NEXCAGE_LOG_LEVEL  | loud  |
        | NEXCAGE_LOG_FORMAT | xml   |
