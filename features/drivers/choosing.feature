@nexcage @root @issue-cli @issue-88
Feature: Choose the driver of a new container
  `create` and `run` decide which driver holds a container: the one that is named by `--runtime`, by NEXCAGE_RUNTIME
  or by the bundle's annotation io.nexcage.runtime, in this order; otherwise by the rules of the configuration, what the
  bundle needs, and the configured default (see routing/order.feature); otherwise the first that can run on this host. A
  driver that was named is never replaced by another.

  Rule: The name on the command line goes before the environment, the environment before the annotation

    Scenario: The annotation
      Given a bundle
      And its config.json has $.annotations["io.nexcage.runtime"] set to "runc"
      When container "web" is made by the call "--root {root} create --bundle {bundle} web"
      Then it succeeds
      And the state of container "web" has $.driver "runc"

    Scenario: The environment before the annotation
      Given a bundle
      And its config.json has $.annotations["io.nexcage.runtime"] set to "moon"
      And the variable "NEXCAGE_RUNTIME" of the caller is "runc"
      When container "web" is made by the call "--root {root} create --bundle {bundle} web"
      Then it succeeds
      And the state of container "web" has $.driver "runc"

    Scenario Outline: The option <option> before the environment
      Given a bundle
      And the variable "NEXCAGE_RUNTIME" of the caller is "moon"
      When container "web" is made by the call "--root {root} <option> runc create --bundle {bundle} web"
      Then it succeeds
      And the state of container "web" has $.driver "runc"

      Examples:
        | option    |
        | --runtime |
        | --backend |

  Rule: A driver that was named is never replaced

    Scenario: A driver that is not installed
      Given a bundle
      And the caller finds only the programs "runc"
      When the bare runtime is called with "--root {root} --runtime crun create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: crun is not installed"
      And the hint says "apt install crun"
      And nothing is left behind

    Scenario Outline: A name that is no driver of this host: <name>
      Given a bundle
      When the bare runtime is called with "--root {root} --runtime <name> create --bundle {bundle} web"
      Then it exits with status <status>
      And the error says "<message>"
      And nothing is left behind

      Examples:
        | name | status | message                                            |
        | moon | 2      | unknown runtime "moon"                             |
        | qemu | 2      | runtime "qemu": virtual machines are not containers |
        | vm   | 2      | runtime "vm": virtual machines are not containers  |
        | pct  | 1      | pct is not installed: this is no node of Proxmox VE |
        | lxc  | 1      | pct is not installed: this is no node of Proxmox VE |
        | jail | 1      | jail is not installed: this is no FreeBSD host     |

    @crun
    Scenario: crun where cgroup v1 and v2 are mounted side by side
      Given a bundle
      When container "web" is made where cgroups are hybrid by the call "--root {root} --runtime crun create --bundle {bundle} web"
      Then it exits with status 1
      And the error says "crun cannot run here: cgroup v1 and v2 are mounted side by side (hybrid mode)"
      And the hint says "--runtime runc"
      And nothing is left behind

  Rule: With no driver named, the first that can run is taken, and the choice told at level info

    @crun
    Scenario: crun comes first
      Given a bundle
      When container "web" is made by the call "--root {root} --log {dir}/log.json --log-format json --log-level info create --bundle {bundle} web"
      Then it succeeds
      And the state of container "web" has $.driver "crun"
      And the JSON log "log.json" has an entry of level info that says "runtime crun: the first that can run here"

    Scenario: runc where crun is not installed
      Given a bundle
      And the caller finds only the programs "runc"
      When container "web" is made by the call "--root {root} --log {dir}/log.json --log-format json --log-level info create --bundle {bundle} web"
      Then it succeeds
      And the state of container "web" has $.driver "runc"
      And the JSON log "log.json" has an entry of level info that says "crun is not installed"

    Scenario: No driver at all
      Given a bundle
      And the caller finds only the programs ""
      When the bare runtime is called with "--root {root} create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: no runtime can run here: pct is not installed; jail is not installed; crun is not installed; runc is not installed"
      And nothing is left behind

    @crun
    Scenario: Features tell why a driver cannot run
      When the runtime is called where cgroups are hybrid with "features"
      Then it succeeds
      And it prints something with "unusable: crun cannot run here"
