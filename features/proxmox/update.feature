@nexcage @root @pct @issue-87 @needs-lxc
Feature: Change the limits of a container of a Proxmox VE node
  `update` changes memory, swap and processor time by one call of `pct set`: at once where the container runs, and in
  its configuration.

  Rule: Limits hold in a running container at once

    @cgroup-memory @cgroup-cpu
    Scenario: Memory and processor time of a running container of the node
      Given a running container "web"
      When container "web" is updated with "--memory 128m --cpu-quota 50000 --cpu-period 100000 --cpu-shares 200"
      Then it succeeds
      And nothing is said
      And the node's tools were started 1 times
      And the memory limit of container "web" is 134217728
      And the CPU quota limit of container "web" is 50000
      And the configuration of container "web" has the line "memory: 128"
      And the configuration of container "web" has the line "cpulimit: 0.5"

    @cgroup-memory
    Scenario: The limits of a stopped container hold when it is started
      Given a stopped container "web"
      When container "web" is started
      And container "web" is sent signal "KILL"
      And the program of container "web" has ended
      And somebody calls "pct set {vmid of web} --memory 96" on the node
      And container "web" is started
      Then the memory limit of container "web" is 100663296

  Rule: Both ways to say it are understood

    Scenario Outline: <options> becomes <words>
      Given a created container "web"
      When container "web" is started
      And container "web" is updated with "<options>"
      Then it succeeds
      And pct set was given "<words>"

      Examples:
        | options                                | words                   |
        | --memory 128m --memory-swap 192m       | --memory 128 --swap 64  |
        | --swap 32 --cores 1                    | --swap 32 --cores 1     |
        | --cpulimit 0.25                        | --cpulimit 0.25         |
        | --cpuunits 300                         | --cpuunits 300          |

    Scenario: A document of limits, as engines send it
      Given a running container "web"
      When container "web" is updated with the resources
        """
        {"memory": {"limit": 100663296}, "cpu": {"quota": 150000, "period": 100000}}
        """
      Then it succeeds
      And pct set was given "--memory 96"
      And pct set was given "--cpulimit 1.5"

  Rule: What pct cannot change is refused by name, before it is called

    Scenario Outline: update <options> on the node
      Given a created container "web"
      When container "web" is updated with "<options>"
      Then it exits with status 2
      And the error is the line "nexcage: update: <message>"
      And the hint says "<hint>"
      And the node's tools were started 0 times

      Examples:
        | options                      | message                                                                               | hint                     |
        | --pids-limit 10              | $.pids.limit: not supported by pct: it changes memory, swap and CPU time only         | make the container anew  |
        | --memory 128m --cpuset-cpus 0 | $.cpu.cpus: not supported by pct: it changes memory, swap and CPU time only          | make the container anew  |
        | --memory -1                  | a limit cannot be taken away from a container of Proxmox VE                           | give a large one instead |
        | --cpu-period 50000           | a period alone limits nothing                                                         | give --cpu-quota with it |
