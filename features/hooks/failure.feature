@oci @root @issue-88
Feature: Hooks that fail
  A hook that runs before the program decides over it: when it fails, the container does not come to be, and nothing
  of it is left.

  Rule: A hook that fails in create undoes create

    Scenario Outline: <kind> fails
      Given a bundle that runs "sleep 100"
      And its config.json has a <kind> hook that notes "<kind>" and fails with status 3
      When container "web" is created
      Then it fails
      And the hooks have noted "<kind>"
      And container "web" does not exist
      And the cgroup of container "web" is gone
      And no process of container "web" is left
      And nothing is mounted below "{bundle}"

      Examples:
        | kind            |
        | prestart        |
        | createRuntime   |
        | createContainer |

    Scenario: The hooks after a failure do not run
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that notes "first"
      And its config.json has a createRuntime hook that notes "second" and fails with status 1
      And its config.json has a createRuntime hook that notes "third"
      And its config.json has a createContainer hook that notes "createContainer"
      When container "web" is created
      Then it fails
      And the hooks have noted "first second"

    Scenario: A hook that does not exist
      Given a bundle that runs "sleep 100"
      And its config.json has $.hooks.createRuntime set to the JSON [{"path": "/no/such/hook"}]
      When container "web" is created
      Then it fails
      And container "web" does not exist
      And the cgroup of container "web" is gone

    Scenario: After a failure the id is free
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that notes "no" and fails with status 1
      When container "web" is created
      Then it fails
      Given its config.json has no $.hooks
      When container "web" is created
      Then it succeeds

  Rule: A hook that fails in start keeps the program from beginning

    Scenario: startContainer fails
      Given a bundle that runs the script "echo the program ran >/data/ran"
      And its config.json has a startContainer hook that notes "startContainer" and fails with status 3
      And a created container "web"
      When container "web" is started
      Then container "web" is stopped
      And the hooks have noted "startContainer"
      And file "{rootfs}/data/ran" does not exist

    Scenario: startContainer fails in run
      Given a bundle that runs the script "echo the program ran"
      And its config.json has a startContainer hook that notes "startContainer" and fails with status 3
      When container "web" is run
      Then it fails
      And nothing is printed
      And container "web" does not exist

  Rule: A hook that takes longer than its timeout has failed

    Scenario: A hook that hangs
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that runs "exec sleep 20"
      And its config.json has $.hooks.createRuntime[0].timeout set to the JSON 1
      When container "web" is created
      Then it fails
      And it has taken less than 5 seconds
      And container "web" does not exist
      And the cgroup of container "web" is gone

    Scenario: A hook within its timeout
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that runs "echo in time >{dir}/seen"
      And its config.json has $.hooks.createRuntime[0].timeout set to the JSON 5
      When container "web" is created
      Then it succeeds
      And file "seen" says "in time"
