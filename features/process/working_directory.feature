@oci @root @issue-88
Feature: The working directory of a container's program
  `process.cwd` is a directory inside the container. It has nothing to do with the caller's.

  Rule: The program starts where the bundle says

    Scenario: A directory of the root
      Given a bundle that runs the probe
      And its config.json has $.process.cwd set to "/tmp"
      When container "web" is run
      Then the container sees the working directory "/tmp"

    Scenario: A directory that is mounted
      Given a bundle that runs the script "pwd; ls"
      And its config.json has the mount {"destination": "/work", "type": "tmpfs", "source": "tmpfs"}
      And its config.json has $.process.cwd set to "/work"
      When container "web" is run
      Then it succeeds
      And it prints "/work"

    Scenario: A symbolic link is followed
      Given a bundle that runs "cat here"
      And its root has a file "/data/here" that says "followed"
      And its root has a symbolic link "/current" to "/data"
      And its config.json has $.process.cwd set to "/current"
      When container "web" is run
      Then it prints "followed"

  Rule: A directory that is absent is made

    Scenario: A working directory that the root does not have
      Given a bundle that runs the probe
      And its config.json has $.process.cwd set to "/srv/new"
      When container "web" is run
      Then the container sees the working directory "/srv/new"

  Rule: What is not a directory is refused

    Scenario: A working directory that is a file
      Given a bundle that runs the probe
      And its config.json has $.process.cwd set to "/etc/passwd"
      When container "web" is run
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone
