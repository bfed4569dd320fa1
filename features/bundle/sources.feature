@nexcage @root @issue-92
Feature: A bundle from anything
  "bundle create --from SOURCE DIR" makes a bundle of a directory, an archive, an image, programs of this machine or
  nothing at all. What it makes runs at once, on every driver.

  Rule: Directories and archives become a root

    Scenario: A directory is copied and runs
      Given the tree "tree" has this machine's busybox
      And the tree "tree" holds
        """
        file etc/motd text=hello mode=0640 uid=5 gid=6
        symlink etc/issue to=motd
        """
      And all that is below "tree" is remembered
      When bundle "web" is created from "dir:{dir}/tree" with "-- /bin/sh -c 'echo it runs'"
      Then it succeeds
      And nothing below "tree" has changed
      And the root of bundle "web" holds
        """
        file etc/motd text=hello mode=0640 uid=5 gid=6
        symlink etc/issue to=motd
        """
      When bundle "web" is run as container "web"
      Then it prints "it runs"

    Scenario: The name of the directory may be anything
      Given the tree "müll und mehr" has this machine's busybox
      When bundle "my web" is created from "dir:{dir}/müll und mehr/" with "-- /bin/sh -c 'echo it runs'"
      Then it succeeds
      When bundle "my web" is run as container "web"
      Then it prints "it runs"

    @needs-zstd
    Scenario Outline: A tarball, <kind>, runs
      Given an image "app" of busybox
      And it is saved as "tar:{dir}/root.<suffix>"
      When bundle "web" is created from "tar:{dir}/root.<suffix>" with "-- sh -c 'echo it runs'"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "it runs"

      Examples:
        | kind               | suffix  |
        | not compressed     | tar     |
        | compressed by gzip | tar.gz  |
        | compressed by xz   | tar.xz  |
        | compressed by zstd | tar.zst |
        | by bzip2           | tar.bz2 |

    @no-driver
    Scenario: A tarball is told by its content, whatever its name says
      Given an image "app" of busybox
      And it is saved as "tar:{dir}/root.tar.gz"
      When the shell runs "mv {dir}/root.tar.gz {dir}/root" with the runtime as its arguments "version"
      And bundle "web" is created from "tar:{dir}/root" with "-- sh"
      Then it succeeds
      And the root of bundle "web" holds
        """
        file bin/busybox mode=0755
        """

    @no-driver
    Scenario: Names of whiteouts are plain names in a tarball
      Given an image "app" without layers
      And its next layer holds
        """
        file etc/.wh.motd text=plain
        """
      And it is saved as "tar:{dir}/root.tar"
      When bundle "web" is created from "tar:{dir}/root.tar" with "-- /bin/sh"
      Then it succeeds
      And the root of bundle "web" holds
        """
        file etc/.wh.motd text=plain
        """

    @no-driver
    Scenario: Nothing at all
      When bundle "web" is created from "scratch" with "-- /init"
      Then it succeeds
      And the config.json of bundle "web" has $.process.args ["/init"]
      And bundle "web" itself takes less than 200 KiB

    @no-driver
    Scenario Outline: Nothing says what a <kind> is to run
      Given the tree "tree" holds
        """
        file etc/motd text=hello
        """
      And an image "app" without layers
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And it is saved as "tar:{dir}/root.tar"
      When bundle "web" is created from "<source>"
      Then it exits with status 2
      And the error is one line
      And the error says "no program to run"
      And the hint says "add -- PROGRAM"
      And nothing of bundle "web" is left

      Examples:
        | kind      | source             |
        | directory | dir:{dir}/tree     |
        | tarball   | tar:{dir}/root.tar |
        | nothing   | scratch            |

  Rule: Programs of this machine come with the libraries they need

    Scenario: A program that is linked dynamically
      When bundle "web" is created from "host:env,sort" with "-- /usr/bin/env -i A=b /usr/bin/env"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "A=b"

    Scenario: Without a source, a small set of this machine's programs
      When bundle "web" is created from nothing that is named
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it succeeds

    @no-driver
    Scenario: A program that this machine has not
      When bundle "web" is created from "host:sh,nosuchprogram"
      Then it exits with status 1
      And the error says "nosuchprogram"
      And the error has the code "source-missing"
      And nothing of bundle "web" is left

  Rule: Images in a layout or an archive

    Scenario Outline: An image <where> runs what it is made for
      Given an image "app" of busybox
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And it runs "cat /etc/motd"
      And it is saved as "<source>"
      When bundle "web" is created from "<source>"
      Then it succeeds
      And it prints something with "2 layers"
      When bundle "web" is run as container "web"
      Then it prints "hello"

      Examples:
        | where                    | source                            |
        | in a layout              | oci:{dir}/images:app              |
        | in a layout without tags | oci:{dir}/images                  |
        | in an OCI archive        | oci-archive:{dir}/app.tar:one     |
        | in a docker archive      | docker-archive:{dir}/app.tar:a:1  |

    @no-driver
    Scenario: What was made is printed as one line, or as JSON
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app" with "--rootfs copy"
      Then it prints a line like "{dir}/web: .*images:app, 1 layer, copy"
      And it prints 1 lines
      When bundle "two" is created from "oci:{dir}/images:app" with "--rootfs copy --format json"
      Then it prints JSON with $.bundle "{dir}/two"
      And it prints JSON with $.source "oci:{dir}/images:app"
      And it prints JSON with $.layers 1
      And it prints JSON with $.rootfs "copy"
      And it prints JSON with $.args ["sh"]
      And it prints JSON with $.digest
      And it prints JSON with $.platform

    @needs-zstd @no-driver
    Scenario Outline: Layers <how>, in the words of <family>
      Given an image "app" of busybox
      And its layers are compressed with <how>
      And its media types are those of <family>
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      And the root of bundle "web" holds
        """
        symlink bin/sh to=busybox
        """

      Examples:
        | how  | family |
        | none | OCI    |
        | gzip | OCI    |
        | zstd | OCI    |
        | none | docker |
        | gzip | docker |

    @no-driver
    Scenario: One of several tags
      Given an image "one" of busybox
      And it runs "echo one"
      And it is saved as "oci:{dir}/images:one"
      And an image "two" of busybox
      And it runs "echo two"
      And it is saved as "oci:{dir}/images:two"
      When bundle "web" is created from "oci:{dir}/images:one"
      Then the config.json of bundle "web" has $.process.args ["sh", "-c", "echo one"]

    @no-driver
    Scenario Outline: <what> names what there is
      Given an image "one" of busybox
      And it is saved as "oci:{dir}/images:one"
      And an image "two" of busybox
      And it is saved as "oci:{dir}/images:two"
      When bundle "web" is created from "<source>"
      Then it exits with status <status>
      And the error is one line
      And the error says "nexcage: bundle create: "
      And the error says "<text>"
      And the error has the code "<code>"
      And nothing of bundle "web" is left

      Examples:
        | what                        | source                  | status | code           | text        |
        | A tag that is not there     | oci:{dir}/images:three  | 1      | source-missing | three       |
        | No tag where there are two  | oci:{dir}/images        | 2      | source-invalid | one         |
        | A layout that is not there  | oci:{dir}/nowhere:one   | 1      | source-missing | nowhere     |
        | An archive that is missing  | oci-archive:{dir}/a.tar | 1      | source-missing | a.tar       |
        | A directory that is missing | dir:{dir}/nowhere       | 1      | source-missing | nowhere     |
        | A tarball that is missing   | tar:{dir}/a.tar         | 1      | source-missing | a.tar       |
        | An unknown kind of source   | zip:{dir}/a.zip         | 2      | source-invalid | zip         |
        | A path without its kind     | {dir}/images            | 2      | source-invalid | --from      |

    @no-driver
    Scenario Outline: The platform is chosen <how>
      Given an image "strange" of busybox
      And it is for the platform "linux/mips64le"
      And it runs "echo strange"
      And an image "own" of busybox
      And it is for the platform "host"
      And it runs "echo own"
      And the images "strange own" are saved as <index> "oci:{dir}/images:all"
      When bundle "web" is created from "oci:{dir}/images:all" with "<options>"
      Then it succeeds
      And the config.json of bundle "web" has $.process.args ["sh", "-c", "echo <chosen>"]

      Examples:
        | how                          | index                | options                   | chosen  |
        | by this machine              | one index            | --rootfs copy             | own     |
        | by name                      | one index            | --platform linux/mips64le | strange |
        | through an index in an index | an index in an index | --rootfs copy             | own     |

    @no-driver
    Scenario Outline: The variant of a processor is chosen: <wanted>
      Given an image "five" of busybox
      And it is for the platform "linux/arm/v5"
      And it runs "echo v5"
      And an image "seven" of busybox
      And it is for the platform "linux/arm/v7"
      And it runs "echo v7"
      And the images "five seven" are saved as one index "oci:{dir}/images:all"
      When bundle "web" is created from "oci:{dir}/images:all" with "--platform <wanted>"
      Then the config.json of bundle "web" has $.process.args ["sh", "-c", "echo <chosen>"]

      Examples:
        | wanted       | chosen |
        | linux/arm/v5 | v5     |
        | linux/arm/v7 | v7     |
