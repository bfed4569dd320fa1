@nexcage @root @jail @issue-108
Feature: A container on a FreeBSD host
  nexcage makes, starts, stops and destroys containers as jails, with FreeBSD's own tools. The host knows them by
  their names, and is left as it was.

  Rule: A container is a jail, and its process is in it

    Scenario: A container runs in a jail and leaves nothing there
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And container "web" is created
      And the host has 1 jails
      And the host now has the jail "web"
      And the jail of container "web" has host.hostname "box"
      And the jail of container "web" has path "{rootfs}"
      And devfs is mounted on "{rootfs}/dev"
      And the jail of container "web" has 1 processes
      And the process of container "web" is in its jail
      When container "web" is started
      Then it succeeds
      And container "web" is running
      And the process of container "web" is in its jail
      When container "web" is sent signal "KILL"
      Then it succeeds
      And container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And container "web" does not exist
      And the host has no jail
      And nothing is left on the host
      And the root of container "web" holds what it held before

    Scenario: A program runs to its end
      Given a bundle that runs the script "echo hello; exit 3"
      When container "web" is run
      Then it exits with status 3
      And it prints "hello"
      And nothing is left on the host

  Rule: The host is asked for what the bundle says, in the order in which it has to be

    Scenario: What a create asks the host for
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And the host was asked "mount -t devfs -o ruleset=4 devfs {rootfs}/dev"
      And the host was asked something like "jail -i -c name=web path={rootfs} persist .*"
      And the host did "mount -t devfs" before "jail -c"
      And the host was asked "jail -c" 1 times
      And the host was never asked "rctl"
      And the host's tools were called at most 10 times
      And the host has 1 mounts below "{rootfs}"
      And none of the host's tools is at work
      When container "web" is deleted by force
      Then it succeeds
      And the host was asked "jail -R {jid of web}"
      And nothing is left on the host

    Scenario: Limits, processors and devices of its own
      Given the host has 2 CPUs
      And a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}, "cpu": {"cpus": "1"}}
      And its config.json has $.freebsd.devices set to the JSON [{"path": "zero", "mode": 420}]
      When container "web" is created
      Then it succeeds
      And the host has the limit "jail:web:maxproc:deny=5"
      And the host has 1 limits
      And the jail of container "web" runs on the CPUs "1"
      And the host has 1 rule sets of nexcage
      And a rule set of nexcage has the rule "path zero unhide mode 644"
      When container "web" is deleted by force
      Then it succeeds
      And the host has 0 limits
      And the host has 0 rule sets of nexcage
      And nothing is left on the host

    Scenario: A file system of the host, and a network of its own
      Given the host has the interface "epair0b"
      And a directory "{dir}/shared"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/shared", "type": "nullfs", "source": "{dir}/shared", "options": ["ro"]}
      And its config.json has $.freebsd.jail set to the JSON {"vnet": "new", "vnetInterfaces": ["epair0b"]}
      When container "web" is created
      Then it succeeds
      And nullfs is mounted on "{rootfs}/shared" with "ro"
      And the host has loaded the module "nullfs"
      And the jail of container "web" has the interface "epair0b"
      When container "web" is deleted by force
      Then it succeeds
      And the host has the interface "epair0b" itself
      And the root of container "web" holds what it held before
      And nothing is left on the host

    Scenario Outline: The host runs FreeBSD <release>
      Given a FreeBSD <release> host
      And a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And the jail of container "web" has 1 processes

      Examples:
        | release |
        | 13.5    |
        | 14.1    |
        | 15.1    |

    Scenario: Jails of others stay
      Given the host has the jail "db"
      And the host has the jail "pod" with "children.max=2"
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"parent": "pod"}
      When container "web" is created
      Then it succeeds
      And the host now has the jail "pod.web"
      When container "web" is deleted by force
      Then it succeeds
      And the host has 2 jails
      And the host now has the jail "db"
      And nothing is left on the host

  Rule: What the host refuses is told, and nothing is left

    Scenario Outline: jail is <fault>
      Given a bundle that runs "sleep 100"
      And the host's "jail -c" will <fault>
      When container "web" is created
      Then it fails
      And the host has no jail
      And nothing is left on the host
      And the root of container "web" holds what it held before

      Examples:
        | fault                                                        |
        | fail with "jail: the moon is full"                           |
        | always fail with "jail: the moon is full"                    |
        | do its work and fail with "jail: the moon is full"           |
        | exit with status 0 after it printed "cheese"                 |
        | be killed                                                    |
        | be killed when its work is done                              |

    Scenario: Limits that the host does not count
      Given the host does not count resources
      And a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"pids": {"limit": 5}}
      When container "web" is created
      Then it fails
      And nothing is left on the host

    Scenario: A rule set that hides nothing
      Given the host has the rule set 77 without rules
      And a bundle that runs "sleep 100"
      And its config.json has $.mounts[0].options set to the JSON ["ruleset=77"]
      When container "web" is created
      Then it fails
      And nothing is left on the host

    Scenario: An interface that is there no more
      Given the host has the interface "epair0b"
      And interface "epair0b" vanishes as soon as somebody touches it
      And a bundle that runs "sleep 100"
      And its config.json has $.freebsd.jail set to the JSON {"vnet": "new", "vnetInterfaces": ["epair0b"]}
      When container "web" is created
      Then it fails
      And the host has no jail

    Scenario: A mount that is busy
      Given a bundle that runs "sleep 100"
      And the mount at "{rootfs}/dev" is busy
      And a created container "web"
      When container "web" is deleted by force
      Then the host has no jail
      When the host is well again
      And container "web" is deleted by force
      Then it succeeds
      And nothing is left on the host

    Scenario: A jail that takes its time to die
      Given a bundle that runs "sleep 100"
      And processes of the host's jails ignore signal TERM
      And jails of the host go on dying for 1 seconds
      And a running container "web"
      When container "web" is deleted by force
      Then it succeeds
      And the host has no jail
      When container "web" is created
      Then it succeeds

    Scenario: Somebody removes a container's jail
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When somebody calls "jail -R {jid of web}" on the FreeBSD host
      Then container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

    Scenario Outline: A create that is interrupted while jail <when>
      Given a bundle that runs "sleep 100"
      And the host's "jail -c" will <when>
      When container "web" is being created while "jail -c" hangs
      And the create of container "web" is sent signal "TERM"
      Then the create of container "web" ends with status 143 within 20 seconds
      And none of the host's tools is at work
      And the host has no jail
      And nothing is left on the host

      Examples:
        | when                        |
        | hang                        |
        | hang when its work is done  |
