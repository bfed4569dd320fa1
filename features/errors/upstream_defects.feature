@nexcage @no-driver @issue-cli
Feature: Mistakes of the program that this one replaces
  What it did wrong on the command line, with logs and with messages, by the numbers under which it is known. Each must
  not come back. The others are told where they belong: 8 to 10 in config/ and routing/, 11 to 24 in
  proxmox/upstream_defects.feature and lifecycle/, 26 in check/, 30 in bundle/hostile.feature and routing/rules.feature. That nothing is dead, bypassed or unable
  to fail (27 to 29) is what the harness' own tests are for.

  Rule: An option is understood wherever it stands, or refused; its value is never somebody's container

    Scenario Outline: Defect 1: <arguments>
      When the runtime is called with "<arguments>"
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" does not exist"

      Examples:
        | arguments                                            |
        | start --log-level error web                          |
        | start --log {dir}/log web                            |
        | --log-level=error start --log={dir}/log web          |
        | start web --log-level error                          |

    Scenario: Defect 1: options that do not exist
      Then these calls fail, each with its code
        | call                        | code  |
        | start --log-file x web      | usage |
        | list --perf-tracking        | usage |
        | create -x --name web        | usage |

    Scenario: Defect 2: the runtime that was asked for
      Given a bundle
      When the runtime is called with "--dry-run --runtime jail create --bundle {bundle} web"
      Then it succeeds
      And it prints a line like "create container "web" with jail:"

    Scenario: Defects 2 and 25: what is not there is refused, not skipped
      Given a bundle
      Then these calls fail, each with its code
        | call                                                            | code               |
        | --runtime vm create --bundle {bundle} web                       | usage              |
        | --runtime qemu features                                         | usage              |
        | --dry-run --runtime jail create --bundle {bundle} --vmid 9 web  | unsupported-option |
        | --config {dir}/none list                                        | config-missing     |

  Rule: What fails, fails

    Scenario: Defects 3, 4 and 6: statuses
      Given a file "plain" that says "text"
      Then these calls fail, each with its code
        | call                     | code              | status |
        | list --root {dir}/plain  | root-unusable     | 1      |
        | state                    | usage             | 2      |
        | kill --signal FOO web    | invalid-signal    | 2      |
        | kill -s TERM web         | container-missing | 1      |
        | frobnicate               | usage             | 2      |
        | start web                | container-missing | 1      |

    Scenario Outline: Defect 5: <arguments>
      When the bare runtime is called with "<arguments>"
      Then it succeeds
      And it prints something with "<text>"

      Examples:
        | arguments               | text                  |
        | --version               | nexcage version       |
        | --root {dir} --version  | nexcage version       |
        | help create             | Usage: nexcage create |
        | health --help           | Usage: nexcage health |
        | version --help          | Usage: nexcage version |
        | --log-level error help  | Usage: nexcage        |

  Rule: Standard output is for data

    Scenario: Defect 7: all lines of the log are elsewhere, and without being asked there are none
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints "[]"
      And the error does not say "nexcage"
      When the runtime is called with "--debug list --format json"
      Then it prints "[]"
      And the error says "debug: began"

    Scenario: Defect 7: the log file has the errors
      When the runtime is called with "--log {dir}/log --log-level error start web"
      Then file "log" contains "level=error"
