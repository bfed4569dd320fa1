@nexcage @root @jail @issue-108
Feature: The network of a jail
  Interfaces go into a jail and come back before it is removed, under the names that they had; addresses go with the
  container. Whether an interface is there is known before anything is made.

  Rule: A jail with a network of its own is given interfaces

    Background:
      Given the host has the interface "epair0b"
      And the host has the interface "epair1b"
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"vnet": "new", "vnetInterfaces": ["epair0b", "epair1b"]}

    Scenario: They are its own, and come back in time
      Given a running container "web"
      Then the jail of container "web" has the interface "epair0b"
      And the jail of container "web" has the interface "epair1b"
      And the jail of container "web" has vnet "new"
      When container "web" is deleted by force
      Then it succeeds
      And the host did "ifconfig epair1b -vnet {jid of web}" before "ifconfig epair0b -vnet {jid of web}"
      And the host did "ifconfig epair0b -vnet {jid of web}" before "jail -R"
      And the host has the interface "epair0b" itself
      And the host has the interface "epair1b" itself
      And nothing is left on the host

    Scenario: An interface that another container has
      Given a created container "web"
      And a second bundle "second" that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"vnet": "new", "vnetInterfaces": ["epair0b"]}
      When container "other" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: config.json: $.freebsd.jail.vnetInterfaces[0]: there is no interface "epair0b""
      And the hint says "see what there is: ifconfig -l"
      And the host has 1 jails
      And the jail of container "web" has the interface "epair0b"

    Scenario: Somebody has taken one out meanwhile
      Given a running container "web"
      When somebody calls "ifconfig epair0b -vnet {jid of web}" on the FreeBSD host
      And container "web" is deleted by force
      Then it succeeds
      And the host has the interface "epair1b" itself
      And nothing is left on the host

    Scenario: The jail was removed by hand, and its interfaces with it
      Given a running container "web"
      When somebody calls "jail -R {jid of web}" on the FreeBSD host
      And container "web" is deleted
      Then it succeeds
      And the host was never asked "ifconfig -vnet"
      And nothing is left on the host

    Scenario: An interface that vanishes while jail moves it
      Given interface "epair1b" vanishes as soon as somebody touches it
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web": the interface "epair1b" does not exist here, or is in another jail"
      And the hint says "ifconfig -l lists the interfaces that are on the host"
      And the host has no jail
      And the host has the interface "epair0b" itself
      And nothing is left behind

    Scenario: A create that fails afterwards gives them back
      Given its config.json has a createRuntime hook that notes "seen" and fails with status 1
      When container "web" is created
      Then it exits with status 1
      And the hooks have noted "seen"
      And the host did "ifconfig epair0b -vnet" before "jail -R"
      And the host has the interface "epair0b" itself
      And the host has the interface "epair1b" itself
      And nothing is left on the host

  Rule: An address on an interface of the host comes and goes with its container

    Background:
      Given the host has the interface "em0"
      And a bundle that runs "sleep 100"

    Scenario Outline: $.freebsd.jail has the addresses <value>
      Given its config.json has $.freebsd.jail set to the JSON <value>
      And a running container "web"
      Then interface "em0" of the host has the addresses "<added>"
      And the jail of container "web" has ip4.addr "<seen>"
      When container "web" is deleted by force
      Then it succeeds
      And interface "em0" of the host has the addresses ""
      And nothing is left on the host

      Examples:
        | value                                                                    | added               | seen              |
        | {"interface": "em0", "ip4Addr": ["10.0.0.2", "10.0.0.3"]}                | 10.0.0.2 10.0.0.3   | 10.0.0.2,10.0.0.3 |
        | {"ip4Addr": ["em0\|10.0.0.2/32", "10.9.9.9"], "ip6Addr": ["em0\|fd00::2/128"]} | 10.0.0.2 fd00::2 | 10.0.0.2,10.9.9.9 |

    Scenario: Somebody has taken it away meanwhile
      Given its config.json has $.freebsd.jail set to the JSON {"interface": "em0", "ip4Addr": ["10.0.0.2"]}
      And a running container "web"
      When somebody calls "ifconfig em0 inet 10.0.0.2 -alias" on the FreeBSD host
      And container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host

    Scenario: A create that fails takes it away again
      Given its config.json has $.freebsd.jail set to the JSON {"interface": "em0", "ip4Addr": ["10.0.0.2"]}
      And its config.json has a createRuntime hook that notes "seen" and fails with status 1
      When container "web" is created
      Then it exits with status 1
      And the hooks have noted "seen"
      And interface "em0" of the host has the addresses ""
      And nothing is left on the host
      And nothing is left behind

  Rule: A parent jail gets room for one more

    Scenario: children.max is raised when it is full, and the parent stays
      Given the host has the jail "pod"
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"parent": "pod"}
      And a created container "web"
      And a second bundle "second" that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"parent": "pod"}
      When container "other" is created
      Then it succeeds
      And the host was asked "jail -m jid={jid of pod} children.max=1"
      And the host was asked "jail -m jid={jid of pod} children.max=2"
      And the host now has the jail "pod.web"
      When container "web" is deleted by force
      Then it succeeds
      And the host now has the jail "pod.other"
      And the host now has the jail "pod"

    Scenario: A parent with room is left as it is
      Given the host has the jail "pod" with "children.max=5"
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"parent": "pod"}
      When container "web" is created
      Then it succeeds
      And the host was never asked "jail -m"
      And the host now has the jail "pod.web"
