@oci @root @issue-88
Feature: Calls of buildah and CRI-O
  buildah runs each step of a build in a container and polls its state. CRI-O uses conmon and gives signals by name.

  Background:
    Given the caller is set up for the driver under test

  Rule: buildah

    Scenario: One step of a build
      Given a bundle that runs "true"
      When container "buildah-buildah123" is made in directory "{bundle}" by the call "--root {root} create --bundle {bundle} --pid-file {bundle}/pid buildah-buildah123"
      And the bare runtime is called with "--root {root} start buildah-buildah123"
      Then it succeeds
      And container "buildah-buildah123" is stopped
      When the bare runtime is called with "--root {root} delete buildah-buildah123"
      Then it succeeds
      And container "buildah-buildah123" does not exist

    Scenario: A step that cannot be made is explained on standard error
      Given a bundle that runs "/no/such/program"
      When container "step" is made by the call "--debug --root {root} create --bundle {bundle} --pid-file {bundle}/pid step"
      Then it fails
      And the error says "no/such/program"

  Rule: CRI-O

    Scenario Outline: A signal by name: <signal>
      Given a running container "web"
      When the bare runtime is called with "--root {root} kill web <signal>"
      Then it succeeds
      And container "web" is stopped

      Examples:
        | signal  |
        | KILL    |
        | SIGKILL |

    Scenario: An interactive exec is not detached
      Given a running container "web"
      And the process file "session"
        """
        {"args": ["sh", "-c", "echo from inside; exit 5"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}
        """
      When the bare runtime is called with "--root {root} exec --process {dir}/session web"
      Then it exits with status 5
      And it prints "from inside"
