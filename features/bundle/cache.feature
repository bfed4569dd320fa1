@nexcage @root @issue-92
Feature: The cache of layers
  Layers are unpacked once and shared: a second bundle of the same image costs nothing. What no bundle needs can be
  removed, what a bundle needs cannot; and nothing stays mounted that nobody uses.

  Background:
    Given an image "app" of busybox
    And its next layer holds
      """
      file large size=3m fill=noise
      dir  etc mode=0755
      file etc/motd text=hello
      """
    And it runs "cat /etc/motd"
    And it is saved as "oci:{dir}/images:app"

  Rule: A second bundle of the same image copies nothing

    @no-driver @needs-overlay
    Scenario: Two bundles share the layers
      Given the bundle "one" of "oci:{dir}/images:app" with "--rootfs overlay"
      And all that is below "cache" is counted
      When bundle "two" is created from "oci:{dir}/images:app" with "--rootfs overlay"
      Then it succeeds
      And nothing large has come to "cache"
      And bundle "two" is mounted
      And bundle "two" itself takes less than 300 KiB
      And the roots of bundles "one" and "two" are the same

    @no-driver @needs-overlay
    Scenario: An image that shares a layer brings only its own
      Given the bundle "one" of "oci:{dir}/images:app" with "--rootfs overlay"
      And all that is below "cache" is counted
      And its next layer holds
        """
        dir  etc mode=0755
        file etc/issue text=issue
        """
      And it is saved as "oci:{dir}/images:more"
      When bundle "two" is created from "oci:{dir}/images:more" with "--rootfs overlay"
      Then it succeeds
      And nothing large has come to "cache"

    @no-driver
    Scenario: A bundle that is a copy needs no cache
      Given the bundle "one" of "oci:{dir}/images:app" with "--rootfs copy"
      When the cache is pruned
      Then it succeeds
      And the cache is empty
      And bundle "one" is not mounted
      And the root of bundle "one" holds
        """
        file etc/motd text=hello
        """

    Scenario: What one container writes, no other bundle sees
      Given the bundle "one" of "oci:{dir}/images:app" with "-- sh -c 'echo changed >/etc/motd; rm /large'"
      And the bundle "two" of "oci:{dir}/images:app"
      When bundle "one" is run as container "one"
      Then it succeeds
      And the root of bundle "one" holds
        """
        absent large
        """
      When bundle "two" is run as container "two"
      Then it prints "hello"

    @no-driver
    Scenario: Two creations of one image at once
      When bundles "one" and "two" are created from "oci:{dir}/images:app" at the same time
      Then the roots of bundles "one" and "two" are the same

    @no-driver
    Scenario Outline: The same input gives the same bundle with <rootfs>
      Given the variable "SOURCE_DATE_EPOCH" of the caller is "1700000000"
      And a directory "a"
      And a directory "b"
      And the bundle "a/web" of "oci:{dir}/images:app" with "--rootfs <rootfs> --hostname web"
      When bundle "b/web" is created from "oci:{dir}/images:app" with "--rootfs <rootfs> --hostname web"
      Then the roots of bundles "a/web" and "b/web" are the same
      And the files "config.json .nexcage/manifest.mtree" of bundles "a/web" and "b/web" are the same

      Examples:
        | rootfs  |
        | copy    |
        | overlay |

  Rule: Deleting a bundle removes it and its mount

    @no-driver
    Scenario Outline: A bundle made with <rootfs>
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs <rootfs>"
      When bundle "web" is deleted
      Then it succeeds
      And nothing is said
      And bundle "web" does not exist
      And nothing is mounted below "{dir}"
      When the cache is pruned
      Then the cache is empty

      Examples:
        | rootfs  |
        | copy    |
        | overlay |
        | auto    |

    @no-driver
    Scenario: A directory that nexcage did not make stays
      Given a bundle
      And all that is below "{bundle}" is remembered
      When the runtime is called with "bundle delete {bundle}"
      Then it exits with status 2
      And the error is one line
      And the error says "{bundle}"
      And nothing below "{bundle}" has changed

    @no-driver
    Scenario: A file that pretends does not make a directory ours
      Given the tree "home" holds
        """
        file precious text=precious
        file .nexcage/bundle.json text={}
        """
      And all that is below "home" is remembered
      When the runtime is called with "bundle delete {dir}/home"
      Then it exits with status 2
      And the error is one line
      And the error says "{dir}/home"
      And nothing below "home" has changed

    @no-driver
    Scenario: A link to a bundle is not followed
      Given the bundle "web" of "oci:{dir}/images:app"
      And "alias" is a symbolic link to "web"
      When the runtime is called with "bundle delete {dir}/alias"
      Then it fails
      And the error is one line
      And the error says "{dir}/alias"
      And file "web/config.json" exists

    @no-driver
    Scenario: A bundle that is not there
      When the runtime is called with "bundle delete {dir}/nowhere"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/nowhere"

    Scenario: A bundle whose container exists stays until that is deleted
      Given the bundle "web" of "oci:{dir}/images:app" with "-- sleep 100"
      When bundle "web" is created as container "web"
      And bundle "web" is deleted
      Then it exits with status 1
      And the error is one line
      And the error says "container "web""
      And container "web" stays created
      When container "web" is started
      And bundle "web" is deleted
      Then it exits with status 1
      And container "web" stays running
      When container "web" is deleted by force
      And bundle "web" is deleted
      Then it succeeds
      And bundle "web" does not exist

  @no-driver
  Rule: Pruning removes what nobody needs, and nothing else

    Scenario: Layers in use stay, unused ones go
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      When the cache is pruned
      Then it succeeds
      And the cache is not empty
      And the root of bundle "web" holds
        """
        file etc/motd text=hello
        """
      When bundle "web" is deleted
      And the cache is pruned
      Then it succeeds
      And the cache is empty

    Scenario: The layers of a bundle whose mount is gone stay
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      When the root of bundle "web" is unmounted by hand
      And the cache is pruned
      Then it succeeds
      And the cache is not empty

    Scenario: The layers of a bundle that was removed by hand go
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      When the root of bundle "web" is unmounted by hand
      And the shell runs "rm -r {dir}/web; "$@"" with the runtime as its arguments "bundle prune"
      Then it succeeds
      And the cache is empty

    Scenario: Without a cache there is nothing to do
      When the cache is pruned
      Then it succeeds

  Rule: A mount that is gone comes back

    @needs-overlay
    Scenario Outline: <verb> after a reboot of the machine
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      When the root of bundle "web" is unmounted by hand
      And bundle "web" is <done> as container "web"
      Then it succeeds
      And bundle "web" is mounted

      Examples:
        | verb   | done    |
        | run    | run     |
        | create | created |

    @needs-overlay
    Scenario: What a container wrote before the reboot is still there
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay -- sh -c 'echo again >>/etc/motd; cat /etc/motd'"
      When bundle "web" is run as container "web"
      And the root of bundle "web" is unmounted by hand
      And bundle "web" is run as container "web"
      Then it prints 2 lines

    @needs-overlay
    Scenario: A bundle whose layers are gone says so
      Given the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay"
      When the root of bundle "web" is unmounted by hand
      And the shell runs "rm -r {dir}/cache; "$@"" with the runtime as its arguments "version"
      And bundle "web" is run as container "web"
      Then it fails
      And the error is one line
      And the error says "the cache has lost "
      And the hint says "make the bundle again"
      And nothing is left behind

  @no-driver
  Rule: A cache that others can write is not used

    Scenario Outline: Not used: <what>
      Given a directory "cache"
      And "cache" has mode <mode>
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs overlay"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/cache"
      And nothing of bundle "web" is left

      Examples:
        | what                                 | mode |
        | A cache that everybody can write     | 777  |
        | A cache that everybody can add to    | 1777 |
        | A cache that a group can write       | 770  |

    Scenario: A cache of somebody else
      Given an ordinary user has the directory "cache"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs overlay"
      Then it exits with status 1
      And the error is one line
      And the error says "{dir}/cache"
      And nothing of bundle "web" is left
