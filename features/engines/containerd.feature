@oci @root @issue-88
Feature: Calls of containerd, docker and Kubernetes
  containerd's shim (also below docker and behind the CRI) begins each call with --root, --log and --log-format json,
  has the bundle as its working directory, and shows the last error of the log file when a call has failed.

  Background:
    Given the caller is set up for the driver under test

  Rule: A task's life in the shim's words

    Scenario: ctr run
      Given a bundle that runs "sleep 100"
      When container "web" is made in directory "{bundle}" by the call "--root {root} --log {bundle}/log.json --log-format json create --bundle {bundle} --pid-file {bundle}/init.pid web"
      Then it succeeds
      And nothing is printed
      And the file "bundle/init.pid" names the first process of container "web"
      When the bare runtime is called with "--root {root} --log {bundle}/log.json --log-format json start web"
      Then it succeeds
      And container "web" is running
      When the bare runtime is called with "--root {root} --log {bundle}/log.json --log-format json kill web 9"
      Then it succeeds
      And container "web" is stopped
      When the bare runtime is called with "--root {root} --log {bundle}/log.json --log-format json kill --all web 9"
      And the bare runtime is called with "--root {root} --log {bundle}/log.json --log-format json delete web"
      Then it succeeds
      And container "web" does not exist
      When the bare runtime is called with "--root {root} --log {bundle}/log.json --log-format json delete --force web"
      Then it succeeds

    Scenario: Kubernetes stops a container: TERM, then all processes twice
      Given a bundle that runs the script "sleep 300 & trap 'exit 0' TERM; while :; do sleep 0.1; done"
      And a running container "web"
      When the bare runtime is called with "--root {root} kill web 15"
      Then it succeeds
      And container "web" is stopped
      When the bare runtime is called with "--root {root} kill --all web 9"
      And the bare runtime is called with "--root {root} kill --all web 9"
      And the bare runtime is called with "--root {root} delete web"
      Then it succeeds
      And no process of container "web" is left

    @nexcage
    Scenario: Ending all processes of a container whose first one is gone is a success
      Given a stopped container "web"
      When the bare runtime is called with "--root {root} kill --all web 9"
      Then it succeeds
      When the bare runtime is called with "--root {root} kill --all web 9"
      Then it succeeds

    @cgroup-pids
    Scenario Outline: Limits from standard input: <option>
      Given a running container "web"
      When the runtime is called with "update <option> web" and the input
        """
        {"pids": {"limit": 66}}
        """
      Then it succeeds
      And the process limit of container "web" is 66

      Examples:
        | option          |
        | --resources -   |
        | --resources=-   |
        | -r -            |

    Scenario: The shim's exec
      Given a running container "web"
      And the process file "session"
        """
        {"args": ["sleep", "200"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0}}
        """
      When the bare runtime is called with "--root {root} --log {dir}/log.json --log-format json exec --process {dir}/session --detach --pid-file {dir}/session.pid web"
      Then it succeeds
      And the file "session.pid" names a process of container "web" that runs "sleep 200"

  Rule: Questions

    Scenario: Which processes a container has
      Given a running container "web"
      When the bare runtime is called with "--root {root} ps --format json web"
      Then it succeeds
      And it prints JSON with $[0]
      And ps of container "web" lists its processes

    Scenario: The state
      Given a running container "web"
      When the bare runtime is called with "--root {root} state web"
      Then it prints JSON with $.status "running"

    Scenario: The list
      Given a running container "web"
      When the bare runtime is called with "--root {root} list --format=json"
      Then it succeeds
      And the list names container "web" as running

    @nexcage @cgroup-memory
    Scenario: What a container uses
      Given a running container "web"
      When the bare runtime is called with "--root {root} events --stats web"
      Then it prints JSON with $.type "stats"
      And it prints JSON with $.data.memory.usage.usage

    @nexcage
    Scenario: What the runtime can do, asked before anything else
      When the bare runtime is called with "--root {root} features"
      Then it succeeds
      And it prints JSON with $.ociVersionMin "1.0.0"
      And it prints JSON with $.linux.namespaces
      And file "root" does not exist

  Rule: Global options, as Go programs write them

    Scenario Outline: <options>
      Given a running container "web"
      When the bare runtime is called with "<options> state web"
      Then it succeeds
      And it prints JSON with $.id "web"

      Examples:
        | options                                                   |
        | --root {root}                                             |
        | --root={root}                                             |
        | --log {dir}/l --log-format json --root {root}             |
        | --log={dir}/l --log-format=json --root={root}             |

    @nexcage
    Scenario Outline: One dash for a long option, and globals after the verb: <call>
      Given a running container "web"
      When the bare runtime is called with "<call>"
      Then it succeeds
      And it prints JSON with $.id "web"

      Examples:
        | call                                       |
        | -root {root} state web                     |
        | -root={root} state web                     |
        | state --root {root} web                    |
        | state web --root={root}                    |
        | --rootless=false --root {root} state web   |
        | state -debug -log {dir}/l -root {root} web |

  @nexcage
  Rule: The shim understands what went wrong

    Scenario: The last error of the log
      Given a bundle
      And its config.json has $.process.args set to the JSON []
      When container "web" is made by the call "--root {root} --log {dir}/log.json --log-format json create --bundle {bundle} web"
      Then it exits with status 2
      And the last error in the JSON log "log.json" says "config.json: $.process.args: must not be empty"
      And the last error in the JSON log "log.json" has $.code "bundle-invalid"

    Scenario: Killing what has ended
      Given a stopped container "web"
      When the bare runtime is called with "--root {root} --log {dir}/log.json --log-format json kill web 15"
      Then it exits with status 1
      And the last error in the JSON log "log.json" says "container not running"

    Scenario: Deleting what is gone
      When the bare runtime is called with "--root {root} --log {dir}/log.json --log-format json delete web"
      Then it exits with status 1
      And the last error in the JSON log "log.json" says "does not exist"
      And the last error in the JSON log "log.json" has $.code "container-missing"

    Scenario: An error of the driver itself
      Given a bundle
      And its config.json has a createRuntime hook that notes "gate" and fails with status 1
      When container "web" is made by the call "--root {root} --log {dir}/log.json --log-format json create --bundle {bundle} web"
      Then it exits with status 1
      And the last error in the JSON log "log.json" has $.code "driver-failed"
