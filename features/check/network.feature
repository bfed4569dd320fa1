@nexcage @root @issue-113
Feature: Check the network
  The bridges that the configuration names have to exist and to be up. No name is resolved, and nothing is sent.

  @no-driver
  Scenario: No bridge is configured, and nothing needs one
    When network is checked
    Then it succeeds
    And check network passes "no bridge is configured, and none is needed"

  @no-driver
  Scenario: A bridge that does not exist
    Given the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "nowhere0"
    When network is checked
    Then it exits with status 2
    And check network fails "the bridge "nowhere0" of network.bridge does not exist"

  @no-driver
  Scenario: An interface that is no bridge
    Given the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "lo"
    When network is checked
    Then it exits with status 2
    And check network fails "the bridge "lo" of network.bridge is no bridge but another interface"

  @no-driver
  Scenario: A name that is no interface's
    Given the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "../lo"
    When network is checked
    Then it exits with status 2
    And check network fails "the bridge "../lo" of network.bridge does not exist"

  @no-driver
  Scenario: A bridge that is up
    Given this host has the bridge nxcheck0, which is up
    And the variable "NEXCAGE_NETWORK_NET" of the caller is "name=eth0,bridge=nxcheck0,ip=dhcp"
    When network is checked
    Then it succeeds
    And check network passes "the bridge "nxcheck0" of network.net is up"

  @no-driver
  Scenario: A bridge that is down
    Given this host has the bridge nxcheck0, which is down
    And the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "nxcheck0"
    When network is checked
    Then it exits with status 2
    And check network fails "the bridge "nxcheck0" of network.bridge is down"
    And check network hints "ip link set nxcheck0 up"

  @pct
  Scenario: A node without the bridge that containers get where none is named
    When network is checked
    Then it exits with status 1
    And check network warns "the bridge "vmbr0", which containers get where none is named, does not exist"
    And the node's tools were started 0 times

  @jail
  Scenario: A bridge of FreeBSD that is up
    Given the host has the interface "bridge0"
    And the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "bridge0"
    When network is checked
    Then it succeeds
    And check network passes "the bridge "bridge0" of network.bridge is up"

  @jail
  Scenario Outline: What is no bridge of FreeBSD: <name>
    Given the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "<name>"
    When network is checked
    Then it exits with status 2
    And check network fails "the bridge "<name>" of network.bridge <message>"

    Examples:
      | name    | message                            |
      | lo0     | is no bridge but another interface |
      | bridge1 | does not exist                     |

  @no-driver
  Scenario: A bridge of FreeBSD that is down
    Given the caller finds a program "jail" that does
      """
      exit 1
      """
    And the caller finds a program "jls" that does
      """
      exit 1
      """
    And the caller finds a program "ifconfig" that does
      """
      printf 'lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384\n\tgroups: lo\n'
      printf 'bridge0: flags=8802<BROADCAST,SIMPLEX,MULTICAST> metric 0 mtu 1500\n\tgroups: bridge\n'
      """
    And the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "bridge0"
    When network is checked
    Then it exits with status 2
    And check network fails "the bridge "bridge0" of network.bridge is down"
    And check network hints "ifconfig bridge0 up"
