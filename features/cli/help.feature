@nexcage @no-driver @issue-cli
Feature: Help
  Every verb explains itself: usage, what it does, options, examples. Asking for help runs nothing, wherever the words
  stand.

  Rule: Help goes to standard output, and nothing is run

    Scenario Outline: <verb>
      When the runtime is called with "help <verb>"
      Then it succeeds
      And it prints a line like "Usage: nexcage <verb>( .*)?"
      And it prints a line like "Examples:"
      And it prints a line like "  nexcage.*<verb>.*"
      And file "root" does not exist
      When the runtime is called with "<verb> --help"
      Then it succeeds
      And it prints a line like "Usage: nexcage <verb>( .*)?"
      When the runtime is called with "<verb> web -h"
      Then it succeeds
      And it prints a line like "Usage: nexcage <verb>( .*)?"
      And file "root" does not exist

      Examples:
        | verb       |
        | create     |
        | start      |
        | state      |
        | kill       |
        | delete     |
        | run        |
        | pause      |
        | resume     |
        | list       |
        | update     |
        | events     |
        | checkpoint |
        | restore    |
        | spec       |
        | features   |
        | stop       |
        | logs       |
        | version    |

    Scenario Outline: <verb> has arguments of its own after the id
      When the runtime is called with "help <verb>"
      Then it prints a line like "Usage: nexcage <verb> .*ID.*"
      When the runtime is called with "<verb> --help"
      Then it prints a line like "Usage: nexcage <verb> .*ID.*"
      When the runtime is called with "<verb> web -h"
      Then it exits with status 1
      And the error says "container "web" does not exist"

      Examples:
        | verb |
        | exec |
        | ps   |

    Scenario Outline: All verbs at a glance: <arguments>
      When the runtime is called with "<arguments>"
      Then it succeeds
      And it prints a line like "Usage: nexcage .*VERB.*"
      And it prints a line like "  create .*"
      And it prints a line like "  logs .*"
      And it prints a line like ".*--log-level LEVEL .*"

      Examples:
        | arguments |
        | help      |
        | --help    |
        | -h        |

  Rule: The version is printed in the form that engines know

    Scenario Outline: Versions by <arguments>
      When the runtime is called with "<arguments>"
      Then it succeeds
      And it prints a line like "nexcage version \d+\.\d+\.\d+"
      And it prints a line like "spec: \d+\.\d+\.\d+"
      And it prints a line like "rundir: {root}"

      Examples:
        | arguments |
        | version   |
        | --version |
        | -v        |

    Scenario: For programs, with the drivers of this host
      When the runtime is called with "version --format json"
      Then it succeeds
      And it prints JSON with $.version
      And it prints JSON with $.spec "1.3.0"
      And it prints JSON with $.drivers.crun
      And it prints JSON with $.drivers.runc

    @runc
    Scenario: The features document names what this runtime reads
      When the runtime is called with "features"
      Then it succeeds
      And it prints JSON with $.ociVersionMin "1.0.0"
      And it prints JSON with $.ociVersionMax "1.3.0"
      And it prints JSON with $.hooks
      And it prints JSON with $.mountOptions
      And it prints JSON with $.linux.cgroup.v1 true
      And it prints JSON with $.annotations["io.nexcage.driver.runc"]
