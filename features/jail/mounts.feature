@nexcage @root @jail @issue-108
Feature: Mounts of a jail
  They are made in their order and taken away in the opposite one. Where they go is found out inside the root, so that
  no link leads out; what was mounted before stays, and what was mounted meanwhile goes.

  Rule: Each mount has its place, and gives it back

    Scenario: In their order, and back in the opposite one
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/mnt/a", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has the mount {"destination": "/mnt/a/b/c", "type": "tmpfs", "source": "tmpfs"}
      And a running container "web"
      Then tmpfs is mounted on "{rootfs}/mnt/a"
      And tmpfs is mounted on "{rootfs}/mnt/a/b/c"
      And the host did "mount {rootfs}/dev" before "mount {rootfs}/mnt/a"
      And the host did "mount {rootfs}/mnt/a" before "mount {rootfs}/mnt/a/b/c"
      When container "web" is deleted by force
      Then it succeeds
      And the host did "jail -R" before "umount {rootfs}/mnt/a/b/c"
      And the host did "umount {rootfs}/mnt/a/b/c" before "umount {rootfs}/mnt/a"
      And the host did "umount {rootfs}/mnt/a" before "umount {rootfs}/dev"
      And the root of container "web" holds what it held before
      And nothing is left on the host

    Scenario: A file on a file, and one where there was none
      Given a file "{dir}/motd" that says "welcome"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/etc/passwd", "type": "none", "source": "{dir}/motd", "options": ["bind", "ro"]}
      And its config.json has the mount {"destination": "/etc/new/motd", "type": "nullfs", "source": "{dir}/motd", "options": ["bind", "nodev", "rprivate"]}
      And a running container "web"
      When "cat /etc/passwd /etc/new/motd" is executed in container "web"
      Then it prints something with "welcome"
      And the host was asked "mount -t nullfs -o ro {dir}/motd {rootfs}/etc/passwd"
      And the host was asked "mount -t nullfs {dir}/motd {rootfs}/etc/new/motd"
      When container "web" is deleted by force
      Then it succeeds
      And file "{dir}/motd" contains "welcome"
      And file "{rootfs}/etc/passwd" contains "root:x:0:0"
      And the root of container "web" holds what it held before
      And nothing is left on the host

    Scenario: What the image has is copied into a tmpfs over it
      Given a bundle that runs "sleep 100"
      And its root has a file "data/hello" that says "hello"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}
      And a running container "web"
      When "sh -c 'cat /data/hello; echo changed > /data/hello'" is executed in container "web"
      Then it prints something with "hello"
      When container "web" is deleted by force
      Then it succeeds
      And file "{rootfs}/data/hello" contains "hello"
      And the root of container "web" holds what it held before
      And nothing is left on the host

  Rule: No link of the image leads out of its root

    Scenario Outline: <link> is a link to <target>
      Given a bundle that runs "sleep 100"
      And a directory "{dir}/outside"
      And its root has a symbolic link "hop" to "<target>"
      And its root has a symbolic link "<link>" to "hop"
      And its config.json has the mount {"destination": "/<link>/in", "type": "tmpfs", "source": "tmpfs"}
      When container "web" is created
      Then it succeeds
      And tmpfs is mounted on "{rootfs}/<place>/in"
      And nothing is mounted below "{dir}/outside"
      And file "{dir}/outside/in" does not exist
      When container "web" is deleted by force
      Then it succeeds
      And the root of container "web" holds what it held before
      And nothing is left on the host

      Examples:
        | link | target                  | place     |
        | far  | /data                   | data      |
        | away | ../../../../../outside  | outside   |
        | out  | /../../tmp/../data      | data      |

  Rule: A read-only root takes no writes, and holds writable mounts all the same

    Scenario: Mounts on it, and within one another
      Given a directory "{dir}/volume"
      And a bundle that runs "sleep 100"
      And its config.json has $.root.readonly set to the JSON true
      And its config.json has the mount {"destination": "/run", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has the mount {"destination": "/run/secrets/db", "type": "nullfs", "source": "{dir}/volume"}
      And its config.json has the mount {"destination": "/new/place", "type": "tmpfs", "source": "tmpfs"}
      And a running container "web"
      Then nullfs is mounted on "{root}/web/root" with "ro"
      When "sh -c 'touch /run/a /run/secrets/db/b /new/place/c && ! touch /etc/d 2>/dev/null'" is executed in container "web"
      Then it succeeds
      And file "{dir}/volume/b" exists
      And file "{rootfs}/etc/d" does not exist
      When container "web" is deleted by force
      Then it succeeds
      And file "{dir}/volume/b" exists
      And the root of container "web" holds what it held before
      And nothing is left on the host

  Rule: What was there before stays, and what came meanwhile goes

    Scenario: Somebody's mounts below the root
      Given a bundle that runs "sleep 100"
      And its root has a directory "old"
      And somebody calls "mount -t tmpfs tmpfs {rootfs}/old" on the FreeBSD host
      And a running container "web"
      When somebody calls "mount -t tmpfs tmpfs {rootfs}/home" on the FreeBSD host
      And container "web" is deleted by force
      Then it succeeds
      And the host was asked "umount {rootfs}/home"
      And the host was never asked "umount {rootfs}/old"
      And tmpfs is mounted on "{rootfs}/old"
      And the host has 1 mounts below "{rootfs}"

    Scenario: Two containers of one root, each with mounts of its own
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When the bundle's config.json is made to say "{"ociVersion": "1.2.0", "root": {"path": "rootfs"}, "process": {"args": ["sleep", "100"], "cwd": "/", "user": {"uid": 0, "gid": 0}, "env": ["PATH=/bin"]}, "mounts": [{"destination": "/home", "type": "tmpfs", "source": "tmpfs"}]}"
      And the runtime is called with "--runtime jail create --stdio null --bundle {bundle} other"
      Then it succeeds
      When container "web" is deleted by force
      Then it succeeds
      And tmpfs is mounted on "{rootfs}/home"
      And the host has 1 mounts below "{rootfs}"
      When container "other" is deleted by force
      Then it succeeds
      And nothing is left on the host

    Scenario: A mount point that is made in a directory of the host
      Given a directory "{dir}/volume"
      And a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/volume", "type": "nullfs", "source": "{dir}/volume"}
      And its config.json has the mount {"destination": "/volume/in/it", "type": "tmpfs", "source": "tmpfs"}
      And a running container "web"
      Then tmpfs is mounted on "{rootfs}/volume/in/it"
      And file "{dir}/volume/in/it" exists
      When container "web" is deleted by force
      Then it succeeds
      And file "{dir}/volume/in" does not exist
      And the root of container "web" holds what it held before
      And nothing is left on the host

    Scenario: A place that is mounted over already would be stacked upon
      Given a bundle that runs "sleep 100"
      And somebody calls "mount -t tmpfs tmpfs {rootfs}/dev" on the FreeBSD host
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: config.json: $.mounts[0].destination: "{rootfs}/dev" is mounted over already"
      And the hint says "if nothing uses it: umount {rootfs}/dev"
      And the host was only looked at
      And tmpfs is mounted on "{rootfs}/dev"
      And the host has 1 mounts below "{rootfs}"

  Rule: A mount that is busy is tried again, and forced in the end

    Scenario: A busy mount does not keep a container
      Given a bundle that runs "sleep 100"
      And the mount at "{rootfs}/dev" is busy
      And a running container "web"
      When container "web" is deleted by force
      Then it succeeds
      And the host was asked "umount {rootfs}/dev" 5 times
      And the host was asked "umount -f {rootfs}/dev" 1 times
      And the host did "umount {rootfs}/dev" before "umount -f {rootfs}/dev"
      And nothing is left on the host

    Scenario: One that is free at the second try is not forced
      Given a bundle that runs "sleep 100"
      And a running container "web"
      And the host's "umount" will fail with "umount: unmount of {rootfs}/dev failed: Device busy"
      When container "web" is deleted by force
      Then it succeeds
      And the host was asked "umount {rootfs}/dev" 2 times
      And the host was never asked "umount -f"
      And nothing is left on the host
