@nexcage @no-driver @root @issue-92
Feature: What has changed since a bundle was made
  "bundle verify" compares each file of a bundle with the manifest that was written when it was made, and config.json
  with its digest. It names what changed, and what it was. It exits with 0 if nothing changed, with 1 if something
  did, and with 2 if there is nothing to compare with.

  Rule: A bundle that nobody touched has not changed

    Scenario: A fresh bundle of a directory
      Given the tree "tree" holds
        """
        file etc/motd text=hello mode=0640 uid=5 gid=6
        symlink etc/issue to=motd
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      When the runtime is called with "bundle verify {dir}/web"
      Then it succeeds
      And it prints a line like "{dir}/web: [0-9]+ files, nothing changed"

    Scenario Outline: A bundle that has run, mount points made, with <command>
      Given the bundle "web" of "scratch" with "--volume {dir}:/srv/new/place --volume /bin:/bin:ro -- /bin/busybox <command>"
      When bundle "web" is run as container "c1"
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "<line>"

      Examples: the first difference is config.json, in which this harness names a cgroup
        | command    | line                                   |
        | true       | {dir}/web: 1 file, 1 difference        |
        | touch /own | rootfs/own: was added                  |
        | touch /own | {dir}/web: 1 file, 2 differences       |

    Scenario Outline: Files of all kinds, from an image with <rootfs>
      Given an image "app" without layers
      And its next layer holds
        """
        dir      var mode=1777 uid=5 gid=6 mtime=1500000000.5
        file     usr/bin/tool mode=4755 uid=1 gid=2 text=hello mtime=1600000000.123456789
        file     usr/bin/ping mode=0755 capability=net_raw
        file     etc/none mode=0000
        file     etc/noise size=900k fill=noise
        file     var/note text=note xattr.user.color=blue
        symlink  etc/absolute to=/etc/none uid=7 gid=8
        hardlink usr/bin/other to=usr/bin/tool
        char     dev/null device=1:3 mode=0666
        fifo     run/pipe mode=0620 uid=3
        file     "etc/caf\xe9" text=latin
        file     "etc/li\nne" text=line
        file     "etc/a*[?]#=b" text=pattern
        file     long(300)/end text=deep
        """
      And its next layer holds
        """
        file     etc/noise text=less
        """
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app" with "--rootfs <rootfs> -- /usr/bin/tool"
      When the runtime is called with "bundle verify --times {dir}/web"
      Then it succeeds
      And it prints a line like "{dir}/web: [0-9]+ files, nothing changed"

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

    Scenario: What only the time of modification tells is no change, unless it is asked for
      Given the tree "tree" holds
        """
        file etc/motd text=hello
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      When somebody runs "touch -d @1 {rootfs}/etc/motd"
      And the runtime is called with "bundle verify {dir}/web"
      Then it succeeds
      When the runtime is called with "bundle verify --times {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/etc/motd: time 1\.000000000, was [0-9]+\.[0-9]{9}"

    Scenario: Owners that only root could have set are not held against an ordinary user
      Given an image "app" without layers
      And its next layer holds
        """
        file     etc/motd text=hello uid=5 gid=6
        file     usr/bin/ping mode=0755 capability=net_raw
        char     dev/null device=1:3 mode=0666
        """
      And it is saved as "oci:{dir}/images:app"
      And an ordinary user has the directory "home"
      When an ordinary user creates bundle "home/web" from "oci:{dir}/images:app" with "--rootfs copy -- /usr/bin/ping"
      Then it succeeds
      When an ordinary user calls the runtime with "bundle verify {dir}/home/web"
      Then it succeeds
      And it prints a line like "{dir}/home/web: [0-9]+ files, nothing changed"

    Scenario: An overlay that is not mounted is looked at, and left as it was
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay -- sh"
      When somebody runs "chmod 0700 {rootfs}/bin/busybox"
      And the root of bundle "web" is unmounted by hand
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/bin/busybox: mode 0700, was 0755"
      And bundle "web" is not mounted

  Rule: Whatever changed is named, with what it was

    Scenario Outline: A change that is named: <what>
      Given the tree "tree" holds
        """
        dir etc mode=0755
        dir empty mode=0755
        file etc/motd text=hello mode=4755
        symlink etc/issue to=motd
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And a file "other" that says "jell"
      When somebody runs "<command>"
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "<line>"
      And it prints a line like "{dir}/web: [0-9]+ files, 1 difference"
      And it prints 2 lines

      Examples:
        | what                            | command                                       | line                                               |
        | content of the same size        | cp --no-preserve=all {dir}/other {rootfs}/etc/motd | rootfs/etc/motd: content was changed               |
        | a mode                          | chmod 0755 {rootfs}/etc/motd                  | rootfs/etc/motd: mode 0755, was 04755              |
        | the mode of a directory         | chmod 0700 {rootfs}/empty                     | rootfs/empty: mode 0700, was 0755                  |
        | the mode of the root itself     | chmod 0700 {rootfs}                           | rootfs: mode 0700, was 0755                        |
        | the target of a link            | ln -sfn shadow {rootfs}/etc/issue             | rootfs/etc/issue: link shadow, was motd            |
        | the owner of a link             | chown -h 7:8 {rootfs}/etc/issue               | rootfs/etc/issue: owner 7:8, was 0:0               |
        | a file that is gone             | rm {rootfs}/etc/motd                          | rootfs/etc/motd: is missing                        |
        | a directory that is gone        | rmdir {rootfs}/empty                          | rootfs/empty: is missing                           |
        | a file that is new              | touch {rootfs}/etc/new                        | rootfs/etc/new: was added                          |
        | a device that is new            | mknod {rootfs}/etc/mem c 1 1                  | rootfs/etc/mem: was added                          |
        | config.json                     | truncate -s +1 {bundle}/config.json           | config.json: was changed                           |
        | config.json that is gone        | rm {bundle}/config.json                       | config.json: is missing                            |

    Scenario: Several changes of one file, and the owner
      Given the tree "tree" holds
        """
        file etc/motd text=hello mode=0644 uid=5 gid=6
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      When somebody runs "truncate -s 3 {rootfs}/etc/motd"
      And somebody runs "chown 7:8 {rootfs}/etc/motd"
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/etc/motd: owner 7:8, was 5:6"
      And it prints a line like "rootfs/etc/motd: size 3, was 5"
      And it prints a line like "{dir}/web: [0-9]+ files, 2 differences"

    Scenario: Extended attributes
      Given an image "app" without layers
      And its next layer holds
        """
        file note text=note xattr.user.color=blue xattr.user.size=big
        """
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app" with "--rootfs copy -- /note"
      When the attribute "user.color" of "{rootfs}/note" becomes "red"
      And the attribute "user.new" of "{rootfs}/note" becomes "yes"
      And the attribute "user.size" of "{rootfs}/note" is removed
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/note: xattr user.color was changed"
      And it prints a line like "rootfs/note: xattr user.new was added"
      And it prints a line like "rootfs/note: xattr user.size is missing"
      And it prints 4 lines

    Scenario: A directory that became a link is not followed
      Given the tree "tree" holds
        """
        file etc/motd text=hello
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      When somebody runs "rm -r {rootfs}/etc"
      And somebody runs "ln -s {dir}/tree/etc {rootfs}/etc"
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/etc: is a link, was a directory"
      And it prints a line like "rootfs/etc/motd: is missing"

    Scenario: Something is mounted in the root
      Given the tree "tree" holds
        """
        file data/motd text=hello
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And a file system is mounted on "{rootfs}/data" with a file "other"
      When the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/data: cannot be read: something is mounted on it"

    Scenario: Names that a terminal would obey are written out
      Given the tree "tree" holds
        """
        file "etc/li\nne" text=hello
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And file or directory "{rootfs}/etc" is removed
      When the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/etc/li\\nne: is missing"

    Scenario: JSON
      Given the tree "tree" holds
        """
        file etc/motd text=hello mode=0644
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      When the runtime is called with "bundle verify --format json {dir}/web"
      Then it succeeds
      And it prints JSON with $.bundle "{dir}/web"
      And it prints JSON with $.unchanged true
      And it prints JSON with $.files 3
      And it prints JSON with $.differences []
      When somebody runs "truncate -s 3 {rootfs}/etc/motd"
      And the runtime is called with "bundle verify --format json {dir}/web"
      Then it exits with status 1
      And it prints JSON with $.unchanged false
      And it prints JSON with $.differences [{"path": "rootfs/etc/motd", "what": "size", "expected": "5", "actual": "3"}]

    Scenario: Ten thousand files in one directory
      Given the tree "tree" holds
        """
        dir data
        """
      And 10000 files are added to directory "tree/data"
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      When somebody runs "rm {rootfs}/data/4711"
      And the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like "rootfs/data/4711: is missing"
      And it prints a line like "{dir}/web: 10002 files, 1 difference"

  Rule: Without a manifest to trust there is an error, and no verdict

    Scenario: A bundle that nexcage has not made
      Given a bundle
      When the runtime is called with "bundle verify {bundle}"
      Then it exits with status 2
      And the error is the line "nexcage: bundle verify: bundle {bundle} has no manifest"
      And the hint says "nexcage bundle create"
      And nothing is printed

    Scenario: The manifest is gone
      Given the tree "tree" holds
        """
        file etc/motd text=hello
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And file or directory "{bundle}/.nexcage/manifest.mtree" is removed
      When the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 2
      And the error is the line "nexcage: bundle verify: bundle {dir}/web has no manifest"

    Scenario: A directory that does not exist
      When the runtime is called with "bundle verify {dir}/nowhere"
      Then it exits with status 2
      And the error is the line "nexcage: bundle verify: bundle {dir}/nowhere does not exist"

    Scenario Outline: A damaged manifest: <what>
      Given the tree "tree" holds
        """
        file etc/motd text=hello mode=0644
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And the manifest of bundle "web" has "<new>" in place of "<old>"
      When the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 2
      And the error is the line "nexcage: bundle verify: manifest.mtree: line <line>: <why>"
      And the hint says "make the bundle again"
      And nothing is printed

      Examples:
        | what                 | old        | new        | line | why                                           |
        | another file         | #mtree     | #!/bin/sh  | 1    | this is no manifest                           |
        | a later version      | manifest 1 | manifest 9 | 2    | version 9 is not known, this nexcage knows 1  |
        | a type of no file    | type=file  | type=door  | 5    | the type "door" is not known                  |
        | a size that is none  | size=5     | size=five  | 5    | size="five" cannot be read                    |
        | a path to elsewhere  | ./etc/motd | ./etc/..   | 5    | "./etc/.." is no path below the root          |

    Scenario: A manifest that was edited so that it can still be read
      Given the tree "tree" holds
        """
        file etc/motd text=hello mode=0644
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And the manifest of bundle "web" has "mode=0600" in place of "mode=0644"
      And "{rootfs}/etc/motd" has mode 0600
      When the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 1
      And it prints a line like ".nexcage/manifest.mtree: content was changed"

    Scenario: A manifest that was cut
      Given the tree "tree" holds
        """
        file etc/motd text=hello
        """
      And the bundle "web" of "dir:{dir}/tree" with "--rootfs copy -- /bin/true"
      And the manifest of bundle "web" has lost its last 8 bytes
      When the runtime is called with "bundle verify {dir}/web"
      Then it exits with status 2
      And the error says "manifest.mtree: line 6: it ends too early"
