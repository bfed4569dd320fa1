@oci @root @issue-88
Feature: Create a container
  `create` makes everything that a container needs, its namespaces, mounts and cgroup, and holds its program
  back: nothing of the user's runs before `start`. What it was made from is fixed from then on.

  Rule: A created container exists, but its program has not begun

    Scenario: Creating a container from a bundle
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Then it succeeds
      And nothing is printed
      And container "web" is created
      And the state of container "web" names its first process
      And "sleep 100" does not run in container "web"

    Scenario: The bundle is the working directory when no other is named
      Given a bundle that runs "echo from here"
      When container "web" is created from the bundle's directory
      And container "web" is started
      Then the output of container "web" is "from here"

    Scenario: The program writes to what create was given as its output
      Given a bundle that runs the script "echo to stdout; echo to stderr >&2"
      When container "web" is created
      And container "web" is started
      Then the output of container "web" is "to stdout"

    Scenario: A container gets the cgroup that its bundle names
      When container "web" is created
      Then the cgroup of container "web" exists

    Scenario: Later changes of config.json change nothing
      Given a bundle that runs "echo as created"
      When container "web" is created
      And the bundle is changed to run "echo as changed"
      And container "web" is started
      Then the output of container "web" is "as created"

  Rule: The pid file holds the number of the container's first process before create returns

    Scenario: Asking for a pid file
      When container "web" is created with "--pid-file {dir}/web.pid"
      Then it succeeds
      And the file "web.pid" names the first process of container "web"

  Rule: An id belongs to one container at a time

    Scenario: Creating a second container with an id that is in use
      Given a created container "web"
      When container "web" is created
      Then it fails
      And the error says "exist"
      And container "web" stays created

    Scenario: Creating again after deleting
      Given a created container "web"
      When container "web" is deleted by force
      And container "web" is created
      Then it succeeds
      And container "web" is created

    Scenario Outline: The id <id> is accepted
      When container "<id>" is created
      Then it succeeds
      And container "<id>" is created

      Examples:
        | id                                                               |
        | a                                                                |
        | web-1.example_org+blue                                           |
        | 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef |

    Scenario: An id is a name, not a path
      When container "a/b" is created
      Then it fails
      And the cgroup of container "a/b" is gone

    @nexcage @issue-cli
    Scenario Outline: An id that cannot be one is refused: <why>
      When container "<id>" is created
      Then it exits with status 2
      And the error says "nexcage: create: invalid container id "<id>""
      And the cgroup of container "<id>" is gone

      Examples:
        | id    | why                |
        | ..    | the parent         |
        | .     | the root itself    |
        | a/b   | a path             |
        | a b   | a blank            |
        | a~b   | not a safe letter  |

  Rule: A create that fails leaves nothing behind

    Scenario: Creating from a bundle without config.json
      Given a bundle
      And its config.json is missing
      When container "web" is created
      Then it fails
      And container "web" does not exist

    Scenario: Creating from a config.json that is not JSON
      Given a bundle
      And its config.json reads
        """
        { "ociVersion": "1.0.2",
        """
      When container "web" is created
      Then it fails
      And container "web" does not exist

    Scenario: Creating from a bundle without a root directory
      Given a bundle
      And file or directory "{rootfs}" is removed
      When container "web" is created
      Then it fails
      And container "web" does not exist

    Scenario: Creating a container for a program that does not exist
      Given a bundle that runs "/no/such/program"
      When container "web" is created
      Then it fails
      And the error says "no/such/program"
      And container "web" does not exist
      And the cgroup of container "web" is gone

  Rule: Containers do not get in each other's way

    Scenario: Two containers from different bundles
      Given a bundle that runs "sleep 100"
      When container "web" is created
      Given a second bundle "other" that runs "sleep 200"
      When container "db" is created
      And all containers are started
      Then "sleep 100" runs in container "web"
      And "sleep 200" runs in container "db"
      When container "web" is deleted by force
      Then container "web" does not exist
      And container "db" stays running

    Scenario: Twenty containers at the same time
      Given a bundle that runs "sleep 100"
      When 20 containers are created at the same time
      Then all containers are created
      And 20 containers have a process of their own
      When all containers are started
      Then all containers are running
      When all containers are deleted by force
      Then 20 containers do not exist any more
