@nexcage @root @jail @issue-108
Feature: Hooks of containers on a FreeBSD host
  All six kinds run. A jail has no namespaces to enter half-way: startContainer hooks run in the jail, by the process
  that becomes the program, and all others on the host.

  Rule: Each runs in its place and at its time, with the state on its standard input

    Scenario: From create to delete with all six
      Given a bundle that runs the script "echo program >>/notes/order; exec sleep 100"
      And its config.json has a prestart hook that notes "prestart"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And its config.json has a createContainer hook that notes "createContainer"
      And its config.json has a startContainer hook that notes "startContainer"
      And its config.json has a poststart hook that notes "poststart"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is created
      Then it succeeds
      And the hooks have noted "prestart createRuntime createContainer"
      And the hook "prestart" was given a state with $.id "web"
      And the hook "createRuntime" was given a state with $.status "creating"
      And the hook "createContainer" was given a state with $.bundle "{bundle}"
      When container "web" is started
      Then it succeeds
      And the hook "startContainer" was given a state with $.status "created"
      And the hook "startContainer" was given the first process of container "web"
      And the hook "poststart" was given a state with $.status "running"
      And the hook "poststart" was given the first process of container "web"
      When container "web" is deleted by force
      Then it succeeds
      And the hook "poststop" was given a state with $.status "stopped"
      And the hook "poststop" was given a state with $.pid 0
      And file "notes/order" contains "startContainer"
      And file "notes/order" contains "program"
      And nothing is left on the host

    Scenario: The jail is there for hooks on the host, its process is not
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that runs "echo $0 >{dir}/seen; ls {rootfs}/bin/sh {root}/web >>{dir}/seen"
      And its config.json has a startContainer hook that runs "ls -d /rootfs {dir} 2>/dev/null; ls / >/tmp-of-the-jail"
      And a running container "web"
      Then file "seen" contains "{rootfs}/bin/sh"
      And file "seen" contains "jail.json"
      And file "{rootfs}/tmp-of-the-jail" contains "bin"

    Scenario: run has them all
      Given a bundle that runs "true"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And its config.json has a poststart hook that notes "poststart"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is run
      Then it succeeds
      And the hooks have noted "createRuntime poststart poststop"
      And nothing is left on the host

  Rule: One that fails before the program undoes create, and poststop hooks take back what the others did

    Scenario Outline: A <kind> hook fails
      Given a bundle that runs "sleep 100"
      And its config.json has a <kind> hook that notes "first"
      And its config.json has a <kind> hook that notes "second" and fails with status 3
      And its config.json has a <kind> hook that notes "third"
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: <kind> hook {dir}/note: exit status 3: hook second says no"
      And the hooks have noted "first second poststop"
      And the hook "poststop" was given a state with $.status "stopped"
      And container "web" does not exist
      And the host has no jail
      And the root of container "web" holds what it held before
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | kind            |
        | prestart        |
        | createRuntime   |
        | createContainer |

    Scenario: A create that fails before its hooks runs none
      Given a bundle that runs "sleep 100"
      And its config.json has a createRuntime hook that notes "createRuntime"
      And its config.json has a poststop hook that notes "poststop"
      And the host's "jail -c" will fail with "jail: the moon is full"
      When container "web" is created
      Then it fails
      And no hook has noted anything

    Scenario Outline: A hook that <fault>
      Given a bundle that runs "sleep 100"
      And its config.json has $.hooks.createRuntime set to the JSON [<hook>]
      When container "web" is created
      Then it exits with status 1
      And it has taken less than 5 seconds
      And the error is the line "nexcage: create: createRuntime hook <message>"
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | fault          | hook                                                          | message                                                |
        | does not exist | {"path": "/no/such"}                                          | such: cannot start /no/such: nothing is there |
        | takes too long | {"path": "/bin/sleep", "args": ["sleep", "9"], "timeout": 1}  | sleep: /bin/sleep 9 did not end within 1 s             |

  Rule: One that fails in start ends the container

    Scenario: A startContainer hook fails
      Given a bundle that runs the script "echo ran >/ran"
      And its config.json has a startContainer hook that notes "startContainer" and fails with status 3
      And its config.json has a poststart hook that notes "poststart"
      And a created container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: startContainer hook /bin/note: exit status 3: hook startContainer says no"
      And container "web" stays stopped
      And the jail of container "web" has 0 processes
      And the hooks have noted "startContainer"
      And file "{rootfs}/ran" does not exist
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

    Scenario: A poststart hook fails
      Given a bundle that runs the script "sleep 300 & exec sleep 100"
      And its config.json has a poststart hook that notes "poststart" and fails with status 3
      And a created container "web"
      When container "web" is started
      Then it exits with status 1
      And the error is the line "nexcage: start: poststart hook {dir}/note: exit status 3: hook poststart says no: the container is stopped"
      And container "web" stays stopped
      And the jail of container "web" has 0 processes
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the host

    Scenario Outline: A <kind> hook fails in run <options>
      Given a bundle that runs "sleep 100"
      And its config.json has a <kind> hook that notes "no" and fails with status 3
      And its config.json has a poststop hook that notes "poststop"
      When container "web" is run with "<options>"
      Then it exits with status 1
      And the error says "hook no says no"
      And the error is one line
      And the hooks have noted "no poststop"
      And container "web" does not exist
      And nothing is left on the host
      And nothing is left behind

      Examples:
        | kind           | options              |
        | startContainer | --stdio null         |
        | poststart      | --stdio null         |
        | poststart      | --stdio log --detach |

  Rule: A poststop hook that fails keeps nothing

    Scenario: Two poststop hooks, of which the first fails
      Given a bundle that runs "sleep 100"
      And its config.json has a poststop hook that notes "first" and fails with status 3
      And its config.json has a poststop hook that notes "second"
      And a created container "web"
      When container "web" is deleted
      Then it succeeds
      And it warns "poststop hook {dir}/note: exit status 3: hook first says no"
      And the hooks have noted "first second"
      And container "web" does not exist
      And nothing is left on the host
      And nothing is left behind
