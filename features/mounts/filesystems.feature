@oci @root @issue-88 @issue-mounts
Feature: Mounted file systems
  Besides bind mounts a bundle lists file systems of the kernel, each with its options. They are mounted in the order
  of the list, before the program begins, and are gone with the container.

  Rule: A tmpfs is an empty file system in memory

    Scenario: Size and mode of a tmpfs
      Given a bundle that runs the probe on "/volume"
      And its config.json has the mount {"destination": "/volume", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k", "mode=1700", "nosuid", "nodev"]}
      When container "web" is run
      Then the container sees a mount at "/volume" of type "tmpfs" with the options "rw,nosuid,nodev,size=64k"
      And the container sees "/volume" with mode 1700 of 0:0

    Scenario: No more fits in than its size
      Given a bundle that runs the script "dd if=/dev/zero of=/data/big bs=1k count=100"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k"]}
      When container "web" is run
      Then it exits with status 1
      And the error says "No space left on device"

    Scenario: The owner of a tmpfs
      Given a bundle that runs the probe on "/volume"
      And its config.json has the mount {"destination": "/volume", "type": "tmpfs", "source": "tmpfs", "options": ["uid=1000", "gid=50", "mode=750"]}
      When container "web" is run
      Then the container sees "/volume" with mode 750 of 1000:50

    Scenario: A read-only tmpfs
      Given a bundle that runs the probe on "/data"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["ro"]}
      When container "web" is run
      Then the container cannot write "/data"

    Scenario: It hides what is below
      Given a bundle that runs the probe on "/data /data/note"
      And its root has a file "/data/note" that says "hidden"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs"}
      When container "web" is run
      Then the container does not see "/data/note"

    Scenario: It starts with what is below
      Given a bundle that runs the probe on "/data/note"
      And its root has a file "/data/note" that says "copied up"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}
      When container "web" is run
      Then the container reads "copied up" in "/data/note"
      And the container can write "/data/note"

  Rule: The kernel's own file systems show the container, not the host

    Scenario: proc shows the container's processes only
      Given a bundle that runs the probe
      When container "web" is run
      Then the container sees a mount at "/proc" of type "proc" with the options "rw"
      And the container sees the probe as process 1

    Scenario: sysfs shows the container's network only
      Given a bundle that runs the probe on "/sys"
      When container "web" is run
      Then the container sees a mount at "/sys" of type "sysfs" with the options "ro,nosuid,nodev,noexec"
      And the container sees only the network interfaces "lo"
      And the container cannot write "/sys"

    Scenario: devpts begins with no terminal
      Given a bundle that runs the script "ls /dev/pts"
      When container "web" is run
      Then it prints "ptmx"

    Scenario: mqueue holds the queues of the container
      Given a bundle that runs the probe on "/dev/mqueue"
      And its config.json has the mount {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "nodev", "noexec"]}
      When container "web" is run
      Then the container sees a mount at "/dev/mqueue" of type "mqueue" with the options "rw,nosuid,nodev,noexec"
      And the container can write "/dev/mqueue"

    @cgroup-memory
    Scenario: The container's cgroup, to look at only
      Given the bundle "with_cgroup" that runs the script "mkdir $(dirname $(find /sys/fs/cgroup -name cgroup.procs | head -n 1))/new"
      When container "web" is run
      Then it exits with status 1
      And the error says "Read-only file system"

  Rule: Mounts are made in the order of the list

    Scenario: A mount inside an earlier one
      Given a bundle that runs the probe on "/data/inner/note"
      And a file "share/note" that says "inner"
      And its config.json has the mount {"destination": "/data", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has the mount {"destination": "/data/inner", "type": "bind", "source": "{dir}/share", "options": ["bind"]}
      When container "web" is run
      Then the container reads "inner" in "/data/inner/note"

    Scenario: A mount over an earlier one
      Given a bundle that runs the probe on "/data/inner/first /data/second"
      And a file "one/first" that says "first"
      And a file "two/second" that says "second"
      And its config.json has the mount {"destination": "/data/inner", "type": "bind", "source": "{dir}/one", "options": ["bind"]}
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/two", "options": ["bind"]}
      When container "web" is run
      Then the container can read "/data/second"
      And the container does not see "/data/inner/first"

  Rule: What cannot be mounted is an error

    Scenario: A file system that does not exist
      Given a bundle that runs "true"
      And its config.json has the mount {"destination": "/data", "type": "nosuchfs", "source": "none"}
      When container "web" is created
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone
      And nothing is mounted below "{bundle}"
