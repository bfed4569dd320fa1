@nexcage @root @no-driver @issue-92
Feature: Bundles and the cache that somebody has tampered with
  What nexcage keeps in a bundle and in the cache of layers is read with the same care as its records: it is refused
  by name and at once, no link is followed, and the other bundles go on.

  Background:
    Given an image "app" of busybox
    And its next layer holds
      """
      dir  etc mode=0755
      file etc/motd text=hello
      """
    And it is saved as "oci:{dir}/images:app"
    And the bundle "other" of "oci:{dir}/images:app" with "--rootfs copy"

  Rule: What a bundle says of itself

    Scenario Outline: A bundle's own record is <what>
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs copy"
      And "{dir}/web/.nexcage/bundle.json" becomes <what>
      Then "bundle verify, bundle inspect, bundle delete" of "{dir}/web" fail by name: bundle.json
      And "bundle verify" of "{dir}/other" succeeds
      Given file or directory "{dir}/web/.nexcage/bundle.json" is removed

      Examples:
        | what                  |
        | half of it            |
        | an array              |
        | 100 MiB large         |
        | a pipe                |
        | a directory           |
        | a device              |
        | a link to /etc/shadow |

    Scenario: A bundle's own record is a link to that of another
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs copy"
      And "{dir}/web/.nexcage/bundle.json" becomes a link to {dir}/other/.nexcage/bundle.json
      Then "bundle verify, bundle inspect, bundle delete" of "{dir}/web" fail by name: bundle.json: it is a symbolic link
      And what links lead to is as it was, and was not printed
      And "bundle verify" of "{dir}/other" succeeds
      Given file or directory "{dir}/web/.nexcage/bundle.json" is removed

    Scenario Outline: A bundle's manifest is <what>
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs copy"
      And "{dir}/web/.nexcage/manifest.mtree" becomes <what>
      Then "bundle verify" of "{dir}/web" fail by name: manifest
      And "bundle verify" of "{dir}/other" succeeds

      Examples:
        | what                  |
        | half of it            |
        | 100 MiB large         |
        | a pipe                |
        | a directory           |
        | a link to /etc/shadow |

  Rule: What the cache holds

    @needs-overlay
    Scenario Outline: A lease is <what>
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      And the lease of bundle "web" becomes <what>
      When the cache is pruned
      Then it fails by name: {dir}/cache/leases/
      And the root of bundle "web" holds
        """
        file etc/motd text=hello
        """
      And "bundle verify" of "{dir}/web" succeeds

      Examples:
        | what                  |
        | half of it            |
        | an array              |
        | other JSON            |
        | a pipe                |
        | a directory           |
        | a link to /etc/shadow |

    @needs-overlay
    Scenario Outline: What the cache knows of a layer is <what>
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      And the facts of the cached layers become <what>
      When bundle "more" is created from "oci:{dir}/images:app" with "--rootfs overlay"
      Then it fails by name: {dir}/cache/layers/
      And the hint says "delete the bundles that use it, then run nexcage bundle prune"
      And "bundle verify" of "{dir}/web" succeeds
      When bundle "web" is deleted
      And the cache is pruned
      Then it succeeds
      When bundle "more" is created from "oci:{dir}/images:app" with "--rootfs overlay"
      Then it succeeds

      Examples:
        | what                  |
        | half of it            |
        | an array              |
        | other JSON            |
        | a pipe                |
        | a link to /etc/shadow |

    Scenario Outline: The cache is <what>
      Given "{dir}/cache" becomes <what>
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it fails by name: {dir}/cache
      And bundle "web" does not exist
      When the cache is pruned
      Then it fails by name: {dir}/cache
      Given file or directory "{dir}/cache" is removed

      Examples:
        | what              |
        | a pipe            |
        | a socket          |
        | a link to itself  |
        | another user's    |
        | open to everybody |
