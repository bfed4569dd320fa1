@nexcage @root @issue-92
Feature: Bundles without root
  An ordinary user makes bundles too. Owners that only root can set are written down and said, and what the bundle runs
  is root in a user namespace of its own.

  Rule: What cannot be set is recorded

    Background:
      Given an ordinary user has the directory "home"
      And an image "app" of busybox
      And its next layer holds
        """
        file etc/motd text=hello uid=1000 gid=50 mode=0640
        """
      And it runs "id -u; cat /etc/motd"
      And it is saved as "oci:{dir}/images:app"

    @no-driver
    Scenario: Owners are recorded, and it is said
      When an ordinary user creates bundle "home/web" from "oci:{dir}/images:app" with "--rootfs auto"
      Then it succeeds
      And it warns "only root can give"
      And the root of bundle "home/web" holds
        """
        file etc/motd text=hello mode=0640 uid=65534 gid=65534
        """
      And file "home/web/.nexcage/manifest.mtree" contains "uid=1000"
      And file "home/web/.nexcage/bundle.json" contains "recorded"

    @needs-userns
    Scenario: The bundle runs as its user
      When an ordinary user creates bundle "home/web" from "oci:{dir}/images:app" with "--rootfs copy"
      Then it succeeds
      When an ordinary user runs bundle "home/web" as container "web"
      Then it prints 2 lines
      And it prints something with "hello"

    @no-driver
    Scenario: Devices cannot be made, and it is said
      Given its next layer holds
        """
        char dev/null device=1:3 mode=0666
        file etc/issue text=issue
        """
      And it is saved as "oci:{dir}/images:app"
      When an ordinary user creates bundle "home/web" from "oci:{dir}/images:app" with "--rootfs copy"
      Then it succeeds
      And it warns "only root can make"
      And the root of bundle "home/web" holds
        """
        file etc/issue text=issue
        """

    @no-driver
    Scenario: A place that belongs to somebody else
      When an ordinary user creates bundle "web" from "oci:{dir}/images:app" with "--rootfs copy"
      Then it exits with status 1
      And the error is one line
      And the error says "permission denied"
      And bundle "web" does not exist
