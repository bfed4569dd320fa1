@nexcage @root @pct @issue-90
Feature: What pct create is told
  Host name, cores, memory and network reach `pct create` always: from the option, the bundle, nexcage's configuration or
  a default, in this order. nexcage checks them before a tool of the node is started.

  Background:
    Given a bundle

  Rule: What nobody asks for has a default

    Scenario: A bundle that asks for nothing
      Given its config.json has no $.hostname
      When container "web_1" is created
      Then it succeeds
      And nothing is said
      And pct create was given "--hostname web-1"
      And pct create was given "--memory 512 --swap 512 --cores 1"
      And pct create was given "--net0 name=eth0,bridge=vmbr0,ip=dhcp,host-managed=1"
      And pct create was given "--unprivileged 1"
      And pct create was given "--ostype unmanaged"
      And the node's tools were started at most 3 times

  Rule: The option goes before the bundle, the bundle before the configuration

    Background:
      Given a file "nexcage.json" that reads
        """
        {"network": {"bridge": "vmbr7"},
         "proxmox": {"cores": 3, "memory": "96m", "swap": 0, "tags": "house", "onboot": true, "timezone": "host"}}
        """
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/nexcage.json"

    Scenario: The configuration
      When container "web" is created
      Then it succeeds
      And pct create was given "--memory 96 --swap 0 --cores 3"
      And pct create was given "--net0 name=eth0,bridge=vmbr7,ip=dhcp,host-managed=1"
      And pct create was given "--timezone host --onboot 1"
      And pct create was given "--tags house;nexcage"

    Scenario: A variable before the file
      Given the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "vmbr8"
      When container "web" is created
      Then it succeeds
      And pct create was given "--net0 name=eth0,bridge=vmbr8,ip=dhcp,host-managed=1"
      And pct create was given "--memory 96"

    Scenario: The bundle before the configuration
      Given its config.json has $.hostname set to "shop.example"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 134217728, "swap": 201326592}, "cpu": {"quota": 150000, "period": 100000}}
      And its config.json has $.annotations set to the JSON {"io.nexcage.pct.net0": "name=eth5,bridge=vmbr1,ip=manual", "io.nexcage.pct.onboot": "0"}
      When container "web" is created
      Then it succeeds
      And pct create was given "--hostname shop.example --memory 128 --swap 64 --cores 2 --cpulimit 1.5"
      And pct create was given "--net0 name=eth5,bridge=vmbr1,ip=manual"
      And pct create was given "--onboot 0"

    Scenario: The option before the bundle
      Given its config.json has $.hostname set to "shop.example"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 134217728}, "cpu": {"cpus": "0-1"}}
      And its config.json has $.annotations set to the JSON {"io.nexcage.pct.net0": "name=eth5,bridge=vmbr1"}
      When container "web" is created with "--hostname db --memory 1g --swap 32 --cores 4 --net bridge=vmbr2,ip=192.0.2.7/24,gw=192.0.2.1,tag=12"
      Then it succeeds
      And pct create was given "--hostname db --memory 1024 --swap 32 --cores 4"
      And pct create was given "--net0 name=eth0,bridge=vmbr2,ip=192.0.2.7/24,gw=192.0.2.1,tag=12,host-managed=1"
      And pct create was not given "--net1"

  Rule: Networks are as many as are asked for

    Scenario: Two networks
      When container "web" is created with "--net bridge=vmbr1,ip=manual --net name=eth1,bridge=vmbr2,ip6=auto,firewall=1,mtu=1400"
      Then it succeeds
      And pct create was given "--net0 name=eth0,bridge=vmbr1,ip=manual --net1 name=eth1,bridge=vmbr2,ip6=auto,firewall=1,mtu=1400"

    Scenario: No network
      When container "web" is created with "--net none"
      Then it succeeds
      And the configuration of container "web" has no line like "net\d+: .*"

    Scenario: A bridge of the bundle's own
      When container "web" is created with "--bridge vmbr3"
      Then it succeeds
      And pct create was given "--net0 name=eth0,bridge=vmbr3,ip=dhcp,host-managed=1"

  Rule: What only Proxmox VE has is asked for by options and by annotations of the bundle

    Scenario Outline: <name> <value>
      When container "web" is created with "--<name> <value>"
      Then it succeeds
      And pct create was given "<words>"
      Given a bundle
      And its config.json has $.annotations set to the JSON {"io.nexcage.pct.<name>": "<value>"}
      When container "db" is created
      Then it succeeds
      And pct create was given "<words>"

      Examples:
        | name         | value               | words                         |
        | onboot       | yes                 | --onboot 1                    |
        | startup      | order=2,up=5        | --startup order=2,up=5        |
        | protection   | 1                   | --protection 1                |
        | nameserver   | 192.0.2.53          | --nameserver 192.0.2.53       |
        | searchdomain | example.org         | --searchdomain example.org    |
        | timezone     | host                | --timezone host               |
        | cmode        | shell               | --cmode shell                 |
        | features     | nesting=1,keyctl=on | --features keyctl=1,nesting=1 |
        | tags         | Red,blue            | --tags blue;nexcage;red       |
        | unprivileged | 0                   | --unprivileged 0              |

    Scenario: An annotation that nothing reads is refused
      Given its config.json has $.annotations["io.nexcage.pct.onbot"] set to "1"
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.annotations["io.nexcage.pct.onbot"]: not supported by pct: there is none of that name, only "
      And the node's tools were started at most 1 times
      And nothing is left on the node
      And nothing is left behind

  Rule: What is out of range is refused before a tool of the node is started

    Background:
      Given the node's version is known

    Scenario Outline: The option --<option> <value>
      When container "web" is created with "--<option> <value>"
      Then it exits with status 2
      And the error is the line "nexcage: create: option --<option>: <message>"
      And the node's tools were started 0 times
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | option       | value                    | message                                                                                          |
        | hostname     | invalid@hostname         | "invalid@hostname" is no DNS name: letters, digits, "-" and "." only, and a letter or digit at both ends of each part |
        | memory       | 8                        | "8" is out of range (at least 16 MiB)                                                            |
        | memory       | much                     | "much" is no size such as 512, 512m or 2g                                                        |
        | swap         | less                     | "less" is no size such as 512, 512m or 2g                                                        |
        | cores        | 0                        | "0" is out of range (1 to 8192)                                                                  |
        | cores        | 8193                     | "8193" is out of range (1 to 8192)                                                               |
        | cpulimit     | 9000                     | "9000" is no number from 0 to 8192                                                               |
        | vmid         | 99                       | "99" is out of range (100 to 999999999)                                                          |
        | net          | name=interface-too-long  | name: "interface-too-long" is no name of 1 to 15 letters, digits and "-_."                       |
        | net          | bridge=vmbr0,ip=10.0.0.1 | ip: "10.0.0.1" is not an address with its prefix of IPv4                                         |
        | net          | bridge=vmbr0,tag=5000    | tag: "5000" is out of range (1 to 4094)                                                          |
        | net          | bridge                   | "bridge" has "bridge", which is no KEY=VALUE                                                     |
        | bridge       | vmbr/0                   | "vmbr/0" is no name of 1 to 15 letters, digits and "-_."                                          |
        | unprivileged | maybe                    | "maybe" is neither 1 nor 0                                                                       |
        | tags         | a/b                      | "a/b" is no tag: letters, digits and "-_+." only                                                 |
        | rootfs-size  | big                      | "big" is no size such as 512, 512m or 2g                                                         |
        | rootfs-size  | 200000                   | "200000" is no number from 0 to 131072                                                           |
        | storage      | 9bad!                    | "9bad!" is no name of a storage                                                                  |
        | nameserver   | nine                     | "nine" has "nine", which is no address                                                           |
        | startup      | soon=1                   | "soon=1" has "soon", which is none of: order, up, down                                           |
        | cmode        | none                     | "none" is none of: shell, console, tty                                                           |

    Scenario Outline: The configuration's <key> <value>
      Given a file "nexcage.json" that reads
        """
        <text>
        """
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/nexcage.json"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: <where> <key>: <message>"
      And the node's tools were started 0 times
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | key            | value     | text                                 | where                | message                                                     |
        | proxmox.memory | 1         | {"proxmox": {"memory": 1}}           | {dir}/nexcage.json:  | must be from 16 to 1000000000, not the number 1             |
        | proxmox.memory | 8m        | {"proxmox": {"memory": "8m"}}        | configuration        | "8m" is out of range (at least 16 MiB)                      |
        | proxmox.cores  | 0         | {"proxmox": {"cores": 0}}            | {dir}/nexcage.json:  | must be from 1 to 8192, not the number 0                    |
        | network.bridge | my bridge | {"network": {"bridge": "my bridge"}} | configuration        | "my bridge" is no name of 1 to 15 letters, digits and "-_." |

  Rule: --dry-run shows each step word by word and does nothing

    Scenario: The plan of a create on a node as text
      Given its config.json has $.process.env set to the JSON ["A=b c"]
      When the runtime is called with "--dry-run create --bundle {bundle} web"
      Then it succeeds
      And it prints a line like "  run    {pve}/bin/pct create {vmid} {root}/web/empty.tar --hostname box --memory 512 .*"
      And it prints a line like " +lxc.environment.runtime: A=b c"
      And it prints a line like "  remove {root}/web/empty.tar"
      And the node has no container
      And nothing is left on the node
      And nothing is left behind

    Scenario: The plan of a create on a node as JSON
      When the runtime is called with "--dry-run --format json create --bundle {bundle} --vmid 4711 web"
      Then it succeeds
      And it prints JSON with $.driver "pct"
      And it prints JSON with $.steps[0].do "mkdir"
      And it prints JSON with $.steps[0].path "{root}/web"
      And it prints JSON with $.steps[2].path "{root}/web/empty.tar"
      And it prints JSON with $.steps[3].argv[1] "create"
      And it prints JSON with $.steps[3].argv[2] "4711"
      And it prints JSON with $.steps[3].argv[4] "--hostname"
      And it prints JSON with $.steps[3].argv[5] "box"
      And it prints JSON with $.steps[3].undo[1] "destroy"
      And it prints JSON with $.steps[5].do "insert"
      And it prints JSON with $.steps[5].path "/etc/pve/lxc/4711.conf"
      And it prints JSON with $.steps[5].lines[0] "lxc.environment.runtime: PATH=/bin"
      And nothing is left on the node
      And nothing is left behind
