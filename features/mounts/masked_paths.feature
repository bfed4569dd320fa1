@oci @root @issue-88 @issue-mounts
Feature: Masked and read-only paths
  `linux.maskedPaths` hides files and directories that the program shall not read, `linux.readonlyPaths` keeps it from
  writing. Both are there for parts of /proc and /sys that belong to the whole machine.

  Rule: A masked path can neither be read nor written

    Scenario: A masked file
      Given a bundle that runs the probe on "/data/secret"
      And its root has a file "/data/secret" that says "secret"
      And its config.json has $.linux.maskedPaths set to the JSON ["/data/secret"]
      When container "web" is run
      Then the container sees "/data/secret" masked

    Scenario: A masked directory
      Given a bundle that runs the probe on "/data /data/secret"
      And its root has a file "/data/secret" that says "secret"
      And its config.json has $.linux.maskedPaths set to the JSON ["/data"]
      When container "web" is run
      Then the container sees "/data" masked
      And the container does not see "/data/secret"
      And the container cannot write "/data"

    Scenario: Parts of proc
      Given a bundle that runs the probe on "/proc/meminfo /proc/interrupts"
      And its config.json has $.linux.maskedPaths set to the JSON ["/proc/meminfo", "/proc/interrupts"]
      When container "web" is run
      Then the container sees "/proc/meminfo" masked
      And the container sees "/proc/interrupts" masked

    Scenario: An executed program does not see it either
      Given a bundle that runs "sleep 100"
      And its root has a file "/data/secret" that says "secret"
      And its config.json has $.linux.maskedPaths set to the JSON ["/data/secret"]
      And a running container "web"
      When "cat /data/secret" is executed in container "web"
      Then nothing is printed

    Scenario: What is not masked can be read
      Given a bundle that runs the probe on "/data/secret /data/public"
      And its root has a file "/data/secret" that says "secret"
      And its root has a file "/data/public" that says "public"
      And its config.json has $.linux.maskedPaths set to the JSON ["/data/secret"]
      When container "web" is run
      Then the container reads "public" in "/data/public"

  Rule: A read-only path can be read but not written

    Scenario: A read-only file
      Given a bundle that runs the probe on "/data/note"
      And its root has a file "/data/note" that says "for reading"
      And its config.json has $.linux.readonlyPaths set to the JSON ["/data/note"]
      When container "web" is run
      Then the container reads "for reading" in "/data/note"
      And the container cannot write "/data/note"

    Scenario: A read-only directory with all that is in it
      Given a bundle that runs the probe on "/data /data/note"
      And its root has a file "/data/note" that says "for reading"
      And its config.json has $.linux.readonlyPaths set to the JSON ["/data"]
      When container "web" is run
      Then the container reads "for reading" in "/data/note"
      And the container cannot write "/data"
      And the container cannot write "/data/note"

    Scenario: The kernel's settings
      Given a bundle that runs the probe on "/proc/sys/kernel/hostname /proc/self/comm"
      And its config.json has $.linux.readonlyPaths set to the JSON ["/proc/sys"]
      When container "web" is run
      Then the container sees a mount at "/proc/sys" with the options "ro"
      And the container cannot write "/proc/sys/kernel/hostname"
      And the container can write "/proc/self/comm"

  Rule: A path that the container does not have is left out

    Scenario: Paths of another kernel
      Given a bundle that runs "echo began"
      And its config.json has $.linux.maskedPaths set to the JSON ["/proc/of/another/kernel"]
      And its config.json has $.linux.readonlyPaths set to the JSON ["/sys/of/another/kernel"]
      When container "web" is run
      Then it succeeds
      And it prints "began"
