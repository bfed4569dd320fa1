@nexcage @root @pct @issue-87 @issue-158
Feature: Versions of Proxmox VE
  What a node can is known from its packages, asked once and kept until they change.

  Background:
    Given a bundle that runs "sleep 100"

  Rule: The packages are asked once

    Scenario: pveversion for the first container only
      When container "web" is created
      Then it succeeds
      And the node's tools were started 3 times
      When container "db" is created
      Then it succeeds
      And the node's tools were started 2 times
      And pveversion -v was called 1 times

    Scenario: A new package is noticed
      Given a created container "web"
      When somebody runs "touch {pve}/bin/pveversion"
      And container "db" is created
      Then it succeeds
      And pveversion -v was called 2 times

    Scenario: What cannot be asked is said
      Given "pveversion" will exit with status 0 after it printed "nonsense"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: pveversion: printed no version: "nonsense""
      And nothing is left on the node
      And nothing is left behind

  Rule: Each version gets what it knows

    @needs-lxc
    Scenario Outline: A container of a bundle on Proxmox VE <version>
      Given a Proxmox VE <version> node
      And its config.json has $.process.env set to the JSON ["PATH=/bin", "A=b c"]
      When container "web" is created
      Then it succeeds
      And pct create was given "--unprivileged 1"
      And the configuration of container "web" has a line like "<program>"
      And the configuration of container "web" has a line like "<env>"
      And the configuration of container "web" has a line like "<net>"
      And the configuration of container "web" has a line like "<rootfs>"
      When container "web" is started
      Then it succeeds
      And container "web" is running
      When "sh -c 'tr "\\0" "\\n" </proc/1/environ | grep ^A='" is executed in container "web"
      Then it prints "A=b c"

      Examples:
        | version | program                    | env                                | net                                  | rootfs                                    |
        | 8.4     | lxc.init.cmd: sleep 100    | lxc.environment: A=b c             | net0: .*ip=dhcp,(?!.*host-managed).* | rootfs: local:.*,size=4G                  |
        | 9.0     | lxc.init.cmd: sleep 100    | lxc.environment: A=b c             | net0: .*ip=dhcp,(?!.*host-managed).* | rootfs: local:.*,size=4G                  |
        | 9.1     | entrypoint: sleep 100      | lxc.environment.runtime: A=b c     | net0: .*,host-managed=1.*            | rootfs: local:.*,size=4G                  |
        | now     | entrypoint: sleep 100      | lxc.environment.runtime: A=b c     | net0: .*,host-managed=1.*            | rootfs: {rootfs},idmap=passthrough.*      |

    Scenario Outline: What Proxmox VE <version> has not is refused by name: <option>
      Given a Proxmox VE <version> node
      When container "web" is created with "<option>"
      Then it exits with status 2
      And the error says "<message>"
      And the node has no container
      And nothing is left behind

      Examples:
        | version | option                            | message                                                          |
        | 8.4     | --ha-managed 1                    | needs Proxmox VE 9.1: pct knows no ha-managed before              |
        | 9.0     | --net bridge=vmbr0,host-managed=1 | has host-managed, which came with Proxmox VE 9.1                  |

    Scenario Outline: Proxmox VE <version> sets no addresses in a bundle's container, and that is said
      Given a Proxmox VE <version> node
      When container "web" is created
      Then it succeeds
      And it warns "eth0: Proxmox VE sets no addresses in the containers of bundles before 9.1"

      Examples:
        | version |
        | 8.4     |
        | 9.0     |
