@nexcage @root @issue-113
Feature: Check storage
  The directories that nexcage writes to have to be there or to be made, with space and inodes; so have the storages of a
  node that can hold containers, and pools of ZFS by what they say of themselves.

  Rule: Directories can be written to and have room

    @no-driver
    Scenario: Directories that do not exist yet are made when they are needed
      When storage is checked
      Then check storage passes "the directory of records {root} has"
      And check storage passes "and is made when it is needed"
      And file "root" does not exist

    @no-driver
    Scenario: A directory with little space left is warned of
      Given the root is on a file system of 32768 KiB
      When storage is checked
      Then it exits with status 1
      And check storage warns "the directory of records {root} has 32.0 MiB of 32.0 MiB left"
      And check storage hints "free some space on the file system of {root}"

    @no-driver
    Scenario: A directory with no space left fails
      Given the root is on a file system of 64 KiB
      When storage is checked
      Then it exits with status 2
      And check storage fails "the directory of records {root} has 64.0 KiB of 64.0 KiB left"

    @no-driver
    Scenario: A directory without inodes fails
      Given the root is on a file system with room for 8 files
      When storage is checked
      Then it exits with status 2
      And check storage fails "the directory of records {root} has room for 7 more files only"

    @no-driver
    Scenario: A file system that cannot be written to fails
      Given the root is on a file system that cannot be written
      When storage is checked
      Then it exits with status 2
      And check storage fails "the directory of records {root} is on a file system that cannot be written to"

    @no-driver
    Scenario: A file where the directory should be
      Given a file "root" that says "no directory"
      When storage is checked
      Then it exits with status 2
      And check storage fails "the directory of records {root}: {root} is no directory"

  Rule: Storages of Proxmox VE are active and can hold containers

    @pct
    Scenario: A node with a storage
      When storage is checked
      Then check storage passes "the storage "local" is active"
      And pvesm status was called 1 times

    @pct
    Scenario: A storage for other things is not spoken of
      Given the storage "isos" holds only "iso"
      When storage is checked
      Then check storage passes "the storage "local" is active"
      And check storage does not speak of "isos"

    @pct
    Scenario: A storage that is almost full
      Given the storage "tiny" of 32M
      When storage is checked
      Then it exits with status 1
      And check storage warns "the storage "tiny" has 32.0 MiB of 32.0 MiB left"

    @pct
    Scenario: A storage whose directory has gone
      Given the storage "away"
      And file or directory "pve/storage/away" is removed
      When storage is checked
      Then it exits with status 1
      And check storage warns "the storage "away" is inactive"
      And check storage hints "pvesm status"

    @pct
    Scenario Outline: The storage of the configuration cannot be used: <why>
      Given the storage "isos" holds only "iso"
      And the storage "off"
      And somebody calls "pvesm set off --disable 1" on the node
      And the variable "NEXCAGE_PROXMOX_STORAGE" of the caller is "<name>"
      When storage is checked
      Then it exits with status 2
      And check storage fails "<message>"

      Examples:
        | why                    | name   | message                                                              |
        | there is none          | nosuch | the storage "nosuch"                                                 |
        | it is disabled         | off    | the storage "off" of proxmox.storage is disabled on this node        |
        | it holds other things  | isos   | the storage "isos" of proxmox.storage may not hold containers        |

    @pct
    Scenario: A node without any storage for containers
      Given somebody calls "pvesm set local --content iso" on the node
      When storage is checked
      Then it exits with status 1
      And check storage warns "no storage of this node can hold containers now"

    @pct
    Scenario: pvesm fails
      Given "pvesm status" will always fail with "unable to open file '/etc/pve/storage.cfg' - Input/output error"
      When storage is checked
      Then it exits with status 2
      And check storage fails "Input/output error"

  Rule: A pool of ZFS is judged by its health, not by the status of the tool

    @no-driver
    Scenario Outline: A pool that is <health>
      Given the caller finds a program "zpool" that does
        """
        test "$*" = "list -H -o name,health,capacity" || exit 2
        printf 'rpool\tONLINE\t12%%\ntank\t<health>\t<used>%%\n'
        """
      When storage is checked
      Then it exits with status <status>
      And check storage passes "the ZFS pool "rpool" is online"
      And check storage <verb> "the ZFS pool "tank" is <message>"

      Examples:
        | health   | used | status | verb   | message   |
        | ONLINE   | 40   | 0      | passes | online    |
        | ONLINE   | 95   | 1      | warns  | 95 % full |
        | DEGRADED | 40   | 1      | warns  | degraded  |
        | FAULTED  | 40   | 2      | fails  | faulted   |
        | SUSPENDED | 40  | 2      | fails  | suspended |

    @no-driver
    Scenario: A kernel without ZFS has no pools, and is given none
      Given the caller finds a program "zpool" that does
        """
        test "$ZFS_MODULE_LOADING" = NO || echo loaded >{dir}/modules
        echo "The ZFS modules are not loaded." >&2
        exit 1
        """
      When storage is checked
      Then it succeeds
      And check storage does not speak of "ZFS"
      And file "modules" does not exist

    @no-driver
    Scenario: A zpool that fails
      Given the caller finds a program "zpool" that does
        """
        echo "internal error: cannot iterate filesystems" >&2
        exit 1
        """
      When storage is checked
      Then it exits with status 1
      And check storage warns "zpool list failed: internal error: cannot iterate filesystems"
