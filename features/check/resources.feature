@nexcage @root @no-driver @issue-113
Feature: Check resources
  Memory, processes, open files and loop devices of the host, and the limits that nexcage itself runs under.

  Scenario: A host that has enough
    When resources are checked
    Then check resources passes "of memory are available"
    And check resources passes "processes and threads of the host are there"
    And check resources passes "files of the host are open"
    And check resources passes "a process from here may open"

  Scenario Outline: A process that may open <files> files
    When the shell runs "ulimit -n <files>; exec "$@"" with the runtime as its arguments "check resources --format json"
    Then it exits with status <status>
    And check resources <verb> "a process from here may open <files> files only"
    And check resources hints "ulimit -n 1024"

    Examples:
      | files | status | verb  |
      | 256   | 1      | warns |
      | 40    | 2      | fails |

  @cgroup-pids
  Scenario Outline: A cgroup that leaves room for <n> processes
    When resources are checked in a cgroup of at most <n> processes
    Then it exits with status <status>
    And check resources <verb> "{cgroup} leaves room for "
    And check resources hints "{cgroup}/pids.max"

    Examples:
      | n   | status | verb  |
      | 200 | 1      | warns |
      | 15  | 2      | fails |

  @cgroup-memory
  Scenario: A cgroup with little memory
    When resources are checked in a cgroup of at most 67108864 bytes
    Then it exits with status 1
    And check resources warns "{cgroup} leaves"

  Scenario Outline: The numbers of FreeBSD: <free> free pages, <open> open files
    Given the caller finds a program "jls" that does
      """
      exit 1
      """
    And the caller finds a program "jail" that does
      """
      exit 1
      """
    And the caller finds a program "sysctl" that does
      """
      test "$1" = -i || exit 2
      printf '%s: %s\n' hw.pagesize 4096 vm.stats.vm.v_free_count <free> vm.stats.vm.v_inactive_count 1000
      printf '%s: %s\n' hw.physmem 8589934592 kern.openfiles <open> kern.maxfiles 100000
      """
    When resources are checked
    Then it exits with status <status>
    And check resources <memory> of 8.0 GiB of memory are available"
    And check resources <files> of 100000 files of the host are open"

    Examples:
      | free    | open  | status | memory            | files         |
      | 1047576 | 900   | 0      | passes "4.0 GiB   | passes "900   |
      | 47576   | 900   | 1      | warns "189.8 MiB  | passes "900   |
      | 200     | 900   | 2      | fails "4.7 MiB    | passes "900   |
      | 1047576 | 97000 | 1      | passes "4.0 GiB   | warns "97000  |
      | 1047576 | 99900 | 2      | passes "4.0 GiB   | fails "99900  |
