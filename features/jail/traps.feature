@nexcage @root @jail @issue-108
Feature: What is easily got wrong with jails
  FreeBSD's tools accept some things in silence that leave a jail open, or the host littered. These are the ten that
  managers of jails have stumbled over, in the order of the reference.

  Rule: 1. A rule set that does not exist hides nothing, and mount takes it all the same

    Scenario Outline: Rule set 77 <is>
      Given a bundle that runs "sleep 100"
      And its config.json has $.mounts[0].options set to the JSON ["ruleset=77"]
      And <setting>
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[0]: not supported by jail: devfs rule set 77 has no rules, so all devices of the host would be seen"
      And the hint says "make it in /etc/devfs.rules, or name 4"
      And the host was never asked "mount -t"
      And the host was never asked "jail -c"
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | is                 | setting                                     |
        | does not exist     | the host has 2 CPUs                         |
        | has no rules       | the host has the rule set 77 without rules  |

    Scenario: The usual rule sets are not loaded, as where devfs was never started
      Given a bundle that runs "sleep 100"
      And somebody calls "devfs rule -s 4 delset" on the FreeBSD host
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: devfs rule set 4 of this host is empty, so all devices would be seen"
      And the hint says "load the usual ones: service devfs restart"
      And the host was never asked "mount -t"
      And nothing is left on the host

  Rule: 2. What a rule set includes of what another one includes is lost, and all devices are there

    Scenario: A device more, and all that rule set 4 hides stays hidden
      Given a bundle that runs "sleep 100"
      And its config.json has $.freebsd.devices set to the JSON [{"path": "bpf", "mode": 384}]
      And a created container "web"
      When "ls /dev" is executed in container "web"
      Then it prints a line like "bpf"
      And it prints a line like "null"
      And it prints nothing with "mem"
      And it prints nothing with "vtbd0"
      And it prints nothing with "kmem"
      And the host was never asked "devfs rule include 4"

    Scenario: The host's own rule set 5 includes 4, and so shows everything: it is made anew
      Given a bundle that runs "sleep 100"
      And its config.json has $.mounts[0].options set to the JSON ["ruleset=5"]
      And a created container "web"
      When "ls /dev" is executed in container "web"
      Then it prints a line like "null"
      And it prints nothing with "mem"
      And it prints nothing with "vtbd0"
      And the host has 1 rule sets of nexcage
      When container "web" is deleted by force
      Then the host has 0 rule sets of nexcage
      And the host was never asked "devfs rule -s 5 delset"

  Rule: 3. A container that has the host's name could rename the host

    Scenario Outline: host is <host>
      Given a bundle that runs "sleep 100"
      And its config.json has $.hostname set to ""
      And its config.json has $.freebsd.jail set to the JSON {"host": "<host>"}
      When container "web" is created
      Then it succeeds
      And the jail of container "web" has host "<host>"
      And the jail of container "web" has allow.set_hostname "false"

      Examples:
        | host    |
        | inherit |
        | new     |

  Rule: 4. Without a word a jail has no network, and vnet=inherit is refused beside addresses

    Scenario Outline: The network of $.freebsd.jail <value>
      Given a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON <value>
      When container "web" is created
      Then it succeeds
      And the jail of container "web" has ip4 "<ip4>"
      And the jail of container "web" has ip6 "<ip6>"
      And the jail of container "web" has vnet "<vnet>"
      And the host was never asked "jail -c vnet=inherit"

      Examples:
        | value                                                      | ip4     | ip6     | vnet    |
        | {}                                                         | disable | disable | inherit |
        | {"vnet": "inherit", "ip4": "inherit", "ip6": "inherit"}    | inherit | inherit | inherit |

  Rule: 5. Names: a dot means another jail, digits a number, a minus an option

    Scenario Outline: The id <id> is the jail <name>, and works as any other
      Given a bundle that runs "sleep 100"
      When container "<id>" is created
      Then it succeeds
      And the host now has the jail "<name>"
      When container "<id>" is started
      Then it succeeds
      And the process of container "<id>" is in its jail
      When "echo hello" is executed in container "<id>"
      Then it prints "hello"
      When the list of containers is asked for
      Then the list names container "<id>" as running
      When container "<id>" is deleted by force
      Then it succeeds
      And the host has no jail
      And nothing is left on the host

      Examples:
        | id   | name  |
        | a.b  | a@b   |
        | 123  | %123  |
        | 0123 | %0123 |
        | -x   | %-x   |
        | a+b  | a+b   |

    Scenario: An id that is longer than the name of a jail
      Given a bundle that runs "sleep 100"
      And a running container with an id of 1024 characters
      Then the host has 1 jails
      And the list names the container with the long id as running
      When the container with the long id is deleted by force
      Then it succeeds
      And the host has no jail
      And nothing is left on the host

    Scenario: A jail of somebody's by that name is not taken for ours
      Given the host has the jail "web"
      And a bundle that runs "sleep 100"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web": a jail "web" exists already, and it is not nexcage's"
      And the hint says "choose another id, or remove it: jail -r web"
      And the host was never asked "mount -t"
      And the host now has the jail "web"
      And file "{root}/web" does not exist

  Rule: 6. jail -r unmounts nothing and leaves addresses on their interfaces

    Scenario: nexcage takes back what it has made, itself
      Given the host has the interface "em0"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/mnt/new", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has $.freebsd.jail set to the JSON {"interface": "em0", "ip4Addr": ["10.0.0.2"]}
      And a running container "web"
      Then interface "em0" of the host has the addresses "10.0.0.2"
      When container "web" is deleted by force
      Then it succeeds
      And interface "em0" of the host has the addresses ""
      And the host has 0 mounts below "{rootfs}"
      And the root of container "web" holds what it held before
      And nothing is left on the host

    Scenario: Somebody has removed the jail by hand, and so left its mounts and its address
      Given the host has the interface "em0"
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"interface": "em0", "ip4Addr": ["10.0.0.2"]}
      And a running container "web"
      When somebody calls "jail -r {jid of web}" on the FreeBSD host
      Then the host has 1 mounts below "{rootfs}"
      And interface "em0" of the host has the addresses "10.0.0.2"
      And container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And interface "em0" of the host has the addresses ""
      And nothing is left on the host

  Rule: 7. jail -r and jail -R ask processes to end, and wait ten seconds for those that do not

    Scenario: A program that ignores TERM is killed before its jail is removed
      Given a bundle that runs the script "trap '' TERM; while :; do sleep 1; done"
      And a running container "web"
      When container "web" is deleted by force
      Then it succeeds
      And the host did "pkill -KILL -j {jid of web}" before "jail -R {jid of web}"
      And the host was never asked "jail -r"
      And the host was asked "jail -R" 1 times
      And none of the host's tools is at work
      And nothing is left on the host

  Rule: 8. A jail goes on dying while somebody has not asked for a zombie's status

    Scenario: A dying jail is as good as gone, and its name is free
      Given a bundle that runs "sleep 100"
      And jails of the host go on dying for 600 seconds
      And a running container "web"
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist
      And nothing is left on the host
      When container "web" is created
      Then it succeeds
      And the host has 1 jails
      When container "web" is started
      Then it succeeds
      And container "web" is running
      And the process of container "web" is in its jail
      When container "web" is deleted by force
      Then it succeeds
      And the host has no jail

    Scenario: A jail that is dying holds a container that has stopped
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When jails of the host go on dying for 600 seconds
      And somebody calls "jail -R {jid of web}" on the FreeBSD host
      Then container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And container "web" does not exist
      And nothing is left on the host

  Rule: 9. jexec says status 1 for everything of its own: exec tells its failures from the program's

    Scenario Outline: exec when <what>
      Given a bundle that runs "sleep 100"
      And its root has a file "etc/plain" that says "no program"
      And a running container "web"
      When "<command>" is executed in container "web"
      Then it exits with status <status>
      And <said>
      And the host was never asked "jexec"

      Examples:
        | what                                | command       | status | said                                                                                             |
        | the program says 1                  | false         | 1      | nothing is said                                                                                  |
        | the program is not there            | nosuch        | 127    | the error is the line "nexcage: exec: executable file "nosuch" not found in $PATH"               |
        | the program cannot be run           | /etc/plain    | 126    | the error is the line "nexcage: exec: executable file "/etc/plain": permission denied"           |
        | the program ends by a signal        | sh -c 'kill -9 $$' | 137 | nothing is said                                                                                |

    Scenario: exec in a container whose jail has gone
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When somebody calls "jail -R {jid of web}" on the FreeBSD host
      And "true" is executed in container "web"
      Then it exits with status 1
      And the error is the line "nexcage: exec: cannot exec container "web" that is stopped: container not running"

  Rule: 10. The first process takes nobody with it: kill --all and delete are about the jail

    Scenario: Children go on when their first process is killed
      Given a bundle that runs the script "sleep 1000 & sleep 2000 & wait"
      And a running container "web"
      Then the jail of container "web" has 3 processes
      When container "web" is sent signal "KILL"
      Then it succeeds
      And container "web" is stopped
      And the jail of container "web" has 2 processes
      When container "web" is sent signal "KILL" to all its processes
      Then it succeeds
      And the jail of container "web" has 0 processes
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

    Scenario: A delete ends them as well
      Given a bundle that runs the script "sleep 1000 & wait"
      And a running container "web"
      Then the jail of container "web" has 2 processes
      When container "web" is sent signal "KILL"
      Then container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And none of the host's tools is at work
      And the host has no jail
      And nothing is left on the host
