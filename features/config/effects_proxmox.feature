@nexcage @root @pct @issue-90 @issue-108
Feature: The configuration reaches the containers of Proxmox VE
  What a configuration says of new containers is in the call of `pct create`, where neither an option nor the bundle says
  otherwise. A plan shows it before anything is made.

  Background:
    Given a bundle
    And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"

  Scenario: Network, limits and safety as the Zig program's keys have them
    Given a file "own.json" that reads
      """
      {"network": {"bridge": "vmbr7", "ip": "192.0.2.10/24", "gateway": "192.0.2.1"},
       "resources": {"memory": 768, "cpu": 1.5, "disk": 6144, "network_bandwidth": 100},
       "security": {"seccomp": true, "apparmor": true, "read_only": true}, "proxmox": {"storage": "local"}}
      """
    When the runtime is called with "--dry-run create --storage local --bundle {bundle} web"
    Then it succeeds
    And it prints something with "--net0 name=eth0,bridge=vmbr7,ip=192.0.2.10/24,gw=192.0.2.1,host-managed=1,rate=100"
    And it prints something with "--memory 768"
    And it prints something with "--cpulimit 1.5"
    And it prints something with "--rootfs local:6,ro=1"

  Scenario: The option before them
    Given a file "own.json" that reads
      """
      {"network": {"ip": "192.0.2.10/24"}, "resources": {"memory": 768, "cpu": 1, "network_bandwidth": 5}}
      """
    When the runtime is called with "--dry-run create --net bridge=vmbr0,ip=dhcp,rate=7 --memory 96m --cpulimit 2 --bundle {bundle} web"
    Then it succeeds
    And it prints something with "--net0 name=eth0,bridge=vmbr0,ip=dhcp,rate=7,host-managed=1"
    And it prints something with "--memory 96 "
    And it prints something with "--cpulimit 2"

  Scenario: Proxmox's own name of a limit before the one for all
    Given a file "own.json" that reads
      """
      {"resources": {"memory": 768, "cpu": 1}, "proxmox": {"memory": 256, "cpulimit": 0.5}}
      """
    When the runtime is called with "--dry-run create --bundle {bundle} web"
    Then it succeeds
    And it prints something with "--memory 256"
    And it prints something with "--cpulimit 0.5"

  Scenario: A gateway without an address
    Given a file "own.json" that reads
      """
      {"network": {"gateway": "192.0.2.1"}}
      """
    When the runtime is called with "--dry-run create --bundle {bundle} web"
    Then it exits with status 2
    And the error says "configuration network.gateway: "192.0.2.1" is for an address of network.ip, and none is configured"
    And the hint says "set network.ip"
