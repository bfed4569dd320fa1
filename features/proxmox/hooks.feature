@nexcage @root @pct @issue-87 @needs-lxc
Feature: Hooks of containers of a Proxmox VE node
  Hooks after the start and after the end are run by nexcage around the node's own verbs. Those that have to run
  before the program begins cannot be: the node starts it at once.

  Rule: poststart and poststop run, with the state on their standard input

    Scenario: From start to delete on the node
      Given a bundle
      And its config.json has a poststart hook that notes "poststart"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is created
      Then it succeeds
      And no hook has noted anything
      When container "web" is started
      Then it succeeds
      And the hooks have noted "poststart"
      And the hook "poststart" was given a state with $.id "web"
      And the hook "poststart" was given a state with $.status "running"
      And the hook "poststart" was given the first process of container "web"
      When container "web" is deleted by force
      Then it succeeds
      And the hooks have noted "poststart poststop"
      And the hook "poststop" was given a state with $.status "stopped"
      And the hook "poststop" was given a state with $.pid 0

  Rule: A poststart hook that fails ends the container

    Scenario: poststart fails on the node
      Given a bundle
      And its config.json has a poststart hook that notes "no" and fails with status 3
      And a created container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: container "web" is stopped: its poststart hook {dir}/note: exit status 3: hook no says no"
      And container "web" stays stopped
      And no process of container "web" is left

    Scenario: A run whose poststart hook fails
      Given a bundle
      And its config.json has a poststart hook that notes "no" and fails with status 3
      When container "web" is run
      Then it exits with status 1
      And the error is the line "nexcage: run: container "web" is stopped: its poststart hook {dir}/note: exit status 3: hook no says no"
      And container "web" does not exist
      And nothing is left on the node

  Rule: A poststop hook that fails keeps nothing

    Scenario: poststop fails on the node
      Given a bundle
      And its config.json has a poststop hook that notes "first" and fails with status 3
      And its config.json has a poststop hook that notes "second"
      And a created container "web"
      When container "web" is deleted
      Then it succeeds
      And it warns "poststop hook {dir}/note: exit status 3"
      And the hooks have noted "first second"
      And nothing is left on the node

  Rule: Hooks before the start are refused by name

    Scenario Outline: A <kind> hook on the node
      Given a bundle
      And its config.json has a <kind> hook that notes "<kind>"
      When container "web" is created
      Then it exits with status 2
      And the error says "nexcage: create: config.json: $.hooks.<kind>: not supported by pct"
      And no hook has noted anything
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | kind            |
        | prestart        |
        | createRuntime   |
        | createContainer |
        | startContainer  |
