@nexcage @root @jail @issue-108
Feature: A FreeBSD host in trouble
  Whichever tool fails, the message says why, a create leaves nothing, and a second delete finishes what the first began.

  Background:
    Given the host has 2 CPUs
    And the host has the interface "epair0b"
    And a directory "{dir}/volume"
    And a file "{dir}/volume/precious" that says "mine"
    And a bundle that runs "sleep 100"
    And its config.json has the mount {"destination": "/mnt/new", "type": "tmpfs", "source": "tmpfs"}
    And its config.json has the mount {"destination": "/volume", "type": "nullfs", "source": "{dir}/volume"}
    And its config.json has $.freebsd set to the JSON {"devices": [{"path": "bpf"}], "jail": {"vnet": "new", "vnetInterfaces": ["epair0b"]}}
    And its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 5}, "cpu": {"cpus": "1"}}}

  Rule: A create that fails takes everything back

    Scenario Outline: "<command>" says <text>
      Given the host's "<command>" will fail with "<text>"
      When container "web" is created
      Then it exits with status <status>
      And the error is the line "nexcage: create: container "web"<error>"
      And file "{dir}/volume/precious" contains "mine"
      And nothing is left on the host
      And nothing is left behind
      And the root of container "web" holds what it held before

      Examples:
        | command       | text                                                        | status | error                                                                              |
        | kldload       | kldload: can't load nullfs: No such file or directory       | 1      | : the kernel module "nullfs" does not exist, or is not loaded                      |
        | devfs add bpf | devfs rule: ioctl DEVFSIO_RADD: Operation not permitted     | 1      | : devfs is for root alone                                                          |
        | mount tmpfs   | mount: tmpfs: Cannot allocate memory                        | 1      | : no room for a mount: mount: tmpfs: Cannot allocate memory                        |
        | mount nullfs  | mount_nullfs: /volume: the moon is full                     | 1      | : mount nullfs: mount_nullfs: /volume: the moon is full                            |
        | rctl -a       | rctl: RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable | 1 | : limits cannot be set: resource accounting is disabled          |
        | jail -c       | jail: no available jail IDs                                 | 1      | : the kernel has no jail number left                                               |
        | jail -c       | jail: the moon is full                                      | 1      | : jail -c: jail: the moon is full                                                  |

    Scenario: The CPUs cannot be set when the jail is there
      Given the host's "cpuset" will fail with "cpuset: setaffinity: Resource deadlock avoided"
      When container "web" is created
      Then it fails
      And the error says ": this machine has no such CPU for it"
      And the host did "ifconfig epair0b -vnet" before "jail -R"
      And the host did "pkill -KILL" before "jail -R"
      And the host did "jail -R" before "umount"
      And nothing is left on the host
      And nothing is left behind
      And the root of container "web" holds what it held before

    Scenario: One mount cannot be taken back: all others are
      Given the host's "jail -c" will fail with "jail: the moon is full"
      And the mount at "{rootfs}/mnt/new" cannot be unmounted
      When container "web" is created
      Then it exits with status 1
      And the error says "nexcage: create: container "web": jail -c: jail: the moon is full"
      And it warns "could not undo: run    mount -t tmpfs tmpfs {rootfs}/mnt/new"
      And the host has no jail
      And the host has 0 limits
      And the host has 0 rule sets of nexcage
      And the host has 1 mounts below "{rootfs}"
      And tmpfs is mounted on "{rootfs}/mnt/new"
      And file "{dir}/volume/precious" contains "mine"
      When the host is well again
      And somebody calls "umount {rootfs}/mnt/new" on the FreeBSD host
      Then nothing is left on the host

    Scenario: No room for the record
      Given the root is on a file system with room for 3 files
      When container "web" is created
      Then it exits with status 1
      And the error says "no space left on device"
      And nothing is left on the host
      And the root of container "web" holds what it held before

  Rule: A delete that fails says why, and the next one finishes it

    Scenario Outline: A delete when "<command>" says <text>
      Given a running container "web"
      And the host's "<command>" will fail with "<text>"
      When container "web" is deleted by force
      Then it exits with status 1
      And the error says "nexcage: delete: container "web""
      And the error says "<cause>"
      And file "{root}/web/record.json" exists
      And file "{dir}/volume/precious" contains "mine"
      When container "web" is deleted by force
      Then it succeeds
      And container "web" does not exist
      And file "{dir}/volume/precious" contains "mine"
      And nothing is left on the host
      And nothing is left behind
      And the root of container "web" holds what it held before

      Examples:
        | command                  | text                                                        | cause                              |
        | ps                       | ps: the moon is full                                        | ps: the moon is full               |
        | pkill                    | pkill: Cannot get process list                              | Cannot get process list            |
        | ifconfig -vnet           | ifconfig: SIOCSIFRVNET(7, epair0b): Input/output error      | Input/output error                 |
        | jail -R                  | jail: web: jail_remove: Operation not permitted             | jail is refused to this user       |
        | umount                   | umount: {rootfs}/volume: Input/output error                 | an unmount failed                  |
        | rctl -r                  | rctl: failed to remove rule 'jail:web': Input/output error  | the limit "jail:web"               |
        | devfs delset             | devfs rule: ioctl DEVFSIO_SDESTROY: Input/output error      | DEVFSIO_SDESTROY                   |
