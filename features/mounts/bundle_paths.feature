@root @issue-88 @issue-mounts
Feature: Where a bundle lies
  A bundle is found by whatever name leads to it, and its config.json is read once, when the container is made. Nothing
  looks for it afterwards, or at any other place: not below the name of a template, nor in the working directory.

  @oci
  Rule: Every name of a bundle's directory works

    Scenario Outline: A bundle named <how>
      Given a bundle that runs "sleep 100"
      And the bundle is moved to "<place>"
      And a file "{bundle}/extra/note" that says "from the bundle"
      And a directory "elsewhere"
      And "link" is a symbolic link to "{bundle}"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "extra", "options": ["bind", "ro"]}
      And its config.json has the mount {"destination": "/srv", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k"]}
      And the mounts of the host are kept in mind
      When container "web" is made in "<directory>" by "create <arguments>"
      Then it succeeds
      When container "web" is started
      Then container "web" is running
      And container "web" has the mounts of its config.json, with their options, in their order
      When "cat /data/note" is executed in container "web"
      Then it prints "from the bundle"
      When container "web" is deleted by force
      Then it succeeds
      And no mount of container "web" is left

      Examples:
        | how                            | place         | directory       | arguments                  |
        | by an absolute path            | web           | elsewhere       | --bundle {bundle} web      |
        | by a path with a slash after   | web           | elsewhere       | --bundle {bundle}/ web     |
        | by a relative path             | web           | {dir}           | --bundle web web           |
        | by a relative path and a slash | web           | {dir}           | --bundle ./web// web       |
        | by the way up                  | web           | elsewhere       | --bundle ../web web        |
        | by the directory itself        | web           | {bundle}        | --bundle . web             |
        | by no word                     | web           | {bundle}        | web                        |
        | from a directory in it         | web           | {bundle}/rootfs | --bundle .. web            |
        | by a link                      | deep/web      | {dir}           | --bundle link web          |
        | by a link and a slash          | deep/web      | {dir}           | --bundle link/ web         |
        | through a link and up again    | deep/web      | {dir}           | --bundle link/../web web   |
        | in a link's directory          | deep/web      | link            | --bundle ../web web        |
        | with blanks and UTF-8          | a b/ü – 箱 $x | {dir}           | --bundle 'a b/ü – 箱 $x' web |
        | in a directory with UTF-8      | a b/ü – 箱 $x | {bundle}        | --bundle . web             |

  @nexcage
  Rule: Each form of the command finds config.json in the bundle

    Scenario Outline: The bundle of "<arguments>"
      Given a bundle that runs "sleep 100"
      And the bundle is moved to "a b/ü"
      And a file "{bundle}/extra/note" that says "from the bundle"
      And a file "ubuntu-24.04.tar.zst" that says "a template"
      And a directory "web"
      And "link" is a symbolic link to "{bundle}"
      And its config.json has $.ociVersion set to "<version>"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "extra", "options": ["bind"]}
      And the mounts of the host are kept in mind
      When container "web" is made in "{dir}" by "<arguments>"
      Then it succeeds
      And the state of container "web" has $.bundle "{dir}/<named>"
      And container "web" has the mounts of its config.json, with their options, in their order
      When "cat /data/note" is executed in container "web"
      Then it prints "from the bundle"
      When the bundle is moved to "moved"
      And container "web" is deleted by force
      Then it succeeds
      And no mount of container "web" is left

      Examples:
        | arguments                                  | version | named |
        | run --detach --bundle 'a b/ü/' web         | 1.0.2   | a b/ü |
        | run --detach --image 'a b/ü' --name web    | 1.0.2   | a b/ü |
        | run --detach --name web --image link/      | 1.2.0   | link  |
        | run --detach web 'a b/ü/'                  | 1.2.0   | a b/ü |
        | run --detach web link                      | 1.0.2   | link  |
        | run --detach --bundle link/../ü web        | 1.2.0   | a b/ü |

    Scenario Outline: A bundle without config.json by "<arguments>"
      Given a bundle that runs "sleep 100"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "rootfs", "options": ["bind"]}
      And a directory "empty bundle"
      And a directory "ubuntu-24.04"
      When container "web" is made in "{bundle}" by "<arguments>"
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: does not exist in {dir}/empty bundle"
      And container "web" does not exist

      Examples:
        | arguments                                   |
        | create --bundle '../empty bundle/' web      |
        | create --image '../empty bundle' --name web |
        | create web '../empty bundle'                |

  @nexcage
  Rule: After create, nothing in the bundle is looked for again

    Scenario Outline: <change> between create and start
      Given a bundle that runs "sleep 100"
      And a file "{bundle}/extra/note" that says "from the bundle"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "extra", "options": ["bind"]}
      And the mounts of the host are kept in mind
      And a created container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When <change>
      And container "web" is started
      Then it succeeds
      And container "web" is running
      When "cat /data/note" is executed in container "web"
      Then it prints "from the bundle"
      When container "web" is deleted by force
      Then it succeeds
      And no mount of container "web" is left

      Examples:
        | change                                              |
        | the bundle's config.json is removed                 |
        | the bundle's config.json is made to say "{"         |
        | the bundle is changed to run "false"                |

    Scenario: The bundle is moved to another place between create and start
      Given a bundle that runs the script "cat /data/note; exec sleep 100"
      And a file "{bundle}/extra/note" that says "from the bundle"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "extra", "options": ["bind"]}
      And the mounts of the host are kept in mind
      And a created container "web"
      Then container "web" has the mounts of its config.json, with their options, in their order
      When the bundle is moved to "another place"
      And container "web" is started
      Then it succeeds
      And container "web" is running
      And the output of container "web" is "from the bundle"
      When container "web" is deleted by force
      Then it succeeds
      And no mount of container "web" is left

    @crun
    Scenario: Executing after the bundle was moved
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When the bundle is moved to "another place"
      And "cat /etc/passwd" is executed in container "web"
      Then it succeeds

    @runc
    Scenario: Executing after the bundle was moved, where the driver needs its root
      Given a bundle that runs "sleep 100"
      And a running container "web"
      When the bundle is moved to "another place"
      And "cat /etc/passwd" is executed in container "web"
      Then it exits with status 1
      And the error says "runc exec needs the root file system where it was at create, but it has been moved or removed"
      And the hint says "move the bundle back"
