@oci @root @issue-88 @issue-mounts
Feature: Mounts stay inside the root
  The root of a container may come from a stranger. A symbolic link in it is followed as the container would follow it:
  never to a place of the host.

  Rule: A link in a mount's destination is resolved inside the root

    Scenario Outline: A tmpfs over a link that points <where>
      Given a directory "outside"
      And a file "outside/mine" that says "of the host"
      And a bundle that runs the script "echo of the container >/link/mine"
      And its root has a directory "{dir}/outside"
      And its root has a symbolic link "/link" to "<target>"
      And its config.json has the mount {"destination": "/link", "type": "tmpfs", "source": "tmpfs"}
      When container "web" is run
      Then it succeeds
      And file "outside/mine" says "of the host"
      And nothing is mounted below "{dir}"

      Examples:
        | where                     | target                      |
        | to an absolute path       | {dir}/outside               |
        | up and out of the root    | ../../../..{dir}/outside    |

    Scenario: A link to what only the host has
      Given a directory "outside"
      And a file "outside/mine" that says "of the host"
      And a bundle that runs the script "echo of the container >/link/mine"
      And its root has a symbolic link "/link" to "{dir}/outside"
      And its config.json has the mount {"destination": "/link", "type": "tmpfs", "source": "tmpfs"}
      When container "web" is run
      Then file "outside/mine" says "of the host"
      And nothing is mounted below "{dir}"

    Scenario: A link on the way to the destination
      Given a directory "outside"
      And a file "share/note" that says "shared"
      And a bundle that runs "cat /link/inner/note"
      And its root has a directory "{dir}/outside"
      And its root has a symbolic link "/link" to "{dir}/outside"
      And its config.json has the mount {"destination": "/link/inner", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then it prints "shared"
      And file "outside/inner" does not exist

    Scenario: A file mounted over a link to a file of the host
      Given a file "outside" that says "of the host"
      And a file "share" that says "shared"
      And a bundle that runs the script "cat /link; echo changed >/link"
      And its root has a symbolic link "/link" to "{dir}/outside"
      And its config.json has the mount {"destination": "/link", "type": "bind", "source": "{dir}/share", "options": ["bind", "ro"]}
      When container "web" is run
      Then it prints "shared"
      And file "outside" says "of the host"

    Scenario: A link to a directory of the container works
      Given a bundle that runs the probe on "/var/run/note"
      And its root has a symbolic link "/var/run" to "/run"
      And a file "share/note" that says "shared"
      And its config.json has the mount {"destination": "/var/run", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then the container reads "shared" in "/var/run/note"
      And the container sees a mount at "/run" with the options "rw"

    Scenario: A destination with dots
      Given a bundle that runs the probe on "/data"
      And its config.json has the mount {"destination": "/tmp/../../../../data", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k"]}
      When container "web" is run
      Then the container sees a mount at "/data" of type "tmpfs" with the options "size=64k"
      And nothing is mounted below "{dir}"

  Rule: A link in the place of proc is refused

    Scenario: The root brings a link as its /proc
      Given a directory "outside"
      And a bundle that runs "true"
      And file or directory "{rootfs}/proc" is removed
      And its root has a symbolic link "/proc" to "{dir}/outside"
      When container "web" is created
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone

  Rule: The source of a bind mount is the host's own business

    Scenario: A source that is a link is followed on the host
      Given a file "real/note" that says "followed"
      And "share" is a symbolic link to "{dir}/real"
      And a bundle that runs "cat /data/note"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then it prints "followed"
