@root @issue-mounts
Feature: Every mount as the bundle lists it
  What a bundle lists is what the container has: kind, source, options and order. The host sees it in the table of the
  container's process, the container in its own, and both tables are the same. When the container is deleted, nobody
  holds any of its mounts, and the host's table is as before.

  @oci
  Rule: A mount has its kind, its source and its options, and is gone after delete

    Scenario Outline: A bind mount of <source> with <options>
      Given a shared file system is mounted on "share"
      And a file "share/note" that says "from the host"
      And a file system is mounted on "share/inner" with a file "deep"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/<source>", "options": [<options>]}
      And its config.json has $.linux.rootfsPropagation set to "slave"
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When container "web" is deleted by force
      Then it succeeds
      And no mount of container "web" is left

      Examples:
        | source     | options                                          |
        | share      | "bind"                                           |
        | share      | "rbind"                                          |
        | share/note | "bind"                                           |
        | share/note | "rbind"                                          |
        | share      | "bind", "ro"                                     |
        | share      | "rbind", "ro"                                    |
        | share/note | "bind", "ro"                                     |
        | share      | "bind", "rw"                                     |
        | share      | "bind", "nosuid"                                 |
        | share      | "bind", "suid", "dev", "exec"                    |
        | share      | "bind", "nodev"                                  |
        | share      | "bind", "noexec"                                 |
        | share      | "bind", "ro", "nosuid", "nodev", "noexec"        |
        | share      | "bind", "relatime"                               |
        | share      | "bind", "noatime"                                |
        | share      | "bind", "nodiratime"                             |
        | share      | "bind", "diratime"                               |
        | share      | "bind", "strictatime"                            |
        | share      | "bind", "private"                                |
        | share      | "rbind", "rprivate"                              |
        | share      | "bind", "slave"                                  |
        | share      | "rbind", "rslave"                                |
        | share      | "bind", "shared"                                 |
        | share      | "rbind", "rshared"                               |
        | share      | "bind", "unbindable"                             |
        | share      | "rbind", "rprivate", "ro", "noexec", "strictatime" |
        | share      | "rbind", "rro"                                   |
        | share      | "rbind", "rnosuid"                               |
        | share      | "rbind", "rnodev"                                |
        | share      | "rbind", "rnoexec"                               |

    Scenario Outline: A mount of type <type> with <options>
      Given a directory "low"
      And a directory "lower"
      And a directory "upper"
      And a directory "work"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/srv/made", "type": "<type>", "source": "<type>", "options": [<options>]}
      And its config.json has $.linux.rootfsPropagation set to "slave"
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When container "web" is deleted by force
      Then it succeeds
      And no mount of container "web" is left

      Examples:
        | type    | options                                                                       |
        | tmpfs   |                                                                               |
        | tmpfs   | "size=64k"                                                                    |
        | tmpfs   | "size=1m", "mode=700"                                                         |
        | tmpfs   | "mode=01777", "uid=1000", "gid=50"                                            |
        | tmpfs   | "nr_inodes=1000"                                                              |
        | tmpfs   | "ro"                                                                          |
        | tmpfs   | "nosuid", "nodev", "noexec", "size=64k"                                       |
        | tmpfs   | "relatime"                                                                    |
        | tmpfs   | "noatime"                                                                     |
        | tmpfs   | "nodiratime"                                                                  |
        | tmpfs   | "strictatime"                                                                 |
        | tmpfs   | "sync"                                                                        |
        | tmpfs   | "dirsync"                                                                     |
        | tmpfs   | "async", "lazytime"                                                           |
        | tmpfs   | "private"                                                                     |
        | tmpfs   | "rprivate"                                                                    |
        | tmpfs   | "shared"                                                                      |
        | tmpfs   | "unbindable"                                                                  |
        | tmpfs   | "tmpcopyup", "size=64k"                                                       |
        | mqueue  | "nosuid", "nodev", "noexec"                                                   |
        | devpts  | "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"      |
        | overlay | "lowerdir={dir}/lower:{dir}/low"                                              |
        | overlay | "lowerdir={dir}/lower", "upperdir={dir}/upper", "workdir={dir}/work"          |
        | overlay | "lowerdir={dir}/lower", "upperdir={dir}/upper", "workdir={dir}/work", "nodev" |

    Scenario: The kernel's own file systems with their options
      Given the bundle "with_cgroup" that runs "sleep 100"
      And its config.json has the mount {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]}
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When container "web" is deleted by force
      Then no mount of container "web" is left

    Scenario: The mounts of a program that ended by itself
      Given a bundle that runs "sleep 0.5"
      And a directory "share"
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When the program of container "web" has ended
      And container "web" is deleted
      Then no mount of container "web" is left

    @needs-overlay
    Scenario: Writing to an overlay leaves its lower directory alone
      Given a file "lower/note" that says "below"
      And a directory "upper"
      And a directory "work"
      And a bundle that runs the script "cat /srv/made/note; echo above >/srv/made/note"
      And its config.json has the mount {"destination": "/srv/made", "type": "overlay", "source": "overlay", "options": ["lowerdir={dir}/lower", "upperdir={dir}/upper", "workdir={dir}/work"]}
      When container "web" is run
      Then it prints "below"
      And file "lower/note" says "below"
      And file "upper/note" says "above"

  @oci
  Rule: Order, missing destinations and links are kept by both sides

    Scenario: Mounts in, over and beside each other
      Given a file "one/note" that says "one"
      And a file "two/inner/note" that says "two"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/data/inner", "type": "bind", "source": "{dir}/one", "options": ["bind"]}
      And its config.json has the mount {"destination": "/srv", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k"]}
      And its config.json has the mount {"destination": "/srv/a", "type": "bind", "source": "{dir}/one", "options": ["bind", "ro"]}
      And its config.json has the mount {"destination": "/srv/a b/ü", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]}
      And its config.json has the mount {"destination": "/srv/a b/ü/note", "type": "bind", "source": "{dir}/one/note", "options": ["bind"]}
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/two", "options": ["bind", "ro"]}
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When "cat /data/inner/note" is executed in container "web"
      Then it prints "two"
      When container "web" is deleted by force
      Then no mount of container "web" is left

    Scenario Outline: A destination that <how>
      Given a file "share/note" that says "shared"
      And a directory "{dir}/host"
      And a bundle that runs "sleep 100"
      And its root has a directory "/real"
      And its root has a directory "{dir}/host"
      And its root has a directory "/data/chain"
      And its root has a symbolic link "/link" to "<target>"
      And its config.json has the mount {"destination": "<destination>", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When "cat <seen>/note" is executed in container "web"
      Then it prints "shared"
      And file "host/note" does not exist
      When container "web" is deleted by force
      Then no mount of container "web" is left

      Examples:
        | how                                  | target            | destination          | seen           |
        | is a link to a directory             | /real             | /link                | /real          |
        | is a relative link                   | data/chain        | /link                | /data/chain    |
        | passes a link                        | /real             | /link/new/deeper     | /real/new/deeper |
        | passes a link and is missing         | data              | /link/none           | /data/none     |
        | climbs by a link                     | ../../../../real  | /link                | /real          |
        | has dots                             | /real             | /data/../real/./here | /real/here     |
        | is a link to where the host has more | {dir}/host        | /link/there          | {dir}/host/there |

  Rule: Owners are mapped where the driver can do it

    @oci @crun
    Scenario Outline: Files of a mount under other owners, with <what>
      Given a file "share/note" that says "mapped"
      And a bundle that runs "sleep 100"
      And its config.json has the mount <mount>
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When "stat -c %u:%g /srv/made/note" is executed in container "web"
      Then it prints "1000:50"
      When container "web" is deleted by force
      Then no mount of container "web" is left

      Examples:
        | what      | mount |
        | mappings  | {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind"], "uidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}], "gidMappings": [{"containerID": 0, "hostID": 50, "size": 1}]} |
        | an option | {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind", "idmap=uids=0-1000-1;gids=0-50-1"]} |

    @nexcage @runc @needs-older-drivers
    Scenario Outline: A driver that would leave the owners as they are, with <what>
      Given a directory "share"
      And a bundle that runs "true"
      And its config.json has the mount <mount>
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.mounts[5].<where>: not supported by runc 1.1.5: files would have other owners"
      And container "web" does not exist

      Examples:
        | what                | where       | mount |
        | mappings of users   | uidMappings | {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind"], "uidMappings": [{"containerID": 0, "hostID": 1000, "size": 1}]} |
        | mappings of groups  | gidMappings | {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind"], "gidMappings": [{"containerID": 0, "hostID": 50, "size": 1}]} |
        | the option          | options[1]  | {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind", "idmap"]} |
        | the option's values | options[1]  | {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind", "idmap=uids=0-1000-1;gids=0-50-1"]} |

  @nexcage
  Rule: Drivers agree where the bundle says nothing of its root's propagation

    Scenario Outline: A bind mount with <option> below a root without a word
      Given a shared file system is mounted on "share"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["rbind", "<option>"]}
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When container "web" is deleted by force
      Then no mount of container "web" is left

      Examples:
        | option     |
        | private    |
        | rprivate   |
        | slave      |
        | rslave     |
        | unbindable |

    @crun
    Scenario Outline: A shared mount that crun makes <made>
      Given a directory "share"
      And a bundle that runs "true"
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind", "shared"]}
      And its config.json has $.linux.rootfsPropagation set to "<root>"
      When container "web" is created
      Then it succeeds
      And it warns "config.json: $.mounts[5].options[1] is ignored by crun"
      And it warns "its propagation would be <made>, as of the whole root"

      Examples:
        | root     | made    |
        | rprivate | private |
        | rslave   | slave   |

    Scenario Outline: What is mounted below a directory stays outside, with <option>
      Given a directory "share"
      And a file system is mounted on "share/inner" with a file "deep"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind", "<option>"]}
      And the mounts of the host are kept in mind
      And a running container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When container "web" is deleted by force
      Then no mount of container "web" is left

      Examples:
        | option       |
        | rprivate     |
        | runbindable  |

    @crun @needs-older-drivers
    Scenario Outline: Where crun mounts no <type>
      Given a bundle that runs "true"
      And its config.json has the mount {"destination": "/srv/made", "type": "<type>", "source": "<type>"}
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.mounts[5]: not supported by crun"
      And the error says "it mounts <type> only directly below the root"

      Examples:
        | type  |
        | sysfs |
        | proc  |

  @nexcage
  Rule: What a bind mount cannot have of its own is named

    Scenario Outline: A bind mount with <option>, which belongs to the file system
      Given a directory "share"
      And a bundle that runs "true"
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/share", "options": ["bind", "<option>"]}
      When container "web" is created
      Then it succeeds
      And it warns "config.json: $.mounts[5].options[1] is ignored by"
      And it warns "it belongs to the file system, which a bind mount shares with its source"

      Examples:
        | option   |
        | sync     |
        | dirsync  |
        | lazytime |
