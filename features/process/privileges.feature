@oci @root @issue-88
Feature: What a program may not gain or use up
  Besides user and capabilities a bundle limits a program by resource limits, by `noNewPrivileges`, by its rank before
  the kernel's out-of-memory killer, and by a filter of system calls.

  Rule: Resource limits are the bundle's, soft and hard

    Scenario Outline: <limit> is <soft>, and can be raised to <hard>
      Given a bundle that runs the probe
      And its config.json has the limit <limit> of <soft> and at most <hard>
      When container "web" is run
      Then the container has the limit <limit> of <soft> and at most <hard>

      Examples:
        | limit             | soft  | hard  |
        | RLIMIT_NOFILE     | 512   | 1024  |
        | RLIMIT_NPROC      | 300   | 400   |
        | RLIMIT_CORE       | 0     | 0     |
        | RLIMIT_STACK      | 65536 | 131072 |
        | RLIMIT_FSIZE      | 4096  | 8192  |
        | RLIMIT_MEMLOCK    | 4096  | 8192  |

    Scenario: Several limits at once
      Given a bundle that runs the probe
      And its config.json has the limit RLIMIT_NOFILE of 100 and at most 200
      And its config.json has the limit RLIMIT_CPU of 30 and at most 60
      When container "web" is run
      Then the container has the limit RLIMIT_NOFILE of 100 and at most 200
      And the container has the limit RLIMIT_CPU of 30 and at most 60

    Scenario: A limit is enforced
      Given a bundle that runs the script "head -c 100000 /dev/zero >/tmp/big; stat -c %s /tmp/big"
      And its config.json has the limit RLIMIT_FSIZE of 4096 and at most 4096
      When container "web" is run
      Then it prints "4096"

    @nexcage
    Scenario: An executed program has the limits of the container
      Given a bundle that runs "sleep 100"
      And its config.json has the limit RLIMIT_CORE of 512 and at most 1024
      And a running container "web"
      When the probe is executed in container "web"
      Then the container has the limit RLIMIT_CORE of 512 and at most 1024

  Rule: With noNewPrivileges no program can gain what its parent did not have

    Scenario: Without new privileges
      Given a bundle that runs the probe
      And its config.json has $.process.noNewPrivileges set to the JSON true
      When container "web" is run
      Then the container can gain no new privileges

    Scenario: With new privileges
      Given a bundle that runs the probe
      And its config.json has $.process.noNewPrivileges set to the JSON false
      When container "web" is run
      Then the container may gain new privileges

  Rule: The out-of-memory killer is told how much the container matters

    Scenario: A container that is to be killed first
      Given a bundle that runs the probe
      And its config.json has $.process.oomScoreAdj set to the JSON 500
      When container "web" is run
      Then the container has the OOM score adjustment 500

  Rule: A seccomp filter decides over each system call

    Scenario: A system call that the filter refuses
      Given the bundle "no_mkdir" that runs "mkdir /tmp/new"
      When container "web" is run
      Then it exits with status 1
      And the error says "Operation not permitted"

    Scenario: All other system calls work
      Given the bundle "no_mkdir" that runs "touch /tmp/new"
      When container "web" is run
      Then it succeeds

    Scenario: The kernel says that there is a filter
      Given the bundle "no_mkdir" that runs the probe
      When container "web" is run
      Then system calls are filtered

    Scenario: An executed program is filtered too
      Given the bundle "no_mkdir"
      And a running container "web"
      When "mkdir /tmp/new" is executed in container "web"
      Then it exits with status 1
      And the error says "Operation not permitted"
