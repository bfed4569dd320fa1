@oci @root @issue-88 @issue-mounts
Feature: Device nodes of a container
  Every container has the devices that programs take for granted; all others are made when `linux.devices` lists
  them, with mode and owner. Whether a program may use them is decided by the cgroup's device rules.

  Rule: The default devices are there

    Scenario Outline: The device <path>
      Given a bundle that runs the probe on "<path>"
      When container "web" is run
      Then the container sees "<path>" as a device
      And the container sees "<path>" as device <major>:<minor>
      And the container can write "<path>"

      Examples:
        | path         | major | minor |
        | /dev/null    | 1     | 3     |
        | /dev/zero    | 1     | 5     |
        | /dev/full    | 1     | 7     |
        | /dev/random  | 1     | 8     |
        | /dev/urandom | 1     | 9     |

    Scenario Outline: The link <path>
      Given a bundle that runs "readlink <path>"
      When container "web" is run
      Then it prints "<target>"

      Examples:
        | path        | target          |
        | /dev/fd     | /proc/self/fd   |
        | /dev/stdin  | /proc/self/fd/0 |
        | /dev/stdout | /proc/self/fd/1 |
        | /dev/stderr | /proc/self/fd/2 |

    Scenario: Nothing else of the host's devices
      Given a bundle that runs the probe on "/dev/mem /dev/kmsg /dev/sda /dev/fuse"
      When container "web" is run
      Then the container does not see "/dev/mem"
      And the container does not see "/dev/kmsg"
      And the container does not see "/dev/sda"
      And the container does not see "/dev/fuse"

  Rule: A listed device has the numbers, mode and owner of the list

    Scenario: A character device
      Given a bundle that runs the probe on "/dev/hole"
      And its config.json has $.linux.devices set to the JSON [{"path": "/dev/hole", "type": "c", "major": 1, "minor": 3, "fileMode": 416, "uid": 1000, "gid": 50}]
      When container "web" is run
      Then the container sees "/dev/hole" as device 1:3
      And the container sees "/dev/hole" with mode 640 of 1000:50

    Scenario: A device in a directory of its own
      Given a bundle that runs the probe on "/dev/net/tun"
      And its config.json has $.linux.devices set to the JSON [{"path": "/dev/net/tun", "type": "c", "major": 10, "minor": 200, "fileMode": 438}]
      When container "web" is run
      Then the container sees "/dev/net/tun" as device 10:200

    Scenario: A block device
      Given a bundle that runs the probe on "/dev/disk"
      And its config.json has $.linux.devices set to the JSON [{"path": "/dev/disk", "type": "b", "major": 7, "minor": 0, "fileMode": 384, "uid": 0, "gid": 0}]
      When container "web" is run
      Then the container sees "/dev/disk" as device 7:0
      And the container sees "/dev/disk" with mode 600 of 0:0

    Scenario: A named pipe
      Given a bundle that runs the script "stat -c %F /dev/queue"
      And its config.json has $.linux.devices set to the JSON [{"path": "/dev/queue", "type": "p", "fileMode": 384}]
      When container "web" is run
      Then it prints "fifo"
