@oci @root @issue-88 @issue-mounts
Feature: The root of a container
  `root.path` is the directory that the program takes for `/`. Nothing outside of it can be reached but by the mounts
  that the bundle lists. With `root.readonly` nothing in it can be changed; mounts keep their own rights.

  Rule: The program sees the bundle's directory as its root

    Scenario: A file of the root
      Given a bundle that runs "cat /data/note"
      And its root has a file "/data/note" that says "from the bundle"
      When container "web" is run
      Then it prints "from the bundle"

    Scenario: What the program writes is in the bundle afterwards
      Given a bundle that runs the script "echo written >/data/note"
      When container "web" is run
      Then it succeeds
      And file "{rootfs}/data/note" says "written"

    Scenario: The way up ends at the root
      Given a bundle that runs "cat /../../../data/note"
      And its root has a file "/data/note" that says "still inside"
      When container "web" is run
      Then it prints "still inside"

    Scenario: The host's own files cannot be reached
      Given a bundle that runs the script "ls -d /tmp/* {dir} || echo nothing of the host"
      When container "web" is run
      Then it prints "nothing of the host"

    Scenario: An absolute root path
      Given a bundle that runs "cat /data/note"
      And its root has a file "/data/note" that says "from elsewhere"
      And its config.json has $.root.path set to "{rootfs}"
      When container "web" is run
      Then it prints "from elsewhere"

  Rule: A read-only root cannot be changed

    Scenario: Writing to a read-only root
      Given a bundle that runs the script "echo changed >/data/note"
      And its config.json has $.root.readonly set to the JSON true
      When container "web" is run
      Then it exits with status 1
      And the error says "Read-only file system"
      And file "{rootfs}/data/note" does not exist

    Scenario: A mount over a read-only root can be written
      Given a bundle that runs the probe on "/etc/passwd /data"
      And its config.json has $.root.readonly set to the JSON true
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs"}
      When container "web" is run
      Then the container cannot write "/etc/passwd"
      And the container can write "/data"

    Scenario: A root that may be written
      Given a bundle that runs the probe on "/data"
      When container "web" is run
      Then the container sees a mount at "/" without the options "ro"
      And the container sees no mount at "/data"
      And the container can write "/data"

  Rule: Mounts of the container are not seen by the host

    Scenario: Looking for a container's mounts from the host
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs"}
      And a running container "web"
      Then nothing is mounted below "{bundle}"
