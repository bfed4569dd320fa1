@nexcage @root @issue-cli
Feature: Verbs for beginnings and ends
  `spec` writes a config.json to start from, `run --detach` and `run --keep` leave the container, `checkpoint` and
  `restore` are handed to a driver that has them.

  Rule: spec writes a bundle that runs, and never over another

    Scenario: The default config runs in a root with a shell
      Given a directory "fresh"
      When the bare runtime is called in directory "fresh" with "spec"
      Then it succeeds
      And nothing is said
      And file "fresh/config.json" contains "ociVersion"
      When the bare runtime is called with "--root {root} --runtime runc --dry-run create --bundle {dir}/fresh web"
      Then it exits with status 2
      And the error says "$.root.path: "{dir}/fresh/rootfs" does not exist"

    Scenario: Into another directory
      Given a directory "fresh"
      When the runtime is called with "spec --bundle {dir}/fresh"
      Then it succeeds
      And file "fresh/config.json" contains "RLIMIT_NOFILE"

    Scenario: For a user without root
      Given a directory "fresh"
      When the runtime is called with "spec --rootless --bundle {dir}/fresh"
      Then it succeeds
      And file "fresh/config.json" contains "uidMappings"

    Scenario: A config.json that is there stays
      Given a bundle
      And all that is below "{dir}/bundle" is remembered
      When the runtime is called with "spec --bundle {bundle}"
      Then it exits with status 1
      And the error is the line "nexcage: spec: {bundle}/config.json already exists"
      And nothing below "{dir}/bundle" has changed

    Scenario: Into a directory that does not exist
      When the runtime is called with "spec --bundle {dir}/nowhere"
      Then it exits with status 2
      And the error says "directory {dir}/nowhere does not exist"

  Rule: A container that run leaves

    Scenario: In the background until it is deleted
      Given a bundle that runs "sleep 100"
      When container "web" is run with "--detach --pid-file {dir}/pid"
      Then it succeeds
      And container "web" is running
      And the file "pid" names the first process of container "web"

    @runc
    Scenario: Kept after its end
      Given a bundle that runs the script "exit 3"
      When container "web" is run with "--keep"
      Then it exits with status 3
      And container "web" is stopped
      When container "web" is deleted
      Then it succeeds
      And nothing is left behind

    @needs-older-drivers @crun
    Scenario: A driver that cannot keep it
      Given a bundle that runs the script "exit 3"
      When container "web" is run with "--keep"
      Then it exits with status 1
      And the error says "has no run --keep"
      And nothing is left behind

  Rule: A verb that the driver lacks is refused by name

    @needs-older-drivers @crun
    Scenario Outline: <call>
      Given a running container "web"
      When the runtime is called with "<call>"
      Then it exits with status 1
      And the error says "nexcage: <verb>: crun 1."
      And the error says "has no <verb>"
      And the hint says "runc"
      And container "web" stays running

      Examples:
        | verb       | call                                              |
        | checkpoint | checkpoint --image-path {dir}/image web           |
        | restore    | --runtime crun restore --image-path {dir}/image --bundle {bundle} new |

    @runc
    Scenario: A driver that has it says itself why it cannot
      Given a running container "web"
      And the caller finds only the programs "runc"
      When the runtime is called with "checkpoint --image-path {dir}/image web"
      Then it exits with status 1
      And the error says "nexcage: checkpoint: executable file "criu" not found in $PATH"
      And container "web" stays running
