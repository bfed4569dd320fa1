@nexcage @root @issue-cli
Feature: One truth, whoever asks
  State and list say the same at the same moment, through the launcher's short cut and without it, while other
  commands make and remove containers, and after a boot.

  Rule: The short cut and the program agree

    Scenario Outline: A container that is <status>
      Given a <status> container "web"
      Then the program says the same state of container "web" as the launcher

      Examples:
        | status  |
        | created |
        | running |
        | stopped |

    @cgroup-freezer
    Scenario: A container that is paused
      Given a paused container "web"
      Then the program says the same state of container "web" as the launcher

    Scenario: The order of the options does not matter to the short cut
      Given a running container "web"
      When the bare runtime is called with "state --root={root} web"
      Then it succeeds
      And it prints JSON with $.status "running"

    Scenario: An annotation that looks like the state's own lines
      Given a bundle
      And its config.json has $.annotations["org.example.trick"] set to ""status": "stopped", "pid": 1,"
      And a running container "web"
      Then the program says the same state of container "web" as the launcher
      And the state of container "web" has $.status "running"
      And the state of container "web" has $.annotations["org.example.trick"] "\"status\": \"stopped\", \"pid\": 1,"

  Rule: The state tells who made the container, and when

    Scenario: Owner, time, driver and root
      Given a created container "web"
      Then the state of container "web" has $.created
      And the state of container "web" has $.driver
      And the state of container "web" has $.owner "root"
      And the state of container "web" has $.rootfs "{rootfs}"

  Rule: Listing goes on while containers come and go

    Scenario: Ten containers are created and deleted meanwhile
      Given a running container "steady"
      Then listing never fails while 10 containers are created and deleted

  Rule: A container of an earlier boot leaves no trace that hinders a new one

    Scenario: Deleting and creating again after a boot
      Given a stopped container "web"
      And the record of container "web" has $.boot_id "earlier"
      When the runtime is called with "ps web"
      Then it exits with status 1
      And the error says "that is stopped: container not running"
      When the runtime is called with "--debug delete web"
      Then it succeeds
      And nothing of container "web" is left behind
      When container "web" is created
      Then it succeeds
      And container "web" is created
