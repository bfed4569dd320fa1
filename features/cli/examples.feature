@nexcage @root @issue-cli
Feature: The examples of --help
  Each verb's help ends with examples. They are run as they stand there, in a directory that has what they name: a
  bundle web, and a container web where one is spoken of.

  @crun
  Rule: About a container

    Scenario Outline: Examples of <verb>
      Given a bundle that runs the script "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"
      And the examples have a place where their files are
      When each example of "<verb>" is run with container web <status>
      Then each of them has done what it says

      Examples:
        | verb     | status  |
        | create   | none    |
        | start    | created |
        | state    | running |
        | kill     | running |
        | delete   | stopped |
        | pause    | running |
        | resume   | paused  |
        | ps       | running |
        | list     | running |
        | events   | running |
        | stop     | running |
        | logs     | running |
        | features | none    |
        | route    | none    |

    @cgroup-memory @cgroup-cpu
    Scenario: Examples of update
      Given a bundle that runs the script "echo ready; sleep 100"
      And the examples have a place where their files are
      When each example of "update" is run with container web running
      Then each of them has done what it says

    Scenario: Examples of exec, of which one wants a terminal
      Given a bundle that runs the script "sleep 100"
      And the examples have a place where their files are
      And a running container "web"
      When each example of "exec" is run as a dry run
      Then each of them has done what it says

    Scenario: Examples of run, of which one waits for the end
      Given a bundle that runs the script "sleep 100"
      And the examples have a place where their files are
      When each example of "run" is run as a dry run
      Then each of them has done what it says

  @runc
  Rule: About saving a container to disk

    Scenario: Examples of checkpoint
      Given a bundle that runs the script "sleep 100"
      And the examples have a place where their files are
      And a running container "web"
      When each example of "checkpoint" is run as a dry run
      Then each of them has done what it says

    Scenario: Examples of restore
      Given a bundle that runs the script "sleep 100"
      And the examples have a place where their files are
      When each example of "restore" is run as a dry run
      Then each of them has done what it says

  @pct
  Rule: About a container of Proxmox VE

    Scenario Outline: Examples of <verb>, on a node
      Given a bundle that runs the script "sleep 100"
      And its root has a file "var/log/messages" that says "a line"
      And the examples have a place where their files are
      And a running container "web"
      When each example of "<verb>" is run as a dry run
      Then each of them has done what it says

      Examples:
        | verb     |
        | snapshot |
        | rollback |
        | push     |
        | pull     |

  @no-driver
  Rule: About bundles and the host

    Scenario Outline: Examples of <verb>, about the host
      Given the examples have a place where their files are
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/place/new.json"
      When each example of "<verb>" is run
      Then each of them has done what it says

      Examples:
        | verb            |
        | spec            |
        | bundle prune    |
        | bundle template |
        | config show     |
        | config check    |
        | check           |
        | health          |
        | metrics         |
        | repair          |
        | completion      |
        | version         |
        | help            |

    Scenario: Examples of bundle create, but for those that need a network
      Given an image "web" of busybox
      And it is saved as "oci:{dir}/place/image:latest"
      And the examples have a place where their files are
      When each example of "bundle create" without a registry is run
      Then each of them has done what it says

    Scenario Outline: Examples of <verb>, with a bundle that nexcage made
      Given the examples have a place where their files are
      And the examples have the bundle "<name>"
      When each example of "<verb>" is run
      Then each of them has done what it says

      Examples:
        | verb            | name |
        | bundle validate | web  |
        | bundle inspect  | web  |
        | bundle verify   | web  |
        | bundle delete   | box  |

    Scenario: No verb is forgotten
      Then every verb has had its examples run
