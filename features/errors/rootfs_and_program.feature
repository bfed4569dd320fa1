@nexcage @root @issue-cli @issue-88
Feature: A root, a mount source or a program that is not there
  What config.json names on the host and in the root is looked up before anything is made, because both drivers
  would find out late and in words of their own. What mounts or hooks may still put there is left to the driver.

  Rule: The root has to be a directory

    Scenario: The root is missing
      Given a bundle
      And file or directory "{rootfs}" is removed
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.root.path: "{rootfs}" does not exist"
      And nothing is left behind

    Scenario: The root is a file
      Given a bundle
      And file or directory "{rootfs}" is removed
      And a file "{rootfs}" that says "no directory"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.root.path: "{rootfs}" is not a directory"
      And nothing is left behind

    Scenario: The root is a link that leads nowhere
      Given a bundle
      And its root has a symbolic link "nowhere" to "/no/such/place"
      And its config.json has $.root.path set to "rootfs/nowhere"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.root.path: "{rootfs}/nowhere" is a link that leads nowhere"
      And nothing is left behind

  Rule: The source of a bind mount has to exist

    Scenario: A bind mount of what does not exist
      Given a bundle
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "/no/such/data", "options": ["bind"]}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5]: "/no/such/data" on "/data": the source does not exist"
      And the hint says "take the mount of "/data" out of config.json"
      And nothing is left behind

    Scenario: A bind mount without a source
      Given a bundle
      And its config.json has the mount {"destination": "/data", "options": ["rbind"]}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5].source: is required for a bind mount"

    Scenario: A relative source begins at the bundle
      Given a bundle that runs "cat /etc/data"
      And a file "{bundle}/data" that says "from the bundle"
      And its config.json has the mount {"destination": "/etc/data", "type": "bind", "source": "data", "options": ["bind"]}
      When container "web" is run
      Then it prints "from the bundle"

  Rule: The program has to be in the root, where that can be known

    Scenario: A program that is on no directory of PATH
      Given a bundle that runs "nosuchprogram"
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.process.args[0]: executable file "nosuchprogram" not found in $PATH"
      And nothing is left behind

    Scenario: A program whose path does not exist
      Given a bundle that runs "/no/such/program"
      When container "web" is run
      Then it exits with status 2
      And the error is the line "nexcage: run: config.json: $.process.args[0]: "/no/such/program": no such file or directory in the rootfs"
      And nothing is left behind

    Scenario: The host's programs do not count
      Given a bundle
      And its root has a symbolic link "bin/out" to "../../../../../../../../usr/bin/python3"
      And its config.json has $.process.args set to the JSON ["/bin/out"]
      When container "web" is created
      Then it exits with status 2
      And the error says "$.process.args[0]: "/bin/out": no such file or directory in the rootfs"
      And nothing is left behind

    Scenario: A program that is executed in a running container and does not exist
      Given a running container "web"
      When "nosuchprogram" is executed in container "web"
      Then it exits with status 1
      And the error says "nexcage: exec: executable file "nosuchprogram" not found in $PATH"
      And container "web" stays running

    Scenario: A program that a mount brings is no error
      Given a bundle that runs "/opt/tool"
      And its root has a directory "opt"
      And a directory "tools"
      And a file "tools/tool" that reads
        """
        #!/bin/sh
        echo brought by a mount
        """
      And "tools/tool" has mode 755
      And its config.json has the mount {"destination": "/opt", "type": "bind", "source": "{dir}/tools", "options": ["bind"]}
      When container "web" is run
      Then it prints "brought by a mount"

  Rule: A terminal needs somebody who holds it

    Scenario Outline: <verb> of a program with a terminal, and no console socket
      Given the bundle "terminal"
      When the runtime is called with "<verb> --bundle {bundle} web"
      Then it exits with status 2
      And the error is the line "nexcage: <name>: config.json: $.process.terminal: is true, but nobody would hold the terminal"
      And the hint says "--console-socket"
      And nothing is left behind

      Examples:
        | verb         | name   |
        | create       | create |
        | run --detach | run    |

    Scenario: A console socket for a program without a terminal
      Given a bundle
      When container "web" is created with "--console-socket {dir}/console"
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.process.terminal: must be true when --console-socket is given"
      And nothing is left behind
