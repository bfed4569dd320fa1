@nexcage @no-driver @root @issue-92
Feature: The tree that layers make
  A bundle's root is what its layers say, to the last bit: each file with its mode, owners, times and attributes; what a
  later layer replaces or hides is gone. Copied or mounted, it looks the same.

  Rule: Each entry is as the layer has it

    Scenario Outline: Files of all kinds with <rootfs>
      Given an image "app" without layers
      And its next layer holds
        """
        dir      . mode=0755
        dir      var mode=1777 uid=5 gid=6 mtime=1500000000.5
        dir      var/private mode=0700 uid=1000 gid=50 mtime=1400000000
        file     usr/bin/tool mode=4755 uid=1 gid=2 text=hello mtime=1600000000.123456789
        file     usr/bin/wall mode=2755 uid=0 gid=5 text=wall
        file     usr/bin/ping mode=0755 capability=net_raw
        file     etc/none mode=0000
        file     etc/noise size=300k fill=noise
        file     etc/old text=old mtime=0
        file     etc/far uid=3000000 gid=4000000 text=far
        file     var/note text=note xattr.user.color=blue "xattr.user.raw=a\x00b"
        symlink  lib to=usr/lib uid=7 gid=8 mtime=1300000000.25
        symlink  etc/absolute to=/etc/old
        symlink  etc/dangling to=nowhere/at/all
        hardlink usr/bin/other to=usr/bin/tool
        char     dev/null device=1:3 mode=0666
        char     dev/far device=300:70000 mode=0600
        block    dev/sda device=8:0 mode=0660 gid=6
        fifo     run/pipe mode=0620 uid=3
        file     "etc/caf\xe9" text=latin
        file     etc/größe text=unicode
        file     "etc/two words" text=two
        file     "etc/li\nne" text=line
        file     long(300)/end text=deep
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        dir      . mode=0755
        dir      var mode=1777 uid=5 gid=6 mtime=1500000000.5
        dir      var/private mode=0700 uid=1000 gid=50 mtime=1400000000
        file     usr/bin/tool mode=4755 uid=1 gid=2 text=hello mtime=1600000000.123456789
        file     usr/bin/wall mode=2755 uid=0 gid=5 text=wall
        file     usr/bin/ping mode=0755 capability=net_raw
        file     etc/none mode=0000
        file     etc/noise size=300k fill=noise
        file     etc/old text=old mtime=0
        file     etc/far uid=3000000 gid=4000000 text=far
        file     var/note text=note xattr.user.color=blue "xattr.user.raw=a\x00b"
        symlink  lib to=usr/lib uid=7 gid=8 mtime=1300000000.25
        symlink  etc/absolute to=/etc/old
        symlink  etc/dangling to=nowhere/at/all
        hardlink usr/bin/other to=usr/bin/tool mode=4755 uid=1 gid=2
        char     dev/null device=1:3 mode=0666
        char     dev/far device=300:70000 mode=0600
        block    dev/sda device=8:0 mode=0660 gid=6
        fifo     run/pipe mode=0620 uid=3
        file     "etc/caf\xe9" text=latin
        file     etc/größe text=unicode
        file     "etc/two words" text=two
        file     "etc/li\nne" text=line
        file     long(300)/end text=deep
        """

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

    Scenario Outline: A file with holes keeps them with <rootfs>
      Given an image "app" without layers
      And its next layer holds
        """
        sparse image size=64m data=65536:hello data=40m:middle
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        sparse image size=64m data=65536:hello data=40m:middle
        """

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

    Scenario: A caller's umask changes nothing
      Given an image "app" without layers
      And its next layer holds
        """
        dir  open mode=0777
        file open/file mode=0666
        file implied/file mode=0644
        """
      And it is saved as "oci:{dir}/images:app"
      And the umask of the caller is 077
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs copy"
      Then it succeeds
      And the root of bundle "web" holds
        """
        dir  . mode=0755
        dir  open mode=0777
        file open/file mode=0666
        dir  implied mode=0755 uid=0 gid=0
        """
      And file "web" has mode 700
      And file "web/config.json" has mode 644

    Scenario: An entry that comes twice in one layer is as the last one says
      Given an image "app" without layers
      And its next layer holds
        """
        file etc/motd text=first mode=0600
        file etc/motd text=second mode=0644
        dir  var mode=0700
        file var/file text=kept
        dir  var mode=0755
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then the root of bundle "web" holds
        """
        file etc/motd text=second mode=0644
        dir  var mode=0755
        file var/file text=kept
        """

  Rule: A later layer hides and replaces

    Background:
      Given an image "app" without layers
      And its next layer holds
        """
        dir      . mode=0755
        dir      etc mode=0755
        file     etc/motd text=old mode=0600 uid=3
        file     etc/kept text=kept
        dir      var mode=0755
        file     var/one text=one
        dir      var/deep mode=0755
        file     var/deep/two text=two
        dir      tree mode=0755
        file     tree/leaf text=leaf
        file     plain text=plain
        symlink  alias to=etc
        symlink  name to=etc/kept
        file     first text=shared mode=0644
        hardlink second to=first
        """

    Scenario Outline: What whiteouts hide is gone with <rootfs>
      Given its next layer holds
        """
        whiteout etc/motd
        whiteout var/deep
        whiteout name
        whiteout nowhere/at/all
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        absent etc/motd
        absent etc/.wh.motd
        file   etc/kept text=kept
        absent var/deep
        file   var/one text=one
        absent name
        """

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

    Scenario Outline: An opaque directory shows only what its own layer has in it, <order>, with <rootfs>
      Given its next layer holds
        """
        <first>
        <second>
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        dir    var mode=0755
        file   var/new text=new
        absent var/one
        absent var/deep
        absent var/.wh..wh..opq
        """

      Examples:
        | order           | first             | second            | rootfs  |
        | the marker first | opaque var        | file var/new text=new | copy    |
        | the marker last  | file var/new text=new | opaque var        | copy    |
        | the marker first | opaque var        | file var/new text=new | overlay |
        | the marker last  | file var/new text=new | opaque var        | overlay |

    Scenario Outline: A whiteout hides lower layers, not its own, <order>, with <rootfs>
      Given its next layer holds
        """
        <first>
        <second>
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        file etc/motd text=new mode=0644 uid=0
        """

      Examples:
        | order              | first                  | second                 | rootfs  |
        | the whiteout first | whiteout etc/motd      | file etc/motd text=new | copy    |
        | the whiteout last  | file etc/motd text=new | whiteout etc/motd      | copy    |
        | the whiteout first | whiteout etc/motd      | file etc/motd text=new | overlay |
        | the whiteout last  | file etc/motd text=new | whiteout etc/motd      | overlay |

    Scenario Outline: <what> with <rootfs>
      Given its next layer holds
        """
        <entry>
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        <seen>
        <other>
        """

      Examples:
        | what                                      | entry                         | seen                                | other                     | rootfs  |
        | A directory takes the place of a file     | dir plain mode=0711           | dir plain mode=0711                 | file etc/kept text=kept   | copy    |
        | A directory takes the place of a file     | dir plain mode=0711           | dir plain mode=0711                 | file etc/kept text=kept   | overlay |
        | A file takes the place of a directory     | file tree text=file           | file tree text=file                 | absent tree/leaf          | copy    |
        | A file takes the place of a directory     | file tree text=file           | file tree text=file                 | absent tree/leaf          | overlay |
        | A link takes the place of a directory     | symlink tree to=var           | symlink tree to=var                 | absent tree/leaf          | copy    |
        | A link takes the place of a directory     | symlink tree to=var           | symlink tree to=var                 | absent tree/leaf          | overlay |
        | A file takes the place of a link          | file name text=file           | file name text=file                 | file etc/kept text=kept   | copy    |
        | A file takes the place of a link          | file name text=file           | file name text=file                 | file etc/kept text=kept   | overlay |
        | A file below a link goes where it leads   | file alias/new text=new       | file etc/new text=new               | symlink alias to=etc      | copy    |
        | A file below a link goes where it leads   | file alias/new text=new       | file etc/new text=new               | symlink alias to=etc      | overlay |
        | One of two names of a file is replaced    | file second text=own          | file second text=own                | file first text=shared    | copy    |
        | One of two names of a file is replaced    | file second text=own          | file second text=own                | file first text=shared    | overlay |
        | A further name for a file of a lower layer | hardlink third to=etc/kept   | file third text=kept                | file etc/kept text=kept   | copy    |
        | A further name for a file of a lower layer | hardlink third to=etc/kept   | file third text=kept                | file etc/kept text=kept   | overlay |
        | A directory gets other owners             | dir var mode=0750 uid=9 gid=8 | dir var mode=0750 uid=9 gid=8       | file var/one text=one     | copy    |
        | A directory gets other owners             | dir var mode=0750 uid=9 gid=8 | dir var mode=0750 uid=9 gid=8       | file var/one text=one     | overlay |

    Scenario Outline: A directory over a file and back with <rootfs>
      Given its next layer holds
        """
        dir  plain mode=0755
        file plain/inner text=inner
        """
      And its next layer holds
        """
        file plain text=again
        """
      And its next layer holds
        """
        dir  plain mode=0700
        file plain/last text=last
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" holds
        """
        dir    plain mode=0700
        file   plain/last text=last
        absent plain/inner
        """

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

    Scenario: Changing one name of a file in the bundle leaves the cached layer alone
      Given it is saved as "oci:{dir}/images:app"
      And the bundle "one" of "oci:{dir}/images:app"
      And the bundle "two" of "oci:{dir}/images:app"
      And a file "one/rootfs/etc/kept" that says "changed"
      When bundle "three" is created from "oci:{dir}/images:app"
      Then the root of bundle "two" holds
        """
        file etc/kept text=kept
        """
      And the root of bundle "three" holds
        """
        file etc/kept text=kept
        """

  Rule: The tree is the one that another tool makes of the same image

    @needs-umoci
    Scenario Outline: umoci and <rootfs> agree in everything
      Given an image "app" of busybox
      And its next layer holds
        """
        dir      . mode=0755 mtime=1500000000
        dir      usr mode=0755 mtime=1500000001
        dir      usr/bin mode=0755 mtime=1500000002
        file     usr/bin/tool mode=4755 uid=1 gid=2 text=hello mtime=1600000000.123456789
        hardlink usr/bin/other to=usr/bin/tool
        file     usr/bin/ping mode=0755 capability=net_raw
        dir      usr/lib mode=0755 mtime=1500000003
        file     usr/lib/a size=70k fill=noise
        file     usr/lib/b text=b xattr.user.color=blue
        dir      usr/share mode=0755 mtime=1500000004
        dir      usr/share/doc mode=0755 mtime=1500000005
        file     usr/share/doc/one text=one
        file     usr/share/doc/two text=two
        symlink  lib to=usr/lib mtime=1300000000
        dir      srv mode=0755 mtime=1500000006
        char     srv/null device=1:3 mode=0666
        fifo     srv/pipe mode=0600
        file     "srv/caf\xe9" text=latin
        """
      And its next layer holds
        """
        dir      usr mode=0755 mtime=1500000011
        dir      usr/lib mode=0755 mtime=1500000012
        whiteout usr/lib/a
        file     usr/lib/c text=c
        dir      usr/share mode=0755 mtime=1500000014
        dir      usr/share/doc mode=0755 mtime=1500000015
        opaque   usr/share/doc
        file     usr/share/doc/three text=three
        dir      . mode=0755 mtime=1500000010
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs>"
      Then it succeeds
      And the root of bundle "web" is what umoci unpacks from "{dir}/images:app"

      Examples:
        | rootfs  |
        | copy    |
        | overlay |
