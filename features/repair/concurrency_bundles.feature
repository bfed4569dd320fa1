@nexcage @root @no-driver @issue-92
Feature: Many bundles at once
  Commands that make bundles of one image share its layers, and pruning beside them takes nothing that they need.

  Scenario Outline: Six bundles of one image while the cache is pruned, with <rootfs>
    Given an image "app" of busybox
    And its next layer holds
      """
      file large size=1m fill=noise
      dir  etc mode=0755
      file etc/motd text=hello
      """
    And it is saved as "oci:{dir}/images:app"
    When 6 bundles are created from "oci:{dir}/images:app" with "--rootfs <rootfs>" while the cache is pruned over and over
    Then the roots of all of them are the same and as their manifests say
    And the cache holds each layer at most once
    When all of them are removed at the same time
    And the cache is pruned
    Then the cache is empty
    And nothing is mounted below "{dir}"

    Examples:
      | rootfs  |
      | overlay |
      | copy    |
