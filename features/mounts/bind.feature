@oci @root @issue-88 @issue-mounts
Feature: Bind mounts
  A bind mount shows a file or directory of the host at a place in the container. It is the same file: what either
  side writes, the other one sees, unless the mount is read-only.

  Rule: A directory or file of the host appears in the container

    Scenario: Binding a directory
      Given a file "share/note" that says "from the host"
      And a bundle that runs "cat /data/note"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then it prints "from the host"

    Scenario: Binding a file
      Given a file "hosts" that says "10.0.0.1 db"
      And a bundle that runs "cat /etc/hosts"
      And its config.json has the mount {"destination": "/etc/hosts", "type": "bind", "source": "{dir}/hosts", "options": ["bind"]}
      When container "web" is run
      Then it prints "10.0.0.1 db"

    Scenario: A destination that the root does not have is made
      Given a file "share/note" that says "from the host"
      And a bundle that runs "cat /srv/new/place/note"
      And its config.json has the mount {"destination": "/srv/new/place", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then it prints "from the host"

    Scenario: What the container writes is on the host
      Given a directory "share"
      And a bundle that runs the script "echo from the container >/data/note"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind", "rw"]}
      When container "web" is run
      Then it succeeds
      And file "share/note" says "from the container"

    Scenario: What the mount covers comes back when the container is gone
      Given a directory "share"
      And a bundle that runs "touch /data/note"
      And its root has a file "/data/covered" that says "covered"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then file "{rootfs}/data/covered" exists
      And file "{rootfs}/data/note" does not exist

  Rule: A read-only mount cannot be written

    Scenario: Writing to a read-only directory
      Given a file "share/note" that says "from the host"
      And a bundle that runs the probe on "/data /data/note"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind", "ro"]}
      When container "web" is run
      Then the container sees a mount at "/data" with the options "ro"
      And the container can read "/data/note"
      And the container cannot write "/data"
      And the container cannot write "/data/note"

    Scenario: Writing to a read-only file
      Given a file "note" that says "from the host"
      And a bundle that runs the script "echo changed >/data/note"
      And its config.json has the mount {"destination": "/data/note", "type": "bind", "source": "{dir}/note", "options": ["bind", "ro"]}
      When container "web" is run
      Then it exits with status 1
      And the error says "Read-only file system"
      And file "note" says "from the host"

  Rule: The options nosuid, nodev and noexec hold

    Scenario: A program on a mount with noexec
      Given a bundle that runs the script "cp /bin/busybox /data/busybox && /data/busybox true"
      And a directory "share"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind", "noexec"]}
      When container "web" is run
      Then it exits with status 126
      And the error says "ermission denied"

    Scenario: Options of a bind mount
      Given a directory "share"
      And a bundle that runs the probe
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind", "nosuid", "nodev", "noexec"]}
      When container "web" is run
      Then the container sees a mount at "/data" with the options "rw,nosuid,nodev,noexec"

  Rule: Only rbind takes along what is mounted below the source

    Scenario: What is mounted below, with rbind
      Given a directory "share/inner"
      And a file system is mounted on "share/inner" with a file "note"
      And a bundle that runs the probe on "/data/inner/note"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["rbind"]}
      When container "web" is run
      Then the container can read "/data/inner/note"

    Scenario: What is mounted below, with bind
      Given a directory "share/inner"
      And a file system is mounted on "share/inner" with a file "note"
      And a bundle that runs the probe on "/data/inner /data/inner/note"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then the container sees "/data/inner" as a directory
      And the container does not see "/data/inner/note"

  Rule: A relative source is below the bundle

    Scenario: A source beside config.json
      Given a bundle that runs "cat /data/note"
      And a file "{bundle}/extra/note" that says "from the bundle"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "extra", "options": ["bind"]}
      When container "web" is run
      Then it prints "from the bundle"

  Rule: A source has to exist

    Scenario: Binding a source that does not exist
      Given a bundle that runs "true"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/absent", "options": ["bind"]}
      When container "web" is created
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone
