@nexcage @root @issue-mounts
Feature: Mounts that cannot be made
  Before anything is made, each mount is held against the host and the root: the source is there, may be read, and is of
  the destination's kind. The message names the mount by its index, source and destination.

  Rule: The source of a bind mount is there

    Scenario Outline: A source that <what>
      Given a bundle
      And a file "note" that says "a file"
      And "dangling" is a symbolic link to "{dir}/none"
      And "loop" is a symbolic link to "{dir}/loop"
      And "long" is a link to a name of 300 letters
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "<source>", "options": ["bind"]}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5]: "<source>" on "/data": <reason>"
      And nothing is left behind

      Examples:
        | what                     | source           | reason                                                            |
        | does not exist           | {dir}/none       | the source does not exist                                         |
        | is not in the bundle     | none             | the source does not exist in {bundle}                             |
        | is below a file          | {dir}/note/below | the source does not exist                                         |
        | is a link to nothing     | {dir}/dangling   | the source is a link that leads nowhere                           |
        | is a link to itself      | {dir}/loop       | the source cannot be read: too many levels of symbolic links      |
        | has too long a name      | {dir}/long      | the source cannot be read: file name too long                     |

  Rule: The source of a bind mount can be read

    Scenario Outline: A <what> of another user
      Given a bundle
      And a file "theirs/note" that says "private"
      And "<path>" belongs to user 1000
      And "<path>" has mode <mode>
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/<source>", "options": ["bind"]}
      When container "web" is created by a root that may not read what is another's
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5]: "{dir}/<source>" on "/srv/made": the source cannot be read: permission denied"
      And nothing is left behind

      Examples:
        | what                       | path        | mode | source      |
        | file                       | theirs/note | 600  | theirs/note |
        | directory                  | theirs      | 700  | theirs      |
        | directory's file           | theirs      | 700  | theirs/note |
        | directory only to be listed | theirs     | 744  | theirs      |

    Scenario: A directory of another user that may be passed but not listed
      Given a bundle
      And a file "theirs/note" that says "known by name"
      And "theirs" belongs to user 1000
      And "theirs" has mode 711
      And its config.json has the mount {"destination": "/srv/made", "type": "bind", "source": "{dir}/theirs", "options": ["bind"]}
      When container "web" is created by a root that may not read what is another's
      Then the error does not say "$.mounts"

  Rule: Source and destination are of one kind

    Scenario Outline: <what>
      Given a bundle
      And a file "share/note" that says "a file"
      And its root has a symbolic link "/link" to "/etc/passwd"
      And its config.json has the mount <mount>
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5]: <reason>"
      And nothing is left behind

      Examples:
        | what                                  | mount | reason |
        | A file on a directory                 | {"destination": "/data", "type": "bind", "source": "{dir}/share/note", "options": ["bind"]} | "{dir}/share/note" on "/data": the source is a file, the destination is a directory |
        | A directory on a file                 | {"destination": "/etc/passwd", "type": "bind", "source": "{dir}/share", "options": ["rbind"]} | "{dir}/share" on "/etc/passwd": the source is a directory, the destination is a file |
        | A directory on a link to a file       | {"destination": "/link", "type": "bind", "source": "{dir}/share", "options": ["rbind"]} | "{dir}/share" on "/link": the source is a directory, the destination is a file |
        | A file below a file                   | {"destination": "/link/below", "type": "bind", "source": "{dir}/share/note", "options": ["rbind"]} | "{dir}/share/note" on "/link/below": the destination is below a file |
        | A file system on a file               | {"destination": "/etc/group", "type": "tmpfs", "source": "tmpfs"} | "tmpfs" on "/etc/group": the destination is a file, and a file system needs a directory |

    Scenario: What an earlier mount brings is not judged by the root
      Given a bundle that runs "cat /data/there"
      And its root has a directory "/data/there"
      And a file "share/there" that says "empty"
      And a file "note" that says "over a file of the mount"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      And its config.json has the mount {"destination": "/data/there", "type": "bind", "source": "{dir}/note", "options": ["bind"]}
      When container "web" is run
      Then it prints "over a file of the mount"

  Rule: The directories of an overlay are there

    Scenario Outline: An overlay whose <what>
      Given a bundle
      And a directory "lower"
      And a directory "upper"
      And a directory "work"
      And a file "note" that says "a file"
      And its config.json has the mount {"destination": "/srv/made", "type": "overlay", "source": "overlay", "options": [<options>]}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5]: "overlay" on "/srv/made": <reason>"
      And nothing is left behind

      Examples:
        | what                       | options                                                                   | reason                                           |
        | lower directory is missing | "lowerdir={dir}/none"                                                     | its lowerdir "{dir}/none" does not exist         |
        | second layer is missing    | "lowerdir={dir}/lower:{dir}/none"                                         | its lowerdir "{dir}/none" does not exist         |
        | upper directory is missing | "lowerdir={dir}/lower", "upperdir={dir}/none", "workdir={dir}/work"       | its upperdir "{dir}/none" does not exist         |
        | work directory is missing  | "lowerdir={dir}/lower", "upperdir={dir}/upper", "workdir={dir}/none"      | its workdir "{dir}/none" does not exist          |
        | layer is a file            | "lowerdir={dir}/lower:{dir}/note"                                         | its lowerdir "{dir}/note" is not a directory     |
        | layer has a relative path  | "lowerdir=rootfs:{dir}/lower"                                             | its lowerdir must be an absolute path, not "rootfs" |

  Rule: References to storages are for drivers that have storages

    Scenario Outline: A source "<source>" for a driver without storages
      Given a bundle
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "<source>", "options": ["bind"]}
      When container "web" is created
      Then it exits with status 2
      And the error says "config.json: $.mounts[5]: "<source>" on "/data": references to storages are for the driver pct, "
      And the error says "needs a path of the host"
      And the hint says "name a directory of the host, or make the container with --runtime pct"
      And nothing is left behind

      Examples:
        | source                  |
        | local:vztmpl/x          |
        | local-lvm:vm-100-disk-0 |
        | tank:8                  |

    @no-driver
    Scenario: On a Proxmox node the volumes are looked for
      Given a bundle
      And a file "there" that says "a volume"
      And its config.json has the mount {"destination": "/one", "type": "bind", "source": "local:one", "options": ["bind"]}
      And its config.json has the mount {"destination": "/two", "type": "bind", "source": "local:two", "options": ["bind"]}
      And its config.json has the mount {"destination": "/new", "type": "bind", "source": "local:8", "options": ["bind"]}
      And its config.json has the mount {"destination": "/far", "type": "bind", "source": "tank:vm-1", "options": ["bind"]}
      And the caller finds a program "pvesm" that does
        """
        case "$*" in
        "path local:one") echo {dir}/there ;;
        "path local:two") echo {dir}/gone ;;
        *) echo "storage 'tank' does not exist" >&2; exit 255 ;;
        esac
        """
      When the runtime is called with "bundle validate --for pct {bundle}"
      Then it exits with status 2
      And it prints something with "refused $.mounts[6].source: the volume "local:two" on "/two" does not exist"
      And it prints something with "refused $.mounts[8].source: the storage "tank" does not exist"
      And it prints nothing with "local:one"
      And it prints nothing with "local:8"

    Scenario: A path with a colon that is there
      Given a bundle that runs "cat /data/note"
      And a file "{bundle}/local:share/note" that says "a path after all"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "local:share", "options": ["bind"]}
      When container "web" is run
      Then it prints "a path after all"
