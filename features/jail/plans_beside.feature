@nexcage @no-driver @issue-108
Feature: What a bundle asks of a FreeBSD host beside its jail
  The second part of the plans: devices, mounts, limits and the process, and all of them for an image of Linux. As in the
  first, nothing of FreeBSD has to be there, and JID stands for the number that the jail gets.

  Background:
    Given the bundle "freebsd"

  Rule: Devices: a rule set of our own on top of 1, 2 and 3, looked at before it is used

    Scenario Outline: $.freebsd.devices <devices>
      Given its config.json has $.freebsd.devices set to the JSON <devices>
      When container "web" is planned as a jail
      Then the plan has the step "run devfs rule -s 28689 add <rule>"
      And the plan has "devfs rule -s 28689 add include 3" before "devfs rule -s 28689 add <rule>"
      And the plan has "devfs rule -s 28689 add" before "devfs rule -s 28689 show"
      And the plan has "devfs rule -s 28689 show" before "mount -t devfs -o ruleset=28689 devfs {rootfs}/dev"
      And the plan makes the jail with "devfs_ruleset=28689"
      And the plan has no step with "include 4"

      Examples:
        | devices                                                        | rule                               |
        | [{"path": "pf"}]                                               | path pf unhide                     |
        | [{"path": "zero", "mode": 420}]                                | path zero unhide mode 0644         |
        | [{"path": "pf"}, {"path": "usb/0.1.0", "mode": 0}]             | path usb/0.1.0 unhide mode 0000    |

    Scenario: Rules of the mount itself, as ocijail takes them
      Given its config.json has $.mounts[0].options set to the JSON ["ruleset=4", "rule=path bpf unhide mode 0600"]
      When container "web" is planned as a jail
      Then the plan has the step "run devfs rule -s 28689 add path bpf unhide mode 0600"
      And the plan has the step "run mount -t devfs -o ruleset=28689 devfs {rootfs}/dev"

    Scenario: Another rule set of the host's
      Given its config.json has $.mounts[0].options set to the JSON ["ruleset=5"]
      When container "web" is planned as a jail
      Then the plan has the step "run mount -t devfs -o ruleset=5 devfs {rootfs}/dev"
      And the plan makes the jail with "devfs_ruleset=5"
      And the plan has no step with "devfs rule"

    Scenario: A bundle that names no rule set has 4
      Given its config.json has no $.mounts[0].options
      When container "web" is planned as a jail
      Then the plan has the step "run mount -t devfs -o ruleset=4 devfs {rootfs}/dev"
      And the plan makes the jail with "devfs_ruleset=4"

  Rule: Mounts

    Scenario Outline: The mount <mount>
      Given its config.json has the mount <mount>
      When container "web" is planned as a jail
      Then the plan has the step "run mount <words>"
      And the plan has "mount <words>" before "jail -i -c"

      Examples: File systems of FreeBSD
        | mount                                                                                          | words                                                       |
        | {"destination": "/data", "type": "nullfs", "source": "/srv"}                                   | -t nullfs /srv {rootfs}/data                                |
        | {"destination": "/data", "type": "nullfs", "source": "/srv", "options": ["ro", "nosuid"]}      | -t nullfs -o ro,nosuid /srv {rootfs}/data                   |
        | {"destination": "/data", "type": "nullfs", "source": "volume"}                                 | -t nullfs {bundle}/volume {rootfs}/data                     |
        | {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m", "mode=1777"]} | -t tmpfs -o size=1m,mode=1777 tmpfs {rootfs}/tmp          |
        | {"destination": "/dev/fd", "type": "fdescfs", "source": "fdescfs"}                             | -t fdescfs fdescfs {rootfs}/dev/fd                          |
        | {"destination": "/proc", "type": "procfs", "source": "procfs"}                                 | -t procfs procfs {rootfs}/proc                              |
        | {"destination": "/proc", "type": "linprocfs", "source": "linprocfs"}                           | -t linprocfs linprocfs {rootfs}/proc                        |
        | {"destination": "/sys", "type": "linsysfs", "source": "linsysfs"}                              | -t linsysfs linsysfs {rootfs}/sys                           |
        | {"destination": "/data", "type": "zfs", "source": "tank/web"}                                  | -t zfs tank/web {rootfs}/data                               |

      Examples: As Linux and engines write them
        | mount                                                                                          | words                                                       |
        | {"destination": "/data", "source": "/srv", "options": ["rbind", "rprivate", "rw"]}             | -t nullfs /srv {rootfs}/data                                |
        | {"destination": "/data", "type": "bind", "source": "/srv", "options": ["bind", "ro", "nodev", "relatime"]} | -t nullfs -o ro /srv {rootfs}/data             |
        | {"destination": "/proc", "type": "proc", "source": "proc"}                                     | -t linprocfs linprocfs {rootfs}/proc                        |
        | {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]} | -t linsysfs -o nosuid,noexec,ro linsysfs {rootfs}/sys |
        | {"destination": "/run", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "nr_inodes=100", "size=65536k"]} | -t tmpfs -o nosuid,inodes=100,size=65536k tmpfs {rootfs}/run |

    Scenario: What the image has there is copied into a tmpfs
      Given its config.json has the mount {"destination": "/etc", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}
      When container "web" is planned as a jail
      Then the plan has the step "run tar -cf {root}/web/copy-up.tar -C {rootfs}/etc ."
      And the plan has "tar -cf" before "mount -t tmpfs tmpfs {rootfs}/etc"
      And the plan has "mount -t tmpfs" before "tar -xpf {root}/web/copy-up.tar -C {rootfs}/etc"

    Scenario: A read-only root is a read-only alias, and what is mounted further lies on it
      Given its config.json has $.root.readonly set to the JSON true
      And its config.json has the mount {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}
      When container "web" is planned as a jail
      Then the plan has the step "run mount -t nullfs -o ro {rootfs} {root}/web/root"
      And the plan has "mount -t nullfs -o ro {rootfs} {root}/web/root" before "mount -t devfs"
      And the plan has the step "run mount -t tmpfs tmpfs {root}/web/root/tmp"
      And the plan makes the jail with "path={root}/web/root"

    Scenario: A tmpfs on /dev, as engines want it on Linux, would hold no device
      Given its config.json has $.mounts[0] set to the JSON {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]}
      When container "web" is planned as a jail
      Then the plan has the step "run mount -t devfs -o ruleset=4,nosuid devfs {rootfs}/dev"

  Rule: Limits become rules of rctl(8) that really cap, and a set of CPUs

    Scenario Outline: $.linux.resources <resources>
      Given its config.json has $.linux set to the JSON {"resources": <resources>}
      When container "web" is planned as a jail
      Then the plan has the step "run <command>"

      Examples:
        | resources                                                                           | command                                                                   |
        | {"memory": {"limit": 67108864}}                                                     | rctl -a jail:web:memoryuse:sigkill=67108864                               |
        | {"memory": {"limit": 67108864, "swap": 134217728}}                                  | rctl -a jail:web:memoryuse:sigkill=67108864 jail:web:swapuse:deny=134217728 |
        | {"pids": {"limit": 20}}                                                             | rctl -a jail:web:maxproc:deny=20                                          |
        | {"cpu": {"quota": 50000, "period": 100000}}                                         | rctl -a jail:web:pcpu:deny=50                                             |
        | {"cpu": {"quota": 200000, "period": 100000}}                                        | rctl -a jail:web:pcpu:deny=200                                            |
        | {"cpu": {"cpus": "0-3,7"}}                                                          | cpuset -l 0-3,7 -j JID                                                    |
        | {"blockIO": {"throttleReadBpsDevice": [{"major": 0, "minor": 0, "rate": 1048576}]}} | rctl -a jail:web:readbps:throttle=1048576                                 |
        | {"blockIO": {"throttleWriteBpsDevice": [{"major": 0, "minor": 0, "rate": 2048}]}}   | rctl -a jail:web:writebps:throttle=2048                                   |
        | {"blockIO": {"throttleReadIOPSDevice": [{"major": 0, "minor": 0, "rate": 50}]}}     | rctl -a jail:web:readiops:throttle=50                                     |
        | {"blockIO": {"throttleWriteIOPSDevice": [{"major": 0, "minor": 0, "rate": 50}]}}    | rctl -a jail:web:writeiops:throttle=50                                    |

    Scenario: Limits hold from the first process on, and no limit is no rule
      Given its config.json has $.linux set to the JSON {"resources": {"pids": {"limit": 20}, "memory": {"limit": -1}, "cpu": {"quota": -1}}}
      When container "web" is planned as a jail
      Then the plan has the step "run rctl -a jail:web:maxproc:deny=20"
      And the plan has "rctl -a" before "jail -i -c"

  Rule: The process is held in its jail until start

    Scenario Outline: $.process.<name>
      Given its config.json has $.process.<name> set to the JSON <value>
      When container "web" is planned as a jail
      Then the plan has the step "hold jail_attach JID <words>"
      And the plan has "jail -i -c" before "hold"

      Examples:
        | name | value                     | words               |
        | args | ["/bin/sh", "-c", "true"] | 0:0 /bin/sh -c true |
        | user | {"uid": 1001, "gid": 80}  | 1001:80 sleep 100   |

  Rule: An image of Linux runs under the Linux ABI

    Scenario: A bundle as engines write it for Linux
      Given its config.json reads
        """
        {
          "ociVersion": "1.2.0",
          "hostname": "box",
          "root": {"path": "rootfs"},
          "process": {
            "args": ["sleep", "100"], "cwd": "/", "user": {"uid": 0, "gid": 0}, "env": ["PATH=/bin"],
            "capabilities": {"bounding": ["CAP_NET_BIND_SERVICE", "CAP_NET_RAW"]}
          },
          "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=65536k"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts"},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777"]},
            {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue"},
            {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
            {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]}
          ],
          "linux": {
            "namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}, {"type": "network"}],
            "resources": {"pids": {"limit": 20}}
          }
        }
        """
      When container "web" is planned as a jail
      Then the plan is
        """
        run devfs rule -s 28689 add include 1
        run devfs rule -s 28689 add include 2
        run devfs rule -s 28689 add include 3
        run devfs rule -s 28689 add path shm unhide
        run devfs rule -s 28689 add path shm/* unhide
        run devfs rule -s 28689 show
        run mount -t linprocfs linprocfs {rootfs}/proc
        run mount -t devfs -o ruleset=28689,nosuid devfs {rootfs}/dev
        run mount -t fdescfs -o linrdlnk fdescfs {rootfs}/dev/fd
        run mount -t tmpfs -o nosuid,noexec,mode=1777 tmpfs {rootfs}/dev/shm
        run mount -t linsysfs -o nosuid,noexec,ro linsysfs {rootfs}/sys
        run rctl -a jail:web:maxproc:deny=20
        run jail -i -c name=web path={rootfs} persist host=new host.hostname=box vnet=new sysvmsg=new sysvsem=new sysvshm=new enforce_statfs=2 devfs_ruleset=28689 allow.noset_hostname allow.raw_sockets allow.reserved_ports linux=new meta.nexcage=web meta.nexcage_bundle={bundle}
        hold jail_attach JID 0:0 sleep 100
        """
      And it warns "$.mounts[2].type is ignored by jail: devfs has the terminals"
      And it warns "$.mounts[4].type is ignored by jail: a jail has none"
      And it warns "$.linux.namespaces[0] is ignored by jail: a jail sees its own processes only, but by the host's numbers"

    Scenario Outline: Namespaces of Linux: <namespaces>
      Given its config.json has no $.freebsd
      And its config.json has no $.hostname
      And its config.json has $.linux set to the JSON {"namespaces": <namespaces>}
      When container "web" is planned as a jail
      Then the plan makes the jail with "<words>"
      And the plan makes the jail without "<not>"

      Examples:
        | namespaces                                                                                 | words                              | not          |
        | [{"type": "mount"}, {"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}] | host=new vnet=new                 | ip4 ip6      |
        | [{"type": "mount"}, {"type": "pid"}, {"type": "ipc"}, {"type": "uts"}]                      | host=new ip4=inherit ip6=inherit  | vnet         |
        | [{"type": "mount"}, {"type": "pid"}, {"type": "ipc"}, {"type": "network"}]                  | host=inherit vnet=new             | ip4 ip6      |

    Scenario: The Linux that its programs are told
      Given its config.json has no $.freebsd
      And its config.json has $.linux set to the JSON {"namespaces": [{"type": "mount"}, {"type": "pid"}, {"type": "ipc"}, {"type": "uts"}]}
      And its config.json has $.annotations set to the JSON {"io.nexcage.jail.linux-osrelease": "5.15.0"}
      When container "web" is planned as a jail
      Then the plan makes the jail with "linux=new linux.osrelease=5.15.0"
