@nexcage @no-driver @issue-108 @issue-cli
Feature: What the words of FreeBSD's tools mean
  The tools say why they failed in words only. Each row is such a failure: the call, its words, and what nexcage says
  instead. The code stays the same from version to version; "nexcage help errors CODE" explains it. `{what}` is the
  container, with its id and JID.

  Rule: Mounts, interfaces, devices, limits

    Scenario: Words of FreeBSD: mounts, interfaces, devices, limits
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call                                                         | words                                                        | code                 | message |
        | jail web                                                     | jail: too many IPv4 addresses                                | address-invalid      | {what}: there are more IPv4 addresses than a jail may have |
        | ifconfig bridge0 inet 192.0.2.7 -alias                       | ifconfig: ioctl (SIOCDIFADDR): Can't assign requested address | address-missing      | {what}: the address is not on its interface any more |
        | jail web                                                     | jail: IPv4 addresses clash                                   | address-taken        | {what}: an address is another jail's already |
        | devfs -m /jails/t1/dev rule apply path zero hide             | devfs rule: ioctl DEVFSIO_RAPPLY: Inappropriate ioctl for device | devfs-missing        | {what}: no devfs is mounted there to apply rules to |
        | devfs web                                                    | devfs rule: ioctl DEVFSIO_RADD: File exists                  | devfs-rule-exists    | {what}: a rule of that number exists already |
        | devfs -m /jails/web/dev rule add path x group y              | devfs rule: ioctl DEVFSIO_RADD: Invalid argument             | devfs-rule-invalid   | {what}: a rule for devices is invalid: devfs rule: ioctl DEVFSIO_RADD: Invalid argument |
        | devfs web                                                    | devfs rule: ioctl DEVFSIO_SUSE: No such process              | devfs-rule-missing   | {what}: there is no such rule or ruleset, or it is in use |
        | ifconfig web                                                 | ifconfig: ioctl SIOCSIFNAME (set name): File exists          | interface-exists     | {what}: an interface exists already |
        | jail web                                                     | jail: /sbin/ifconfig e0b vnet 127: failed                    | interface-failed     | {what}: the interface "e0b" could not be set up: jail: /sbin/ifconfig e0b vnet 127: failed |
        | ifconfig web                                                 | ifconfig: interface e0b does not exist                       | interface-missing    | {what}: the interface "e0b" does not exist here, or is in another jail |
        | ifconfig web                                                 | ifconfig: SIOCSIFRVNET(129, epair0b): Device not configured  | interface-moved      | {what}: the interface "epair0b" is not in its jail any more |
        | kldload web                                                  | kldload: an error occurred while loading module x. Please check dmesg(8). | module-failed        | {what}: the kernel module "x" could not be loaded |
        | kldload web                                                  | kldload: can't load linux64: module already loaded or in kernel | module-loaded        | {what}: the kernel module "linux64" is loaded already |
        | mount web                                                    | mount: x: Invalid fstype: Invalid argument                   | module-missing       | {what}: this kernel has no file system |
        | mount web                                                    | mount: tmpfs: Device busy                                    | mount-busy           | {what}: "tmpfs": something is mounted there already, or uses it |
        | mount -t tmpfs -o nodev tmpfs /jails/t1/mnt                  | mount: tmpfs: mount option <nodev> is unknown: Invalid argument | mount-option-unknown | {what}: FreeBSD has no mount option "nodev" there |
        | mount web                                                    | mount: tmpfs: No such file or directory                      | mount-path-missing   | {what}: the target of the mount of "tmpfs" does not exist |
        | jail -c name=t1 path=/jails/t1 persist 'mount=/jails/base relative nullfs rw 0 0' | jail: mount: relative: not an absolute pathname              | mount-path-unsafe    | {what}: nothing can be mounted on "relative": it is no absolute path |
        | mount_nullfs web                                             | mount_nullfs: /x: Directory not empty                        | mount-path-used      | {what}: the directory "/x" is not empty |
        | mount_nullfs web                                             | mount_nullfs: /x/f: must be same type as /y                  | mount-type-mismatch  | {what}: a file cannot be mounted on a directory, nor the reverse: "/x/f" |
        | umount web                                                   | umount: /x: statfs: No such file or directory                | not-mounted          | {what}: nothing is mounted on "/x" |
        | rctl web                                                     | rctl: RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable | racct-disabled       | {what}: limits cannot be set: resource accounting is disabled |
        | sysctl web                                                   | sysctl: unknown oid 'kern.racct.enable'                      | racct-missing        | {what}: limits cannot be set: this kernel has no resource accounting |
        | ifconfig epair create                                        | ifconfig: SIOCIFCREATE2: Device busy                         | resource-busy        | {what}: ifconfig epair: ifconfig: SIOCIFCREATE2: Device busy |
        | jail web                                                     | jail: fork: Resource temporarily unavailable                 | resources-exhausted  | {what}: jail : jail: fork: Resource temporarily unavailable |
        | rctl web                                                     | rctl: failed to add rule 'jail:a:maxproc:deny=5': Input/output error | rule-failed          | {what}: the limit "jail:a:maxproc:deny=5": input/output error |
        | rctl web                                                     | rctl: failed to add rule 'jail:a:bogus:deny=5': Invalid argument | rule-invalid         | {what}: the limit "jail:a:bogus:deny=5" has a resource, an action or a number that rctl does not know |
        | rctl -r jail:t1                                              | rctl: failed to remove rule 'jail:t1': No such process       | rule-missing         | {what}: there is no limit "jail:t1" |
        | rctl -a jail:t1:readbps:deny=1m                              | rctl: failed to add rule 'jail:t1:readbps:deny=1m': Operation not supported | rule-unsupported     | {what}: the limit "jail:t1:readbps:deny=1m" cannot be had: its resource does not know that action |
        | sysctl kern.ipc.shmmax=-1                                    | sysctl: kern.ipc.shmmax=-1: Invalid argument                 | setting-invalid      | {what}: the setting "kern.ipc.shmmax" cannot have that value |
        | sysctl web                                                   | sysctl: unknown oid 'kern.nosuch'                            | setting-missing      | {what}: this kernel has no setting "kern.nosuch" |
        | sysctl web                                                   | sysctl: oid 'kern.racct.enable' is a read only tunable       | setting-read-only    | {what}: the setting "kern.racct.enable" cannot be changed while the kernel runs |
        | ifconfig web                                                 | ifconfig: SIOCSIFVNET: File exists                           | vnet-missing         | {what}: its jail has no network of its own to move an interface into |

  Rule: Jails

    Scenario: Words of FreeBSD: jails
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call                                                         | words                                                        | code                 | message |
        | jail web                                                     | jail: attach failed                                          | attach-failed        | {what}: a process could not enter its jail |
        | jail web                                                     | jail: t1: exit 3: exited on signal 9                         | command-failed       | {what}: a program that jail ran was killed by signal 9: exit 3 |
        | usage web                                                    | usage: jexec [-l] [-u username \| -U username] jail [command ...] | command-line-refused | {what}: jexec refuses its command line |
        | jail web                                                     | jail: exec.consolelog: Permission denied                     | console-log-failed   | {what}: the log of its console cannot be written: permission denied |
        | jail web                                                     | jail: /tmp/j.conf line 3: syntax error                       | jail-conf-invalid    | {what}: the configuration "/tmp/j.conf" is in error: syntax error |
        | jail -c                                                      | jail: /etc/jail.conf: No such file or directory              | jail-conf-missing    | {what}: the configuration "/etc/jail.conf" does not exist |
        | jls web                                                      | jls: jail "t1" is dying                                      | jail-dying           | {what}: container not running: its jail is dying |
        | jail web                                                     | jail: jail_set: File exists                                  | jail-exists          | {what}: a jail of that name or number exists already |
        | ifconfig lo0 up                                              | ifconfig: the moon is full                                   | jail-failed          | {what}: ifconfig lo0: ifconfig: the moon is full |
        | jail -r t1                                                   | jail: "t1" not found                                         | jail-missing         | {what}: its jail does not exist |
        | jail web                                                     | jail: name cannot be numeric (unless it is the jid)          | jail-name-invalid    | {what}: a jail's name cannot be a number |
        | jail web                                                     | jail: no available jail IDs                                  | jids-exhausted       | {what}: the kernel has no jail number left |
        | jail -c name=t1 path=/jails/base persist host.hostname=hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh | jail: jail_set: File name too long                           | name-too-long        | {what}: the parameter "host.hostname" is too long for a jail |
        | jail web                                                     | jail: cannot change jid to 3                                 | parameter-read-only  | {what}: the jid cannot be changed in a jail that exists |
        | jail web                                                     | jail: vnet jails cannot have IP address restrictions         | parameters-conflict  | {what}: a jail with a network of its own cannot be held to addresses |
        | jail web                                                     | jail: prison limit exceeded                                  | parent-limit         | {what}: the parent jail has no room for another child |
        | jail web                                                     | jail: t1: depends on undefined jail "t9"                     | parent-missing       | {what}: it depends on the jail "t9", which does not exist |
        | jail web                                                     | jail: jail_set: No such file or directory                    | path-missing         | {what}: its root does not exist |
        | jail web                                                     | jail: path x: not an absolute pathname                       | path-not-absolute    | {what}: its root "x" is no absolute path |
        | jail web                                                     | jail: path /x: Not a directory                               | path-not-directory   | {what}: its root "/x" is no directory |
        | jexec web                                                    | jexec: jail_attach(214): Not a directory                     | root-unmounted       | {what}: its root has been unmounted under it |

  Rule: Values

    Scenario: Words of FreeBSD: values
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call                             | words                                                  | code              | message |
        | cpuset web                       | cpuset: setaffinity: Invalid argument                  | cpu-invalid       | {what}: this machine has no such CPU for it |
        | mount web                        | mount: /x: unknown special file or file system         | mount-invalid     | {what}: it is not said what to mount on "/x" |
        | jail web                         | jail: illegal option -- C                              | option-unknown    | {what}: the jail of this release has no option "C" |
        | jail web                         | jail: negative jid                                     | parameter-invalid | {what}: jail: negative jid |
        | jail -c name=t1 path=/jails/base | jail: new jail must persist or attach                  | parameter-missing | {what}: a jail must persist, or have a command |
        | jls bogus                        | jls: unknown parameter: bogus                          | parameter-unknown | {what}: this kernel does not know the parameter "bogus" |
        | ifconfig lo0 mtu 9               | ifconfig: ioctl SIOCSIFMTU (set mtu): Invalid argument | value-invalid     | {what}: ifconfig lo0: ifconfig: ioctl SIOCSIFMTU (set mtu): Invalid argument |

  Rule: The container and what runs in it

    Scenario: Words of FreeBSD: the container and what runs in it
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call                                                       | words                                                 | code              | message |
        | jexec web                                                  | jexec: chdir(): /: Not a directory                    | directory-missing | {what}: the directory "/" is not there for it |
        | jexec web                                                  | jexec: execvp: /bin/x: Exec format error              | executable-denied | {what}: executable file "/bin/x": exec format error |
        | jail -c name=t1 path=/jails/t1 persist mount.fstab=/nosuch | jail: mount.fstab: /nosuch: No such file or directory | file-missing      | {what}: the list of mounts "/nosuch" does not exist, or cannot be read |
        | jexec -u 1001 t1 id                                        | jexec: 1001: no such user                             | user-missing      | {what}: "1001" is no user there |
        | jexec web                                                  | jexec: setgid: Operation not permitted                | user-refused      | {what}: its user or groups could not be set: jexec: setgid: Operation not permitted |

  Rule: Storages, disks, templates

    Scenario: Words of FreeBSD: storages, disks, templates
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call      | words                            | code         | message |
        | mount web | mount: tmpfs: Input/output error | mount-failed | {what}: a mount failed: mount: tmpfs: Input/output error |

  Rule: The host itself

    Scenario: Words of FreeBSD: the host itself
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call                      | words                                        | code              | message |
        | jail web                  | jail: /x: No space left on device            | no-space          | {what}: jail : jail: /x: No space left on device |
        | mount web                 | mount: tmpfs: Operation not permitted        | not-root          | {what}: a mount is refused to this user, or in this jail |
        | cpuset -l 0 -j 7          | cpuset: setaffinity: Operation not permitted | permission-denied | {what}: cpuset 0: cpuset: setaffinity: Operation not permitted |
        | jail -f /tmp/j.conf -c t1 | jail: t1: /bin/sleep 10: timed out           | timeout           | {what}: a program that jail ran took too long: /bin/sleep 10 |

  Rule: Cluster, nodes, network

    Scenario: Words of FreeBSD: cluster, nodes, network
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call                          | words                                                        | code             | message |
        | ifconfig bridge0 addm epair0a | ifconfig: BRDGADD epair0a: File exists                       | resource-exists  | {what}: ifconfig bridge0: ifconfig: BRDGADD epair0a: File exists |
        | cpuset -l 0 -j 7              | cpuset: setaffinity: No such process                         | resource-missing | {what}: cpuset 0: cpuset: setaffinity: its process has ended |
        | ifconfig lo0 mtu 9            | ifconfig: ioctl SIOCSIFMTU (set mtu): Operation not supported | unsupported      | {what}: ifconfig lo0: ifconfig: ioctl SIOCSIFMTU (set mtu): Operation not supported |

  Rule: What is in the bundle

    Scenario: Words of FreeBSD: what is in the bundle
      Then for container "web" in jail 7 the words of FreeBSD's tools mean
        | call       | words                                            | code           | message |
        | umount web | umount: unmount of /x failed: Input/output error | unmount-failed | {what}: an unmount failed: umount: unmount of /x failed: Input/output error |
