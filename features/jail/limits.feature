@nexcage @root @jail @issue-108
Feature: Limits of containers on a FreeBSD host
  rctl(8) limits a jail by its name, cpuset(1) by its number. Rules are there before the first process and outlive the
  jail, so delete removes them. Only those are used that really hold: memoryuse:deny and datasize:deny stop nobody.

  Rule: The limits of config.json are rules before the jail is there, and go with it

    Scenario: Memory, swap, processes, CPU time, CPUs and disk
      Given the host has 4 CPUs
      And somebody calls "rctl -a jail:other:maxproc:deny=7" on the FreeBSD host
      And a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 67108864, "swap": 134217728}, "pids": {"limit": 5}, "cpu": {"quota": 150000, "period": 100000, "cpus": "0,2-3"}, "blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 1000}, {"major": 8, "minor": 1, "rate": 900}]}}
      When container "web" is created
      Then it succeeds
      And the host has the limit "jail:web:memoryuse:sigkill=67108864"
      And the host has the limit "jail:web:swapuse:deny=134217728"
      And the host has the limit "jail:web:pcpu:deny=150"
      And the host has the limit "jail:web:maxproc:deny=5"
      And the host has the limit "jail:web:readbps:throttle=900"
      And the host has 6 limits
      And the host was asked "rctl -a" 1 times
      And the host did "rctl -a" before "jail -c"
      And the jail of container "web" runs on the CPUs "0, 2, 3"
      When container "web" is deleted by force
      Then it succeeds
      And the host has the limit "jail:other:maxproc:deny=7"
      And the host has 1 limits
      And nothing is left on the host

    Scenario: A limit of one that cannot be made
      Given a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}}
      And the host's "jail -c" will fail with "jail: the moon is full"
      When container "web" is created
      Then it fails
      And the host did "rctl -a" before "rctl -r"
      And the host has 0 limits
      And nothing is left on the host

    Scenario: rctl refuses one of several rules, and has taken those before
      Given a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}, "memory": {"limit": 67108864}}
      And the host's "rctl -a" will do its work and fail with "rctl: failed to add rule 'jail:web:maxproc:deny=5': Invalid argument"
      When container "web" is created
      Then it exits with status 2
      And the error says "the limit "jail:web:maxproc:deny=5" has a resource, an action or a number that rctl does not know"
      And the host was never asked "jail -c"
      And the host has 0 limits
      And nothing is left on the host
      And nothing is left behind

  Rule: update changes limits and takes them away

    Scenario: Change, take away, and limit what had none
      Given the host has 4 CPUs
      And somebody calls "rctl -a jail:other:memoryuse:sigkill=7" on the FreeBSD host
      And a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 67108864}, "pids": {"limit": 5}}
      And a running container "web"
      When container "web" is updated with "--memory 32m --memory-swap 64m --cpu-quota 50000 --cpu-period 100000 --cpuset-cpus 1"
      Then it succeeds
      And nothing is said
      And the host has the limit "jail:web:memoryuse:sigkill=33554432"
      And the host has the limit "jail:web:swapuse:deny=67108864"
      And the host has the limit "jail:web:pcpu:deny=50"
      And the host has the limit "jail:web:maxproc:deny=5"
      And the host has 5 limits
      And the jail of container "web" runs on the CPUs "1"
      When container "web" is updated with "--memory -1 --memory-swap -1 --cpu-quota -1 --pids-limit 9"
      Then it succeeds
      And the host has the limit "jail:web:maxproc:deny=9"
      And the host has the limit "jail:other:memoryuse:sigkill=7"
      And the host has 2 limits
      When container "web" is updated with "--memory -1"
      Then it succeeds
      And nothing is said
      When container "web" is updated with the resources
        """
        {"memory": {"limit": 1048576}, "blockIO": {"throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 30}]}}
        """
      Then it succeeds
      And the host has the limit "jail:web:memoryuse:sigkill=1048576"
      And the host has the limit "jail:web:writeiops:throttle=30"
      When container "web" is deleted by force
      Then the host has 1 limits
      And nothing is left on the host

    Scenario: One that had none at all leaves none, and a plan changes nothing
      Given a created container "web"
      When the runtime is called with "--dry-run update --memory 64m --pids-limit -1 web"
      Then it succeeds
      And it prints a line like "  run    rctl -r jail:web:maxproc"
      And it prints a line like "  run    rctl -a jail:web:memoryuse:sigkill=67108864"
      And the host has 0 limits
      When container "web" is updated with "--pids-limit 5"
      Then it succeeds
      And the host has the limit "jail:web:maxproc:deny=5"
      When container "web" is deleted by force
      Then the host has 0 limits
      And nothing is left on the host

    Scenario: Less than rctl can count is rounded and said
      Given a created container "web"
      When container "web" is updated with "--cpu-quota 500 --cpu-period 100000"
      Then it succeeds
      And it warns "$.cpu.quota: is less than 1 percent of a core: 1 is taken"
      And the host has the limit "jail:web:pcpu:deny=1"

    Scenario Outline: Of a container that is <status>
      Given a <status> container "web"
      When container "web" is updated with "--pids-limit 5"
      Then it exits with status <code>
      And the host has <n> limits

      Examples:
        | status  | code | n |
        | paused  | 0    | 1 |
        | stopped | 1    | 0 |

    Scenario Outline: <options> is refused by name, and nothing is changed
      Given the host has 4 CPUs
      And a created container "web"
      When container "web" is updated with "--pids-limit 5 <options>"
      Then it exits with status <status>
      And the error is the line "nexcage: update: <message>"
      And the host has 0 limits
      And the host was never asked "rctl -a"

      Examples:
        | options                 | status | message                                                                                |
        | --cpu-shares 5          | 2      | $.cpu.shares: not supported by jail: jails have no weights                             |
        | --memory-reservation 5m | 2      | $.memory.reservation: not supported by jail: FreeBSD has no such setting               |
        | --cpuset-cpus 4         | 2      | $.cpu.cpus: not supported by jail: "4" names CPUs that the host has not (0 to 3)       |
        | --cpuset-cpus x         | 2      | $.cpu.cpus: not supported by jail: "x" is no list such as 0-3,7                        |
        | --cores 2               | 2      | option --cores is for pct                                                              |

  Rule: A host that does not count resources limits nothing, and nexcage says so

    Scenario: Refused with what has to be done, and taken with a warning where that is wanted
      Given the host does not count resources
      And a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 67108864}}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.linux.resources.memory.limit: not supported by jail: this host counts no resources, so nothing would be limited"
      And the hint says "add kern.racct.enable=1 to /boot/loader.conf, then reboot"
      And the host was never asked "rctl"
      And the host was never asked "jail -c"
      And nothing is left on the host
      And nothing is left behind
      When container "web" is created with "--permissive"
      Then it succeeds
      And it warns "config.json: $.linux.resources.memory.limit: is ignored: this host counts no resources (add kern.racct.enable=1 to /boot/loader.conf, then reboot)"
      And the host was never asked "rctl"
      When container "web" is updated with "--memory 64m"
      Then it exits with status 2
      And the error is the line "nexcage: update: $.memory.limit: not supported by jail: this host counts no resources, so nothing would be limited"
      And the hint says "kern.racct.enable=1"
      And the host was never asked "rctl"

    Scenario: A bundle without limits asks nothing
      Given the host does not count resources
      And a created container "web"
      Then the host was never asked "sysctl kern.racct.enable"
      And the host was never asked "rctl"

    Scenario Outline: <resources> cannot be had of a jail
      Given the host has 4 CPUs
      And a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON <resources>
      When container "web" is created with "--dry-run"
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.linux.resources.<message>"
      And nothing is left behind

      Examples:
        | resources                            | message                                                                                |
        | {"cpu": {"cpus": "0-4"}}             | cpu.cpus: not supported by jail: "0-4" names CPUs that the host has not (0 to 3)       |
        | {"cpu": {"idle": 1}}                 | cpu.idle: not supported by jail: it would take CPU like any other                      |
        | {"unified": {"memory.high": "1"}}    | unified: not supported by jail: FreeBSD has no cgroups                                 |
        | {"rdma": {"mlx": {"hcaHandles": 3}}} | rdma: not supported by jail: RDMA resources would not be limited                       |
