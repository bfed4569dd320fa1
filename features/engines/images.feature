@nexcage @root @issue-92
Feature: Images that other tools wrote
  What docker saves and exports, what skopeo copies and what umoci packs is taken as it is.

  @needs-dockerd
  Rule: docker

    Background:
      Given an image "app" of busybox
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And it runs "cat /etc/motd"
      And the docker daemon has it as "saved:1"

    Scenario: An archive of "docker save" runs
      Given the docker daemon has saved "saved:1" to "saved.tar"
      When bundle "web" is created from "docker-archive:{dir}/saved.tar"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "hello"

    @no-driver
    Scenario: One of several images of "docker save"
      Given an image "other" of busybox
      And it runs "echo other"
      And the docker daemon has it as "saved:2"
      And the docker daemon has saved "saved" to "saved.tar"
      When bundle "web" is created from "docker-archive:{dir}/saved.tar:saved:2"
      Then it succeeds
      And the config.json of bundle "web" has $.process.args ["sh", "-c", "echo other"]
      When bundle "two" is created from "docker-archive:{dir}/saved.tar"
      Then it exits with status 2
      And the error says "several images"

    Scenario: A tarball of "docker export" runs
      Given the docker daemon has exported a container of "saved:1" to "export.tar"
      When bundle "web" is created from "tar:{dir}/export.tar" with "-- cat /etc/motd"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "hello"

    @needs-skopeo
    Scenario Outline: skopeo copies from docker to <target> and it runs
      Given skopeo has copied "saved:1" from the docker daemon to "<target>"
      When bundle "web" is created from "<target>"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "hello"

      Examples:
        | target                            |
        | oci:{dir}/images:app              |
        | oci-archive:{dir}/app.tar:app     |
        | docker-archive:{dir}/app.tar:a:1  |

  @needs-umoci
  Rule: umoci

    Scenario: A layout that umoci packed runs
      Given the tree "tree" has this machine's busybox
      And umoci has packed the tree "tree" into "{dir}/images:app" with the command "/bin/busybox id"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints something with "uid=0"
