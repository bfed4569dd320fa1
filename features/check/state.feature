@nexcage @root @issue-113
Feature: Check the state
  Every record can be read, its container is there as recorded, and nothing of ours lies about: no container without a
  record, no lock, journal, mount, process, rule or file. Whatever is wrong is named, with one action; nothing is changed.

  Rule: All is well while containers live

    Scenario: No container at all
      When state is checked
      Then it succeeds
      And check state passes "0 records can be read"
      And check state has nothing to complain of

    Scenario: All is well with containers in each status
      Given a created container "one"
      And a running container "two"
      And a stopped container "three"
      And all that is below "{root}" is remembered
      When state is checked
      Then it succeeds
      And check state passes "3 records can be read"
      And check state passes "3 containers as recorded"
      And check state has nothing to complain of
      And nothing below "{root}" has changed

    Scenario: A container in the making is no half of one
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And state is checked
      Then check state has nothing to complain of
      When the create of container "web" is sent signal "TERM"
      Then the create of container "web" ends with status 143 within 10 seconds

    Scenario: Containers come and go meanwhile
      Given a running container "steady"
      Then state never has anything to complain of while 10 containers are created and deleted

    Scenario: A container of an earlier boot
      Given a stopped container "web"
      And the record of container "web" has $.boot_id "earlier"
      And file or directory "{root}/web/launch" is removed
      When state is checked
      Then check state has nothing to complain of

  Rule: A record that cannot be used is named, the others are looked at

    Scenario Outline: Check names a record that reads <text>
      Given a running container "web"
      And a running container "db"
      And the record of container "web" reads "<text>"
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json: <message>"
      And check state hints "nexcage delete --force web"
      And check state passes "1 container as recorded"
      And check state passes "no container is without a record"

      Examples:
        | text        | message       |
        | []          | not an object |
        | {"format":  | line 1        |

    Scenario: A record that a newer nexcage has written
      Given a running container "web"
      And the record of container "web" reads "{"format": 99}"
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json: of format 99, which a newer nexcage has written"
      And check state hints "use the nexcage that has made the container"

    Scenario: A record of a driver that nobody knows
      Given a running container "web"
      When somebody runs "cp {root}/web/record.json {dir}/kept"
      Given the record of container "web" has $.driver "lmctfy"
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json: there is no driver "lmctfy""
      When somebody runs "cp {dir}/kept {root}/web/record.json"
      And state is checked
      Then check state has nothing to complain of

    Scenario: A record that is a link to somebody's file
      Given a running container "web"
      When somebody runs "mv {root}/web/record.json {dir}/elsewhere"
      Given "{root}/web/record.json" is a symbolic link to "{dir}/elsewhere"
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json is a symbolic link"

    Scenario: A record that is a pipe
      Given a running container "web"
      When somebody runs "mv {root}/web/record.json {dir}/kept"
      And somebody runs "mkfifo {root}/web/record.json"
      And state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json is not a regular file"
      When somebody runs "mv {dir}/kept {root}/web/record.json"
      And state is checked
      Then check state has nothing to complain of

    Scenario: A record of another user
      Given a running container "web"
      And "{root}/web/record.json" belongs to user 1234
      When state is checked
      Then it exits with status 2
      And check state fails "{root}/web/record.json belongs to user 1234"

    Scenario: A container whose create was killed
      Given a bundle
      And its config.json has a createRuntime hook that takes long
      When container "web" is being created
      And the create of container "web" is sent signal "KILL"
      Then the create of container "web" ends with status -9 within 5 seconds
      When state is checked
      Then it exits with status 2
      And check state fails "container "web" is half made: its create was cut short"
      And check state hints "nexcage delete --force web"
      And check state passes "no container is without a record"
      When container "web" is deleted by force
      And state is checked
      Then check state has nothing to complain of

    Scenario: Something that is no container
      Given a running container "web"
      And a file "{root}/notes" that says "mine"
      When state is checked
      Then it exits with status 1
      And check state warns "{root}/notes is no directory of a container"

  Rule: Each record has its container, and all say the same of it

    Scenario: A container that was removed behind nexcage's back
      Given a stopped container "web"
      And a running container "db"
      And the driver has forgotten container "web"
      When state is checked
      Then it exits with status 2
      And check state fails "container "web" is gone: "
      And check state hints "nexcage delete web"
      And check state does not speak of "db"
      When container "web" is deleted
      And state is checked
      Then check state has nothing to complain of

    Scenario: Nobody can tell of containers whose driver is not there any more
      Given a stopped container "web"
      And the caller finds only the programs "python3 sh env"
      When state is checked
      Then it exits with status 2
      And check state fails "cannot tell of 1 container: "
      And check state hints "apt install"

    Scenario: The launcher would tell another state
      Given a running container "web"
      When somebody runs "sed -i s/web/other/ {root}/web/launch"
      And state is checked
      Then it exits with status 2
      And check state fails "{root}/web/launch does not say what its record says"
      And check state hints "rm {root}/web/launch"

  Rule: Each container has its record

    Scenario: A container whose record is lost
      Given a running container "web"
      When somebody runs "mv {root}/web {dir}/lost"
      And state is checked
      Then it exits with status 2
      And check state fails "has the container "web" in {root}, of which there is no record"
      And check state hints "delete --force web"
      When somebody runs "mv {dir}/lost {root}/web"
      And state is checked
      Then check state has nothing to complain of

    Scenario: A record of the same name with another driver
      Given a running container "web"
      When somebody runs "mkdir -p {root}/@runc/web {root}/@crun/web"
      And state is checked
      Then it exits with status 2
      And check state fails "has the container "web" in {root}, of which there is no record"
      When somebody runs "rmdir --ignore-fail-on-non-empty {root}/@runc/web {root}/@crun/web"
      And state is checked
      Then check state has nothing to complain of

  Rule: Nothing is left behind

    Scenario: A lock that another command holds on and on
      Given a stopped container "web"
      And another process holds the lock of container "web"
      When state is checked
      Then it exits with status 1
      And check state warns "container "web" is locked by another command"
      When the lock of container "web" is let go
      And state is checked
      Then check state has nothing to complain of

    Scenario: A journal of a create that has ended
      Given a stopped container "web"
      And a file "{root}/web/journal" that says "{}"
      When state is checked
      Then it exits with status 1
      And check state warns "container "web" has a journal, though its create has ended"
      And check state hints "rm {root}/web/journal"

    Scenario: A mount in the root of a container that has stopped
      Given a stopped container "web"
      And a running container "db"
      And a file system is mounted on "{rootfs}/mnt/left" with a file "x"
      When state is checked
      Then it exits with status 1
      And check state warns "{rootfs}/mnt/left is still mounted: container "web" has stopped"
      And check state hints "umount"

    Scenario: A mount below the records
      Given a running container "web"
      And a file system is mounted on "{root}/@old" with a file "x"
      When state is checked
      Then it exits with status 1
      And check state warns "{root}/@old is still mounted: it belongs to no container"

    Scenario: Mounts of a container that runs are its own
      Given a bundle
      And a file system is mounted on "{rootfs}/mnt/used" with a file "x"
      And a running container "web"
      When state is checked
      Then check state has nothing to complain of

    Scenario: Processes that outlive the container's own
      Given a bundle that runs the script "sleep 1000 & exec sleep 2000"
      And its config.json has no namespace of its own: pid
      And a running container "web"
      When state is checked
      Then check state has nothing to complain of
      When the first process of container "web" is killed
      And state is checked
      Then it exits with status 1
      And check state warns "container "web" has stopped, and 1 of its processes live on"
      And check state hints "nexcage delete --force web"

    Scenario Outline: A temporary file: <what>
      Given a stopped container "web"
      And a file "{root}/<path>" that says "half"
      When state is checked
      Then it exits with status 1
      And check state warns "{root}/<path> is left of a command that was cut short"
      Given file or directory "{root}/<path>" is removed
      When state is checked
      Then check state has nothing to complain of

      Examples:
        | what                                         | path                                    |
        | a file that was to replace another           | web/jail.json.0123456789abcdef          |
        | a file that was to replace one of the driver | @crun.version.0123456789abcdef          |
        | the document of an exec                      | web/exec-0123456789abcdef.json          |

    Scenario: A container half removed
      Given a directory "{root}/@gone-0123456789abcdef/deep"
      When state is checked
      Then it exits with status 1
      And check state warns "{root}/@gone-0123456789abcdef is left of a container that was being removed"
      Given file or directory "{root}/@gone-0123456789abcdef" is removed
      When state is checked
      Then check state has nothing to complain of

    @no-driver
    Scenario: A bundle half made
      Given an image "app" without layers
      And its next layer holds 8000 files of 10 bytes
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is being created from "oci:{dir}/images:app" with "--rootfs copy"
      And the creation of bundle "web" has made 1000 files
      And state is checked
      Then check state has nothing to complain of
      When the creation of bundle "web" is sent signal "KILL"
      Then the creation of bundle "web" ends with status -9 within 5 seconds
      When state is checked
      Then it exits with status 1
      And check state warns "is left of a command that made a bundle"
      And check state hints "nexcage bundle prune"
      When the cache is pruned
      And state is checked
      Then check state has nothing to complain of
