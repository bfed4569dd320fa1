@nexcage @root @issue-cli
Feature: On a terminal, and in a pipe
  On a terminal a table is as wide as the terminal and no wider, what needs attention has a colour, and the interrupt key
  ends a command without a word. In a pipe, or in a file, nothing is shortened and nothing is coloured.

  Rule: A table fits the terminal

    @no-driver
    Scenario Outline: A list on a terminal of <columns> columns
      Given 2 containers of driver crun have records
      When the runtime is called on a terminal of <columns> columns with "list"
      Then it succeeds
      And no line of it is wider than <columns> columns
      And it prints a line like "ID +PID +STATUS .*"
      And it prints a line like "c1 +0 .*"
      And it prints something with "…"

      Examples:
        | columns |
        | 80      |
        | 64      |

    @no-driver
    Scenario: Of a path the end is kept
      Given 1 containers of driver crun have records
      When the runtime is called on a terminal of 24 columns with "list --columns id,bundle"
      Then no line of it is wider than 24 columns
      And it prints a line like "c1   ….*/none"

    @no-driver
    Scenario: A terminal that is wide enough shows everything
      Given 1 containers of driver crun have records
      When the runtime is called on a terminal of 500 columns with "list"
      Then it prints a line like "c1 +0 +stopped +crun +{dir}/none +2026-01-01T00:00:00.000000Z +root"

    @no-driver
    Scenario: COLUMNS stands before what the terminal says
      Given 1 containers of driver crun have records
      And the variable "COLUMNS" of the caller is "60"
      When the runtime is called on a terminal of 500 columns with "list"
      Then no line of it is wider than 60 columns

    @no-driver
    Scenario: In a pipe nothing is shortened
      Given 1 containers of driver crun have records
      And the variable "COLUMNS" of the caller is "40"
      When the runtime is called with "list"
      Then it prints a line like "c1 +0 +stopped +crun +{dir}/none +2026-01-01T00:00:00.000000Z +root"

    @no-driver
    Scenario: What check says is broken at blanks, and nothing of it is lost
      When the runtime is called on a terminal of 72 columns with "check config storage drivers"
      Then no line of it is wider than 72 columns
      And it prints something with "no file is in use"

    @no-driver
    Scenario Outline: <arguments> on a narrow terminal
      When the runtime is called on a terminal of 64 columns with "<arguments>"
      Then it succeeds
      And no line of it is wider than 64 columns
      And it prints a line like "Usage: .*"

      Examples:
        | arguments    |
        | help         |
        | help route   |
        | list --help  |

    Scenario: ps on a narrow terminal
      Given a running container "web"
      When the runtime is called on a terminal of 30 columns with "ps web"
      Then it succeeds
      And no line of it is wider than 30 columns

  Rule: Colours are for terminals

    Scenario: A status that is well, and one that is not known
      Given a running container "web"
      When the runtime is called on a terminal of 200 columns with "list"
      Then "running" is shown in a colour

    @no-driver
    Scenario Outline: No colours with <variable>=<value>
      Given 1 containers of driver crun have records
      And the variable "<variable>" of the caller is "<value>"
      When the runtime is called on a terminal of 200 columns with "check config"
      Then it succeeds
      And no colour is shown

      Examples:
        | variable | value |
        | NO_COLOR | 1     |
        | TERM     | dumb  |

    @no-driver
    Scenario: An empty NO_COLOR says nothing
      Given the variable "NO_COLOR" of the caller is ""
      When the runtime is called on a terminal of 200 columns with "check config"
      Then "pass" is shown in a colour

  Rule: What takes long shows how far it is

    @no-driver
    Scenario: A bar for each layer, as wide as the terminal allows
      Given an image "app" of busybox
      And it is saved as "tar:{dir}/app.tar"
      When the runtime is called on a terminal of 50 columns with "bundle create --cache {dir}/cache --rootfs copy --from tar:{dir}/app.tar {dir}/box -- sh"
      Then it succeeds
      And no line of it with "━" is wider than 50 columns
      And the terminal shows its cursor

    @no-driver
    Scenario: In a pipe there is no bar
      Given an image "app" of busybox
      And it is saved as "tar:{dir}/app.tar"
      When the runtime is called with "bundle create --cache {dir}/cache --rootfs copy --from tar:{dir}/app.tar {dir}/box -- sh"
      Then it succeeds
      And the output does not say "━"
      And the error does not say "━"

  Rule: The interrupt key ends a command without a word

    @no-driver
    Scenario: A service that looks again and again
      When the runtime is called on a terminal with "check --watch --listen none --interval 1h config" and interrupted after "looking at config"
      Then it succeeds
      And the output does not say "Traceback"

    Scenario: Following what a container writes
      Given a bundle that runs the script "echo ready; sleep 100"
      When container "web" is created with "--stdio log"
      And container "web" is started
      And the runtime is called on a terminal with "logs --follow web" and interrupted after "ready"
      Then it exits with status 130
      And the output does not say "Traceback"
      And container "web" stays running

  Rule: A reader may go before everything is read

    @no-driver
    Scenario Outline: Nobody reads what <arguments> prints
      When the shell runs "{ sleep 0.2; "$@"; echo $? >{dir}/status; } | true" with the runtime as its arguments "<arguments>"
      Then nothing is said
      And file "status" says "1"

      Examples:
        | arguments           |
        | help                |
        | check config        |
        | list                |
        | completion bash     |

    @no-driver
    Scenario: The first lines are enough
      Given 800 containers of driver crun have records
      When the shell runs ""$@" | head -n 2" with the runtime as its arguments "list"
      Then it succeeds
      And it prints 2 lines
      And it prints a line like "c1 .*"
      And the error does not say "Traceback"

    @no-driver
    Scenario Outline: Standard output is closed: <arguments>
      When the shell runs "exec "$@" >&-" with the runtime as its arguments "<arguments>"
      Then it succeeds
      And the error does not say "Traceback"

      Examples:
        | arguments    |
        | list         |
        | check config |
        | help         |
