@nexcage @root @jail @issue-108
Feature: Input that a FreeBSD host cannot use
  What is wrong is said in one line that names it, before anything is made: no tool that changes anything is called.

  Background:
    Given the host has 2 CPUs
    And a bundle that runs "sleep 100"

  Rule: What config.json says is checked before the host is touched

    Scenario Outline: <path> is <value>
      Given its config.json has <path> set to the JSON <value>
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: <error>"
      And the host was only looked at
      And nothing is left on the host
      And nothing is left behind

      Examples: Roots
        | path        | value         | error                                                       |
        | $.root.path | "nosuch"      | $.root.path: "{bundle}/nosuch" does not exist               |
        | $.root.path | "config.json" | $.root.path: "{bundle}/config.json" is not a directory      |

      Examples: Types and ranges
        | path            | value                                  | error                                                                                |
        | $.freebsd       | []                                     | $.freebsd: must be an object                                                         |
        | $.freebsd       | {"jail": []}                           | $.freebsd.jail: must be an object                                                    |
        | $.freebsd       | {"jail": {"ip4Addr": "10.0.0.2"}}      | $.freebsd.jail.ip4Addr: must be an array                                             |
        | $.freebsd       | {"jail": {"allow": {"suser": 1}}}      | $.freebsd.jail.allow.suser: must be true or false                                    |
        | $.freebsd       | {"jail": {"enforceStatfs": 3}}         | $.freebsd.jail.enforceStatfs: 3 is out of range (0 to 2)                             |
        | $.freebsd       | {"jail": {"host": "disable"}}          | $.freebsd.jail.host: must be one of new, inherit, not "disable"                      |
        | $.freebsd       | {"jail": {"host": "inherit"}}          | $.freebsd.jail.host: is "inherit", but $.hostname is set                             |
        | $.freebsd       | {"devices": {}}                        | $.freebsd.devices: must be an array                                                  |
        | $.freebsd       | {"devices": [{"mode": 420}]}           | $.freebsd.devices[0].path: is required                                               |
        | $.freebsd       | {"devices": [{"path": "/dev/zero"}]}   | $.freebsd.devices[0].path: must be a path below /dev, such as "pf", not "/dev/zero"  |
        | $.freebsd       | {"devices": [{"path": "*"}]}           | $.freebsd.devices[0].path: "*" is no name of one device                              |
        | $.freebsd       | {"devices": [{"path": "pf", "mode": "644"}]} | $.freebsd.devices[0].mode: must be a whole number                              |

      Examples: Addresses and interfaces
        | path            | value                                                       | error                                                                                                             |
        | $.freebsd       | {"jail": {"ip4Addr": ["10.0.0.300"]}}                       | $.freebsd.jail.ip4Addr[0]: must be an address such as 10.11.12.13, not "10.0.0.300"                               |
        | $.freebsd       | {"jail": {"ip4Addr": ["fd00::1"]}}                          | $.freebsd.jail.ip4Addr[0]: must be an address such as 10.11.12.13, not "fd00::1"                                  |
        | $.freebsd       | {"jail": {"ip4Addr": ["10.0.0.1/33"]}}                      | $.freebsd.jail.ip4Addr[0]: "10.0.0.1/33" has no length up to 32 behind the /                                      |
        | $.freebsd       | {"jail": {"ip4": "disable", "ip4Addr": ["10.0.0.1"]}}       | $.freebsd.jail.ip4Addr: contradicts ip4, which is disabled                                                        |
        | $.freebsd       | {"jail": {"vnet": "new", "ip4Addr": ["10.0.0.1"]}}          | $.freebsd.jail.ip4Addr: contradicts vnet: a jail with a network of its own sets addresses itself                  |
        | $.freebsd       | {"jail": {"vnetInterfaces": ["epair0b"]}}                   | $.freebsd.jail.vnetInterfaces: needs vnet "new": other jails have no interfaces of their own                      |
        | $.freebsd       | {"jail": {"vnet": "new", "vnetInterfaces": ["a b"]}}        | $.freebsd.jail.vnetInterfaces[0]: "a b" is no name of a network interface                                         |

      Examples: Mounts
        | path        | value                                                                                            | error                                                                                                    |
        | $.mounts | [{"destination": "/data", "type": "nullfs", "source": "/nosuch"}] | $.mounts[0].source: "/nosuch" does not exist |
        | $.mounts | [{"destination": "/", "type": "tmpfs", "source": "tmpfs"}] | $.mounts[0].destination: the root is not to be mounted over |
        | $.mounts | [{"destination": "/data", "type": "ext4", "source": "/dev/ada0"}] | $.mounts[0].type: not supported by jail: FreeBSD has no file system "ext4" |
        | $.mounts | [{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["mode=rwx"]}] | $.mounts[0].options[0]: not supported by jail: mode must be octal such as 1777, not "rwx" |
        | $.mounts | [{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["frob"]}] | $.mounts[0].options[0]: not supported by jail: tmpfs of FreeBSD has no option "frob" |
        | $.mounts | [{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["ro,noexec"]}] | $.mounts[0].options[0]: not supported by jail: "ro,noexec" is more than one option |
        | $.mounts[0].options | ["ruleset=0"]                                                                            | $.mounts[0].options[0]: not supported by jail: rule set 0 hides nothing: all devices of the host would be there |

      Examples: Linux alone
        | path            | value                                     | error                                                                                               |
        | $.linux         | {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}} | $.linux.seccomp: not supported by jail: FreeBSD has no filters of system calls               |
        | $.linux         | {"uidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}]} | $.linux.uidMappings: not supported by jail: a jail maps no ids               |
        | $.linux         | {"resources": {"cpu": {"cpus": "0-999"}}} | $.linux.resources.cpu.cpus: not supported by jail: "0-999" names CPUs that the host has not (0 to 1) |

    Scenario Outline: With a hint: <path> is <value>
      Given its config.json has <path> set to the JSON <value>
      When container "web" is created
      Then it exits with status <status>
      And the error is the line "nexcage: create: config.json: <error>"
      And the hint says "<hint>"
      And the host was only looked at
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | path                 | value                                                     | status | error                                                                                                                          | hint                             |
        | $.freebsd            | {"jail": {"allow": {"rawSocket": true}}}                  | 2      | $.freebsd.jail.allow.rawSocket: not supported by jail: jails have no such permission                                           | did you mean "rawSockets"?       |
        | $.freebsd            | {"jail": {"allow": {"mount": ["ext4"]}}}                  | 2      | $.freebsd.jail.allow.mount[0]: not supported by jail: jails have no permission to mount "ext4"                                 | known are devfs, fdescfs,        |
        | $.freebsd            | {"jail": {"vnet": "new", "ip6": "disable"}}               | 2      | $.freebsd.jail.ip6: not supported by jail: a jail with a vnet has both families                                                | take out vnet or ip6             |
        | $.freebsd            | {"jail": {"parent": "nosuch"}}                            | 1      | $.freebsd.jail.parent: there is no jail "nosuch"                                                                               | jls name                         |
        | $.freebsd            | {"jail": {"vnet": "new", "vnetInterfaces": ["epair9b"]}}  | 1      | $.freebsd.jail.vnetInterfaces[0]: there is no interface "epair9b"                                                              | ifconfig -l                      |
        | $.freebsd            | {"jail": {"interface": "em9", "ip4Addr": ["10.0.0.2"]}}   | 1      | $.freebsd.jail.interface: there is no interface "em9"                                                                          | ifconfig -l                      |
        | $.mounts[0].options  | ["ruleset=77"]                                            | 2      | $.mounts[0]: not supported by jail: devfs rule set 77 has no rules, so all devices of the host would be seen                   | make it in /etc/devfs.rules, or name 4 |
        | $.mounts | [{"destination": "/bin/busybox", "type": "nullfs", "source": "/etc"}] | 2 | $.mounts[0]: "/etc" on "/bin/busybox": the source is a directory, the destination is a file | name another destination |
        | $.mounts | [{"destination": "/etc/passwd/x", "type": "tmpfs", "source": "tmpfs"}] | 2 | $.mounts[0]: "tmpfs" on "/etc/passwd/x": the destination is below a file | name another destination |

    Scenario: Limits on a host that does not count resources, as new ones do not
      Given the host does not count resources
      And its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 5}}}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.linux.resources.pids.limit: not supported by jail: this host counts no resources, so nothing would be limited"
      And the hint says "add kern.racct.enable=1 to /boot/loader.conf, then reboot"
      And the host was only looked at
      And nothing is left behind

    Scenario: A host name that is longer than a jail takes
      Given its config.json has $.hostname set to "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.hostname: not supported by jail: is longer than 255 bytes"
      And the host was only looked at

  Rule: An id that is none

    Scenario: An id that is too long
      When the runtime is called with an id of 1025 characters
      Then it exits with status 2
      And the error says "nexcage: create: invalid container id"
      And the error says "it has 1025 characters, 1024 is the most"
      And the host was only looked at
      And nothing is left behind

  Rule: What the root makes impossible is taken back

    Scenario: A file on a directory
      Given a file "{dir}/motd" that says "welcome"
      And its config.json has the mount {"destination": "/bin", "type": "nullfs", "source": "{dir}/motd"}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[1].destination: {rootfs}/bin is a directory, and the source is none"
      And the host was never asked "jail -c"
      And nothing is left on the host
      And nothing is left behind
      And the root of container "web" holds what it held before

  Rule: Where and by whom it is called

    Scenario: This is no FreeBSD
      Given the caller finds only the programs "sh busybox python3"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: jail is not installed: this is no FreeBSD host"
      And the hint says "run nexcage on FreeBSD, or choose another driver: --runtime crun"
      And nothing is left behind

    Scenario: Somebody who is not root
      When an ordinary user calls the runtime with "--root {dir}/theirs --runtime jail create --bundle {bundle} web"
      Then it exits with status 1
      And the error is the line "nexcage: create: jail is for root alone"
      And the hint says "run it as root"
      And the host was only looked at
      And file "{dir}/theirs" does not exist
