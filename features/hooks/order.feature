@oci @root @issue-88
Feature: Hooks: programs of the operator in a container's life
  A bundle lists programs that the runtime runs at certain moments: while it creates the container, when the container
  starts, and after it was deleted. Each one reads the state of the container from its standard input.

  Rule: Each hook runs at its moment

    Scenario Outline: <kind> runs in create
      Given a bundle that runs "sleep 100"
      And its config.json has a <kind> hook that notes "<kind>"
      When container "web" is created
      Then it succeeds
      And the hooks have noted "<kind>"

      Examples:
        | kind            |
        | prestart        |
        | createRuntime   |
        | createContainer |

    Scenario: startContainer runs in start, not before
      Given a bundle that runs "sleep 100"
      And its config.json has a startContainer hook that notes "startContainer"
      When container "web" is created
      Then no hook has noted anything
      When container "web" is started
      Then it succeeds
      And the hooks have noted "startContainer"

    Scenario: poststart has run when start is done
      Given a bundle that runs "sleep 100"
      And its config.json has a poststart hook that notes "poststart"
      And a running container "web"
      Then the hooks have noted "poststart"

    Scenario: poststop runs in delete, not before
      Given a bundle that runs "true"
      And its config.json has a poststop hook that notes "poststop"
      And a created container "web"
      When container "web" is started
      And the program of container "web" has ended
      Then no hook has noted anything
      When container "web" is deleted
      Then it succeeds
      And the hooks have noted "poststop"

  Rule: Hooks run in the order of a container's life, and of the list

    Scenario: From create to delete
      Given a bundle that runs "sleep 100"
      And its config.json has a poststop hook that notes "poststop"
      And its config.json has a startContainer hook that notes "startContainer"
      And its config.json has a createContainer hook that notes "createContainer"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And its config.json has a prestart hook that notes "prestart"
      When container "web" is created
      Then the hooks have noted "prestart createRuntime createContainer"
      When container "web" is started
      Then the hooks have noted "prestart createRuntime createContainer startContainer"
      When container "web" is deleted by force
      Then the hooks have noted "prestart createRuntime createContainer startContainer poststop"

    Scenario: Several hooks of one kind
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that notes "first"
      And its config.json has a createRuntime hook that notes "second"
      And its config.json has a createRuntime hook that notes "third"
      When container "web" is created
      Then the hooks have noted "first second third"

    Scenario: A container in the foreground has them all
      Given a bundle that runs "true"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is run
      Then it succeeds
      And the hooks have noted "createRuntime poststop"

  Rule: The program begins after startContainer

    Scenario: What startContainer prepared is there for the program
      Given a bundle that runs "cat /tmp/prepared"
      And its config.json has a startContainer hook that runs "echo by the hook >/tmp/prepared"
      When container "web" is run
      Then it prints "by the hook"
