@nexcage @no-driver @issue-108
Feature: What a bundle becomes on FreeBSD
  With --dry-run nexcage prints the commands of FreeBSD's base system that it would run for a bundle, on any machine and
  for any user: nothing of FreeBSD has to be there. JID stands for the number that the jail gets. Release 15.1 with
  all modules and interfaces is assumed; on a FreeBSD host the plan follows what is really there.

  Background:
    Given the bundle "freebsd"

  Rule: A create from its first command to its last

    Scenario: The smallest bundle
      When container "web" is planned as a jail
      Then the plan is
        """
        run mount -t devfs -o ruleset=4 devfs {rootfs}/dev
        run jail -i -c name=web path={rootfs} persist host=new host.hostname=box sysvmsg=new sysvsem=new sysvshm=new enforce_statfs=2 devfs_ruleset=4 allow.noset_hostname allow.noreserved_ports meta.nexcage=web meta.nexcage_bundle={bundle}
        hold jail_attach JID 0:0 sleep 100
        """
      And nothing is left behind

    Scenario: Nearly everything, in the order in which it has to be
      Given its config.json has $.root.readonly set to the JSON true
      And its config.json has $.process.user set to the JSON {"uid": 80, "gid": 80}
      And its config.json has appended to $.mounts the JSON {"destination": "/data", "type": "nullfs", "source": "/srv/web", "options": ["ro"]}
      And its config.json has $.freebsd set to the JSON {"devices": [{"path": "pf", "mode": 416}], "jail": {"vnet": "new", "vnetInterfaces": ["epair0b"], "allow": {"rawSockets": true}}}
      And its config.json has $.linux set to the JSON {"resources": {"memory": {"limit": 67108864}, "pids": {"limit": 20}, "cpu": {"cpus": "0-1"}}}
      And its config.json has $.hooks set to the JSON {"createRuntime": [{"path": "/usr/local/bin/notify"}]}
      When container "web" is planned as a jail
      Then the plan is
        """
        run devfs rule -s 28689 add include 1
        run devfs rule -s 28689 add include 2
        run devfs rule -s 28689 add include 3
        run devfs rule -s 28689 add path pf unhide mode 0640
        run devfs rule -s 28689 show
        run mount -t nullfs -o ro {rootfs} {root}/web/root
        run mount -t devfs -o ruleset=28689 devfs {root}/web/root/dev
        run mount -t nullfs -o ro /srv/web {root}/web/root/data
        run rctl -a jail:web:memoryuse:sigkill=67108864 jail:web:maxproc:deny=20
        run jail -i -c name=web path={root}/web/root persist host=new host.hostname=box vnet=new vnet.interface=epair0b sysvmsg=new sysvsem=new sysvshm=new enforce_statfs=2 devfs_ruleset=28689 allow.noset_hostname allow.raw_sockets allow.noreserved_ports meta.nexcage=web meta.nexcage_bundle={bundle}
        run cpuset -l 0-1 -j JID
        hook createRuntime /usr/local/bin/notify
        hold jail_attach JID 80:80 sleep 100
        """
      And nothing is left behind

    Scenario: The plan as JSON says how each step is taken back
      Given its config.json has $.freebsd.devices set to the JSON [{"path": "pf"}]
      And its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 20}}}
      When container "web" is planned as a jail with "--format json"
      Then it prints JSON with $.driver "jail"
      And it prints JSON with $.verb "create"
      And it prints JSON with $.steps[2].argv ["devfs", "rule", "-s", "28689", "add", "include", "1"]
      And it prints JSON with $.steps[2].undo ["devfs", "rule", "-s", "28689", "delset"]
      And it prints JSON with $.steps[7].argv ["mount", "-t", "devfs", "-o", "ruleset=28689", "devfs", "{rootfs}/dev"]
      And it prints JSON with $.steps[7].undo ["umount", "{rootfs}/dev"]
      And it prints JSON with $.steps[8].argv ["rctl", "-a", "jail:web:maxproc:deny=20"]
      And it prints JSON with $.steps[8].undo ["rctl", "-r", "jail:web"]
      And it prints JSON with $.steps[9].do "run"
      And it prints JSON with $.steps[9].argv[0] "jail"
      And it prints JSON with $.steps[9].argv[3] "name=web"
      And it prints JSON with $.steps[9].undo ["jail", "-R", "JID"]
      And it prints JSON with $.steps[10].do "hold"

  Rule: The name of a jail is the container's id wherever a jail can have it

    Scenario Outline: The id <id>
      When container "<id>" is planned as a jail
      Then the plan makes the jail with "name=<name> path={rootfs} persist"
      And the plan makes the jail with "meta.nexcage=<id>"

      Examples:
        | id            | name          |
        | web           | web           |
        | my_web-1      | my_web-1      |
        | shop.example  | shop@example  |
        | 123           | %123          |
        | 0123          | %0123         |
        | a+b           | a+b           |
        | 1.5           | 1@5           |

    Scenario: A limit of resources goes by the same name
      Given its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 20}}}
      When container "shop.example" is planned as a jail
      Then the plan has the step "run rctl -a jail:shop@example:maxproc:deny=20"

    Scenario: A jail in another jail
      Given its config.json has $.freebsd.jail set to the JSON {"parent": "pod"}
      When container "web" is planned as a jail
      Then the plan makes the jail with "name=pod.web path={rootfs} persist"

    Scenario: The parent may be another container, by its id
      Given its config.json has $.freebsd.jail set to the JSON {"parent": "42"}
      When container "web" is planned as a jail
      Then the plan makes the jail with "name=%42.web path={rootfs} persist"

  Rule: Host names are the jail's own unless the bundle wants the host's, and cannot be changed

    Scenario Outline: hostname <hostname>, domainname <domainname>, host <host>
      Given its config.json has $.hostname set to the JSON <hostname>
      And its config.json has $.domainname set to the JSON <domainname>
      And its config.json has $.freebsd.jail.host set to the JSON <host>
      When container "web" is planned as a jail
      Then the plan makes the jail with "persist <words> sysvmsg=new"
      And the plan makes the jail with "allow.noset_hostname"

      Examples:
        | hostname | domainname    | host      | words                                                       |
        | "box"    | ""            | "new"     | host=new host.hostname=box                                  |
        | "box"    | "example.org" | "new"     | host=new host.hostname=box host.domainname=example.org      |
        | ""       | ""            | "new"     | host=new                                                    |
        | ""       | ""            | "inherit" | host=inherit                                                |

  Rule: freebsd.jail becomes parameters of jail(8)

    Scenario Outline: $.freebsd.jail <value>
      Given its config.json has $.freebsd.jail set to the JSON <value>
      When container "web" is planned as a jail
      Then the plan makes the jail with "<words>"
      And the plan makes the jail without "<not>"

      Examples: The network: without a word the jail has no address
        | value                                                            | words                                          | not                       |
        | {}                                                               | host.hostname=box sysvmsg=new                  | ip4 ip6 vnet interface    |
        | {"ip4": "inherit", "ip6": "inherit"}                             | ip4=inherit ip6=inherit                        | vnet interface            |
        | {"ip4": "inherit", "ip6": "disable"}                             | ip4=inherit ip6=disable                        | vnet                      |
        | {"ip4": "new"}                                                   | ip4=new                                        | ip6 vnet                  |
        | {"ip4Addr": ["10.0.0.2"]}                                        | ip4.addr=10.0.0.2                              | ip4=new ip6 vnet          |
        | {"ip4": "inherit", "ip4Addr": ["10.0.0.2"]}                      | ip4.addr=10.0.0.2                              | ip4=inherit ip6 vnet      |
        | {"ip4Addr": ["10.0.0.2", "10.0.0.3"], "ip6Addr": ["fd00::2"]}    | ip4.addr=10.0.0.2,10.0.0.3 ip6.addr=fd00::2    | vnet interface            |
        | {"interface": "em0", "ip4Addr": ["10.0.0.2/24"]}                 | interface=em0 ip4.addr=10.0.0.2/24             | ip6 vnet                  |
        | {"ip4Addr": ["em0\|10.0.0.2/24", "em1\|10.1.0.2/24"]}            | ip4.addr=em0\|10.0.0.2/24,em1\|10.1.0.2/24     | interface vnet            |
        | {"vnet": "new"}                                                  | vnet=new                                       | ip4 ip6 vnet.interface    |
        | {"vnet": "new", "vnetInterfaces": ["epair0b", "epair1b"]}        | vnet=new vnet.interface=epair0b,epair1b        | ip4 ip6 interface         |
        | {"vnet": "inherit", "ip4": "inherit", "ip6": "inherit"}          | ip4=inherit ip6=inherit                        | vnet                      |

      Examples: Shared memory, messages, semaphores: the jail's own without a word
        | value                                                            | words                                          | not          |
        | {}                                                               | sysvmsg=new sysvsem=new sysvshm=new            | allow.sysvipc |
        | {"sysvmsg": "inherit", "sysvsem": "disable"}                     | sysvmsg=inherit sysvsem=disable sysvshm=new    | allow.sysvipc |
        | {"sysvshm": "disable"}                                           | sysvmsg=new sysvsem=new sysvshm=disable        | allow.sysvipc |

      Examples: Which mounts the jail is shown: only its root without a word
        | value                                                            | words                                          | not              |
        | {}                                                               | enforce_statfs=2                               | enforce_statfs=0 |
        | {"enforceStatfs": 1}                                             | enforce_statfs=1                               | enforce_statfs=2 |
        | {"enforceStatfs": 0}                                             | enforce_statfs=0                               | enforce_statfs=2 |

      Examples: What root in the jail may do: neither the host's name nor reserved ports without a word
        | value                                                            | words                                          | not                                       |
        | {}                                                               | allow.noset_hostname allow.noreserved_ports    | allow.suser allow.nosuser allow.mount     |
        | {"allow": {"setHostname": true}}                                 | allow.set_hostname allow.noreserved_ports      | allow.noset_hostname                      |
        | {"allow": {"reservedPorts": true}}                               | allow.noset_hostname allow.reserved_ports      | allow.noreserved_ports                    |
        | {"allow": {"setHostname": false, "reservedPorts": false}}        | allow.noset_hostname allow.noreserved_ports    | allow.set_hostname allow.reserved_ports   |
        | {"allow": {"rawSockets": true}}                                  | allow.raw_sockets                              | allow.set_hostname                        |
        | {"allow": {"rawSockets": false}}                                 | allow.noset_hostname                           | allow.raw_sockets                         |
        | {"allow": {"chflags": true}}                                     | allow.chflags                                  | allow.raw_sockets                         |
        | {"allow": {"quotas": true}}                                      | allow.quotas                                   | allow.raw_sockets                         |
        | {"allow": {"socketAf": true}}                                    | allow.socket_af                                | allow.raw_sockets                         |
        | {"allow": {"mlock": true}}                                       | allow.mlock                                    | allow.raw_sockets                         |
        | {"allow": {"suser": true}}                                       | allow.noset_hostname                           | allow.nosuser                             |
        | {"allow": {"suser": false}}                                      | allow.nosuser                                  | allow.suser                               |
        | {"allow": {"sysvipc": true}}                                     | allow.sysvipc                                  | allow.raw_sockets                         |
        | {"enforceStatfs": 1, "allow": {"mount": ["tmpfs", "nullfs"]}}    | allow.mount allow.mount.nullfs allow.mount.tmpfs | allow.mount.devfs                       |
        | {"enforceStatfs": 1, "allow": {"mount": []}}                     | enforce_statfs=1                               | allow.mount                               |

    Scenario: Mounts that the jail may make, but would not see
      Given its config.json has $.freebsd.jail set to the JSON {"allow": {"mount": ["tmpfs"]}}
      When container "web" is planned as a jail
      Then it warns "$.freebsd.jail.allow.mount: has no effect unless enforceStatfs is 0 or 1"
      And the plan makes the jail with "allow.mount allow.mount.tmpfs"

    Scenario: The host's name may be changed by a container that has it
      Given its config.json has no $.hostname
      And its config.json has $.freebsd.jail set to the JSON {"host": "inherit", "allow": {"setHostname": true}}
      When container "web" is planned as a jail
      Then it warns "$.freebsd.jail.allow.setHostname: lets the container rename the host: its name is inherited"
      And the plan makes the jail with "host=inherit"
      And the plan makes the jail with "allow.set_hostname"

  Rule: The annotations of ocijail say the same as freebsd.jail

    Scenario Outline: The annotation <annotations>
      Given its config.json has $.annotations set to the JSON <annotations>
      When container "web" is planned as a jail
      Then the plan makes the jail with "<words>"
      And the plan makes the jail without "<not>"

      Examples:
        | annotations                                                                        | words                                   | not                   |
        | {"org.freebsd.jail.ip4": "inherit", "org.freebsd.jail.ip6": "inherit"}             | ip4=inherit ip6=inherit                 | vnet                  |
        | {"org.freebsd.jail.ip4.addr": "10.0.0.2, 10.0.0.3"}                                | ip4.addr=10.0.0.2,10.0.0.3              | ip4=inherit ip6 vnet  |
        | {"org.freebsd.jail.ip6.addr": "fd00::2"}                                           | ip6.addr=fd00::2                        | ip4 vnet              |
        | {"org.freebsd.jail.vnet": "new", "org.freebsd.jail.vnet.interface": "epair0b"}     | vnet=new vnet.interface=epair0b         | ip4 ip6               |
        | {"org.freebsd.jail.interface": "em0", "org.freebsd.jail.ip4.addr": "10.0.0.2/32"}  | interface=em0 ip4.addr=10.0.0.2/32      | vnet                  |
        | {"org.freebsd.jail.sysvshm": "inherit"}                                            | sysvmsg=new sysvsem=new sysvshm=inherit | allow.sysvipc         |
        | {"org.freebsd.jail.enforce_statfs": "1"}                                           | enforce_statfs=1                        | enforce_statfs=2      |
        | {"org.freebsd.jail.allow.raw_sockets": "true"}                                     | allow.raw_sockets                       | allow.chflags         |
        | {"org.freebsd.jail.allow.set_hostname": "1"}                                       | allow.set_hostname                      | allow.noset_hostname  |
        | {"org.freebsd.jail.allow.read_msgbuf": "true"}                                     | allow.read_msgbuf                       | allow.raw_sockets     |
        | {"org.freebsd.jail.allow.mount.tmpfs": "true", "org.freebsd.jail.enforce_statfs": "1"} | allow.mount allow.mount.tmpfs       | allow.mount.nullfs    |
        | {"org.freebsd.parentJail": "pod"}                                                  | name=pod.web                            | name=web              |

    Scenario: An annotation and the section contradict each other
      Given its config.json has $.annotations set to the JSON {"org.freebsd.jail.ip4": "inherit"}
      And its config.json has $.freebsd.jail set to the JSON {"ip4": "disable"}
      When container "web" is planned as a jail
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.annotations["org.freebsd.jail.ip4"]: contradicts $.freebsd.jail.ip4"
      And the hint says "take one of the two out"

    Scenario Outline: What no section has a field for: <annotations>
      Given its config.json has $.annotations set to the JSON <annotations>
      When container "web" is planned as a jail
      Then the plan makes the jail with "<words>"

      Examples:
        | annotations                                                                                      | words                                         |
        | {"io.nexcage.jail.children-max": "5"}                                                            | children.max=5                                |
        | {"io.nexcage.jail.osrelease": "14.3-RELEASE", "io.nexcage.jail.osreldate": "1403000"}            | osrelease=14.3-RELEASE osreldate=1403000      |
