@nexcage @root @no-driver @issue-92 @issue-leaks
Feature: A bundle create that is killed
  A bundle is there as a whole or not at all. What a killed "bundle create" has left beside it and in the cache, repair
  removes; layers that are whole stay there for the next one.

  Rule: Whatever the bundle is made from

    Scenario: From a directory
      Given the tree "source" holds
        """
        dir bin
        file bin/app text=app
        file bin/other text=other
        """
      And a machine on which bundle "web" does not exist
      When "bundle create --from dir:{dir}/source {dir}/web -- /bin/app" is killed at some of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

    Scenario Outline: From an image, with --rootfs <rootfs>
      Given an image "app" without layers
      And its next layer holds 3 files of 10 bytes
      And its next layer holds 2 files of 10 bytes
      And it is saved as "oci:{dir}/images:app"
      And a machine on which bundle "web" does not exist
      When "bundle create --rootfs <rootfs> --from oci:{dir}/images:app {dir}/web -- /bin/app" is killed at some of its effects, each time on such a machine, and repaired
      Then each time all is as it was before, or as it would have become
      And each time check has nothing to complain of
      And each time nothing is left when it is removed

      Examples:
        | rootfs  |
        | copy    |
        | overlay |
